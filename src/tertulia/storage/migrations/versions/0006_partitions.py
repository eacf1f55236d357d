"""Messages in sixteen partitions on PostgreSQL, by conversation; on SQLite nothing changes.

It needs as much room again as the messages and their indexes take. All of it is one transaction, in
two parts:

1. Every row is copied and the indexes are made, as of the moment when that begins. Nobody waits.
2. `messages` is locked against all (ACCESS EXCLUSIVE), `conversations` and `accounts` against
   writing (SHARE ROW EXCLUSIVE). What was sent or changed meanwhile comes over, which is found by
   the `seq` that every change takes; the foreign keys are made, which reads each row once more; and
   the tables change places. For as long nobody reads history or sends: some seconds for each
   million of messages (decision 0101 has figures).

Servers may work meanwhile. One that waits for longer than ten seconds, as it lets its statements
wait for a lock, refuses that as an outage, and clients repeat it. Where a server and this wait for
each other, the server has waited for longer, so that PostgreSQL has it begin anew. Two things are
to be known: whoever reads in the very moment of the change, in a transaction that began before,
finds the new table empty; and servers of the version before find what was sent under a reference by
reading all messages, so they are to be restarted soon.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tertulia.storage.columns import Id

revision = "0006"
down_revision = "0005"

_PARTITIONS = 16

_COPY = "INSERT INTO messages_new SELECT * FROM {0}"
# Up to where each conversation is copied at least: told before, so that it may be further.
_NOTE_HEADS = """
    CREATE TEMPORARY TABLE copied_heads ON COMMIT DROP AS SELECT id, head_seq FROM conversations
"""
_FIND_LATE = """
    CREATE TEMPORARY TABLE late ON COMMIT DROP AS
    SELECT m.* FROM messages m
    JOIN conversations c ON c.id = m.conversation_id
    LEFT JOIN copied_heads h ON h.id = c.id
    WHERE c.head_seq > coalesce(h.head_seq, 0) AND m.changed_seq > coalesce(h.head_seq, 0)
"""
_FORGET_LATE = """
    DELETE FROM messages_new n USING late
    WHERE n.conversation_id = late.conversation_id AND n.seq = late.seq
"""
_NAME = """
    INSERT INTO client_refs (client_ref, sender_id, conversation_id, seq)
    SELECT client_ref, sender_id, conversation_id, seq FROM {0} WHERE client_ref IS NOT NULL
    ON CONFLICT DO NOTHING
"""
_MAKE_FUNCTION = """
    CREATE FUNCTION store_client_refs() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO client_refs (client_ref, sender_id, conversation_id, seq)
        SELECT client_ref, sender_id, conversation_id, seq FROM fresh
        WHERE client_ref IS NOT NULL;
        RETURN NULL;
    END $$
"""
_MAKE_TRIGGER = """
    CREATE TRIGGER store_client_refs AFTER INSERT ON messages
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION store_client_refs()
"""


def upgrade() -> None:
    """Copy, then lock and change places."""
    if op.get_bind().dialect.name == "sqlite":
        return
    _make_partitions()
    op.execute(_NOTE_HEADS)
    op.execute(_COPY.format("messages"))
    _make_indexes("uq_messages_id_conversation_id", ["id", "conversation_id"])
    _make_client_refs()
    op.execute("ANALYZE messages_new, client_refs, copied_heads")
    # The messages first: others lock them last.
    op.execute("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE")
    op.execute("LOCK TABLE conversations, accounts IN SHARE ROW EXCLUSIVE MODE")
    op.execute(_FIND_LATE)
    op.execute(_FORGET_LATE)
    op.execute(_COPY.format("late"))
    op.execute(_NAME.format("late"))
    _refer(["reply_to", "conversation_id"], ["id", "conversation_id"])
    _change_places()
    op.execute(_MAKE_FUNCTION)
    op.execute(_MAKE_TRIGGER)


def downgrade() -> None:
    """Put all rows into one table again, under a lock from the beginning to the end."""
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE")
    op.execute("CREATE TABLE messages_new (LIKE messages)")
    op.execute(_COPY.format("messages"))
    _make_indexes("uq_messages_id", ["id"])
    op.create_index(
        "uq_messages_client_ref",
        "messages_new",
        ["client_ref", "sender_id"],
        unique=True,
        postgresql_where=sa.text("client_ref IS NOT NULL"),
    )
    _refer(["reply_to"], ["id"])
    _change_places()
    op.drop_table("client_refs")
    op.execute("DROP FUNCTION store_client_refs")


def _make_partitions() -> None:
    op.execute("CREATE TABLE messages_new (LIKE messages) PARTITION BY HASH (conversation_id)")
    for rest in range(_PARTITIONS):
        op.execute(
            f"CREATE TABLE messages_{rest} PARTITION OF messages_new"
            f" FOR VALUES WITH (MODULUS {_PARTITIONS}, REMAINDER {rest})"
        )


def _make_indexes(unique_name: str, unique_columns: list[str]) -> None:
    """Make what both forms have, under names that are free."""
    op.create_primary_key("pk_messages_new", "messages_new", ["conversation_id", "seq"])
    op.create_unique_constraint(unique_name, "messages_new", unique_columns)
    op.create_index(
        "ix_messages_new_changed_seq",
        "messages_new",
        ["conversation_id", "changed_seq"],
        postgresql_where=sa.text("changed_seq != seq"),
    )
    op.create_index(
        "ix_messages_new_pinned",
        "messages_new",
        ["conversation_id", "pinned_at"],
        postgresql_where=sa.text("pinned_at IS NOT NULL"),
    )


def _make_client_refs() -> None:
    op.create_table(
        "client_refs",
        sa.Column("client_ref", sa.Text(), nullable=False),
        sa.Column("sender_id", Id(), nullable=False),
        sa.Column("conversation_id", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
    )
    op.execute(_NAME.format("messages_new"))
    op.create_primary_key("pk_client_refs", "client_refs", ["client_ref", "sender_id"])


def _refer(reply: list[str], replied: list[str]) -> None:
    op.create_foreign_key(
        "fk_messages_conversation_id", "messages_new", "conversations", ["conversation_id"], ["id"]
    )
    op.create_foreign_key(
        "fk_messages_sender_id", "messages_new", "accounts", ["sender_id"], ["id"]
    )
    op.create_foreign_key("fk_messages_reply_to", "messages_new", "messages_new", reply, replied)


def _change_places() -> None:
    op.drop_table("messages")
    op.rename_table("messages_new", "messages")
    for name in ("pk_messages", "ix_messages_changed_seq", "ix_messages_pinned"):
        making = name.replace("messages", "messages_new")
        op.execute(f"ALTER INDEX {making} RENAME TO {name}")
