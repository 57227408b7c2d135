"""Attachments: files that go with what people write.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_REFERENCES = {
    "tenant_id": "identity_tenant",
    "community_id": "communities_community",
    "placement_id": "communities_placement",
    "contribution_id": "content_contribution",
    "uploader_id": "identity_user",
}


def upgrade() -> None:
    op.create_table(
        "content_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.Column("uploader_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("alt", sa.String(length=500), nullable=False),
        sa.Column("storage_key", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "held", "published", name="filestate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "verdicts",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_content_attachment_{column}_{table}")
            )
            for column, table in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_attachment")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_content_attachment_storage_key")),
    )
    with op.batch_alter_table("content_attachment", schema=None) as batch_op:
        for column in ("tenant_id", "community_id", "placement_id", "created_at"):
            batch_op.create_index(batch_op.f(f"ix_content_attachment_{column}"), [column], unique=False)
        batch_op.create_index("ix_content_attachment_contribution_id", ["contribution_id"], unique=False)
        batch_op.create_index(
            "ix_content_attachment_uploader_id_created_at", ["uploader_id", "created_at"], unique=False
        )


def downgrade() -> None:
    op.drop_table("content_attachment")
