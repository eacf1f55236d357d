"""The index follows what is said, whatever happens on the way."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from tertulia.core.ids import new_id
from tertulia.core.search_index import SearchIndex
from tertulia.core.search_query import parse
from tests.waiting import until_found

if TYPE_CHECKING:
    from uuid import UUID

    import pytest

    from tertulia.core.model import Actor
    from tests.core.town import Town


async def found(town: Town, reader: Actor, text: str) -> list[str | None]:
    """Return what is found now, without bringing the index up to date."""
    page = (await town.core.search.everywhere(reader, parse(text), None, 100)).hits
    return [hit.message.body for hit in page.items]


async def say(town: Town, actor: Actor, where: UUID, *bodies: str) -> None:
    """Send messages, one after the other."""
    for body in bodies:
        await town.core.messages.send(actor, where, body)


async def test_what_is_said_is_found_within_a_second(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    index = SearchIndex(town.storage)
    await index.catch_up()
    task = asyncio.create_task(index.run())
    await say(town, ana, group, "plaza")
    index.hear(town.heard())

    async def look() -> bool | None:
        return bool(await found(town, ana, "plaza")) or None

    # The machine may be busy with other tests; what matters is that no sweep was waited for.
    await until_found(look, within_s=5, what="the message is found")
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_what_nobody_was_told_of_is_indexed_when_the_loop_begins_anew(town: Town) -> None:
    ana = town.actors[0]
    one, other = await town.group(ana), await town.group(ana)
    await SearchIndex(town.storage).catch_up()
    await say(town, ana, one, *[f"plaza {number}" for number in range(7)])
    await say(town, ana, other, *[f"plaza {number}" for number in range(7)])
    # Cut off after some steps of a few messages each, as by a crash.
    for _ in range(4):
        await SearchIndex(town.storage, messages_at_once=3).index_some()
    assert len(await found(town, ana, "plaza")) < 14
    await SearchIndex(town.storage, messages_at_once=3).catch_up()

    assert len(await found(town, ana, "plaza")) == 14


async def test_several_loops_at_once_index_each_message_once(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    await SearchIndex(town.storage).catch_up()
    await say(town, ana, group, *[f"plaza {number}" for number in range(20)])
    loops = [SearchIndex(town.storage, messages_at_once=4) for _ in range(3)]
    await asyncio.gather(*[index.catch_up() for index in loops])

    assert await found(town, ana, "plaza") == [f"plaza {number}" for number in range(19, -1, -1)]


async def test_an_index_of_another_analysis_is_made_anew_from_the_newest_message(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    await say(town, ana, group, *[f"plaza {number}" for number in range(6)])
    await SearchIndex(town.storage).catch_up()
    monkeypatch.setattr("tertulia.core.search_index.VERSION", f"another {new_id()}")
    index = SearchIndex(town.storage, messages_at_once=4)
    await index.index_some()
    await say(town, ana, group, "plaza 6")
    newest = await found(town, ana, "plaza")
    await index.catch_up()

    assert newest == ["plaza 5", "plaza 4", "plaza 3", "plaza 2"]
    assert await found(town, ana, "plaza") == [f"plaza {number}" for number in range(6, -1, -1)]


async def test_messages_changed_while_they_wait_are_indexed_as_they_are(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    sent = [await town.core.messages.send(ana, group, f"plaza {number}") for number in range(6)]
    monkeypatch.setattr("tertulia.core.search_index.VERSION", f"another {new_id()}")
    index = SearchIndex(town.storage, messages_at_once=3)
    await index.index_some()
    await town.core.messages.edit(ana, sent[0].id, "park 0")
    await town.core.messages.delete(ana, sent[1].id)
    await town.core.messages.edit(ana, sent[5].id, "park 5")
    await index.catch_up()

    assert await found(town, ana, "plaza") == ["plaza 4", "plaza 3", "plaza 2"]
    assert await found(town, ana, "park") == ["park 5", "park 0"]


async def test_an_index_that_is_up_to_date_writes_nothing(town: Town) -> None:
    index = SearchIndex(town.storage)
    await index.catch_up()

    assert await index.index_some() is False
    index.hear(town.heard())
    assert await index.index_some() is False
