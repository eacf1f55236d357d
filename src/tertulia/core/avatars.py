"""People's pictures: small squares of our own making, by a key that changes with the picture.

The three sizes of a picture are one blob, stored before the account names it and dropped after the
account names another. Whoever knows the key may see the picture; it stands in what others are told
of a person, and an answer by it can be kept for ever.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import msgspec

from tertulia.core import limits
from tertulia.core.accounts import change_account
from tertulia.core.blobs import Blobs, new_blob_key
from tertulia.core.entrance import require_open
from tertulia.core.errors import Forbidden, NotAuthenticated, NotFound
from tertulia.core.limits import Limits
from tertulia.core.model import Account, Actor
from tertulia.core.ports import Clock, Storage

log = logging.getLogger(__name__)

SIZES = (96, 256, 640)
"""The widths of an avatar, in pixels."""

_Squares = dict[int, bytes]
_squares = msgspec.msgpack.Decoder(_Squares)


class Pictures(Protocol):
    """Makes pictures of one form out of those that people bring."""

    async def squares(self, data: bytes, sizes: Sequence[int]) -> dict[int, bytes]:
        """Return the middle of a picture in these widths, as WebP without any metadata.

        Invalid `invalid_image` names `file` for what is no picture of a known kind, or too large a
        one; Unavailable where too many wait.
        """


class Avatars:
    """Pictures of people, as they change them and as everyone sees them."""

    def __init__(
        self, storage: Storage, blobs: Blobs, pictures: Pictures, doors: Limits, clock: Clock
    ) -> None:
        self._storage = storage
        self._blobs = blobs
        self._pictures = pictures
        self._doors = doors
        self._clock = clock

    async def change(self, actor: Actor, data: bytes) -> Account:
        """Show oneself with another picture; `data` is any file that has one."""
        await self._doors.take(limits.AVATARS_OF, str(actor.account_id))
        key = await self.keep(data)
        try:
            return await self._show(actor, key)
        except (NotAuthenticated, Forbidden):
            await self.forget(key)
            raise

    async def remove(self, actor: Actor) -> Account:
        """Show oneself without a picture."""
        return await self._show(actor, None)

    async def picture(self, key: str, size: int) -> bytes:
        """Return the picture with this key in one of the SIZES, as WebP; NotFound otherwise."""
        stored = await self._blobs.get(key) if size in SIZES else None
        try:
            return _squares.decode(stored or b"")[size]
        except (msgspec.DecodeError, KeyError):
            raise NotFound("There is no such picture.") from None

    async def keep(self, data: bytes) -> str:
        """Store squares of a picture under a new key; somebody shall name it, or it is forgotten.

        Raises what `Pictures.squares` raises.
        """
        squares = await self._pictures.squares(data, SIZES)
        key = new_blob_key()
        await self._blobs.put(key, msgspec.msgpack.encode(squares))
        return key

    async def forget(self, key: str | None) -> None:
        """Drop a picture that nobody shows any longer; failing is logged and changes nothing.

        Called once the change that let go of it is durable.
        """
        if key is None:
            return
        try:
            await self._blobs.drop(key)
        except OSError:
            log.exception("a picture that is not shown any longer could not be removed")

    async def _show(self, actor: Actor, key: str | None) -> Account:
        async with self._storage.begin() as work:
            old = await work.accounts.locked(actor.account_id)
            require_open(old)
            new = await change_account(work, old, replace(old, avatar=key), self._clock())
        if old.avatar != key:
            await self.forget(old.avatar)
        return new
