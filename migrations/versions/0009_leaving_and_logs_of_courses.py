"""When people left a course; the log of one course, read by its ids; how the timers of plugins do.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. Of those who left before, the present moment is all that is known."""
    op.add_column("identity_membership", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        sa.text("UPDATE identity_membership SET left_at = CURRENT_TIMESTAMP WHERE active = :no").bindparams(
            sa.bindparam("no", value=False, type_=sa.Boolean())
        )
    )
    op.create_index("ix_activity_event_course_id_id", "activity_event", ["course_id", "id"])
    op.create_table(
        "plugin_settings_timer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plugin", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plugin_settings_timer")),
        sa.UniqueConstraint("plugin", "name", name=op.f("uq_plugin_settings_timer_plugin_name")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("plugin_settings_timer")
    op.drop_index("ix_activity_event_course_id_id", table_name="activity_event")
    op.drop_column("identity_membership", "left_at")
