"""The facts of this moment: who is there and what they are about to do. None of them lasts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tertulia.core.model import Face, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class TypingStarted:
    """Somebody began to type."""

    conversation_id: UUID
    person: Face


@dataclass(frozen=True, slots=True, kw_only=True)
class TypingStopped:
    """Somebody stopped typing, or went silent for too long."""

    conversation_id: UUID
    person: Face


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorCame:
    """Somebody began to look at a conversation, on the first of their devices that do."""

    conversation_id: UUID
    person: Face


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorWent:
    """Somebody looks at a conversation no more, on any device."""

    conversation_id: UUID
    person: Face


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibilityChanged:
    """Somebody hid or showed themselves; every node's presence board acts on it."""

    account_id: UUID
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged:
    """Somebody who is online says how it is with them; `audience` is as in PresenceChanged."""

    account_id: UUID
    status: Status
    audience: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One way in which a person is online: `ref` is unique to the connection that tracks it."""

    ref: str
    online_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged:
    """Who came and who went since the last such event, gathered; keyed by account.

    Of those `came` are the ones who were not online before, and `gone` those who are online no
    more: a person may be there in several ways. `audience` is the one account that is told, in a
    town too large to tell everyone.
    """

    joins: dict[UUID, tuple[Presence, ...]]
    leaves: dict[UUID, tuple[Presence, ...]]
    came: frozenset[UUID] = frozenset()
    gone: frozenset[UUID] = frozenset()
    audience: UUID | None = None


PresenceFact = (
    TypingStarted
    | TypingStopped
    | VisitorCame
    | VisitorWent
    | VisibilityChanged
    | StatusChanged
    | PresenceChanged
)
"""What is told of this moment."""
