"""Asking for a second step: what it takes, what is asked for, and when it ends."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from tertulia.core.entrance import SignedIn
from tertulia.core.errors import Conflict, Invalid
from tertulia.core.events import AccountChanged
from tertulia.core.letters import LetterKind
from tests.authenticator import SoftwareKey
from tests.core.door import DEVICE, PASSWORD
from tests.core.test_passkeys import add_passkey
from tests.core.test_second_steps import code_of, first_step, with_app

if TYPE_CHECKING:
    from tests.core.door import Door


async def has_confirmed_address(door: Door, person: SignedIn) -> None:
    async with door.town.storage.begin() as work:
        account = await work.accounts.get(person.account.id)
        await work.accounts.update(replace(account, confirmed_at=door.clock()))


async def test_an_app_is_asked_for_once_a_code_has_proven_it(door: Door) -> None:
    ana = await door.someone()
    app = await door.second_steps.begin_app(ana.actor, PASSWORD)
    assert app.uri.startswith("otpauth://totp/")
    assert app.secret in app.uri
    await door.come_in(email=ana.account.email)
    door.town.heard()
    with door.town.refuses(Invalid, "invalid_code", "code"):
        await door.second_steps.confirm_app(ana.actor, "000000")
    codes = await door.second_steps.confirm_app(ana.actor, code_of(door, app.secret))
    assert len(set(codes)) == 10
    (changed,) = door.town.heard()
    assert isinstance(changed, AccountChanged)
    assert changed.account.second_step
    security = await door.second_steps.security(ana.actor)
    assert (security.totp, security.second_step, security.recovery_codes_left) == (True, True, 10)
    step = await first_step(door, ana)
    assert step.methods == ("totp", "recovery_code")


async def test_an_app_that_no_code_has_proven_does_not_count(door: Door) -> None:
    ana, key = await door.someone(), SoftwareKey()
    await add_passkey(door, ana, key)
    codes = await door.second_steps.switch(ana.actor, PASSWORD, on=True)
    app = await door.second_steps.begin_app(ana.actor, PASSWORD)
    step = await first_step(door, ana)
    assert step.methods == ("passkey", "recovery_code")
    door.town.heard()
    with door.town.refuses(Invalid, "invalid_code", "code"):
        await door.second_steps.finish(step.token, code_of(door, app.secret), DEVICE)
    assert not (await door.second_steps.security(ana.actor)).totp
    await door.second_steps.finish(step.token, codes[0], DEVICE)
    await door.passkeys.remove(ana.actor, key.id, PASSWORD)
    await door.come_in(email=ana.account.email)


async def test_an_app_that_is_begun_again_has_another_secret(door: Door) -> None:
    ana = await door.someone()
    begun = await asyncio.gather(
        *[door.second_steps.begin_app(ana.actor, PASSWORD) for _ in range(4)]
    )
    assert len({app.secret for app in begun}) == 4
    first = await door.second_steps.begin_app(ana.actor, PASSWORD)
    second = await door.second_steps.begin_app(ana.actor, PASSWORD)
    with door.town.refuses(Invalid, "invalid_code", "code"):
        await door.second_steps.confirm_app(ana.actor, code_of(door, first.secret))
    await door.second_steps.confirm_app(ana.actor, code_of(door, second.secret))


async def test_without_anything_to_ask_for_it_cannot_be_switched_on(door: Door) -> None:
    ana = await door.someone()
    with door.town.refuses(Conflict, "nothing_to_ask_for"):
        await door.second_steps.switch(ana.actor, PASSWORD, on=True)
    with door.town.refuses(Conflict, "nothing_to_ask_for"):
        await door.second_steps.new_codes(ana.actor, PASSWORD)
    with door.town.refuses(Conflict, "no_app"):
        await door.second_steps.confirm_app(ana.actor, "123456")
    with door.town.refuses(Conflict, "no_app"):
        await door.second_steps.remove_app(ana.actor, PASSWORD)


async def test_it_goes_with_the_last_thing_to_ask_for_and_its_owner_is_told(door: Door) -> None:
    ana, _, _ = await with_app(door)
    await has_confirmed_address(door, ana)
    key = SoftwareKey()
    await add_passkey(door, ana, key)
    await door.second_steps.remove_app(ana.actor, PASSWORD)
    assert (await door.second_steps.security(ana.actor)).second_step
    assert not await door.has_letter(LetterKind.SECOND_STEP_OFF)
    door.town.heard()
    await door.passkeys.remove(ana.actor, key.id, PASSWORD)
    (changed,) = door.town.heard()
    assert isinstance(changed, AccountChanged)
    assert not changed.account.second_step
    security = await door.second_steps.security(ana.actor)
    assert (security.second_step, security.recovery_codes_left) == (False, 0)
    assert (await door.letter(LetterKind.SECOND_STEP_OFF)).to == ana.account.email
    await door.come_in(email=ana.account.email)


async def test_with_the_last_app_it_goes_as_well(door: Door) -> None:
    ana, _, _ = await with_app(door)
    await has_confirmed_address(door, ana)
    await door.second_steps.remove_app(ana.actor, PASSWORD)
    assert (await door.letter(LetterKind.SECOND_STEP_OFF)).to == ana.account.email
    await door.come_in(email=ana.account.email)


async def test_recovery_codes_do_not_outlive_what_they_stand_in_for(door: Door) -> None:
    ana, key = await door.someone(), SoftwareKey()
    await add_passkey(door, ana, key)
    await door.second_steps.new_codes(ana.actor, PASSWORD)
    await door.passkeys.remove(ana.actor, key.id, PASSWORD)
    assert (await door.second_steps.security(ana.actor)).recovery_codes_left == 0


async def test_an_address_that_may_be_somebody_elses_is_told_nothing(door: Door) -> None:
    ana, _, _ = await with_app(door)
    await door.second_steps.switch(ana.actor, PASSWORD, on=False)
    assert not await door.has_letter(LetterKind.SECOND_STEP_OFF)


async def test_switching_it_off_is_told_by_mail_and_takes_the_codes(door: Door) -> None:
    ana, _, codes = await with_app(door)
    await has_confirmed_address(door, ana)
    await door.second_steps.switch(ana.actor, PASSWORD, on=False)
    assert (await door.letter(LetterKind.SECOND_STEP_OFF)).to == ana.account.email
    await door.come_in(email=ana.account.email)
    await door.second_steps.switch(ana.actor, PASSWORD, on=True)
    step = await first_step(door, ana)
    with door.town.refuses(Invalid, "invalid_code", "code"):
        await door.second_steps.finish(step.token, codes[0], DEVICE)


async def test_new_codes_take_the_place_of_the_old_ones(door: Door) -> None:
    ana, _, old = await with_app(door)
    new = await door.second_steps.new_codes(ana.actor, PASSWORD)
    assert not set(old) & set(new)
    step = await first_step(door, ana)
    with door.town.refuses(Invalid, "invalid_code", "code"):
        await door.second_steps.finish(step.token, old[0], DEVICE)
    await door.second_steps.finish(step.token, new[0], DEVICE)


async def test_an_app_in_use_is_not_replaced_without_removing_it(door: Door) -> None:
    ana, _, _ = await with_app(door)
    with door.town.refuses(Conflict, "has_app"):
        await door.second_steps.begin_app(ana.actor, PASSWORD)


async def test_each_change_needs_the_password(door: Door) -> None:
    ana, _, _ = await with_app(door)
    steps = door.second_steps
    for change in (
        steps.begin_app(ana.actor, "wrong horse"),
        steps.remove_app(ana.actor, "wrong horse"),
        steps.new_codes(ana.actor, "wrong horse"),
        steps.switch(ana.actor, "wrong horse", on=False),
    ):
        with door.town.refuses(Invalid, "wrong_password", "password"):
            await change


async def test_the_secret_and_the_codes_are_not_stored_as_they_are(door: Door) -> None:
    ana, secret, codes = await with_app(door)
    async with door.town.storage.read() as work:
        app = await work.second_steps.authenticator(ana.account.id)
    assert app is not None
    assert secret not in app.sealed_secret
    async with door.town.storage.begin() as work:
        assert not await work.second_steps.use_code(ana.account.id, codes[0].encode())
