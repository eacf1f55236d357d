"""What expired is forgotten, and nothing that still holds."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.core import onetime, proof_sweep
from tertulia.core.errors import Unavailable
from tertulia.core.proof_sweep import ProofSweep
from tertulia.core.proofs import PhoneCode, Purpose

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from tertulia.core.ports import Work
    from tests.core.door import Door

PHONE = "+34600123457"
CODE_HOLDS = timedelta(minutes=5)


@dataclass
class Proofs:
    """A link that confirms an address, one that sets a password, and a code."""

    door: Door
    confirm: str
    reset: str

    async def left(self) -> list[str]:
        """Return which of them the database still has."""
        found = []
        async with self.door.town.storage.begin() as work:
            for name, purpose, token in (
                ("confirm", Purpose.CONFIRM_EMAIL, self.confirm),
                ("reset", Purpose.RESET_PASSWORD, self.reset),
            ):
                if await work.one_time_tokens.get(purpose, onetime.digest_of(token)):
                    found.append(name)
            if await work.phone_codes.try_one(PHONE, None):
                found.append("code")
        return found


@pytest.fixture
async def proofs(door: Door) -> Proofs:
    """Return one proof of each kind, all of them made now."""
    now = door.clock()
    async with door.town.storage.begin() as work:
        code = PhoneCode(phone=PHONE, asker=None, digest=b"digest", expires_at=now + CODE_HOLDS)
        await work.phone_codes.put(code)
        return Proofs(
            door,
            confirm=await onetime.issue(work, Purpose.CONFIRM_EMAIL, now),
            reset=await onetime.issue(work, Purpose.RESET_PASSWORD, now),
        )


async def test_each_goes_when_its_own_time_is_over(door: Door, proofs: Proofs) -> None:
    sweep = ProofSweep(door.town.storage, door.clock)
    gone_after: dict[timedelta, list[str]] = {
        CODE_HOLDS: ["confirm", "reset"],
        onetime.LIFETIMES[Purpose.RESET_PASSWORD]: ["confirm"],
        onetime.LIFETIMES[Purpose.CONFIRM_EMAIL]: [],
    }
    began = door.clock()
    before = ["confirm", "reset", "code"]
    for lifetime, after in gone_after.items():
        door.clock.now = began + lifetime - timedelta(milliseconds=1)
        await sweep.sweep()
        assert await proofs.left() == before
        door.clock.now = began + lifetime
        await sweep.sweep()
        assert await proofs.left() == after
        before = after


async def test_it_goes_on_after_the_database_could_not_be_asked(
    door: Door, proofs: Proofs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof_sweep, "PERIOD_S", 0.01)
    door.clock.advance(CODE_HOLDS)
    storage = AwayAtFirst(door)
    sweeping = asyncio.create_task(ProofSweep(storage, door.clock).run())
    try:
        await asyncio.wait_for(storage.is_swept.wait(), 10)
    finally:
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping
    assert await proofs.left() == ["confirm", "reset"]


class AwayAtFirst:
    """The storage of a town, which fails twice, in both ways, before it answers."""

    def __init__(self, door: Door) -> None:
        """Have nothing swept yet."""
        self._storage = door.town.storage
        self._failures = [Unavailable("The database is away."), RuntimeError("a bug")]
        self._asked = 0
        self.is_swept = asyncio.Event()

    def begin(self) -> AbstractAsyncContextManager[Work]:
        """Fail as often as there are failures, then begin."""
        if self._failures:
            raise self._failures.pop(0)
        self._asked += 1
        if self._asked == 2:
            # Whoever comes for the second time has ended the first one.
            self.is_swept.set()
        return self._storage.begin()

    def read(self) -> AbstractAsyncContextManager[Work]:
        """Do as the storage does."""
        return self._storage.read()

    def browse(self) -> AbstractAsyncContextManager[Work]:
        """Do as the storage does."""
        return self._storage.browse()

    def alone(self, what: str) -> AbstractAsyncContextManager[bool]:
        """Do as the storage does."""
        return self._storage.alone(what)
