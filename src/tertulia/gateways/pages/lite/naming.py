"""What people and chats are called, and when it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from tertulia.core.model import Account, Chat

SOMEBODY = "Somebody"
DELETED = "Deleted account"
UNNAMED_GROUP = "Group"

People = Mapping[UUID, Account]


def by_id(people: Iterable[Account]) -> People:
    """Return people by their ids."""
    return {person.id: person for person in people}


def name_of(person: Account | None) -> str:
    """Return what somebody is called."""
    if person is None:
        return SOMEBODY
    return DELETED if person.deleted_at else person.display_name


def chat_name(chat: Chat) -> str:
    """Return what a chat is called for one who is in it."""
    if chat.peer is not None:
        return name_of(chat.peer)
    return chat.conversation.alias or UNNAMED_GROUP


def shade(key: UUID) -> int:
    """Return which of the seven colours a name is written in."""
    return key.int % 7


def clock(at: datetime) -> str:
    """Return the time of day in UTC, as without a script nobody knows the reader's zone."""
    return f"{at:%H:%M}"


def day(at: datetime, now: datetime) -> str:
    """Return a day: "Today", "Yesterday", "3 March", "3 March 2024"."""
    days = (now.date() - at.date()).days
    if days in (0, 1):
        return ("Today", "Yesterday")[days]
    year = "" if at.year == now.year else f" {at.year}"
    return f"{at.day} {at:%B}{year}"


def moment(at: datetime, now: datetime) -> str:
    """Return a time for a list: that of day today, else the day."""
    return clock(at) if at.date() == now.date() else day(at, now)
