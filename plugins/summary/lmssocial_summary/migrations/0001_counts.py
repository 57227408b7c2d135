"""The counts.

Revision: summary0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "summary0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "summary__count",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("which", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.UniqueConstraint(
            "community_id", "month", "what", "which", name="uq_summary__count_community_id_month"
        ),
    )
    op.create_index("ix_summary__count_tenant_id", "summary__count", ["tenant_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("summary__count")
