"""Files that people bring into conversations, in one go or in parts, and as members see them there.

Each part is durable once it is answered, and goes on where the one before ended (offsets mean what
they do in tus 1.0: https://tus.io/protocols/resumable-upload). What no message carries goes after a
day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from tertulia.core import limits
from tertulia.core.blobs import Blobs, new_blob_key
from tertulia.core.errors import Conflict, Invalid, NotFound, RateLimited, Refusal, WrongOffset
from tertulia.core.file_names import safe_file_name
from tertulia.core.files import DraftFiles
from tertulia.core.ids import new_id
from tertulia.core.limits import Limits
from tertulia.core.message import Attachment
from tertulia.core.model import Actor
from tertulia.core.ports import Clock, Storage
from tertulia.core.upload import Upload
from tertulia.core.upload_completion import Completion, require_may_bring

KEPT = timedelta(days=1)
"""How long after its last part a file is kept that no message carries."""
MAX_UNSENT = 100
"""How many files that no message carries yet one person may have."""
MAX_UNSENT_SHARE = 5
"""How many files of the largest size these may be together, in bytes."""
MAX_AT_ONCE = 8
"""How many files one person may be sending in one go at the same time."""
MAX_NAME_CHARS = 1000


class Uploads:
    """Files on their way into conversations, and in them."""

    def __init__(
        self,
        storage: Storage,
        drafts: DraftFiles,
        blobs: Blobs,
        completion: Completion,
        doors: Limits,
        clock: Clock,
        *,
        max_bytes: int,
    ) -> None:
        self._storage = storage
        self._drafts = drafts
        self._blobs = blobs
        self._completion = completion
        self._doors = doors
        self._clock = clock
        self._max_bytes = max_bytes
        self._sending: Counter[UUID] = Counter()

    async def begin(self, actor: Actor, conversation_id: UUID, name: str, size: int) -> Upload:
        """Begin a file that will come in parts; `size` is that of all of it."""
        await self._doors.take(limits.UPLOADS_OF, str(actor.account_id))
        return await self._add(actor, conversation_id, name, size, new_blob_key(), attr="size")

    async def progress(self, actor: Actor, upload_id: UUID) -> Upload:
        """Return how far a file of one's own is."""
        async with self._storage.read() as work:
            return await work.uploads.own(actor.account_id, upload_id)

    async def append(
        self, actor: Actor, upload_id: UUID, offset: int, chunks: AsyncIterator[bytes]
    ) -> Upload:
        """Go on with a file at `offset`, which is where it ended; WrongOffset says where that is.

        What has come is durable, however the parts end. With its last byte a file is complete, and
        is refused if it is not what it seems to be; then it is gone. Where completing it was put
        off with Unavailable, an empty part at its end tries again.
        """
        await self._doors.take(limits.UPLOAD_PARTS_OF, str(actor.account_id))
        upload = await self.progress(actor, upload_id)
        async with self._drafts.writing(upload.blob) as draft:
            # Somebody else may have written until a moment ago.
            upload = await self.progress(actor, upload_id)
            if upload.attachment is not None or offset != upload.received:
                raise WrongOffset(upload.received)
            received = await draft.append(offset, chunks, upload.size)
            async with self._storage.begin() as work:
                upload = await work.uploads.locked_own(actor.account_id, upload_id)
                upload = replace(upload, received=received, expires_at=self._clock() + KEPT)
                await work.uploads.update(upload)
            return await self._completion.finish(upload) if received == upload.size else upload

    async def cancel(self, actor: Actor, upload_id: UUID) -> None:
        """Throw away a file of one's own that no message carries."""
        async with self._storage.begin() as work:
            upload = await work.uploads.locked_own(actor.account_id, upload_id)
            if upload.expires_at is None:
                raise Conflict("A message carries this file.", code="upload_sent")
            await work.uploads.drop([upload.id])
        await self._completion.forget(upload)

    async def require_may_bring(self, actor: Actor, conversation_id: UUID) -> None:
        """Refuse somebody who may bring no file into a conversation now."""
        async with self._storage.read() as work:
            await require_may_bring(work, actor.account_id, conversation_id)

    async def take(self, actor: Actor, chunks: AsyncIterator[bytes]) -> tuple[str, int]:
        """Take a file that comes in one go; return the key and the size of its draft."""
        await self._doors.take(limits.UPLOADS_OF, str(actor.account_id))
        key = new_blob_key()
        with self._one_more(actor):
            try:
                async with self._drafts.writing(key) as draft:
                    return key, await draft.append(0, chunks, self._max_bytes)
            except BaseException:
                await self._drafts.drop(key)
                raise

    async def complete(
        self, actor: Actor, conversation_id: UUID, name: str, draft: tuple[str, int]
    ) -> Attachment:
        """Make a draft that has come whole into an attachment; what is refused is gone."""
        key, size = draft
        try:
            upload = await self._add(actor, conversation_id, name, size, key, attr="file")
        except Refusal:
            await self.discard(draft)
            raise
        try:
            finished = await self._completion.finish(replace(upload, received=size))
        except Refusal:
            await self._completion.give_up(upload)
            raise
        if finished.attachment is None:
            raise AssertionError("what is finished makes an attachment")
        return finished.attachment

    async def discard(self, draft: tuple[str, int]) -> None:
        """Throw a draft away."""
        await self._drafts.drop(draft[0])

    async def fetch(self, actor: Actor, upload_id: UUID) -> Upload:
        """Return a complete file that somebody may see; NotFound otherwise."""
        async with self._storage.read() as work:
            return await work.uploads.shown_to(actor.account_id, upload_id, self._clock())

    async def content(
        self, upload: Upload, start: int = 0, length: int | None = None
    ) -> AsyncIterator[bytes]:
        """Return bytes of a file that was fetched; NotFound where it has gone meanwhile."""
        chunks = await self._blobs.chunks(upload.blob, start, length)
        if chunks is None:
            raise NotFound("There is no such file.")
        return chunks

    async def thumbnail(self, actor: Actor, upload_id: UUID) -> bytes:
        """Return the small picture of a file, a WebP; NotFound where it has none."""
        upload = await self.fetch(actor, upload_id)
        data = None if upload.thumbnail is None else await self._blobs.get(upload.thumbnail)
        if data is None:
            raise NotFound("There is no such picture.")
        return data

    @contextmanager
    def _one_more(self, actor: Actor) -> Iterator[None]:
        if self._sending[actor.account_id] >= MAX_AT_ONCE:
            raise RateLimited("Too many files are coming at the same time.", retry_after_s=1)
        self._sending[actor.account_id] += 1
        try:
            yield
        finally:
            self._sending[actor.account_id] -= 1
            if not self._sending[actor.account_id]:
                del self._sending[actor.account_id]

    async def _add(
        self, actor: Actor, conversation_id: UUID, name: str, size: int, key: str, *, attr: str
    ) -> Upload:
        if size < 1:
            raise Invalid("A file has at least one byte.", code="required", attr=attr)
        if size > self._max_bytes:
            raise Invalid(
                f"A file has at most {self._max_bytes} bytes.", code="too_large", attr=attr
            )
        now = self._clock()
        upload = Upload(
            id=new_id(),
            account_id=actor.account_id,
            conversation_id=conversation_id,
            name=safe_file_name(name[:MAX_NAME_CHARS]),
            size=size,
            received=0,
            blob=key,
            inserted_at=now,
            expires_at=now + KEPT,
        )
        async with self._storage.begin() as work:
            # Under the account's lock, so that two beginnings at once are both counted.
            await work.accounts.locked(actor.account_id)
            await require_may_bring(work, actor.account_id, conversation_id)
            count, total = await work.uploads.unsent(actor.account_id)
            if count >= MAX_UNSENT or total + size > MAX_UNSENT_SHARE * self._max_bytes:
                raise Conflict(
                    "Too many files wait to be sent: send some of them, or throw them away.",
                    code="too_many_unsent",
                )
            await work.uploads.add(upload)
        return upload
