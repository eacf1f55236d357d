"""A file on its way into a conversation, as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tertulia.core.message import Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that somebody brings into a conversation: `received` of its `size` bytes have come.

    `blob` is its key among the blobs, and that of the draft while it is made. It is an `attachment`
    once it is complete, and is thrown away at `expires_at` unless a message carries it by then.
    """

    id: UUID
    account_id: UUID
    conversation_id: UUID
    name: str
    size: int
    received: int
    blob: str
    inserted_at: datetime
    expires_at: datetime | None
    thumbnail: str | None = None
    attachment: Attachment | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all that is stored of it."""
        return (self.blob,) if self.thumbnail is None else (self.blob, self.thumbnail)
