"""What hangs on a message as the text of one column, so that history is read from one table.

Rows change under their conversation's lock, so that two reactions at once are both kept. Fields
that hold what they usually do are left out.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec
from msgspec import Struct

from tertulia.core.message import (
    PLAIN,
    Attachment,
    Extras,
    Origin,
    Poll,
    PollOption,
    Preview,
    Reaction,
)


class _Poll(Struct, omit_defaults=True):
    question: str
    options: list[tuple[str, tuple[UUID, ...]]]
    is_multiple: bool = False
    closed_at: datetime | None = None


class _Stored(Struct, omit_defaults=True):
    attachments: tuple[Attachment, ...] = ()
    mentions: tuple[UUID, ...] = ()
    mentions_all: bool = False
    origin: Origin | None = None
    poll: _Poll | None = None
    is_silent: bool = False
    reactions: tuple[tuple[str, tuple[UUID, ...]], ...] = ()
    previews: tuple[Preview, ...] = ()


_DECODER = msgspec.json.Decoder(_Stored)


def word_extras(extras: Extras) -> str | None:
    """Return the text to store; None for a message that has nothing."""
    if extras is PLAIN or extras == PLAIN:
        return None
    stored = _Stored(
        attachments=extras.attachments,
        mentions=extras.mentions,
        mentions_all=extras.mentions_all,
        origin=extras.origin,
        poll=None if extras.poll is None else _stored_poll(extras.poll),
        is_silent=extras.is_silent,
        reactions=tuple((each.emoji, each.account_ids) for each in extras.reactions),
        previews=extras.previews,
    )
    return msgspec.json.encode(stored).decode()


# The same few rows are read again and again while a conversation is lively.
@lru_cache(maxsize=4096)
def read_extras(text: str) -> Extras:
    """Return what was stored."""
    stored = _DECODER.decode(text)
    return Extras(
        attachments=stored.attachments,
        mentions=stored.mentions,
        mentions_all=stored.mentions_all,
        origin=stored.origin,
        poll=None if stored.poll is None else _poll_of(stored.poll),
        is_silent=stored.is_silent,
        reactions=tuple(Reaction(*reaction) for reaction in stored.reactions),
        previews=stored.previews,
    )


def _stored_poll(poll: Poll) -> _Poll:
    options = [(option.text, option.account_ids) for option in poll.options]
    return _Poll(poll.question, options, poll.is_multiple, poll.closed_at)


def _poll_of(stored: _Poll) -> Poll:
    return Poll(
        question=stored.question,
        options=tuple(PollOption(*option) for option in stored.options),
        is_multiple=stored.is_multiple,
        closed_at=stored.closed_at,
    )
