"""Larger pieces of data, by keys that nobody can guess.

A key is a secret of its own: whoever may read a piece is told its key, and 160 random bits are not
found by trying. A key is made before its piece is stored, so that it can be noted down first and
nothing that a crash leaves behind is out of reach.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import AsyncIterator
from typing import Protocol

_KEY_BYTES = 20
_KEY = re.compile("[a-z2-7]{32}")


class Blobs(Protocol):
    """Pieces of data; what is put once never changes. A key that is not of our form has none."""

    async def put(self, key: str, data: bytes) -> None:
        """Store a piece under a new key; it is durable afterwards."""

    async def put_chunks(self, key: str, chunks: AsyncIterator[bytes]) -> int:
        """Store a piece that comes in parts, and return its length in bytes.

        Where one of the parts fails to come nothing is stored.
        """

    async def get(self, key: str) -> bytes | None:
        """Return a small piece whole."""

    async def chunks(
        self, key: str, start: int = 0, length: int | None = None
    ) -> AsyncIterator[bytes] | None:
        """Return a piece in parts, read as they are asked for; `length` bytes from `start` on."""

    async def drop(self, key: str) -> None:
        """Forget a piece; nothing happens where there is none."""


def new_blob_key() -> str:
    """Return a key that nobody has: 160 random bits as small letters and digits (RFC 4648, 6)."""
    return base64.b32encode(secrets.token_bytes(_KEY_BYTES)).decode().lower()


def is_blob_key(text: str) -> bool:
    """Whether a text could be a key at all."""
    return _KEY.fullmatch(text) is not None
