"""The numbers of conversations, for dialects that name them so and not by their ids."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tertulia.core.model import Conversation


@dataclass(slots=True)
class _Place:
    number: int
    listeners: int = 0


class Numbers:
    """The conversations that somebody listens to in one dialect, counted by their listeners."""

    def __init__(self) -> None:
        self._places: dict[UUID, _Place] = {}

    def enter(self, conversation: Conversation) -> None:
        """Know a conversation until as many have left it as have entered."""
        place = self._places.setdefault(conversation.id, _Place(conversation.number))
        place.listeners += 1

    def leave(self, conversation_id: UUID) -> None:
        """Count one listener less."""
        place = self._places[conversation_id]
        place.listeners -= 1
        if not place.listeners:
            del self._places[conversation_id]

    def of(self, conversation_id: UUID) -> int | None:
        """Return a conversation's number; None where nobody listens any more."""
        place = self._places.get(conversation_id)
        return None if place is None else place.number
