"""Looks now and then whether those who listen here have been told all that the database knows.

The broker is a hint. What it lost is read again and told late, in its place; no dialect has a word
for that. A conversation that has ended meanwhile ends for those who listen to it, too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from contextlib import suppress
from uuid import UUID

from tertulia.backoff import backoff_s
from tertulia.core.errors import Unavailable
from tertulia.core.ports import Storage
from tertulia.core.recovery import Recovery
from tertulia.realtime.hub import Hub

GRACE_S = 0.3
"""How long what was committed may be on its way before it is looked up."""
FIRST_BACKOFF_S = 0.1
LONGEST_BACKOFF_S = 1.0

_log = logging.getLogger(__name__)


class Sweep:
    """Compares what this node has told with what there is to tell, every `period_s` seconds."""

    def __init__(self, hub: Hub, storage: Storage, recovery: Recovery, *, period_s: float) -> None:
        self._hub = hub
        self._storage = storage
        self._recovery = recovery
        self._period_s = period_s
        self._is_due = asyncio.Event()

    def soon(self) -> None:
        """Look at once: something may have been missed."""
        self._is_due.set()

    async def run(self) -> None:
        """Look again and again, for ever."""
        failures = 0
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._period_s):
                    await self._is_due.wait()
            self._is_due.clear()
            try:
                await self.look()
                failures = 0
            except Unavailable:
                _log.debug("the database cannot be asked what was missed")
                # Whoever waits for what was missed does not wait for long.
                self.soon()
                failures += 1
                wait_s = backoff_s(failures, first_s=FIRST_BACKOFF_S, longest_s=LONGEST_BACKOFF_S)
                await asyncio.sleep(wait_s)
            except Exception:
                _log.exception("what was missed could not be looked up")

    async def look(self) -> None:
        """Tell what was committed a moment ago and has not come here."""
        asked = self._hub.holes.asked
        told = self._hub.told()
        if not told:
            return
        heads = await self._heads(told)
        behind = {each: heads[each] for each in told if each in heads and told[each] < heads[each]}
        ended = told.keys() - heads.keys()
        if behind:
            await asyncio.sleep(GRACE_S)
        for conversation_id, head in behind.items():
            await self._catch_up(conversation_id, head)
        for conversation_id in ended:
            self._hub.end(conversation_id)
        self._hub.holes.looked_up(asked)

    async def _catch_up(self, conversation_id: UUID, head: int) -> None:
        while (since := self._hub.told().get(conversation_id, head)) < head:
            found = await self._recovery.since(conversation_id, since, head)
            if found is None:
                self._hub.end(conversation_id)
                return
            self._hub.recover(conversation_id, found.events, found.up_to)
            _log.info("changes %d to %d of a conversation were told late", since + 1, found.up_to)

    async def _heads(self, conversation_ids: Collection[UUID]) -> dict[UUID, int]:
        async with self._storage.read() as work:
            return await work.conversations.heads(conversation_ids)
