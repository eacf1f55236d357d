"""What becomes of messages whose commit was answered to nobody, on both databases."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import asyncpg
import pytest

from tertulia.core.errors import Unavailable
from tertulia.storage.journal import Journal
from tests import examples as eg

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tertulia.core.message import Draft
    from tertulia.storage.journal import BatchWriter
    from tertulia.storage.journal_batch import Settled
    from tests.storage.conftest import Shelf


class Breaking:
    """A writer whose connection breaks at the next batch, before or after its commit."""

    def __init__(self, writer: BatchWriter) -> None:
        self._writer = writer
        self.close = writer.close
        self.breaks: str | None = None

    async def write(self, drafts: Sequence[Draft], now: datetime) -> Settled:
        breaks, self.breaks = self.breaks, None
        if breaks == "before":
            raise asyncpg.ConnectionDoesNotExistError("gone")
        settled = await self._writer.write(drafts, now)
        if breaks == "after":
            raise asyncpg.ConnectionDoesNotExistError("gone")
        return settled


@pytest.fixture
def writer(shelf: Shelf) -> Breaking:
    """Return the database's own, which can be made to break."""
    return Breaking(shelf.database.batch_writer())


@pytest.fixture
def journal(shelf: Shelf, writer: Breaking) -> Journal:
    """Return a journal to which time passes."""
    minutes = count()
    return Journal(writer, shelf.announced.extend, lambda: eg.moment(minutes=next(minutes)))


@pytest.mark.parametrize("breaks", ["before", "after"])
async def test_a_repeat_is_told_once_whether_or_not_the_first_was_stored(
    shelf: Shelf, writer: Breaking, journal: Journal, breaks: str
) -> None:
    ana = await shelf.account()
    group = await shelf.conversation(ana)
    draft = eg.draft(group.id, ana.id, client_ref="r")
    for _ in range(2):
        writer.breaks = breaks
        with pytest.raises(Unavailable):
            await journal.append(draft)
    assert shelf.sent == []

    sent = await journal.append(draft)
    assert await journal.append(draft) == sent
    await journal.close()

    assert shelf.sent == [sent]
    assert await shelf.history(group.id) == (sent,)


@pytest.mark.parametrize("breaks", ["before", "after"])
async def test_what_was_told_before_its_repeat_came_to_grief_is_not_told_again(
    shelf: Shelf, writer: Breaking, journal: Journal, breaks: str
) -> None:
    ana = await shelf.account()
    group = await shelf.conversation(ana)
    draft = eg.draft(group.id, ana.id, client_ref="r")
    sent = await journal.append(draft)
    writer.breaks = breaks
    with pytest.raises(Unavailable):
        await journal.append(draft)
    assert await journal.append(draft) == sent
    await journal.close()

    assert shelf.sent == [sent]


async def test_a_message_of_somebody_who_has_left_meanwhile_is_answered_alone(
    shelf: Shelf, writer: Breaking, journal: Journal
) -> None:
    ana = await shelf.account()
    group = await shelf.conversation(ana)
    draft = eg.draft(group.id, ana.id, client_ref="r")
    writer.breaks = "after"
    with pytest.raises(Unavailable):
        await journal.append(draft)
    await shelf.part(group, ana)
    sent = await journal.append(draft)
    await journal.close()

    assert await shelf.history(group.id) == (sent,)
    assert shelf.sent == []
