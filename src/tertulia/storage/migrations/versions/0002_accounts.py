"""Everything that people prove who they are with, whom they know, and what is written to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tertulia.storage.columns import Id, Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Widen accounts, members and sessions, and make the tables around accounts."""
    op.add_column("accounts", sa.Column("phone", sa.Text()))
    op.add_column("accounts", sa.Column("about", sa.Text()))
    for name in ("is_admin", "second_step"):
        op.add_column(
            "accounts",
            sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()),
        )
    op.add_column("accounts", sa.Column("disabled_at", Instant()))
    op.add_column("accounts", sa.Column("deleted_at", Instant()))
    op.create_index("uq_accounts_phone", "accounts", ["phone"], unique=True)
    op.add_column("members", sa.Column("silenced_at", Instant()))
    op.drop_index("ix_sessions_living", "sessions")
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    has_ended = sa.text("ended_at IS NOT NULL")
    op.create_index(
        "ix_sessions_ended",
        "sessions",
        ["ended_at"],
        sqlite_where=has_ended,
        postgresql_where=has_ended,
    )
    _make_proofs()
    _make_relations()
    op.create_table(
        "letters",
        sa.Column("id", Id(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant()),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_letters_due_at", "letters", ["due_at"])
    op.create_table(
        "exports",
        sa.Column("id", Id(), nullable=False),
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("blob", sa.Text()),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("ready_at", Instant()),
        sa.Column("failed_at", Instant()),
        sa.Column("expires_at", Instant()),
        _of_account("exports"),
        sa.PrimaryKeyConstraint("id", name="pk_exports"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_exports_account_id", "exports", ["account_id"])


def downgrade() -> None:
    """Take all of it away again."""
    for table in (
        "exports",
        "letters",
        "blocks",
        "contacts",
        "passkeys",
        "recovery_codes",
        "authenticators",
        "identities",
        "phone_codes",
        "one_time_tokens",
    ):
        op.drop_table(table)
    op.drop_index("ix_sessions_ended", "sessions")
    op.drop_index("ix_sessions_account_id", "sessions")
    has_not_ended = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_sessions_living",
        "sessions",
        ["account_id"],
        sqlite_where=has_not_ended,
        postgresql_where=has_not_ended,
    )
    op.drop_column("members", "silenced_at")
    op.drop_index("uq_accounts_phone", "accounts")
    for name in ("phone", "about", "is_admin", "second_step", "disabled_at", "deleted_at"):
        op.drop_column("accounts", name)


def _make_proofs() -> None:
    op.create_table(
        "one_time_tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("account_id", Id()),
        sa.Column("detail", sa.Text()),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        _of_account("one_time_tokens"),
        sa.PrimaryKeyConstraint("digest", name="pk_one_time_tokens"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_one_time_tokens_account_id", "one_time_tokens", ["account_id"])
    op.create_index("ix_one_time_tokens_expires_at", "one_time_tokens", ["expires_at"])
    op.create_table(
        "phone_codes",
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("phone", "asker", name="pk_phone_codes"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_phone_codes_expires_at", "phone_codes", ["expires_at"])
    op.create_table(
        "identities",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("inserted_at", Instant(), nullable=False),
        _of_account("identities"),
        sa.PrimaryKeyConstraint("provider", "subject", name="pk_identities"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_identities_account_id", "identities", ["account_id"])
    op.create_table(
        "authenticators",
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("confirmed_at", Instant()),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        _of_account("authenticators"),
        sa.PrimaryKeyConstraint("account_id", name="pk_authenticators"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recovery_codes",
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _of_account("recovery_codes"),
        sa.PrimaryKeyConstraint("account_id", "digest", name="pk_recovery_codes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("transports", sa.Text(), nullable=False),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.Column("last_used_at", Instant()),
        _of_account("passkeys"),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_passkeys_account_id", "passkeys", ["account_id"])


def _make_relations() -> None:
    for table in ("contacts", "blocks"):
        op.create_table(
            table,
            sa.Column("account_id", Id(), nullable=False),
            sa.Column("other_id", Id(), nullable=False),
            sa.Column("inserted_at", Instant(), nullable=False),
            _of_account(table),
            _of_account(table, "other_id"),
            sa.PrimaryKeyConstraint("account_id", "other_id", name=f"pk_{table}"),
            sqlite_with_rowid=False,
        )
        op.create_index(f"ix_{table}_other_id", table, ["other_id"])


def _of_account(table: str, column: str = "account_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["accounts.id"], name=f"fk_{table}_{column}")
