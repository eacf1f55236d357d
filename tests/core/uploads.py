"""Files that people of the town have handed in, as rows alone, without bytes or a door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import create_async_engine

from tertulia.core.blobs import new_blob_key
from tertulia.core.clock import utc_now
from tertulia.core.ids import new_id
from tertulia.core.message import Attachment
from tertulia.storage.talk_tables import uploads

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tertulia.core.model import Actor
    from tertulia.settings import Settings


@dataclass(frozen=True)
class HandedIn:
    """The table of uploads in a town's database."""

    settings: Settings

    async def file(
        self,
        actor: Actor,
        conversation_id: UUID,
        *,
        is_whole: bool = True,
        expires_at: datetime | None = None,
        **fields: Any,
    ) -> Attachment:
        """Hand in a file for a conversation."""
        usual = {"name": "a.png", "kind": "image", "media_type": "image/png", "size": 3}
        attachment = Attachment(id=new_id(), **{**usual, **fields})
        words = msgspec.json.encode(attachment).decode()
        await self._execute(
            insert(uploads).values(
                id=attachment.id,
                account_id=actor.account_id,
                conversation_id=conversation_id,
                name=attachment.name,
                size=attachment.size,
                received=attachment.size if is_whole else 0,
                blob=new_blob_key(),
                attachment=words if is_whole else None,
                inserted_at=utc_now(),
                expires_at=expires_at or utc_now() + timedelta(hours=1),
            )
        )
        return attachment

    async def expires_at(self, upload_id: UUID) -> datetime | None:
        """Return when a file is thrown away."""
        engine = create_async_engine(self.settings.database_url)
        async with engine.connect() as connection:
            statement = select(uploads.c.expires_at).where(uploads.c.id == upload_id)
            found: datetime | None = (await connection.execute(statement)).scalar_one()
        await engine.dispose()
        return found

    async def expire(self, upload_id: UUID) -> None:
        """Let a file's time run out."""
        statement = update(uploads).where(uploads.c.id == upload_id)
        await self._execute(statement.values(expires_at=utc_now()))

    async def _execute(self, statement: Any) -> None:
        engine = create_async_engine(self.settings.database_url)
        async with engine.begin() as connection:
            await connection.execute(statement)
        await engine.dispose()
