"""How what is asked all the time is found: by index, never by reading a whole table."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, func, insert, literal, select, text
from sqlalchemy.engine import Engine

from tertulia.core.ids import new_id
from tertulia.core.model import Kind
from tertulia.storage.migrations import migrate
from tertulia.storage.tables import conversations, messages
from tests import examples as eg
from tests.storage.conftest import open_shelf

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from tertulia.core.ports import Work
    from tests.services import PostgresCluster
    from tests.storage.conftest import Shelf

ID, OTHER = new_id(), new_id()
QUESTIONS: dict[str, Callable[[Work], Awaitable[Any]]] = {
    "an account": lambda work: work.accounts.find([ID]),
    "credentials by e-mail": lambda work: work.accounts.credentials(email="a"),
    "credentials by username": lambda work: work.accounts.credentials(username="a"),
    "an account as somebody sees it": lambda work: work.accounts.seen_by(ID, [OTHER]),
    "acquaintances": lambda work: work.accounts.acquaintances(ID),
    "a session": lambda work: work.sessions.get(ID),
    "the holder of a session": lambda work: work.sessions.holder(ID),
    "a refresh token": lambda work: work.sessions.token(b"digest"),
    "the sessions of an account": lambda work: work.sessions.end_all(ID, eg.NOON),
    "the living sessions of an account": lambda work: work.sessions.living(ID),
    "sessions that ended a moment ago": lambda work: work.sessions.ended_since(eg.NOON),
    "groups and rooms of a person": lambda work: work.members.joined(ID, 100),
    "the chat of a pair": lambda work: work.conversations.between(ID, OTHER, encrypted=False),
    "heads": lambda work: work.conversations.heads([ID, OTHER]),
    "chats": lambda work: work.conversations.chats(ID, before=None, limit=50),
    "further chats": lambda work: work.conversations.chats(ID, before=(eg.NOON, 9), limit=50),
    "new rooms": lambda work: work.conversations.directory(
        ID, topic=None, text="", order="new", after=None, limit=50
    ),
    "popular rooms": lambda work: work.conversations.directory(
        ID, topic=None, text="", order="popular", after=(9, 9), limit=50
    ),
    "members": lambda work: work.members.present(ID),
    "members beside their accounts": lambda work: work.members.people(ID),
    "a page of members": lambda work: work.members.page(ID, after=(1, OTHER), limit=50),
    "changed members": lambda work: work.members.changed_since(ID, 1, 50),
    "a page of history": lambda work: work.messages.page(
        ID, copies_of=None, after_seq=9, order="desc", limit=50
    ),
    "all conversations of a person": lambda work: work.conversations.ids_of(ID),
    "what somebody sent": lambda work: work.messages.sent_by(ID, OTHER, after_seq=9, limit=50),
    "changed messages": lambda work: work.messages.changed_since(ID, 1, 50, copies_of=None),
    "what was sent under a name": lambda work: work.archive.sent_as(ID, ["r", "s"]),
    "when somebody spoke last": lambda work: work.archive.last_sent_at(ID, OTHER),
    "what is pinned": lambda work: work.archive.pinned(ID, copies_of=None),
    "what carries something": lambda work: work.archive.carrying(
        ID, "image", copies_of=None, before_seq=9, limit=50
    ),
    "a page of sealed history": lambda work: work.messages.page(
        ID, copies_of=OTHER, after_seq=9, order="desc", limit=50
    ),
    "changed sealed messages": lambda work: work.messages.changed_since(ID, 1, 50, copies_of=OTHER),
    "what is pinned of what was sealed": lambda work: work.archive.pinned(ID, copies_of=OTHER),
    "what was sealed and carries something": lambda work: work.archive.carrying(
        ID, "file", copies_of=OTHER, before_seq=9, limit=50
    ),
    "who has a copy": lambda work: work.copies.holders(eg.message()),
    "a reaction that was sealed": lambda work: work.copies.react(eg.message(), ID, {}),
    "the keys of a conversation": lambda work: work.encryption_keys.current(ID),
    "a person's keys": lambda work: work.encryption_keys.of(ID, OTHER),
    "all keys of a person": lambda work: work.encryption_keys.drop_all(ID),
    "members by their names": lambda work: work.mentions.members_called(ID, ["ana", "bea"]),
    "starred messages": lambda work: work.stars.ids(ID),
    "a page of starred messages": lambda work: work.stars.page(
        ID, before=(eg.NOON, OTHER), limit=50
    ),
    "the stars of a message": lambda work: work.stars.fall(ID),
    "the stars of a person": lambda work: work.stars.count(ID),
    "former texts": lambda work: work.versions.of(ID),
    "files to be sent": lambda work: work.uploads.complete_of(ID, OTHER, [ID, OTHER]),
    "who may have to be told": lambda work: work.notices.listeners(
        eg.conversation(Kind.ROOM),
        [eg.message()],
        addressed=[ID, OTHER],
        now=eg.NOON,
        used_since=eg.NOON,
    ),
    "messages to tell of": lambda work: work.notices.messages([ID, OTHER]),
    "who sent what is replied to": lambda work: work.notices.senders([ID, OTHER]),
    "subscriptions": lambda work: work.push_subscriptions.find([ID, OTHER]),
    "the subscriptions of a person": lambda work: work.push_subscriptions.trim(ID, 10),
    "whether a scheduled message is due": lambda work: work.scheduled.is_any_due(eg.NOON),
    "who has scheduled messages that are due": lambda work: work.scheduled.hold_due(eg.NOON, 20),
    "scheduled messages that are due": lambda work: work.scheduled.claim_due(
        [ID, OTHER], eg.NOON, eg.moment(1)
    ),
    "the scheduled messages of a person": lambda work: work.scheduled.of(ID, OTHER),
    "the scheduled messages behind one": lambda work: work.scheduled.behind(eg.scheduled()),
    "files let go of": lambda work: work.uploads.let_go([ID, OTHER], eg.NOON),
}
# What a plan may read from end to end: the rows that an inner question has picked, and the index
# that holds nothing but rooms.
ROOMS = "ix_conversations_rooms_by_number"
PICKED = re.compile(rf"SCAN (mine|due|anon_\d|conversations USING INDEX {ROOMS})$")


async def statement_of(shelf: Shelf, question: Callable[[Work], Awaitable[Any]]) -> tuple[str, Any]:
    """Return what a question asks of the database, and the values in it."""
    asked: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            asked.append((statement, values))

    async with shelf.storage.begin() as work:
        event.listen(Engine, "before_cursor_execute", listen)
        try:
            await question(work)
        finally:
            event.remove(Engine, "before_cursor_execute", listen)
    (statement,) = asked
    return statement


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
async def test_sqlite_finds_it_by_index(
    sqlite_url: str, question: Callable[[Work], Awaitable[Any]]
) -> None:
    async with open_shelf(sqlite_url) as shelf:
        statement, values = await statement_of(shelf, question)
        async with shelf.database.reader() as connection:
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [row.detail for row in rows]
    assert steps
    assert [step for step in steps if step.startswith("SCAN") and not PICKED.match(step)] == []


@pytest.fixture(scope="module")
def busy_postgres_url(postgres_cluster: PostgresCluster) -> Iterator[str]:
    """Return a database with so much in it that reading all of it has its price."""
    name = postgres_cluster.create_database()
    url = postgres_cluster.url(name)
    asyncio.run(migrate(url))
    asyncio.run(_fill(url))
    yield url
    postgres_cluster.drop_database(name)


async def _fill(url: str) -> None:
    async with open_shelf(url) as shelf:
        people = await shelf.accounts(2)
        first = await shelf.conversation(*people, kind=Kind.ROOM)
        own = {
            "id": func.gen_random_uuid(),
            "number": func.generate_series(1000, 5000),
            "name": func.gen_random_uuid(),
        }
        others = [column for column in conversations.c if column.name not in own]
        more = select(*own.values(), *others).where(conversations.c.id == first.id)
        async with shelf.database.writer() as connection:
            await connection.execute(insert(conversations).from_select([*own, *others], more))
            said = select(
                conversations.c.id,
                (seq := func.generate_series(1, 5)),
                seq,
                func.gen_random_uuid(),
                literal(people[0].id, messages.c.sender_id.type),
                literal("Hello"),
                literal(eg.NOON, messages.c.inserted_at.type),
            )
            columns = ["conversation_id", "seq", "changed_seq", "id", "sender_id", "body"]
            await connection.execute(insert(messages).from_select([*columns, "inserted_at"], said))
            await connection.execute(text("ANALYZE conversations, messages"))
            await connection.commit()


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the steps of a plan, each without those below it."""
    yield {name: said for name, said in plan.items() if name != "Plans"}
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)


def reads_all(node: dict[str, Any]) -> bool:
    """Whether a step reads a whole table, or the whole of an index."""
    if node["Node Type"] in {"Index Scan", "Index Only Scan"}:
        return "Index Cond" not in node
    return bool(node["Node Type"] == "Seq Scan")


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
async def test_postgresql_finds_it_by_index(
    busy_postgres_url: str, question: Callable[[Work], Awaitable[Any]]
) -> None:
    async with open_shelf(busy_postgres_url) as shelf:
        statement, values = await statement_of(shelf, question)
        async with shelf.database.writer() as connection:
            # Reading a table whole that is nearly empty costs least; so it costs too much now, and
            # is left where nothing else can be done.
            for way in ("seqscan", "hashjoin", "mergejoin"):
                await connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
            plans = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values)
            (plan,) = plans.scalar_one()
    whole = [node for node in nodes_of(plan["Plan"]) if reads_all(node)]
    assert {node.get("Index Name") for node in whole} <= {ROOMS}, whole
