"""What search needs of storage: the index's own tables, for who asks and for who keeps it.

Every message in the index is a document with a number; later messages have higher ones, so that
"newest first" is the order of numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tertulia.core.message import Message
from tertulia.core.model import Chat, Conversation
from tertulia.core.search_lexemes import Clause


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation in which somebody may search; `size` is about how many messages it has."""

    conversation_id: UUID
    number: int
    size: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Document numbers, from the lowest to the highest, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Documents for which all of `clauses` hold and not all of `without`, where that is not empty.

    They are in one of the conversations of these `numbers` and within `reach`. `starred_by` leaves
    those with a star of that person.
    """

    clauses: tuple[Clause, ...]
    without: tuple[Clause, ...]
    numbers: tuple[int, ...]
    reach: Reach
    starred_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A message that the index found, as it is now, and where it is."""

    number: int
    message: Message
    conversation: Conversation


class SearchStore(Protocol):
    """The index as one asks it."""

    async def places(self, account_id: UUID) -> tuple[Place, ...]:
        """Return the living conversations that a person is in now and the server can read."""

    async def places_named(self, account_id: UUID, name: str) -> frozenset[UUID]:
        """Return which of a person's conversations carry a name, or are with somebody of it."""

    async def people_named(self, name: str) -> tuple[int, ...]:
        """Return the numbers of those with exactly this username, else with it in their name."""

    async def reach(self, after: datetime | None, before: datetime | None) -> Reach | None:
        """Return where documents from `after` on and before `before` may be; None for nowhere."""

    async def find(self, question: Question, limit: int) -> tuple[Document, ...]:
        """Return documents, the newest first; fewer than `limit` only where there are no more."""

    async def chats(self, account_id: UUID, text: str, limit: int) -> tuple[Chat, ...]:
        """Return a person's conversations that carry a text in what they show."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A conversation whose messages are indexed up to `since`, and its head."""

    conversation_id: UUID
    since: int
    head: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A message to be indexed, and what else the index says of it."""

    message: Message
    conversation_number: int
    sender_number: int
    has_link: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the index shall have of a message; no `text` takes it out."""

    message_id: UUID
    conversation_number: int
    seq: int
    inserted_at: datetime
    marks: tuple[str, ...] = ()
    text: str | None = None


class SearchIndexStore(Protocol):
    """The index as it is kept; nobody else writes it while a `claim` holds."""

    async def version(self) -> str | None:
        """Return by which analysis the index was made; None where it was never begun."""

    async def start_over(self, version: str, before: UUID) -> None:
        """Empty the index; messages there are now, with ids below `before`, become its backlog."""

    async def backlog(self) -> UUID | None:
        """Return below which id messages of before the index wait; None for none."""

    async def older(self, before: UUID, limit: int) -> tuple[Source, ...]:
        """Return messages with ids below this one, the latest first, tombstones aside."""

    async def behind(self, among: Collection[UUID] | None, limit: int) -> tuple[Behind, ...]:
        """Return conversations, of these or of all, in which something is not indexed yet."""

    async def changed(self, behind: Behind, limit: int) -> tuple[Source, ...]:
        """Return the messages that changed since, in order of their change."""

    async def claim(self) -> bool:
        """Keep other nodes from writing until the work ends; False where one is at it."""

    async def put(self, entries: Sequence[Entry], *, is_older: bool) -> None:
        """Put entries in, in place of what was there; in order of time, the oldest first.

        New ones come after all others, or before them where `is_older`.
        """

    async def move(self, moves: Sequence[tuple[Behind, int]]) -> bool:
        """Say up to which seqs conversations are indexed; False if one is no longer as it was."""

    async def move_backlog(self, before: UUID, to: UUID | None) -> bool:
        """Say how far the backlog is; False if it is no longer as it was."""
