"""Coming into a conversation, leaving it, being brought in or removed, and roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from tertulia.core import lifecycle, limits, policy, texts
from tertulia.core.accounts import require_people, without_address
from tertulia.core.contacts import require_welcome
from tertulia.core.errors import Conflict, Invalid
from tertulia.core.events import (
    ConversationEnded,
    ConversationStarted,
    MemberChanged,
    MemberLeft,
    MembersJoined,
)
from tertulia.core.limits import Limits
from tertulia.core.model import (
    Account,
    Actor,
    Chat,
    Conversation,
    EndReason,
    Kind,
    Member,
    Membership,
    Page,
    Role,
)
from tertulia.core.paging import cut, decode_token
from tertulia.core.ports import Clock, Storage, Work


class Members:
    """Who is in a conversation."""

    def __init__(self, storage: Storage, doors: Limits, clock: Clock) -> None:
        self._storage = storage
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
                await self._bring_in(work, room, [actor.account_id])
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
            if conversation.member_count == 1 and conversation.kind is Kind.GROUP:
                await lifecycle.end(work, conversation_id, self._clock())
                return
            if membership.member.role is Role.OWNER:
                await self._hand_over(work, conversation)
            await self._take_out(work, conversation, membership.member, "left")

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
            conversation = membership.conversation
            if alias is not None:
                conversation = await self._rename(work, membership, alias)
            if not new:
                return ()
            return await self._bring_in(work, conversation, new)

    async def remove(self, actor: Actor, conversation_id: UUID, account_id: UUID) -> None:
        """Remove somebody else; oneself one leaves."""
        if account_id == actor.account_id:
            raise Conflict("Leave instead of removing yourself.", code="use_leave")
        async with self._storage.begin() as work:
            membership = await work.conversations.locked_for_member(
                actor.account_id, conversation_id
            )
            other = await work.members.get(conversation_id, account_id)
            policy.may_remove(membership, other)
            await self._take_out(work, membership.conversation, other, "removed")

    async def set_role(
        self, actor: Actor, conversation_id: UUID, account_id: UUID, role: Role
    ) -> tuple[Member, Account]:
        """Make a member an admin or an admin a member."""
        if role is Role.OWNER:
            raise Invalid("A conversation has one owner.", attr="role")
        async with self._storage.begin() as work:
            membership = await work.conversations.locked_for_member(
                actor.account_id, conversation_id
            )
            policy.may_set_role(membership)
            other = await work.members.get(conversation_id, account_id)
            if other.role is Role.OWNER:
                raise Conflict("The owner's role stays.", code="owner")
            if other.role is not role:
                other = await self._change_role(work, membership.conversation.kind, other, role)
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
        return Page(items=_beside(page.items, people), token=page.token)

    async def _rename(self, work: Work, membership: Membership, alias: str) -> Conversation:
        policy.may_change(membership)
        old = membership.conversation
        new = replace(old, alias=texts.alias(alias))
        return old if new == old else await lifecycle.change(work, new, self._clock())

    async def _bring_in(
        self, work: Work, conversation: Conversation, account_ids: Sequence[UUID]
    ) -> tuple[tuple[Member, Account], ...]:
        now = self._clock()
        seq = await work.conversations.take_seq(conversation.id)
        # A room that everybody had left has nobody to look after it until somebody walks in.
        abandoned = conversation.member_count == 0
        members = [
            Member(
                conversation_id=conversation.id,
                account_id=account_id,
                role=Role.OWNER if abandoned and index == 0 else Role.MEMBER,
                joined_at=now,
                joined_seq=seq,
                changed_seq=seq,
                read_seq=seq,
            )
            for index, account_id in enumerate(account_ids)
        ]
        await work.members.add(members)
        changed = replace(
            conversation, head_seq=seq, member_count=conversation.member_count + len(members)
        )
        await work.conversations.update(changed)
        pairs = await _for_everyone(work, conversation.kind, members)
        work.announce(
            MembersJoined(
                conversation_id=conversation.id,
                seq=seq,
                kind=conversation.kind,
                members=tuple(member for member, _ in pairs),
                people=tuple(person for _, person in pairs),
                member_count=changed.member_count,
            ),
            ConversationStarted(
                conversation=changed,
                account_ids=tuple(account_ids),
                member_ids=await _named_members(work, changed, account_ids),
            ),
        )
        return pairs

    async def _take_out(
        self, work: Work, conversation: Conversation, member: Member, reason: EndReason
    ) -> None:
        now = self._clock()
        seq = await work.conversations.take_seq(conversation.id)
        gone = replace(member, changed_seq=seq, left_at=now, role=Role.MEMBER)
        await work.members.update(gone)
        changed = replace(conversation, head_seq=seq, member_count=conversation.member_count - 1)
        await work.conversations.update(changed)
        work.announce(
            MemberLeft(
                conversation_id=conversation.id,
                seq=seq,
                member=gone,
                removed=reason == "removed",
                member_count=changed.member_count,
            ),
            ConversationEnded(
                conversation_id=conversation.id, account_ids=(member.account_id,), reason=reason
            ),
        )

    async def _hand_over(self, work: Work, conversation: Conversation) -> None:
        for role in (Role.ADMIN, Role.MEMBER):
            heir = await work.members.longest(conversation.id, role)
            if heir is not None:
                await self._change_role(work, conversation.kind, heir, Role.OWNER)
                return

    async def _change_role(self, work: Work, kind: Kind, member: Member, role: Role) -> Member:
        seq = await work.conversations.take_seq(member.conversation_id)
        changed = replace(member, role=role, changed_seq=seq)
        await work.members.update(changed)
        ((_, person),) = await _for_everyone(work, kind, [changed])
        work.announce(
            MemberChanged(
                conversation_id=member.conversation_id, seq=seq, member=changed, person=person
            )
        )
        return changed


async def _named_members(
    work: Work, conversation: Conversation, newcomers: Sequence[UUID]
) -> tuple[UUID, ...]:
    if conversation.kind is Kind.ROOM:
        return tuple(newcomers)
    return tuple(member.account_id for member in await work.members.present(conversation.id))


async def _for_everyone(
    work: Work, kind: Kind, members: Sequence[Member]
) -> tuple[tuple[Member, Account], ...]:
    """Put their people beside members, as everyone in the conversation may see them."""
    people = await work.accounts.find([member.account_id for member in members])
    if not policy.addresses_are_shared(kind):
        people = tuple(map(without_address, people))
    return _beside(members, people)


def _beside(
    members: Sequence[Member], people: Sequence[Account]
) -> tuple[tuple[Member, Account], ...]:
    by_id = {person.id: person for person in people}
    return tuple((member, by_id[member.account_id]) for member in members)
