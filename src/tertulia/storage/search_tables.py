"""The tables of the index of messages; on SQLite its lexemes are in an FTS5 table beside them.

`0004_search` makes what SQLAlchemy has no words for: the FTS5 table `search_index` (SQLite), and
the GIN index of `indexed` (PostgreSQL).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text
from sqlalchemy.dialects.postgresql import TSVECTOR

from tertulia.storage.columns import Id, Instant, Number
from tertulia.storage.talk_tables import metadata as metadata

FIRST_DOC = 1 << 32
"""What was there before the index gets numbers below this one, the latest first."""

BLOCK_BITS = 8
"""A block is 2^8 documents whose numbers follow one another."""

search_docs = Table(
    "search_docs",
    metadata,
    # Later messages have higher numbers.
    Column("doc", Number, primary_key=True, autoincrement=False),
    Column("conversation_number", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    # The lexemes on PostgreSQL. On SQLite the marks and the text that they are made from: to
    # forget a document, FTS5 has to be told what it had.
    Column("indexed", TSVECTOR().with_variant(Text(), "sqlite"), nullable=False),
)
Index(
    "uq_search_docs_place",
    search_docs.c.conversation_number,
    search_docs.c.seq,
    unique=True,
)

search_blocks = Table(
    "search_blocks",
    metadata,
    # Between when and when the messages of a block were sent.
    Column("block", Number, primary_key=True, autoincrement=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
)

search_state = Table(
    "search_state",
    metadata,
    # One row, once the index was begun: by which analysis, and below which id messages wait.
    Column("version", Text, primary_key=True),
    Column("backlog_before", Id),
    sqlite_with_rowid=False,
)
