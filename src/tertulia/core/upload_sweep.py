"""Throwing away files that nothing carries: unfinished, unsent, or of messages that are no more.

Nobody sees such a file any longer anyway; this is about how much lies about. The database forgets a
file after the folder has, so that nothing is out of reach where the server is killed in between.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from tertulia.core.blobs import Blobs
from tertulia.core.ports import Clock, Storage
from tertulia.core.repeating import repeat
from tertulia.core.upload_completion import Completion

log = logging.getLogger(__name__)

PERIOD_S = 600.0
AT_ONCE = 200
SETTLED = timedelta(minutes=10)
"""How old a page's picture is before it is asked whether its message shows it."""


class UploadSweep:
    """Sweeps files away; on several nodes each does so, and none is in another's way."""

    def __init__(
        self, storage: Storage, completion: Completion, blobs: Blobs, clock: Clock
    ) -> None:
        self._storage = storage
        self._completion = completion
        self._blobs = blobs
        self._clock = clock

    async def run(self) -> None:
        """Sweep at once and then every ten minutes, for ever."""
        await repeat(
            self.sweep,
            PERIOD_S,
            log,
            outage="the database cannot be asked which files to throw away",
            failure="files could not be swept away",
        )

    async def sweep(self) -> None:
        """Throw away every file that nothing carries and whose time is over."""
        await self._let_go_of_abandoned()
        await self._drop_expired()
        await self._drop_pictures()

    async def _let_go_of_abandoned(self) -> None:
        after: UUID | None = None
        while True:
            async with self._storage.begin() as work:
                found, after = await work.uploads.abandoned(after, AT_ONCE)
                await work.uploads.let_go(found, self._clock())
            if after is None:
                return

    async def _drop_expired(self) -> None:
        while True:
            async with self._storage.begin() as work:
                expired = await work.uploads.claim_expired(self._clock(), AT_ONCE)
            for upload in expired:
                await self._completion.give_up(upload)
            if len(expired) < AT_ONCE:
                return

    async def _drop_pictures(self) -> None:
        after = ""
        while True:
            before = self._clock() - SETTLED
            async with self._storage.read() as work:
                keys = await work.preview_pictures.needless(after, before, AT_ONCE)
            if not keys:
                return
            for key in keys:
                await self._blobs.drop(key)
            async with self._storage.begin() as work:
                await work.preview_pictures.drop(keys)
            after = keys[-1]
