"""Password hashes: Argon2id in a few worker threads; bcrypt hashes brought along still verify."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers import HasherProtocol
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

from tertulia.core.errors import Unavailable

T = TypeVar("T")

# bcrypt looks at no more than this, and the library refuses longer input where others cut it.
_BCRYPT_MAX_BYTES = 72


class ThreadedHasher:
    """The core's PasswordHasher.

    One hash takes some 64 MiB and 50 ms of a core (RFC 9106, section 4, the second recommended
    option), so at most `workers` run at once. Beyond `max_waiting` more it refuses with
    Unavailable: a flood of sign-ins is told to come back instead of growing a queue.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        max_waiting: int = 64,
        argon2: HasherProtocol | None = None,
    ) -> None:
        self._hashes = PasswordHash((argon2 or Argon2Hasher(), _CuttingBcryptHasher()))
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="passwords")
        self._max_pending = workers + max_waiting
        self._pending = 0

    async def hash(self, password: str) -> str:
        """Hash a new password with Argon2id."""
        return await self._work(lambda: self._hashes.hash(_bytes(password)))

    async def verify(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Return whether it fits, and a better hash to store if the old one is outdated.

        Without a stored hash, or with one of no known kind, a hash is computed in vain. An account
        that still has a bcrypt hash answers in another time than one with Argon2id, until its
        owner signs in once.
        """
        return await self._work(lambda: self._verify(_bytes(password), stored))

    def close(self) -> None:
        """Stop the threads once the hashes under way are done."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: bytes, stored: str | None) -> tuple[bool, str | None]:
        if stored is not None:
            try:
                return self._hashes.verify_and_update(password, stored)
            except UnknownHashError:
                pass
        self._hashes.hash(password)
        return False, None

    async def _work(self, call: Callable[[], T]) -> T:
        if self._pending >= self._max_pending:
            raise Unavailable("Too many people are signing in right now; try again in a moment.")
        self._pending += 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, call)
        # A caller that goes away does not stop the thread, so the thread's own end is counted.
        future.add_done_callback(self._done)
        return await asyncio.shield(future)

    def _done(self, _: asyncio.Future[T]) -> None:
        self._pending -= 1


class _CuttingBcryptHasher(BcryptHasher):
    """Verifies long passwords as the systems did that stored the hashes: by their beginning."""

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:
        encoded = password.encode() if isinstance(password, str) else password
        return super().verify(encoded[:_BCRYPT_MAX_BYTES], hash)


def _bytes(password: str) -> bytes:
    # A lone surrogate, which no keyboard types, must not end in an encoding error.
    return password.encode("utf-8", "surrogatepass")
