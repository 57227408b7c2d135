"""The first schema.

Revision: 0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "activity_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_role", sa.String(length=32), nullable=False),
        sa.Column(
            "payload",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_activity_event_actor_id"), "activity_event", ["actor_id"], unique=False)
    op.create_index("ix_activity_event_course_id_at", "activity_event", ["course_id", "at"], unique=False)
    op.create_index(op.f("ix_activity_event_tenant_id"), "activity_event", ["tenant_id"], unique=False)

    op.create_table(
        "activity_subscriber",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("cursor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_activity_subscriber")),
    )
    op.create_table(
        "activity_usage",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "day", "name", name=op.f("pk_activity_usage")),
    )
    op.create_table(
        "admin_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_account")),
        sa.UniqueConstraint("login", name=op.f("uq_admin_account_login")),
    )
    op.create_table(
        "identity_tenant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_tenant")),
        sa.UniqueConstraint("name", name=op.f("uq_identity_tenant_name")),
    )
    op.create_table(
        "lti_tool_key",
        sa.Column("kid", sa.String(length=43), nullable=False),
        sa.Column("sealed_private_pem", sa.Text(), nullable=False),
        sa.Column(
            "public_jwk",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_lti_tool_key")),
    )
    op.create_table(
        "plugin_settings_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("installation", "tenant", "course", name="level", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("plugin", sa.String(length=32), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=True),
        sa.Column(
            "values",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plugin_settings_setting")),
        sa.UniqueConstraint(
            "level", "place_id", "plugin", name=op.f("uq_plugin_settings_setting_level_place_id_plugin")
        ),
    )
    op.create_table(
        "activity_parked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber", sa.String(length=80), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retry_wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["activity_event.id"], name=op.f("fk_activity_parked_event_id_activity_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_parked")),
    )
    op.create_index(op.f("ix_activity_parked_event_id"), "activity_parked", ["event_id"], unique=False)
    op.create_index(op.f("ix_activity_parked_subscriber"), "activity_parked", ["subscriber"], unique=False)

    op.create_table(
        "admin_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["admin_account.id"],
            name=op.f("fk_admin_log_account_id_admin_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_log")),
    )
    op.create_index(op.f("ix_admin_log_account_id"), "admin_log", ["account_id"], unique=False)
    op.create_index(op.f("ix_admin_log_at"), "admin_log", ["at"], unique=False)

    op.create_table(
        "admin_recovery_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["admin_account.id"],
            name=op.f("fk_admin_recovery_code_account_id_admin_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_admin_recovery_code")),
    )
    op.create_index(
        op.f("ix_admin_recovery_code_account_id"), "admin_recovery_code", ["account_id"], unique=False
    )

    op.create_table(
        "admin_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["admin_account.id"],
            name=op.f("fk_admin_session_account_id_admin_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_admin_session")),
    )
    op.create_index(op.f("ix_admin_session_account_id"), "admin_session", ["account_id"], unique=False)
    op.create_index(op.f("ix_admin_session_seen_at"), "admin_session", ["seen_at"], unique=False)

    op.create_table(
        "identity_registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.String(length=43), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("client_id", sa.String(length=255), nullable=False),
        sa.Column("auth_login_url", sa.String(length=2000), nullable=False),
        sa.Column("token_url", sa.String(length=2000), nullable=False),
        sa.Column("jwks_url", sa.String(length=2000), nullable=False),
        sa.Column("token_audience", sa.String(length=2000), nullable=False),
        sa.Column("family", sa.String(length=32), nullable=False),
        sa.Column(
            "trusted_audiences",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "frame_origins",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("allow_anonymous", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("management_url", sa.String(length=2000), nullable=False),
        sa.Column("sealed_management_token", sa.String(length=4000), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_identity_registration_tenant_id_identity_tenant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_registration")),
        sa.UniqueConstraint("public_key", name=op.f("uq_identity_registration_public_key")),
        sa.UniqueConstraint(
            "tenant_id",
            "issuer",
            "client_id",
            name=op.f("uq_identity_registration_tenant_id_issuer_client_id"),
        ),
    )
    op.create_index(
        "ix_identity_registration_issuer_client_id",
        "identity_registration",
        ["issuer", "client_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_identity_registration_tenant_id"), "identity_registration", ["tenant_id"], unique=False
    )

    op.create_table(
        "identity_deployment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.String(length=255), nullable=False),
        sa.Column(
            "standing",
            sa.Enum("pending", "approved", "disabled", name="standing", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["identity_registration.id"],
            name=op.f("fk_identity_deployment_registration_id_identity_registration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_deployment")),
        sa.UniqueConstraint(
            "registration_id",
            "deployment_id",
            name=op.f("uq_identity_deployment_registration_id_deployment_id"),
        ),
    )
    op.create_index(
        op.f("ix_identity_deployment_registration_id"),
        "identity_deployment",
        ["registration_id"],
        unique=False,
    )

    op.create_table(
        "identity_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("approve", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["identity_registration.id"],
            name=op.f("fk_identity_invitation_registration_id_identity_registration"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_identity_invitation_tenant_id_identity_tenant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_identity_invitation_token_hash")),
    )
    op.create_index(
        op.f("ix_identity_invitation_registration_id"),
        "identity_invitation",
        ["registration_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_identity_invitation_tenant_id"), "identity_invitation", ["tenant_id"], unique=False
    )

    op.create_table(
        "identity_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("sub", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("has_real_name", sa.Boolean(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["identity_registration.id"],
            name=op.f("fk_identity_user_registration_id_identity_registration"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_identity_user_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_user")),
        sa.UniqueConstraint("registration_id", "sub", name=op.f("uq_identity_user_registration_id_sub")),
    )
    op.create_index(
        op.f("ix_identity_user_registration_id"), "identity_user", ["registration_id"], unique=False
    )
    op.create_index(op.f("ix_identity_user_tenant_id"), "identity_user", ["tenant_id"], unique=False)

    op.create_table(
        "lti_key_set",
        sa.Column("registration_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column(
            "keys",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["identity_registration.id"],
            name=op.f("fk_lti_key_set_registration_id_identity_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_lti_key_set")),
    )
    op.create_table(
        "lti_pending_login",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.String(length=255), nullable=True),
        sa.Column("target_link_uri", sa.Text(), nullable=False),
        sa.Column("login_hint", sa.Text(), nullable=False),
        sa.Column("message_hint", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["identity_registration.id"],
            name=op.f("fk_lti_pending_login_registration_id_identity_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_lti_pending_login")),
    )
    op.create_index(
        op.f("ix_lti_pending_login_expires_at"), "lti_pending_login", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_lti_pending_login_registration_id"), "lti_pending_login", ["registration_id"], unique=False
    )

    op.create_table(
        "identity_course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.String(length=300), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["identity_deployment.id"],
            name=op.f("fk_identity_course_deployment_id_identity_deployment"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_identity_course_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_course")),
        sa.UniqueConstraint(
            "deployment_id", "context_id", name=op.f("uq_identity_course_deployment_id_context_id")
        ),
    )
    op.create_index(
        op.f("ix_identity_course_deployment_id"), "identity_course", ["deployment_id"], unique=False
    )
    op.create_index(op.f("ix_identity_course_tenant_id"), "identity_course", ["tenant_id"], unique=False)

    op.create_table(
        "communities_community",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Enum("course", name="kind", native_enum=False, length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column(
            "tier",
            sa.Enum("open", "reviewed", "assured", name="tier", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("ground_rules", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["identity_course.id"],
            name=op.f("fk_communities_community_course_id_identity_course"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_communities_community_tenant_id_identity_tenant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communities_community")),
        sa.UniqueConstraint("course_id", name=op.f("uq_communities_community_course_id")),
    )
    op.create_index(
        op.f("ix_communities_community_tenant_id"), "communities_community", ["tenant_id"], unique=False
    )

    op.create_table(
        "identity_membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("roles", sa.String(length=200), nullable=False),
        sa.Column("lead_role", sa.String(length=32), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_launch_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["identity_course.id"],
            name=op.f("fk_identity_membership_course_id_identity_course"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_identity_membership_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_membership")),
        sa.UniqueConstraint("course_id", "user_id", name=op.f("uq_identity_membership_course_id_user_id")),
    )
    op.create_index(op.f("ix_identity_membership_user_id"), "identity_membership", ["user_id"], unique=False)

    op.create_table(
        "identity_resource_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("resource_link_id", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["identity_course.id"],
            name=op.f("fk_identity_resource_link_course_id_identity_course"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_resource_link")),
        sa.UniqueConstraint(
            "course_id", "resource_link_id", name=op.f("uq_identity_resource_link_course_id_resource_link_id")
        ),
    )
    op.create_index(
        op.f("ix_identity_resource_link_course_id"), "identity_resource_link", ["course_id"], unique=False
    )

    op.create_table(
        "communities_placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("widget", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column(
            "settings",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_communities_placement_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["copied_from_id"],
            ["communities_placement.id"],
            name=op.f("fk_communities_placement_copied_from_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["identity_user.id"],
            name=op.f("fk_communities_placement_created_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_communities_placement_tenant_id_identity_tenant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communities_placement")),
        sa.UniqueConstraint("uuid", name=op.f("uq_communities_placement_uuid")),
    )
    op.create_index(
        op.f("ix_communities_placement_community_id"), "communities_placement", ["community_id"], unique=False
    )
    op.create_index(
        op.f("ix_communities_placement_copied_from_id"),
        "communities_placement",
        ["copied_from_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_communities_placement_created_by_id"),
        "communities_placement",
        ["created_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_communities_placement_tenant_id"), "communities_placement", ["tenant_id"], unique=False
    )

    op.create_table(
        "content_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_content_draft_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_content_draft_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_draft")),
        sa.UniqueConstraint("user_id", "target", name=op.f("uq_content_draft_user_id_target")),
    )
    op.create_index(op.f("ix_content_draft_community_id"), "content_draft", ["community_id"], unique=False)

    op.create_table(
        "identity_web_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("return_url", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["identity_course.id"],
            name=op.f("fk_identity_web_session_course_id_identity_course"),
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["identity_membership.id"],
            name=op.f("fk_identity_web_session_membership_id_identity_membership"),
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["identity_registration.id"],
            name=op.f("fk_identity_web_session_registration_id_identity_registration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_web_session")),
        sa.UniqueConstraint(
            "browser_hash", "course_id", name=op.f("uq_identity_web_session_browser_hash_course_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_identity_web_session_course_id"), "identity_web_session", ["course_id"], unique=False
    )
    op.create_index(
        op.f("ix_identity_web_session_expires_at"), "identity_web_session", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_identity_web_session_membership_id"), "identity_web_session", ["membership_id"], unique=False
    )
    op.create_index(
        op.f("ix_identity_web_session_registration_id"),
        "identity_web_session",
        ["registration_id"],
        unique=False,
    )

    op.create_table(
        "launch_selection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.String(length=255), nullable=False),
        sa.Column("resource_link_id", sa.Integer(), nullable=True),
        sa.Column(
            "deep_linking",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=True,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_launch_selection_community_id_communities_community"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["identity_course.id"],
            name=op.f("fk_launch_selection_course_id_identity_course"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["identity_registration.id"],
            name=op.f("fk_launch_selection_registration_id_identity_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resource_link_id"],
            ["identity_resource_link.id"],
            name=op.f("fk_launch_selection_resource_link_id_identity_resource_link"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_launch_selection_tenant_id_identity_tenant"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["identity_user.id"],
            name=op.f("fk_launch_selection_user_id_identity_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_launch_selection")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_launch_selection_key_hash")),
    )
    op.create_index(
        op.f("ix_launch_selection_community_id"), "launch_selection", ["community_id"], unique=False
    )
    op.create_index(op.f("ix_launch_selection_course_id"), "launch_selection", ["course_id"], unique=False)
    op.create_index(op.f("ix_launch_selection_expires_at"), "launch_selection", ["expires_at"], unique=False)
    op.create_index(
        op.f("ix_launch_selection_registration_id"), "launch_selection", ["registration_id"], unique=False
    )
    op.create_index(
        op.f("ix_launch_selection_resource_link_id"), "launch_selection", ["resource_link_id"], unique=False
    )
    op.create_index(op.f("ix_launch_selection_tenant_id"), "launch_selection", ["tenant_id"], unique=False)
    op.create_index(op.f("ix_launch_selection_user_id"), "launch_selection", ["user_id"], unique=False)

    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_search_document_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_search_document_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_search_document_kind_subject_id")),
    )
    op.create_index(
        "ix_search_document_community_id_at", "search_document", ["community_id", "at"], unique=False
    )
    op.create_index(op.f("ix_search_document_tenant_id"), "search_document", ["tenant_id"], unique=False)

    op.create_table(
        "communities_placement_link",
        sa.Column("resource_link_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_communities_placement_link_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["resource_link_id"],
            ["identity_resource_link.id"],
            name=op.f("fk_communities_placement_link_resource_link_id_identity_resource_link"),
        ),
        sa.PrimaryKeyConstraint("resource_link_id", name=op.f("pk_communities_placement_link")),
    )
    op.create_index(
        op.f("ix_communities_placement_link_placement_id"),
        "communities_placement_link",
        ["placement_id"],
        unique=False,
    )

    op.create_table(
        "content_contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author_role", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum("published", "held", "rejected", "removed", name="state", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("cooked_version", sa.Integer(), nullable=False),
        sa.Column("submission_key", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edit_count", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["identity_user.id"], name=op.f("fk_content_contribution_author_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_content_contribution_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_content_contribution_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["removed_by_id"],
            ["identity_user.id"],
            name=op.f("fk_content_contribution_removed_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_content_contribution_tenant_id_identity_tenant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_contribution")),
        sa.UniqueConstraint(
            "author_id", "submission_key", name=op.f("uq_content_contribution_author_id_submission_key")
        ),
    )
    op.create_index(
        op.f("ix_content_contribution_community_id"), "content_contribution", ["community_id"], unique=False
    )
    op.create_index(
        "ix_content_contribution_cooked_version", "content_contribution", ["cooked_version"], unique=False
    )
    op.create_index(
        op.f("ix_content_contribution_placement_id"), "content_contribution", ["placement_id"], unique=False
    )
    op.create_index(
        op.f("ix_content_contribution_removed_by_id"), "content_contribution", ["removed_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_content_contribution_tenant_id"), "content_contribution", ["tenant_id"], unique=False
    )

    op.create_table(
        "identity_handover",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("web_session_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["web_session_id"],
            ["identity_web_session.id"],
            name=op.f("fk_identity_handover_web_session_id_identity_web_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_identity_handover")),
    )
    op.create_index(
        op.f("ix_identity_handover_expires_at"), "identity_handover", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_identity_handover_web_session_id"), "identity_handover", ["web_session_id"], unique=False
    )

    op.create_table(
        "moderation_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "published", "declined", "withdrawn", name="casestate", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "verdicts",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["identity_user.id"], name=op.f("fk_moderation_case_author_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_moderation_case_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["identity_user.id"],
            name=op.f("fk_moderation_case_decided_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_moderation_case_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_moderation_case_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_case")),
    )
    op.create_index(op.f("ix_moderation_case_author_id"), "moderation_case", ["author_id"], unique=False)
    op.create_index(
        "ix_moderation_case_community_id_state", "moderation_case", ["community_id", "state"], unique=False
    )
    op.create_index(
        op.f("ix_moderation_case_contribution_id"), "moderation_case", ["contribution_id"], unique=False
    )
    op.create_index(
        op.f("ix_moderation_case_decided_by_id"), "moderation_case", ["decided_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_moderation_case_placement_id"), "moderation_case", ["placement_id"], unique=False
    )
    op.create_index(op.f("ix_moderation_case_tenant_id"), "moderation_case", ["tenant_id"], unique=False)

    op.create_table(
        "content_revision",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_content_revision_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["editor_id"], ["identity_user.id"], name=op.f("fk_content_revision_editor_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("contribution_id", "number", name=op.f("pk_content_revision")),
    )
    op.create_index(op.f("ix_content_revision_editor_id"), "content_revision", ["editor_id"], unique=False)

    op.create_table(
        "discussion_thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum("published", "held", "rejected", "removed", name="state", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("highest_number", sa.Integer(), nullable=False),
        sa.Column("reply_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_author_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["identity_user.id"], name=op.f("fk_discussion_thread_author_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_discussion_thread_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["last_author_id"],
            ["identity_user.id"],
            name=op.f("fk_discussion_thread_last_author_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["opening_id"],
            ["content_contribution.id"],
            name=op.f("fk_discussion_thread_opening_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["communities_placement.id"],
            name=op.f("fk_discussion_thread_placement_id_communities_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_discussion_thread_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_thread")),
        sa.UniqueConstraint("opening_id", name=op.f("uq_discussion_thread_opening_id")),
    )
    op.create_index(op.f("ix_discussion_thread_author_id"), "discussion_thread", ["author_id"], unique=False)
    op.create_index(
        op.f("ix_discussion_thread_community_id"), "discussion_thread", ["community_id"], unique=False
    )
    op.create_index(
        op.f("ix_discussion_thread_last_author_id"), "discussion_thread", ["last_author_id"], unique=False
    )
    op.create_index(
        "ix_discussion_thread_list",
        "discussion_thread",
        ["placement_id", "pinned", "last_activity_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_discussion_thread_tenant_id"), "discussion_thread", ["tenant_id"], unique=False)

    op.create_table(
        "discussion_post",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=600), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["content_contribution.id"],
            name=op.f("fk_discussion_post_contribution_id_content_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["discussion_post.contribution_id"],
            name=op.f("fk_discussion_post_parent_id_discussion_post"),
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["discussion_thread.id"],
            name=op.f("fk_discussion_post_thread_id_discussion_thread"),
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_discussion_post")),
        sa.UniqueConstraint("thread_id", "number", name=op.f("uq_discussion_post_thread_id_number")),
        sa.UniqueConstraint("thread_id", "path", name=op.f("uq_discussion_post_thread_id_path")),
    )
    op.create_index(op.f("ix_discussion_post_parent_id"), "discussion_post", ["parent_id"], unique=False)

    op.create_table(
        "discussion_read_mark",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("last_read_number", sa.Integer(), nullable=False),
        sa.Column("read_ahead", sa.Text(), nullable=False),
        sa.Column("read_ahead_count", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["discussion_thread.id"],
            name=op.f("fk_discussion_read_mark_thread_id_discussion_thread"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_discussion_read_mark_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("user_id", "thread_id", name=op.f("pk_discussion_read_mark")),
    )
    op.create_index(
        op.f("ix_discussion_read_mark_thread_id"), "discussion_read_mark", ["thread_id"], unique=False
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("discussion_read_mark")

    op.drop_table("discussion_post")

    op.drop_table("discussion_thread")

    op.drop_table("content_revision")

    op.drop_table("moderation_case")

    op.drop_table("identity_handover")

    op.drop_table("content_contribution")

    op.drop_table("communities_placement_link")

    op.drop_table("search_document")

    op.drop_table("launch_selection")

    op.drop_table("identity_web_session")

    op.drop_table("content_draft")

    op.drop_table("communities_placement")

    op.drop_table("identity_resource_link")

    op.drop_table("identity_membership")

    op.drop_table("communities_community")

    op.drop_table("identity_course")

    op.drop_table("lti_pending_login")
    op.drop_table("lti_key_set")

    op.drop_table("identity_user")

    op.drop_table("identity_invitation")

    op.drop_table("identity_deployment")

    op.drop_table("identity_registration")

    op.drop_table("admin_session")

    op.drop_table("admin_recovery_code")

    op.drop_table("admin_log")

    op.drop_table("activity_parked")
    op.drop_table("plugin_settings_setting")
    op.drop_table("lti_tool_key")
    op.drop_table("identity_tenant")
    op.drop_table("admin_account")
    op.drop_table("activity_usage")
    op.drop_table("activity_subscriber")

    op.drop_table("activity_event")
