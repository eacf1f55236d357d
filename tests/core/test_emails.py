"""One's e-mail address: confirmed and changed by the links of mails."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Conflict, Invalid, RateLimited
from tertulia.core.events import AccountChanged
from tertulia.core.letters import Letter, LetterKind
from tertulia.core.onetime import LIFETIMES
from tertulia.core.proofs import Purpose
from tests.core.door import PASSWORD, no_token

if TYPE_CHECKING:
    from tertulia.core.entrance import SignedIn
    from tests.core.door import Door


def token_in(letter: Letter) -> str:
    assert letter.path is not None
    return letter.path.partition("#")[2]


async def confirm_link(door: Door) -> str:
    return token_in(await door.letter(LetterKind.CONFIRM_EMAIL))


async def change_link(door: Door, person: SignedIn) -> str:
    await door.emails.request_change(person.actor)
    return token_in(await door.letter(LetterKind.CHANGE_EMAIL))


async def test_registering_sends_a_link_that_confirms_the_address_once(door: Door) -> None:
    ana = await door.someone()
    assert ana.account.confirmed_at is None
    letter = await door.letter(LetterKind.CONFIRM_EMAIL)
    assert (letter.channel, letter.to) == ("mail", ana.account.email)
    door.town.heard()
    await door.emails.confirm(token_in(letter))
    confirmed = await door.town.core.accounts.me(ana.actor)
    assert confirmed.confirmed_at == door.clock()
    assert door.town.heard() == [AccountChanged(account=confirmed)]
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.emails.confirm(token_in(letter))


@no_token
async def test_what_is_no_token_confirms_nothing(door: Door, token: str) -> None:
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.emails.confirm(token)


async def test_a_link_is_good_for_its_time_only(door: Door) -> None:
    await door.someone()
    token = await confirm_link(door)
    door.clock.advance(LIFETIMES[Purpose.CONFIRM_EMAIL])
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.emails.confirm(token)


async def test_of_several_links_the_latest_holds(door: Door) -> None:
    ana = await door.someone()
    first = await confirm_link(door)
    await door.emails.request_confirmation(ana.actor)
    second = await confirm_link(door)
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.emails.confirm(first)
    await door.emails.confirm(second)
    await door.emails.request_confirmation(ana.actor)
    assert not await door.has_letter(LetterKind.CONFIRM_EMAIL)


async def test_another_address_comes_by_the_link_to_the_old_one(door: Door) -> None:
    ana = await door.someone()
    await door.emails.confirm(await confirm_link(door))
    token = await change_link(door, ana)
    new = f"new.{ana.account.email}"
    await door.emails.change(ana.actor, f" {new} ", token, PASSWORD)
    changed = await door.town.core.accounts.me(ana.actor)
    assert (changed.email, changed.confirmed_at) == (new, None)
    notice = await door.letter(LetterKind.EMAIL_CHANGED)
    assert (notice.to, notice.words["email"]) == (ana.account.email, new)
    confirmation = await door.letter(LetterKind.CONFIRM_EMAIL)
    assert confirmation.to == new
    await door.emails.confirm(token_in(confirmation))
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.emails.change(ana.actor, "third@example.org", token, PASSWORD)
    await door.come_in(email=new)


async def test_what_was_sent_to_the_old_address_holds_no_longer(door: Door) -> None:
    ana = await door.someone()
    confirmation = await confirm_link(door)
    await door.passwords.request_reset(ana.account.email or "", "192.0.2.1")
    reset = token_in(await door.letter(LetterKind.RESET_PASSWORD))
    token = await change_link(door, ana)
    await door.emails.change(ana.actor, f"new.{ana.account.email}", token, PASSWORD)
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.emails.confirm(confirmation)
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.passwords.reset(reset, "another password", "another password")


async def test_a_change_needs_the_link_the_password_and_a_free_address(door: Door) -> None:
    ana, bea = await door.someone("ana"), await door.someone("bea")
    fresh = f"new.{ana.account.email}"
    token = await change_link(door, ana)
    others = await change_link(door, bea)
    door.town.heard()
    with door.town.refuses(Invalid, "required", "token"):
        await door.emails.change(ana.actor, fresh, None, PASSWORD)
    with door.town.refuses(Invalid, "wrong_password", "password"):
        await door.emails.change(ana.actor, fresh, token, "wrong horse battery")
    with door.town.refuses(Invalid, "required", "password"):
        await door.emails.change(ana.actor, fresh, token, None)
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.emails.change(ana.actor, fresh, others, PASSWORD)
    with door.town.refuses(Invalid, "invalid", "email"):
        await door.emails.change(ana.actor, "no address", token, PASSWORD)
    with door.town.refuses(Invalid, "taken", "email"):
        await door.emails.change(ana.actor, str(bea.account.email).upper(), token, PASSWORD)
    # What was refused spent nothing.
    await door.emails.change(ana.actor, fresh, token, PASSWORD)


async def test_of_two_changes_by_one_link_one_is_made(door: Door) -> None:
    ana = await door.someone()
    token = await change_link(door, ana)
    outcomes = await asyncio.gather(
        *[
            door.emails.change(ana.actor, f"{place}.{ana.account.email}", token, PASSWORD)
            for place in ("a", "b")
        ],
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Invalid", "NoneType"]


async def test_an_account_without_an_address_gets_its_first_one_without_a_link(
    door: Door,
) -> None:
    person = await door.without_password(email=None)
    with door.town.refuses(Conflict, "no_email"):
        await door.emails.request_change(person)
    address = f"first.{person.account_id.hex}@example.org"
    await door.emails.change(person, address, None, None)
    assert (await door.letter(LetterKind.CONFIRM_EMAIL)).to == address


async def test_mails_to_one_person_are_limited(door: Door) -> None:
    ana = await door.someone()
    emails = door.strict_emails()
    for _ in range(5):
        await emails.request_confirmation(ana.actor)
    with pytest.raises(RateLimited) as refused:
        await emails.request_confirmation(ana.actor)
    assert 0 < refused.value.retry_after_s <= timedelta(hours=1).total_seconds()
