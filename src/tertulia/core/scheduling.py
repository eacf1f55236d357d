"""Messages that wait for their time: kept, changed, and sent as their author would send them.

A loop claims what is due and sends it by the same `Messages.send` as anybody, under a client_ref
that is made of its id: if the process is killed between sending it and forgetting it, the claim
runs out, it is sent again, and the journal answers with the message that is there. What is refused
stays, with the reason, until its author looks; what comes too early in slow mode gets a
later time. What became due while the server was down is sent when it starts.

What one person has waiting goes out in the order of its times: one node at a time sends theirs,
and what was to come in between when one gets a later time in its conversation, now or while that
one waits, gets a later one yet.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from tertulia.core import limits, texts
from tertulia.core.composing import attached, no_such_attachment
from tertulia.core.entrance import require_open
from tertulia.core.errors import Conflict, Invalid, RateLimited, Refusal, Unavailable
from tertulia.core.events import ScheduleChanged
from tertulia.core.ids import new_id
from tertulia.core.limits import Limits
from tertulia.core.message import Message
from tertulia.core.messages import Messages
from tertulia.core.model import Actor
from tertulia.core.ports import Clock, Storage, Work
from tertulia.core.scheduled import Scheduled

log = logging.getLogger(__name__)

MAX_SCHEDULED = 100
SOONEST = timedelta(seconds=10)
LATEST = timedelta(days=366)
CLAIM = timedelta(minutes=1)
POLL_S = 1.0
RETRY_S = 60.0
# The times are kept to the millisecond.
_A_MOMENT = timedelta(milliseconds=1)
_AT_ONCE = 20


class Scheduling:
    """One's own messages that wait."""

    def __init__(
        self,
        storage: Storage,
        messages: Messages,
        doors: Limits,
        clock: Clock,
        *,
        max_body_chars: int,
    ) -> None:
        self._storage = storage
        self._messages = messages
        self._doors = doors
        self._clock = clock
        self._max_body_chars = max_body_chars

    async def schedule(
        self,
        actor: Actor,
        conversation_id: UUID,
        body: str,
        due_at: datetime,
        *,
        reply_to: UUID | None = None,
        attachment_ids: Sequence[UUID] = (),
        is_silent: bool = False,
    ) -> Scheduled:
        """Have a message wait until `due_at`, ten seconds to a year from now.

        Conflict `too_many_scheduled` where one has MAX_SCHEDULED waiting already.
        """
        await self._doors.take(limits.SCHEDULES_OF, str(actor.account_id))
        now = self._clock()
        carried = attached(attachment_ids)
        scheduled = Scheduled(
            id=new_id(),
            account_id=actor.account_id,
            conversation_id=conversation_id,
            body=self._body(body, has_files=bool(carried)),
            reply_to=reply_to,
            is_silent=is_silent,
            due_at=_time(due_at, now),
            inserted_at=now,
        )
        async with self._storage.begin() as work:
            # Holding the account, so that two at once cannot both be the hundredth.
            await work.accounts.locked(actor.account_id)
            membership = await work.conversations.for_member(actor.account_id, conversation_id)
            if membership.conversation.encrypted:
                raise Conflict("This conversation is encrypted.", code="encrypted")
            if await work.scheduled.count(actor.account_id) >= MAX_SCHEDULED:
                raise Conflict(
                    f"At most {MAX_SCHEDULED} messages can wait.", code="too_many_scheduled"
                )
            await _require_replied(work, scheduled)
            files = await work.uploads.complete_of(actor.account_id, conversation_id, carried)
            if len(files) < len(carried):
                raise no_such_attachment()
            scheduled = replace(scheduled, attachments=files)
            await work.scheduled.add(scheduled)
            await work.uploads.keep(carried)
            _tell(work, scheduled)
        return scheduled

    async def waiting(
        self, actor: Actor, conversation_id: UUID | None = None
    ) -> tuple[Scheduled, ...]:
        """Return what one has waiting, the first to be sent first."""
        async with self._storage.read() as work:
            return await work.scheduled.of(actor.account_id, conversation_id)

    async def change(
        self,
        actor: Actor,
        scheduled_id: UUID,
        *,
        body: str | None = None,
        due_at: datetime | None = None,
    ) -> Scheduled:
        """Give a waiting message another text or time; a failure is forgotten.

        Conflict `being_sent` where its time has just come.
        """
        await self._doors.take(limits.SCHEDULES_OF, str(actor.account_id))
        now = self._clock()
        async with self._storage.begin() as work:
            old = await work.scheduled.get(actor.account_id, scheduled_id)
            has_files = bool(old.attachments)
            new = replace(
                old,
                body=old.body if body is None else self._body(body, has_files=has_files),
                due_at=old.due_at if due_at is None else _time(due_at, now),
                failure=None,
            )
            if new.due_at <= now:
                raise Invalid("Choose another time.", code="too_soon", attr="send_at")
            if not await work.scheduled.update(new, now):
                raise _being_sent()
            _tell(work, new)
        return new

    async def cancel(self, actor: Actor, scheduled_id: UUID) -> None:
        """Do without a waiting message; Conflict `being_sent` where its time has just come."""
        now = self._clock()
        async with self._storage.begin() as work:
            scheduled = await work.scheduled.get(actor.account_id, scheduled_id)
            if not await work.scheduled.claim(scheduled_id, now, now + CLAIM):
                raise _being_sent()
            await work.scheduled.drop(scheduled_id)
            await work.uploads.let_go(_files(scheduled), now)
            _tell(work, scheduled)

    async def send_now(self, actor: Actor, scheduled_id: UUID) -> Message:
        """Send a waiting message at once; raises what `Messages.send` raises, and then it waits."""
        now = self._clock()
        async with self._storage.begin() as work:
            scheduled = await work.scheduled.get(actor.account_id, scheduled_id)
            if not await work.scheduled.claim(scheduled_id, now, now + CLAIM):
                raise _being_sent()
        try:
            message = await self._send(scheduled)
        except Refusal:
            async with self._storage.begin() as work:
                await work.scheduled.release(scheduled)
            raise
        await self._forget(scheduled)
        return message

    async def run(self) -> None:
        """Send what is due, for ever."""
        while True:
            try:
                found = await self.send_due()
            except Unavailable:
                found = 0
            except Exception:
                log.exception("scheduled messages could not be looked after")
                found = 0
            if not found:
                await asyncio.sleep(POLL_S)

    async def send_due(self) -> int:
        """Send what is due now of a few people at once; return how much there was."""
        now = self._clock()
        async with self._storage.read() as work:
            if not await work.scheduled.is_any_due(now):
                return 0
        async with self._storage.begin() as work:
            people = await work.scheduled.hold_due(now, _AT_ONCE)
            due = await work.scheduled.claim_due(people, now, now + CLAIM)
        by_person: dict[UUID, list[Scheduled]] = {}
        for scheduled in due:
            by_person.setdefault(scheduled.account_id, []).append(scheduled)
        await asyncio.gather(*map(self._send_in_order, by_person.values()))
        return len(due)

    async def _send_in_order(self, due: Sequence[Scheduled]) -> None:
        """Send what is due of one person, one after the other."""
        put_off: set[UUID] = set()
        for scheduled in due:
            if scheduled.conversation_id in put_off:
                # It was moved behind the one that got a later time.
                continue
            later = await self._try(scheduled)
            if later is not None:
                put_off.add(scheduled.conversation_id)
                await self._put_off(scheduled, later)

    async def _try(self, scheduled: Scheduled) -> datetime | None:
        """Send one; return when to try again where it is too early."""
        try:
            await self._require_open(scheduled)
            await self._send(scheduled)
        except Refusal as refusal:
            if refusal.can_retry:
                wait_s = refusal.retry_after_s if isinstance(refusal, RateLimited) else RETRY_S
                return self._clock() + timedelta(seconds=wait_s)
            await self._keep(replace(scheduled, failure=refusal.code))
        except Exception:
            # The claim runs out, and it is tried again.
            log.exception("scheduled message %s could not be sent", scheduled.id)
        else:
            await self._forget(scheduled)
        return None

    async def _require_open(self, scheduled: Scheduled) -> None:
        async with self._storage.read() as work:
            require_open(await work.accounts.get(scheduled.account_id))

    async def _send(self, scheduled: Scheduled) -> Message:
        # No session sends it; its own id stands there, which is none.
        actor = Actor(account_id=scheduled.account_id, session_id=scheduled.id)
        return await self._messages.send(
            actor,
            scheduled.conversation_id,
            scheduled.body,
            client_ref=f"scheduled:{scheduled.id}",
            reply_to=scheduled.reply_to,
            attachments=_files(scheduled),
            is_silent=scheduled.is_silent,
        )

    async def _put_off(self, scheduled: Scheduled, later: datetime) -> None:
        """Have it wait on for a later time, and behind it what would otherwise come before it."""
        async with self._storage.begin() as work:
            behind = await work.scheduled.behind(scheduled)
            await work.scheduled.release(replace(scheduled, due_at=later))
            for each in behind:
                if each.due_at > later:
                    break
                later += _A_MOMENT
                await work.scheduled.release(replace(each, due_at=later))
            _tell(work, scheduled)

    async def _keep(self, scheduled: Scheduled) -> None:
        """Have it wait on for its author, who may change it or do without it."""
        async with self._storage.begin() as work:
            await work.scheduled.release(scheduled)
            _tell(work, scheduled)

    async def _forget(self, scheduled: Scheduled) -> None:
        async with self._storage.begin() as work:
            if await work.scheduled.drop(scheduled.id):
                _tell(work, scheduled)

    def _body(self, body: str, *, has_files: bool) -> str:
        return texts.body(body, self._max_body_chars, may_be_empty=has_files)


def _time(due_at: datetime, now: datetime) -> datetime:
    due_at = due_at.replace(microsecond=due_at.microsecond // 1000 * 1000)
    if due_at < now + SOONEST:
        raise Invalid("This is too soon: send it now instead.", code="too_soon", attr="send_at")
    if due_at > now + LATEST:
        raise Invalid("This is more than a year away.", code="too_late", attr="send_at")
    return due_at


async def _require_replied(work: Work, scheduled: Scheduled) -> None:
    if scheduled.reply_to is None:
        return
    try:
        replied = await work.messages.for_member(scheduled.account_id, scheduled.reply_to)
    except Refusal:
        replied = None
    if replied is None or replied.conversation_id != scheduled.conversation_id:
        raise Invalid("There is no such message to reply to.", attr="reply_to")


def _files(scheduled: Scheduled) -> list[UUID]:
    return [attachment.id for attachment in scheduled.attachments]


def _being_sent() -> Conflict:
    return Conflict("This message is being sent just now.", code="being_sent")


def _tell(work: Work, scheduled: Scheduled) -> None:
    work.announce(
        ScheduleChanged(conversation_id=scheduled.conversation_id, account_id=scheduled.account_id)
    )
