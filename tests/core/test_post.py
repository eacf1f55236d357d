"""The outbox: what is promised is delivered, whatever fails on the way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.adapters.vault import FernetVault
from tertulia.core.letters import Letter, LetterKind
from tertulia.core.post import CLAIM, FIRST_WAIT, KEPT, LONGEST_WAIT, Post, Undeliverable
from tertulia.ending import ended
from tests.core.door import Clock

if TYPE_CHECKING:
    from tests.core.town import Town

LETTER = Letter(
    channel="mail", kind=LetterKind.CONFIRM_EMAIL, to="ana@example.org", path="/confirm#s3cret"
)


@dataclass
class Courier:
    """A courier who fails as he is told to, and keeps what he delivered under its id."""

    failures: list[Exception] = field(default_factory=list)
    delivered: list[tuple[str, Letter]] = field(default_factory=list)

    async def deliver(self, letter: Letter, letter_id: str) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.delivered.append((letter_id, letter))

    @property
    def letters(self) -> list[Letter]:
        return [letter for _, letter in self.delivered]


@dataclass
class SlowCourier(Courier):
    """A courier who waits until he is told to go on."""

    has_begun: asyncio.Event = field(default_factory=asyncio.Event)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def deliver(self, letter: Letter, letter_id: str) -> None:
        self.has_begun.set()
        await self.goes_on.wait()
        await super().deliver(letter, letter_id)


@dataclass
class Office:
    """A post office over a town, whose clock stands still."""

    town: Town
    clock: Clock = field(default_factory=Clock)
    mail: Courier = field(default_factory=Courier)
    sms: Courier = field(default_factory=Courier)

    def post(self, key: str = "v" * 64) -> Post:
        """Return the post as a process that has just started has it."""
        return Post(self.town.storage, FernetVault([key]), self.mail, self.sms, self.clock)

    async def drop(self, letter: Letter = LETTER) -> None:
        async with self.town.storage.begin() as work:
            await self.post().drop(work, letter)

    async def wait(self, by: timedelta) -> int:
        self.clock.advance(by)
        return await self.post().deliver_due()


@pytest.fixture
async def office(town: Town) -> Office:
    """Return an office with an empty outbox: those of tests before are swept away."""
    office = Office(town)
    async with town.storage.begin() as work:
        for letter in await work.letters.claim(office.clock() + KEPT * 100, office.clock(), 1000):
            await work.letters.drop(letter.id)
    return office


async def test_a_letter_is_delivered_once_to_its_channel(office: Office) -> None:
    text = Letter(channel="sms", kind=LetterKind.PHONE_CODE, to="+34600123456")
    await office.drop()
    await office.drop(text)
    assert await office.post().deliver_due() == 2
    assert (office.mail.letters, office.sms.letters) == ([LETTER], [text])
    assert await office.wait(KEPT) == 0


async def test_what_is_rolled_back_is_not_delivered(office: Office) -> None:
    with pytest.raises(RuntimeError):
        async with office.town.storage.begin() as work:
            await office.post().drop(work, LETTER)
            raise RuntimeError
    assert await office.post().deliver_due() == 0


async def test_a_delivery_that_fails_is_tried_again_after_waits_that_double(
    office: Office,
) -> None:
    office.mail.failures = [OSError("the server is down")] * 4
    await office.drop()
    assert await office.post().deliver_due() == 1
    for failed in range(4):
        wait = FIRST_WAIT * 2**failed
        assert await office.wait(wait - timedelta(seconds=1)) == 0
        assert await office.wait(timedelta(seconds=1)) == 1
    assert office.mail.letters == [LETTER]


async def test_no_wait_is_longer_than_the_longest(office: Office) -> None:
    office.mail.failures = [OSError("down")] * 30
    await office.drop()
    tried = await office.post().deliver_due()
    for _ in range(15):
        tried += await office.wait(LONGEST_WAIT)
    assert tried == 16


async def test_a_delivery_cut_off_by_a_crash_is_begun_again_under_the_same_id(
    office: Office,
) -> None:
    await office.drop()
    async with office.town.storage.begin() as work:
        now = office.clock()
        ((claimed),) = await work.letters.claim(now, now + CLAIM, 10)
    assert await office.wait(CLAIM - timedelta(seconds=1)) == 0
    assert await office.wait(timedelta(seconds=1)) == 1
    assert office.mail.delivered == [(str(claimed.id), LETTER)]


async def test_a_delivery_under_way_is_finished_by_a_server_that_stops(office: Office) -> None:
    await office.drop()
    await office.drop()
    slow = SlowCourier()
    post = Post(office.town.storage, FernetVault(["v" * 64]), slow, slow, office.clock)
    running = asyncio.create_task(post.run())
    await slow.has_begun.wait()
    await ended(running)
    closing = asyncio.create_task(post.close())
    await asyncio.sleep(0)
    assert slow.delivered == []
    slow.goes_on.set()
    await closing
    assert [letter for _, letter in slow.delivered] == [LETTER, LETTER]
    assert await office.wait(CLAIM) == 0


async def test_what_is_refused_for_good_is_given_up(office: Office) -> None:
    office.mail.failures = [Undeliverable("no such person")]
    await office.drop()
    assert await office.post().deliver_due() == 1
    assert await office.wait(KEPT) == 0
    assert office.mail.letters == []


async def test_a_letter_too_late_to_be_of_use_is_thrown_away(office: Office) -> None:
    expires_at = office.clock() + timedelta(minutes=5)
    code = Letter(
        channel="sms", kind=LetterKind.PHONE_CODE, to="+34600123456", expires_at=expires_at
    )
    await office.drop(code)
    assert await office.wait(timedelta(minutes=5)) == 1
    assert office.sms.letters == []
    assert await office.wait(KEPT) == 0


async def test_what_waits_is_sealed_and_another_key_gives_it_up(office: Office) -> None:
    await office.drop()
    async with office.town.storage.begin() as work:
        now = office.clock()
        (waiting,) = await work.letters.claim(now, now, 10)
    for secret in ("s3cret", "ana@example.org", "confirm"):
        assert secret not in waiting.sealed
    assert await office.post("w" * 64).deliver_due() == 1
    assert await office.wait(KEPT) == 0
    assert office.mail.letters == []
