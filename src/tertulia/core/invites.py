"""Letting people in: by their username, by their telephone number, or by a link.

A link's token has 256 random bits. It is found by its digest, and kept sealed, so that those who
look after the conversation see the link again. A telephone number with an account brings that
person in, one without gets a text message with a link that works once; whoever invites is answered
the same, so that the answers tell nobody whose numbers there are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from tertulia.core import limits, moderation_policy, policy, texts
from tertulia.core.accounts import require_people
from tertulia.core.audit import note
from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.core.ids import new_id
from tertulia.core.letters import Letter, LetterKind
from tertulia.core.limits import Limits, place_of
from tertulia.core.members import Members
from tertulia.core.membership import MemberAccount, bring_in, require_unbanned
from tertulia.core.model import Account, Actor, Chat, Conversation
from tertulia.core.moderation import Act, Invite
from tertulia.core.onetime import digest_of, new_token
from tertulia.core.ports import Clock, Storage, Vault, Work
from tertulia.core.post import Post

MAX_LIVING = 100
"""How many links into one conversation hold at the same time."""
MAX_LIFETIME = timedelta(days=366)
MAX_USES = 1_000_000
BY_PHONE_LIFETIME = timedelta(days=7)
PATH = "/invite/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link into a conversation, as those see it who may hand it out."""

    invite: Invite
    url: str
    creator: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What a link shows to whoever has it, signed in or not."""

    conversation: Conversation
    inviter: Account
    is_member: bool


class Invites:
    """Invitations into groups and rooms."""

    def __init__(
        self,
        storage: Storage,
        members: Members,
        vault: Vault,
        post: Post,
        doors: Limits,
        clock: Clock,
        *,
        site: str,
        region: str | None,
    ) -> None:
        """Make links to the address `site`; read numbers without a country's as of `region`."""
        self._storage = storage
        self._members = members
        self._vault = vault
        self._post = post
        self._doors = doors
        self._clock = clock
        self._site = site
        self._region = region

    async def by_username(
        self, actor: Actor, conversation_id: UUID, username: str
    ) -> MemberAccount:
        """Bring somebody in by their username; whoever is in already is answered as they are."""
        name = texts.username(username.strip().removeprefix("@"))
        await self._doors.take(limits.PEOPLE_LOOKED_UP, str(actor.account_id))
        async with self._storage.read() as work:
            await _require_may_invite(work, actor, conversation_id)
            known = await work.accounts.credentials(username=name)
        if known is None:
            raise Invalid("Nobody goes by this name.", code="not_found", attr="username")
        person = known.account
        added = await self._members.add(actor, conversation_id, [person.id])
        return added[0] if added else await self._present(actor, conversation_id, person.id)

    async def by_phone(self, actor: Actor, conversation_id: UUID, number: str) -> None:
        """Bring somebody in by their telephone number, or send a link to it.

        Nothing tells which: who does not want to be brought in is passed over in silence.
        """
        phone = texts.phone(number, self._region)
        await self._doors.take(limits.PEOPLE_LOOKED_UP, str(actor.account_id))
        await self._doors.take(limits.INVITATIONS_BY, str(actor.account_id))
        await self._doors.take(limits.INVITATIONS_TO, phone)
        async with self._storage.read() as work:
            await _require_may_invite(work, actor, conversation_id)
            person = await work.accounts.by_phone(phone)
        if person is None:
            await self._send(actor, conversation_id, phone)
            return
        try:
            await self._members.add(actor, conversation_id, [person.id])
        except (Forbidden, Conflict, Invalid) as refusal:
            if refusal.code not in ("blocked", "blocked_by_you", "banned", "not_found"):
                raise

    async def by_link(
        self,
        actor: Actor,
        conversation_id: UUID,
        *,
        expires_in_s: int | None = None,
        max_uses: int | None = None,
    ) -> Link:
        """Make a link; by default it holds for ever, for any number of people."""
        lifetime = None if expires_in_s is None else _lifetime(expires_in_s)
        if max_uses is not None and not 1 <= max_uses <= MAX_USES:
            raise Invalid(f"A link has 1 to {MAX_USES} uses.", attr="max_uses")
        await self._doors.take(limits.INVITATIONS_BY, str(actor.account_id))
        async with self._storage.begin() as work:
            invite, token = await self._make(work, actor, conversation_id, lifetime, max_uses)
            (creator,) = await work.accounts.seen_by(actor.account_id, [actor.account_id])
        return Link(invite=invite, url=self._url(token), creator=creator)

    async def living(self, actor: Actor, conversation_id: UUID) -> tuple[Link, ...]:
        """Return the links that hold, the latest first: all of them, or a plain member's own."""
        async with self._storage.read() as work:
            membership = await work.conversations.for_member(actor.account_id, conversation_id)
            moderation_policy.may_see_invites(membership)
            invites = await work.invites.living(conversation_id, self._clock())
            if not moderation_policy.sees_all_invites(membership):
                invites = tuple(each for each in invites if each.created_by == actor.account_id)
            made_by = {invite.created_by for invite in invites}
            people = await work.accounts.seen_by(actor.account_id, made_by)
        by_id = {person.id: person for person in people}
        return tuple(
            Link(
                invite=invite,
                url=self._url(self._vault.unseal(invite.sealed_token)),
                creator=by_id[invite.created_by],
            )
            for invite in invites
        )

    async def revoke(self, actor: Actor, conversation_id: UUID, invite_id: UUID) -> None:
        """Have a link let nobody in any more; NotFound where it has been revoked already."""
        now = self._clock()
        async with self._storage.begin() as work:
            membership = await work.conversations.locked_for_member(
                actor.account_id, conversation_id
            )
            invite = await work.invites.get(conversation_id, invite_id)
            if invite is None or invite.revoked_at is not None:
                raise NotFound("There is no such invitation.")
            moderation_policy.may_revoke_invite(membership, invite.created_by)
            await work.invites.update(replace(invite, revoked_at=now))
            await note(
                work,
                conversation_id,
                actor.account_id,
                Act.INVITE_REVOKED,
                now,
                detail={"invite_id": str(invite_id)},
            )

    async def look(self, actor: Actor | None, token: str, address: str) -> Invitation:
        """Return what a link leads to; NotFound `invite_gone` for one that does not hold."""
        await self._doors.take(limits.INVITES_LOOKED_AT_FROM, place_of(address))
        async with self._storage.read() as work:
            invite = await work.invites.by_digest(digest_of(token))
            if invite is None or not invite.holds(self._clock()):
                raise _gone()
            conversation = await work.conversations.living(invite.conversation_id)
            if conversation is None:
                raise _gone()
            (inviter,) = await work.accounts.find([invite.created_by])
            asked = [actor.account_id] if actor else []
            is_member = bool(await work.members.among(conversation.id, asked))
        return Invitation(conversation=conversation, inviter=inviter, is_member=is_member)

    async def take(self, actor: Actor, token: str) -> Chat:
        """Come in by a link; who is in already just gets the conversation, and uses nothing up.

        NotFound `invite_gone` for a link that does not hold, Forbidden `banned` or `blocked` for
        whom the conversation, or whoever made the link, wants to keep out.
        """
        await self._doors.take(limits.JOINS_OF, str(actor.account_id))
        digest, now = digest_of(token), self._clock()
        async with self._storage.begin() as work:
            found = await work.invites.by_digest(digest)
            if found is None:
                raise _gone()
            conversation = await work.conversations.locked(found.conversation_id)
            # Read again under the conversation's lock: others may have come in by it meanwhile.
            invite = await work.invites.by_digest(digest)
            if invite is None or conversation is None:
                raise _gone()
            if not await work.members.among(conversation.id, [actor.account_id]):
                if not invite.holds(now):
                    raise _gone()
                await _require_lets_in(work, actor, conversation, invite)
                await work.invites.update(replace(invite, uses=invite.uses + 1))
                await note(
                    work,
                    conversation.id,
                    actor.account_id,
                    Act.INVITE_USED,
                    now,
                    detail={"invite_id": str(invite.id)},
                )
                await bring_in(work, conversation, [actor.account_id], now)
            return await work.conversations.chat(actor.account_id, conversation.id)

    async def _present(
        self, actor: Actor, conversation_id: UUID, account_id: UUID
    ) -> MemberAccount:
        async with self._storage.read() as work:
            await work.conversations.for_member(actor.account_id, conversation_id)
            member = await work.members.get(conversation_id, account_id)
            (person,) = await work.accounts.seen_by(actor.account_id, [account_id])
        return member, person

    async def _send(self, actor: Actor, conversation_id: UUID, phone: str) -> None:
        async with self._storage.begin() as work:
            invite, token = await self._make(work, actor, conversation_id, BY_PHONE_LIFETIME, 1)
            (inviter,) = await work.accounts.find([actor.account_id])
            conversation = (
                await work.conversations.for_member(actor.account_id, conversation_id)
            ).conversation
            words = {"name": inviter.display_name, "conversation": conversation.alias or ""}
            letter = Letter(
                channel="sms",
                kind=LetterKind.INVITATION,
                to=phone,
                words=words,
                path=PATH + token,
                expires_at=invite.expires_at,
            )
            await self._post.drop(work, letter)

    async def _make(
        self,
        work: Work,
        actor: Actor,
        conversation_id: UUID,
        lifetime: timedelta | None,
        max_uses: int | None,
    ) -> tuple[Invite, str]:
        now = self._clock()
        membership = await work.conversations.locked_for_member(actor.account_id, conversation_id)
        moderation_policy.may_invite(membership)
        if len(await work.invites.living(conversation_id, now)) >= MAX_LIVING:
            raise Conflict(f"At most {MAX_LIVING} links hold at once.", code="too_many_invites")
        token = new_token()
        invite = Invite(
            id=new_id(),
            conversation_id=conversation_id,
            digest=digest_of(token),
            sealed_token=self._vault.seal(token),
            created_by=actor.account_id,
            inserted_at=now,
            expires_at=None if lifetime is None else now + lifetime,
            max_uses=max_uses,
        )
        await work.invites.add(invite)
        await note(
            work,
            conversation_id,
            actor.account_id,
            Act.INVITE_MADE,
            now,
            detail={"invite_id": str(invite.id)},
        )
        return invite, token

    def _url(self, token: str) -> str:
        return self._site + PATH + token


async def _require_may_invite(work: Work, actor: Actor, conversation_id: UUID) -> None:
    membership = await work.conversations.for_member(actor.account_id, conversation_id)
    moderation_policy.may_invite(membership)


async def _require_lets_in(
    work: Work, actor: Actor, conversation: Conversation, invite: Invite
) -> None:
    await require_people(work, [actor.account_id])
    await require_unbanned(work, conversation.id, [actor.account_id])
    if await work.relations.blockers_of(actor.account_id, [invite.created_by]):
        raise Forbidden("This person does not want to hear from you.", code="blocked")
    policy.has_room_for(conversation, 1)


def _lifetime(seconds: int) -> timedelta:
    if not 1 <= seconds <= MAX_LIFETIME.total_seconds():
        raise Invalid("A link holds for a second to a year.", attr="expires_in_s")
    return timedelta(seconds=seconds)


def _gone() -> NotFound:
    return NotFound("This invitation does not hold any more.", code="invite_gone")
