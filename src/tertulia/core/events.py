"""The facts that the core announces, after commit, to whoever listens.

A lasting change of a conversation is announced by exactly one event that carries the `seq` it took.
Adding a kind of event makes the type checker name every dialect that has to word it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tertulia.core.key_events import KeyChange
from tertulia.core.key_events import KeysPublished as KeysPublished
from tertulia.core.message import Copy, Message
from tertulia.core.model import (
    Account,
    Conversation,
    EndReason,
    Face,
    Kind,
    Member,
    Preferences,
)
from tertulia.core.presence_events import PresenceFact
from tertulia.core.voice_events import VoiceFact


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent:
    """A message took its place in history."""

    conversation_id: UUID
    seq: int
    message: Message
    sender: Face


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited:
    """The author changed a message's body."""

    conversation_id: UUID
    seq: int
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted:
    """A message became a tombstone."""

    conversation_id: UUID
    seq: int
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionAdded:
    """Somebody reacted to a message with an emoji."""

    conversation_id: UUID
    seq: int
    message: Message
    person: Face
    emoji: str

    @property
    def account_id(self) -> UUID:
        """Whose reaction it is."""
        return self.person.id


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionRemoved:
    """Somebody took a reaction back."""

    conversation_id: UUID
    seq: int
    message: Message
    person: Face
    emoji: str

    @property
    def account_id(self) -> UUID:
        """Whose reaction it is."""
        return self.person.id


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePinned:
    """A message was pinned for everyone in its conversation."""

    conversation_id: UUID
    seq: int
    message: Message
    account_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageUnpinned:
    """A message is pinned no more."""

    conversation_id: UUID
    seq: int
    message: Message
    account_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PollVoted:
    """Somebody chose these answers of a poll (by their index), instead of any chosen before."""

    conversation_id: UUID
    seq: int
    message: Message
    account_id: UUID
    choices: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PollClosed:
    """A poll takes no more votes."""

    conversation_id: UUID
    seq: int
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewsAdded:
    """The links of a message have been looked at."""

    conversation_id: UUID
    seq: int
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSent:
    """A message took its place in an encrypted conversation: everyone there has their copy."""

    conversation_id: UUID
    seq: int
    message: Message
    copies: Mapping[UUID, Copy]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedEdited:
    """The author sealed a message anew for the members who have a copy of it.

    What people reacted with stays, and is not in these `copies`.
    """

    conversation_id: UUID
    seq: int
    message: Message
    copies: Mapping[UUID, Copy]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedReacted:
    """Somebody reacted to a message of an encrypted conversation, instead of any time before.

    `copies` has what was sealed for each member who has a copy of the message, and None for them
    where the reaction was withdrawn.
    """

    conversation_id: UUID
    seq: int
    message: Message
    account_id: UUID
    copies: Mapping[UUID, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationChanged:
    """A conversation got another alias, name, topic, description, picture or slow mode."""

    conversation_id: UUID
    seq: int
    conversation: Conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersJoined:
    """People came in. `people` are the accounts of `members`, in the same order."""

    conversation_id: UUID
    seq: int
    kind: Kind
    members: tuple[Member, ...]
    people: tuple[Account, ...]
    member_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft:
    """Somebody left, or was removed; that person's subscriptions end with this event."""

    conversation_id: UUID
    seq: int
    member: Member
    removed: bool
    member_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChanged:
    """A member got another role. `person` is that member's account."""

    conversation_id: UUID
    seq: int
    member: Member
    person: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationStarted:
    """A conversation came into the lists of `account_ids`; a group's others hear it with newcomers.

    `member_ids` names all who are in it (in rooms only `account_ids`, since rooms are unbounded).
    """

    conversation: Conversation
    account_ids: tuple[UUID, ...]
    member_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationEnded:
    """A conversation went from the lists of `account_ids`, and their subscriptions to it end.

    `note` is what somebody who was removed or banned is told about it.
    """

    conversation_id: UUID
    account_ids: tuple[UUID, ...]
    reason: EndReason
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesChanged:
    """A person keeps a conversation in another way; that person's own devices hear of it."""

    conversation_id: UUID
    account_id: UUID
    preferences: Preferences


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageStarred:
    """A person put a star on a message; that person's own devices hear of it."""

    conversation_id: UUID
    account_id: UUID
    message_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageUnstarred:
    """A person took a star away."""

    conversation_id: UUID
    account_id: UUID
    message_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleChanged:
    """What a person has waiting to be sent into a conversation changed; their devices ask anew."""

    conversation_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRead:
    """A read pointer moved forward. In a room only the reader's own devices hear of it."""

    conversation_id: UUID
    kind: Kind
    account_id: UUID
    read_seq: int
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayNameChanged:
    """Everyone is told that somebody goes by another name."""

    account_id: UUID
    display_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged:
    """Everyone is told what somebody looks like now; addresses are left out."""

    person: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged:
    """A person's own devices are told of their account as it now is."""

    account: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded:
    """Sign-ins ended; their sockets are closed at once."""

    account_id: UUID
    session_ids: tuple[UUID, ...]


MessageChange = (
    MessageEdited
    | MessageDeleted
    | ReactionAdded
    | ReactionRemoved
    | MessagePinned
    | MessageUnpinned
    | PollVoted
    | PollClosed
    | PreviewsAdded
)
"""Events after which a message is as their `message` says."""

SealedChange = SealedSent | SealedEdited | SealedReacted
"""Events of what was sealed: its holders hear their own copy, the others that there was a change.

Their `message` is as it was for everyone, without a copy in it.
"""

LastingChange = (
    MessageSent
    | MessageChange
    | SealedChange
    | KeysPublished
    | ConversationChanged
    | MembersJoined
    | MemberLeft
    | MemberChanged
)
"""Events that took a `seq` of their conversation."""

PersonalChange = PreferencesChanged | MessageStarred | MessageUnstarred | ScheduleChanged
"""What one person did for themselves in a conversation; it takes no `seq`."""


Event = (
    LastingChange
    | ConversationStarted
    | ConversationEnded
    | ConversationRead
    | PersonalChange
    | PresenceFact
    | VoiceFact
    | DisplayNameChanged
    | PersonChanged
    | AccountChanged
    | KeyChange
    | SessionsEnded
)
