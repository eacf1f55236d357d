"""Whoever guesses passwords is slowed down, and learns nothing of who is there from the time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from tertulia.adapters.passwords import ThreadedHasher
from tertulia.core.entrance import Device, SignedIn
from tertulia.core.errors import NotAuthenticated, RateLimited, Refusal
from tests.core.door import DEVICE, PASSWORD

if TYPE_CHECKING:
    from tertulia.core.signin import SignIn
    from tests.core.door import Door

ELSEWHERE = Device(name="Test", address="192.0.2.7")


class CountingArgon2(Argon2Hasher):
    """Counts the hashes that are computed, to verify or in vain."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.count = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """Compute one to store, or in vain."""
        self.count += 1
        return super().hash(password, salt=salt)

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:
        """Compute one to compare."""
        self.count += 1
        return super().verify(password, hash)


@contextmanager
def counting(door: Door) -> Iterator[tuple[SignIn, CountingArgon2]]:
    """Return sign-in with a server's limits, and what counts its hashes."""
    argon2 = CountingArgon2()
    hasher = ThreadedHasher(argon2=argon2)
    try:
        yield door.strict_signin(hasher), argon2
    finally:
        hasher.close()


async def guess(
    signin: SignIn, device: Device = DEVICE, guessed: str = "wrong", **names: str | None
) -> float:
    """Try a password that is wrong; return 0 for a try that counted, or the seconds to wait."""
    with pytest.raises((NotAuthenticated, RateLimited)) as refused:
        await signin.with_password(**names, password=guessed, device=device)
    refusal = refused.value
    return refusal.retry_after_s if isinstance(refusal, RateLimited) else 0


async def test_after_five_guesses_each_has_to_wait_twice_as_long(door: Door) -> None:
    ana, signin = (await door.someone()).account, door.strict_signin()
    assert [await guess(signin, email=ana.email) for _ in range(5)] == [0] * 5
    waits = []
    for _ in range(4):
        wait_s = await guess(signin, email=ana.email)
        waits.append(round(wait_s))
        door.clock.advance(timedelta(seconds=wait_s))
        assert await guess(signin, email=ana.email) == 0
    assert waits == [2, 4, 8, 16]


async def test_the_right_password_is_refused_too_until_the_wait_is_over(door: Door) -> None:
    ana, signin = (await door.someone()).account, door.strict_signin()
    for _ in range(5):
        await guess(signin, email=ana.email)
    with pytest.raises(RateLimited):
        await signin.with_password(email=ana.email, password=PASSWORD, device=DEVICE)
    door.clock.advance(timedelta(seconds=2))
    signed_in = await signin.with_password(email=ana.email, password=PASSWORD, device=DEVICE)
    assert isinstance(signed_in, SignedIn)


async def test_a_right_password_makes_the_wrong_ones_before_it_forgotten(door: Door) -> None:
    ana, signin = (await door.someone()).account, door.strict_signin()
    for _ in range(3):
        for _ in range(4):
            assert await guess(signin, email=ana.email) == 0
        await signin.with_password(email=ana.email, password=PASSWORD, device=DEVICE)


async def test_an_account_is_slowed_down_under_all_its_names_and_from_one_place_alone(
    door: Door,
) -> None:
    ana, bea = (await door.someone()).account, (await door.someone("bea")).account
    signin = door.strict_signin()
    for _ in range(5):
        assert await guess(signin, email=ana.email) == 0
    assert await guess(signin, username=ana.username) > 0
    assert await guess(signin, email=(ana.email or "").upper()) > 0
    # Neither the owner, who sits elsewhere, nor another account here.
    await signin.with_password(email=ana.email, password=PASSWORD, device=ELSEWHERE)
    assert await guess(signin, email=bea.email) == 0


async def test_a_name_that_is_nobodys_is_slowed_down_alike(door: Door) -> None:
    signin = door.strict_signin()
    name = "nobody.at.all@example.org"
    assert [await guess(signin, email=name) for _ in range(5)] == [0] * 5
    assert await guess(signin, email=f"{name.upper()} ") == pytest.approx(2)


async def test_a_place_that_tries_many_names_is_held_up(door: Door) -> None:
    signin = door.strict_signin()
    tried = [await guess(signin, email=f"n{number}@example.org") for number in range(101)]
    assert tried[:100] == [0] * 100
    assert tried[100] > 0
    assert await guess(signin, ELSEWHERE, email="n0@example.org") == 0


async def test_of_many_guesses_at_once_five_are_looked_at(door: Door) -> None:
    ana = (await door.someone()).account
    with counting(door) as (signin, argon2):
        waits = await asyncio.gather(
            *[guess(signin, email=ana.email, guessed=f"guess {n}") for n in range(150)]
        )
    assert waits.count(0) == 5
    assert argon2.count == 5


async def test_many_places_at_once_do_not_get_further_than_the_account_allows(door: Door) -> None:
    ana = (await door.someone()).account
    with counting(door) as (signin, argon2):
        for number in range(60):
            device = Device(name="Test", address=f"2001:db8:{number:x}::1")
            for _ in range(5):
                await guess(signin, device, email=ana.email)
    assert argon2.count == 100


async def test_the_same_work_is_done_for_everyone_who_is_refused(door: Door) -> None:
    known = (await door.someone()).account
    deleted, disabled = await door.someone("bea"), (await door.someone("caro")).account
    await door.departure.delete_account(deleted.actor, PASSWORD)
    await door.administration.disable(disabled.email or "")
    passwordless = await door.town.account(await door.without_password())
    cases: dict[str, tuple[dict[str, str | None], str]] = {
        "a wrong password": ({"email": known.email}, "wrong"),
        "an empty password": ({"email": known.email}, ""),
        "a password that is too long": ({"email": known.email}, PASSWORD + "x" * 100_000),
        "a wrong password by username": ({"username": known.username}, "wrong"),
        "nobody's address": ({"email": "nobody@example.org"}, PASSWORD),
        "nobody's username": ({"username": "nobody_at_all"}, PASSWORD),
        "what can be no address": ({"email": "a\x00b"}, PASSWORD),
        "an account without a password": ({"email": passwordless.email}, PASSWORD),
        "an account that was deleted": ({"email": deleted.account.email}, PASSWORD),
        "a disabled account, the right password": ({"email": disabled.email}, PASSWORD),
    }
    counts = {}
    for number, (case, (names, password)) in enumerate(cases.items()):
        with counting(door) as (signin, argon2):
            device = Device(name="Test", address=f"192.0.2.{number}")
            with pytest.raises(Refusal):
                await signin.with_password(**names, password=password, device=device)
        counts[case] = argon2.count
    assert counts == dict.fromkeys(cases, 1)
