"""The second step: codes of an app, passkeys and recovery codes, each good once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest

from tertulia.core.entrance import SecondStep, SignedIn
from tertulia.core.errors import Conflict, Forbidden, Invalid, RateLimited
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
    # Whoever is told to wait has not tried: five more are left once the wait is over.
    waits = []
    for _ in range(6):
        with pytest.raises(RateLimited) as refused:
            await second_steps.finish(step.token, code_of(door, secret), DEVICE)
        waits.append(refused.value.retry_after_s)
    door.clock.advance(timedelta(seconds=waits[-1]))
    await second_steps.finish(step.token, code_of(door, secret), DEVICE)
    # One that was right takes the waits away.
    for _ in range(5):
        with pytest.raises(Invalid):
            await second_steps.finish((await first_step(door, ana)).token, "000000", DEVICE)


async def test_confirming_an_app_is_slowed_down_as_well(door: Door) -> None:
    ana = await door.someone()
    second_steps = door.strict_second_steps()
    app = await second_steps.begin_app(ana.actor, PASSWORD)
    for _ in range(5):
        with pytest.raises(Invalid):
            await second_steps.confirm_app(ana.actor, "000000")
    with pytest.raises(RateLimited):
        await second_steps.confirm_app(ana.actor, code_of(door, app.secret))


async def test_tries_by_passkey_count_with_those_by_code(door: Door) -> None:
    ana, secret, _ = await with_app(door)
    key = SoftwareKey()
    await add_passkey(door, ana, key)
    step = await first_step(door, ana)
    assert step.methods == ("totp", "passkey", "recovery_code")
    options = await door.second_steps.passkey_options(step.token)
    for _ in range(3):
        with pytest.raises(Invalid):
            proof = key.get(options, tampered=True)
            await door.second_steps.finish_by_passkey(step.token, proof, DEVICE)
    for _ in range(2):
        with pytest.raises(Invalid):
            await door.second_steps.finish(step.token, "000000", DEVICE)
    door.town.heard()
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.second_steps.finish_by_passkey(step.token, key.get(options), DEVICE)
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.second_steps.finish(step.token, code_of(door, secret), DEVICE)


async def test_the_tokens_of_other_purposes_finish_nothing(door: Door) -> None:
    ana, secret, _ = await with_app(door)
    key = SoftwareKey()
    await add_passkey(door, ana, key)
    adding = await door.passkeys.begin_adding(ana.actor, PASSWORD)
    coming = await door.passkeys.begin_sign_in(DEVICE)
    step = await first_step(door, ana)
    door.town.heard()
    for begun in (adding, coming):
        with door.town.refuses(Invalid, "invalid_token", "token"):
            await door.second_steps.finish(begun.token, code_of(door, secret), DEVICE)
    # A second step asks for less than coming in alone, so its challenge must not do for that.
    options = await door.second_steps.passkey_options(step.token)
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.passkeys.sign_in(step.token, key.get(options), DEVICE)
    with door.town.refuses(Invalid, "invalid_passkey", "credential"):
        await door.passkeys.sign_in(coming.token, key.get(options), DEVICE)


async def test_an_account_that_was_shut_in_between_stays_shut_and_loses_no_code(
    door: Door,
) -> None:
    ana, _, codes = await with_app(door)
    step = await first_step(door, ana)
    async with door.town.storage.begin() as work:
        account = await work.accounts.get(ana.account.id)
        await work.accounts.update(replace(account, disabled_at=door.clock()))
    with door.town.refuses(Forbidden, "account_disabled"):
        await door.second_steps.finish(step.token, codes[0], DEVICE)
    async with door.town.storage.begin() as work:
        await work.accounts.update(account)
    await door.second_steps.finish(step.token, codes[0], DEVICE)


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
    proof = key.get(options, verified=False, user_handle=b"")
    signed_in = await door.second_steps.finish_by_passkey(step.token, proof, DEVICE)
    assert signed_in.account.id == ana.account.id
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.second_steps.finish_by_passkey(step.token, proof, DEVICE)
    assert (await come_in(door, key)).account.id == ana.account.id


async def test_nobody_is_asked_for_a_passkey_that_they_do_not_have(door: Door) -> None:
    ana, _, _ = await with_app(door)
    step = await first_step(door, ana)
    with door.town.refuses(Conflict, "no_passkey"):
        await door.second_steps.passkey_options(step.token)


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
