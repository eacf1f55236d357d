"""Texts as search compares them: the same words for the index, for questions and for snippets.

A text is cut into units: words where a script puts blanks between them, single characters where it
does not (Chinese, Japanese, Korean, Thai and others), so that any two characters side by side can
be found without knowing where words begin. A word is compared without case, accents and forms of
compatibility (NFKC), and by its stem: a Latin one by the rules of English, since a message does not
say its language, others by those of a language of their script.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import Stemmer  # type: ignore[import-not-found]

MAX_WORD_CHARS = 40
"""What is longer is no word of any language; beyond this its checksum stands for the rest."""

VERSION = f"2/{Stemmer.version()}/{unicodedata.unidata_version}"
"""Changes whenever the same text may be analysed differently; an older index is made anew."""


class Unit(NamedTuple):
    """A word, or a character of a script without blanks, and where it stands in its text."""

    text: str
    start: int
    end: int
    is_word: bool


# Scripts that put no blanks between words, and Korean, which puts endings to them.
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x0F00, 0x0FFF),  # Tibetan
    (0x1000, 0x109F),  # Burmese
    (0x1100, 0x11FF),  # parts of Korean syllables
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19DF),  # Tai Le, New Tai Lue
    (0x1A20, 0x1AAF),  # Tai Tham
    (0x3005, 0x3007),  # marks that repeat a Chinese character
    (0x3040, 0x31FF),  # Japanese syllables, Bopomofo, letters of Korean
    (0x3400, 0x4DBF),  # Chinese characters
    (0x4E00, 0x9FFF),
    (0xA000, 0xA48F),  # Yi
    (0xAA60, 0xAADF),  # Burmese, Tai Viet
    (0xAC00, 0xD7FF),  # Korean syllables
    (0xF900, 0xFAFF),  # Chinese characters
    (0xFF66, 0xFFDC),  # narrow Japanese and Korean
    (0x20000, 0x3FFFF),  # Chinese characters
)
_LARGE_BLOCK = 0x1000
_LANGUAGES = (
    (0x0041, 0x024F, "english"),
    (0x0370, 0x03FF, "greek"),
    (0x0400, 0x052F, "russian"),
    (0x0530, 0x058F, "armenian"),
    (0x0600, 0x06FF, "arabic"),
    (0x0900, 0x097F, "hindi"),
    (0x0B80, 0x0BFF, "tamil"),
)
_STEMMERS = {language: Stemmer.Stemmer(language, 0) for _, _, language in _LANGUAGES}
_KOI = "\u0438"  # with a breve it is a letter of its own


def _is_written(code: int) -> bool:
    char = chr(code)
    return char.isalnum() or unicodedata.category(char).startswith("M")


def _class_of(codes: list[int]) -> str:
    """Return the inside of a character class, as ranges."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in ranges)


def _unspaced() -> str:
    codes: list[int] = []
    for low, high in _UNSPACED:
        is_large = high - low > _LARGE_BLOCK
        codes += [code for code in range(low, high + 1) if is_large or _is_written(code)]
    return _class_of(codes)


def _marks() -> str:
    return _class_of(
        [
            code
            for code in range(0x0300, 0x20000)
            if unicodedata.category(chr(code)).startswith("M")
            and not any(low <= code <= high for low, high in _UNSPACED)
        ]
    )


_CHARS = _unspaced()
# The narrow voicing marks belong to the character before them.
_UNIT = re.compile(
    f"(?P<char>[{_CHARS}][\uff9e\uff9f]?)|[^\\W_{_CHARS}](?:[^\\W_{_CHARS}]|[{_marks()}])*"
)
_ASCII_WORD = re.compile("[A-Za-z0-9]+")
_ACCENTS = re.compile(
    f"(?<!{_KOI})\u0306|[\u0300-\u0305\u0307-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670]"
)
_NOT_A_WORD = re.compile(f"[^\\w{_marks()}]|_")


def composed(text: str) -> str:
    """Return a text with each letter and its marks as one character, as positions count it."""
    return unicodedata.normalize("NFC", text)


def units(text: str) -> list[Unit]:
    """Cut a composed text into its units, in order."""
    if text.isascii():
        return [
            Unit(found.group().lower(), found.start(), found.end(), True)  # noqa: FBT003
            for found in _ASCII_WORD.finditer(text)
        ]
    cut: list[Unit] = []
    for found in _UNIT.finditer(text):
        start, end = found.span()
        if found.lastgroup is None:
            word = fold_word(found.group())
            if word:
                cut.append(Unit(word, start, end, True))  # noqa: FBT003
        else:
            cut += [
                Unit(char, start, end, False)  # noqa: FBT003
                for char in unicodedata.normalize("NFKC", found.group())
                if not char.isspace()
            ]
    return cut


# Most words of a chat are the same few thousand.
@lru_cache(maxsize=65_536)
def fold_word(word: str) -> str:
    """Return a word without case, accents and forms of compatibility; may be empty."""
    if word.isascii():
        return word.lower()
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).casefold())
    bare = unicodedata.normalize("NFC", _ACCENTS.sub("", folded))
    return _NOT_A_WORD.sub("", bare)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return what the forms of a folded word have in common."""
    if len(word) > MAX_WORD_CHARS:
        return f"{word[:MAX_WORD_CHARS]}{crc32(word.encode()):x}"
    first = ord(word[0])
    for low, high, language in _LANGUAGES:
        if low <= first <= high:
            stemmed: str = _STEMMERS[language].stemWord(word)
            return stemmed or word
    return word
