"""Text without case or compatibility forms, so that both databases compare it alike."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


def fold(text: str) -> str:
    """Return a text as it is compared (Unicode's NFKC, then full case folding)."""
    return unicodedata.normalize("NFKC", text).casefold()


def fold_optional(text: str | None) -> str | None:
    """Fold a text that may be missing."""
    return None if text is None else fold(text)


def contains(folded: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Return the condition that a folded column has `text` somewhere, taken literally."""
    return folded.contains(fold(text), autoescape=True)
