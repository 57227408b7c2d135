"""Rosters, grades on their way, copies and notices: what LTI Advantage needs beside launches.

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "identity_legacy_consumer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("consumer_key", sa.String(length=255), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["identity_registration.id"],
            name=op.f("fk_identity_legacy_consumer_registration_id_identity_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_legacy_consumer")),
        sa.UniqueConstraint(
            "registration_id",
            "consumer_key",
            name=op.f("uq_identity_legacy_consumer_registration_id_consumer_key"),
        ),
    )
    op.create_table(
        "lti_access_token",
        sa.Column("registration_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scopes_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=False),
        sa.Column("obtained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["identity_registration.id"],
            name=op.f("fk_lti_access_token_registration_id_identity_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "scopes_hash", name=op.f("pk_lti_access_token")),
    )
    with op.batch_alter_table("lti_access_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lti_access_token_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "lti_seen_notice",
        sa.Column("registration_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("notice_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["identity_registration.id"],
            name=op.f("fk_lti_seen_notice_registration_id_identity_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "notice_id", name=op.f("pk_lti_seen_notice")),
    )
    with op.batch_alter_table("lti_seen_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lti_seen_notice_received_at"), ["received_at"], unique=False)

    op.create_table(
        "lti_notice_subscription",
        sa.Column("deployment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("service_url", sa.Text(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum("wanted", "held", "refused", name="asking", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["identity_deployment.id"],
            name=op.f("fk_lti_notice_subscription_deployment_id_identity_deployment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("deployment_id", "kind", name=op.f("pk_lti_notice_subscription")),
    )
    with op.batch_alter_table("lti_notice_subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lti_notice_subscription_next_at"), ["next_at"], unique=False)

    op.create_table(
        "identity_course_services",
        sa.Column("course_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("memberships_url", sa.Text(), nullable=False),
        sa.Column("line_items_url", sa.Text(), nullable=False),
        sa.Column("grade_scopes", sa.Text(), nullable=False),
        sa.Column("groups_url", sa.Text(), nullable=False),
        sa.Column("group_sets_url", sa.Text(), nullable=False),
        sa.Column("group_scopes", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["identity_course.id"],
            name=op.f("fk_identity_course_services_course_id_identity_course"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_identity_course_services")),
    )
    op.create_table(
        "identity_launch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("deployment_id", sa.String(length=255), nullable=False),
        sa.Column("message_type", sa.String(length=64), nullable=False),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("skew_ms", sa.Integer(), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["identity_course.id"],
            name=op.f("fk_identity_launch_course_id_identity_course"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["identity_registration.id"],
            name=op.f("fk_identity_launch_registration_id_identity_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_identity_launch_tenant_id_identity_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_launch")),
    )
    with op.batch_alter_table("identity_launch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_launch_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_launch_cause"), ["cause"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_launch_reference"), ["reference"], unique=False)
        batch_op.create_index(
            "ix_identity_launch_registration_id_id", ["registration_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_identity_launch_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "roster_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("running", "complete", "doubted", "failed", name="outcome", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("is_full", sa.Boolean(), nullable=False),
        sa.Column("next_url", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["identity_course.id"],
            name=op.f("fk_roster_run_course_id_identity_course"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_run")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("roster_run", schema=None) as batch_op:
        batch_op.create_index("ix_roster_run_course_id_id", ["course_id", "id"], unique=False)
        batch_op.create_index("ix_roster_run_outcome_next_at", ["outcome", "next_at"], unique=False)

    op.create_table(
        "roster_source",
        sa.Column("course_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("full_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("differences_url", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["identity_course.id"],
            name=op.f("fk_roster_source_course_id_identity_course"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_roster_source")),
    )
    with op.batch_alter_table("roster_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_source_next_at"), ["next_at"], unique=False)

    op.create_table(
        "gradebook_column",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("maximum", sa.Double(), nullable=False),
        sa.Column("line_item_url", sa.Text(), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["identity_course.id"], name=op.f("fk_gradebook_column_course_id_identity_course")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_gradebook_column_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_gradebook_column_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gradebook_column")),
        sa.UniqueConstraint("placement_id", "tag", name=op.f("uq_gradebook_column_placement_id_tag")),
    )
    with op.batch_alter_table("gradebook_column", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gradebook_column_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gradebook_column_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "gradebook_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("column_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("given", sa.Double(), nullable=True),
        sa.Column("maximum", sa.Double(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("activity_progress", sa.String(length=32), nullable=False),
        sa.Column("grading_progress", sa.String(length=32), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "condition",
            sa.Enum("waiting", "sending", "sent", "given_up", name="condition", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trouble", sa.String(length=32), nullable=False),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["column_id"], ["gradebook_column.id"], name=op.f("fk_gradebook_score_column_id_gradebook_column")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_gradebook_score_tenant_id_identity_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_gradebook_score_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gradebook_score")),
        sa.UniqueConstraint("column_id", "user_id", name=op.f("uq_gradebook_score_column_id_user_id")),
    )
    with op.batch_alter_table("gradebook_score", schema=None) as batch_op:
        batch_op.create_index("ix_gradebook_score_condition_next_at", ["condition", "next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_gradebook_score_tenant_id"), ["tenant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gradebook_score_user_id"), ["user_id"], unique=False)

    with op.batch_alter_table("identity_course", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "origins",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                nullable=False,
                server_default="{}",
            )
        )
        batch_op.add_column(sa.Column("legacy_id", sa.String(length=255), nullable=False, server_default=""))

    with op.batch_alter_table("identity_membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("roster_run_id", sa.Integer(), nullable=True))
        batch_op.alter_column("last_launch_at", existing_type=sa.DateTime(timezone=True), nullable=True)

    with op.batch_alter_table("identity_resource_link", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("line_item_url", sa.String(length=2000), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column(
                "origins",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                nullable=False,
                server_default="{}",
            )
        )
        batch_op.add_column(sa.Column("legacy_id", sa.String(length=255), nullable=False, server_default=""))

    with op.batch_alter_table("identity_user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("legacy_id", sa.String(length=255), nullable=False, server_default=""))
        batch_op.alter_column("last_seen_at", existing_type=sa.DateTime(timezone=True), nullable=True)

    with op.batch_alter_table("identity_tenant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("locale", sa.String(length=35), nullable=False, server_default=""))

    with op.batch_alter_table("launch_selection", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "chosen",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                nullable=False,
                server_default="{}",
            )
        )

    with op.batch_alter_table("lti_pending_login", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("storage_target", sa.String(length=255), nullable=False, server_default="")
        )
    op.execute("UPDATE identity_user SET last_seen_at = NULL WHERE is_former")


def downgrade() -> None:
    """Go back."""
    # Whoever never came is no member as the older program knows them, and it wants a moment for everybody.
    op.execute("UPDATE identity_user SET last_seen_at = created_at WHERE last_seen_at IS NULL")
    op.execute("UPDATE identity_membership SET last_launch_at = joined_at WHERE last_launch_at IS NULL")
    with op.batch_alter_table("lti_pending_login", schema=None) as batch_op:
        batch_op.drop_column("storage_target")

    with op.batch_alter_table("launch_selection", schema=None) as batch_op:
        batch_op.drop_column("chosen")

    with op.batch_alter_table("identity_tenant", schema=None) as batch_op:
        batch_op.drop_column("locale")

    with op.batch_alter_table("identity_user", schema=None) as batch_op:
        batch_op.alter_column("last_seen_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.drop_column("legacy_id")

    with op.batch_alter_table("identity_resource_link", schema=None) as batch_op:
        batch_op.drop_column("legacy_id")
        batch_op.drop_column("origins")
        batch_op.drop_column("line_item_url")

    with op.batch_alter_table("identity_membership", schema=None) as batch_op:
        batch_op.alter_column("last_launch_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.drop_column("roster_run_id")

    with op.batch_alter_table("identity_course", schema=None) as batch_op:
        batch_op.drop_column("legacy_id")
        batch_op.drop_column("origins")

    with op.batch_alter_table("gradebook_score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gradebook_score_user_id"))
        batch_op.drop_index(batch_op.f("ix_gradebook_score_tenant_id"))
        batch_op.drop_index("ix_gradebook_score_condition_next_at")

    op.drop_table("gradebook_score")
    with op.batch_alter_table("gradebook_column", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gradebook_column_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_gradebook_column_course_id"))

    op.drop_table("gradebook_column")
    with op.batch_alter_table("roster_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_source_next_at"))

    op.drop_table("roster_source")
    with op.batch_alter_table("roster_run", schema=None) as batch_op:
        batch_op.drop_index("ix_roster_run_outcome_next_at")
        batch_op.drop_index("ix_roster_run_course_id_id")

    op.drop_table("roster_run")
    with op.batch_alter_table("identity_launch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_launch_tenant_id"))
        batch_op.drop_index("ix_identity_launch_registration_id_id")
        batch_op.drop_index(batch_op.f("ix_identity_launch_reference"))
        batch_op.drop_index(batch_op.f("ix_identity_launch_cause"))
        batch_op.drop_index(batch_op.f("ix_identity_launch_at"))

    op.drop_table("identity_launch")
    op.drop_table("identity_course_services")
    with op.batch_alter_table("lti_notice_subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_notice_subscription_next_at"))

    op.drop_table("lti_notice_subscription")
    with op.batch_alter_table("lti_seen_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_seen_notice_received_at"))

    op.drop_table("lti_seen_notice")
    with op.batch_alter_table("lti_access_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_access_token_expires_at"))

    op.drop_table("lti_access_token")
    op.drop_table("identity_legacy_consumer")
