"""What can be listened to, and which events are said there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tertulia.core.events import (
    AccountChanged,
    ConversationEnded,
    ConversationRead,
    ConversationStarted,
    DisplayNameChanged,
    Event,
    LastingChange,
    PersonalChange,
    PersonChanged,
    SealedChange,
    SessionsEnded,
)
from tertulia.core.key_events import HandoverMoved, IdentityChanged
from tertulia.core.policy import reads_are_shared
from tertulia.core.presence_events import (
    PresenceChanged,
    StatusChanged,
    TypingStarted,
    TypingStopped,
    VisibilityChanged,
    VisitorCame,
    VisitorWent,
)
from tertulia.core.voice_events import (
    CallDeclined,
    CallEnded,
    CallStarted,
    VoiceChanged,
    VoiceFact,
    VoiceForbidden,
    VoiceForwarded,
    VoiceJoined,
    VoiceLeft,
    VoiceRouteChanged,
    VoiceSeats,
    VoiceSignalled,
    VoiceStateChanged,
)


@dataclass(frozen=True, slots=True)
class ConversationTopic:
    """What happens in one conversation, heard by its members."""

    id: UUID


@dataclass(frozen=True, slots=True)
class AccountTopic:
    """What concerns one person, heard on all of that person's devices."""

    id: UUID


@dataclass(frozen=True, slots=True)
class VoiceTopic:
    """What all who are in one conversation's voice channel hear."""

    id: UUID


@dataclass(frozen=True, slots=True)
class VoiceSessionTopic:
    """What one participation in a voice channel hears by itself."""

    id: UUID
    session: str


@dataclass(frozen=True, slots=True)
class CircleTopic:
    """The comings and goings of those whom one person knows, in a town too large to tell all."""

    id: UUID


@dataclass(frozen=True, slots=True)
class TownTopic:
    """What everyone hears."""


Topic = ConversationTopic | AccountTopic | VoiceTopic | VoiceSessionTopic | CircleTopic | TownTopic


def topics_of(event: Event) -> tuple[Topic, ...]:
    """Name the topics on which an event is said; none for one on which nodes only act."""
    if isinstance(event, SealedChange):
        # Its holders are told on their own topics what was sealed for each. That it happened is
        # said in the conversation too, whose listeners would see a hole otherwise.
        holders = (AccountTopic(account_id) for account_id in event.copies)
        return (ConversationTopic(event.conversation_id), *holders)
    if isinstance(event, LastingChange | TypingStarted | TypingStopped | VisitorCame | VisitorWent):
        return (ConversationTopic(event.conversation_id),)
    if isinstance(event, PersonalChange | HandoverMoved):
        return (AccountTopic(event.account_id),)
    if isinstance(event, VoiceFact):
        return _topics_of_voice(event)
    match event:
        case ConversationRead():
            return _topics_of_reading(event)
        case ConversationStarted() | ConversationEnded():
            return tuple(AccountTopic(account_id) for account_id in event.account_ids)
        case IdentityChanged():
            return tuple(AccountTopic(account_id) for account_id in event.audience)
        case _:
            return _topics_of_people(event)


def _topics_of_voice(event: VoiceFact) -> tuple[Topic, ...]:
    match event:
        case VoiceJoined() | VoiceLeft() | VoiceRouteChanged():
            return tuple(
                VoiceSessionTopic(event.conversation_id, session) for session in event.audience
            )
        case VoiceSignalled() | VoiceForwarded():
            return (VoiceSessionTopic(event.conversation_id, event.to_session),)
        case VoiceStateChanged() | CallDeclined():
            return (VoiceTopic(event.conversation_id),)
        case VoiceChanged():
            return (ConversationTopic(event.conversation_id),)
        case CallStarted() | CallEnded():
            return (AccountTopic(event.account_id),)
        case VoiceForbidden() | VoiceSeats():
            return ()


def _topics_of_people(
    event: AccountChanged
    | DisplayNameChanged
    | PersonChanged
    | PresenceChanged
    | StatusChanged
    | VisibilityChanged
    | SessionsEnded,
) -> tuple[Topic, ...]:
    match event:
        case AccountChanged():
            return (AccountTopic(event.account.id),)
        case DisplayNameChanged() | PersonChanged():
            return (TownTopic(),)
        case PresenceChanged() | StatusChanged():
            return (TownTopic() if event.audience is None else CircleTopic(event.audience),)
        case VisibilityChanged() | SessionsEnded():
            return ()


def _topics_of_reading(event: ConversationRead) -> tuple[Topic, ...]:
    own = AccountTopic(event.account_id)
    if reads_are_shared(event.kind):
        return (ConversationTopic(event.conversation_id), own)
    return (own,)
