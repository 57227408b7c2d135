"""What members say of skills, and what helps with a role.

Revision: reporting0003, after reporting0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "reporting0003"
down_revision = "reporting0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    _make_assessments()
    _make_resources()
    _make_ratings()


def _make_assessments() -> None:
    """What members say of skills."""
    op.create_table(
        "reporting__assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting__assessment")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reporting__assessment_about", "reporting__assessment", ["about"], unique=False)
    op.create_index("ix_reporting__assessment_by", "reporting__assessment", ["by"], unique=False)
    op.create_index(
        "ix_reporting__assessment_course_id_about",
        "reporting__assessment",
        ["course_id", "about"],
        unique=False,
    )
    op.create_index(
        "ix_reporting__assessment_course_id_by", "reporting__assessment", ["course_id", "by"], unique=False
    )
    op.create_index(
        "uq_reporting__assessment_waiting",
        "reporting__assessment",
        ["course_id", "about", "by"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )


def _make_resources() -> None:
    """What helps with a role."""
    op.create_table(
        "reporting__resource",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=9), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting__resource")),
    )
    op.create_index(
        "ix_reporting__resource_course_id_role",
        "reporting__resource",
        ["course_id", "role", "place"],
        unique=False,
    )


def _make_ratings() -> None:
    """The levels they choose."""
    op.create_table(
        "reporting__rating",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(length=16), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name="points"),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["reporting__assessment.id"],
            name=op.f("fk_reporting__rating_assessment_id_reporting__assessment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("assessment_id", "skill", name=op.f("pk_reporting__rating")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("reporting__rating")
    op.drop_index("ix_reporting__resource_course_id_role", table_name="reporting__resource")
    op.drop_table("reporting__resource")
    op.drop_index(
        "uq_reporting__assessment_waiting",
        table_name="reporting__assessment",
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.drop_index("ix_reporting__assessment_course_id_by", table_name="reporting__assessment")
    op.drop_index("ix_reporting__assessment_course_id_about", table_name="reporting__assessment")
    op.drop_index("ix_reporting__assessment_by", table_name="reporting__assessment")
    op.drop_index("ix_reporting__assessment_about", table_name="reporting__assessment")
    op.drop_table("reporting__assessment")
