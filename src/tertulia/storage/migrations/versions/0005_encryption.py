"""Keys, and messages that are sealed for each person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tertulia.storage.columns import Id, Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables of conversations first, then those of accounts."""
    op.create_table(
        "encryption_keys",
        sa.Column("conversation_id", Id(), nullable=False),
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("private_key", sa.Text(), nullable=False),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_encryption_keys_account_id"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_encryption_keys_conversation_id"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "account_id", "seq", name="pk_encryption_keys"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_encryption_keys_account_id", "encryption_keys", ["account_id"])
    op.create_table(
        "copies",
        sa.Column("conversation_id", Id(), nullable=False),
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("content", sa.Text()),
        sa.PrimaryKeyConstraint("conversation_id", "account_id", "seq", name="pk_copies"),
        sa.UniqueConstraint("id", name="uq_copies_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reaction_copies",
        sa.Column("conversation_id", Id(), nullable=False),
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("author_id", Id(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "conversation_id", "account_id", "seq", "author_id", name="pk_reaction_copies"
        ),
        sqlite_with_rowid=False,
    )
    _make_what_accounts_have()


def downgrade() -> None:
    """Take all of it away."""
    for name in (
        "handovers",
        "key_wraps",
        "account_keys",
        "reaction_copies",
        "copies",
        "encryption_keys",
    ):
        op.drop_table(name)


def _make_what_accounts_have() -> None:
    op.create_table(
        "account_keys",
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("private_key", sa.Text(), nullable=False),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_account_keys_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_account_keys"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "key_wraps",
        sa.Column("id", Id(), nullable=False),
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text()),
        sa.Column("wrapped", sa.Text(), nullable=False),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_key_wraps_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_key_wraps"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_key_wraps_account_id", "key_wraps", ["account_id"])
    op.create_table(
        "handovers",
        sa.Column("id", Id(), nullable=False),
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("session_id", Id(), nullable=False),
        sa.Column("answerer_id", Id()),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("messages", sa.Text(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_handovers_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
        sqlite_with_rowid=False,
    )
    for column in ("account_id", "session_id", "answerer_id", "expires_at"):
        op.create_index(f"ix_handovers_{column}", "handovers", [column])
