"""Searching: messages, one's conversations, rooms of the directory, and people.

Messages that hold all words whole come before those that hold some only as parts of longer words;
among each the newest come first. What the index finds is looked at once more, as it is now, so that
nothing is shown that a person may not see at this moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from tertulia.core import limits, search_lexemes
from tertulia.core.errors import Invalid
from tertulia.core.limits import Limits
from tertulia.core.message import Message
from tertulia.core.model import (
    Account,
    Actor,
    Chat,
    Conversation,
    History,
    Listing,
    Page,
)
from tertulia.core.paging import decode_token, encode_token
from tertulia.core.ports import Storage, Work
from tertulia.core.search_hits import Match, Piece, match, snippet
from tertulia.core.search_query import Query
from tertulia.core.search_stores import Document, Place, Question, Reach

MAX_LOOKED_AT = 2000
"""How many messages that the index found are looked at for one page, however few are shown."""

WIDE = 0.5
"""Who sees this share of all messages or more is asked about after the index, not in it."""

OTHERS_SHOWN = 10
"""How many conversations, rooms and people a search shows beside messages."""

_WHOLE, _PARTS = 0, 1
_ME = "me"
# The first look takes a few more than are shown, since some of them may be no hits.
_SPARE = 10
_MORE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A message that was found, where it is, and the part of it that shows why."""

    message: Message
    conversation: Conversation
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """What was found; `people` sent the messages. Further pages have messages alone."""

    hits: Page[Hit]
    people: tuple[Account, ...]
    chats: tuple[Chat, ...] = ()
    rooms: tuple[Listing, ...] = ()
    accounts: tuple[Account, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    number: int
    tier: int
    hit: Hit


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Where to look: in these conversations, those numbers, by these senders."""

    places: tuple[Place, ...]
    reach: Reach
    senders: tuple[int, ...] | None
    starred_by: UUID | None

    @property
    def is_wide(self) -> bool:
        """Whether most of what the index finds is theirs to see, so that it need not be asked."""
        seen = sum(place.size for place in self.places)
        return self.starred_by is not None or seen > WIDE * (self.reach.high - self.reach.low + 1)


class Search:
    """Finding what was said, and where and with whom one talks."""

    def __init__(
        self, storage: Storage, doors: Limits, *, max_looked_at: int = MAX_LOOKED_AT
    ) -> None:
        self._storage = storage
        self._doors = doors
        self._max_looked_at = max_looked_at

    async def everywhere(
        self, actor: Actor, query: Query, token: str | None, size: int
    ) -> SearchResults:
        """Search everything that a person may see; RateLimited for who asks too often.

        A page may have fewer hits than it has room for although more follow.
        """
        after = _after(token)
        await self._doors.take(limits.SEARCHES_OF, str(actor.account_id))
        async with self._storage.browse() as work:
            bounds = await _bounds(work, actor, query)
            hits = await self._page(work, query, bounds, after, size)
            people = await _senders(work, actor, hits)
            results = SearchResults(hits=hits, people=people)
            if token is None and query.text and not query.has_operators:
                return await _with_others(work, actor, query.text, results)
            return results

    async def within(
        self, actor: Actor, conversation_id: UUID, query: Query, token: str | None, size: int
    ) -> History:
        """Search one conversation, which must be the person's own; otherwise as `everywhere`."""
        after = _after(token)
        await self._doors.take(limits.SEARCHES_OF, str(actor.account_id))
        async with self._storage.browse() as work:
            await work.conversations.for_member(actor.account_id, conversation_id)
            bounds = await _bounds(work, actor, query, only=conversation_id)
            hits = await self._page(work, query, bounds, after, size)
            found = tuple(hit.message for hit in hits.items)
            return History(
                messages=Page(items=found, token=hits.token),
                people=await _senders(work, actor, hits),
            )

    async def _page(
        self,
        work: Work,
        query: Query,
        bounds: _Bounds | None,
        after: tuple[int, int] | None,
        size: int,
    ) -> Page[Hit]:
        if query.is_empty or bounds is None:
            return Page(items=(), token=None)
        tier, below = after or (_WHOLE, bounds.reach.high + 1)
        found: list[_Found] = []
        left = self._max_looked_at
        limit = size + _SPARE
        has_parts = any(map(search_lexemes.can_be_part, query.terms))
        while len(found) <= size and left > 0:
            limit = min(left, limit)
            documents = await work.search.find(_question(query, bounds, tier, below), limit)
            found += _hits(query, documents, tier)
            left -= len(documents)
            if len(documents) == limit:
                below = documents[-1].number
            elif tier == _WHOLE and has_parts:
                tier, below = _PARTS, bounds.reach.high + 1
            else:
                return _cut(found, size, None)
            limit = _MORE * size
        return _cut(found, size, (tier, below))


def _cut(found: Sequence[_Found], size: int, at: tuple[int, int] | None) -> Page[Hit]:
    """Make a page; where all of what was found is on it, the search goes on `at` this place."""
    shown = found[:size]
    if len(found) > size:
        at = shown[-1].tier, shown[-1].number
    return Page(
        items=tuple(each.hit for each in shown), token=None if at is None else encode_token(*at)
    )


def _after(token: str | None) -> tuple[int, int] | None:
    after = decode_token(token, int, int)
    if after is not None and after[0] not in (_WHOLE, _PARTS):
        raise Invalid("This page token is not valid.", attr="page_token")
    return after


async def _bounds(
    work: Work, actor: Actor, query: Query, *, only: UUID | None = None
) -> _Bounds | None:
    """Return where to look; None where nothing can be."""
    places = await work.search.places(actor.account_id)
    if only is not None:
        places = tuple(place for place in places if place.conversation_id == only)
    if query.places:
        named = await _places_named(work, actor, query.places)
        places = tuple(place for place in places if place.conversation_id in named)
    senders = await _senders_named(work, actor, query.senders) if query.senders else None
    reach = await work.search.reach(query.after, query.before)
    if not places or reach is None or senders == ():
        return None
    return _Bounds(places, reach, senders, actor.account_id if query.is_starred else None)


async def _places_named(work: Work, actor: Actor, names: Sequence[str]) -> frozenset[UUID]:
    named: set[UUID] = set()
    for name in names:
        place_id = _id_of(name)
        if place_id is not None:
            named.add(place_id)
        else:
            named |= await work.search.places_named(actor.account_id, name)
    return frozenset(named)


async def _senders_named(work: Work, actor: Actor, names: Sequence[str]) -> tuple[int, ...]:
    ids = {_id_of(name) for name in names} - {None}
    if _ME in names:
        ids.add(actor.account_id)
    numbers = {person.number for person in await work.accounts.find([each for each in ids if each])}
    for name in names:
        if name != _ME and _id_of(name) is None:
            numbers.update(await work.search.people_named(name.removeprefix("@")))
    return tuple(sorted(numbers))


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _question(query: Query, bounds: _Bounds, tier: int, below: int) -> Question:
    whole = search_lexemes.clauses(query.terms, with_parts=False)
    wanted = whole if tier == _WHOLE else search_lexemes.clauses(query.terms, with_parts=True)
    wanted = [*wanted, *search_lexemes.mark_clauses(query, bounds.senders)]
    numbers = tuple(place.number for place in bounds.places)
    if not bounds.is_wide:
        wanted.append(search_lexemes.place_clause(numbers))
    return Question(
        clauses=tuple(wanted),
        # What holds all words whole has been shown already.
        without=() if tier == _WHOLE else tuple(whole),
        numbers=numbers,
        reach=replace(bounds.reach, high=min(bounds.reach.high, below - 1)),
        starred_by=bounds.starred_by,
    )


def _hits(query: Query, documents: Sequence[Document], tier: int) -> list[_Found]:
    found = []
    for document in documents:
        message = document.message
        text = search_lexemes.searched_text(message)
        matched = match(query.terms, text) if _may_be_hit(query, message) else None
        if matched is not None and matched.is_whole is (tier == _WHOLE):
            found.append(_Found(document.number, tier, _hit(document, text, matched)))
    return found


def _may_be_hit(query: Query, message: Message) -> bool:
    """Whether a message is still there, and was sent in the time asked for."""
    return (
        message.deleted_at is None
        and (query.after is None or message.inserted_at >= query.after)
        and (query.before is None or message.inserted_at < query.before)
        and (message.pinned_at is not None or not query.is_pinned)
    )


def _hit(document: Document, text: str, matched: Match) -> Hit:
    return Hit(
        message=document.message,
        conversation=document.conversation,
        snippet=snippet(text, matched.spans),
    )


async def _senders(work: Work, actor: Actor, hits: Page[Hit]) -> tuple[Account, ...]:
    senders = {hit.message.sender_id for hit in hits.items}
    return await work.accounts.seen_by(actor.account_id, senders)


async def _with_others(
    work: Work, actor: Actor, text: str, results: SearchResults
) -> SearchResults:
    rooms = await work.conversations.directory(
        actor.account_id,
        topic=None,
        text=text,
        order="popular",
        after=None,
        limit=3 * OTHERS_SHOWN,
    )
    return replace(
        results,
        chats=await work.search.chats(actor.account_id, text, OTHERS_SHOWN),
        rooms=tuple(room for room in rooms if not room.joined)[:OTHERS_SHOWN],
        accounts=await work.accounts.search(
            actor.account_id, text, after_number=0, limit=OTHERS_SHOWN
        ),
    )
