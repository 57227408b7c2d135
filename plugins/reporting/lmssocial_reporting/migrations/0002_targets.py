"""Targets: what a community wants to be, who set it, and what members think of it.

Revision: reporting0002, after reporting0001.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "reporting0002"
down_revision = "reporting0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    _make_targets()
    _index_targets()
    _make_target_bands()
    _make_target_remarks()
    _make_target_setters()
    _make_target_votes()


def _make_targets() -> None:
    """Targets."""
    op.create_table(
        "reporting__target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=9), nullable=False),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("speaks_of", sa.String(length=8), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consulted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("asked", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("ratified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ratified_by", sa.Integer(), nullable=True),
        sa.Column("despite", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_by", sa.Integer(), nullable=True),
        sa.Column("retired_why", sa.Text(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("kept_for", sa.Integer(), nullable=False),
        sa.Column("kept_against", sa.Integer(), nullable=False),
        sa.Column("said_over", sa.Boolean(), nullable=False),
        sa.Column("said_due", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting__target")),
    )


def _index_targets() -> None:
    """At most one of a scope is open, and one in force."""
    op.create_index("ix_reporting__target_stage", "reporting__target", ["stage"], unique=False)
    op.create_index(
        "ix_reporting__target_tenant_id_scope", "reporting__target", ["tenant_id", "scope"], unique=False
    )
    op.create_index(
        "uq_reporting__target_in_force",
        "reporting__target",
        ["tenant_id", "scope"],
        unique=True,
        sqlite_where=sa.text("stage = 'ratified'"),
        postgresql_where=sa.text("stage = 'ratified'"),
    )
    op.create_index(
        "uq_reporting__target_open",
        "reporting__target",
        ["tenant_id", "scope"],
        unique=True,
        sqlite_where=sa.text("stage IN ('draft', 'consulted')"),
        postgresql_where=sa.text("stage IN ('draft', 'consulted')"),
    )


def _make_target_bands() -> None:
    """Their bands."""
    op.create_table(
        "reporting__target_band",
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=9), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.CheckConstraint("0 <= low AND low <= high AND high <= 100", name="share"),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["reporting__target.id"],
            name=op.f("fk_reporting__target_band_target_id_reporting__target"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("target_id", "role", name=op.f("pk_reporting__target_band")),
    )


def _make_target_remarks() -> None:
    """What members say of them."""
    op.create_table(
        "reporting__target_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["reporting__target.id"],
            name=op.f("fk_reporting__target_remark_target_id_reporting__target"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting__target_remark")),
    )
    op.create_index(
        op.f("ix_reporting__target_remark_target_id"), "reporting__target_remark", ["target_id"], unique=False
    )
    op.create_index(
        op.f("ix_reporting__target_remark_user_id"), "reporting__target_remark", ["user_id"], unique=False
    )


def _make_target_setters() -> None:
    """Who sets them."""
    op.create_table(
        "reporting__target_setter",
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["reporting__target.id"],
            name=op.f("fk_reporting__target_setter_target_id_reporting__target"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("target_id", "user_id", name=op.f("pk_reporting__target_setter")),
    )
    op.create_index(
        op.f("ix_reporting__target_setter_user_id"), "reporting__target_setter", ["user_id"], unique=False
    )


def _make_target_votes() -> None:
    """What members vote."""
    op.create_table(
        "reporting__target_vote",
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["reporting__target.id"],
            name=op.f("fk_reporting__target_vote_target_id_reporting__target"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("target_id", "user_id", name=op.f("pk_reporting__target_vote")),
    )
    op.create_index(
        op.f("ix_reporting__target_vote_user_id"), "reporting__target_vote", ["user_id"], unique=False
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index(op.f("ix_reporting__target_vote_user_id"), table_name="reporting__target_vote")
    op.drop_table("reporting__target_vote")
    op.drop_index(op.f("ix_reporting__target_setter_user_id"), table_name="reporting__target_setter")
    op.drop_table("reporting__target_setter")
    op.drop_index(op.f("ix_reporting__target_remark_user_id"), table_name="reporting__target_remark")
    op.drop_index(op.f("ix_reporting__target_remark_target_id"), table_name="reporting__target_remark")
    op.drop_table("reporting__target_remark")
    op.drop_table("reporting__target_band")
    op.drop_index(
        "uq_reporting__target_open",
        table_name="reporting__target",
        sqlite_where=sa.text("stage IN ('draft', 'consulted')"),
        postgresql_where=sa.text("stage IN ('draft', 'consulted')"),
    )
    op.drop_index(
        "uq_reporting__target_in_force",
        table_name="reporting__target",
        sqlite_where=sa.text("stage = 'ratified'"),
        postgresql_where=sa.text("stage = 'ratified'"),
    )
    op.drop_index("ix_reporting__target_tenant_id_scope", table_name="reporting__target")
    op.drop_index("ix_reporting__target_stage", table_name="reporting__target")
    op.drop_table("reporting__target")
