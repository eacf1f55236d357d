"""Where the people of a town hand in files, over a folder of the test's own and a moving clock."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertulia.adapters.blobs_folder import BlobsFolder
from tertulia.adapters.file_kinds import kind_of
from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.adapters.thumbnails import ThreadedThumbnails
from tertulia.adapters.uploads_folder import UploadsFolder
from tertulia.core.clock import utc_now
from tertulia.core.upload_completion import Completion
from tertulia.core.upload_sweep import UploadSweep
from tertulia.core.uploads import Uploads
from tests.core.door import Clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from uuid import UUID

    from tertulia.core.message import Attachment
    from tertulia.core.model import Actor
    from tests.core.town import Town

MAX_BYTES = 100_000


@dataclass
class Counter:
    """Where files are handed in."""

    town: Town
    clock: Clock
    folder: Path
    blobs: BlobsFolder
    drafts: UploadsFolder
    thumbnails: ThreadedThumbnails
    completion: Completion
    uploads: Uploads
    sweep: UploadSweep

    async def bring(
        self, actor: Actor, conversation_id: UUID, data: bytes, name: str = "data.bin"
    ) -> Attachment:
        """Hand a file in, in one go."""
        draft = await self.uploads.take(actor, parts(data))
        return await self.uploads.complete(actor, conversation_id, name, draft)

    def files(self) -> int:
        """Return how many files lie in the folder."""
        return sum(path.is_file() for path in self.folder.rglob("*"))


@asynccontextmanager
async def open_counter(town: Town, folder: Path) -> AsyncIterator[Counter]:
    """Put files over a town's database."""
    # The journal, which has the time of day, asks whether they are still kept.
    clock = Clock(now=utc_now())
    blobs = BlobsFolder(folder)
    drafts = UploadsFolder(blobs)
    thumbnails = ThreadedThumbnails()
    completion = Completion(town.storage, drafts, blobs, kind_of, thumbnails)
    doors = LimitsInMemory(scale=1000)
    uploads = Uploads(town.storage, drafts, blobs, completion, doors, clock, max_bytes=MAX_BYTES)
    sweep = UploadSweep(town.storage, completion, blobs, clock)
    yield Counter(town, clock, folder, blobs, drafts, thumbnails, completion, uploads, sweep)
    thumbnails.close()


async def parts(*datas: bytes) -> AsyncIterator[bytes]:
    """Yield these parts, one after the other."""
    for data in datas:
        yield data
