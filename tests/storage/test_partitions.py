"""The partitions of messages on PostgreSQL: one at a time is asked, and no row is lost to them."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.engine import Engine

from tertulia.core.clock import utc_now
from tertulia.core.errors import NotFound
from tertulia.core.ids import new_id
from tertulia.storage import journal_postgres
from tertulia.storage.migrations import alembic_config, migrate
from tertulia.storage.stores import SqlWork
from tertulia.storage.tables import messages
from tests import examples as eg
from tests.storage.conftest import open_shelf
from tests.waiting import until_found

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from tertulia.core.model import Account, Conversation
    from tertulia.core.ports import Work
    from tests.storage.conftest import Shelf

MODES = ("force_custom_plan", "force_generic_plan")
ID, OTHER = new_id(), new_id()
QUESTIONS: dict[str, Callable[[Work], Awaitable[Any]]] = {
    "the newest page of history": lambda work: work.messages.page(
        ID, copies_of=None, after_seq=None, order="desc", limit=50
    ),
    "a page of history": lambda work: work.messages.page(
        ID, copies_of=None, after_seq=9, order="asc", limit=50
    ),
    "a page of sealed history": lambda work: work.messages.page(
        ID, copies_of=OTHER, after_seq=9, order="desc", limit=50
    ),
    "what changed": lambda work: work.messages.changed_since(ID, 1, 50, copies_of=None),
    "what changed of what was sealed": lambda work: work.messages.changed_since(
        ID, 1, 50, copies_of=OTHER
    ),
    "what somebody sent": lambda work: work.messages.sent_by(ID, OTHER, after_seq=9, limit=50),
    "what is pinned": lambda work: work.archive.pinned(ID, copies_of=None),
    "a chat": lambda work: work.conversations.chat(OTHER, ID),
    "a change of a message": lambda work: work.messages.update(eg.message()),
}
# What a transaction did on a connection that did nothing before.
TOUCHED = """
    SELECT relname FROM pg_stat_xact_user_tables
    WHERE relname ~ '^messages_[0-9]+$' AND seq_scan + idx_scan + n_tup_ins + n_tup_upd > 0
"""


@pytest.fixture
def database_url(emptied_postgres_url: str) -> str:
    """Return the address of a migrated, empty PostgreSQL database."""
    return emptied_postgres_url


async def _plan(
    connection: AsyncConnection, mode: str, question: Callable[[Work], Awaitable[Any]]
) -> str:
    """Ask a question that is one statement, and return how it is answered in this mode."""
    asked: list[tuple[str, Sequence[Any]]] = []

    def listen(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        with suppress(NotFound):
            await question(SqlWork(connection))
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
    ((statement, values),) = asked
    worded = ("NULL" if value is None else f"'{value}'" for value in values)
    for step in (f"SET LOCAL plan_cache_mode = {mode}", f"PREPARE asked AS {statement}"):
        await connection.exec_driver_sql(step)
    explained = await connection.exec_driver_sql(
        f"EXPLAIN (COSTS OFF) EXECUTE asked ({', '.join(worded)})"
    )
    plan = "\n".join(explained.scalars())
    await connection.exec_driver_sql("DEALLOCATE asked")
    return plan


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
async def test_of_one_conversation_one_partition_is_asked(
    shelf: Shelf, question: Callable[[Work], Awaitable[Any]], mode: str
) -> None:
    async with shelf.database.writer() as connection:
        plan = await _plan(connection, mode, question)

    assert len(set(re.findall(r"Scan .*\bon (messages_\d+)", plan))) == 1, plan
    if mode == "force_generic_plan":
        assert "Subplans Removed: 15" in plan


async def _touched(url: str, act: Callable[[Work], Awaitable[Any]], mode: str) -> set[str]:
    async with open_shelf(url) as shelf, shelf.database.writer() as connection:
        await connection.exec_driver_sql(f"SET LOCAL plan_cache_mode = {mode}")
        await act(SqlWork(connection))
        return set(await connection.scalars(text(TOUCHED)))


@pytest.mark.parametrize("mode", MODES)
async def test_a_send_touches_the_partition_of_its_conversation(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    ana = await shelf.account()
    groups = [await shelf.conversation(ana) for _ in range(9)]
    sent = [await shelf.send(group, ana, client_ref=str(group.id)) for group in groups]
    touched: list[set[str]] = []
    read, store = journal_postgres._facts, journal_postgres._store  # noqa: SLF001

    async def read_so(connection: Any, drafts: Any) -> Any:
        await connection.execute(f"SET LOCAL plan_cache_mode = {mode}")
        return await read(connection, drafts)

    async def store_so(connection: Any, *values: Any) -> None:
        await store(connection, *values)
        touched.append({row[0] for row in await connection.fetch(TOUCHED)})

    monkeypatch.setattr(journal_postgres, "_facts", read_so)
    monkeypatch.setattr(journal_postgres, "_store", store_so)
    for group, first in zip(groups, sent, strict=True):
        writer = shelf.database.batch_writer()
        again = eg.draft(group.id, ana.id, client_ref=str(group.id))
        reply = eg.draft(group.id, ana.id, client_ref=str(new_id()), reply_to=first.id)
        settled = await writer.write([again, reply], utc_now())
        await writer.close()
        assert settled.outcomes[0] == first
        assert len(settled.fresh) == 1

    assert [len(each) for each in touched] == [1] * len(groups)
    assert len(set.union(*touched)) > 1


@pytest.mark.parametrize("mode", MODES)
async def test_what_was_sent_under_a_name_is_in_one_partition(
    shelf: Shelf, database_url: str, mode: str
) -> None:
    ana = await shelf.account()
    for name in "abcdefghi":
        await shelf.send(await shelf.conversation(ana), ana, client_ref=name)

    assert (
        len(await _touched(database_url, lambda work: work.archive.sent_as(ana.id, ["e"]), mode))
        == 1
    )


async def test_one_reference_is_one_message_whoever_writes_it(shelf: Shelf) -> None:
    ana = await shelf.account()
    one, other = [await shelf.conversation(ana) for _ in range(2)]
    await shelf.send(one, ana, client_ref="r")

    async with shelf.database.writer() as connection:
        with pytest.raises(Exception, match="pk_client_refs"):
            await connection.execute(
                insert(messages).values(_row(other, ana, 2) | {"client_ref": "r"})
            )


# ---------------------------------------------------------------------- what there was before


async def _migrated_before(url: str) -> None:
    """Bring a database to what it was before it had partitions."""
    await migrate(url)
    async with open_shelf(url) as shelf, shelf.database.writer() as connection:
        await connection.run_sync(lambda sync: command.downgrade(alembic_config(sync), "0005"))
        await connection.commit()


def _row(place: Conversation, sender: Account, seq: int, **changes: Any) -> dict[str, Any]:
    usual = {
        "conversation_id": place.id,
        "seq": seq,
        "changed_seq": seq,
        "id": new_id(),
        "sender_id": sender.id,
        "client_ref": None,
        "body": f"It is {seq}",
        "reply_to": None,
        "inserted_at": eg.NOON,
        "edited_at": None,
        "deleted_at": None,
        "pinned_at": None,
        "extras": None,
    }
    return usual | changes


def _thread(place: Conversation, sender: Account) -> list[dict[str, Any]]:
    """Return messages of every sort."""
    first = _row(place, sender, 2)
    return [
        first,
        _row(place, sender, 3, client_ref=f"ref of {place.id}"),
        _row(place, sender, 4, reply_to=first["id"]),
        _row(place, sender, 5, changed_seq=7, edited_at=eg.moment(1)),
        _row(place, sender, 6, changed_seq=8, pinned_at=eg.moment(2), extras="{}"),
    ]


async def _stored(url: str) -> list[Row[Any]]:
    async with open_shelf(url) as shelf, shelf.database.reader() as connection:
        rows = await connection.execute(
            select(messages).order_by(messages.c.conversation_id, messages.c.seq)
        )
        return list(rows.all())


async def _filled(url: str, number: int) -> tuple[Account, list[Conversation]]:
    async with open_shelf(url) as shelf:
        ana = await shelf.account()
        places = [await shelf.conversation(ana, head_seq=8) for _ in range(number)]
        async with shelf.database.writer() as connection:
            for place in places:
                await connection.execute(insert(messages), _thread(place, ana))
            await connection.commit()
    return ana, places


async def test_what_was_there_comes_into_partitions_and_out_again(postgres_url: str) -> None:
    await _migrated_before(postgres_url)
    ana, places = await _filled(postgres_url, 30)
    before = await _stored(postgres_url)
    await migrate(postgres_url)

    assert await _stored(postgres_url) == before
    async with open_shelf(postgres_url) as shelf:
        first, second, reply, *_ = await shelf.history(places[0].id)
        again = await shelf.send(places[0], ana, client_ref=f"ref of {places[0].id}")
        assert again == second
        assert reply.reply_to == first.id
        sent = await shelf.send(places[0], ana, reply_to=reply.id)
        assert (sent.seq, len(await shelf.history(places[0].id))) == (9, 6)
        async with shelf.storage.read() as work:
            assert await work.messages.for_member(ana.id, sent.id) == sent
            changed = await work.messages.changed_since(places[1].id, 6, 50, copies_of=None)
            assert [message.changed_seq for message in changed] == [7, 8]
        async with shelf.database.writer() as connection:
            used = await connection.scalars(text("SELECT DISTINCT tableoid FROM messages"))
            assert len(used.all()) > 1
            await connection.run_sync(lambda sync: command.downgrade(alembic_config(sync), "0005"))
            await connection.commit()

    assert len(await _stored(postgres_url)) == len(before) + 1


async def test_what_is_said_while_they_are_made_comes_too(postgres_url: str) -> None:
    await _migrated_before(postgres_url)
    ana, places = await _filled(postgres_url, 3)
    changing, new, _ = places
    async with open_shelf(postgres_url) as shelf, shelf.database.writer() as connection:
        work = SqlWork(connection)
        later = await work.conversations.add(eg.conversation(), None)
        await work.members.add([eg.member(later.id, ana.id)])
        said = [_row(new, ana, 9, client_ref="late"), _row(later, ana, 2)]
        for place in (changing, new, later):
            await work.conversations.take_seq(place.id)
        edited = {"body": "Better", "changed_seq": 9, "edited_at": eg.moment(9)}
        here = (messages.c.conversation_id == changing.id, messages.c.seq == 2)
        await connection.execute(update(messages).where(*here).values(edited))
        await connection.execute(insert(messages), said)
        migrating = asyncio.create_task(migrate(postgres_url))
        await until_found(lambda: _locking(shelf), within_s=60, what="the copy is made")
        await connection.commit()
        await migrating

        assert (await shelf.history(changing.id))[0].body == "Better"
        assert [message.id for message in await shelf.history(later.id)] == [said[1]["id"]]
        last = (await shelf.history(new.id))[-1]
        assert (last.id, last.seq) == (said[0]["id"], 9)
        assert await shelf.send(new, ana, client_ref="late") == last
    assert len(await _stored(postgres_url)) == 3 * 5 + 2


async def _locking(shelf: Shelf) -> bool | None:
    """Whether somebody waits until nobody uses the messages; None for no."""
    waiting = "SELECT true FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted"
    async with shelf.database.reader() as connection:
        is_waiting: bool | None = await connection.scalar(text(waiting))
        return is_waiting
