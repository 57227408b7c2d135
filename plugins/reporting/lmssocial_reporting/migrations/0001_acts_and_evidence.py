"""Acts and evidence.

Revision: reporting0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "reporting0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    _act()
    _course()
    _marks()
    _evidence()
    _withheld()


def _act() -> None:
    """What somebody did, as the log tells it."""
    op.create_table(
        "reporting__act",
        sa.Column(
            "event_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("lms_role", sa.String(length=32), nullable=False),
        sa.Column("deed", sa.String(length=12), nullable=False),
        sa.Column("item", sa.String(length=24), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.Column("thread", sa.String(length=24), nullable=False),
        sa.Column("target", sa.String(length=24), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("widget", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Integer(), nullable=False),
        sa.Column("via", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "part", name=op.f("pk_reporting__act")),
    )
    op.create_index("ix_reporting__act_course_id_day", "reporting__act", ["course_id", "day"], unique=False)
    op.create_index("ix_reporting__act_item", "reporting__act", ["item"], unique=False)
    op.create_index(
        "ix_reporting__act_course_id_target", "reporting__act", ["course_id", "target"], unique=False
    )
    op.create_index(
        "ix_reporting__act_course_id_thread", "reporting__act", ["course_id", "thread"], unique=False
    )
    op.create_index(
        "ix_reporting__act_member_course_id", "reporting__act", ["member", "course_id"], unique=False
    )
    op.create_index("ix_reporting__act_other", "reporting__act", ["other"], unique=False)


def _course() -> None:
    """The courses whose logs are followed."""
    op.create_table(
        "reporting__course",
        sa.Column("course_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("definition", sa.String(length=32), nullable=False),
        sa.Column("read_up_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("has_news", sa.Boolean(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_reporting__course")),
    )
    op.create_index(op.f("ix_reporting__course_has_news"), "reporting__course", ["has_news"], unique=False)
    op.create_index(op.f("ix_reporting__course_tenant_id"), "reporting__course", ["tenant_id"], unique=False)


def _marks() -> None:
    """What has to be derived again, forgotten elsewhere, and what was carried."""
    op.create_table(
        "reporting__carried",
        sa.Column("item", sa.String(length=24), nullable=False),
        sa.Column("course_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("item", "course_id", "day", name=op.f("pk_reporting__carried")),
    )
    op.create_table(
        "reporting__dirty",
        sa.Column("course_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("course_id", "day", name=op.f("pk_reporting__dirty")),
    )
    op.create_table(
        "reporting__erased",
        sa.Column("member", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("member", name=op.f("pk_reporting__erased")),
    )


def _evidence() -> None:
    """What acts are evidence of."""
    op.create_table(
        "reporting__evidence",
        sa.Column("course_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("member", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=9), nullable=False),
        sa.Column("kind", sa.String(length=17), nullable=False),
        sa.Column("other", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item", sa.String(length=24), nullable=False),
        sa.Column("third", sa.Boolean(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("widget", sa.String(length=32), nullable=False),
        sa.Column("thread", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint(
            "course_id", "day", "member", "role", "kind", "other", "item", name=op.f("pk_reporting__evidence")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_reporting__evidence_member_course_id",
        "reporting__evidence",
        ["member", "course_id"],
        unique=False,
    )
    op.create_index("ix_reporting__evidence_other", "reporting__evidence", ["other"], unique=False)


def _withheld() -> None:
    """What members do not want to be counted."""
    op.create_table(
        "reporting__withheld",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=17), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("other", sa.Integer(), nullable=True),
        sa.Column("item", sa.String(length=24), nullable=True),
        sa.Column("contested", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting__withheld")),
    )
    op.create_index(
        "ix_reporting__withheld_course_id_member",
        "reporting__withheld",
        ["course_id", "member"],
        unique=False,
    )


def downgrade() -> None:
    """Go back; the log still has what it takes to derive everything anew."""
    op.drop_index("ix_reporting__withheld_course_id_member", table_name="reporting__withheld")
    op.drop_table("reporting__withheld")
    op.drop_index("ix_reporting__evidence_other", table_name="reporting__evidence")
    op.drop_index("ix_reporting__evidence_member_course_id", table_name="reporting__evidence")
    op.drop_table("reporting__evidence")
    op.drop_table("reporting__erased")
    op.drop_table("reporting__dirty")
    op.drop_index(op.f("ix_reporting__course_tenant_id"), table_name="reporting__course")
    op.drop_index(op.f("ix_reporting__course_has_news"), table_name="reporting__course")
    op.drop_table("reporting__course")
    op.drop_table("reporting__carried")
    op.drop_index("ix_reporting__act_other", table_name="reporting__act")
    op.drop_index("ix_reporting__act_member_course_id", table_name="reporting__act")
    op.drop_index("ix_reporting__act_course_id_thread", table_name="reporting__act")
    op.drop_index("ix_reporting__act_course_id_target", table_name="reporting__act")
    op.drop_index("ix_reporting__act_item", table_name="reporting__act")
    op.drop_index("ix_reporting__act_course_id_day", table_name="reporting__act")
    op.drop_table("reporting__act")
