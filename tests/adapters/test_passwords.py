"""Password hashes: what fits, what is upgraded, and how much work is taken on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import bcrypt
import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from tertulia.adapters.passwords import ThreadedHasher
from tertulia.core.errors import Unavailable

PASSWORD = "correct horse battery staple"


class CountingHasher(Argon2Hasher):
    """Argon2id that costs little, counts its hashes, and waits at a gate where one is given."""

    def __init__(self, gate: threading.Event | None = None) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self._gate = gate
        self._lock = threading.Lock()
        self._running = 0
        self.most_at_once = 0
        self.hashed = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        with self._lock:
            self.hashed += 1
            self._running += 1
            self.most_at_once = max(self.most_at_once, self._running)
        if self._gate is not None:
            self._gate.wait(timeout=10)
        try:
            return super().hash(password, salt=salt)
        finally:
            with self._lock:
                self._running -= 1


@pytest.fixture
def argon2() -> CountingHasher:
    return CountingHasher()


@pytest.fixture
def hasher(argon2: CountingHasher) -> Iterator[ThreadedHasher]:
    hasher = ThreadedHasher(argon2=argon2)
    yield hasher
    hasher.close()


@pytest.fixture
def brought_along() -> str:
    """A bcrypt hash from another system."""
    return bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()


async def test_a_password_fits_its_hash_and_no_other(hasher: ThreadedHasher) -> None:
    stored = await hasher.hash(PASSWORD)
    assert stored.startswith("$argon2id$")
    assert await hasher.verify(PASSWORD, stored) == (True, None)
    assert await hasher.verify(PASSWORD + " ", stored) == (False, None)


async def test_the_usual_hash_follows_the_argon2_standard() -> None:
    hasher = ThreadedHasher()
    stored = await hasher.hash(PASSWORD)
    hasher.close()
    # RFC 9106, section 4: 64 MiB, three passes, four lanes.
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


async def test_a_bcrypt_hash_verifies_and_is_upgraded(
    hasher: ThreadedHasher, brought_along: str
) -> None:
    fits, better = await hasher.verify(PASSWORD, brought_along)
    assert fits
    assert better is not None
    assert better.startswith("$argon2id$")
    assert await hasher.verify(PASSWORD, better) == (True, None)


async def test_a_wrong_password_upgrades_nothing(
    hasher: ThreadedHasher, brought_along: str
) -> None:
    assert await hasher.verify("wrong", brought_along) == (False, None)


async def test_a_long_password_fits_the_bcrypt_hash_of_its_beginning(
    hasher: ThreadedHasher,
) -> None:
    password = "x" * 100
    stored = bcrypt.hashpw(password[:72].encode(), bcrypt.gensalt(4)).decode()
    assert (await hasher.verify(password, stored))[0]


async def test_a_weaker_argon2_hash_is_upgraded() -> None:
    weak = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    hasher = ThreadedHasher(argon2=Argon2Hasher(time_cost=2, memory_cost=64, parallelism=1))
    fits, better = await hasher.verify(PASSWORD, weak)
    hasher.close()
    assert fits
    assert better is not None
    assert "t=2" in better


@pytest.mark.parametrize("stored", [None, "", "plain text", "$9$unknown$"], ids=ascii)
async def test_an_unknown_account_costs_the_same_work(
    hasher: ThreadedHasher, argon2: CountingHasher, stored: str | None
) -> None:
    assert await hasher.verify(PASSWORD, stored) == (False, None)
    assert argon2.hashed == 1


@pytest.mark.parametrize("password", ["", "\x00", "\ud800", "пароль🔑"], ids=ascii)
async def test_any_text_can_be_tried(hasher: ThreadedHasher, password: str) -> None:
    stored = await hasher.hash(PASSWORD)
    assert await hasher.verify(password, stored) == (False, None)
    assert (await hasher.verify(password, await hasher.hash(password)))[0]


async def test_no_more_hashes_run_at_once_than_there_are_workers() -> None:
    argon2 = CountingHasher()
    hasher = ThreadedHasher(workers=2, argon2=argon2)
    await asyncio.gather(*(hasher.hash(PASSWORD) for _ in range(20)))
    hasher.close()
    assert argon2.hashed == 20
    assert argon2.most_at_once <= 2


async def test_a_flood_is_refused_and_those_before_it_are_served() -> None:
    gate = threading.Event()
    hasher = ThreadedHasher(workers=1, max_waiting=2, argon2=CountingHasher(gate))
    waiting = [asyncio.ensure_future(hasher.hash(PASSWORD)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await hasher.hash(PASSWORD)
    gate.set()
    assert len(await asyncio.gather(*waiting)) == 3
    assert await hasher.hash(PASSWORD)
    hasher.close()


async def test_one_who_goes_away_still_counts_until_the_thread_is_done() -> None:
    gate = threading.Event()
    hasher = ThreadedHasher(workers=1, max_waiting=0, argon2=CountingHasher(gate))
    gone = asyncio.ensure_future(hasher.hash(PASSWORD))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    with pytest.raises(Unavailable):
        await hasher.hash(PASSWORD)
    gate.set()
    hasher.close()
