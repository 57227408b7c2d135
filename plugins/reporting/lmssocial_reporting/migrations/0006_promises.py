"""Which generation of a day counts in a store outside of this database, or has to be made to.

Revision: reporting0006, after reporting0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "reporting0006"
down_revision = "reporting0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "reporting__promised",
        sa.Column("course_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("course_id", "day", name=op.f("pk_reporting__promised")),
    )


def downgrade() -> None:
    """Go back; days that wait to be derived are derived all the same."""
    op.drop_table("reporting__promised")
