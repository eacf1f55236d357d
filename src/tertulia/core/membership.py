"""How people come into a conversation whose row is held and go from it, and how it is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from tertulia.core import policy
from tertulia.core.accounts import without_address
from tertulia.core.errors import Forbidden
from tertulia.core.events import (
    ConversationEnded,
    ConversationStarted,
    MemberChanged,
    MemberLeft,
    MembersJoined,
)
from tertulia.core.model import Account, Conversation, EndReason, Kind, Member, Role
from tertulia.core.ports import Work

MemberAccount = tuple[Member, Account]


async def require_unbanned(work: Work, conversation_id: UUID, people: Collection[UUID]) -> None:
    """Raise Forbidden `banned` if any of these people is kept out."""
    if await work.bans.among(conversation_id, people):
        raise Forbidden("This person is kept out of this conversation.", code="banned")


async def bring_in(
    work: Work, conversation: Conversation, account_ids: Sequence[UUID], at: datetime
) -> tuple[MemberAccount, ...]:
    """Have people be members who are not yet; whether they may be is asked before."""
    seq = await work.conversations.take_seq(conversation.id)
    # A room that everybody had left has nobody to look after it until somebody walks in.
    abandoned = conversation.member_count == 0
    members = [
        Member(
            conversation_id=conversation.id,
            account_id=account_id,
            role=Role.OWNER if abandoned and index == 0 else Role.MEMBER,
            joined_at=at,
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
    pairs = await for_everyone(work, conversation.kind, members)
    named = await _named_members(work, changed, account_ids)
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
            account_ids=named,
            member_ids=named,
        ),
    )
    return pairs


async def take_out(
    work: Work,
    conversation: Conversation,
    member: Member,
    reason: EndReason,
    at: datetime,
    *,
    note: str | None = None,
) -> None:
    """Have somebody be a member no more; `note` is for that person alone.

    Of one who was removed or banned the links into the conversation are revoked: who was shown
    out shall not go on letting people in.
    """
    seq = await work.conversations.take_seq(conversation.id)
    gone = replace(member, changed_seq=seq, left_at=at, role=Role.MEMBER)
    await work.members.update(gone)
    if reason != "left":
        await work.invites.revoke_all_of(conversation.id, member.account_id, at)
    changed = replace(conversation, head_seq=seq, member_count=conversation.member_count - 1)
    await work.conversations.update(changed)
    work.announce(
        MemberLeft(
            conversation_id=conversation.id,
            seq=seq,
            member=gone,
            removed=reason != "left",
            member_count=changed.member_count,
        ),
        ConversationEnded(
            conversation_id=conversation.id,
            account_ids=(member.account_id,),
            reason=reason,
            note=note,
        ),
    )


async def change_role(work: Work, kind: Kind, member: Member, role: Role) -> Member:
    """Have a member be something else in a conversation of this kind."""
    seq = await work.conversations.take_seq(member.conversation_id)
    changed = replace(member, role=role, changed_seq=seq)
    await work.members.update(changed)
    ((_, person),) = await for_everyone(work, kind, [changed])
    work.announce(
        MemberChanged(
            conversation_id=member.conversation_id, seq=seq, member=changed, person=person
        )
    )
    return changed


def beside(members: Sequence[Member], people: Sequence[Account]) -> tuple[MemberAccount, ...]:
    """Put each member beside their account."""
    by_id = {person.id: person for person in people}
    return tuple((member, by_id[member.account_id]) for member in members)


async def _named_members(
    work: Work, conversation: Conversation, newcomers: Sequence[UUID]
) -> tuple[UUID, ...]:
    if conversation.kind is Kind.ROOM:
        return tuple(newcomers)
    return tuple(member.account_id for member in await work.members.present(conversation.id))


async def for_everyone(
    work: Work, kind: Kind, members: Sequence[Member]
) -> tuple[MemberAccount, ...]:
    """Put their people beside members, as everyone in the conversation may see them."""
    people = await work.accounts.find([member.account_id for member in members])
    if not policy.addresses_are_shared(kind):
        people = tuple(map(without_address, people))
    return beside(members, people)
