"""Coming in by telephone: the code, what it opens, and how often it may be guessed at."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tertulia.core.entrance import Device, SecondStep, SignedIn
from tertulia.core.errors import Forbidden, Invalid, RateLimited
from tertulia.core.letters import LetterKind
from tertulia.core.phones import CODE_DIGITS, CODE_LIFETIME, MAX_TRIES
from tertulia.core.proofs import Authenticator
from tests import examples as eg
from tests.core.door import DEVICE, PASSWORD
from tests.core.test_at_once import outcomes

if TYPE_CHECKING:
    from tertulia.core.phones import Phones
    from tests.core.door import Door


async def sent_code(door: Door) -> str:
    return (await door.letter(LetterKind.PHONE_CODE)).words["code"]


async def code_for(door: Door, phone: str) -> str:
    await door.phones.request_code(phone, DEVICE)
    return await sent_code(door)


async def come_in(door: Door, phone: str, name: str | None = None) -> SignedIn:
    admission = await door.phones.sign_in(phone, await code_for(door, phone), name, DEVICE)
    assert isinstance(admission, SignedIn)
    return admission


def wrong(code: str, by: int = 1) -> str:
    return f"{(int(code) + by) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


async def refused_code(door: Door, phone: str, code: str, phones: Phones | None = None) -> None:
    with door.town.refuses(Invalid, "invalid_code", "code"):
        await (phones or door.phones).sign_in(phone, code, None, DEVICE)


async def test_a_code_goes_to_the_number_and_expires_with_its_letter(door: Door) -> None:
    phone = eg.phone_number()
    await door.phones.request_code(phone, DEVICE)
    letter = await door.letter(LetterKind.PHONE_CODE)
    assert (letter.channel, letter.to) == ("sms", phone)
    assert letter.expires_at == door.clock() + CODE_LIFETIME
    assert len(letter.words["code"]) == CODE_DIGITS
    assert letter.words["code"].isdecimal()
    await door.phones.request_code(phone, DEVICE)
    door.clock.advance(CODE_LIFETIME)
    assert not await door.has_letter(LetterKind.PHONE_CODE)


async def test_the_first_time_makes_an_account_that_does_not_tell_its_number(door: Door) -> None:
    phone = eg.phone_number()
    device = Device(name="Telephone", address="192.0.2.7")
    admission = await door.phones.sign_in(phone, await code_for(door, phone), None, device)
    assert isinstance(admission, SignedIn)
    made, session = admission.account, admission.session
    assert made.display_name == f"Person {made.number}"
    assert (made.phone, made.email, made.username) == (phone, None, None)
    assert (session.name, session.address) == ("Telephone", "192.0.2.7")
    assert await door.sessions.authenticate(admission.access_token) == admission.actor
    assert await door.town.core.accounts.me(admission.actor) == made


async def test_the_next_time_is_the_same_account_whatever_name_is_given(door: Door) -> None:
    phone = eg.phone_number()
    first = await come_in(door, phone, " Ana  María ")
    assert first.account.display_name == "Ana María"
    again = await come_in(door, phone, "Somebody else")
    assert again.account == first.account
    assert again.session.id != first.session.id


async def test_an_account_with_an_address_and_a_password_is_come_into_as_well(door: Door) -> None:
    ana, phone = await door.someone(), eg.phone_number()
    await door.phones.request_own(ana.actor, phone, DEVICE)
    await door.phones.add_own(ana.actor, phone, await sent_code(door))
    assert (await come_in(door, phone)).account.email == ana.account.email


async def test_a_second_step_is_asked_for_here_too(door: Door) -> None:
    phone = eg.phone_number()
    person = await come_in(door, phone)
    app = Authenticator(
        account_id=person.account.id, sealed_secret="sealed", confirmed_at=door.clock()
    )
    async with door.town.storage.begin() as work:
        await work.second_steps.put_authenticator(app)
        await work.accounts.update(replace(person.account, second_step=True))
    admission = await door.phones.sign_in(phone, await code_for(door, phone), None, DEVICE)
    assert isinstance(admission, SecondStep)
    assert admission.methods == ("totp",)


async def test_a_code_lets_in_once(door: Door) -> None:
    phone = eg.phone_number()
    code = await code_for(door, phone)
    await door.phones.sign_in(phone, code, None, DEVICE)
    await refused_code(door, phone, code)


async def test_a_code_is_typed_as_it_is_read(door: Door) -> None:
    phone = eg.phone_number()
    code = await code_for(door, phone)
    for typed in ("", code[:-1], code * 2, "\ud800"):
        await refused_code(door, phone, typed)
    await door.phones.sign_in(f" {phone[:6]} {phone[6:]}", f" {code[:3]} {code[3:]} ", None, DEVICE)


async def test_a_code_is_good_for_its_time_only(door: Door) -> None:
    phone = eg.phone_number()
    code = await code_for(door, phone)
    door.clock.advance(CODE_LIFETIME)
    await refused_code(door, phone, code)


async def test_a_new_code_takes_the_place_of_the_one_before(door: Door) -> None:
    phone = eg.phone_number()
    first = await code_for(door, phone)
    second = await code_for(door, phone)
    if first != second:
        await refused_code(door, phone, first)
    assert isinstance(await door.phones.sign_in(phone, second, None, DEVICE), SignedIn)


async def test_a_code_is_tried_five_times_and_no_more(door: Door) -> None:
    phone = eg.phone_number()
    code = await code_for(door, phone)
    for by in range(1, MAX_TRIES + 1):
        await refused_code(door, phone, wrong(code, by))
    await refused_code(door, phone, code)
    # The fifth of a new one is still judged.
    code = await code_for(door, phone)
    for by in range(1, MAX_TRIES):
        await refused_code(door, phone, wrong(code, by))
    assert isinstance(await door.phones.sign_in(phone, code, None, DEVICE), SignedIn)


async def test_guesses_at_the_same_moment_count_like_guesses_one_after_the_other(
    door: Door,
) -> None:
    phone = eg.phone_number()
    code = await code_for(door, phone)
    guesses = [wrong(code, by) for by in range(1, 46)] + [code] * 5
    made = await outcomes(*[door.phones.sign_in(phone, it, None, DEVICE) for it in guesses])
    # They are judged in the order of their coming, more or less: a right one after 45 is too late.
    assert made == ["invalid_code"] * 50
    async with door.town.storage.begin() as work:
        held = await work.phone_codes.try_one(phone, None)
        assert await work.accounts.by_phone(phone) is None
    assert held is not None
    assert held.tries == 51


async def test_of_those_who_have_the_right_code_at_the_same_moment_one_comes_in(
    door: Door,
) -> None:
    phone = eg.phone_number()
    code = await code_for(door, phone)
    made = await outcomes(*[door.phones.sign_in(phone, code, None, DEVICE) for _ in range(10)])
    assert len([outcome for outcome in made if isinstance(outcome, SignedIn)]) == 1
    assert made.count("invalid_code") == 9


async def test_what_is_stored_does_not_tell_the_code(door: Door) -> None:
    phone, other = eg.phone_number(), eg.phone_number()
    code = await code_for(door, phone)
    async with door.town.storage.begin() as work:
        held = await work.phone_codes.try_one(phone, None)
        assert held is not None
        # Somebody who can write to the database gets nowhere with a code of their own number.
        await work.phone_codes.put(replace(held, phone=other, tries=0))
    bare = [f"{text}{code}".encode() for text in ("", phone, f"{phone} ", f"{phone}  ")]
    assert held.digest not in [hashlib.sha256(text).digest() for text in bare]
    await refused_code(door, other, code)
    await refused_code(door, phone, code, door.phones_with(secret="x" * 64))
    assert isinstance(await door.phones.sign_in(phone, code, None, DEVICE), SignedIn)


async def test_a_disabled_account_is_told_of_to_whoever_has_the_code_alone(door: Door) -> None:
    phone = eg.phone_number()
    person = await come_in(door, phone)
    async with door.town.storage.begin() as work:
        await work.accounts.update(replace(person.account, disabled_at=door.clock()))
    code = await code_for(door, phone)
    await refused_code(door, phone, wrong(code))
    with door.town.refuses(Forbidden, "account_disabled"):
        await door.phones.sign_in(phone, code, None, DEVICE)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("", id="empty"),
        pytest.param("600", id="short"),
        pytest.param("+34600123456" * 20, id="long"),
        pytest.param("+999600123456", id="no such country"),
        pytest.param("call me", id="words"),
        pytest.param("\ud800", id="half a pair"),
    ],
)
async def test_what_is_no_number_gets_no_code(door: Door, number: str) -> None:
    with door.town.refuses(Invalid, "invalid", "phone"):
        await door.phones.request_code(number, DEVICE)
    with door.town.refuses(Invalid, "invalid", "phone"):
        await door.phones.sign_in(number, "123456", None, DEVICE)
    assert not await door.has_letter(LetterKind.PHONE_CODE)


async def test_a_name_that_cannot_be_costs_no_try(door: Door) -> None:
    phone = eg.phone_number()
    code = await code_for(door, phone)
    for _ in range(MAX_TRIES + 1):
        with door.town.refuses(Invalid, "required", "display_name"):
            await door.phones.sign_in(phone, code, " ", DEVICE)
    assert isinstance(await door.phones.sign_in(phone, code, None, DEVICE), SignedIn)


async def test_a_number_without_its_country_is_one_of_the_servers(door: Door) -> None:
    phone = eg.phone_number()
    assert await code_for(door, phone.removeprefix("+34"))
    nowhere = door.phones_with(region=None)
    with door.town.refuses(Invalid, "invalid", "phone"):
        await nowhere.request_code(phone.removeprefix("+34"), DEVICE)


async def test_one_number_gets_five_codes_an_hour_wherever_they_are_asked_for(door: Door) -> None:
    phones, phone = door.strict_phones(), eg.phone_number()
    for place in range(5):
        await phones.request_code(phone, Device(name="", address=f"192.0.2.{place}"))
    with pytest.raises(RateLimited):
        await phones.request_code(phone, Device(name="", address="192.0.2.9"))
    with pytest.raises(RateLimited):
        await phones.request_own((await door.someone()).actor, phone, DEVICE)


@pytest.mark.parametrize("address", ["192.0.2.{0}", "2001:db8::{0}"], ids=["IPv4", "IPv6"])
async def test_one_place_gets_twenty_codes_an_hour(door: Door, address: str) -> None:
    phones = door.strict_phones()
    # One line of IPv6 has as many addresses as it likes.
    hosts = ["1"] * 20 if "." in address else [f"{host:x}" for host in range(20)]
    for host in hosts:
        await phones.request_code(eg.phone_number(), Device(name="", address=address.format(host)))
    with pytest.raises(RateLimited):
        await phones.request_code(
            eg.phone_number(), Device(name="", address=address.format(hosts[-1]))
        )


async def test_one_account_gets_twenty_codes_an_hour_wherever_it_is(door: Door) -> None:
    phones, ana = door.strict_phones(), await door.someone()
    for place in range(20):
        await phones.request_own(
            ana.actor, eg.phone_number(), Device(name="", address=f"192.0.2.{place}")
        )
    with pytest.raises(RateLimited):
        await phones.request_own(
            ana.actor, eg.phone_number(), Device(name="", address="192.0.2.99")
        )


async def test_one_place_gets_twenty_codes_an_hour_with_whatever_accounts(door: Door) -> None:
    phones = door.strict_phones()
    people = [await door.without_password() for _ in range(21)]
    for person in people[:20]:
        await phones.request_own(person, eg.phone_number(), DEVICE)
    with pytest.raises(RateLimited):
        await phones.request_own(people[20], eg.phone_number(), DEVICE)


async def test_one_number_is_guessed_at_fifteen_times_an_hour_however_many_codes_it_gets(
    door: Door,
) -> None:
    phones, phone = door.strict_phones(), eg.phone_number()
    for _ in range(3):
        await phones.request_code(phone, DEVICE)
        code = await sent_code(door)
        for by in range(1, MAX_TRIES + 1):
            await refused_code(door, phone, wrong(code, by), phones)
    await phones.request_code(phone, DEVICE)
    with pytest.raises(RateLimited):
        await phones.sign_in(phone, await sent_code(door), None, DEVICE)


async def test_another_password_takes_back_what_was_sent(door: Door) -> None:
    ana, phone, other = await door.someone(), eg.phone_number(), eg.phone_number()
    await door.phones.request_own(ana.actor, phone, DEVICE)
    await door.phones.add_own(ana.actor, phone, await sent_code(door))
    to_sign_in = await code_for(door, phone)
    await door.phones.request_own(ana.actor, other, DEVICE)
    to_add = await sent_code(door)
    new = "another horse battery"
    await door.passwords.change(ana.actor, PASSWORD, new, new)
    await door.letter(LetterKind.PASSWORD_CHANGED)
    door.town.heard()
    await refused_code(door, phone, to_sign_in)
    with door.town.refuses(Invalid, "invalid_code", "code"):
        await door.phones.add_own(ana.actor, other, to_add)
