"""People, their sign-ins, conversations, members and messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tertulia.storage.columns import Id, Instant, Number

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    is_open_room = sa.text("kind = 'room' AND deleted_at IS NULL")
    is_not_deleted = sa.text("deleted_at IS NULL")
    is_present = sa.text("left_at IS NULL")
    is_living = sa.text("ended_at IS NULL")
    is_changed = sa.text("changed_seq != seq")
    has_client_ref = sa.text("client_ref IS NOT NULL")

    op.create_table(
        "accounts",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("email_folded", sa.Text()),
        sa.Column("username", sa.Text()),
        sa.Column("username_folded", sa.Text()),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("display_name_folded", sa.Text(), nullable=False),
        sa.Column("avatar", sa.Text()),
        sa.Column("password_hash", sa.Text()),
        sa.Column("confirmed_at", Instant()),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("magnification", sa.Float(), nullable=False),
        sa.Column("recents", sa.Text(), nullable=False),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_accounts"),
        sa.UniqueConstraint("email_folded", name="uq_accounts_email_folded"),
        sa.UniqueConstraint("id", name="uq_accounts_id"),
        sa.UniqueConstraint("username_folded", name="uq_accounts_username_folded"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "conversations",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("encrypted", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("alias", sa.Text()),
        sa.Column("topic", sa.Text()),
        sa.Column("description", sa.Text()),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("pair_key", sa.LargeBinary()),
        sa.Column("head_seq", sa.BigInteger(), nullable=False),
        sa.Column("member_count", sa.BigInteger(), nullable=False),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("last_activity_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
        sa.PrimaryKeyConstraint("number", name="pk_conversations"),
        sa.UniqueConstraint("id", name="uq_conversations_id"),
        sa.UniqueConstraint("pair_key", name="uq_conversations_pair_key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_conversations_rooms_by_members",
        "conversations",
        ["member_count", "number"],
        sqlite_where=is_open_room,
        postgresql_where=is_open_room,
    )
    op.create_index(
        "ix_conversations_rooms_by_number",
        "conversations",
        ["number"],
        sqlite_where=is_open_room,
        postgresql_where=is_open_room,
    )
    op.create_index(
        "uq_conversations_name",
        "conversations",
        ["name"],
        unique=True,
        sqlite_where=is_not_deleted,
        postgresql_where=is_not_deleted,
    )
    op.create_table(
        "members",
        sa.Column("conversation_id", Id(), nullable=False),
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("joined_at", Instant(), nullable=False),
        sa.Column("joined_seq", sa.BigInteger(), nullable=False),
        sa.Column("changed_seq", sa.BigInteger(), nullable=False),
        sa.Column("read_seq", sa.BigInteger(), nullable=False),
        sa.Column("read_at", Instant()),
        sa.Column("left_at", Instant()),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_members_account_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_members_conversation_id"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "account_id", name="pk_members"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_members_changed_seq", "members", ["conversation_id", "changed_seq"])
    op.create_index(
        "ix_members_present_by_account",
        "members",
        ["account_id"],
        sqlite_where=is_present,
        postgresql_where=is_present,
    )
    op.create_index(
        "ix_members_present_by_joined_seq",
        "members",
        ["conversation_id", "joined_seq", "account_id"],
        sqlite_where=is_present,
        postgresql_where=is_present,
    )
    op.create_table(
        "messages",
        sa.Column("conversation_id", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("changed_seq", sa.BigInteger(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("sender_id", Id(), nullable=False),
        sa.Column("client_ref", sa.Text()),
        sa.Column("body", sa.Text()),
        sa.Column("reply_to", Id()),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.Column("edited_at", Instant()),
        sa.Column("deleted_at", Instant()),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_messages_conversation_id"
        ),
        sa.ForeignKeyConstraint(["reply_to"], ["messages.id"], name="fk_messages_reply_to"),
        sa.ForeignKeyConstraint(["sender_id"], ["accounts.id"], name="fk_messages_sender_id"),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name="pk_messages"),
        sa.UniqueConstraint("id", name="uq_messages_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_messages_changed_seq",
        "messages",
        ["conversation_id", "changed_seq"],
        sqlite_where=is_changed,
        postgresql_where=is_changed,
    )
    op.create_index(
        "uq_messages_client_ref",
        "messages",
        ["client_ref", "sender_id"],
        unique=True,
        sqlite_where=has_client_ref,
        postgresql_where=has_client_ref,
    )
    op.create_table(
        "sessions",
        sa.Column("id", Id(), nullable=False),
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.Column("last_used_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_sessions_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_sessions_living",
        "sessions",
        ["account_id"],
        sqlite_where=is_living,
        postgresql_where=is_living,
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", Id(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("spent_at", Instant()),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_refresh_tokens_session_id"
        ),
        sa.PrimaryKeyConstraint("digest", name="pk_refresh_tokens"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_refresh_tokens_session_id", "refresh_tokens", ["session_id"])


def downgrade() -> None:
    """Drop every table."""
    for table in (
        "refresh_tokens",
        "sessions",
        "messages",
        "members",
        "conversations",
        "accounts",
    ):
        op.drop_table(table)
