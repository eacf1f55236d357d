"""Pictures of the pages behind links: of our own making, by keys that messages tell.

Each picture belongs to one message, so that it goes when the message does. What is stored says that
it is such a picture: no other blob is shown to those who guess that theirs is a key.
"""

from __future__ import annotations

from tertulia.core.blobs import Blobs
from tertulia.core.errors import NotFound

_MARK = b"tertulia preview 1\n"


class PreviewPictures:
    """Pictures of pages, as everyone who was told their key sees them."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def keep(self, key: str, picture: bytes) -> None:
        """Store a WebP under a key that is noted down."""
        await self._blobs.put(key, _MARK + picture)

    async def picture(self, key: str) -> bytes:
        """Return a picture, a WebP; NotFound otherwise."""
        stored = await self._blobs.get(key)
        if stored is None or not stored.startswith(_MARK):
            raise NotFound("There is no such picture.")
        return stored.removeprefix(_MARK)
