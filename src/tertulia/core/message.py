"""A message and what hangs on it, as frozen values.

Times are aware datetimes in UTC; `account_ids` stand in the order in which people acted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

AttachmentKind = Literal["image", "audio", "video", "file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """An uploaded file as a message carries it; `id` is the upload's.

    `media_type` is from a fixed list, by the file's content. Pictures and films have a size in
    pixels, pictures a `blur` (a BlurHash) to stand there until they have come.
    """

    id: UUID
    name: str
    kind: AttachmentKind
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    blur: str | None = None
    has_thumbnail: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a forwarded message comes from; `conversation_id` is told of rooms alone."""

    message_id: UUID
    sender_id: UUID
    conversation_id: UUID | None


@dataclass(frozen=True, slots=True)
class Reaction:
    """Who reacted with an emoji."""

    emoji: str
    account_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class PollOption:
    """One answer of a poll, and who chose it."""

    text: str
    account_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A question with answers; with `is_multiple` one may choose several."""

    question: str
    options: tuple[PollOption, ...]
    is_multiple: bool = False
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the page behind a link says of itself; `image` is the key of a picture of this server.

    `width` and `height` are the picture's, in pixels.
    """

    url: str
    title: str
    description: str | None = None
    site: str | None = None
    image: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """All that a plain text message does not have; most messages have none of it."""

    attachments: tuple[Attachment, ...] = ()
    mentions: tuple[UUID, ...] = ()
    mentions_all: bool = False
    origin: Origin | None = None
    poll: Poll | None = None
    is_silent: bool = False
    reactions: tuple[Reaction, ...] = ()
    previews: tuple[Preview, ...] = ()

    def has_reaction(self, emoji: str, account_id: UUID) -> bool:
        """Whether somebody has given this emoji."""
        return any(
            each.emoji == emoji and account_id in each.account_ids for each in self.reactions
        )


PLAIN = Extras()
"""The extras of a message that has none."""


def left_of(extras: Extras) -> Extras:
    """Return what a message keeps of its extras when it is deleted.

    Whom it mentioned stays, so that a copy that counts the unread mentions can count it off.
    """
    return replace(PLAIN, mentions=extras.mentions, mentions_all=extras.mentions_all)


@dataclass(frozen=True, slots=True)
class SealedReaction:
    """What somebody reacted with, as it was sealed for the one who reads it."""

    account_id: UUID
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A message of an encrypted conversation as it was sealed for one person.

    The server cannot read its `content`, which is None once the message was deleted. Of each
    person who reacted there is one of the `reactions`, in the order of their account ids.
    """

    id: UUID
    content: str | None
    reactions: tuple[SealedReaction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. Its place in history is `seq`; `changed_seq` is its latest change.

    Whom it mentions is settled when it is sent. A deleted message keeps its row and that, and
    loses its `body`, its pin and the rest of its `extras`.

    In an encrypted conversation it has no `body`. Whoever reads it finds their own `copy`, and
    does not see a message of which they have none; what is told to everyone has no copy in it.
    """

    id: UUID
    conversation_id: UUID
    seq: int
    changed_seq: int
    sender_id: UUID
    client_ref: str | None
    body: str | None
    reply_to: UUID | None
    inserted_at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    pinned_at: datetime | None = None
    extras: Extras = PLAIN
    copy: Copy | None = None

    @property
    def is_sealed(self) -> bool:
        """Whether it says something that the server cannot read."""
        return self.body is None and self.deleted_at is None


def without_copy(message: Message) -> Message:
    """Return a message as everyone may be told of it."""
    return message if message.copy is None else replace(message, copy=None)


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said before it was edited, and since when."""

    body: str
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message on its way into the journal; `has_link` says that its body holds a web address.

    It has either a `body` or `copies`, the text that was sealed for each of its recipients.
    """

    conversation_id: UUID
    sender_id: UUID
    body: str | None
    client_ref: str | None = None
    reply_to: UUID | None = None
    extras: Extras = PLAIN
    has_link: bool = False
    copies: Mapping[UUID, str] | None = None
