"""What a page says of itself, out of its marks: Open Graph, Twitter's cards, its title; and links.

https://ogp.me has the words of the first. All of it is somebody else's text: it is cut to a bounded
length and loses what cannot be seen or turns what stands around it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from tertulia.core.prose import prose

MAX_LINKS = 3
MAX_LINK_CHARS = 2048
MAX_TITLE_CHARS = 200
MAX_DESCRIPTION_CHARS = 300
MAX_SITE_CHARS = 80

_TITLES = ("og:title", "twitter:title")
_DESCRIPTIONS = ("og:description", "twitter:description", "description")
_SITES = ("og:site_name", "application-name")
_PICTURES = (
    "og:image:secure_url",
    "og:image:url",
    "og:image",
    "twitter:image",
    "twitter:image:src",
)
_LINK = re.compile(r"(?:\bhttps?://|(?<![\w.@/-])www\.)[^\s<>\"'`]+", re.IGNORECASE)
_WHOLE = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_CLOSING = {")": "(", "]": "[", "}": "{"}
# Nothing to be seen, halves of pairs, private use and unassigned ones; marks of direction.
_UNSEEN = ("Cc", "Cs", "Co", "Cn")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHead:
    """The marks of a page: its `<title>`, and its `<meta>` contents by their names."""

    title: str
    marks: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What a page says of itself; `picture` is an address, or a part of one."""

    title: str
    description: str | None = None
    site: str | None = None
    picture: str | None = None


def links_in(body: str) -> tuple[str, ...]:
    """Return the first web addresses of a text outside of code, each once, as one opens them."""
    # The quick look spares nearly every message the closer one.
    if "://" not in body and "www." not in body.lower():
        return ()
    found: dict[str, None] = {}
    for match in _LINK.finditer(prose(body)):
        link = _without_end(match[0])
        if link.lower().startswith("www."):
            link = f"https://{link}"
        if _WHOLE.match(link) and len(link) <= MAX_LINK_CHARS:
            found[link] = None
        if len(found) == MAX_LINKS:
            break
    return tuple(found)


def facts_of(head: PageHead) -> PageFacts | None:
    """Return what a page says of itself, or None where that is nothing."""
    title = _first(head.marks, _TITLES, MAX_TITLE_CHARS) or clean(head.title, MAX_TITLE_CHARS)
    if not title:
        return None
    return PageFacts(
        title=title,
        description=_first(head.marks, _DESCRIPTIONS, MAX_DESCRIPTION_CHARS),
        site=_first(head.marks, _SITES, MAX_SITE_CHARS),
        picture=_picture(head.marks),
    )


def facts_of_picture(name: str) -> PageFacts:
    """Return what is said of an address that is a picture itself."""
    return PageFacts(title=clean(name, MAX_TITLE_CHARS) or "…")


def clean(text: str, max_chars: int) -> str:
    """Return one line of somebody else's text, without what cannot be seen, cut to a length."""
    seen = "".join(
        " " if char.isspace() else char
        for char in _DIRECTION.sub("", text[: 8 * max_chars])
        if char.isspace() or unicodedata.category(char) not in _UNSEEN
    )
    line = " ".join(seen.split())
    return line if len(line) <= max_chars else line[: max_chars - 1].rstrip() + "…"


def _first(marks: Mapping[str, str], names: tuple[str, ...], max_chars: int) -> str | None:
    texts = (clean(marks.get(name, ""), max_chars) for name in names)
    return next((text for text in texts if text), None)


def _picture(marks: Mapping[str, str]) -> str | None:
    addresses = (marks.get(name, "").strip() for name in _PICTURES)
    return next((each for each in addresses if 0 < len(each) <= MAX_LINK_CHARS), None)


def _without_end(link: str) -> str:
    """Return a link without the punctuation of the sentence that it ends."""
    while link:
        last = link[-1]
        opening = _CLOSING.get(last)
        if opening is not None and link.count(opening) >= link.count(last):
            return link
        if opening is None and last not in ".,;:!?*_~":
            return link
        link = link[:-1]
    return link
