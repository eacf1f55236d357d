"""Pushes that are lined up, tried again, and taken back once they have been read.

Everything here is in memory and bounded. A process that ends loses what is lined up and under way;
the messages themselves are nobody's loss. It also forgets whom it has pushed to, so that a
notification shown before a restart stays until somebody looks.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from tertulia.core.errors import Unavailable
from tertulia.core.events import ConversationRead, Event
from tertulia.core.ports import Storage
from tertulia.core.pushes import (
    Gone,
    MessageNotice,
    Notice,
    PushService,
    PushSubscription,
    ReadNotice,
    TryLater,
)

log = logging.getLogger(__name__)

T = TypeVar("T")

MAX_QUEUED = 20_000
"""Pushes lined up; whoever lines up more waits."""
MAX_WAITING = 2_000
"""Pushes that wait to be tried again; what more fail are given up."""
MAX_REMEMBERED = 20_000
AT_ONCE = 16
MAX_TRIES = 5
AGAIN_S = 1.0
"""How long to wait before what was read is taken back again, after a failure."""
FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 300.0

_Place = tuple[UUID, UUID]
"""A person and a conversation."""


@dataclass(frozen=True, slots=True)
class Push:
    """A notice on its way to one browser."""

    subscription: PushSubscription
    notice: Notice
    tries: int = 0

    @property
    def place(self) -> _Place:
        """Whom it tells of which conversation."""
        return self.subscription.account_id, self.notice.conversation_id


@dataclass(slots=True)
class _Shown:
    """What was pushed of one conversation to one person."""

    seq: int
    subscription_ids: set[UUID]


class PushQueue:
    """The pushes of this node."""

    def __init__(self, storage: Storage, service: PushService) -> None:
        self._storage = storage
        self._service = service
        self._pushes: asyncio.Queue[Push] = asyncio.Queue(MAX_QUEUED)
        self._waiting = 0
        self._read: OrderedDict[_Place, int] = OrderedDict()
        self._shown: OrderedDict[_Place, _Shown] = OrderedDict()
        self._seen: deque[tuple[UUID, int, set[UUID]]] = deque(maxlen=MAX_REMEMBERED)
        self._has_seen = asyncio.Event()

    def hear(self, events: Sequence[Event]) -> None:
        """Note what people have read, on whatever node."""
        for event in events:
            if isinstance(event, ConversationRead):
                self._note_read((event.account_id, event.conversation_id), event.read_seq)

    async def put(self, push: Push) -> None:
        """Line a push up, waiting while too many are."""
        await self._pushes.put(push)

    async def run(self) -> None:
        """Push what is lined up, and take back what was read, for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._take_back_for_ever())
            for _ in range(AT_ONCE):
                tasks.create_task(self._push_for_ever())

    async def push_all(self) -> None:
        """Push what is lined up now, one after the other."""
        while not self._pushes.empty():
            await self._push(self._pushes.get_nowait())

    async def take_back(self) -> None:
        """Line up word of what was read elsewhere, for the devices that were pushed to.

        What that fails for is still the first to be taken back.
        """
        self._has_seen.clear()
        while self._seen:
            first = self._seen[0]
            conversation_id, read_seq, ids = first
            async with self._storage.read() as work:
                subscriptions = await work.push_subscriptions.find(ids)
            notice = ReadNotice(conversation_id=conversation_id, read_seq=read_seq)
            for subscription in subscriptions:
                await self.put(Push(subscription, notice))
            # It has gone by itself where too many came after it meanwhile.
            if self._seen[0] is first:
                self._seen.popleft()

    def _note_read(self, place: _Place, seq: int) -> None:
        if seq > self._read.get(place, 0):
            _remember(self._read, place, seq)
        shown = self._shown.get(place)
        if shown is not None and shown.seq <= seq:
            del self._shown[place]
            self._seen.append((place[1], seq, shown.subscription_ids))
            self._has_seen.set()

    async def _take_back_for_ever(self) -> None:
        while True:
            await self._has_seen.wait()
            try:
                await self.take_back()
                continue
            except Unavailable:
                log.debug("what was read waits for the database to be taken back")
            except Exception:
                log.exception("what was read could not be taken back")
                # A bug, and the loss of this one alone.
                self._seen.popleft()
            await asyncio.sleep(AGAIN_S)
            self._has_seen.set()

    async def _push_for_ever(self) -> None:
        while True:
            push = await self._pushes.get()
            try:
                await self._push(push)
            except Exception as error:
                log.warning("a push failed: %r", error)

    async def _push(self, push: Push) -> None:
        if await self._is_stale(push):
            return
        try:
            await self._service.push(push.subscription, push.notice)
        except Gone as reason:
            log.info("push subscription %s leads nowhere: %s", push.subscription.id, reason)
            async with self._storage.begin() as work:
                await work.push_subscriptions.forget(push.subscription.id)
        except TryLater as reason:
            self._put_off(push, reason)
        else:
            self._note_shown(push)

    async def _is_stale(self, push: Push) -> bool:
        """Whether a message was read while its push waited, or the session ended meanwhile."""
        notice = push.notice
        if isinstance(notice, MessageNotice) and notice.seq <= self._read.get(push.place, 0):
            return True
        if not push.tries:
            return False
        async with self._storage.read() as work:
            return not await work.push_subscriptions.find([push.subscription.id])

    def _note_shown(self, push: Push) -> None:
        notice = push.notice
        if not isinstance(notice, MessageNotice):
            return
        shown = self._shown.get(push.place) or _Shown(0, set())
        shown.seq = max(shown.seq, notice.seq)
        shown.subscription_ids.add(push.subscription.id)
        _remember(self._shown, push.place, shown)
        # It may have been read while the push was under way.
        read_seq = self._read.get(push.place, 0)
        if shown.seq <= read_seq:
            self._note_read(push.place, read_seq)

    def _put_off(self, push: Push, reason: TryLater) -> None:
        tries = push.tries + 1
        if tries >= MAX_TRIES or self._waiting >= MAX_WAITING:
            log.warning("a push was given up after %d tries: %s", tries, reason)
            return
        own_s = FIRST_WAIT_S * 2**push.tries
        wait_s = min(LONGEST_WAIT_S, own_s if reason.after_s is None else reason.after_s)
        self._waiting += 1
        asyncio.get_running_loop().call_later(wait_s, self._again, replace(push, tries=tries))

    def _again(self, push: Push) -> None:
        self._waiting -= 1
        if self._pushes.full():
            log.warning("a push was given up: too many are lined up")
        else:
            self._pushes.put_nowait(push)


def _remember(kept: OrderedDict[_Place, T], place: _Place, what: T) -> None:
    """Keep something as the newest; the oldest goes beyond MAX_REMEMBERED."""
    kept[place] = what
    kept.move_to_end(place)
    if len(kept) > MAX_REMEMBERED:
        kept.popitem(last=False)
