"""The tables, as both databases have them; `migrations` makes and changes them.

What one of them has alone says so by `ddl_if`, or is in `tables_postgres`.

A lasting change stamps its row's `changed_seq`. Rows that end stay: a message deleted loses its
body, a member gone has `left_at`, a conversation deleted has `deleted_at` and is never fetched
again. `..._folded` holds text without case, `search_text` without accents too (see `folding`).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
)

from tertulia.storage.columns import Id, Instant, Number, Sealed

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

accounts = Table(
    "accounts",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("email", Text),
    Column("email_folded", Text, unique=True),
    Column("username", Text),
    Column("username_folded", Text, unique=True),
    Column("display_name", Text, nullable=False),
    Column("display_name_folded", Text, nullable=False),
    Column("avatar", Text),
    Column("password_hash", Text),
    Column("confirmed_at", Instant),
    Column("hidden", Boolean, nullable=False),
    Column("theme", Text, nullable=False),
    Column("magnification", Float, nullable=False),
    Column("recents", Text, nullable=False),
    Column("phone", Text),
    Column("about", Text),
    Column("is_admin", Boolean, nullable=False),
    Column("second_step", Boolean, nullable=False),
    Column("disabled_at", Instant),
    Column("inserted_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    # A number that was given out is never given out again.
    sqlite_autoincrement=True,
)
Index("uq_accounts_phone", accounts.c.phone, unique=True)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account_id", Id, ForeignKey(accounts.c.id), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("inserted_at", Instant, nullable=False),
    Column("last_used_at", Instant, nullable=False),
    Column("ended_at", Instant),
    sqlite_with_rowid=False,
)
has_ended = sessions.c.ended_at.is_not(None)
Index(
    "ix_sessions_ended",
    sessions.c.ended_at,
    sqlite_where=has_ended,
    postgresql_where=has_ended,
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("session_id", Id, ForeignKey(sessions.c.id), nullable=False, index=True),
    Column("expires_at", Instant, nullable=False),
    Column("spent_at", Instant),
    sqlite_with_rowid=False,
)

one_time_tokens = Table(
    "one_time_tokens",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("account_id", Id, ForeignKey(accounts.c.id), index=True),
    Column("detail", Text),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("tries", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

phone_codes = Table(
    "phone_codes",
    metadata,
    Column("phone", Text, primary_key=True),
    # The account that adds the number, in hexadecimal digits; empty for whoever signs in.
    Column("asker", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("tries", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

identities = Table(
    "identities",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("account_id", Id, ForeignKey(accounts.c.id), nullable=False, index=True),
    Column("email", Text),
    Column("inserted_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

authenticators = Table(
    "authenticators",
    metadata,
    Column("account_id", Id, ForeignKey(accounts.c.id), primary_key=True),
    Column("sealed_secret", Sealed, nullable=False),
    Column("confirmed_at", Instant),
    Column("last_step", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account_id", Id, ForeignKey(accounts.c.id), primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    sqlite_with_rowid=False,
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("account_id", Id, ForeignKey(accounts.c.id), nullable=False, index=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("transports", Text, nullable=False),
    Column("inserted_at", Instant, nullable=False),
    Column("last_used_at", Instant),
    sqlite_with_rowid=False,
)

contacts = Table(
    "contacts",
    metadata,
    Column("account_id", Id, ForeignKey(accounts.c.id), primary_key=True),
    Column("other_id", Id, ForeignKey(accounts.c.id), primary_key=True, index=True),
    Column("inserted_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

blocks = Table(
    "blocks",
    metadata,
    Column("account_id", Id, ForeignKey(accounts.c.id), primary_key=True),
    Column("other_id", Id, ForeignKey(accounts.c.id), primary_key=True, index=True),
    Column("inserted_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

letters = Table(
    "letters",
    metadata,
    Column("id", Id, primary_key=True),
    Column("sealed", Sealed, nullable=False),
    Column("tries", BigInteger, nullable=False),
    Column("due_at", Instant, nullable=False, index=True),
    Column("expires_at", Instant),
    Column("inserted_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

exports = Table(
    "exports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account_id", Id, ForeignKey(accounts.c.id), nullable=False, index=True),
    Column("inserted_at", Instant, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("blob", Text),
    Column("size", BigInteger, nullable=False),
    Column("ready_at", Instant),
    Column("failed_at", Instant),
    Column("expires_at", Instant),
    sqlite_with_rowid=False,
)

conversations = Table(
    "conversations",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("encrypted", Boolean, nullable=False),
    Column("name", Text),
    Column("alias", Text),
    Column("topic", Text),
    Column("description", Text),
    Column("search_text", Text, nullable=False),
    # The two people of a private chat, 16 bytes each, the smaller id first; after an "e" where it
    # is encrypted.
    Column("pair_key", LargeBinary, unique=True),
    Column("head_seq", BigInteger, nullable=False),
    Column("member_count", BigInteger, nullable=False),
    Column("inserted_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("last_activity_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    Column("picture", Text),
    Column("slow_mode_s", BigInteger, nullable=False, server_default="0"),
    # Up to which seq the messages are in the index that people search.
    Column("indexed_seq", BigInteger, nullable=False, server_default="0"),
    sqlite_autoincrement=True,
)
# Worded with a literal: planners use a partial index only for a condition that they can read.
is_open_room = (conversations.c.kind == literal_column("'room'")) & conversations.c.deleted_at.is_(
    None
)
Index(
    "uq_conversations_name",
    conversations.c.name,
    unique=True,
    # The name of a deleted room is free again.
    sqlite_where=conversations.c.deleted_at.is_(None),
    postgresql_where=conversations.c.deleted_at.is_(None),
)
Index(
    "ix_conversations_rooms_by_number",
    conversations.c.number,
    sqlite_where=is_open_room,
    postgresql_where=is_open_room,
)
Index(
    "ix_conversations_rooms_by_members",
    conversations.c.member_count,
    conversations.c.number,
    sqlite_where=is_open_room,
    postgresql_where=is_open_room,
)

members = Table(
    "members",
    metadata,
    Column("conversation_id", Id, ForeignKey(conversations.c.id), primary_key=True),
    Column("account_id", Id, ForeignKey(accounts.c.id), primary_key=True),
    Column("role", Text, nullable=False),
    Column("joined_at", Instant, nullable=False),
    Column("joined_seq", BigInteger, nullable=False),
    Column("changed_seq", BigInteger, nullable=False),
    Column("read_seq", BigInteger, nullable=False),
    Column("read_at", Instant),
    Column("left_at", Instant),
    Column("silenced_at", Instant),
    # Null for what the person's settings say of conversations of its kind.
    Column("notify", Text),
    Column("muted_until", Instant),
    Column("pinned_at", Instant),
    Column("archived_at", Instant),
    Column("marked_unread", Boolean, nullable=False, server_default=false()),
    # Kept up to date only while slow mode is on.
    Column("last_sent_at", Instant),
    sqlite_with_rowid=False,
)
is_present = members.c.left_at.is_(None)
Index(
    "ix_members_present_by_account",
    members.c.account_id,
    sqlite_where=is_present,
    postgresql_where=is_present,
)
Index(
    "ix_members_present_by_joined_seq",
    members.c.conversation_id,
    members.c.joined_seq,
    members.c.account_id,
    sqlite_where=is_present,
    postgresql_where=is_present,
)
Index("ix_members_changed_seq", members.c.conversation_id, members.c.changed_seq)

messages = Table(
    "messages",
    metadata,
    # The rows of one conversation lie side by side on SQLite, in order of their seq.
    Column("conversation_id", Id, ForeignKey(conversations.c.id), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("changed_seq", BigInteger, nullable=False),
    Column("id", Id, nullable=False),
    Column("sender_id", Id, ForeignKey(accounts.c.id), nullable=False),
    Column("client_ref", Text),
    Column("body", Text),
    Column("reply_to", Id),
    Column("inserted_at", Instant, nullable=False),
    Column("edited_at", Instant),
    Column("deleted_at", Instant),
    Column("pinned_at", Instant),
    # What a plain text does not have, as JSON (see `extras`); most messages have none of it.
    Column("extras", Text),
    UniqueConstraint("id").ddl_if(dialect="sqlite"),
    ForeignKeyConstraint(["reply_to"], ["messages.id"]).ddl_if(dialect="sqlite"),
    # Of a table in partitions, what is unique has their key in it. The id first: by this one index
    # messages are found by their id alone, too.
    UniqueConstraint("id", "conversation_id").ddl_if(dialect="postgresql"),
    ForeignKeyConstraint(
        ["reply_to", "conversation_id"], ["messages.id", "messages.conversation_id"]
    ).ddl_if(dialect="postgresql"),
    sqlite_with_rowid=False,
    postgresql_partition_by="HASH (conversation_id)",
)
# Sending is the hot path, so a message comes into this index only with its first later change.
is_changed = messages.c.changed_seq != messages.c.seq
Index(
    "ix_messages_changed_seq",
    messages.c.conversation_id,
    messages.c.changed_seq,
    sqlite_where=is_changed,
    postgresql_where=is_changed,
)
# The reference first: where clients make them in order of time, as a UUIDv7 is, the sends of many
# people at once touch the same few pages. On PostgreSQL `client_refs` has it.
Index(
    "uq_messages_client_ref",
    messages.c.client_ref,
    messages.c.sender_id,
    unique=True,
    sqlite_where=messages.c.client_ref.is_not(None),
).ddl_if(dialect="sqlite")
is_pinned = messages.c.pinned_at.is_not(None)
Index(
    "ix_messages_pinned",
    messages.c.conversation_id,
    messages.c.pinned_at,
    sqlite_where=is_pinned,
    postgresql_where=is_pinned,
)
