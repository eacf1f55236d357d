"""What can be listened to, and which events are said there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from tertulia.core.events import (
    AccountChanged,
    ConversationEnded,
    ConversationRead,
    ConversationStarted,
    DisplayNameChanged,
    Event,
    LastingChange,
    PersonChanged,
    PresenceChanged,
    SessionsEnded,
    TypingStarted,
    TypingStopped,
    VisibilityChanged,
)
from tertulia.core.policy import reads_are_shared


@dataclass(frozen=True, slots=True)
class ConversationTopic:
    """What happens in one conversation, heard by its members."""

    id: UUID


@dataclass(frozen=True, slots=True)
class AccountTopic:
    """What concerns one person, heard on all of that person's devices."""

    id: UUID


@dataclass(frozen=True, slots=True)
class CircleTopic:
    """The comings and goings of those whom one person knows, in a town too large to tell all."""

    id: UUID


@dataclass(frozen=True, slots=True)
class TownTopic:
    """What everyone hears."""


Topic = ConversationTopic | AccountTopic | CircleTopic | TownTopic


def topics_of(event: Event) -> tuple[Topic, ...]:
    """Name the topics on which an event is said; none for one on which nodes only act."""
    if isinstance(event, LastingChange | TypingStarted | TypingStopped):
        return (ConversationTopic(event.conversation_id),)
    match event:
        case ConversationRead():
            return _topics_of_reading(event)
        case ConversationStarted() | ConversationEnded():
            return tuple(AccountTopic(account_id) for account_id in event.account_ids)
        case AccountChanged():
            return (AccountTopic(event.account.id),)
        case DisplayNameChanged() | PersonChanged():
            return (TownTopic(),)
        case PresenceChanged():
            return (TownTopic() if event.audience is None else CircleTopic(event.audience),)
        case VisibilityChanged() | SessionsEnded():
            return ()
        case _:
            assert_never(event)


def _topics_of_reading(event: ConversationRead) -> tuple[Topic, ...]:
    own = AccountTopic(event.account_id)
    if reads_are_shared(event.kind):
        return (ConversationTopic(event.conversation_id), own)
    return (own,)
