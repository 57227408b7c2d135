"""The whole discussion: kinds of threads, groups, marks, notices, grades, imports.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    # Not in a batch: that would make a new table, and lose the trigger that keeps the index of words true.
    op.add_column(
        "search_document", sa.Column("learned", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index("ix_search_document_learned_id", "search_document", ["learned", "id"], unique=False)
    op.create_table(
        "search_known_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_search_known_word_community_id_communities_community"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_known_word")),
        sa.UniqueConstraint("community_id", "word", name=op.f("uq_search_known_word_community_id_word")),
    )
    op.create_table(
        "search_word_part",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=3), nullable=False),
        sa.Column("word_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_search_word_part_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["word_id"],
            ["search_known_word.id"],
            name=op.f("fk_search_word_part_word_id_search_known_word"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("community_id", "part", "word_id", name=op.f("pk_search_word_part")),
    )
    op.create_index(op.f("ix_search_word_part_word_id"), "search_word_part", ["word_id"], unique=False)
    op.create_table(
        "notifications_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("unsubscribe", sa.String(length=500), nullable=False),
        sa.Column(
            "condition",
            sa.Enum("waiting", "sent", "given_up", name="condition", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_notifications_delivery_tenant_id_identity_tenant"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_notifications_delivery_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_notifications_delivery_key")),
    )
    with op.batch_alter_table("notifications_delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notifications_delivery_condition_next_at", ["condition", "next_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_notifications_delivery_tenant_id"), ["tenant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notifications_delivery_user_id"), ["user_id"], unique=False)

    op.create_table(
        "notifications_reachability",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("mail", sa.Boolean(), nullable=False),
        sa.Column(
            "rhythm",
            sa.Enum("daily", "weekly", "never", name="rhythm", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("digest_day", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("next_digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["identity_user.id"],
            name=op.f("fk_notifications_reachability_user_id_identity_user"),
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notifications_reachability")),
    )
    with op.batch_alter_table("notifications_reachability", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notifications_reachability_next_digest_at"), ["next_digest_at"], unique=False
        )

    op.create_table(
        "communities_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("lms_key", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_communities_group_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_communities_group_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communities_group")),
        sa.UniqueConstraint("community_id", "name", name=op.f("uq_communities_group_community_id_name")),
    )
    with op.batch_alter_table("communities_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_communities_group_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "content_tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_content_tag_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_content_tag_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_tag")),
        sa.UniqueConstraint("community_id", "name", name=op.f("uq_content_tag_community_id_name")),
    )
    with op.batch_alter_table("content_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_content_tag_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "engagement_follow",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("watch", "follow", "mute", name="level", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "because",
            sa.Enum("started", "replied", "mentioned", "chose", name="because", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_engagement_follow_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_engagement_follow_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("user_id", "subject_kind", "subject_id", name=op.f("pk_engagement_follow")),
    )
    with op.batch_alter_table("engagement_follow", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_follow_community_id"), ["community_id"], unique=False)
        batch_op.create_index(
            "ix_engagement_follow_subject", ["subject_kind", "subject_id", "level"], unique=False
        )

    op.create_table(
        "notifications_preference",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column(
            "how",
            sa.Enum("now", "digest", "bell", "off", name="how", native_enum=False, length=32),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_notifications_preference_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_notifications_preference_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("user_id", "community_id", "kind", name=op.f("pk_notifications_preference")),
    )
    with op.batch_alter_table("notifications_preference", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notifications_preference_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "communities_group_member",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["communities_group.id"],
            name=op.f("fk_communities_group_member_group_id_communities_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_communities_group_member_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("group_id", "user_id", name=op.f("pk_communities_group_member")),
    )
    with op.batch_alter_table("communities_group_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_communities_group_member_user_id"), ["user_id"], unique=False)

    op.create_table(
        "discussion_grade",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "levels",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("grader_id", sa.Integer(), nullable=False),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["grader_id"], ["identity_user.id"], name=op.f("fk_discussion_grade_grader_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_discussion_grade_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_discussion_grade_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("placement_id", "user_id", name=op.f("pk_discussion_grade")),
    )
    with op.batch_alter_table("discussion_grade", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discussion_grade_grader_id"), ["grader_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discussion_grade_user_id"), ["user_id"], unique=False)

    op.create_table(
        "discussion_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "report",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(length=32), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_discussion_import_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["identity_user.id"], name=op.f("fk_discussion_import_made_by_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_discussion_import_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_discussion_import_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_import")),
    )
    with op.batch_alter_table("discussion_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discussion_import_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discussion_import_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discussion_import_placement_id"), ["placement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discussion_import_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "notifications_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("merge_key", sa.String(length=120), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column(
            "subject",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "people",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_id"],
            ["content_contribution.id"],
            name=op.f("fk_notifications_notice_about_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_notifications_notice_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_notifications_notice_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_notifications_notice_tenant_id_identity_tenant"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_notifications_notice_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications_notice")),
        sa.UniqueConstraint(
            "user_id",
            "community_id",
            "merge_key",
            "generation",
            name=op.f("uq_notifications_notice_user_id_community_id_merge_key_generation"),
        ),
    )
    with op.batch_alter_table("notifications_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notifications_notice_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index("ix_notifications_notice_about", ["about_id", "generation"], unique=False)
        batch_op.create_index("ix_notifications_notice_due", ["mailed", "mail_at"], unique=False)
        batch_op.create_index(
            "ix_notifications_notice_page", ["user_id", "community_id", "changed_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_notifications_notice_placement_id"), ["placement_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_notifications_notice_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "content_mention",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("written", sa.String(length=210), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_content_mention_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_content_mention_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("contribution_id", "user_id", name=op.f("pk_content_mention")),
    )
    with op.batch_alter_table("content_mention", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_content_mention_user_id"), ["user_id"], unique=False)

    op.create_table(
        "content_reference",
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_id"],
            ["content_contribution.id"],
            name=op.f("fk_content_reference_from_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["to_id"],
            ["content_contribution.id"],
            name=op.f("fk_content_reference_to_id_content_contribution"),
        ),
        sa.PrimaryKeyConstraint("from_id", "to_id", name=op.f("pk_content_reference")),
    )
    with op.batch_alter_table("content_reference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_content_reference_to_id"), ["to_id"], unique=False)

    op.create_table(
        "content_tagging",
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_content_tagging_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["content_tag.id"], name=op.f("fk_content_tagging_tag_id_content_tag")
        ),
        sa.PrimaryKeyConstraint("tag_id", "contribution_id", name=op.f("pk_content_tagging")),
    )
    with op.batch_alter_table("content_tagging", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_content_tagging_contribution_id"), ["contribution_id"], unique=False
        )

    op.create_table(
        "discussion_choice",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_discussion_choice_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_discussion_choice_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_discussion_choice_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint(
            "placement_id", "user_id", "contribution_id", name=op.f("pk_discussion_choice")
        ),
    )
    with op.batch_alter_table("discussion_choice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discussion_choice_contribution_id"), ["contribution_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_discussion_choice_user_id"), ["user_id"], unique=False)

    op.create_table(
        "discussion_imported",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_discussion_imported_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["discussion_import.id"],
            name=op.f("fk_discussion_imported_import_id_discussion_import"),
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_discussion_imported")),
    )
    with op.batch_alter_table("discussion_imported", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discussion_imported_import_id"), ["import_id"], unique=False)

    op.create_table(
        "engagement_mark",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("helpful_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("endorsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("endorsement", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_engagement_mark_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_engagement_mark_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("contribution_id", "user_id", name=op.f("pk_engagement_mark")),
    )
    with op.batch_alter_table("engagement_mark", schema=None) as batch_op:
        batch_op.create_index("ix_engagement_mark_user_id_saved_at", ["user_id", "saved_at"], unique=False)

    op.create_table(
        "engagement_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("to_community_id", sa.Integer(), nullable=False),
        sa.Column("as_contribution_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["as_contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_engagement_share_as_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_engagement_share_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_engagement_share_tenant_id_identity_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["to_community_id"],
            ["communities_community.id"],
            name=op.f("fk_engagement_share_to_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_engagement_share_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_share")),
        sa.UniqueConstraint(
            "contribution_id",
            "to_community_id",
            name=op.f("uq_engagement_share_contribution_id_to_community_id"),
        ),
    )
    with op.batch_alter_table("engagement_share", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_engagement_share_as_contribution_id"), ["as_contribution_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_engagement_share_tenant_id"), ["tenant_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_engagement_share_to_community_id"), ["to_community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_engagement_share_user_id"), ["user_id"], unique=False)

    op.create_table(
        "engagement_special_mention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_engagement_special_mention_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_engagement_special_mention_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_engagement_special_mention_tenant_id_identity_tenant"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["identity_user.id"],
            name=op.f("fk_engagement_special_mention_user_id_identity_user"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_special_mention")),
        sa.UniqueConstraint(
            "contribution_id", "user_id", name=op.f("uq_engagement_special_mention_contribution_id_user_id")
        ),
    )
    with op.batch_alter_table("engagement_special_mention", schema=None) as batch_op:
        batch_op.create_index(
            "ix_engagement_special_mention_community_id_at", ["community_id", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_engagement_special_mention_tenant_id"), ["tenant_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_engagement_special_mention_user_id"), ["user_id"], unique=False)

    op.create_table(
        "engagement_tally",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("helpful", sa.Integer(), nullable=False),
        sa.Column("saved", sa.Integer(), nullable=False),
        sa.Column("endorsed", sa.Integer(), nullable=False),
        sa.Column("stars_count", sa.Integer(), nullable=False),
        sa.Column("stars_sum", sa.Integer(), nullable=False),
        sa.Column("specially_mentioned", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_engagement_tally_contribution_id_content_contribution"),
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_engagement_tally")),
    )
    op.create_table(
        "discussion_poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("several", sa.Boolean(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["discussion_thread.id"],
            name=op.f("fk_discussion_poll_thread_id_discussion_thread"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_poll")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_discussion_poll_thread_id")),
    )
    op.create_table(
        "discussion_poll_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"],
            ["discussion_poll.id"],
            name=op.f("fk_discussion_poll_option_poll_id_discussion_poll"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_poll_option")),
        sa.UniqueConstraint("poll_id", "position", name=op.f("uq_discussion_poll_option_poll_id_position")),
    )
    op.create_table(
        "discussion_poll_vote",
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["option_id"],
            ["discussion_poll_option.id"],
            name=op.f("fk_discussion_poll_vote_option_id_discussion_poll_option"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_discussion_poll_vote_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("option_id", "user_id", name=op.f("pk_discussion_poll_vote")),
    )
    with op.batch_alter_table("discussion_poll_vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discussion_poll_vote_user_id"), ["user_id"], unique=False)

    with op.batch_alter_table("discussion_thread", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.Enum(
                    "discussion", "question", "announcement", name="threadkind", native_enum=False, length=32
                ),
                nullable=False,
                server_default="discussion",
            )
        )
        batch_op.add_column(
            sa.Column(
                "audience",
                sa.Enum(
                    "everybody", "visible", "group", "private", name="audience", native_enum=False, length=32
                ),
                nullable=False,
                server_default="everybody",
            )
        )
        batch_op.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("about_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("learner_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("post_first", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("has_private", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("locks_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("solved_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("endorsed_count", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("people_count", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("helped_count", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("heat", sa.Double(), nullable=False, server_default="0"))
        batch_op.create_index(batch_op.f("ix_discussion_thread_about_id"), ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discussion_thread_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discussion_thread_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_discussion_thread_merged_into_id"), ["merged_into_id"], unique=False
        )
        batch_op.create_index("ix_discussion_thread_new", ["placement_id", "created_at", "id"], unique=False)
        batch_op.create_index("ix_discussion_thread_popular", ["placement_id", "heat", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discussion_thread_solved_id"), ["solved_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_discussion_thread_learner_id_identity_user"),
            "identity_user",
            ["learner_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_discussion_thread_merged_into_id_discussion_thread"),
            "discussion_thread",
            ["merged_into_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_discussion_thread_solved_id_content_contribution"),
            "content_contribution",
            ["solved_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_discussion_thread_group_id_communities_group"),
            "communities_group",
            ["group_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_discussion_thread_about_id_content_contribution"),
            "content_contribution",
            ["about_id"],
            ["id"],
        )

    with op.batch_alter_table("identity_membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unread_notices", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("identity_user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_former", sa.Boolean(), nullable=False, server_default=sa.false()))

    op.execute(
        "UPDATE discussion_thread SET people_count = (SELECT COUNT(DISTINCT c.author_id) FROM discussion_post p "
        "JOIN content_contribution c ON c.id = p.contribution_id WHERE p.thread_id = discussion_thread.id "
        "AND p.parent_id IS NOT NULL AND c.state = 'published' AND c.author_id <> discussion_thread.author_id)"
    )
    # Nobody is told of what happened before there were notices.
    op.execute(
        "INSERT INTO activity_subscriber (name, cursor, attempts, last_error) "
        "SELECT 'notifications', newest.id, 0, '' FROM (SELECT MAX(id) AS id FROM activity_event) AS newest "
        "WHERE newest.id IS NOT NULL"
    )


def downgrade() -> None:
    """Go back."""
    op.execute("DELETE FROM activity_subscriber WHERE name = 'notifications'")
    op.execute("DELETE FROM activity_parked WHERE subscriber = 'notifications'")
    op.drop_index(op.f("ix_search_word_part_word_id"), table_name="search_word_part")
    op.drop_table("search_word_part")
    op.drop_table("search_known_word")
    op.drop_index("ix_search_document_learned_id", table_name="search_document")
    op.drop_column("search_document", "learned")
    with op.batch_alter_table("identity_user", schema=None) as batch_op:
        batch_op.drop_column("is_former")

    with op.batch_alter_table("identity_membership", schema=None) as batch_op:
        batch_op.drop_column("unread_notices")

    with op.batch_alter_table("discussion_thread", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_discussion_thread_about_id_content_contribution"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_discussion_thread_group_id_communities_group"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_discussion_thread_solved_id_content_contribution"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_discussion_thread_merged_into_id_discussion_thread"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_discussion_thread_learner_id_identity_user"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_discussion_thread_solved_id"))
        batch_op.drop_index("ix_discussion_thread_popular")
        batch_op.drop_index("ix_discussion_thread_new")
        batch_op.drop_index(batch_op.f("ix_discussion_thread_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_thread_learner_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_thread_group_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_thread_about_id"))
        batch_op.drop_column("heat")
        batch_op.drop_column("helped_count")
        batch_op.drop_column("people_count")
        batch_op.drop_column("endorsed_count")
        batch_op.drop_column("solved_id")
        batch_op.drop_column("locks_at")
        batch_op.drop_column("due_at")
        batch_op.drop_column("has_private")
        batch_op.drop_column("post_first")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("learner_id")
        batch_op.drop_column("about_id")
        batch_op.drop_column("group_id")
        batch_op.drop_column("audience")
        batch_op.drop_column("kind")

    with op.batch_alter_table("discussion_poll_vote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discussion_poll_vote_user_id"))

    op.drop_table("discussion_poll_vote")
    op.drop_table("discussion_poll_option")
    op.drop_table("discussion_poll")
    op.drop_table("engagement_tally")
    with op.batch_alter_table("engagement_special_mention", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_engagement_special_mention_user_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_special_mention_tenant_id"))
        batch_op.drop_index("ix_engagement_special_mention_community_id_at")

    op.drop_table("engagement_special_mention")
    with op.batch_alter_table("engagement_share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_engagement_share_user_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_share_to_community_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_share_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_share_as_contribution_id"))

    op.drop_table("engagement_share")
    with op.batch_alter_table("engagement_mark", schema=None) as batch_op:
        batch_op.drop_index("ix_engagement_mark_user_id_saved_at")

    op.drop_table("engagement_mark")
    with op.batch_alter_table("discussion_imported", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discussion_imported_import_id"))

    op.drop_table("discussion_imported")
    with op.batch_alter_table("discussion_choice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discussion_choice_user_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_choice_contribution_id"))

    op.drop_table("discussion_choice")
    with op.batch_alter_table("content_tagging", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_content_tagging_contribution_id"))

    op.drop_table("content_tagging")
    with op.batch_alter_table("content_reference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_content_reference_to_id"))

    op.drop_table("content_reference")
    with op.batch_alter_table("content_mention", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_content_mention_user_id"))

    op.drop_table("content_mention")
    with op.batch_alter_table("notifications_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notifications_notice_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_notifications_notice_placement_id"))
        batch_op.drop_index("ix_notifications_notice_page")
        batch_op.drop_index("ix_notifications_notice_due")
        batch_op.drop_index("ix_notifications_notice_about")
        batch_op.drop_index(batch_op.f("ix_notifications_notice_community_id"))

    op.drop_table("notifications_notice")
    with op.batch_alter_table("discussion_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discussion_import_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_import_placement_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_import_made_by_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_import_community_id"))

    op.drop_table("discussion_import")
    with op.batch_alter_table("discussion_grade", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discussion_grade_user_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_grade_grader_id"))

    op.drop_table("discussion_grade")
    with op.batch_alter_table("communities_group_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_communities_group_member_user_id"))

    op.drop_table("communities_group_member")
    with op.batch_alter_table("notifications_preference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notifications_preference_community_id"))

    op.drop_table("notifications_preference")
    with op.batch_alter_table("engagement_follow", schema=None) as batch_op:
        batch_op.drop_index("ix_engagement_follow_subject")
        batch_op.drop_index(batch_op.f("ix_engagement_follow_community_id"))

    op.drop_table("engagement_follow")
    with op.batch_alter_table("content_tag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_content_tag_tenant_id"))

    op.drop_table("content_tag")
    with op.batch_alter_table("communities_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_communities_group_tenant_id"))

    op.drop_table("communities_group")
    with op.batch_alter_table("notifications_reachability", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notifications_reachability_next_digest_at"))

    op.drop_table("notifications_reachability")
    with op.batch_alter_table("notifications_delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notifications_delivery_user_id"))
        batch_op.drop_index(batch_op.f("ix_notifications_delivery_tenant_id"))
        batch_op.drop_index("ix_notifications_delivery_condition_next_at")

    op.drop_table("notifications_delivery")
