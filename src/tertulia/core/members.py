"""Coming into a conversation, leaving it, being brought in or removed, and roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from tertulia.core import lifecycle, limits, policy, texts
from tertulia.core.accounts import require_people
from tertulia.core.audit import note
from tertulia.core.avatars import Avatars
from tertulia.core.contacts import require_welcome
from tertulia.core.errors import Conflict, Invalid
from tertulia.core.limits import Limits
from tertulia.core.membership import beside, bring_in, change_role, require_unbanned, take_out
from tertulia.core.model import (
    Account,
    Actor,
    Chat,
    Conversation,
    Kind,
    Member,
    Membership,
    Page,
    Role,
)
from tertulia.core.moderation import Act
from tertulia.core.paging import cut, decode_token
from tertulia.core.ports import Clock, Storage, Work


class Members:
    """Who is in a conversation."""

    def __init__(self, storage: Storage, avatars: Avatars, doors: Limits, clock: Clock) -> None:
        self._storage = storage
        self._avatars = avatars
        self._doors = doors
        self._clock = clock

    async def join(self, actor: Actor, conversation_id: UUID) -> Chat:
        """Walk into a room; someone who is in it already just gets it."""
        async with self._storage.read() as work:
            is_in = await work.members.among(conversation_id, [actor.account_id])
        if not is_in:
            await self._doors.take(limits.JOINS_OF, str(actor.account_id))
        async with self._storage.begin() as work:
            room = await work.conversations.locked_room(conversation_id)
            if not await work.members.among(conversation_id, [actor.account_id]):
                await require_people(work, [actor.account_id])
                await require_unbanned(work, conversation_id, [actor.account_id])
                await bring_in(work, room, [actor.account_id], self._clock())
            return await work.conversations.chat(actor.account_id, conversation_id)

    async def leave(self, actor: Actor, conversation_id: UUID) -> None:
        """Leave a group or room.

        An owner hands over to the admin, else the member, who has been there longest. A group ends
        with its last member; a room stays open.
        """
        async with self._storage.begin() as work:
            membership = await work.conversations.locked_for_member(
                actor.account_id, conversation_id
            )
            policy.may_leave(membership)
            conversation = membership.conversation
            is_over = conversation.member_count == 1 and conversation.kind is Kind.GROUP
            if is_over:
                await lifecycle.end(work, conversation_id, self._clock())
            else:
                heir = await _heir(work, membership)
                if heir is not None:
                    await self._hand_over(work, membership, heir)
                await take_out(work, conversation, membership.member, "left", self._clock())
        if is_over:
            await self._avatars.forget(conversation.picture)

    async def add(
        self,
        actor: Actor,
        conversation_id: UUID,
        account_ids: Sequence[UUID],
        *,
        alias: str | None = None,
    ) -> tuple[tuple[Member, Account], ...]:
        """Bring people in; those who are in already are passed over.

        With `alias` the conversation gets another full name at once, or nothing happens at all.
        """
        wanted = tuple(dict.fromkeys(account_ids))
        if len(wanted) > policy.MAX_NEWCOMERS:
            raise Invalid(
                f"At most {policy.MAX_NEWCOMERS} people are brought in at once.",
                code="too_long",
                attr="user_ids",
            )
        if wanted:
            await self._doors.take(
                limits.PEOPLE_BROUGHT_IN_BY, str(actor.account_id), count=len(wanted)
            )
        async with self._storage.begin() as work:
            membership = await work.conversations.locked_for_member(
                actor.account_id, conversation_id
            )
            members = await work.members.among(conversation_id, wanted)
            present = {member.account_id for member in members}
            new = [account_id for account_id in wanted if account_id not in present]
            policy.may_add_members(membership, len(new))
            await require_people(work, new)
            await require_welcome(work, actor.account_id, new)
            await require_unbanned(work, conversation_id, new)
            conversation = membership.conversation
            if alias is not None:
                conversation = await self._rename(work, membership, alias)
            if not new:
                return ()
            now = self._clock()
            await note(work, conversation_id, actor.account_id, Act.MEMBER_ADDED, now, targets=new)
            return await bring_in(work, conversation, new, now)

    async def remove(
        self, actor: Actor, conversation_id: UUID, account_id: UUID, *, reason: str | None = None
    ) -> None:
        """Remove somebody else, who is told the reason; oneself one leaves."""
        told = None if reason is None else texts.reason(reason)
        if account_id == actor.account_id:
            raise Conflict("Leave instead of removing yourself.", code="use_leave")
        async with self._storage.begin() as work:
            membership = await work.conversations.locked_for_member(
                actor.account_id, conversation_id
            )
            other = await work.members.get(conversation_id, account_id)
            policy.may_remove(membership, other)
            now = self._clock()
            await note(
                work,
                conversation_id,
                actor.account_id,
                Act.MEMBER_REMOVED,
                now,
                targets=[account_id],
                detail={"reason": told},
            )
            await take_out(work, membership.conversation, other, "removed", now, note=told)

    async def set_role(
        self, actor: Actor, conversation_id: UUID, account_id: UUID, role: Role
    ) -> tuple[Member, Account]:
        """Make a member an admin or an admin a member, or hand the conversation over to either.

        Who hands it over is an admin from then on.
        """
        async with self._storage.begin() as work:
            membership = await work.conversations.locked_for_member(
                actor.account_id, conversation_id
            )
            policy.may_set_role(membership)
            other = await work.members.get(conversation_id, account_id)
            if other.role is Role.OWNER and role is not Role.OWNER:
                raise Conflict("An owner hands over, or leaves.", code="owner")
            if other.role is not role and role is Role.OWNER:
                await require_people(work, [account_id], attr="user_id")
                await change_role(work, membership.conversation.kind, membership.member, Role.ADMIN)
                other = await self._hand_over(work, membership, other)
            elif other.role is not role:
                other = await change_role(work, membership.conversation.kind, other, role)
                await note(
                    work,
                    conversation_id,
                    actor.account_id,
                    Act.ROLE_CHANGED,
                    self._clock(),
                    targets=[account_id],
                    detail={"role": role.value},
                )
            (person,) = await work.accounts.seen_by(actor.account_id, [account_id])
            return other, person

    async def page(
        self, actor: Actor, conversation_id: UUID, token: str | None, size: int
    ) -> Page[tuple[Member, Account]]:
        """Return who is in a conversation, in order of joining."""
        after = decode_token(token, int, UUID)
        async with self._storage.read() as work:
            await work.conversations.for_member(actor.account_id, conversation_id)
            found = await work.members.page(conversation_id, after=after, limit=size + 1)
            page = cut(found, size, lambda member: (member.joined_seq, member.account_id))
            named = [member.account_id for member in page.items]
            people = await work.accounts.seen_by(actor.account_id, named)
        return Page(items=beside(page.items, people), token=page.token)

    async def _rename(self, work: Work, membership: Membership, alias: str) -> Conversation:
        policy.may_change(membership)
        old = membership.conversation
        new = replace(old, alias=texts.alias(alias))
        if new == old:
            return old
        return await lifecycle.change(work, old, new, membership.member.account_id, self._clock())

    async def _hand_over(self, work: Work, owner: Membership, heir: Member) -> Member:
        await note(
            work,
            owner.conversation.id,
            owner.member.account_id,
            Act.OWNERSHIP_HANDED_OVER,
            self._clock(),
            targets=[heir.account_id],
        )
        return await change_role(work, owner.conversation.kind, heir, Role.OWNER)


async def _heir(work: Work, leaving: Membership) -> Member | None:
    """Return who is the owner after somebody who leaves, where that has to be another."""
    if leaving.member.role is not Role.OWNER:
        return None
    for role in (Role.ADMIN, Role.MEMBER):
        heir = await work.members.longest(leaving.conversation.id, role)
        if heir is not None:
            return heir
    return None
