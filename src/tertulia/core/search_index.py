"""Keeping the index of messages up to date, behind the sends and never in their way.

Each conversation knows up to which seq it is indexed. The loop hears of changes, reads what changed
since, and moves that seq on in the transaction that writes the index, so that whatever happens
nothing is missed and nothing counted twice. What was there before the index was, or was indexed by
another analysis, is its backlog, which is worked off from the newest message backwards.

While there is more to do, the loop rests as long as it worked: sends come first.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from tertulia.core import search_lexemes
from tertulia.core.errors import Unavailable
from tertulia.core.events import (
    Event,
    MessageDeleted,
    MessageEdited,
    MessagePinned,
    MessageSent,
    MessageUnpinned,
)
from tertulia.core.ids import new_id
from tertulia.core.ports import Storage, Work
from tertulia.core.search_stores import Behind, Entry, Source
from tertulia.core.search_words import VERSION

log = logging.getLogger(__name__)

GATHERING_S = 0.1
"""How long changes gather before they are indexed together."""

SWEEP_S = 10.0
"""How often all conversations are looked at, for what nobody was told of."""

_RETRY_S = 1.0
_CONVERSATIONS_AT_ONCE = 200
_MESSAGES_AT_ONCE = 500
_CHANGES = (MessageSent, MessageEdited, MessageDeleted, MessagePinned, MessageUnpinned)


class SearchIndex:
    """Brings what was said into the index."""

    def __init__(self, storage: Storage, *, messages_at_once: int = _MESSAGES_AT_ONCE) -> None:
        self._storage = storage
        self._messages_at_once = messages_at_once
        self._heard: set[UUID] = set()
        self._nudge = asyncio.Event()
        self._has_begun = False
        self._has_backlog = True
        self._swept_at: float | None = None

    def hear(self, events: Sequence[Event]) -> None:
        """Note in which conversations there is something to index."""
        for event in events:
            if isinstance(event, _CHANGES):
                self._heard.add(event.conversation_id)
                self._nudge.set()

    async def run(self) -> None:
        """Index what comes, for ever."""
        while True:
            begun = time.monotonic()
            try:
                done = await self.index_some()
            except Exception as error:
                if not isinstance(error, Unavailable):
                    log.exception("messages could not be indexed")
                self._swept_at = None
                await asyncio.sleep(_RETRY_S)
                continue
            if done:
                await asyncio.sleep(time.monotonic() - begun)
            else:
                await self._wait()

    async def catch_up(self) -> None:
        """Index all that there is at this moment."""
        self._swept_at = None
        while await self.index_some():
            pass

    async def index_some(self) -> bool:
        """Index a bounded number of messages; False where there was nothing to do."""
        if not self._has_begun:
            await self._begin()
        return await self._index_changes() or (self._has_backlog and await self._index_backlog())

    async def _begin(self) -> None:
        async with self._storage.read() as work:
            version = await work.search_index.version()
        if version != VERSION:
            async with self._storage.begin() as work:
                await work.search_index.start_over(VERSION, new_id())
        self._has_begun = True

    async def _index_changes(self) -> bool:
        heard = self._take_heard()
        if heard is not None and not heard:
            return False
        async with self._storage.read() as work:
            behind = await work.search_index.behind(heard, _CONVERSATIONS_AT_ONCE)
            moves, sources = await self._changed(work, behind)
        if len(behind) == _CONVERSATIONS_AT_ONCE:
            self._swept_at = None
        elif heard is None:
            self._swept_at = time.monotonic()
        if not moves:
            return False
        entries = _entries(sources)
        try:
            async with self._storage.begin() as work:
                await _store(work, entries, moves)
        except _Overtaken:
            # Another node is at it; what it leaves is found by looking.
            self._swept_at = None
        reached = {each.conversation_id for each, seq in moves if seq >= each.head}
        self._heard.update(each.conversation_id for each in behind)
        self._heard -= reached
        return True

    async def _changed(
        self, work: Work, behind: Iterable[Behind]
    ) -> tuple[list[tuple[Behind, int]], list[Source]]:
        """Read what changed, and up to which seq of each conversation that is all."""
        moves: list[tuple[Behind, int]] = []
        sources: list[Source] = []
        for each in behind:
            room = self._messages_at_once - len(sources)
            if room <= 1:
                break
            found = await work.search_index.changed(each, room)
            # A list that was cut may lack others of its last change.
            is_cut = len(found) == room
            seq = found[-1].message.changed_seq - 1 if is_cut else each.head
            sources += [source for source in found if source.message.changed_seq <= seq]
            moves.append((each, seq))
        return moves, sources

    async def _index_backlog(self) -> bool:
        async with self._storage.read() as work:
            before = await work.search_index.backlog()
            if before is None:
                self._has_backlog = False
                return False
            sources = await work.search_index.older(before, self._messages_at_once)
        entries = _entries(sources)
        to = min((source.message.id for source in sources), default=None)
        async with self._storage.begin() as work:
            index = work.search_index
            if await index.claim() and await index.move_backlog(before, to):
                await index.put(entries, is_older=True)
        return True

    def _take_heard(self) -> set[UUID] | None:
        """Return which conversations to look at; None for all of them."""
        self._nudge.clear()
        if self._swept_at is None or time.monotonic() - self._swept_at > SWEEP_S:
            self._heard.clear()
            return None
        heard, self._heard = self._heard, set()
        return heard

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(SWEEP_S):
                await self._nudge.wait()
        except TimeoutError:
            return
        await asyncio.sleep(GATHERING_S)


class _Overtaken(Exception):
    """Another node moved a conversation on meanwhile."""


async def _store(work: Work, entries: Sequence[Entry], moves: Sequence[tuple[Behind, int]]) -> None:
    if not await work.search_index.claim():
        raise _Overtaken
    before = await work.search_index.backlog()
    # What waits in the backlog has its place there, whatever became of it.
    entries = [entry for entry in entries if before is None or entry.message_id >= before]
    await work.search_index.put(entries, is_older=False)
    # Last, since sends wait for these rows.
    if not await work.search_index.move(moves):
        raise _Overtaken


def _entries(sources: Iterable[Source]) -> list[Entry]:
    """Say what the index shall have of messages, in order of their ids, which is that of time."""
    return [_entry(source) for source in sorted(sources, key=lambda each: each.message.id)]


def _entry(source: Source) -> Entry:
    message = source.message
    entry = Entry(
        message_id=message.id,
        conversation_number=source.conversation_number,
        seq=message.seq,
        inserted_at=message.inserted_at,
    )
    if message.deleted_at is not None:
        return entry
    marks = search_lexemes.marks(
        message,
        conversation_number=source.conversation_number,
        sender_number=source.sender_number,
        has_link=source.has_link,
    )
    return replace(entry, marks=tuple(marks), text=search_lexemes.searched_text(message))
