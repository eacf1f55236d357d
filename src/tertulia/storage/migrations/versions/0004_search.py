"""The index of messages; the server fills it, from the newest message backwards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from tertulia.storage.columns import Id, Instant, Number

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make its tables, and what finds documents by their lexemes."""
    op.create_table(
        "search_docs",
        sa.Column("doc", Number, autoincrement=False, nullable=False),
        sa.Column("conversation_number", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("indexed", TSVECTOR().with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("doc", name="pk_search_docs"),
    )
    op.create_index(
        "uq_search_docs_place", "search_docs", ["conversation_number", "seq"], unique=True
    )
    op.create_table(
        "search_blocks",
        sa.Column("block", Number, autoincrement=False, nullable=False),
        sa.Column("first_at", Instant(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("block", name="pk_search_blocks"),
    )
    op.create_table(
        "search_state",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("backlog_before", Id()),
        sa.PrimaryKeyConstraint("version", name="pk_search_state"),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        # The lexemes come ready made, apart by blanks; nothing but letters and digits is in them.
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5"
            "(lexemes, content='', detail=none, columnsize=0, tokenize='ascii')"
        )
    else:
        op.execute("CREATE INDEX ix_search_docs_indexed ON search_docs USING gin (indexed)")


def downgrade() -> None:
    """Take it away."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    for name in ("search_docs", "search_blocks", "search_state"):
        op.drop_table(name)
