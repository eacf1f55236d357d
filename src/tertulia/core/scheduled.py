"""A message that waits for its time, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tertulia.core.message import Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A message to be sent at `due_at`.

    With a `failure`, the code of a refusal, it waits for its author.
    """

    id: UUID
    account_id: UUID
    conversation_id: UUID
    body: str
    reply_to: UUID | None
    attachments: tuple[Attachment, ...] = ()
    is_silent: bool = False
    due_at: datetime
    inserted_at: datetime
    failure: str | None = None
