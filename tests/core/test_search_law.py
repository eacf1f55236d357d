"""The law: a search finds what reading everything one may see would find, in the same order."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import Stemmer  # type: ignore[import-not-found]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tertulia.core.errors import Refusal
from tertulia.core.search_query import parse
from tests.core.town import everything

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.message import Message
    from tertulia.core.model import Actor, Page
    from tertulia.core.search import Hit
    from tests.core.town import Town

PEOPLE, PLACES = 3, 3
WORDS = [
    "sun",
    "suns",
    "Sunday",
    "asunder",
    "Áfricas",
    "africa",
    "run",
    "running",
    "a",
    "to",
    "上海",
]
WORDS += ["海上", "上", "海上海", "เชียงใหม่", "ใหม่", "x1"]
stemmed = Stemmer.Stemmer("english").stemWord

person, place = st.integers(0, PEOPLE - 1), st.integers(0, PLACES - 1)
which = st.integers(0, 30)
body = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
parts = ["un", "und", "nin", "fric", "海", "ใหม", "zzz", *WORDS]
term = st.sampled_from(parts) | st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(
    lambda words: f'"{" ".join(words)}"'
)


@dataclass
class Talk:
    """Some people, some conversations, and all that was said."""

    town: Town
    people: list[Actor]
    places: list[UUID]
    sent: list[Message] = field(default_factory=list)

    async def send(self, who: int, where: int, text: str) -> None:
        """Say something."""
        self.sent.append(
            await self.town.core.messages.send(self.people[who], self.places[where], text)
        )

    async def edit(self, index: int, text: str) -> None:
        """Say something else instead."""
        if self.sent:
            message = self.sent[index % len(self.sent)]
            await self.town.core.messages.edit(self._author(message), message.id, text)

    async def delete(self, index: int) -> None:
        """Take something back."""
        if self.sent:
            message = self.sent[index % len(self.sent)]
            await self.town.core.messages.delete(self._author(message), message.id)

    async def leave(self, who: int, where: int) -> None:
        """Walk out."""
        await self.town.core.members.leave(self.people[who], self.places[where])

    async def join(self, who: int, where: int) -> None:
        """Walk in."""
        await self.town.core.members.join(self.people[who], self.places[where])

    async def index(self) -> None:
        """Have the index follow, so that what comes later changes what is in it."""
        await self.town.core.search_index.catch_up()

    async def seen_by(self, who: int) -> list[Message]:
        """Return every message that somebody may read, the latest first."""
        seen = []
        for place_id in self.places:
            with contextlib.suppress(Refusal):
                seen += await self.town.history(self.people[who], place_id)
        living = [message for message in seen if message.deleted_at is None]
        return sorted(living, key=lambda message: message.id, reverse=True)

    def _author(self, message: Message) -> Actor:
        return next(actor for actor in self.people if actor.account_id == message.sender_id)


@dataclass(frozen=True)
class Act:
    """Something that people do, with what."""

    do: Callable[..., Awaitable[None]]
    args: tuple[object, ...]


def doing(do: Callable[..., Awaitable[None]], *args: st.SearchStrategy[Any]) -> Any:
    """Return how one thing is done in all ways."""
    return st.builds(Act, st.just(do), st.tuples(*args))


sending = doing(Talk.send, person, place, body)
act = st.one_of(
    sending,
    sending,
    sending,
    doing(Talk.edit, which, body),
    doing(Talk.delete, which),
    doing(Talk.leave, person, place),
    doing(Talk.join, person, place),
    doing(Talk.index),
)


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    acts=st.lists(act, min_size=3, max_size=25),
    queries=st.lists(st.lists(term, min_size=1, max_size=3).map(" ".join), min_size=3, max_size=6),
    size=st.integers(1, 8),
)
async def test_a_search_finds_what_reading_everything_finds(
    town: Town, acts: list[Act], queries: list[str], size: int
) -> None:
    people = await town.settle("ana", "bea", "caro")
    talk = Talk(town, people, [await town.room(people[0], *people[1:]) for _ in range(PLACES)])
    for each in acts:
        with contextlib.suppress(Refusal):
            await each.do(talk, *each.args)
    await talk.index()
    for who in range(PEOPLE):
        seen = await talk.seen_by(who)
        for query in queries:
            found = await searched(town, people[who], query, size)
            assert found == read(seen, query), (who, query)


async def searched(town: Town, reader: Actor, query: str, size: int) -> list[str | None]:
    """Return what the search finds."""

    async def page(token: str | None, size: int) -> Page[Hit]:
        return (await town.core.search.everywhere(reader, parse(query), token, size)).hits

    return [hit.message.body for hit in await everything(page, size)]


def read(seen: Sequence[Message], query: str) -> list[str | None]:
    """Return what reading finds: what has all words whole, then what has some as parts."""
    terms = re.findall(r'"[^"]*"|[^\s"]+', query)
    whole, parts = [], []
    for message in seen:
        text = plain(message.body or "")
        if all(has_whole(text, each) for each in terms):
            whole.append(message.body)
        elif all(has_whole(text, each) or has_part(text, each) for each in terms):
            parts.append(message.body)
    return whole + parts


def has_whole(text: str, term: str) -> bool:
    """Whether a text has a phrase, a word in one of its forms, or characters side by side."""
    wanted = plain(term.strip('"'))
    if term.startswith('"'):
        # Between characters blanks do not count, between words they do.
        return f" {spaced(wanted)} " in f" {spaced(text)} "
    if not wanted.isascii():
        return f" {spaced(wanted)} " in f" {spaced(text)} "
    return any(stemmed(word) == stemmed(wanted) for word in text.split() if word.isascii())


def has_part(text: str, term: str) -> bool:
    """Whether a text has a word that has at least three letters asked for within it."""
    wanted = plain(term)
    return wanted.isascii() and len(wanted) >= 3 and any(wanted in each for each in text.split())


def plain(text: str) -> str:
    """Return a text without case and accents."""
    bare = unicodedata.normalize("NFD", text.casefold())
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", bare))


def spaced(text: str) -> str:
    """Put blanks between characters of scripts that have none."""
    return " ".join(re.findall(r"[a-z0-9]+|\S", text))
