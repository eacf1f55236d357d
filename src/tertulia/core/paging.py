"""Pages of a longer list, and their tokens: the sort key of the last row shown, opaque to clients.

Whoever makes a page asks the store for one row more than it shows, so as to know whether there is
another page.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar, overload
from uuid import UUID

from tertulia.core.errors import Invalid
from tertulia.core.model import Page

MAX_PAGE_SIZE = 100

# What databases store as an integer has 64 bits, one of them the sign.
_MAX_NUMBER = 2**63 - 1
_MAX_DIGITS = 19

KeyPart = int | datetime | UUID

T = TypeVar("T")
A = TypeVar("A", int, datetime, UUID)
B = TypeVar("B", int, datetime, UUID)


def page_size(asked: int | None, default: int) -> int:
    """Return the size of a page; raise Invalid outside 1 to 100."""
    if asked is None:
        return default
    if not 1 <= asked <= MAX_PAGE_SIZE:
        raise Invalid(f"A page has 1 to {MAX_PAGE_SIZE} items.", attr="page_size")
    return asked


def cut(found: Sequence[T], size: int, key: Callable[[T], tuple[KeyPart, ...]]) -> Page[T]:
    """Make a page of `size` rows from those found, `size + 1` at most; `key` is what sorts them."""
    shown = tuple(found[:size])
    return Page(items=shown, token=encode_token(*key(shown[-1])) if len(found) > size else None)


def encode_token(*key: KeyPart) -> str:
    """Word a sort key as an opaque token."""
    parts = [part.isoformat() if isinstance(part, datetime) else str(part) for part in key]
    return urlsafe_b64encode("\n".join(parts).encode()).rstrip(b"=").decode()


@overload
def decode_token(token: str | None, first: type[A], /) -> tuple[A] | None: ...
@overload
def decode_token(token: str | None, first: type[A], second: type[B], /) -> tuple[A, B] | None: ...
def decode_token(token: str | None, /, *kinds: type[Any]) -> tuple[Any, ...] | None:
    """Return the sort key in a token, or None without one; raise Invalid for any other text."""
    if token is None:
        return None
    try:
        text = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4)).decode()
        return tuple(
            _READERS[kind](part) for kind, part in zip(kinds, text.split("\n"), strict=True)
        )
    except ValueError:
        raise Invalid("This page token is not valid.", attr="page_token") from None


def _number(text: str) -> int:
    # int() is kinder, and slower, than a text from outside deserves: signs, blanks, any length.
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise ValueError("not a number")
    number = int(text)
    if number > _MAX_NUMBER:
        raise ValueError("too large")
    return number


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone is no moment")
    return moment


_READERS: dict[type[KeyPart], Callable[[str], KeyPart]] = {
    int: _number,
    datetime: _moment,
    UUID: UUID,
}
