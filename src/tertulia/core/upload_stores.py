"""The stores of files: those that messages carry, and pictures of the pages behind links.

As with all stores, methods run inside the transaction of the `Work` that holds them, take and
return frozen values, and refuse with the errors of `core.errors`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tertulia.core.message import Attachment
from tertulia.core.upload import Upload


class UploadStore(Protocol):
    """Files that people bring, from their first byte until no message carries them any more.

    One that no message carries yet has a time at which it is thrown away; the journal takes that
    time from those which a new message carries, in the transaction that stores the message.
    """

    async def add(self, upload: Upload) -> None:
        """Store a new one."""

    async def own(self, account_id: UUID, upload_id: UUID) -> Upload:
        """Return a file that this person brought, or refuse with NotFound."""

    async def locked_own(self, account_id: UUID, upload_id: UUID) -> Upload:
        """Do as `own` does, holding the row until the work ends."""

    async def update(self, upload: Upload) -> None:
        """Store how much has come, what it makes, and when it goes."""

    async def drop(self, upload_ids: Sequence[UUID]) -> None:
        """Forget files."""

    async def unsent(self, account_id: UUID) -> tuple[int, int]:
        """Return how many files of a person no message carries yet, and their bytes together."""

    async def shown_to(self, account_id: UUID, upload_id: UUID, now: datetime) -> Upload:
        """Return a complete file as somebody may see it now, or refuse with NotFound.

        Its uploader sees it until it is sent; then members see it where a living message has it.
        """

    async def complete_of(
        self, account_id: UUID, conversation_id: UUID, ids: Sequence[UUID]
    ) -> tuple[Attachment, ...]:
        """Return what a person has brought whole into a conversation, in the order of `ids`.

        Those of others, for elsewhere, not yet whole or carried by a message are left out.
        """

    async def keep(self, ids: Collection[UUID]) -> None:
        """Have files stay for as long as a scheduled message names them."""

    async def let_go(self, ids: Collection[UUID], at: datetime) -> None:
        """Have those of these files be thrown away that no message carries any more."""

    async def claim_expired(self, now: datetime, limit: int) -> tuple[Upload, ...]:
        """Return files whose time is over and which no message carries; none can carry them now."""

    async def abandoned(
        self, after: UUID | None, limit: int
    ) -> tuple[tuple[UUID, ...], UUID | None]:
        """Return files that are kept for nothing, among the next past `after` by id.

        No message carries them, and none that waits to be sent names them. The second is the
        `after` to go on with, or None at the end.
        """


class PreviewPictureStore(Protocol):
    """Pictures of pages behind links: each belongs to one message and goes with it."""

    async def add(self, key: str, conversation_id: UUID, seq: int, at: datetime) -> None:
        """Note down a picture for the message with this seq, before it is stored."""

    async def needless(self, after: str, before: datetime, limit: int) -> tuple[str, ...]:
        """Return keys past `after`, noted before that time, whose message does not show them."""

    async def drop(self, keys: Sequence[str]) -> None:
        """Forget pictures."""
