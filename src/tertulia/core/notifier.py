"""Telling people who are not looking: which message is pushed to whom.

A message is heard on the node that stored it, and waits a moment: whoever has its conversation open
somewhere reads it meanwhile. Then the database says in one statement who among those with a
subscription has not read it, and `notify_rules` whether they want to hear of it. What one
conversation said within that moment makes one notice for each person, the latest of what they want.
A process that ends loses what waits here, at most a few seconds of pushes.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tertulia.core.errors import Unavailable
from tertulia.core.events import Event, MessageSent, SealedSent
from tertulia.core.message import Message
from tertulia.core.model import Account, Conversation, Kind
from tertulia.core.notice_texts import body_of, title_of
from tertulia.core.notify_rules import notifies, occasion_of
from tertulia.core.ports import Clock, Storage, Work
from tertulia.core.push_queue import Push, PushQueue
from tertulia.core.pushes import Listener, MessageNotice

log = logging.getLogger(__name__)

MAX_CONVERSATIONS = 10_000
"""Conversations that wait to be told of; what is said in more of them nobody is told."""
MAX_MESSAGES = 100
"""The messages of one conversation that wait; the oldest go."""
RETRY_S = 5.0


@dataclass(slots=True)
class _Pending:
    due_s: float
    message_ids: deque[UUID] = field(default_factory=lambda: deque(maxlen=MAX_MESSAGES))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What was said in one conversation, the latest first, and by whom.

    `replied` has who wrote what is replied to, `unwelcome` who (first) has blocked whom.
    """

    conversation: Conversation
    messages: Sequence[Message]
    people: Mapping[UUID, Account]
    replied: Mapping[UUID, UUID]
    unwelcome: Collection[tuple[UUID, UUID]]
    now: datetime


class Notifier:
    """Finds out who is to be told of this node's messages."""

    def __init__(
        self,
        storage: Storage,
        queue: PushQueue,
        clock: Clock,
        *,
        delay_s: float,
        session_lifetime: timedelta,
    ) -> None:
        """Wait `delay_s`; sessions unused for longer than their lifetime are over."""
        self._storage = storage
        self._queue = queue
        self._clock = clock
        self._delay_s = delay_s
        self._session_lifetime = session_lifetime
        self._pending: OrderedDict[UUID, _Pending] = OrderedDict()
        self._has_pending = asyncio.Event()

    def sent(self, events: Sequence[Event]) -> None:
        """Note the messages that this node has stored; to no other node are they its own."""
        for event in events:
            if isinstance(event, MessageSent | SealedSent) and not event.message.extras.is_silent:
                self._note(event)

    async def run(self) -> None:
        """Find out whom to tell, for ever."""
        while True:
            try:
                await self._wait()
                await self.look()
            except Unavailable:
                await asyncio.sleep(RETRY_S)
            except Exception:
                log.exception("who is to be pushed to could not be found out")
                self._pending.clear()

    async def look(self) -> None:
        """Line up the pushes for what has waited long enough; Unavailable leaves it waiting."""
        now_s = _now_s()
        due = [key for key, each in self._pending.items() if each.due_s <= now_s]
        if not due:
            return
        async with self._storage.read() as work:
            has_listeners = await work.notices.anybody_listens()
        for conversation_id in due:
            ids = list(self._pending[conversation_id].message_ids)
            pushes: Sequence[Push] = ()
            if has_listeners:
                async with self._storage.read() as work:
                    pushes = await self._pushes_for(work, conversation_id, ids)
            self._settle(conversation_id, ids)
            for push in pushes:
                await self._queue.put(push)

    def _note(self, event: MessageSent | SealedSent) -> None:
        pending = self._pending.get(event.conversation_id)
        if pending is None:
            if len(self._pending) >= MAX_CONVERSATIONS:
                log.warning("too much is said at once: nobody is told of some of it")
                return
            pending = self._pending[event.conversation_id] = _Pending(_now_s() + self._delay_s)
        pending.message_ids.append(event.message.id)
        self._has_pending.set()

    def _settle(self, conversation_id: UUID, ids: Collection[UUID]) -> None:
        """Forget what has been looked at; what came meanwhile waits for its own turn."""
        pending = self._pending.pop(conversation_id)
        late = [each for each in pending.message_ids if each not in ids]
        if late:
            again = self._pending[conversation_id] = _Pending(_now_s() + self._delay_s)
            again.message_ids.extend(late)

    async def _wait(self) -> None:
        if not self._pending:
            self._has_pending.clear()
            await self._has_pending.wait()
        # The first to come is the first to be due.
        first = next(iter(self._pending.values()))
        await asyncio.sleep(max(0.0, first.due_s - _now_s()))

    async def _pushes_for(
        self, work: Work, conversation_id: UUID, ids: Collection[UUID]
    ) -> list[Push]:
        conversation = await work.notices.conversation(conversation_id)
        messages = await work.notices.messages(ids)
        if conversation is None or not messages:
            return []
        now = self._clock()
        replied = await work.notices.senders([each.reply_to for each in messages if each.reply_to])
        mentioned = {account_id for each in messages for account_id in each.extras.mentions}
        listeners = await work.notices.listeners(
            conversation,
            messages,
            addressed=mentioned.union(replied.values()),
            now=now,
            used_since=now - self._session_lifetime,
        )
        senders = {message.sender_id for message in messages}
        said = _Said(
            conversation=conversation,
            messages=messages[::-1],
            people={each.id: each for each in await work.accounts.find(senders)},
            replied=replied,
            unwelcome=await _blocks(work, senders, listeners),
            now=now,
        )
        found = ((listener, _told(said, listener)) for listener in listeners)
        return [
            Push(listener.subscription, _notice(said, message, listener))
            for listener, message in found
            if message is not None
        ]


def _told(said: _Said, listener: Listener) -> Message | None:
    """Return what somebody is told of: the latest that they have not read and want to hear of."""
    account_id = listener.subscription.account_id
    for message in said.messages:
        if message.seq <= listener.read_seq:
            return None
        if (account_id, message.sender_id) in said.unwelcome:
            continue
        occasion = occasion_of(message, account_id, said.replied)
        kind, settings = said.conversation.kind, listener.settings
        if notifies(kind, settings, listener.preferences, occasion, said.now):
            return message
    return None


def _notice(said: _Said, message: Message, listener: Listener) -> MessageNotice:
    conversation = said.conversation
    sender = said.people.get(message.sender_id)
    is_private = conversation.kind is Kind.PRIVATE
    face = sender.avatar if sender else None
    return MessageNotice(
        conversation_id=conversation.id,
        message_id=message.id,
        seq=message.seq,
        title=title_of(conversation, sender),
        body=body_of(message, conversation.kind, sender, shows_text=listener.settings.shows_text),
        picture=face if is_private else conversation.picture or face,
        sent_at=message.inserted_at,
        is_urgent=is_private or listener.subscription.account_id in message.extras.mentions,
    )


async def _blocks(
    work: Work, senders: Collection[UUID], listeners: Sequence[Listener]
) -> frozenset[tuple[UUID, UUID]]:
    """Return who of those who listen has blocked whom of those who sent."""
    wary = {each.subscription.account_id for each in listeners if each.has_blocked}
    found = set()
    for sender in senders if wary else ():
        for blocker in await work.relations.blockers_of(sender, wary):
            found.add((blocker, sender))
    return frozenset(found)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
