"""What a message may be made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from tertulia.core.errors import Invalid, RateLimited
from tertulia.core.message import Attachment, Extras, Message
from tertulia.core.ports import Work
from tertulia.core.sent_again import sent_before

MAX_ATTACHMENTS = 10


def attached(ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Check what a message is to carry: 10 files at most, each of them once."""
    if not ids:
        return ()
    if len(ids) > MAX_ATTACHMENTS:
        raise Invalid(
            f"A message carries at most {MAX_ATTACHMENTS} files.",
            code="too_long",
            attr="attachments",
        )
    if len(set(ids)) < len(ids):
        raise Invalid("A message carries each file once.", code="repeated", attr="attachments")
    return tuple(ids)


async def files_or_first(
    work: Work,
    sender_id: UUID,
    conversation_id: UUID,
    client_ref: str | None,
    ids: Sequence[UUID],
) -> tuple[Attachment, ...] | Message:
    """Return the files that a message is to carry, or the first message where it is sent again.

    Invalid for a file that is not there, not whole or another's; Conflict `client_ref_taken`.
    """
    if ids and client_ref is not None:
        # Its attachments are no longer free: it is the first message that carries them.
        sent = await sent_before(work, sender_id, {conversation_id: client_ref})
        if conversation_id in sent:
            return sent[conversation_id]
    files = await work.uploads.complete_of(sender_id, conversation_id, ids)
    if len(files) < len(ids):
        raise no_such_attachment()
    return files


def no_such_attachment() -> Invalid:
    """Refuse a file that is not there, not whole, another's, or in a message already."""
    return Invalid("There is no such file of yours to send here.", attr="attachments")


def slow_mode(wait: timedelta) -> RateLimited:
    """Refuse a plain member's message that comes too soon after the last one."""
    return RateLimited(
        "This conversation is in slow mode.",
        retry_after_s=wait.total_seconds(),
        code="slow_mode",
    )


def required_body(body: str, extras: Extras) -> None:
    """Check that a message says something, or carries something beside it."""
    if not body and not extras.attachments and extras.poll is None:
        raise Invalid("A message cannot be empty.", code="required", attr="content")
