"""Moderation: verdicts, flags, appeals, the log nobody edits; stances and failures of plugins; appointments.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "plugin_settings_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plugin", sa.String(length=32), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hook", sa.String(length=80), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("tripped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plugin_settings_failure")),
        sa.UniqueConstraint("plugin", "tenant_id", name=op.f("uq_plugin_settings_failure_plugin_tenant_id")),
    )
    with op.batch_alter_table("plugin_settings_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plugin_settings_failure_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "moderation_backtest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column(
            "level",
            sa.Enum("installation", "tenant", "course", name="level", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column(
            "values",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("would_hold", sa.Integer(), nullable=False),
        sa.Column("would_advise", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("of_them_flagged", sa.Integer(), nullable=False),
        sa.Column("of_them_upheld", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column(
            "examples",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("ran_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ran_by_id"], ["identity_user.id"], name=op.f("fk_moderation_backtest_ran_by_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_backtest")),
    )
    with op.batch_alter_table("moderation_backtest", schema=None) as batch_op:
        batch_op.create_index(
            "ix_moderation_backtest_policy", ["policy", "level", "place_id", "at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_moderation_backtest_ran_by_id"), ["ran_by_id"], unique=False)

    op.create_table(
        "communities_appointment",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("offices", sa.String(length=100), nullable=False),
        sa.Column("appointed_by_id", sa.Integer(), nullable=True),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointed_by_id"],
            ["identity_user.id"],
            name=op.f("fk_communities_appointment_appointed_by_id_identity_user"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_communities_appointment_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity_user.id"], name=op.f("fk_communities_appointment_user_id_identity_user")
        ),
        sa.PrimaryKeyConstraint("community_id", "user_id", name=op.f("pk_communities_appointment")),
    )
    with op.batch_alter_table("communities_appointment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_communities_appointment_appointed_by_id"), ["appointed_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_communities_appointment_user_id"), ["user_id"], unique=False)

    op.create_table(
        "moderation_verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column(
            "stance",
            sa.Enum("off", "shadow", "advise", "enforce", name="stance", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("ruling", sa.Integer(), nullable=False),
        sa.Column("effective", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_moderation_verdict_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["identity_tenant.id"],
            name=op.f("fk_moderation_verdict_tenant_id_identity_tenant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_verdict")),
    )
    with op.batch_alter_table("moderation_verdict", schema=None) as batch_op:
        batch_op.create_index(
            "ix_moderation_verdict_community_id_policy_at", ["community_id", "policy", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_moderation_verdict_contribution_id"), ["contribution_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_moderation_verdict_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "moderation_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.Column(
            "deed",
            sa.Enum(
                "opened",
                "claimed",
                "released",
                "approved",
                "rejected",
                "redacted",
                "change_asked",
                "restored",
                "withdrawn",
                "flagged",
                "hidden",
                "appealed",
                "stance_changed",
                "tier_changed",
                "rules_changed",
                "appointed",
                "dismissed",
                name="deed",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["identity_user.id"], name=op.f("fk_moderation_entry_actor_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_moderation_entry_case_id_moderation_case")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_moderation_entry_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_moderation_entry_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_entry")),
    )
    with op.batch_alter_table("moderation_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moderation_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_entry_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_moderation_entry_community_id_at", ["community_id", "at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_moderation_entry_contribution_id"), ["contribution_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_moderation_entry_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "moderation_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("flagger_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "spam",
                "unkind",
                "personal_data",
                "wrong_place",
                "not_right",
                "other",
                name="flagreason",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "upheld", "dismissed", name="flagstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["identity_user.id"], name=op.f("fk_moderation_flag_author_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_moderation_flag_case_id_moderation_case")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities_community.id"],
            name=op.f("fk_moderation_flag_community_id_communities_community"),
        ),
        sa.ForeignKeyConstraint(
            ["flagger_id"], ["identity_user.id"], name=op.f("fk_moderation_flag_flagger_id_identity_user")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity_tenant.id"], name=op.f("fk_moderation_flag_tenant_id_identity_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_flag")),
        sa.UniqueConstraint(
            "contribution_id", "flagger_id", name=op.f("uq_moderation_flag_contribution_id_flagger_id")
        ),
    )
    with op.batch_alter_table("moderation_flag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moderation_flag_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_flag_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_flag_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_flag_flagger_id"), ["flagger_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_flag_tenant_id"), ["tenant_id"], unique=False)

    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("origin", sa.String(length=32), nullable=False, server_default="policy")
        )
        batch_op.add_column(sa.Column("source_hash", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("approvals_needed", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("score", sa.Float(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("appeal_of_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("plea", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("claimed_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.drop_index(batch_op.f("ix_moderation_case_community_id_state"))
        batch_op.drop_index(batch_op.f("ix_moderation_case_contribution_id"))
        batch_op.create_index(batch_op.f("ix_moderation_case_appeal_of_id"), ["appeal_of_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_case_claimed_by_id"), ["claimed_by_id"], unique=False)
        batch_op.create_index(
            "ix_moderation_case_contribution_id_state", ["contribution_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_moderation_case_decided_at"), ["decided_at"], unique=False)
        batch_op.create_index("ix_moderation_case_list", ["community_id", "state", "id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_moderation_case_appeal_of_id_moderation_case"),
            "moderation_case",
            ["appeal_of_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_moderation_case_claimed_by_id_identity_user"),
            "identity_user",
            ["claimed_by_id"],
            ["id"],
        )

    with op.batch_alter_table("communities_community", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer_hours", sa.Integer(), nullable=False, server_default="48"))
    op.execute("UPDATE moderation_case SET due_at = opened_at")
    op.execute("UPDATE moderation_case SET state = 'approved' WHERE state = 'published'")
    op.execute("UPDATE moderation_case SET state = 'rejected' WHERE state = 'declined'")
    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.alter_column("due_at", existing_type=sa.DateTime(timezone=True), nullable=False)

    with op.batch_alter_table("plugin_settings_setting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stance", sa.String(length=32), nullable=True))
        batch_op.add_column(
            sa.Column(
                "locked",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                nullable=False,
                server_default="{}",
            )
        )
    # What was on before there were stances held posts, and goes on holding them.
    op.execute("UPDATE plugin_settings_setting SET stance = 'enforce' WHERE enabled")
    _guard_the_log()


def _guard_the_log() -> None:
    """Nobody changes or deletes a line of the log of moderation, not even the program."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION moderation_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'the log of moderation cannot be changed'; END $$"
        )
        op.execute(
            "CREATE TRIGGER moderation_entry_stays BEFORE UPDATE OR DELETE ON moderation_entry "
            "FOR EACH ROW EXECUTE FUNCTION moderation_entry_stays()"
        )
        return
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER moderation_entry_stays_{deed.lower()} BEFORE {deed} ON moderation_entry "
            "BEGIN SELECT RAISE(ABORT, 'the log of moderation cannot be changed'); END"
        )


def downgrade() -> None:
    """Go back."""
    op.execute("UPDATE moderation_case SET state = 'published' WHERE state IN ('approved', 'redacted')")
    op.execute("UPDATE moderation_case SET state = 'declined' WHERE state IN ('rejected', 'change_asked')")
    with op.batch_alter_table("communities_community", schema=None) as batch_op:
        batch_op.drop_column("answer_hours")
    with op.batch_alter_table("plugin_settings_setting", schema=None) as batch_op:
        batch_op.drop_column("locked")
        batch_op.drop_column("stance")

    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_moderation_case_claimed_by_id_identity_user"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_moderation_case_appeal_of_id_moderation_case"), type_="foreignkey"
        )
        batch_op.drop_index("ix_moderation_case_list")
        batch_op.drop_index(batch_op.f("ix_moderation_case_decided_at"))
        batch_op.drop_index("ix_moderation_case_contribution_id_state")
        batch_op.drop_index(batch_op.f("ix_moderation_case_claimed_by_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_case_appeal_of_id"))
        batch_op.create_index(
            batch_op.f("ix_moderation_case_contribution_id"), ["contribution_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_moderation_case_community_id_state"), ["community_id", "state"], unique=False
        )
        batch_op.drop_column("version")
        batch_op.drop_column("due_at")
        batch_op.drop_column("claimed_at")
        batch_op.drop_column("claimed_by_id")
        batch_op.drop_column("plea")
        batch_op.drop_column("appeal_of_id")
        batch_op.drop_column("score")
        batch_op.drop_column("approvals_needed")
        batch_op.drop_column("source_hash")
        batch_op.drop_column("origin")

    with op.batch_alter_table("moderation_flag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moderation_flag_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_flag_flagger_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_flag_community_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_flag_case_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_flag_author_id"))

    op.drop_table("moderation_flag")
    with op.batch_alter_table("moderation_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moderation_entry_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_entry_contribution_id"))
        batch_op.drop_index("ix_moderation_entry_community_id_at")
        batch_op.drop_index(batch_op.f("ix_moderation_entry_case_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_entry_actor_id"))

    op.drop_table("moderation_entry")
    with op.batch_alter_table("moderation_verdict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moderation_verdict_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_verdict_contribution_id"))
        batch_op.drop_index("ix_moderation_verdict_community_id_policy_at")

    op.drop_table("moderation_verdict")
    with op.batch_alter_table("communities_appointment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_communities_appointment_user_id"))
        batch_op.drop_index(batch_op.f("ix_communities_appointment_appointed_by_id"))

    op.drop_table("communities_appointment")
    with op.batch_alter_table("moderation_backtest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moderation_backtest_ran_by_id"))
        batch_op.drop_index("ix_moderation_backtest_policy")

    op.drop_table("moderation_backtest")
    with op.batch_alter_table("plugin_settings_failure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plugin_settings_failure_tenant_id"))

    op.drop_table("plugin_settings_failure")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION moderation_entry_stays()")
