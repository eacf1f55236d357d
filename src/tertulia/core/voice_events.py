"""The facts of voice channels: who is there, what their clients tell each other, and who calls.

None of them lasts. Some name in `audience` the sessions that hear of them: who was there when it
happened, and not whom it brought in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tertulia.core.model import Account, Face
from tertulia.core.participant import CallEnd, Participant, Route, SignalKind, VoiceEnd
from tertulia.core.sfu import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceJoined:
    """Somebody came into a channel. `person` is as those in the conversation may see them."""

    conversation_id: UUID
    participant: Participant
    person: Account
    audience: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceLeft:
    """A participation ended, and with it the right to listen; its own session hears of it too."""

    conversation_id: UUID
    account_id: UUID
    session: str
    reason: VoiceEnd
    audience: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceStateChanged:
    """A participant is muted, speaks, shares a screen and so on, or no more."""

    conversation_id: UUID
    participant: Participant
    person: Face


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSignalled:
    """One client tells another how it can be reached; `content` is opaque here."""

    conversation_id: UUID
    account_id: UUID
    session: str
    to_session: str
    kind: SignalKind
    content: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceForwarded:
    """The server that forwards sound tells somebody how it can be reached, or what there is.

    It is said of one of their two connections to it; `content` is as clients hear it.
    """

    conversation_id: UUID
    to_session: str
    way: Way
    kind: SignalKind
    content: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceRouteChanged:
    """The sound of a channel goes another way now. `limit` is how many fit into it."""

    conversation_id: UUID
    route: Route
    limit: int
    end_to_end: bool
    audience: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceChanged:
    """These are in a conversation's channel now, in the order in which they came."""

    conversation_id: UUID
    people: tuple[Face, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSeat:
    """Somebody who is in a channel; `holds` counts how often their client has come back."""

    participant: Participant
    person: Account
    holds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSeats:
    """These, and no others, are in a channel by way of one node, which leads them by this route.

    Nobody is told; every node acts on it.
    """

    node: str
    conversation_id: UUID
    seats: tuple[VoiceSeat, ...]
    route: Route


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted:
    """It rings: `caller` waits for `account_id` in the channel of their private chat."""

    conversation_id: UUID
    account_id: UUID
    caller: Account
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded:
    """It rings no more at `account_id`'s."""

    conversation_id: UUID
    account_id: UUID
    reason: CallEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDeclined:
    """Who waits in the channel learns that `account_id` will not come."""

    conversation_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceForbidden:
    """Somebody may speak in a private chat no more: the other one has blocked them.

    Nobody is told; every node acts on it.
    """

    conversation_id: UUID
    account_id: UUID


VoiceFact = (
    VoiceJoined
    | VoiceLeft
    | VoiceStateChanged
    | VoiceSignalled
    | VoiceForwarded
    | VoiceRouteChanged
    | VoiceChanged
    | CallStarted
    | CallEnded
    | CallDeclined
    | VoiceForbidden
    | VoiceSeats
)
"""What is told of voice channels."""


def left(
    conversation_id: UUID, participant: Participant, reason: VoiceEnd, audience: tuple[str, ...]
) -> VoiceLeft:
    """Word that a participation ended."""
    return VoiceLeft(
        conversation_id=conversation_id,
        account_id=participant.account_id,
        session=participant.session,
        reason=reason,
        audience=audience,
    )


def who_is_in(conversation_id: UUID, people: Iterable[Account]) -> VoiceChanged:
    """Word who is in a channel now."""
    return VoiceChanged(
        conversation_id=conversation_id, people=tuple(person.face for person in people)
    )
