"""What hangs on a message as JSON objects, which are the same in REST and Phoenix Channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote
from uuid import UUID

from msgspec import Struct

from tertulia.core import message as core
from tertulia.gateways.times import Time, time


class Origin(Struct, frozen=True):
    """Where a forwarded message comes from; the conversation is told only where it is a room."""

    message_group: UUID
    sender: UUID
    conversation_id: UUID | None


class Reaction(Struct, frozen=True):
    """An emoji and who reacted with it, in that order."""

    emoji: str
    count: int
    user_ids: Sequence[UUID]


class Attachment(Struct, frozen=True):
    """A file; `url` and `thumbnail_url` are addresses of this server for members alone.

    `blurhash` stands where a picture will be; `width` and `height` are in pixels.
    """

    id: UUID
    name: str
    kind: core.AttachmentKind
    media_type: str
    size: int
    url: str
    thumbnail_url: str | None
    width: int | None
    height: int | None
    duration_ms: int | None
    blurhash: str | None


class PollOption(Struct, frozen=True):
    """One answer and who chose it."""

    text: str
    count: int
    user_ids: Sequence[UUID]


class Poll(Struct, frozen=True):
    """A question; where `multiple`, one may choose several answers."""

    question: str
    options: Sequence[PollOption]
    multiple: bool
    closed_at: Time | None


class Preview(Struct, frozen=True):
    """What the page behind a link says of itself; `image` is an address of this server."""

    url: str
    title: str
    description: str | None
    site: str | None
    image: str | None
    width: int | None
    height: int | None


class Worded(NamedTuple):
    """The fields of a message in the order in which it has them."""

    forwarded_from: Origin | None
    reactions: Sequence[Reaction]
    attachments: Sequence[Attachment]
    mentions: Sequence[UUID]
    mentions_all: bool
    poll: Poll | None
    previews: Sequence[Preview]
    silent: bool


PLAIN = Worded(None, (), (), (), False, None, (), False)  # noqa: FBT003, as a tuple has them


def worded(extras: core.Extras) -> Worded:
    """Word what hangs on a message."""
    origin = extras.origin
    return Worded(
        forwarded_from=None if origin is None else _origin(origin),
        reactions=[
            Reaction(each.emoji, len(each.account_ids), each.account_ids)
            for each in extras.reactions
        ],
        attachments=list(map(attachment, extras.attachments)),
        mentions=extras.mentions,
        mentions_all=extras.mentions_all,
        poll=None if extras.poll is None else _poll(extras.poll),
        previews=list(map(_preview, extras.previews)),
        silent=extras.is_silent,
    )


def attachment(attachment: core.Attachment) -> Attachment:
    """Word a file."""
    return Attachment(
        id=attachment.id,
        name=attachment.name,
        kind=attachment.kind,
        media_type=attachment.media_type,
        size=attachment.size,
        url=f"/api/uploads/{attachment.id}/{quote(attachment.name, safe='')}",
        thumbnail_url=(
            f"/api/uploads/{attachment.id}/thumbnail" if attachment.has_thumbnail else None
        ),
        width=attachment.width,
        height=attachment.height,
        duration_ms=attachment.duration_ms,
        blurhash=attachment.blur,
    )


def _origin(origin: core.Origin) -> Origin:
    return Origin(origin.message_id, origin.sender_id, origin.conversation_id)


def _poll(poll: core.Poll) -> Poll:
    return Poll(
        question=poll.question,
        options=[
            PollOption(option.text, len(option.account_ids), option.account_ids)
            for option in poll.options
        ],
        multiple=poll.is_multiple,
        closed_at=time(poll.closed_at) if poll.closed_at else None,
    )


def _preview(preview: core.Preview) -> Preview:
    return Preview(
        url=preview.url,
        title=preview.title,
        description=preview.description,
        site=preview.site,
        image=preview.image and f"/api/previews/{preview.image}",
        width=preview.width,
        height=preview.height,
    )
