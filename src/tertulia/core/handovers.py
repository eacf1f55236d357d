"""The mailbox through which a new device is handed the account's secret by another one.

The new device asks. One other session of the same account answers, and from then on the two speak
in turns; a third one is not let in between. That the right two stand face to face is made sure of
by the people, who compare a short code on both; the server only passes on what they say.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from tertulia.core import limits
from tertulia.core.encryption import KeyObject, worded
from tertulia.core.errors import Conflict, Invalid, NotAuthenticated, NotFound
from tertulia.core.handover import Handover, StoredHandover
from tertulia.core.ids import new_id
from tertulia.core.key_events import HandoverMoved
from tertulia.core.limits import Limits
from tertulia.core.model import Actor
from tertulia.core.ports import Clock, Storage, Vault, Work

LIFETIME = timedelta(minutes=10)
MAX_MESSAGES = 6
MAX_MESSAGE_CHARS = 4096
"""Of its compact JSON in ASCII, so these are bytes as well."""


class Handovers:
    """Handovers between the devices of one account; nobody else's are to be seen."""

    def __init__(self, storage: Storage, vault: Vault, doors: Limits, clock: Clock) -> None:
        self._storage = storage
        self._vault = vault
        self._doors = doors
        self._clock = clock

    async def begin(self, actor: Actor, message: KeyObject) -> Handover:
        """Ask one's other devices for the secret; whatever this session asked before is over.

        Invalid names `message` where it cannot be passed on; RateLimited.
        """
        _require_passable(message)
        await self._doors.take(limits.HANDOVERS_OF, str(actor.account_id))
        async with self._storage.begin() as work:
            await work.accounts.locked(actor.account_id)
            session = await work.sessions.get(actor.session_id)
            if session is None or session.ended_at is not None:
                raise NotAuthenticated("This session has ended.", code="invalid_token")
            for before in await work.handovers.begun_by(actor.session_id):
                await self._drop(work, self._opened(before))
            handover = Handover(
                id=new_id(),
                account_id=actor.account_id,
                session_id=actor.session_id,
                answerer_id=None,
                device=session.name,
                messages=(message,),
                expires_at=self._clock() + LIFETIME,
            )
            await work.handovers.add(self._stored(handover))
            work.announce(_moved(handover))
        return handover

    async def get(self, actor: Actor, handover_id: UUID) -> Handover:
        """Return a handover of one's account; NotFound where there is none, or no longer."""
        async with self._storage.read() as work:
            return self._living(await work.handovers.get(actor.account_id, handover_id))

    async def say(self, actor: Actor, handover_id: UUID, message: KeyObject) -> Handover:
        """Say the next thing.

        Conflict: `not_your_turn`, `handover_taken` where another session answers already,
        `handover_over` when all was said. NotFound as above; Invalid names `message`; RateLimited.
        """
        _require_passable(message)
        await self._doors.take(limits.HANDOVER_MESSAGES_OF, str(actor.account_id))
        async with self._storage.begin() as work:
            found = self._living(await work.handovers.locked(actor.account_id, handover_id))
            _require_turn(found, actor.session_id)
            answerer_id = found.answerer_id
            if actor.session_id != found.session_id:
                answerer_id = actor.session_id
            moved = replace(found, answerer_id=answerer_id, messages=(*found.messages, message))
            await work.handovers.update(self._stored(moved))
            work.announce(_moved(moved))
        return moved

    async def end(self, actor: Actor, handover_id: UUID) -> None:
        """End a handover of one's account, on whichever device; NotFound where there is none."""
        async with self._storage.begin() as work:
            found = await work.handovers.locked(actor.account_id, handover_id)
            await self._drop(work, self._living(found))

    async def _drop(self, work: Work, handover: Handover) -> None:
        await work.handovers.drop(handover.id)
        work.announce(_moved(handover, is_over=True))

    def _living(self, stored: StoredHandover | None) -> Handover:
        if stored is None or stored.expires_at <= self._clock():
            raise NotFound("There is no such handover, or it has expired.")
        return self._opened(stored)

    def _stored(self, handover: Handover) -> StoredHandover:
        return StoredHandover(
            id=handover.id,
            account_id=handover.account_id,
            session_id=handover.session_id,
            answerer_id=handover.answerer_id,
            device=handover.device,
            sealed_messages=self._vault.seal(json.dumps(handover.messages)),
            expires_at=handover.expires_at,
        )

    def _opened(self, stored: StoredHandover) -> Handover:
        messages: Sequence[KeyObject] = json.loads(self._vault.unseal(stored.sealed_messages))
        return Handover(
            id=stored.id,
            account_id=stored.account_id,
            session_id=stored.session_id,
            answerer_id=stored.answerer_id,
            device=stored.device,
            messages=tuple(messages),
            expires_at=stored.expires_at,
        )


def _require_passable(message: KeyObject) -> None:
    if not message:
        raise Invalid("A message cannot be empty.", code="required", attr="message")
    if len(worded(message, "message")) > MAX_MESSAGE_CHARS:
        raise Invalid(
            f"A message has at most {MAX_MESSAGE_CHARS} characters.",
            code="too_long",
            attr="message",
        )


def _require_turn(handover: Handover, session_id: UUID) -> None:
    if len(handover.messages) >= MAX_MESSAGES:
        raise Conflict("All is said in this handover.", code="handover_over")
    asks = session_id == handover.session_id
    if not asks and handover.answerer_id not in (None, session_id):
        raise Conflict("Another of your devices answers.", code="handover_taken")
    if asks != (len(handover.messages) % 2 == 0):
        raise Conflict("It is the other device's turn.", code="not_your_turn")


def _moved(handover: Handover, *, is_over: bool = False) -> HandoverMoved:
    return HandoverMoved(
        account_id=handover.account_id,
        handover_id=handover.id,
        device=handover.device,
        messages=handover.messages,
        is_over=is_over,
    )
