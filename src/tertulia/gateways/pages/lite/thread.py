"""The messages of a chat as its page shows them: small enough, and as many as fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from tertulia.core.message import Attachment, Message, Poll, Reaction
from tertulia.gateways.pages.lite.excerpts import Piece, cut, one_line, pieces, weight
from tertulia.gateways.pages.lite.naming import People, clock, day, name_of, shade
from tertulia.gateways.times import time

PAGE_SIZE = 20
MAX_BYTES = 8_000
"""What the messages of one page may take: the page with its style and script stays under 30 KB."""

_MAX_TEXT_CHARS = 600
_MAX_QUOTE_CHARS = 80
_MAX_FILES = 4
_MAX_FILE_NAME_CHARS = 60
_MAX_CHIPS = 6
_ENTRY_BYTES = 400
_FILE_BYTES = 190
_CHIP_BYTES = 60


@dataclass(frozen=True, slots=True)
class File:
    """A file of a message; `thumbnail` is the address of a small picture of it."""

    name: str
    href: str
    thumbnail: str | None
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Chip:
    """An emoji under a message, and how many gave it."""

    emoji: str
    count: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """What a message answers: shown on the same page at `anchor`, or found at `href`."""

    href: str
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message of a page. `day` stands above it where a day begins."""

    seq: int
    name: str
    shade: int
    is_own: bool
    is_deleted: bool
    is_edited: bool
    is_pinned: bool
    is_cut: bool
    is_new: bool
    day: str | None
    time: str
    clock: str
    pieces: list[Piece]
    quote: Quote | None
    forwarded: str | None
    files: list[File]
    more_files: int
    poll: Poll | None
    chips: list[Chip]
    bytes: int


BLANK = Entry(
    seq=0,
    name="",
    shade=0,
    is_own=False,
    is_deleted=False,
    is_edited=False,
    is_pinned=False,
    is_cut=False,
    is_new=False,
    day=None,
    time="",
    clock="",
    pieces=[],
    quote=None,
    forwarded=None,
    files=[],
    more_files=0,
    poll=None,
    chips=[],
    bytes=0,
)
"""What a script fills in where a message comes while the page is there."""


def thread(
    messages: Iterable[Message],
    people: People,
    me: UUID,
    now: datetime,
    *,
    read_seq: int | None = None,
) -> list[Entry]:
    """Return messages, the oldest first as they come, as entries of a page.

    The first one of others past `read_seq` is marked as new.
    """
    shown = {message.id: message for message in messages}
    entries: list[Entry] = []
    today: str | None = None
    is_news_told = read_seq is None
    for message in shown.values():
        its_day = day(message.inserted_at, now)
        is_new = not is_news_told and message.seq > (read_seq or 0) and message.sender_id != me
        is_news_told |= is_new
        entries.append(
            _entry(
                message,
                people,
                me,
                quote=_quote(message, shown, people),
                day=its_day if its_day != today else None,
                is_new=is_new,
            )
        )
        today = its_day
    return entries


def fitting(entries: Sequence[Entry], *, newest: bool = True) -> list[Entry]:
    """Return as many entries as a page takes, the newest of them or the oldest; at least one."""
    left = MAX_BYTES
    kept: list[Entry] = []
    for entry in reversed(entries) if newest else entries:
        left -= entry.bytes
        if kept and left < 0:
            break
        kept.append(entry)
    return kept[::-1] if newest else kept


def whole(message: Message, people: People, me: UUID) -> Entry:
    """Return one message with its whole text and all its files."""
    return _entry(message, people, me, is_whole=True)


def quote_of(message: Message, people: People, href: str) -> Quote:
    """Return a message as an answer quotes it."""
    said = message.body or ("a file" if message.extras.attachments else "…")
    return Quote(href, name_of(people.get(message.sender_id)), one_line(said, _MAX_QUOTE_CHARS))


def _entry(
    message: Message,
    people: People,
    me: UUID,
    *,
    quote: Quote | None = None,
    day: str | None = None,
    is_new: bool = False,
    is_whole: bool = False,
) -> Entry:
    extras = message.extras
    body = message.body or ""
    text = body if is_whole else cut(body, _MAX_TEXT_CHARS)
    name = name_of(people.get(message.sender_id))
    files = extras.attachments if is_whole else extras.attachments[:_MAX_FILES]
    reactions = extras.reactions if is_whole else extras.reactions[:_MAX_CHIPS]
    forwarded = None if extras.origin is None else name_of(people.get(extras.origin.sender_id))
    quoted = (quote.name, quote.text) if quote else ()
    found = pieces(text)
    # The name stands above the text, and in what the two links below it are called.
    words = [
        name,
        name,
        name,
        forwarded or "",
        *quoted,
        *(word for piece in found for word in piece if word),
    ]
    if extras.poll is not None:
        words += [extras.poll.question, *(option.text for option in extras.poll.options)]
    return Entry(
        seq=message.seq,
        name=name,
        shade=shade(message.sender_id),
        is_own=message.sender_id == me,
        is_deleted=message.deleted_at is not None,
        is_edited=message.edited_at is not None,
        is_pinned=message.pinned_at is not None,
        is_cut=text != body,
        is_new=is_new,
        day=day,
        time=time(message.inserted_at),
        clock=clock(message.inserted_at),
        pieces=found,
        quote=quote,
        forwarded=forwarded,
        files=[_file(each) for each in files],
        more_files=len(extras.attachments) - len(files),
        poll=extras.poll,
        chips=[_chip(each, me) for each in reactions],
        bytes=_ENTRY_BYTES
        + weight(*words)
        + sum(_FILE_BYTES + weight(each.name, each.href) for each in map(_file, files))
        + _CHIP_BYTES * len(reactions),
    )


def _quote(message: Message, shown: dict[UUID, Message], people: People) -> Quote | None:
    if message.reply_to is None:
        return None
    answered = shown.get(message.reply_to)
    if answered is None:
        return Quote(f"/lite/messages/{message.reply_to}", "", "an earlier message")
    return quote_of(answered, people, f"#m{answered.seq}")


def _file(attachment: Attachment) -> File:
    has_size = attachment.has_thumbnail and attachment.width and attachment.height
    width, height = attachment.width or 1, attachment.height or 1
    scale = min(1, 240 / max(width, height))
    address = f"/api/uploads/{attachment.id}"
    return File(
        cut(attachment.name, _MAX_FILE_NAME_CHARS),
        f"{address}/{quote(attachment.name, safe='')}",
        f"{address}/thumbnail" if has_size else None,
        max(1, round(width * scale)),
        max(1, round(height * scale)),
    )


def _chip(reaction: Reaction, me: UUID) -> Chip:
    return Chip(reaction.emoji, len(reaction.account_ids), me in reaction.account_ids)
