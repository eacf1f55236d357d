"""The facts that the core announces, after commit, to whoever listens.

A lasting change of a conversation is announced by exactly one event that carries the `seq` it took.
Adding a kind of event makes the type checker name every dialect that has to word it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tertulia.core.model import Account, Conversation, EndReason, Kind, Member, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent:
    """A message took its place in history."""

    conversation_id: UUID
    seq: int
    message: Message


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
class ConversationChanged:
    """A conversation got another alias, name, topic or description."""

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
    """A conversation came into the lists of `account_ids`.

    `member_ids` names all who are in it (in rooms only `account_ids`, since rooms are unbounded).
    """

    conversation: Conversation
    account_ids: tuple[UUID, ...]
    member_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationEnded:
    """A conversation went from the lists of `account_ids`, and their subscriptions to it end."""

    conversation_id: UUID
    account_ids: tuple[UUID, ...]
    reason: EndReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRead:
    """A read pointer moved forward. In a room only the reader's own devices hear of it."""

    conversation_id: UUID
    kind: Kind
    account_id: UUID
    read_seq: int
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TypingStarted:
    """Somebody began to type."""

    conversation_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TypingStopped:
    """Somebody stopped typing, or went silent for too long."""

    conversation_id: UUID
    account_id: UUID


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
class VisibilityChanged:
    """Somebody hid or showed themselves; every node's presence board acts on it."""

    account_id: UUID
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded:
    """Sign-ins ended; their sockets are closed at once."""

    account_id: UUID
    session_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One way in which a person is online: `ref` is unique to the connection that tracks it."""

    ref: str
    online_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged:
    """Who came and who went since the last such event, gathered; keyed by account.

    `audience` is the one account that is told, in a town too large to tell everyone.
    """

    joins: dict[UUID, tuple[Presence, ...]]
    leaves: dict[UUID, tuple[Presence, ...]]
    audience: UUID | None = None


LastingChange = (
    MessageSent
    | MessageEdited
    | MessageDeleted
    | ConversationChanged
    | MembersJoined
    | MemberLeft
    | MemberChanged
)
"""Events that took a `seq` of their conversation."""

Event = (
    LastingChange
    | ConversationStarted
    | ConversationEnded
    | ConversationRead
    | TypingStarted
    | TypingStopped
    | DisplayNameChanged
    | PersonChanged
    | AccountChanged
    | VisibilityChanged
    | SessionsEnded
    | PresenceChanged
)
