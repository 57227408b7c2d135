"""Peer rating: activities, works, reviews, and what follows from them. Trouble with grades is told of by one kind.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


BEFORE, AFTER = "discussion.grade_trouble", "gradebook.trouble"
"""What notices of grades that do not arrive were called while only discussions were graded, and are called now."""


def rename_kind(before: str, after: str) -> None:
    """Let notices, and what people chose about them, go by another kind."""
    for name in ("notifications_notice", "notifications_preference"):
        table = sa.table(name, sa.column("kind", sa.String))
        op.execute(table.update().where(table.c.kind == before).values(kind=after))


def upgrade() -> None:
    """Go forward."""
    rename_kind(BEFORE, AFTER)
    op.create_table(
        "peer_rating_rubric",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "criteria",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("most", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_peer_rating_rubric_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_peer_rating_rubric_tenant_id_identity_tenant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_rating_rubric")),
        sa.UniqueConstraint("community_id", "digest", name=op.f("uq_peer_rating_rubric_community_id_digest")),
    )
    op.create_index(
        op.f("ix_peer_rating_rubric_tenant_id"), "peer_rating_rubric", ["tenant_id"], unique=False
    )
    op.create_table(
        "peer_rating_activity",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "draft",
                "published",
                "submit",
                "review",
                "feedback",
                "evaluate",
                "released",
                "closed",
                "archived",
                "cancelled",
                name="phase",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("phase_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rubric_id", sa.Integer(), nullable=True),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("scores_stale", sa.Boolean(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_peer_rating_activity_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_peer_rating_activity_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["rubric_id"],
            ["peer_rating_rubric.id"],
            name=op.f("fk_peer_rating_activity_rubric_id_peer_rating_rubric"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_peer_rating_activity_tenant_id_identity_tenant"),
        ),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_peer_rating_activity")),
    )
    op.create_index(
        op.f("ix_peer_rating_activity_community_id"), "peer_rating_activity", ["community_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_activity_next_at"), "peer_rating_activity", ["next_at"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_activity_rubric_id"), "peer_rating_activity", ["rubric_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_activity_tenant_id"), "peer_rating_activity", ["tenant_id"], unique=False
    )
    op.create_table(
        "peer_rating_conflict",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["declared_by_id"],
            ["identity_user.id"],
            name=op.f("fk_peer_rating_conflict_declared_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["identity_user.id"], name=op.f("fk_peer_rating_conflict_other_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_peer_rating_conflict_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_peer_rating_conflict_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("placement_id", "user_id", "other_id", name=op.f("pk_peer_rating_conflict")),
    )
    op.create_index(
        op.f("ix_peer_rating_conflict_declared_by_id"),
        "peer_rating_conflict",
        ["declared_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_peer_rating_conflict_other_id"), "peer_rating_conflict", ["other_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_conflict_user_id"), "peer_rating_conflict", ["user_id"], unique=False
    )
    op.create_table(
        "peer_rating_edge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("edge", sa.String(length=60), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "facts",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["identity_user.id"], name=op.f("fk_peer_rating_edge_made_by_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_peer_rating_edge_placement_id_communities_placement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_rating_edge")),
        sa.UniqueConstraint(
            "placement_id", "edge", "epoch", name=op.f("uq_peer_rating_edge_placement_id_edge_epoch")
        ),
    )
    op.create_index(op.f("ix_peer_rating_edge_made_by_id"), "peer_rating_edge", ["made_by_id"], unique=False)
    op.create_table(
        "peer_rating_extension",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("submit_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["given_by_id"],
            ["identity_user.id"],
            name=op.f("fk_peer_rating_extension_given_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_peer_rating_extension_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_peer_rating_extension_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("placement_id", "user_id", name=op.f("pk_peer_rating_extension")),
    )
    op.create_index(
        op.f("ix_peer_rating_extension_given_by_id"), "peer_rating_extension", ["given_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_extension_user_id"), "peer_rating_extension", ["user_id"], unique=False
    )
    op.create_table(
        "peer_rating_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("scoring", sa.String(length=60), nullable=False),
        sa.Column("scoring_version", sa.String(length=20), nullable=False),
        sa.Column("method", sa.String(length=60), nullable=False),
        sa.Column("input_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "inputs",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "results",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["identity_user.id"], name=op.f("fk_peer_rating_release_made_by_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_peer_rating_release_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_peer_rating_release_tenant_id_identity_tenant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_rating_release")),
        sa.UniqueConstraint(
            "placement_id", "number", name=op.f("uq_peer_rating_release_placement_id_number")
        ),
    )
    op.create_index(
        op.f("ix_peer_rating_release_made_by_id"), "peer_rating_release", ["made_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_release_tenant_id"), "peer_rating_release", ["tenant_id"], unique=False
    )
    op.create_table(
        "peer_rating_reviewer_result",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("owed", sa.Integer(), nullable=False),
        sa.Column("lenient", sa.Double(), nullable=True),
        sa.Column("scatter", sa.Double(), nullable=True),
        sa.Column("careless", sa.Double(), nullable=True),
        sa.Column("straight", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("released_points", sa.Double(), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_peer_rating_reviewer_result_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["identity_user.id"],
            name=op.f("fk_peer_rating_reviewer_result_user_id_identity_user"),
        ),
        sa.PrimaryKeyConstraint("placement_id", "user_id", name=op.f("pk_peer_rating_reviewer_result")),
    )
    op.create_index(
        op.f("ix_peer_rating_reviewer_result_user_id"),
        "peer_rating_reviewer_result",
        ["user_id"],
        unique=False,
    )
    op.create_table(
        "peer_rating_example",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column(
            "levels",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_peer_rating_example_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_peer_rating_example_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_peer_rating_example_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_peer_rating_example_tenant_id_identity_tenant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_rating_example")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_peer_rating_example_contribution_id")),
    )
    op.create_index(
        op.f("ix_peer_rating_example_community_id"), "peer_rating_example", ["community_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_example_placement_id"), "peer_rating_example", ["placement_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_example_tenant_id"), "peer_rating_example", ["tenant_id"], unique=False
    )
    op.create_table(
        "peer_rating_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("alias", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "withdrawn",
                "cancelled",
                "excluded",
                name="workstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("live", sa.Integer(), nullable=False),
        sa.Column("load", sa.Integer(), sa.Computed("completed + live", persisted=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_peer_rating_work_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_peer_rating_work_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["communities_group.id"],
            name=op.f("fk_peer_rating_work_group_id_communities_group"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_peer_rating_work_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_peer_rating_work_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_rating_work")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_peer_rating_work_contribution_id")),
        sa.UniqueConstraint("placement_id", "alias", name=op.f("uq_peer_rating_work_placement_id_alias")),
    )
    op.create_index(
        op.f("ix_peer_rating_work_community_id"), "peer_rating_work", ["community_id"], unique=False
    )
    op.create_index(op.f("ix_peer_rating_work_group_id"), "peer_rating_work", ["group_id"], unique=False)
    op.create_index(
        "ix_peer_rating_work_load",
        "peer_rating_work",
        ["placement_id", "state", "load", "submitted_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_peer_rating_work_tenant_id"), "peer_rating_work", ["tenant_id"], unique=False)
    op.create_table(
        "peer_rating_appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "criteria",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "assigned",
                "upheld",
                "rejected",
                "withdrawn",
                name="appealstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("assigned_to_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("points_before", sa.Double(), nullable=True),
        sa.Column("points_after", sa.Double(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_to_id"],
            ["identity_user.id"],
            name=op.f("fk_peer_rating_appeal_assigned_to_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["identity_user.id"], name=op.f("fk_peer_rating_appeal_author_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_peer_rating_appeal_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["identity_user.id"],
            name=op.f("fk_peer_rating_appeal_decided_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_peer_rating_appeal_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_peer_rating_appeal_tenant_id_identity_tenant"),
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["peer_rating_work.id"], name=op.f("fk_peer_rating_appeal_work_id_peer_rating_work")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_rating_appeal")),
    )
    op.create_index(
        op.f("ix_peer_rating_appeal_assigned_to_id"), "peer_rating_appeal", ["assigned_to_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_appeal_author_id"), "peer_rating_appeal", ["author_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_appeal_community_id"), "peer_rating_appeal", ["community_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_appeal_decided_by_id"), "peer_rating_appeal", ["decided_by_id"], unique=False
    )
    op.create_index(
        "ix_peer_rating_appeal_state", "peer_rating_appeal", ["placement_id", "state"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_appeal_tenant_id"), "peer_rating_appeal", ["tenant_id"], unique=False
    )
    op.create_index(op.f("ix_peer_rating_appeal_work_id"), "peer_rating_appeal", ["work_id"], unique=False)
    op.create_table(
        "peer_rating_author",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_peer_rating_author_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_peer_rating_author_user_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["peer_rating_work.id"], name=op.f("fk_peer_rating_author_work_id_peer_rating_work")
        ),
        sa.PrimaryKeyConstraint("work_id", "user_id", name=op.f("pk_peer_rating_author")),
        sa.UniqueConstraint(
            "placement_id", "user_id", "round", name=op.f("uq_peer_rating_author_placement_id_user_id_round")
        ),
    )
    op.create_index(op.f("ix_peer_rating_author_user_id"), "peer_rating_author", ["user_id"], unique=False)
    op.create_table(
        "peer_rating_comparison",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("low_id", sa.Integer(), nullable=False),
        sa.Column("high_id", sa.Integer(), nullable=False),
        sa.Column("swapped", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "submitted",
                "skipped",
                "expired",
                "voided",
                name="comparisonstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("better_id", sa.Integer(), nullable=True),
        sa.Column(
            "answers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["better_id"],
            ["peer_rating_work.id"],
            name=op.f("fk_peer_rating_comparison_better_id_peer_rating_work"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_peer_rating_comparison_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_peer_rating_comparison_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["high_id"],
            ["peer_rating_work.id"],
            name=op.f("fk_peer_rating_comparison_high_id_peer_rating_work"),
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["identity_user.id"], name=op.f("fk_peer_rating_comparison_judge_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["low_id"],
            ["peer_rating_work.id"],
            name=op.f("fk_peer_rating_comparison_low_id_peer_rating_work"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_peer_rating_comparison_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_peer_rating_comparison_tenant_id_identity_tenant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_rating_comparison")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_peer_rating_comparison_contribution_id")),
        sa.UniqueConstraint(
            "judge_id", "low_id", "high_id", name=op.f("uq_peer_rating_comparison_judge_id_low_id_high_id")
        ),
    )
    op.create_index(
        op.f("ix_peer_rating_comparison_better_id"), "peer_rating_comparison", ["better_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_comparison_community_id"),
        "peer_rating_comparison",
        ["community_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_peer_rating_comparison_high_id"), "peer_rating_comparison", ["high_id"], unique=False
    )
    op.create_index(
        "ix_peer_rating_comparison_judge",
        "peer_rating_comparison",
        ["placement_id", "judge_id", "state"],
        unique=False,
    )
    op.create_index(
        "ix_peer_rating_comparison_lease", "peer_rating_comparison", ["state", "leased_until"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_comparison_low_id"), "peer_rating_comparison", ["low_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_comparison_tenant_id"), "peer_rating_comparison", ["tenant_id"], unique=False
    )
    op.create_table(
        "peer_rating_result",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("lowest", sa.Double(), nullable=True),
        sa.Column("highest", sa.Double(), nullable=True),
        sa.Column("unsure", sa.Double(), nullable=True),
        sa.Column("staff_points", sa.Double(), nullable=True),
        sa.Column(
            "criteria",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("method", sa.String(length=60), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_points", sa.Double(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_peer_rating_result_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["peer_rating_release.id"],
            name=op.f("fk_peer_rating_result_release_id_peer_rating_release"),
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["peer_rating_work.id"], name=op.f("fk_peer_rating_result_work_id_peer_rating_work")
        ),
        sa.PrimaryKeyConstraint("work_id", name=op.f("pk_peer_rating_result")),
    )
    op.create_index(
        "ix_peer_rating_result_placement", "peer_rating_result", ["placement_id", "unsure"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_result_release_id"), "peer_rating_result", ["release_id"], unique=False
    )
    op.create_table(
        "peer_rating_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("pull", "batch", "manual", "staff", "self", name="source", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "started",
                "submitted",
                "declined",
                "expired",
                "revoked",
                "voided",
                name="reviewstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rubric_id", sa.Integer(), nullable=True),
        sa.Column(
            "answers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("declined_because", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "chosen",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_peer_rating_review_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_peer_rating_review_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"],
            ["identity_user.id"],
            name=op.f("fk_peer_rating_review_ended_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_peer_rating_review_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["identity_user.id"],
            name=op.f("fk_peer_rating_review_reviewer_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["rubric_id"],
            ["peer_rating_rubric.id"],
            name=op.f("fk_peer_rating_review_rubric_id_peer_rating_rubric"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_peer_rating_review_tenant_id_identity_tenant"),
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["peer_rating_work.id"], name=op.f("fk_peer_rating_review_work_id_peer_rating_work")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_rating_review")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_peer_rating_review_contribution_id")),
        sa.UniqueConstraint("reviewer_id", "work_id", name=op.f("uq_peer_rating_review_reviewer_id_work_id")),
    )
    op.create_index(
        op.f("ix_peer_rating_review_community_id"), "peer_rating_review", ["community_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_review_ended_by_id"), "peer_rating_review", ["ended_by_id"], unique=False
    )
    op.create_index(
        "ix_peer_rating_review_lease", "peer_rating_review", ["state", "leased_until"], unique=False
    )
    op.create_index(
        "ix_peer_rating_review_reviewer",
        "peer_rating_review",
        ["placement_id", "reviewer_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_peer_rating_review_rubric_id"), "peer_rating_review", ["rubric_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_review_tenant_id"), "peer_rating_review", ["tenant_id"], unique=False
    )
    op.create_index("ix_peer_rating_review_work", "peer_rating_review", ["work_id", "state"], unique=False)
    op.create_table(
        "peer_rating_try",
        sa.Column("example_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "levels",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["example_id"],
            ["peer_rating_example.id"],
            name=op.f("fk_peer_rating_try_example_id_peer_rating_example"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_peer_rating_try_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("example_id", "user_id", name=op.f("pk_peer_rating_try")),
    )
    op.create_index(op.f("ix_peer_rating_try_user_id"), "peer_rating_try", ["user_id"], unique=False)
    op.create_table(
        "peer_rating_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["appeal_id"],
            ["peer_rating_appeal.id"],
            name=op.f("fk_peer_rating_override_appeal_id_peer_rating_appeal"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["identity_user.id"],
            name=op.f("fk_peer_rating_override_made_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_peer_rating_override_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_peer_rating_override_tenant_id_identity_tenant"),
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["peer_rating_work.id"],
            name=op.f("fk_peer_rating_override_work_id_peer_rating_work"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_rating_override")),
    )
    op.create_index(
        op.f("ix_peer_rating_override_appeal_id"), "peer_rating_override", ["appeal_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_override_made_by_id"), "peer_rating_override", ["made_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_override_placement_id"), "peer_rating_override", ["placement_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_override_tenant_id"), "peer_rating_override", ["tenant_id"], unique=False
    )
    op.create_index(
        op.f("ix_peer_rating_override_work_id"), "peer_rating_override", ["work_id"], unique=False
    )
    op.create_table(
        "peer_rating_rated",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("helpful", sa.Integer(), nullable=False),
        sa.Column(
            "tags",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["identity_user.id"], name=op.f("fk_peer_rating_rated_author_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"],
            ["content_contribution.id"],
            name=op.f("fk_peer_rating_rated_reply_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["peer_rating_review.id"],
            name=op.f("fk_peer_rating_rated_review_id_peer_rating_review"),
        ),
        sa.PrimaryKeyConstraint("review_id", "author_id", name=op.f("pk_peer_rating_rated")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_peer_rating_rated_reply_id")),
    )
    op.create_index(op.f("ix_peer_rating_rated_author_id"), "peer_rating_rated", ["author_id"], unique=False)


def downgrade() -> None:
    """Go back; every activity goes with it."""
    rename_kind(AFTER, BEFORE)
    op.drop_index(op.f("ix_peer_rating_rated_author_id"), table_name="peer_rating_rated")
    op.drop_table("peer_rating_rated")
    op.drop_index(op.f("ix_peer_rating_override_work_id"), table_name="peer_rating_override")
    op.drop_index(op.f("ix_peer_rating_override_tenant_id"), table_name="peer_rating_override")
    op.drop_index(op.f("ix_peer_rating_override_placement_id"), table_name="peer_rating_override")
    op.drop_index(op.f("ix_peer_rating_override_made_by_id"), table_name="peer_rating_override")
    op.drop_index(op.f("ix_peer_rating_override_appeal_id"), table_name="peer_rating_override")
    op.drop_table("peer_rating_override")
    op.drop_index(op.f("ix_peer_rating_try_user_id"), table_name="peer_rating_try")
    op.drop_table("peer_rating_try")
    op.drop_index("ix_peer_rating_review_work", table_name="peer_rating_review")
    op.drop_index(op.f("ix_peer_rating_review_tenant_id"), table_name="peer_rating_review")
    op.drop_index(op.f("ix_peer_rating_review_rubric_id"), table_name="peer_rating_review")
    op.drop_index("ix_peer_rating_review_reviewer", table_name="peer_rating_review")
    op.drop_index("ix_peer_rating_review_lease", table_name="peer_rating_review")
    op.drop_index(op.f("ix_peer_rating_review_ended_by_id"), table_name="peer_rating_review")
    op.drop_index(op.f("ix_peer_rating_review_community_id"), table_name="peer_rating_review")
    op.drop_table("peer_rating_review")
    op.drop_index(op.f("ix_peer_rating_result_release_id"), table_name="peer_rating_result")
    op.drop_index("ix_peer_rating_result_placement", table_name="peer_rating_result")
    op.drop_table("peer_rating_result")
    op.drop_index(op.f("ix_peer_rating_comparison_tenant_id"), table_name="peer_rating_comparison")
    op.drop_index(op.f("ix_peer_rating_comparison_low_id"), table_name="peer_rating_comparison")
    op.drop_index("ix_peer_rating_comparison_lease", table_name="peer_rating_comparison")
    op.drop_index("ix_peer_rating_comparison_judge", table_name="peer_rating_comparison")
    op.drop_index(op.f("ix_peer_rating_comparison_high_id"), table_name="peer_rating_comparison")
    op.drop_index(op.f("ix_peer_rating_comparison_community_id"), table_name="peer_rating_comparison")
    op.drop_index(op.f("ix_peer_rating_comparison_better_id"), table_name="peer_rating_comparison")
    op.drop_table("peer_rating_comparison")
    op.drop_index(op.f("ix_peer_rating_author_user_id"), table_name="peer_rating_author")
    op.drop_table("peer_rating_author")
    op.drop_index(op.f("ix_peer_rating_appeal_work_id"), table_name="peer_rating_appeal")
    op.drop_index(op.f("ix_peer_rating_appeal_tenant_id"), table_name="peer_rating_appeal")
    op.drop_index("ix_peer_rating_appeal_state", table_name="peer_rating_appeal")
    op.drop_index(op.f("ix_peer_rating_appeal_decided_by_id"), table_name="peer_rating_appeal")
    op.drop_index(op.f("ix_peer_rating_appeal_community_id"), table_name="peer_rating_appeal")
    op.drop_index(op.f("ix_peer_rating_appeal_author_id"), table_name="peer_rating_appeal")
    op.drop_index(op.f("ix_peer_rating_appeal_assigned_to_id"), table_name="peer_rating_appeal")
    op.drop_table("peer_rating_appeal")
    op.drop_index(op.f("ix_peer_rating_work_tenant_id"), table_name="peer_rating_work")
    op.drop_index("ix_peer_rating_work_load", table_name="peer_rating_work")
    op.drop_index(op.f("ix_peer_rating_work_group_id"), table_name="peer_rating_work")
    op.drop_index(op.f("ix_peer_rating_work_community_id"), table_name="peer_rating_work")
    op.drop_table("peer_rating_work")
    op.drop_index(op.f("ix_peer_rating_example_tenant_id"), table_name="peer_rating_example")
    op.drop_index(op.f("ix_peer_rating_example_placement_id"), table_name="peer_rating_example")
    op.drop_index(op.f("ix_peer_rating_example_community_id"), table_name="peer_rating_example")
    op.drop_table("peer_rating_example")
    op.drop_index(op.f("ix_peer_rating_reviewer_result_user_id"), table_name="peer_rating_reviewer_result")
    op.drop_table("peer_rating_reviewer_result")
    op.drop_index(op.f("ix_peer_rating_release_tenant_id"), table_name="peer_rating_release")
    op.drop_index(op.f("ix_peer_rating_release_made_by_id"), table_name="peer_rating_release")
    op.drop_table("peer_rating_release")
    op.drop_index(op.f("ix_peer_rating_extension_user_id"), table_name="peer_rating_extension")
    op.drop_index(op.f("ix_peer_rating_extension_given_by_id"), table_name="peer_rating_extension")
    op.drop_table("peer_rating_extension")
    op.drop_index(op.f("ix_peer_rating_edge_made_by_id"), table_name="peer_rating_edge")
    op.drop_table("peer_rating_edge")
    op.drop_index(op.f("ix_peer_rating_conflict_user_id"), table_name="peer_rating_conflict")
    op.drop_index(op.f("ix_peer_rating_conflict_other_id"), table_name="peer_rating_conflict")
    op.drop_index(op.f("ix_peer_rating_conflict_declared_by_id"), table_name="peer_rating_conflict")
    op.drop_table("peer_rating_conflict")
    op.drop_index(op.f("ix_peer_rating_activity_tenant_id"), table_name="peer_rating_activity")
    op.drop_index(op.f("ix_peer_rating_activity_rubric_id"), table_name="peer_rating_activity")
    op.drop_index(op.f("ix_peer_rating_activity_next_at"), table_name="peer_rating_activity")
    op.drop_index(op.f("ix_peer_rating_activity_community_id"), table_name="peer_rating_activity")
    op.drop_table("peer_rating_activity")
    op.drop_index(op.f("ix_peer_rating_rubric_tenant_id"), table_name="peer_rating_rubric")
    op.drop_table("peer_rating_rubric")
