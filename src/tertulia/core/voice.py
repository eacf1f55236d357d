"""Voice channels: who may come in, who looks after them, and who loses the right to be there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tertulia.core import known_as, policy
from tertulia.core.accounts import without_address
from tertulia.core.errors import Forbidden, NotFound
from tertulia.core.events import ConversationEnded, Event, PersonChanged, SessionsEnded
from tertulia.core.ice import IceServer, IceServers
from tertulia.core.model import Account, Actor, Conversation, Kind, Membership
from tertulia.core.participant import AS_BEFORE, OwnState, VoiceEnd
from tertulia.core.ports import Clock, Storage, Work
from tertulia.core.voice_channels import Newcomer, VoiceChannels, VoiceView
from tertulia.core.voice_events import VoiceForbidden
from tertulia.core.voice_policy import may_moderate_voice


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceWelcome:
    """What somebody gets who came in; `session` is what others address this participation by."""

    session: str
    view: VoiceView
    ice_servers: tuple[IceServer, ...]


@dataclass(slots=True, eq=False)
class _Entry:
    """Somebody who is about to come in, and may lose the right to while storage is asked."""

    actor: Actor
    conversation_id: UUID
    is_void: bool = False


class Voice:
    """What members do with the voice channels of their conversations.

    What needs no storage, since who does it is there already, is asked of `channels` itself.
    """

    def __init__(
        self, storage: Storage, channels: VoiceChannels, ice: IceServers, clock: Clock
    ) -> None:
        self.channels = channels
        self._storage = storage
        self._ice = ice
        self._clock = clock
        self._entries: set[_Entry] = set()

    async def known_as(self, actor: Actor, name: str) -> Conversation:
        """Return a conversation that the person is in, by its number or its id.

        NotFound where there is none; Forbidden where it is others': who asks for the sound of a
        number that was given to them is told that they are not let in, and nothing else of it.
        """
        async with self._storage.read() as work:
            conversation_id = await known_as.id_of(work, name)
            if conversation_id is None or not await work.conversations.living(conversation_id):
                raise NotFound("There is no such channel.")
            try:
                place = await work.conversations.for_member(actor.account_id, conversation_id)
            except NotFound:
                raise Forbidden("You are not in this conversation.", code="forbidden") from None
            return place.conversation

    async def join(
        self,
        actor: Actor,
        conversation_id: UUID,
        ref: object,
        *,
        session: str | None = None,
        own: OwnState = AS_BEFORE,
    ) -> VoiceWelcome:
        """Come in, or with the `session` of before come back; `ref` is what one is connected by.

        Refuses with NotFound who is not a member, with Forbidden `blocked` whom the other one of a
        private chat has blocked, and with ChannelFull and TakenOver.
        """
        entry = _Entry(actor, conversation_id)
        self._entries.add(entry)
        try:
            async with self._storage.read() as work:
                place = await work.conversations.for_member(actor.account_id, conversation_id)
                policy.may_speak(place.member.silenced_at)
                person = await work.accounts.get(actor.account_id)
                callee_id = await _callee(work, place)
        finally:
            self._entries.discard(entry)
        if entry.is_void:
            raise NotFound("You are in no such conversation.")
        shown = _shown(person, place)
        newcomer = Newcomer(actor=actor, person=shown, ref=ref, own=own, callee_id=callee_id)
        now = self._clock()
        session = self.channels.join(conversation_id, newcomer, session, now)
        return VoiceWelcome(
            session=session,
            view=self.channels.view(conversation_id),
            ice_servers=self._ice.offered_to(actor.account_id, now),
        )

    async def silence(
        self, actor: Actor, conversation_id: UUID, user_id: UUID, is_silenced: bool
    ) -> None:
        """Mute somebody for all, or let them speak again; NotFound where they are not there."""
        await self._require_moderator(actor, conversation_id, user_id)
        self.channels.silence(conversation_id, user_id, is_silenced)

    async def remove(self, actor: Actor, conversation_id: UUID, user_id: UUID) -> None:
        """Show somebody out of the channel; they stay in the conversation."""
        await self._require_moderator(actor, conversation_id, user_id)
        self.channels.remove(conversation_id, user_id)

    async def seen_by(self, actor: Actor, conversation_id: UUID) -> VoiceView:
        """Return a channel as it is now, for a member."""
        async with self._storage.read() as work:
            await work.conversations.for_member(actor.account_id, conversation_id)
        return self.channels.view(conversation_id)

    async def busy(self, actor: Actor) -> dict[UUID, tuple[UUID, ...]]:
        """Return who is in the channels of one's conversations, without those that are empty."""
        async with self._storage.read() as work:
            ids = await work.conversations.ids_of(actor.account_id)
        there = ((each, self.channels.participants_in(each)) for each in ids)
        return {conversation_id: people for conversation_id, people in there if people}

    def hear(self, events: Sequence[Event]) -> None:
        """Take those out who have no right to be there any more, and keep people as they look."""
        for event in events:
            match event:
                case ConversationEnded():
                    is_removed = event.reason in ("removed", "banned")
                    for account_id in event.account_ids:
                        reason: VoiceEnd = "removed" if is_removed else "left"
                        self._shut_out(event.conversation_id, account_id, reason)
                case VoiceForbidden():
                    self._shut_out(event.conversation_id, event.account_id, "removed")
                case SessionsEnded():
                    for entry in self._entries:
                        entry.is_void |= entry.actor.session_id in event.session_ids
                    self.channels.sign_out(event.account_id, event.session_ids)
                case PersonChanged():
                    self.channels.show_anew(event.person)
                case _:
                    self.channels.hear(event)

    def _shut_out(self, conversation_id: UUID, account_id: UUID, reason: VoiceEnd) -> None:
        for entry in self._entries:
            place = (entry.conversation_id, entry.actor.account_id)
            entry.is_void |= place == (conversation_id, account_id)
        self.channels.shut_out(conversation_id, account_id, reason)

    async def _require_moderator(self, actor: Actor, conversation_id: UUID, user_id: UUID) -> None:
        async with self._storage.read() as work:
            membership = await work.conversations.for_member(actor.account_id, conversation_id)
            other = await work.members.get(conversation_id, user_id)
        may_moderate_voice(membership, other)


def _shown(person: Account, place: Membership) -> Account:
    """Return somebody as the others in a conversation may see them."""
    is_shared = policy.addresses_are_shared(place.conversation.kind)
    return person if is_shared else without_address(person)


async def _callee(work: Work, place: Membership) -> UUID | None:
    """Return whom somebody calls who waits in this channel: the other one of a private chat.

    Whoever was blocked by the one who calls could not answer, so nothing rings there.
    """
    if place.conversation.kind is not Kind.PRIVATE:
        return None
    present = await work.members.present(place.conversation.id)
    callees = (
        other.account_id
        for other in present
        if other.account_id != place.member.account_id and other.silenced_at is None
    )
    return next(callees, None)
