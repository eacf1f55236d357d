"""What the storage does while its database says nothing, as where the machine under it is gone."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url

from tertulia.core.errors import Unavailable
from tertulia.storage import engine_postgres
from tertulia.storage.journal import Journal
from tests import examples as eg
from tests.e2e.cut_relay import CutRelay
from tests.storage.conftest import open_shelf

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.storage.conftest import Shelf

pytestmark = pytest.mark.timeout(60)

PATIENCE_S = 0.5
"""How long an answer is waited for here."""
AT_MOST_S = 6.0
"""How long anything may take then: the wait for an answer, and for a goodbye."""


@pytest.fixture
async def relay(emptied_postgres_url: str, tmp_path: Path) -> AsyncIterator[CutRelay]:
    """Return the road to the server, which can be cut."""
    name = ".s.PGSQL.5432"
    folder = make_url(emptied_postgres_url).query["host"]
    async with CutRelay.open(Path(str(folder)) / name, tmp_path / name) as opened:
        yield opened


@pytest.fixture
async def shelf(
    emptied_postgres_url: str, relay: CutRelay, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Shelf]:
    """Return the stores at the end of that road."""
    monkeypatch.setattr(engine_postgres, "ANSWER_S", PATIENCE_S)
    url = make_url(emptied_postgres_url).set(query={"host": str(relay.path.parent)})
    async with open_shelf(url.render_as_string(hide_password=False)) as opened:
        yield opened


async def test_what_waits_for_an_answer_is_refused_until_answers_come_again(
    shelf: Shelf, relay: CutRelay
) -> None:
    ana = await shelf.account()
    group = await shelf.conversation(ana)
    first = await shelf.send(group, ana)
    # Several connections at rest, each of which the silence finds.
    await asyncio.gather(*(shelf.history(group.id) for _ in range(3)))

    with relay.broken():
        for _ in range(2):
            async with asyncio.timeout(AT_MOST_S):
                with pytest.raises(Unavailable):
                    await shelf.send(group, ana)
            async with asyncio.timeout(AT_MOST_S):
                with pytest.raises(Unavailable):
                    await shelf.history(group.id)

    async with asyncio.timeout(AT_MOST_S):
        second = await shelf.send(group, ana)
        assert await shelf.history(group.id) == (first, second)


async def test_a_commit_without_an_answer_is_refused(shelf: Shelf, relay: CutRelay) -> None:
    with ExitStack() as ending:
        async with asyncio.timeout(AT_MOST_S):
            with pytest.raises(Unavailable):
                async with shelf.storage.begin() as work:
                    await work.accounts.add(eg.account(), None)
                    ending.enter_context(relay.broken())
    async with asyncio.timeout(AT_MOST_S):
        await shelf.account(username="bea")


async def test_who_is_cancelled_in_the_silence_gives_the_connection_back(
    shelf: Shelf, relay: CutRelay
) -> None:
    ana = await shelf.account()
    group = await shelf.conversation(ana)
    with relay.broken():
        reading = [asyncio.create_task(shelf.history(group.id)) for _ in range(9)]
        await asyncio.sleep(PATIENCE_S / 2)
        for each in reading:
            each.cancel()
        async with asyncio.timeout(AT_MOST_S):
            await asyncio.wait(reading)
    async with asyncio.timeout(AT_MOST_S):
        await asyncio.gather(*(shelf.history(group.id) for _ in range(9)))


async def test_closing_does_not_wait_for_one_batch_after_the_other(
    shelf: Shelf, relay: CutRelay
) -> None:
    ana = await shelf.account()
    group = await shelf.conversation(ana)
    await asyncio.gather(*(shelf.history(group.id) for _ in range(5)))
    journal = Journal(
        shelf.database.batch_writer(), shelf.announced.extend, lambda: eg.NOON, max_batch=1
    )
    await journal.append(eg.draft(group.id, ana.id))
    with relay.broken():
        sending = [
            asyncio.create_task(journal.append(eg.draft(group.id, ana.id))) for _ in range(50)
        ]
        await asyncio.sleep(0)
        async with asyncio.timeout(AT_MOST_S):
            await journal.close()
        outcomes = await asyncio.gather(*sending, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {Unavailable}
        async with asyncio.timeout(2 * AT_MOST_S):
            await shelf.database.close()
