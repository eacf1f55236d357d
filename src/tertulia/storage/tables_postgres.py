"""What PostgreSQL has beside the tables that both databases have."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, Table, Text

from tertulia.storage.columns import Id
from tertulia.storage.tables import metadata as of_both

metadata = MetaData(naming_convention=of_both.naming_convention)

client_refs = Table(
    "client_refs",
    metadata,
    # Where each message is that was sent under a reference. A sender's reference is unique among
    # all conversations, for which no partition of `messages` could answer. A trigger of that table
    # stores the rows, so that nothing can be sent without. No foreign keys: what they would refer
    # to is never taken away.
    Column("client_ref", Text, primary_key=True),
    Column("sender_id", Id, primary_key=True),
    Column("conversation_id", Id, nullable=False),
    Column("seq", BigInteger, nullable=False),
)
