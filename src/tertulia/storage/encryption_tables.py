"""The tables of end-to-end encryption: keys, and what was sealed for each person.

Nothing here can be read by the server. What is called sealed is encrypted once more, by the vault.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Table, Text

from tertulia.storage.columns import Id, Instant, Sealed
from tertulia.storage.search_tables import metadata as metadata
from tertulia.storage.tables import accounts, conversations

encryption_keys = Table(
    "encryption_keys",
    metadata,
    # Every pair that a person ever published in a conversation, by the seq that publishing took;
    # the latest is the current one.
    Column("conversation_id", Id, ForeignKey(conversations.c.id), primary_key=True),
    Column("account_id", Id, ForeignKey(accounts.c.id), primary_key=True, index=True),
    Column("seq", BigInteger, primary_key=True),
    Column("public_key", Sealed, nullable=False),
    Column("private_key", Sealed, nullable=False),
    Column("inserted_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

copies = Table(
    "copies",
    metadata,
    # A message as it was sealed for one person. Those of one reader lie side by side on SQLite, in
    # the order of history. Without foreign keys: a message has as many of them as its conversation
    # has members, and what they would refer to is never taken away.
    Column("conversation_id", Id, primary_key=True),
    Column("account_id", Id, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("id", Id, nullable=False, unique=True),
    # Null once the message was deleted; whoever had a copy sees the tombstone.
    Column("content", Text),
    sqlite_with_rowid=False,
)

reaction_copies = Table(
    "reaction_copies",
    metadata,
    # What the author reacted with to the message at that seq, as it was sealed for one person.
    Column("conversation_id", Id, primary_key=True),
    Column("account_id", Id, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("author_id", Id, primary_key=True),
    Column("content", Text, nullable=False),
    sqlite_with_rowid=False,
)

account_keys = Table(
    "account_keys",
    metadata,
    # What a person signs conversation keys with; `version` counts the replacements.
    Column("account_id", Id, ForeignKey(accounts.c.id), primary_key=True),
    Column("public_key", Sealed, nullable=False),
    Column("private_key", Sealed, nullable=False),
    Column("inserted_at", Instant, nullable=False),
    Column("version", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

key_wraps = Table(
    "key_wraps",
    metadata,
    # The account's secret, wrapped for one way of recovery: `recovery` or `passkey`.
    Column("id", Id, primary_key=True),
    Column("account_id", Id, ForeignKey(accounts.c.id), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("label", Text),
    Column("wrapped", Sealed, nullable=False),
    Column("inserted_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

handovers = Table(
    "handovers",
    metadata,
    # A conversation between two devices of one account, as a JSON list of messages.
    Column("id", Id, primary_key=True),
    Column("account_id", Id, ForeignKey(accounts.c.id), nullable=False, index=True),
    # The one that asks, and the one that answered first; it ends with either.
    Column("session_id", Id, nullable=False, index=True),
    Column("answerer_id", Id, index=True),
    Column("device", Text, nullable=False),
    Column("messages", Sealed, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    sqlite_with_rowid=False,
)
