"""The lexemes of messages, of which both databases keep the same index, and questions in them.

    s<stem>     a word by its stem, or a character of a script without blanks
    p<pair>     two units side by side, so that phrases are found by the index alone
    t<abc>      three characters side by side within a word, for parts of words
    c<number>   the conversation        f<number>   the sender
    h<kind>     what is carried         ipinned     pinned

The conversation stands in the index itself, so that it is the index that leaves out what a person
does not see. What it finds is looked at once more (`search_hits`): pairs share 2^18 places, and the
three-letter parts of a word may stand apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from zlib import crc32

from tertulia.core.message import Message
from tertulia.core.search_query import Query, Term, Word
from tertulia.core.search_words import Unit, composed, stem, units

PART_CHARS = 3
"""Shorter parts of words are not looked for: they would be found nearly everywhere."""

Clause = tuple[tuple[str, ...], ...]
"""At least one of these groups, of which all lexemes are there."""

_PARTS_ASKED = 20

# More places would make the index larger by terms that hardly anybody looks for.
_PAIR_PLACES = 1 << 18


def searched_text(message: Message) -> str:
    """Return all that a message is found by: its body, names of files, what a poll asks."""
    extras = message.extras
    said = [message.body or "", *(attachment.name for attachment in extras.attachments)]
    if extras.poll is not None:
        said += [extras.poll.question, *(option.text for option in extras.poll.options)]
    return composed("\n".join(text for text in said if text))


def marks(
    message: Message, *, conversation_number: int, sender_number: int, has_link: bool
) -> list[str]:
    """Return the lexemes that say where a message is, whose, and what it carries."""
    extras = message.extras
    found = [f"c{conversation_number}", f"f{sender_number}"]
    found += sorted({f"h{attachment.kind}" for attachment in extras.attachments})
    if has_link:
        found.append("hlink")
    if extras.poll is not None:
        found.append("hpoll")
    if message.pinned_at is not None:
        found.append("ipinned")
    return found


def lexemes(text: str) -> set[str]:
    """Return the lexemes of a composed text."""
    cut = units(text)
    found = {_pair(one, other) for one, other in pairwise(cut)}
    for unit in cut:
        if unit.is_word:
            found.add(f"s{stem(unit.text)}")
            found.update(_parts(unit.text))
        else:
            found.add(f"s{unit.text}")
    return found


def clauses(terms: Iterable[Term], *, with_parts: bool) -> list[Clause]:
    """Return what the index has to have for terms, with or without words of which they are part."""
    return [_clause(term, with_parts=with_parts) for term in terms]


def mark_clauses(query: Query, senders: Sequence[int] | None) -> list[Clause]:
    """Return what the index has to have for operators."""
    found: list[Clause] = [((f"h{kind}",),) for kind in dict.fromkeys(query.carried)]
    if query.is_pinned:
        found.append((("ipinned",),))
    if senders is not None:
        found.append(tuple((f"f{number}",) for number in senders))
    return found


def place_clause(numbers: Iterable[int]) -> Clause:
    """Return what the index has to have for one of these conversations."""
    return tuple((f"c{number}",) for number in numbers)


def can_be_part(term: Term) -> bool:
    """Whether a term is also looked for within words."""
    return isinstance(term, Word) and len(term.text) >= PART_CHARS


def _clause(term: Term, *, with_parts: bool) -> Clause:
    if isinstance(term, Word):
        whole = (f"s{term.stem}",)
        parts = tuple(dict.fromkeys(_some(_parts(term.text))))
        return (whole, parts) if with_parts and can_be_part(term) else (whole,)
    said = [f"s{stem(unit.text) if unit.is_word else unit.text}" for unit in term.units]
    pairs = [_pair(one, other) for one, other in pairwise(term.units)]
    return (tuple(dict.fromkeys([*pairs, *said])),)


def _parts(word: str) -> list[str]:
    return [f"t{word[at : at + PART_CHARS]}" for at in range(len(word) - PART_CHARS + 1)]


def _some(parts: list[str]) -> list[str]:
    """Return a few parts from the first to the last; each asked for takes its time."""
    if len(parts) <= _PARTS_ASKED:
        return parts
    last = len(parts) - 1
    return [parts[last * at // (_PARTS_ASKED - 1)] for at in range(_PARTS_ASKED)]


def _pair(one: Unit, other: Unit) -> str:
    if not (one.is_word or other.is_word):
        return f"p{one.text}{other.text}"
    return f"p{crc32(f'{one.text} {other.text}'.encode()) % _PAIR_PLACES:x}"
