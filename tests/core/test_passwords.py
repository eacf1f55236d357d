"""One's password: forgotten, changed, and done without."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotAuthenticated, RateLimited
from tertulia.core.events import SessionsEnded
from tertulia.core.letters import LetterKind
from tertulia.core.onetime import LIFETIMES
from tertulia.core.proofs import Purpose
from tests import examples as eg
from tests.core.door import DEVICE, PASSWORD, no_token
from tests.core.test_emails import token_in

if TYPE_CHECKING:
    from tertulia.core.entrance import SignedIn
    from tests.core.door import Door

NEW = "another horse battery"


async def reset_link(door: Door, person: SignedIn) -> str:
    await door.passwords.request_reset(str(person.account.email), "192.0.2.1")
    return token_in(await door.letter(LetterKind.RESET_PASSWORD))


async def is_let_in(door: Door, person: SignedIn, password: str) -> bool:
    try:
        await door.signin.with_password(
            email=person.account.email, password=password, device=DEVICE
        )
    except NotAuthenticated:
        return False
    return True


async def test_a_forgotten_password_is_set_by_the_link_of_a_mail(door: Door) -> None:
    ana = await door.someone()
    token = await reset_link(door, ana)
    assert (await door.passwords.owner_of_reset(token)).id == ana.account.id
    await door.passwords.reset(token, NEW, NEW)
    assert await is_let_in(door, ana, NEW)
    assert not await is_let_in(door, ana, PASSWORD)
    assert (await door.letter(LetterKind.PASSWORD_CHANGED)).to == ana.account.email
    assert (await door.town.core.accounts.me(ana.actor)).confirmed_at is not None


async def test_a_reset_ends_every_session_and_every_other_link(door: Door) -> None:
    ana = await door.someone()
    confirmation = token_in(await door.letter(LetterKind.CONFIRM_EMAIL))
    there = await door.come_in(email=ana.account.email)
    token = await reset_link(door, ana)
    door.town.heard()
    await door.passwords.reset(token, NEW, NEW)
    (ended,) = [event for event in door.town.heard() if isinstance(event, SessionsEnded)]
    assert set(ended.session_ids) == {ana.session.id, there.session.id}
    for dead in (ana, there):
        with pytest.raises(NotAuthenticated):
            await door.signin.refresh(str(dead.refresh_token), DEVICE.address)
    with pytest.raises(Invalid):
        await door.emails.confirm(confirmation)
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.passwords.reset(token, NEW, NEW)


async def test_nobody_is_told_whether_an_address_is_known(door: Door) -> None:
    await door.passwords.request_reset("nobody@example.org", "192.0.2.1")
    assert not await door.has_letter(LetterKind.RESET_PASSWORD)
    with door.town.refuses(Invalid, "invalid", "email"):
        await door.passwords.request_reset("no address", "192.0.2.1")


@no_token
async def test_what_is_no_token_sets_nothing(door: Door, token: str) -> None:
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.passwords.owner_of_reset(token)
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.passwords.reset(token, NEW, NEW)


async def test_a_link_is_good_for_an_hour_and_until_the_next_one(door: Door) -> None:
    ana = await door.someone()
    first = await reset_link(door, ana)
    second = await reset_link(door, ana)
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.passwords.reset(first, NEW, NEW)
    door.clock.advance(LIFETIMES[Purpose.RESET_PASSWORD])
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.passwords.reset(second, NEW, NEW)


async def test_of_two_who_use_one_link_one_sets_the_password(door: Door) -> None:
    ana = await door.someone()
    token = await reset_link(door, ana)
    outcomes = await asyncio.gather(
        *[door.passwords.reset(token, text, text) for text in (NEW, NEW + "!")],
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Invalid", "NoneType"]


@pytest.mark.parametrize(
    ("new", "again", "code", "attr"),
    [
        ("short", "short", "too_short", "new_password"),
        ("x" * 129, "x" * 129, "too_long", "new_password"),
        (NEW, NEW + " ", "mismatch", "new_password_confirmation"),
        (NEW, "", "mismatch", "new_password_confirmation"),
    ],
)
async def test_a_new_password_is_long_enough_and_typed_twice_alike(
    door: Door, new: str, again: str, code: str, attr: str
) -> None:
    ana = await door.someone()
    token = await reset_link(door, ana)
    with door.town.refuses(Invalid, code, attr):
        await door.passwords.reset(token, new, again)
    with door.town.refuses(Invalid, code, attr):
        await door.passwords.change(ana.actor, PASSWORD, new, again)
    await door.passwords.reset(token, NEW, NEW)


async def test_changing_it_ends_the_other_sessions_and_every_refresh_token(door: Door) -> None:
    here = await door.someone()
    there = await door.come_in(email=here.account.email)
    reset = await reset_link(door, here)
    door.town.heard()
    renewed = await door.passwords.change(here.actor, PASSWORD, NEW, NEW)
    assert (
        SessionsEnded(account_id=here.account.id, session_ids=(there.session.id,))
        in door.town.heard()
    )
    assert renewed.session.id == here.session.id
    for dead in (here, there):
        with pytest.raises(NotAuthenticated):
            await door.signin.refresh(str(dead.refresh_token), DEVICE.address)
    with pytest.raises(Invalid):
        await door.passwords.reset(reset, NEW, NEW)
    await door.signin.refresh(str(renewed.refresh_token), DEVICE.address)
    assert await is_let_in(door, here, NEW)
    assert not await is_let_in(door, here, PASSWORD)


async def test_changing_it_needs_the_present_one(door: Door) -> None:
    ana = await door.someone()
    for wrong, code in ((None, "required"), ("", "required"), ("wrong", "wrong_password")):
        with door.town.refuses(Invalid, code, "password"):
            await door.passwords.change(ana.actor, wrong, NEW, NEW)
    assert await is_let_in(door, ana, PASSWORD)


async def test_a_first_password_needs_a_fresh_sign_in(door: Door) -> None:
    person = await door.without_password()
    door.clock.advance(door.fresh)
    await door.passwords.change(person, None, NEW, NEW)
    other = await door.without_password()
    door.clock.advance(door.fresh * 2)
    with door.town.refuses(Forbidden, "sign_in_again"):
        await door.passwords.change(other, None, NEW, NEW)


async def test_the_last_way_in_is_not_taken_away(door: Door) -> None:
    ana = await door.someone()
    with door.town.refuses(Conflict, "last_way_in"):
        await door.passwords.remove(ana.actor, PASSWORD)
    assert await is_let_in(door, ana, PASSWORD)


async def test_who_does_without_hears_of_it_and_keeps_the_sessions(door: Door) -> None:
    ana = await door.someone()
    there = await door.come_in(email=ana.account.email)
    async with door.town.storage.begin() as work:
        await work.accounts.update(replace(ana.account, phone=eg.phone_number()))
    await door.letter(LetterKind.CONFIRM_EMAIL)
    door.letters.forget()
    await door.passwords.remove(ana.actor, PASSWORD)
    assert not await is_let_in(door, ana, PASSWORD)
    assert (await door.letter(LetterKind.PASSWORD_REMOVED)).to == ana.account.email
    # The mail of a changed one tells that other devices were signed out: these were not.
    assert not await door.has_letter(LetterKind.PASSWORD_CHANGED)
    await door.sessions.authenticate(there.access_token)


async def test_guessing_the_present_one_is_slowed_down(door: Door) -> None:
    ana = await door.someone()
    confirmation = door.strict_confirmation()
    for _ in range(5):
        with pytest.raises(Invalid):
            await confirmation.require(ana.actor, "wrong horse battery")
    with pytest.raises(RateLimited):
        await confirmation.require(ana.actor, PASSWORD)


async def test_mails_about_one_address_and_from_one_place_are_limited(door: Door) -> None:
    passwords = door.strict_passwords()
    for _ in range(5):
        await passwords.request_reset("nobody@example.org", "192.0.2.1")
    with pytest.raises(RateLimited):
        await passwords.request_reset("Nobody@example.org", "192.0.2.2")
    for number in range(15):
        await passwords.request_reset(f"nobody{number}@example.org", "192.0.2.1")
    with pytest.raises(RateLimited):
        await passwords.request_reset("another@example.org", "192.0.2.1")
