"""People whom one keeps at hand, and people of whom one wants to hear nothing.

Somebody blocked cannot begin a private chat with the one who blocked them, cannot bring them into a
group, and is silent in the private chats that the two have.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from tertulia.core import limits, texts
from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.core.limits import Limits
from tertulia.core.model import Account, Actor
from tertulia.core.ports import Clock, Storage, Work
from tertulia.core.voice_events import VoiceForbidden


class Contacts:
    """One's contacts and blocks."""

    def __init__(
        self, storage: Storage, doors: Limits, clock: Clock, *, region: str | None
    ) -> None:
        self._storage = storage
        self._doors = doors
        self._clock = clock
        self._region = region

    async def contacts(self, actor: Actor) -> tuple[Account, ...]:
        """Return one's contacts, the latest first."""
        async with self._storage.read() as work:
            ids = await work.relations.contacts(actor.account_id)
            return await _in_order(work, actor, ids)

    async def add(
        self,
        actor: Actor,
        *,
        user_id: UUID | None = None,
        username: str | None = None,
        phone: str | None = None,
    ) -> Account:
        """Keep somebody as a contact, by id, username or telephone number.

        NotFound where nobody goes by it. How often one may look is limited, so that nobody reads
        off whose numbers there are.
        """
        if [user_id, username, phone].count(None) != 2:
            raise Invalid(
                "Give a username, a phone number or an id.", code="required", attr="username"
            )
        await self._doors.take(limits.PEOPLE_LOOKED_UP, str(actor.account_id))
        async with self._storage.begin() as work:
            found = await self._find(work, user_id, username, phone)
            if found is None or found.deleted_at is not None:
                raise NotFound("There is no such person.")
            if found.id == actor.account_id:
                raise Conflict("This is you.", code="oneself")
            await work.relations.add_contact(actor.account_id, found.id, self._clock())
            (seen,) = await work.accounts.seen_by(actor.account_id, [found.id])
            return seen

    async def drop(self, actor: Actor, user_id: UUID) -> None:
        """Let a contact go; NotFound where there was none."""
        async with self._storage.begin() as work:
            if not await work.relations.drop_contact(actor.account_id, user_id):
                raise NotFound("This is none of your contacts.")

    async def blocked(self, actor: Actor) -> tuple[Account, ...]:
        """Return whom one has blocked, the latest first."""
        async with self._storage.read() as work:
            ids = await work.relations.blocked(actor.account_id)
            return await _in_order(work, actor, ids)

    async def block(self, actor: Actor, user_id: UUID) -> Account:
        """Hear nothing more of somebody, who is not told."""
        if user_id == actor.account_id:
            raise Conflict("This is you.", code="oneself")
        now = self._clock()
        async with self._storage.begin() as work:
            seen = await work.accounts.seen_by(actor.account_id, [user_id])
            if not seen or seen[0].deleted_at is not None:
                raise NotFound("There is no such person.")
            # Held, so that a chat that they begin at this moment comes before this, or after it.
            await work.accounts.locked(actor.account_id)
            await work.relations.block(actor.account_id, user_id, now)
            for chat_id in await work.conversations.all_between(actor.account_id, user_id):
                await work.members.silence(chat_id, user_id, now)
                work.announce(VoiceForbidden(conversation_id=chat_id, account_id=user_id))
            return seen[0]

    async def unblock(self, actor: Actor, user_id: UUID) -> None:
        """Take a block back; NotFound where there was none."""
        async with self._storage.begin() as work:
            if not await work.relations.unblock(actor.account_id, user_id):
                raise NotFound("You have not blocked this person.")
            for chat_id in await work.conversations.all_between(actor.account_id, user_id):
                await work.members.silence(chat_id, user_id, None)

    async def _find(
        self, work: Work, user_id: UUID | None, username: str | None, phone: str | None
    ) -> Account | None:
        if user_id is not None:
            return next(iter(await work.accounts.find([user_id])), None)
        if phone is not None:
            return await work.accounts.by_phone(texts.phone(phone, self._region))
        name = texts.username((username or "").strip().removeprefix("@"))
        known = await work.accounts.credentials(username=name)
        return known.account if known else None


async def require_welcome(work: Work, account_id: UUID, people: Collection[UUID]) -> None:
    """Raise Forbidden `blocked` if any of these people has blocked this person.

    Conflict `blocked_by_you` the other way round: whoever wants to talk again unblocks first.
    """
    if await work.relations.blockers_of(account_id, people):
        raise Forbidden("This person does not want to hear from you.", code="blocked")
    if not set(people).isdisjoint(await work.relations.blocked(account_id)):
        raise Conflict("You have blocked this person: unblock them first.", code="blocked_by_you")


async def _in_order(work: Work, actor: Actor, ids: Collection[UUID]) -> tuple[Account, ...]:
    seen = {person.id: person for person in await work.accounts.seen_by(actor.account_id, ids)}
    return tuple(seen[account_id] for account_id in ids)
