"""A copy of one's own data: asked for, made in the background, kept for a week.

The copies of everyone are made one after the other, by one node at a time, so that however many
ask, the server does not slow down. The key of the blob is noted down before the blob is made:
whatever a crash leaves behind is found again, dropped, and made anew. Only its owner gets a copy,
and only while signed in.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from tertulia.core import limits
from tertulia.core.avatars import SIZES, Avatars
from tertulia.core.blobs import Blobs, new_blob_key
from tertulia.core.entrance import require_open
from tertulia.core.errors import NotFound, Unavailable
from tertulia.core.export_contents import Archive, Archives, add_account, add_conversation
from tertulia.core.ids import new_id
from tertulia.core.limits import Limits
from tertulia.core.model import Account, Actor, Export
from tertulia.core.ports import Clock, Storage

log = logging.getLogger(__name__)

KEPT = timedelta(days=7)
POLL_S = 10.0
_STEPS = 100
"""How often the progress of one export is written down at most."""


class Exports:
    """Copies of people's own data."""

    def __init__(
        self,
        storage: Storage,
        blobs: Blobs,
        archives: Archives,
        avatars: Avatars,
        doors: Limits,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._blobs = blobs
        self._archives = archives
        self._avatars = avatars
        self._doors = doors
        self._clock = clock
        self._asked = asyncio.Event()

    async def ask(self, actor: Actor) -> Export:
        """Ask for a copy; one that is under way is answered again, one that was made goes."""
        latest = await self.latest(actor)
        if latest is not None and latest.is_under_way:
            return latest
        await self._doors.take(limits.EXPORTS_OF, str(actor.account_id))
        now = self._clock()
        async with self._storage.begin() as work:
            require_open(await work.accounts.locked(actor.account_id))
            latest = await work.exports.latest(actor.account_id)
            if latest is not None and latest.is_under_way:
                return latest
            if latest is not None:
                await work.exports.update(replace(latest, expires_at=now))
            export = Export(id=new_id(), account_id=actor.account_id, inserted_at=now)
            await work.exports.add(export)
        self._asked.set()
        return export

    async def latest(self, actor: Actor) -> Export | None:
        """Return the copy that was asked for last, unless it is kept no longer."""
        async with self._storage.read() as work:
            latest = await work.exports.latest(actor.account_id)
        return None if latest is None or self._is_over(latest) else latest

    async def fetch(self, actor: Actor, export_id: UUID) -> tuple[Export, AsyncIterator[bytes]]:
        """Return one's latest copy and its bytes, a zip file; NotFound unless it is ready."""
        latest = await self.latest(actor)
        if latest is not None and latest.id == export_id and latest.ready_at and latest.blob:
            chunks = await self._blobs.chunks(latest.blob)
            if chunks is not None:
                return latest, chunks
        raise NotFound("There is no such copy.")

    async def run(self) -> None:
        """Make what is asked for and drop what is kept no longer, for ever."""
        while True:
            self._asked.clear()
            try:
                await self.drop_expired()
                await self.make_waiting()
            except Unavailable:
                log.warning("exports wait for the database")
            except Exception:
                log.exception("exports could not be looked after")
            await self._wait()

    async def make_waiting(self) -> int:
        """Make every copy that waits, one after the other; return how many there were.

        While another node is at it there is nothing to do here.
        """
        if not await self._waiting():
            return 0
        async with self._storage.alone("exports") as is_alone:
            return await self._make_all(await self._waiting()) if is_alone else 0

    async def drop_expired(self) -> int:
        """Drop every copy that is kept no longer, or whose owner is gone; return how many."""
        async with self._storage.read() as work:
            expired = await work.exports.expired(self._clock())
        for export in expired:
            await self._drop_blob(export)
            async with self._storage.begin() as work:
                await work.exports.drop(export.id)
            # Another node may have written it in between.
            await self._drop_blob(export)
        return len(expired)

    async def _waiting(self) -> Sequence[Export]:
        async with self._storage.read() as work:
            return await work.exports.waiting()

    async def _make_all(self, waiting: Sequence[Export]) -> int:
        for export in waiting:
            try:
                await self._make(export)
            except Unavailable:
                raise
            except Exception:
                log.exception("export %s failed", export.id)
                await self._fail(export)
        return len(waiting)

    def _is_over(self, export: Export) -> bool:
        return export.expires_at is not None and export.expires_at <= self._clock()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(POLL_S):
                await self._asked.wait()
        except TimeoutError:
            return

    async def _make(self, export: Export) -> None:
        await self._drop_blob(export)
        key = new_blob_key()
        async with self._storage.begin() as work:
            conversations = await work.conversations.ids_of(export.account_id)
            export = replace(export, done=0, total=len(conversations), blob=key)
            await work.exports.update(export)
        async with self._archives.begin() as archive:
            account = await add_account(self._storage, archive, export.account_id, self._clock())
            await self._add_picture(archive, account)
            for conversation_id in conversations:
                await add_conversation(
                    self._storage, self._blobs, archive, export.account_id, conversation_id
                )
                export = await self._advance(export)
            size = await archive.keep(key)
        now = self._clock()
        export = replace(export, size=size, ready_at=now, expires_at=now + KEPT)
        if not await self._update(export):
            # Its owner went meanwhile, and who dropped it found nothing there yet.
            await self._drop_blob(export)

    async def _add_picture(self, archive: Archive, account: Account) -> None:
        if account.avatar is None:
            return
        try:
            picture = await self._avatars.picture(account.avatar, max(SIZES))
        except NotFound:
            # It was changed a moment ago.
            return
        await archive.add("avatar.webp", picture)

    async def _advance(self, export: Export) -> Export:
        done = export.done + 1
        before, after = (part * _STEPS // export.total for part in (export.done, done))
        export = replace(export, done=done)
        if before != after:
            await self._update(export)
        return export

    async def _fail(self, export: Export) -> None:
        now = self._clock()
        async with self._storage.begin() as work:
            latest = await work.exports.latest(export.account_id)
            if latest is not None and latest.id == export.id:
                await work.exports.update(replace(latest, failed_at=now, expires_at=now + KEPT))

    async def _update(self, export: Export) -> bool:
        async with self._storage.begin() as work:
            return await work.exports.update(export)

    async def _drop_blob(self, export: Export) -> None:
        if export.blob is not None:
            await self._blobs.drop(export.blob)
