"""Text without case or compatibility forms, so that both databases compare it alike."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, true

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

# Combining Diacritical Marks; those of other scripts are letters to their readers.
_MARKS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Return a text as it is compared (Unicode's NFKC, then full case folding)."""
    return unicodedata.normalize("NFKC", text).casefold()


def fold_optional(text: str | None) -> str | None:
    """Fold a text that may be missing."""
    return None if text is None else fold(text)


def fold_marks(text: str) -> str:
    """Fold a text, and leave accents and the like out: whoever types "ana" finds "Aña" too."""
    return fold(_MARKS.sub("", unicodedata.normalize("NFKD", text)))


def contains_words(folded: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Return the condition that a column, folded with marks, has every part of `text` somewhere."""
    words = fold_marks(text).split()
    return and_(true(), *(folded.contains(word, autoescape=True) for word in words))


def contains(folded: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Return the condition that a folded column has `text` somewhere, taken literally."""
    return folded.contains(fold(text), autoescape=True)
