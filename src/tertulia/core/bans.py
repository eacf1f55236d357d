"""Keeping people out: who is banned is not in, and neither walks in nor is brought in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tertulia.core import moderation_policy, texts
from tertulia.core.accounts import require_people
from tertulia.core.audit import note
from tertulia.core.errors import Conflict, NotFound
from tertulia.core.membership import take_out
from tertulia.core.model import Account, Actor, Page
from tertulia.core.moderation import Act, Ban
from tertulia.core.paging import cut, decode_token
from tertulia.core.ports import Clock, Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class BanList:
    """A page of bans, with the people whom they name."""

    bans: Page[Ban]
    people: tuple[Account, ...]


class Bans:
    """Who is kept out of groups and rooms."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def page(
        self, actor: Actor, conversation_id: UUID, token: str | None, size: int
    ) -> BanList:
        """Return who is kept out, the latest first; for owner and admins."""
        before = decode_token(token, datetime, UUID)
        async with self._storage.read() as work:
            membership = await work.conversations.for_member(actor.account_id, conversation_id)
            moderation_policy.may_see_bans(membership)
            found = await work.bans.page(conversation_id, before=before, limit=size + 1)
            bans = cut(found, size, lambda ban: (ban.inserted_at, ban.account_id))
            named = {ban.account_id for ban in bans.items} | {ban.banned_by for ban in bans.items}
            people = await work.accounts.seen_by(actor.account_id, named)
        return BanList(bans=bans, people=people)

    async def ban(
        self, actor: Actor, conversation_id: UUID, account_id: UUID, reason: str | None = None
    ) -> None:
        """Keep somebody out, who is removed if they are in; one who is banned stays so.

        They are told the reason. Invalid `not_found` names `user_id`.
        """
        told = None if reason is None else texts.reason(reason)
        if account_id == actor.account_id:
            raise Conflict("Leave instead of banning yourself.", code="use_leave")
        now = self._clock()
        async with self._storage.begin() as work:
            membership = await work.conversations.locked_for_member(
                actor.account_id, conversation_id
            )
            present = await work.members.among(conversation_id, [account_id])
            other = present[0] if present else None
            moderation_policy.may_ban(membership, other)
            await require_people(work, [account_id], attr="user_id")
            ban = Ban(
                conversation_id=conversation_id,
                account_id=account_id,
                banned_by=actor.account_id,
                reason=told,
                inserted_at=now,
            )
            if not await work.bans.add(ban):
                return
            await work.invites.revoke_all_of(conversation_id, account_id, now)
            await note(
                work,
                conversation_id,
                actor.account_id,
                Act.MEMBER_BANNED,
                now,
                targets=[account_id],
                detail={"reason": told},
            )
            if other is not None:
                await take_out(work, membership.conversation, other, "banned", now, note=told)

    async def lift(self, actor: Actor, conversation_id: UUID, account_id: UUID) -> None:
        """Keep somebody out no longer; they do not come back by it. NotFound without a ban."""
        async with self._storage.begin() as work:
            membership = await work.conversations.locked_for_member(
                actor.account_id, conversation_id
            )
            moderation_policy.may_see_bans(membership)
            if not await work.bans.drop(conversation_id, account_id):
                raise NotFound("This person is not banned.")
            await note(
                work,
                conversation_id,
                actor.account_id,
                Act.MEMBER_UNBANNED,
                self._clock(),
                targets=[account_id],
            )
