"""The tables around messages and conversations; `tables` has those two themselves."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    true,
)

from tertulia.storage.columns import Id, Instant, Sealed
from tertulia.storage.tables import accounts, conversations
from tertulia.storage.tables import metadata as metadata

EVERYONE = UUID(int=0)
"""Stands in `mentions` for all members of the conversation."""

mentions = Table(
    "mentions",
    metadata,
    # Whom a living message mentions: an account, or EVERYONE.
    Column("conversation_id", Id, ForeignKey(conversations.c.id), primary_key=True),
    Column("account_id", Id, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)

media = Table(
    "media",
    metadata,
    # What a living message carries: an upload, or (kind "link", without one) a web address.
    Column("conversation_id", Id, ForeignKey(conversations.c.id), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("upload_id", Id, index=True),
    sqlite_with_rowid=False,
)
Index("ix_media_kind", media.c.conversation_id, media.c.kind, media.c.seq)

message_versions = Table(
    "message_versions",
    metadata,
    # What a message said before it was edited, by the seq of that edit.
    Column("message_id", Id, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("body", Text, nullable=False),
    Column("written_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

stars = Table(
    "stars",
    metadata,
    Column("account_id", Id, ForeignKey(accounts.c.id), primary_key=True),
    Column("message_id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey(conversations.c.id), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("starred_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_stars_starred_at", stars.c.account_id, stars.c.starred_at, stars.c.message_id)
# A message that is deleted loses everyone's stars.
Index("ix_stars_message_id", stars.c.message_id)

invites = Table(
    "invites",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey(conversations.c.id), nullable=False, index=True),
    # The digest finds it; the sealed token lets those who may invite see the link again.
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("sealed_token", Sealed, nullable=False),
    Column("created_by", Id, ForeignKey(accounts.c.id), nullable=False),
    Column("inserted_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("max_uses", BigInteger),
    Column("uses", BigInteger, nullable=False),
    Column("revoked_at", Instant),
    sqlite_with_rowid=False,
)

bans = Table(
    "bans",
    metadata,
    Column("conversation_id", Id, ForeignKey(conversations.c.id), primary_key=True),
    Column("account_id", Id, ForeignKey(accounts.c.id), primary_key=True),
    Column("banned_by", Id, ForeignKey(accounts.c.id), nullable=False),
    Column("reason", Text),
    Column("inserted_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

audit = Table(
    "audit",
    metadata,
    # Its ids rise with time, so that the trail is read in their order.
    Column("conversation_id", Id, ForeignKey(conversations.c.id), primary_key=True),
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(accounts.c.id), nullable=False),
    Column("act", Text, nullable=False),
    Column("target_id", Id),
    Column("detail", Text),
    Column("inserted_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account_id", Id, ForeignKey(accounts.c.id), nullable=False, index=True),
    Column("conversation_id", Id, ForeignKey(conversations.c.id), nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    # How many bytes have come; all of them once it is complete.
    Column("received", BigInteger, nullable=False),
    Column("blob", Text, nullable=False),
    Column("thumbnail", Text),
    # The attachment that it makes, as JSON; null until it is complete.
    Column("attachment", Text),
    Column("inserted_at", Instant, nullable=False),
    # When it is thrown away unless a message carries it by then.
    Column("expires_at", Instant, index=True),
    sqlite_with_rowid=False,
)

preview_pictures = Table(
    "preview_pictures",
    metadata,
    # The picture of a page behind a link, by its key; it goes with the message that shows it.
    Column("blob", Text, primary_key=True),
    Column("conversation_id", Id, ForeignKey(conversations.c.id), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("inserted_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

scheduled = Table(
    "scheduled",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account_id", Id, ForeignKey(accounts.c.id), nullable=False, index=True),
    Column("conversation_id", Id, ForeignKey(conversations.c.id), nullable=False),
    Column("body", Text, nullable=False),
    Column("reply_to", Id),
    Column("extras", Text),
    Column("due_at", Instant, nullable=False, index=True),
    Column("inserted_at", Instant, nullable=False),
    # Why it could not be sent; it then waits for its author.
    Column("failure", Text),
    # Somebody is sending it, and nobody else does before then.
    Column("claimed_until", Instant),
    sqlite_with_rowid=False,
)

push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account_id", Id, ForeignKey(accounts.c.id), nullable=False, index=True),
    # It ends with the session that made it.
    Column("session_id", Id, nullable=False, index=True),
    Column("endpoint", Text, nullable=False, unique=True),
    Column("p256dh", Text, nullable=False),
    Column("auth", Text, nullable=False),
    Column("inserted_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

notification_settings = Table(
    "notification_settings",
    metadata,
    # Who has no row has all of it as it usually is.
    Column("account_id", Id, ForeignKey(accounts.c.id), primary_key=True),
    Column("notify_private", Text, nullable=False, server_default="all"),
    Column("notify_groups", Text, nullable=False, server_default="all"),
    Column("notify_rooms", Text, nullable=False, server_default="mentions"),
    Column("shows_text", Boolean, nullable=False, server_default=true()),
    Column("has_sound", Boolean, nullable=False, server_default=true()),
    # Hours of absence after which a digest is sent; null for none.
    Column("digest_after_h", BigInteger),
    Column("digest_sent_at", Instant),
    sqlite_with_rowid=False,
)
