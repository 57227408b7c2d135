"""What is sent to receivers, and how it goes.

Revision: reporting0005, after reporting0004.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "reporting0005"
down_revision = "reporting0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "reporting__outgoing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("standard", sa.String(length=8), nullable=False),
        sa.Column("statement_id", sa.String(length=36), nullable=False),
        sa.Column("evidence", sa.String(length=64), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column(
            "body",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting__outgoing")),
        sa.UniqueConstraint(
            "tenant_id",
            "standard",
            "statement_id",
            name=op.f("uq_reporting__outgoing_tenant_id_standard_statement_id"),
        ),
    )
    op.create_index(
        "ix_reporting__outgoing_evidence", "reporting__outgoing", ["tenant_id", "evidence"], unique=False
    )
    op.create_index(op.f("ix_reporting__outgoing_member"), "reporting__outgoing", ["member"], unique=False)
    op.create_index(
        "ix_reporting__outgoing_waiting",
        "reporting__outgoing",
        ["tenant_id", "standard", "state", "id"],
        unique=False,
    )
    op.create_table(
        "reporting__receiver",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("standard", sa.String(length=8), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "standard", name=op.f("pk_reporting__receiver")),
    )
    op.create_table(
        "reporting__salt",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_reporting__salt")),
    )


def downgrade() -> None:
    """Go back; what was sent stays where it is."""
    op.drop_table("reporting__salt")
    op.drop_table("reporting__receiver")
    op.drop_index("ix_reporting__outgoing_waiting", table_name="reporting__outgoing")
    op.drop_index(op.f("ix_reporting__outgoing_member"), table_name="reporting__outgoing")
    op.drop_index("ix_reporting__outgoing_evidence", table_name="reporting__outgoing")
    op.drop_table("reporting__outgoing")
