"""The unit of work: what commits, what is announced, and what cancellation can do to it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tertulia.core.errors import NotFound
from tertulia.core.events import AccountChanged
from tertulia.storage.stores import SqlStorage
from tests import examples as eg

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tertulia.core.events import Event
    from tests.storage.conftest import Shelf


class RefusedError(Exception):
    """Raised by a use case that thinks better of it."""


async def test_events_are_announced_after_the_commit_in_their_order(shelf: Shelf) -> None:
    ana, bea = eg.account(), eg.account()
    events = [AccountChanged(account=ana), AccountChanged(account=bea)]
    async with shelf.storage.begin() as work:
        await work.accounts.add(ana, None)
        work.announce(events[0])
        work.announce(events[1])
        assert shelf.announced == []

    assert shelf.announced == events


async def test_what_is_announced_is_already_there_for_others(shelf: Shelf) -> None:
    ana = eg.account()
    found: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    tasks = []

    async def look() -> None:
        async with shelf.storage.read() as work:
            found.set_result((await work.accounts.get(ana.id)).id)

    def listen(_events: Sequence[Event]) -> None:
        tasks.append(asyncio.create_task(look()))

    async with SqlStorage(shelf.database, listen).begin() as work:
        await work.accounts.add(ana, None)
        work.announce(AccountChanged(account=ana))

    assert await found == ana.id


async def test_an_exception_takes_everything_back_and_announces_nothing(shelf: Shelf) -> None:
    ana = eg.account()
    with pytest.raises(RefusedError):
        async with shelf.storage.begin() as work:
            await work.accounts.add(ana, None)
            work.announce(AccountChanged(account=ana))
            raise RefusedError

    assert shelf.announced == []
    async with shelf.storage.read() as work:
        with pytest.raises(NotFound):
            await work.accounts.get(ana.id)


async def test_work_cancelled_before_its_end_is_taken_back(shelf: Shelf) -> None:
    ana = eg.account()
    has_written = asyncio.Event()

    async def use_case() -> None:
        async with shelf.storage.begin() as work:
            await work.accounts.add(ana, None)
            work.announce(AccountChanged(account=ana))
            has_written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(use_case())
    await has_written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert shelf.announced == []
    assert (await shelf.account(email=ana.email)).email == ana.email


async def test_work_cancelled_while_it_commits_is_committed_and_announced(shelf: Shelf) -> None:
    ana = eg.account()
    commits: list[bool] = []

    async def use_case() -> None:
        async with shelf.storage.begin() as work:
            await work.accounts.add(ana, None)
            work.announce(AccountChanged(account=ana))

    task = asyncio.create_task(use_case())

    @event.listens_for(Engine, "commit")
    def cancel(_connection: object) -> None:
        commits.append(task.cancel())

    try:
        with pytest.raises(asyncio.CancelledError):
            await task
    finally:
        event.remove(Engine, "commit", cancel)

    assert commits == [True]
    assert shelf.announced == [AccountChanged(account=ana)]
    async with shelf.storage.read() as work:
        assert (await work.accounts.get(ana.id)).id == ana.id


async def test_work_cancelled_within_a_statement_leaves_the_way_free(shelf: Shelf) -> None:
    ana = await shelf.account()
    for delay in range(12):
        task = asyncio.create_task(_rename(shelf, ana.id, f"Ana {delay}"))
        for _ in range(delay):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    await _rename(shelf, ana.id, "Ana")
    async with shelf.storage.read() as work:
        assert (await work.accounts.get(ana.id)).display_name == "Ana"


async def test_a_listener_that_fails_does_not_undo_what_happened(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    ana = eg.account()

    def listen(_events: Sequence[Event]) -> None:
        raise RefusedError

    async with SqlStorage(shelf.database, listen).begin() as work:
        await work.accounts.add(ana, None)
        work.announce(AccountChanged(account=ana))

    assert "could not be announced" in caplog.text
    async with shelf.storage.read() as work:
        assert (await work.accounts.get(ana.id)).id == ana.id


async def test_a_reading_sees_one_moment(shelf: Shelf) -> None:
    ana = await shelf.account()
    async with shelf.storage.read() as work:
        before = await work.accounts.get(ana.id)
        await _rename(shelf, ana.id, "Ana II")
        bea = await shelf.account()
        assert await work.accounts.get(ana.id) == before
        assert await work.accounts.find([ana.id, bea.id]) == (before,)
    async with shelf.storage.read() as work:
        assert (await work.accounts.get(ana.id)).display_name == "Ana II"


async def test_a_reading_sees_one_moment_from_its_first_look(shelf: Shelf) -> None:
    async with shelf.storage.read() as work:
        ana = await shelf.account()
        assert await work.accounts.get(ana.id) == ana


async def test_a_reading_cannot_write(shelf: Shelf) -> None:
    with pytest.raises(Exception, match=r"(?i)read-?only"):
        async with shelf.storage.read() as work:
            await work.accounts.add(eg.account(), None)


async def test_several_read_while_one_writes(shelf: Shelf) -> None:
    ana = await shelf.account()
    async with shelf.storage.begin() as writing:
        await writing.accounts.update(replace(ana, display_name="Ana II"))
        async with shelf.storage.read() as one, shelf.storage.read() as other:
            assert await one.accounts.get(ana.id) == ana
            assert await other.accounts.get(ana.id) == ana


async def _rename(shelf: Shelf, account_id: UUID, name: str) -> None:
    async with shelf.storage.begin() as work:
        ana = await work.accounts.get(account_id)
        await work.accounts.update(replace(ana, display_name=name))
