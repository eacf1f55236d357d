"""Whether a text holds what somebody looks for, and the part of it that shows so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tertulia.core.search_lexemes import can_be_part
from tertulia.core.search_query import Phrase, Term, Word
from tertulia.core.search_words import Unit, stem, units

SNIPPET_CHARS = 160
_BEFORE_CHARS = 40
_MORE = "…"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a snippet; `is_hit` where it is what was looked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Match:
    """Where a text holds all terms (start and end); whole, or some only as parts of words."""

    is_whole: bool
    spans: tuple[tuple[int, int], ...]


def match(terms: Sequence[Term], text: str) -> Match | None:
    """Find all terms in a composed text; None where one of them is missing."""
    cut = units(text)
    is_whole = True
    spans: set[tuple[int, int]] = set()
    for term in terms:
        whole = _phrases(term, cut) if isinstance(term, Phrase) else _words(term, cut)
        found = whole
        if isinstance(term, Word) and can_be_part(term):
            found = whole | _holders(term, cut)
        if not found:
            return None
        is_whole = is_whole and bool(whole)
        spans |= found
    return Match(is_whole, tuple(sorted(spans)))


def snippet(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """Return the part of a text around its first hit, in pieces."""
    start, end = _window(text, spans[0] if spans else (0, 0))
    pieces = [Piece(_MORE, is_hit=False)] if start else []
    at = start
    for low, high in spans:
        if low < at or low >= end:
            continue
        if low > at:
            pieces.append(Piece(text[at:low], is_hit=False))
        at = min(high, end)
        pieces.append(Piece(text[low:at], is_hit=True))
    if at < end:
        pieces.append(Piece(text[at:end], is_hit=False))
    if end < len(text):
        pieces.append(Piece(_MORE, is_hit=False))
    return tuple(pieces)


def _words(word: Word, cut: Sequence[Unit]) -> set[tuple[int, int]]:
    return {(unit.start, unit.end) for unit in cut if unit.is_word and stem(unit.text) == word.stem}


def _holders(word: Word, cut: Sequence[Unit]) -> set[tuple[int, int]]:
    return {(unit.start, unit.end) for unit in cut if unit.is_word and word.text in unit.text}


def _phrases(phrase: Phrase, cut: Sequence[Unit]) -> set[tuple[int, int]]:
    wanted = [(unit.text, unit.is_word) for unit in phrase.units]
    said = [(unit.text, unit.is_word) for unit in cut]
    size = len(wanted)
    return {
        (cut[at].start, cut[at + size - 1].end)
        for at in range(len(said) - size + 1)
        if said[at] == wanted[0] and said[at : at + size] == wanted
    }


def _window(text: str, first: tuple[int, int]) -> tuple[int, int]:
    """Return from where to where to show, not cutting the word at which it begins."""
    low, high = first
    if high <= SNIPPET_CHARS - _BEFORE_CHARS:
        return 0, min(len(text), SNIPPET_CHARS)
    start = max(low - _BEFORE_CHARS, 0)
    blank = text.find(" ", start, low)
    start = start if blank < 0 else blank + 1
    return start, min(len(text), max(start + SNIPPET_CHARS, min(high, low + SNIPPET_CHARS)))
