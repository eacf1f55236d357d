"""Making files that have come whole into attachments: judged by what they contain, or refused.

Pictures are encoded anew, so that nothing of the file itself is shown to anybody. All else stays as
it came, and what it is called in answers comes from a fixed list. In encrypted conversations files
come encrypted, and nothing is looked at.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from tertulia.core.blobs import Blobs, new_blob_key
from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.core.file_names import with_suffix
from tertulia.core.files import DraftFiles, FileKind, KindOf, Thumbnails
from tertulia.core.message import Attachment
from tertulia.core.model import Membership
from tertulia.core.policy import may_speak
from tertulia.core.ports import Storage, Work
from tertulia.core.upload import Upload

HEAD_BYTES = 256 * 1024
"""How much of a file is looked at to tell what it is."""
MAX_PICTURE_BYTES = 32 * 1024 * 1024
SEALED_FILE = FileKind(kind="file", media_type="application/octet-stream")
"""What a file is that was encrypted before it came."""


class Completion:
    """Ends uploads, one way or the other."""

    def __init__(
        self,
        storage: Storage,
        drafts: DraftFiles,
        blobs: Blobs,
        kind_of: KindOf,
        thumbnails: Thumbnails,
    ) -> None:
        self._storage = storage
        self._drafts = drafts
        self._blobs = blobs
        self._kind_of = kind_of
        self._thumbnails = thumbnails

    async def finish(self, upload: Upload) -> Upload:
        """Make a file that has come whole into an attachment; what is refused is gone.

        Unavailable puts it off: then it can be finished later.
        """
        try:
            async with self._storage.read() as work:
                place = await require_may_bring(work, upload.account_id, upload.conversation_id)
            if place.conversation.encrypted:
                # What looks like anything in there does so by chance.
                file_kind = SEALED_FILE
            else:
                file_kind = self._kind_of(await self._drafts.head(upload.blob, HEAD_BYTES))
            if file_kind.kind == "image":
                return await self._finish_picture(upload)
            await self._drafts.keep(upload.blob)
            attachment = _attachment(upload, file_kind, upload.size)
            return await self._store(replace(upload, attachment=attachment))
        except (Invalid, Forbidden, NotFound, Conflict):
            await self.give_up(upload)
            raise

    async def give_up(self, upload: Upload) -> None:
        """Forget a file and all that is stored of it."""
        await self.forget(upload)
        async with self._storage.begin() as work:
            await work.uploads.drop([upload.id])

    async def forget(self, upload: Upload) -> None:
        """Drop what is stored of a file, which the database forgets as well."""
        await self._drafts.drop(upload.blob)
        for key in (upload.blob, upload.thumbnail):
            if key is not None:
                await self._blobs.drop(key)

    async def _finish_picture(self, upload: Upload) -> Upload:
        async def read() -> bytes:
            return await self._drafts.whole(upload.blob)

        if upload.size > MAX_PICTURE_BYTES:
            raise Invalid("This picture is too large.", code="invalid_image", attr="file")
        shown = await self._thumbnails.shown(read)
        thumbnail = upload.thumbnail or new_blob_key()
        # Noted down before it is stored, so that nothing is out of reach after a crash.
        await self._store(replace(upload, thumbnail=thumbnail))
        for key, data in ((upload.blob, shown.data), (thumbnail, shown.thumbnail)):
            await self._blobs.put(key, data)
        attachment = replace(
            _attachment(upload, shown.file_kind, len(shown.data)),
            width=shown.width,
            height=shown.height,
            blur=shown.blur,
            has_thumbnail=True,
        )
        finished = replace(upload, thumbnail=thumbnail, attachment=attachment)
        try:
            await self._store(finished)
        except NotFound:
            # Thrown away meanwhile, by somebody who knew nothing of the small picture.
            await self.forget(finished)
            raise
        await self._drafts.drop(upload.blob)
        return finished

    async def _store(self, upload: Upload) -> Upload:
        async with self._storage.begin() as work:
            await work.uploads.locked_own(upload.account_id, upload.id)
            await work.uploads.update(upload)
        return upload


async def require_may_bring(work: Work, account_id: UUID, conversation_id: UUID) -> Membership:
    """Refuse somebody who may bring no file into a conversation now."""
    membership = await work.conversations.for_member(account_id, conversation_id)
    may_speak(membership.member.silenced_at)
    return membership


def _attachment(upload: Upload, file_kind: FileKind, size: int) -> Attachment:
    return Attachment(
        id=upload.id,
        name=with_suffix(upload.name, file_kind.suffixes),
        kind=file_kind.kind,
        media_type=file_kind.media_type,
        size=size,
    )
