"""Texts cut to fit a small page, and the web addresses in them."""

from __future__ import annotations

import re
from typing import NamedTuple

from markupsafe import escape

_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"'`]+", re.IGNORECASE)
_TAIL = re.compile(r"[.,;:!?)\]}]+$")


class Piece(NamedTuple):
    """Some text, and where it leads if it is a web address."""

    text: str
    href: str | None = None


def cut(text: str, max_chars: int) -> str:
    """Return the beginning of a text, which ends in an ellipsis where it was cut."""
    return text if len(text) <= max_chars else text[: max_chars - 1].rstrip() + "…"


def one_line(text: str, max_chars: int) -> str:
    """Return the beginning of a text as one line."""
    return cut(" ".join(text[: 4 * max_chars].split()), max_chars)


def pieces(text: str) -> list[Piece]:
    """Take a text apart into what is a web address and what is not.

    What ends a sentence is not taken for the end of an address.
    """
    found: list[Piece] = []
    at = 0
    for match in _ADDRESS.finditer(text):
        address = _TAIL.sub("", match[0])
        if not address.partition("://")[2]:
            continue
        found.append(Piece(text[at : match.start()]))
        found.append(Piece(address, address))
        at = match.start() + len(address)
    found.append(Piece(text[at:]))
    return [piece for piece in found if piece.text]


def weight(*texts: str) -> int:
    """Return how many bytes texts take in a page."""
    return sum(len(escape(text).encode()) for text in texts)
