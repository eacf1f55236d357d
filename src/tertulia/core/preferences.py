"""How people keep their conversations: muted, pinned, archived, marked as unread.

These are one person's own, take no seq, and are told to that person's devices alone. A conversation
counts as archived while it is muted, and otherwise until something is sent into it: that follows
from `archived_at`, `muted_until` and `last_activity_at`, so sending writes nothing for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from msgspec import UNSET, UnsetType

from tertulia.core.errors import Conflict
from tertulia.core.events import PreferencesChanged
from tertulia.core.model import Actor, Notify, Preferences
from tertulia.core.ports import Clock, Storage, Work

MAX_PINS = 20
FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The latest `muted_until`: what is later is not a moment in every zone."""


class OwnPreferences:
    """How each person keeps each conversation."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def change(
        self,
        actor: Actor,
        conversation_id: UUID,
        *,
        notify: Notify | UnsetType | None = UNSET,
        muted_until: datetime | UnsetType | None = UNSET,
        pinned: bool | None = None,
        archived: bool | None = None,
        marked_unread: bool | None = None,
    ) -> Preferences:
        """Keep a conversation another way; what is not given stays as it is.

        `notify` None is as one has it elsewhere, `muted_until` None or gone by is not muted.
        Conflict `too_many_pins` past 20.
        """
        now = self._clock()
        async with self._storage.begin() as work:
            old = await _held(work, actor, conversation_id)
            new = old
            if notify is not UNSET:
                new = replace(new, notify=notify)
            if muted_until is not UNSET:
                new = replace(new, muted_until=_mute(muted_until, now))
            if pinned is not None:
                new = replace(new, pinned_at=_since(old.pinned_at, now, on=pinned))
            if archived is not None:
                # Archived once more it is so anew: what was sent meanwhile had brought it back.
                new = replace(new, archived_at=now if archived else None)
            if marked_unread is not None:
                new = replace(new, marked_unread=marked_unread)
            if new.pinned_at is not None and old.pinned_at is None:
                await _require_room_for_pin(work, actor)
            await _keep(work, actor, conversation_id, old, new)
        return new


async def clear_unread_mark(work: Work, actor: Actor, conversation_id: UUID) -> None:
    """Have a conversation not be marked as unread, since it is read now."""
    old = await _held(work, actor, conversation_id)
    await _keep(work, actor, conversation_id, old, replace(old, marked_unread=False))


async def _held(work: Work, actor: Actor, conversation_id: UUID) -> Preferences:
    """Return how somebody keeps a conversation; none of their devices changes it meanwhile."""
    await work.conversations.for_member(actor.account_id, conversation_id)
    await work.accounts.locked(actor.account_id)
    membership = await work.conversations.for_member(actor.account_id, conversation_id)
    return membership.member.preferences


async def _keep(
    work: Work, actor: Actor, conversation_id: UUID, old: Preferences, new: Preferences
) -> None:
    if new == old:
        return
    await work.members.prefer(conversation_id, actor.account_id, new)
    work.announce(
        PreferencesChanged(
            conversation_id=conversation_id, account_id=actor.account_id, preferences=new
        )
    )


async def _require_room_for_pin(work: Work, actor: Actor) -> None:
    if await work.members.pins(actor.account_id) >= MAX_PINS:
        raise Conflict(f"At most {MAX_PINS} conversations are pinned.", code="too_many_pins")


def _mute(until: datetime | None, now: datetime) -> datetime | None:
    if until is None or until <= now:
        return None
    until = min(until, FOR_EVER).astimezone(UTC)
    return until.replace(microsecond=until.microsecond // 1000 * 1000)


def _since(since: datetime | None, now: datetime, *, on: bool) -> datetime | None:
    """Return since when something is so: what is so already is so since then."""
    return (since or now) if on else None
