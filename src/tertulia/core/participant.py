"""Somebody in a voice channel, as everyone there sees them, and the words of what happens there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

Route = Literal["mesh", "sfu"]
"""How sound travels: from each to each, or by a server that forwards it."""

VoiceEnd = Literal["left", "vanished", "removed", "taken_over"]
SignalKind = Literal["offer", "answer", "ice_candidate"]
CallEnd = Literal["answered", "declined", "missed", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """One participation; `session` is the text that others address it by.

    What is said of the sound is what their client says of itself, but for `silenced`: a moderator
    muted them for all.
    """

    account_id: UUID
    session: str
    joined_at: datetime
    muted: bool = False
    deafened: bool = False
    speaking: bool = False
    sharing: bool = False
    camera: bool = False
    silenced: bool = False

    @property
    def is_heard(self) -> bool:
        """Whether others are to hear this one."""
        return not self.muted and not self.silenced


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnState:
    """What a client says of itself; None is as before."""

    muted: bool | None = None
    deafened: bool | None = None
    speaking: bool | None = None
    sharing: bool | None = None
    camera: bool | None = None


AS_BEFORE = OwnState()


def changed(before: Participant, own: OwnState) -> Participant:
    """Return a participant after their client said this.

    Who is deafened is muted too, and stays so until they say otherwise; who is not heard does not
    speak.
    """
    deafened = _or(own.deafened, before.deafened)
    return _quiet(
        replace(
            before,
            deafened=deafened,
            muted=deafened or _or(own.muted, before.muted),
            speaking=_or(own.speaking, before.speaking),
            sharing=_or(own.sharing, before.sharing),
            camera=_or(own.camera, before.camera),
        )
    )


def silenced(before: Participant, is_silenced: bool) -> Participant:
    """Return a participant after a moderator silenced them, or let them speak again."""
    return _quiet(replace(before, silenced=is_silenced))


def _quiet(participant: Participant) -> Participant:
    return participant if participant.is_heard else replace(participant, speaking=False)


def _or(said: bool | None, before: bool) -> bool:
    return before if said is None else said
