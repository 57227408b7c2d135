"""Expert connect: questions, people who know, office hours; communities across courses; knowledge.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "experts_person",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("languages", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("days", sa.String(length=7), nullable=False),
        sa.Column("most_open", sa.Integer(), nullable=False),
        sa.Column("most_week", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "paused_by", sa.Enum("self", "silence", name="pause", native_enum=False, length=32), nullable=True
        ),
        sa.Column("meeting_place", sa.String(length=500), nullable=False),
        sa.Column("feed_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_experts_person_tenant_id_identity_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_experts_person_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_experts_person")),
    )
    op.create_index(op.f("ix_experts_person_feed_hash"), "experts_person", ["feed_hash"], unique=False)
    op.create_index(op.f("ix_experts_person_tenant_id"), "experts_person", ["tenant_id"], unique=False)
    op.create_table(
        "communities_span",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=500), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("founded_by_id", sa.Integer(), nullable=True),
        sa.Column("founded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_communities_span_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["founded_by_id"],
            ["identity_user.id"],
            name=op.f("fk_communities_span_founded_by_id_identity_user"),
        ),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_communities_span")),
    )
    op.create_index(op.f("ix_communities_span_code_hash"), "communities_span", ["code_hash"], unique=False)
    op.create_index(
        op.f("ix_communities_span_founded_by_id"), "communities_span", ["founded_by_id"], unique=False
    )
    op.create_table(
        "experts_block",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["asker_id"], ["identity_user.id"], name=op.f("fk_experts_block_asker_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_block_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_experts_block_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("user_id", "asker_id", name=op.f("pk_experts_block")),
    )
    op.create_index(op.f("ix_experts_block_asker_id"), "experts_block", ["asker_id"], unique=False)
    op.create_index(op.f("ix_experts_block_community_id"), "experts_block", ["community_id"], unique=False)
    op.create_table(
        "experts_corpus",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_corpus_community_id_communities_community"),
        ),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_experts_corpus")),
    )
    op.create_table(
        "experts_topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=300), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_topic_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["identity_user.id"], name=op.f("fk_experts_topic_created_by_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["experts_topic.id"],
            name=op.f("fk_experts_topic_merged_into_id_experts_topic"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_experts_topic_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts_topic")),
    )
    op.create_index(op.f("ix_experts_topic_created_by_id"), "experts_topic", ["created_by_id"], unique=False)
    op.create_index("ix_experts_topic_list", "experts_topic", ["community_id", "label"], unique=False)
    op.create_index(
        op.f("ix_experts_topic_merged_into_id"), "experts_topic", ["merged_into_id"], unique=False
    )
    op.create_index(op.f("ix_experts_topic_tenant_id"), "experts_topic", ["tenant_id"], unique=False)
    op.create_table(
        "experts_word",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_word_community_id_communities_community"),
        ),
        sa.PrimaryKeyConstraint("community_id", "word", name=op.f("pk_experts_word")),
    )
    op.create_table(
        "communities_affiliation",
        sa.Column("span_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("joined_by_id", sa.Integer(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_communities_affiliation_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["joined_by_id"],
            ["identity_user.id"],
            name=op.f("fk_communities_affiliation_joined_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["span_id"],
            ["communities_span.community_id"],
            name=op.f("fk_communities_affiliation_span_id_communities_span"),
        ),
        sa.PrimaryKeyConstraint("span_id", "community_id", name=op.f("pk_communities_affiliation")),
    )
    op.create_index(
        op.f("ix_communities_affiliation_community_id"),
        "communities_affiliation",
        ["community_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_communities_affiliation_joined_by_id"),
        "communities_affiliation",
        ["joined_by_id"],
        unique=False,
    )
    op.create_table(
        "experts_endorsement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["identity_user.id"], name=op.f("fk_experts_endorsement_by_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_endorsement_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_experts_endorsement_tenant_id_identity_tenant"),
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["experts_topic.id"], name=op.f("fk_experts_endorsement_topic_id_experts_topic")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_experts_endorsement_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts_endorsement")),
        sa.UniqueConstraint(
            "topic_id", "user_id", "by_id", name=op.f("uq_experts_endorsement_topic_id_user_id_by_id")
        ),
    )
    op.create_index(op.f("ix_experts_endorsement_by_id"), "experts_endorsement", ["by_id"], unique=False)
    op.create_index(
        op.f("ix_experts_endorsement_community_id"), "experts_endorsement", ["community_id"], unique=False
    )
    op.create_index(
        op.f("ix_experts_endorsement_tenant_id"), "experts_endorsement", ["tenant_id"], unique=False
    )
    op.create_index(op.f("ix_experts_endorsement_user_id"), "experts_endorsement", ["user_id"], unique=False)
    op.create_table(
        "experts_expertise",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appointed_by_id", sa.Integer(), nullable=True),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("endorsements", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("recent_30", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointed_by_id"],
            ["identity_user.id"],
            name=op.f("fk_experts_expertise_appointed_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_expertise_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["identity_user.id"],
            name=op.f("fk_experts_expertise_confirmed_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["experts_topic.id"], name=op.f("fk_experts_expertise_topic_id_experts_topic")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_experts_expertise_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("topic_id", "user_id", name=op.f("pk_experts_expertise")),
    )
    op.create_index(
        op.f("ix_experts_expertise_appointed_by_id"), "experts_expertise", ["appointed_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_experts_expertise_confirmed_by_id"), "experts_expertise", ["confirmed_by_id"], unique=False
    )
    op.create_index(
        "ix_experts_expertise_user", "experts_expertise", ["community_id", "user_id"], unique=False
    )
    op.create_index(op.f("ix_experts_expertise_user_id"), "experts_expertise", ["user_id"], unique=False)
    op.create_table(
        "experts_introduction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("first_says", sa.Boolean(), nullable=True),
        sa.Column("second_says", sa.Boolean(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["identity_user.id"], name=op.f("fk_experts_introduction_by_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_introduction_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["identity_user.id"], name=op.f("fk_experts_introduction_first_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_experts_introduction_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["identity_user.id"], name=op.f("fk_experts_introduction_second_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_experts_introduction_tenant_id_identity_tenant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts_introduction")),
    )
    op.create_index(op.f("ix_experts_introduction_by_id"), "experts_introduction", ["by_id"], unique=False)
    op.create_index(
        op.f("ix_experts_introduction_community_id"), "experts_introduction", ["community_id"], unique=False
    )
    op.create_index(
        op.f("ix_experts_introduction_first_id"), "experts_introduction", ["first_id"], unique=False
    )
    op.create_index(
        op.f("ix_experts_introduction_placement_id"), "experts_introduction", ["placement_id"], unique=False
    )
    op.create_index(
        op.f("ix_experts_introduction_second_id"), "experts_introduction", ["second_id"], unique=False
    )
    op.create_index(
        op.f("ix_experts_introduction_tenant_id"), "experts_introduction", ["tenant_id"], unique=False
    )
    op.create_table(
        "experts_office_hour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("meetings", sa.Integer(), nullable=False),
        sa.Column("pause", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("notice_hours", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_office_hour_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["identity_user.id"], name=op.f("fk_experts_office_hour_host_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_experts_office_hour_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_experts_office_hour_tenant_id_identity_tenant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts_office_hour")),
    )
    op.create_index(
        op.f("ix_experts_office_hour_community_id"), "experts_office_hour", ["community_id"], unique=False
    )
    op.create_index(op.f("ix_experts_office_hour_host_id"), "experts_office_hour", ["host_id"], unique=False)
    op.create_index(
        op.f("ix_experts_office_hour_placement_id"), "experts_office_hour", ["placement_id"], unique=False
    )
    op.create_index(
        op.f("ix_experts_office_hour_tenant_id"), "experts_office_hour", ["tenant_id"], unique=False
    )
    op.create_table(
        "experts_topic_name",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_topic_name_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["experts_topic.id"], name=op.f("fk_experts_topic_name_topic_id_experts_topic")
        ),
        sa.PrimaryKeyConstraint("community_id", "name", name=op.f("pk_experts_topic_name")),
    )
    op.create_index(op.f("ix_experts_topic_name_topic_id"), "experts_topic_name", ["topic_id"], unique=False)
    op.create_table(
        "experts_deflection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_deflection_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_experts_deflection_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_experts_deflection_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_experts_deflection_tenant_id_identity_tenant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts_deflection")),
    )
    op.create_index(
        op.f("ix_experts_deflection_community_id"), "experts_deflection", ["community_id"], unique=False
    )
    op.create_index(
        op.f("ix_experts_deflection_contribution_id"), "experts_deflection", ["contribution_id"], unique=False
    )
    op.create_index(
        op.f("ix_experts_deflection_placement_id"), "experts_deflection", ["placement_id"], unique=False
    )
    op.create_index(
        op.f("ix_experts_deflection_tenant_id"), "experts_deflection", ["tenant_id"], unique=False
    )
    op.create_table(
        "experts_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("answer", "post", "bio", name="kind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["identity_user.id"], name=op.f("fk_experts_document_author_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_document_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_experts_document_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_experts_document_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts_document")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_experts_document_contribution_id")),
    )
    op.create_index(
        "ix_experts_document_author", "experts_document", ["community_id", "author_id"], unique=False
    )
    op.create_index(op.f("ix_experts_document_author_id"), "experts_document", ["author_id"], unique=False)
    op.create_index(op.f("ix_experts_document_tenant_id"), "experts_document", ["tenant_id"], unique=False)
    op.create_table(
        "experts_gap",
        sa.Column("office_hour_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_hour_id"],
            ["experts_office_hour.id"],
            name=op.f("fk_experts_gap_office_hour_id_experts_office_hour"),
        ),
        sa.PrimaryKeyConstraint("office_hour_id", "on", name=op.f("pk_experts_gap")),
    )
    op.create_table(
        "experts_profile",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column(
            "reach",
            sa.Enum(
                "none", "course", "community", "organisation", name="reach", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("connects", sa.Boolean(), nullable=False),
        sa.Column("bio_id", sa.Integer(), nullable=True),
        sa.Column("opted_by_id", sa.Integer(), nullable=True),
        sa.Column("opted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("helpful_sum", sa.Integer(), nullable=False),
        sa.Column("helpful_count", sa.Integer(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("reply_hours", sa.Double(), nullable=True),
        sa.Column("recent_7", sa.Double(), nullable=True),
        sa.Column("recent_30", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bio_id"],
            ["content_contribution.id"],
            name=op.f("fk_experts_profile_bio_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_profile_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["opted_by_id"], ["identity_user.id"], name=op.f("fk_experts_profile_opted_by_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_experts_profile_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_experts_profile_tenant_id_identity_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_experts_profile_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("community_id", "user_id", name=op.f("pk_experts_profile")),
    )
    op.create_index(op.f("ix_experts_profile_bio_id"), "experts_profile", ["bio_id"], unique=False)
    op.create_index(op.f("ix_experts_profile_opted_by_id"), "experts_profile", ["opted_by_id"], unique=False)
    op.create_index(
        op.f("ix_experts_profile_placement_id"), "experts_profile", ["placement_id"], unique=False
    )
    op.create_index(
        "ix_experts_profile_recent_30", "experts_profile", ["community_id", "recent_30"], unique=False
    )
    op.create_index(
        "ix_experts_profile_recent_7", "experts_profile", ["community_id", "recent_7"], unique=False
    )
    op.create_index(op.f("ix_experts_profile_tenant_id"), "experts_profile", ["tenant_id"], unique=False)
    op.create_index(op.f("ix_experts_profile_user_id"), "experts_profile", ["user_id"], unique=False)
    op.create_table(
        "experts_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "accepted",
                "answered",
                "resolved",
                "withdrawn",
                "closed",
                "merged",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum("experts", "everybody", "stewards", name="level", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "audience",
            sa.Enum("everybody", "experts", name="audience", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "urgency", sa.Enum("normal", "exam", name="urgency", native_enum=False, length=32), nullable=False
        ),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("context_title", sa.String(length=200), nullable=False),
        sa.Column("context_url", sa.String(length=2000), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_answer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_answer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open_to_all_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "resolved_how",
            sa.Enum("answer", "silence", "existing", "asker", name="how", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("solution_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("closed_because", sa.String(length=500), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"],
            ["identity_user.id"],
            name=op.f("fk_experts_question_accepted_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["asker_id"], ["identity_user.id"], name=op.f("fk_experts_question_asker_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_question_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_experts_question_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["experts_question.id"],
            name=op.f("fk_experts_question_merged_into_id_experts_question"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_experts_question_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["solution_id"],
            ["content_contribution.id"],
            name=op.f("fk_experts_question_solution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_experts_question_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts_question")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_experts_question_contribution_id")),
    )
    op.create_index(
        op.f("ix_experts_question_accepted_by_id"), "experts_question", ["accepted_by_id"], unique=False
    )
    op.create_index(
        "ix_experts_question_asker", "experts_question", ["asker_id", "community_id", "state"], unique=False
    )
    op.create_index(
        "ix_experts_question_list",
        "experts_question",
        ["community_id", "state", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_experts_question_merged_into_id"), "experts_question", ["merged_into_id"], unique=False
    )
    op.create_index(op.f("ix_experts_question_next_at"), "experts_question", ["next_at"], unique=False)
    op.create_index(
        op.f("ix_experts_question_placement_id"), "experts_question", ["placement_id"], unique=False
    )
    op.create_index(
        op.f("ix_experts_question_solution_id"), "experts_question", ["solution_id"], unique=False
    )
    op.create_index(op.f("ix_experts_question_tenant_id"), "experts_question", ["tenant_id"], unique=False)
    op.create_table(
        "knowledge_item",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("origin_kind", sa.String(length=64), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("origin_path", sa.String(length=300), nullable=False),
        sa.Column("origin_is_open", sa.Boolean(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("answerer_id", sa.Integer(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "standing",
            sa.Enum("current", "outdated", name="standing", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["content_contribution.id"],
            name=op.f("fk_knowledge_item_answer_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["answerer_id"], ["identity_user.id"], name=op.f("fk_knowledge_item_answerer_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["asker_id"], ["identity_user.id"], name=op.f("fk_knowledge_item_asker_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_knowledge_item_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_knowledge_item_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["identity_user.id"],
            name=op.f("fk_knowledge_item_published_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"],
            ["identity_user.id"],
            name=op.f("fk_knowledge_item_reviewed_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_knowledge_item_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_knowledge_item")),
    )
    op.create_index(op.f("ix_knowledge_item_answer_id"), "knowledge_item", ["answer_id"], unique=False)
    op.create_index(op.f("ix_knowledge_item_answerer_id"), "knowledge_item", ["answerer_id"], unique=False)
    op.create_index(op.f("ix_knowledge_item_asker_id"), "knowledge_item", ["asker_id"], unique=False)
    op.create_index(
        "ix_knowledge_item_due", "knowledge_item", ["community_id", "standing", "review_at"], unique=False
    )
    op.create_index("ix_knowledge_item_origin", "knowledge_item", ["origin_kind", "origin_id"], unique=False)
    op.create_index(
        op.f("ix_knowledge_item_published_by_id"), "knowledge_item", ["published_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_knowledge_item_reviewed_by_id"), "knowledge_item", ["reviewed_by_id"], unique=False
    )
    op.create_index(op.f("ix_knowledge_item_tenant_id"), "knowledge_item", ["tenant_id"], unique=False)
    op.create_table(
        "experts_booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("office_hour_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "offered",
                "booked",
                "cancelled",
                "called-off",
                "lapsed",
                "missed",
                name="bookingstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_booking_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["office_hour_id"],
            ["experts_office_hour.id"],
            name=op.f("fk_experts_booking_office_hour_id_experts_office_hour"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["experts_question.id"],
            name=op.f("fk_experts_booking_question_id_experts_question"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_experts_booking_tenant_id_identity_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_experts_booking_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts_booking")),
        sa.UniqueConstraint(
            "office_hour_id",
            "starts_at",
            "seat",
            name=op.f("uq_experts_booking_office_hour_id_starts_at_seat"),
        ),
        sa.UniqueConstraint("uuid", name=op.f("uq_experts_booking_uuid")),
    )
    op.create_index(
        op.f("ix_experts_booking_community_id"), "experts_booking", ["community_id"], unique=False
    )
    op.create_index("ix_experts_booking_due", "experts_booking", ["state", "next_at"], unique=False)
    op.create_index(op.f("ix_experts_booking_question_id"), "experts_booking", ["question_id"], unique=False)
    op.create_index(op.f("ix_experts_booking_tenant_id"), "experts_booking", ["tenant_id"], unique=False)
    op.create_index(
        "ix_experts_booking_user", "experts_booking", ["user_id", "state", "starts_at"], unique=False
    )
    op.create_table(
        "experts_document_topic",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["experts_document.id"],
            name=op.f("fk_experts_document_topic_document_id_experts_document"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["experts_topic.id"], name=op.f("fk_experts_document_topic_topic_id_experts_topic")
        ),
        sa.PrimaryKeyConstraint("document_id", "topic_id", name=op.f("pk_experts_document_topic")),
    )
    op.create_index(
        op.f("ix_experts_document_topic_topic_id"), "experts_document_topic", ["topic_id"], unique=False
    )
    op.create_table(
        "experts_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "sent",
                "seen",
                "accepted",
                "declined",
                "lapsed",
                "superseded",
                "released",
                "withdrawn",
                name="invitationstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "match",
                "explore",
                "referral",
                "steward",
                "volunteer",
                name="source",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column(
            "reasons",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "signals",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("introduced_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "because",
            sa.Enum(
                "no-time",
                "not-my-topic",
                "conflict",
                "knows-better",
                name="because",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_invitation_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["introduced_by_id"],
            ["identity_user.id"],
            name=op.f("fk_experts_invitation_introduced_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_experts_invitation_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["experts_question.id"],
            name=op.f("fk_experts_invitation_question_id_experts_question"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_experts_invitation_tenant_id_identity_tenant"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_experts_invitation_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts_invitation")),
        sa.UniqueConstraint("question_id", "user_id", name=op.f("uq_experts_invitation_question_id_user_id")),
    )
    op.create_index(
        op.f("ix_experts_invitation_community_id"), "experts_invitation", ["community_id"], unique=False
    )
    op.create_index(
        op.f("ix_experts_invitation_introduced_by_id"),
        "experts_invitation",
        ["introduced_by_id"],
        unique=False,
    )
    op.create_index(
        "ix_experts_invitation_load", "experts_invitation", ["user_id", "state", "sent_at"], unique=False
    )
    op.create_index(
        op.f("ix_experts_invitation_placement_id"), "experts_invitation", ["placement_id"], unique=False
    )
    op.create_index(
        op.f("ix_experts_invitation_tenant_id"), "experts_invitation", ["tenant_id"], unique=False
    )
    op.create_table(
        "experts_message",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("introduction_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["identity_user.id"], name=op.f("fk_experts_message_author_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_experts_message_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["experts_introduction.id"],
            name=op.f("fk_experts_message_introduction_id_experts_introduction"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["experts_question.id"],
            name=op.f("fk_experts_message_question_id_experts_question"),
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_experts_message")),
    )
    op.create_index(op.f("ix_experts_message_author_id"), "experts_message", ["author_id"], unique=False)
    op.create_index(
        op.f("ix_experts_message_introduction_id"), "experts_message", ["introduction_id"], unique=False
    )
    op.create_index(op.f("ix_experts_message_question_id"), "experts_message", ["question_id"], unique=False)
    op.create_table(
        "experts_posting",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_experts_posting_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["experts_document.id"],
            name=op.f("fk_experts_posting_document_id_experts_document"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("community_id", "word", "document_id", name=op.f("pk_experts_posting")),
    )
    op.create_index(op.f("ix_experts_posting_document_id"), "experts_posting", ["document_id"], unique=False)
    op.create_table(
        "experts_question_topic",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["experts_question.id"],
            name=op.f("fk_experts_question_topic_question_id_experts_question"),
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["experts_topic.id"], name=op.f("fk_experts_question_topic_topic_id_experts_topic")
        ),
        sa.PrimaryKeyConstraint("question_id", "topic_id", name=op.f("pk_experts_question_topic")),
    )
    op.create_index(
        op.f("ix_experts_question_topic_topic_id"), "experts_question_topic", ["topic_id"], unique=False
    )
    op.create_table(
        "experts_proposal",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("asker_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expert_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["identity_user.id"], name=op.f("fk_experts_proposal_by_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_experts_proposal_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["experts_question.id"],
            name=op.f("fk_experts_proposal_question_id_experts_question"),
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_experts_proposal")),
    )
    op.create_index(op.f("ix_experts_proposal_by_id"), "experts_proposal", ["by_id"], unique=False)
    op.create_index(
        op.f("ix_experts_proposal_placement_id"), "experts_proposal", ["placement_id"], unique=False
    )
    op.create_table(
        "experts_rating",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["identity_user.id"], name=op.f("fk_experts_rating_by_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["experts_question.id"],
            name=op.f("fk_experts_rating_question_id_experts_question"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_experts_rating_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("question_id", "by_id", name=op.f("pk_experts_rating")),
    )
    op.create_index(op.f("ix_experts_rating_by_id"), "experts_rating", ["by_id"], unique=False)
    op.create_index(op.f("ix_experts_rating_user_id"), "experts_rating", ["user_id"], unique=False)
    op.create_table(
        "experts_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "facts",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["identity_user.id"], name=op.f("fk_experts_step_by_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["experts_question.id"],
            name=op.f("fk_experts_step_question_id_experts_question"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts_step")),
    )
    op.create_index(op.f("ix_experts_step_by_id"), "experts_step", ["by_id"], unique=False)
    op.create_index("ix_experts_step_question", "experts_step", ["question_id", "id"], unique=False)
    op.create_table(
        "experts_answer",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["identity_user.id"], name=op.f("fk_experts_answer_author_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_experts_answer_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["experts_invitation.id"],
            name=op.f("fk_experts_answer_invitation_id_experts_invitation"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["experts_question.id"],
            name=op.f("fk_experts_answer_question_id_experts_question"),
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_experts_answer")),
    )
    op.create_index(op.f("ix_experts_answer_author_id"), "experts_answer", ["author_id"], unique=False)
    op.create_index(
        op.f("ix_experts_answer_invitation_id"), "experts_answer", ["invitation_id"], unique=False
    )
    op.create_index(
        "ix_experts_answer_question", "experts_answer", ["question_id", "contribution_id"], unique=False
    )
    op.add_column(
        "notifications_delivery", sa.Column("calendar", sa.Text(), server_default="", nullable=False)
    )


def downgrade() -> None:
    """Go back; every question goes with it."""
    op.drop_column("notifications_delivery", "calendar")
    op.drop_index("ix_experts_answer_question", table_name="experts_answer")
    op.drop_index(op.f("ix_experts_answer_invitation_id"), table_name="experts_answer")
    op.drop_index(op.f("ix_experts_answer_author_id"), table_name="experts_answer")
    op.drop_table("experts_answer")
    op.drop_index("ix_experts_step_question", table_name="experts_step")
    op.drop_index(op.f("ix_experts_step_by_id"), table_name="experts_step")
    op.drop_table("experts_step")
    op.drop_index(op.f("ix_experts_proposal_placement_id"), table_name="experts_proposal")
    op.drop_index(op.f("ix_experts_proposal_by_id"), table_name="experts_proposal")
    op.drop_table("experts_proposal")
    op.drop_index(op.f("ix_experts_rating_user_id"), table_name="experts_rating")
    op.drop_index(op.f("ix_experts_rating_by_id"), table_name="experts_rating")
    op.drop_table("experts_rating")
    op.drop_index(op.f("ix_experts_question_topic_topic_id"), table_name="experts_question_topic")
    op.drop_table("experts_question_topic")
    op.drop_index(op.f("ix_experts_posting_document_id"), table_name="experts_posting")
    op.drop_table("experts_posting")
    op.drop_index(op.f("ix_experts_message_question_id"), table_name="experts_message")
    op.drop_index(op.f("ix_experts_message_introduction_id"), table_name="experts_message")
    op.drop_index(op.f("ix_experts_message_author_id"), table_name="experts_message")
    op.drop_table("experts_message")
    op.drop_index(op.f("ix_experts_invitation_tenant_id"), table_name="experts_invitation")
    op.drop_index(op.f("ix_experts_invitation_placement_id"), table_name="experts_invitation")
    op.drop_index("ix_experts_invitation_load", table_name="experts_invitation")
    op.drop_index(op.f("ix_experts_invitation_introduced_by_id"), table_name="experts_invitation")
    op.drop_index(op.f("ix_experts_invitation_community_id"), table_name="experts_invitation")
    op.drop_table("experts_invitation")
    op.drop_index(op.f("ix_experts_document_topic_topic_id"), table_name="experts_document_topic")
    op.drop_table("experts_document_topic")
    op.drop_index("ix_experts_booking_user", table_name="experts_booking")
    op.drop_index(op.f("ix_experts_booking_tenant_id"), table_name="experts_booking")
    op.drop_index(op.f("ix_experts_booking_question_id"), table_name="experts_booking")
    op.drop_index("ix_experts_booking_due", table_name="experts_booking")
    op.drop_index(op.f("ix_experts_booking_community_id"), table_name="experts_booking")
    op.drop_table("experts_booking")
    op.drop_index(op.f("ix_knowledge_item_tenant_id"), table_name="knowledge_item")
    op.drop_index(op.f("ix_knowledge_item_reviewed_by_id"), table_name="knowledge_item")
    op.drop_index(op.f("ix_knowledge_item_published_by_id"), table_name="knowledge_item")
    op.drop_index("ix_knowledge_item_origin", table_name="knowledge_item")
    op.drop_index("ix_knowledge_item_due", table_name="knowledge_item")
    op.drop_index(op.f("ix_knowledge_item_asker_id"), table_name="knowledge_item")
    op.drop_index(op.f("ix_knowledge_item_answerer_id"), table_name="knowledge_item")
    op.drop_index(op.f("ix_knowledge_item_answer_id"), table_name="knowledge_item")
    op.drop_table("knowledge_item")
    op.drop_index(op.f("ix_experts_question_tenant_id"), table_name="experts_question")
    op.drop_index(op.f("ix_experts_question_solution_id"), table_name="experts_question")
    op.drop_index(op.f("ix_experts_question_placement_id"), table_name="experts_question")
    op.drop_index(op.f("ix_experts_question_next_at"), table_name="experts_question")
    op.drop_index(op.f("ix_experts_question_merged_into_id"), table_name="experts_question")
    op.drop_index("ix_experts_question_list", table_name="experts_question")
    op.drop_index("ix_experts_question_asker", table_name="experts_question")
    op.drop_index(op.f("ix_experts_question_accepted_by_id"), table_name="experts_question")
    op.drop_table("experts_question")
    op.drop_index(op.f("ix_experts_profile_user_id"), table_name="experts_profile")
    op.drop_index(op.f("ix_experts_profile_tenant_id"), table_name="experts_profile")
    op.drop_index("ix_experts_profile_recent_7", table_name="experts_profile")
    op.drop_index("ix_experts_profile_recent_30", table_name="experts_profile")
    op.drop_index(op.f("ix_experts_profile_placement_id"), table_name="experts_profile")
    op.drop_index(op.f("ix_experts_profile_opted_by_id"), table_name="experts_profile")
    op.drop_index(op.f("ix_experts_profile_bio_id"), table_name="experts_profile")
    op.drop_table("experts_profile")
    op.drop_table("experts_gap")
    op.drop_index(op.f("ix_experts_document_tenant_id"), table_name="experts_document")
    op.drop_index(op.f("ix_experts_document_author_id"), table_name="experts_document")
    op.drop_index("ix_experts_document_author", table_name="experts_document")
    op.drop_table("experts_document")
    op.drop_index(op.f("ix_experts_deflection_tenant_id"), table_name="experts_deflection")
    op.drop_index(op.f("ix_experts_deflection_placement_id"), table_name="experts_deflection")
    op.drop_index(op.f("ix_experts_deflection_contribution_id"), table_name="experts_deflection")
    op.drop_index(op.f("ix_experts_deflection_community_id"), table_name="experts_deflection")
    op.drop_table("experts_deflection")
    op.drop_index(op.f("ix_experts_topic_name_topic_id"), table_name="experts_topic_name")
    op.drop_table("experts_topic_name")
    op.drop_index(op.f("ix_experts_office_hour_tenant_id"), table_name="experts_office_hour")
    op.drop_index(op.f("ix_experts_office_hour_placement_id"), table_name="experts_office_hour")
    op.drop_index(op.f("ix_experts_office_hour_host_id"), table_name="experts_office_hour")
    op.drop_index(op.f("ix_experts_office_hour_community_id"), table_name="experts_office_hour")
    op.drop_table("experts_office_hour")
    op.drop_index(op.f("ix_experts_introduction_tenant_id"), table_name="experts_introduction")
    op.drop_index(op.f("ix_experts_introduction_second_id"), table_name="experts_introduction")
    op.drop_index(op.f("ix_experts_introduction_placement_id"), table_name="experts_introduction")
    op.drop_index(op.f("ix_experts_introduction_first_id"), table_name="experts_introduction")
    op.drop_index(op.f("ix_experts_introduction_community_id"), table_name="experts_introduction")
    op.drop_index(op.f("ix_experts_introduction_by_id"), table_name="experts_introduction")
    op.drop_table("experts_introduction")
    op.drop_index(op.f("ix_experts_expertise_user_id"), table_name="experts_expertise")
    op.drop_index("ix_experts_expertise_user", table_name="experts_expertise")
    op.drop_index(op.f("ix_experts_expertise_confirmed_by_id"), table_name="experts_expertise")
    op.drop_index(op.f("ix_experts_expertise_appointed_by_id"), table_name="experts_expertise")
    op.drop_table("experts_expertise")
    op.drop_index(op.f("ix_experts_endorsement_user_id"), table_name="experts_endorsement")
    op.drop_index(op.f("ix_experts_endorsement_tenant_id"), table_name="experts_endorsement")
    op.drop_index(op.f("ix_experts_endorsement_community_id"), table_name="experts_endorsement")
    op.drop_index(op.f("ix_experts_endorsement_by_id"), table_name="experts_endorsement")
    op.drop_table("experts_endorsement")
    op.drop_index(op.f("ix_communities_affiliation_joined_by_id"), table_name="communities_affiliation")
    op.drop_index(op.f("ix_communities_affiliation_community_id"), table_name="communities_affiliation")
    op.drop_table("communities_affiliation")
    op.drop_table("experts_word")
    op.drop_index(op.f("ix_experts_topic_tenant_id"), table_name="experts_topic")
    op.drop_index(op.f("ix_experts_topic_merged_into_id"), table_name="experts_topic")
    op.drop_index("ix_experts_topic_list", table_name="experts_topic")
    op.drop_index(op.f("ix_experts_topic_created_by_id"), table_name="experts_topic")
    op.drop_table("experts_topic")
    op.drop_table("experts_corpus")
    op.drop_index(op.f("ix_experts_block_community_id"), table_name="experts_block")
    op.drop_index(op.f("ix_experts_block_asker_id"), table_name="experts_block")
    op.drop_table("experts_block")
    op.drop_index(op.f("ix_communities_span_founded_by_id"), table_name="communities_span")
    op.drop_index(op.f("ix_communities_span_code_hash"), table_name="communities_span")
    op.drop_table("communities_span")
    op.drop_index(op.f("ix_experts_person_tenant_id"), table_name="experts_person")
    op.drop_index(op.f("ix_experts_person_feed_hash"), table_name="experts_person")
    op.drop_table("experts_person")
