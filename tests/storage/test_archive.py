"""Finding the place of a moment in a conversation, on both databases."""

from __future__ import annotations

from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from tertulia.storage.journal import Journal
from tests import examples as eg

if TYPE_CHECKING:
    from tests.storage.conftest import Shelf


async def test_the_first_message_from_a_moment_on_is_found_wherever_it_lies(shelf: Shelf) -> None:
    ana = await shelf.account()
    group, other = await shelf.conversation(ana), await shelf.conversation(ana)
    gaps = [(0, 0, 1, 60_000, 0, 2, 1)[each % 7] for each in range(40)]
    times = [eg.NOON + timedelta(milliseconds=each) for each in accumulate(gaps)]
    clock = iter(times)
    journal = Journal(shelf.database.batch_writer(), lambda _: None, lambda: next(clock))
    sent = []
    for number in range(len(times)):
        sent.append(await journal.append(eg.draft(group.id, ana.id)))
        # Changes take seqs in between.
        for _ in range((0, 1, 5, 0)[number % 4]):
            await shelf.change(sent[0])
    await journal.close()

    asked = {time + timedelta(milliseconds=shift) for time in times for shift in (-1, 0, 1)}
    async with shelf.storage.read() as work:
        for at in asked:
            later = [message.seq for message in sent if message.inserted_at >= at]
            assert await work.archive.first_at(group.id, at) == min(later, default=None)
        assert await work.archive.first_at(other.id, eg.NOON) is None
