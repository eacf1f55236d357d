"""Files that people bring, and pictures of pages behind links, as the database knows them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, func, insert, select, update

from tertulia.core.errors import NotFound
from tertulia.core.message import Attachment
from tertulia.core.upload import Upload
from tertulia.core.upload_stores import PreviewPictureStore, UploadStore
from tertulia.storage.tables import conversations, is_present, members, messages
from tertulia.storage.talk_tables import media, preview_pictures, scheduled, uploads

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

_FOR_LONG = datetime(9999, 1, 1, tzinfo=UTC)
"""When files are thrown away that will be sent later: their scheduled message decides."""
_ATTACHMENT = msgspec.json.Decoder(Attachment)

# A message that is deleted carries nothing, and nobody sees those of a deleted conversation.
_carriers = (
    select(media.c.seq)
    .join(conversations, conversations.c.id == media.c.conversation_id)
    .where(media.c.upload_id == uploads.c.id, conversations.c.deleted_at.is_(None))
)
_is_carried = _carriers.exists()
_is_complete = uploads.c.attachment.is_not(None)


class SqlUploadStore(UploadStore):
    """Files in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, upload: Upload) -> None:
        await self._connection.execute(insert(uploads).values(_values(upload)))

    async def own(self, account_id: UUID, upload_id: UUID) -> Upload:
        return await self._one(_own(account_id, upload_id))

    async def locked_own(self, account_id: UUID, upload_id: UUID) -> Upload:
        return await self._one(_own(account_id, upload_id).with_for_update())

    async def update(self, upload: Upload) -> None:
        statement = update(uploads).where(uploads.c.id == upload.id)
        await self._connection.execute(statement.values(_values(upload)))

    async def drop(self, upload_ids: Sequence[UUID]) -> None:
        await self._connection.execute(delete(uploads).where(uploads.c.id.in_(upload_ids)))

    async def unsent(self, account_id: UUID) -> tuple[int, int]:
        statement = select(func.count(), func.coalesce(func.sum(uploads.c.size), 0)).where(
            uploads.c.account_id == account_id, uploads.c.expires_at.is_not(None)
        )
        count, size = (await self._connection.execute(statement)).one()
        return int(count), int(size)

    async def shown_to(self, account_id: UUID, upload_id: UUID, now: datetime) -> Upload:
        to_members = _carriers.join(
            members, members.c.conversation_id == media.c.conversation_id
        ).where(members.c.account_id == account_id, is_present)
        is_own = uploads.c.account_id == account_id
        is_unsent = uploads.c.expires_at > now
        return await self._one(
            select(uploads).where(
                uploads.c.id == upload_id,
                _is_complete,
                (is_own & (is_unsent | _is_carried)) | to_members.exists(),
            )
        )

    async def complete_of(
        self, account_id: UUID, conversation_id: UUID, ids: Sequence[UUID]
    ) -> tuple[Attachment, ...]:
        if not ids:
            return ()
        statement = select(uploads.c.id, uploads.c.attachment).where(
            uploads.c.id.in_(ids),
            uploads.c.account_id == account_id,
            uploads.c.conversation_id == conversation_id,
            uploads.c.expires_at.is_not(None),
            _is_complete,
        )
        rows = await self._connection.execute(statement)
        found = {row.id: _ATTACHMENT.decode(row.attachment) for row in rows}
        return tuple(found[each] for each in ids if each in found)

    async def keep(self, ids: Collection[UUID]) -> None:
        is_unsent = uploads.c.expires_at.is_not(None)
        statement = update(uploads).where(uploads.c.id.in_(ids), is_unsent)
        await self._connection.execute(statement.values(expires_at=_FOR_LONG))

    async def let_go(self, ids: Collection[UUID], at: datetime) -> None:
        statement = update(uploads).where(uploads.c.id.in_(ids), ~_is_carried)
        await self._connection.execute(statement.values(expires_at=at))

    async def claim_expired(self, now: datetime, limit: int) -> tuple[Upload, ...]:
        over = (
            select(uploads)
            .where(uploads.c.expires_at <= now, ~_is_carried)
            .order_by(uploads.c.expires_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        found = await self._all(over)
        claimed = uploads.c.id.in_([upload.id for upload in found])
        await self._connection.execute(update(uploads).where(claimed).values(attachment=None))
        return found

    async def abandoned(
        self, after: UUID | None, limit: int
    ) -> tuple[tuple[UUID, ...], UUID | None]:
        is_kept = uploads.c.expires_at.is_(None) | (uploads.c.expires_at == _FOR_LONG)
        statement = select(uploads).where(is_kept, ~_is_carried)
        found = await self._all(_by_id(statement, after, limit))
        extras = await self._connection.scalars(
            select(scheduled.c.extras).where(
                scheduled.c.account_id.in_({upload.account_id for upload in found}),
                scheduled.c.extras.is_not(None),
            )
        )
        waiting = "".join(text for text in extras if text is not None)
        ids = tuple(upload.id for upload in found if str(upload.id) not in waiting)
        return ids, found[-1].id if len(found) == limit else None

    async def _one(self, statement: Select[Any]) -> Upload:
        row = (await self._connection.execute(statement)).one_or_none()
        if row is None:
            raise NotFound("There is no such file.")
        return _upload_of(row)

    async def _all(self, statement: Select[Any]) -> tuple[Upload, ...]:
        return tuple(map(_upload_of, await self._connection.execute(statement)))


class SqlPreviewPictureStore(PreviewPictureStore):
    """Pictures of pages in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, key: str, conversation_id: UUID, seq: int, at: datetime) -> None:
        await self._connection.execute(
            insert(preview_pictures).values(
                blob=key, conversation_id=conversation_id, seq=seq, inserted_at=at
            )
        )

    async def needless(self, after: str, before: datetime, limit: int) -> tuple[str, ...]:
        shown = (
            select(messages.c.seq)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .where(
                messages.c.conversation_id == preview_pictures.c.conversation_id,
                messages.c.seq == preview_pictures.c.seq,
                messages.c.extras.contains(preview_pictures.c.blob),
                conversations.c.deleted_at.is_(None),
            )
        )
        statement = select(preview_pictures.c.blob).where(
            preview_pictures.c.blob > after,
            preview_pictures.c.inserted_at < before,
            ~shown.exists(),
        )
        statement = statement.order_by(preview_pictures.c.blob).limit(limit)
        return tuple(await self._connection.scalars(statement))

    async def drop(self, keys: Sequence[str]) -> None:
        statement = delete(preview_pictures).where(preview_pictures.c.blob.in_(keys))
        await self._connection.execute(statement)


def _own(account_id: UUID, upload_id: UUID) -> Select[Any]:
    return select(uploads).where(uploads.c.id == upload_id, uploads.c.account_id == account_id)


def _by_id(statement: Select[Any], after: UUID | None, limit: int) -> Select[Any]:
    if after is not None:
        statement = statement.where(uploads.c.id > after)
    return statement.order_by(uploads.c.id).limit(limit)


def _values(upload: Upload) -> dict[str, Any]:
    attachment = upload.attachment
    return {
        "id": upload.id,
        "account_id": upload.account_id,
        "conversation_id": upload.conversation_id,
        "name": upload.name,
        "size": upload.size,
        "received": upload.received,
        "blob": upload.blob,
        "thumbnail": upload.thumbnail,
        "attachment": attachment and msgspec.json.encode(attachment).decode(),
        "inserted_at": upload.inserted_at,
        "expires_at": upload.expires_at,
    }


def _upload_of(row: Row[Any]) -> Upload:
    return Upload(
        id=row.id,
        account_id=row.account_id,
        conversation_id=row.conversation_id,
        name=row.name,
        size=row.size,
        received=row.received,
        blob=row.blob,
        thumbnail=row.thumbnail,
        attachment=None if row.attachment is None else _ATTACHMENT.decode(row.attachment),
        inserted_at=row.inserted_at,
        expires_at=row.expires_at,
    )
