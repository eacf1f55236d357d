"""The second step: codes of an app, passkeys and recovery codes, each good once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest

from tertulia.core.entrance import SecondStep, SignedIn
from tertulia.core.errors import Conflict, Invalid, RateLimited
from tertulia.core.events import AccountChanged
from tertulia.core.letters import LetterKind
from tests.authenticator import SoftwareKey
from tests.core.door import DEVICE, PASSWORD, no_token
from tests.core.test_passkeys import add_passkey, come_in

if TYPE_CHECKING:
    from tests.core.door import Door

STEP = timedelta(seconds=30)


def code_of(door: Door, secret: str, ahead: timedelta = timedelta(0)) -> str:
    return pyotp.TOTP(secret).at(door.clock() + ahead)


async def with_app(door: Door) -> tuple[SignedIn, str, tuple[str, ...]]:
    """Return somebody whose app is in use, its secret, and the recovery codes."""
    ana = await door.someone()
    app = await door.second_steps.begin_app(ana.actor, PASSWORD)
    codes = await door.second_steps.confirm_app(ana.actor, code_of(door, app.secret))
    door.clock.advance(STEP * 3)
    door.town.heard()
    return ana, app.secret, codes


async def first_step(door: Door, person: SignedIn) -> SecondStep:
    admission = await door.signin.with_password(
        email=person.account.email, password=PASSWORD, device=DEVICE
    )
    assert isinstance(admission, SecondStep)
    return admission


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


async def test_a_code_lets_in_once_and_renewing_asks_no_more(door: Door) -> None:
    ana, secret, _ = await with_app(door)
    step = await first_step(door, ana)
    code = code_of(door, secret)
    signed_in = await door.second_steps.finish(step.token, f" {code[:3]} {code[3:]} ", DEVICE)
    assert signed_in.account.id == ana.account.id
    await door.signin.refresh(str(signed_in.refresh_token), DEVICE.address)
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.second_steps.finish(step.token, code, DEVICE)
    again = await first_step(door, ana)
    with door.town.refuses(Invalid, "invalid_code", "code"):
        await door.second_steps.finish(again.token, code, DEVICE)
    door.clock.advance(STEP)
    await door.second_steps.finish(again.token, code_of(door, secret), DEVICE)


@pytest.mark.parametrize(
    ("steps_off", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
async def test_a_clock_may_be_off_by_one_step(door: Door, steps_off: int, is_right: bool) -> None:
    ana, secret, _ = await with_app(door)
    step = await first_step(door, ana)
    code = code_of(door, secret, STEP * steps_off)
    if is_right:
        await door.second_steps.finish(step.token, code, DEVICE)
    else:
        with door.town.refuses(Invalid, "invalid_code", "code"):
            await door.second_steps.finish(step.token, code, DEVICE)


async def test_a_recovery_code_stands_in_once_however_it_is_typed(door: Door) -> None:
    ana, _, codes = await with_app(door)
    step = await first_step(door, ana)
    typed = codes[0].upper().replace("-", " ")
    await door.second_steps.finish(step.token, typed, DEVICE)
    assert (await door.second_steps.security(ana.actor)).recovery_codes_left == 9
    again = await first_step(door, ana)
    with door.town.refuses(Invalid, "invalid_code", "code"):
        await door.second_steps.finish(again.token, codes[0], DEVICE)
    await door.second_steps.finish(again.token, codes[1], DEVICE)


async def test_of_several_who_bring_one_code_one_comes_in(door: Door) -> None:
    ana, secret, codes = await with_app(door)
    for code in (code_of(door, secret), codes[0]):
        steps = [await first_step(door, ana) for _ in range(4)]
        outcomes = await asyncio.gather(
            *[door.second_steps.finish(step.token, code, DEVICE) for step in steps],
            return_exceptions=True,
        )
        assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1
        assert {type(outcome) for outcome in outcomes} == {SignedIn, Invalid}


async def test_a_first_step_is_tried_five_times_even_all_at_once(door: Door) -> None:
    ana, secret, _ = await with_app(door)
    step = await first_step(door, ana)
    outcomes = await asyncio.gather(
        *[door.second_steps.finish(step.token, f"{n:06}", DEVICE) for n in range(50)],
        return_exceptions=True,
    )
    judged = [each for each in outcomes if isinstance(each, Invalid) and each.attr == "code"]
    assert len(judged) == 5
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.second_steps.finish(step.token, code_of(door, secret), DEVICE)
    fresh = await first_step(door, ana)
    await door.second_steps.finish(fresh.token, code_of(door, secret), DEVICE)


async def test_an_account_is_tried_a_few_times_and_then_waits(door: Door) -> None:
    ana, secret, _ = await with_app(door)
    second_steps = door.strict_second_steps()
    for number in range(5):
        step = await first_step(door, ana)
        with pytest.raises(Invalid):
            await second_steps.finish(step.token, f"{number:06}", DEVICE)
    step = await first_step(door, ana)
    with pytest.raises(RateLimited):
        await second_steps.finish(step.token, code_of(door, secret), DEVICE)


@no_token
async def test_what_is_no_token_lets_nobody_in(door: Door, token: str) -> None:
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.second_steps.finish(token, "123456", DEVICE)
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.second_steps.passkey_options(token)


async def test_a_first_step_is_forgotten_after_ten_minutes(door: Door) -> None:
    ana, secret, _ = await with_app(door)
    step = await first_step(door, ana)
    door.clock.advance(timedelta(minutes=10))
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.second_steps.finish(step.token, code_of(door, secret), DEVICE)


async def test_a_passkey_is_a_second_step_and_needs_none_itself(door: Door) -> None:
    ana, key = await door.someone(), SoftwareKey()
    await add_passkey(door, ana, key)
    codes = await door.second_steps.switch(ana.actor, PASSWORD, on=True)
    assert len(codes) == 10
    step = await first_step(door, ana)
    assert step.methods == ("passkey", "recovery_code")
    options = await door.second_steps.passkey_options(step.token)
    allowed = options["allowCredentials"]
    assert isinstance(allowed, list)
    assert len(allowed) == 1
    # A key that only sees that somebody is there is enough after a password.
    proof = key.get(options, verified=False)
    signed_in = await door.second_steps.finish_by_passkey(step.token, proof, DEVICE)
    assert signed_in.account.id == ana.account.id
    assert (await come_in(door, key)).account.id == ana.account.id


async def test_somebody_elses_passkey_is_no_second_step(door: Door) -> None:
    ana, bea = await door.someone("ana"), await door.someone("bea")
    hers, his = SoftwareKey(), SoftwareKey()
    await add_passkey(door, ana, hers)
    await add_passkey(door, bea, his)
    await door.second_steps.switch(ana.actor, PASSWORD, on=True)
    step = await first_step(door, ana)
    options = await door.second_steps.passkey_options(step.token)
    door.town.heard()
    with door.town.refuses(Invalid, "invalid_passkey", "credential"):
        await door.second_steps.finish_by_passkey(step.token, his.get(options), DEVICE)


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
    key = SoftwareKey()
    await add_passkey(door, ana, key)
    await door.second_steps.remove_app(ana.actor, PASSWORD)
    assert (await door.second_steps.security(ana.actor)).second_step
    await door.passkeys.remove(ana.actor, key.id, PASSWORD)
    security = await door.second_steps.security(ana.actor)
    assert (security.second_step, security.recovery_codes_left) == (False, 0)
    await door.come_in(email=ana.account.email)


async def test_switching_it_off_is_told_by_mail_and_takes_the_codes(door: Door) -> None:
    ana, _, codes = await with_app(door)
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
