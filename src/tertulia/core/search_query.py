"""What somebody typed into the search box, taken apart: words, phrases and operators.

    cinema "good evening" from:ana in:"film club" has:image after:2026-01-31 is:starred

Whatever is no operator that makes sense is looked for as it stands, since people type as they go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Literal, get_args

from tertulia.core import texts
from tertulia.core.errors import Invalid
from tertulia.core.search_words import Unit, composed, stem, units

Carried = Literal["image", "video", "audio", "file", "link", "poll"]
State = Literal["starred", "pinned"]

_KEYS = ("from", "in", "has", "before", "after", "is")
_PART = re.compile(
    rf'(?:(?P<key>{"|".join(_KEYS)}):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))',
    re.IGNORECASE,
)
_UNFINISHED = re.compile(rf"({'|'.join(_KEYS)}):", re.IGNORECASE)
_QUOTES = str.maketrans("“”„«»", '"""""')


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word: found whole by its stem, or as a part of a longer word."""

    text: str
    stem: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Units that stand side by side, exactly."""

    units: tuple[Unit, ...]


Term = Word | Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """All of `terms`, from one of `senders`, in one of `places`, carrying all of `carried`.

    `senders` and `places` are ids or names as they were given. `after` is included, `before` not.
    `text` is what was typed outside of the operators.
    """

    text: str = ""
    terms: tuple[Term, ...] = ()
    senders: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    carried: tuple[Carried, ...] = ()
    after: datetime | None = None
    before: datetime | None = None
    is_starred: bool = False
    is_pinned: bool = False

    @property
    def has_operators(self) -> bool:
        """Whether it says more of a message than its words."""
        return self != Query(text=self.text, terms=self.terms)

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing that a message could be found by."""
        return not (self.terms or self.has_operators)


def parse(text: str) -> Query:
    """Take apart what somebody typed."""
    query = Query()
    for part in _PART.finditer(text.translate(_QUOTES)):
        key, quoted, plain = part.group("key", "quoted", "plain")
        value = (quoted if plain is None else plain).strip()
        if key is None and plain is not None and _UNFINISHED.fullmatch(plain):
            continue
        narrowed = None if key is None else _narrowed(query, key.lower(), value)
        if narrowed is not None:
            query = narrowed
            continue
        said = value if key is None else f"{key} {value}"
        query = replace(
            query,
            text=f"{query.text} {said}".strip(),
            terms=(*query.terms, *_terms(said, is_quoted=quoted is not None)),
        )
    return query


def narrow(query: Query, operators: Iterable[tuple[str, str | None]]) -> Query:
    """Add operators that stand outside of the text; Invalid names one that makes no sense."""
    for key, value in operators:
        said = texts.search(value or "", key)
        if not said:
            continue
        narrowed = _narrowed(query, key, said)
        if narrowed is None:
            raise Invalid("This is nothing to search by.", attr=key)
        query = narrowed
    return query


def _narrowed(query: Query, key: str, value: str) -> Query | None:
    """Return a query with one more operator, or None for a value that it does not take."""
    if not value:
        return query
    match key:
        case "from":
            return replace(query, senders=(*query.senders, value))
        case "in":
            return replace(query, places=(*query.places, value))
        case "has":
            return _carrying(query, value.lower())
        case "is":
            return _being(query, value.lower())
        case _:
            return _dated(query, key, value)


def _carrying(query: Query, value: str) -> Query | None:
    kinds: tuple[Carried, ...] = get_args(Carried)
    for kind in kinds:
        if value == kind:
            return replace(query, carried=(*query.carried, kind))
    return None


def _being(query: Query, value: str) -> Query | None:
    if value == "starred":
        return replace(query, is_starred=True)
    return replace(query, is_pinned=True) if value == "pinned" else None


def _dated(query: Query, key: str, value: str) -> Query | None:
    moment = _moment(value)
    if moment is None:
        return None
    if key == "after":
        return replace(query, after=max(moment, query.after or moment))
    return replace(query, before=min(moment, query.before or moment))


def _moment(text: str) -> datetime | None:
    """Return when a day begins, in UTC, or the very moment where a time and its zone are given."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _terms(text: str, *, is_quoted: bool) -> list[Term]:
    said = units(composed(text))
    if is_quoted:
        return [Phrase(tuple(said))] if said else []
    terms: list[Term] = []
    run: list[Unit] = []
    for unit in said:
        if run and (unit.is_word or unit.start > run[-1].end):
            terms.append(Phrase(tuple(run)))
            run = []
        if unit.is_word:
            terms.append(Word(unit.text, stem(unit.text)))
        else:
            run.append(unit)
    return [*terms, Phrase(tuple(run))] if run else terms
