"""What of questions and answers somebody has read.

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "experts_reading",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_experts_reading_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_experts_reading_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("user_id", "contribution_id", name=op.f("pk_experts_reading")),
    )
    op.create_index(op.f("ix_experts_reading_contribution_id"), "experts_reading", ["contribution_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_index(op.f("ix_experts_reading_contribution_id"), table_name="experts_reading")
    op.drop_table("experts_reading")
