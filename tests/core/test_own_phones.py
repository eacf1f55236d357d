"""The number on one's account: proven by its code, nobody else's, and given up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.core.entrance import SignedIn
from tertulia.core.errors import Conflict, Forbidden, Invalid, NotAuthenticated
from tertulia.core.events import AccountChanged
from tertulia.core.letters import LetterKind
from tertulia.core.phones import CODE_LIFETIME, MAX_TRIES
from tests import examples as eg
from tests.core.door import DEVICE, PASSWORD
from tests.core.test_at_once import outcomes
from tests.core.test_phones import code_for, come_in, sent_code, wrong

if TYPE_CHECKING:
    from tertulia.core.model import Account, Actor
    from tests.core.door import Door


async def own_code(door: Door, actor: Actor, phone: str) -> str:
    await door.phones.request_own(actor, phone, DEVICE)
    return await sent_code(door)


async def have(door: Door, actor: Actor, phone: str) -> Account:
    return await door.phones.add_own(actor, phone, await own_code(door, actor, phone))


async def test_a_proven_number_is_on_ones_account_and_only_one_is(door: Door) -> None:
    ana, first, second = await door.someone(), eg.phone_number(), eg.phone_number()
    door.town.heard()
    changed = await have(door, ana.actor, first.removeprefix("+34"))
    assert changed.phone == first
    # Nobody else is told: a number is for oneself to see.
    assert door.town.heard() == [AccountChanged(account=changed)]
    assert await door.town.core.accounts.me(ana.actor) == changed
    assert (await have(door, ana.actor, second)).phone == second
    # The first one is free for others.
    assert (await come_in(door, first)).account.id != ana.account.id


async def test_the_code_for_it_is_its_own_persons_and_good_for_nothing_else(door: Door) -> None:
    ana, bea, phone = await door.someone("ana"), await door.someone("bea"), eg.phone_number()
    code = await own_code(door, ana.actor, phone)
    door.town.heard()
    with door.town.refuses(Invalid, "invalid_code", "code"):
        await door.phones.add_own(bea.actor, phone, code)
    with door.town.refuses(Invalid, "invalid_code", "code"):
        await door.phones.sign_in(phone, code, None, DEVICE)
    to_sign_in = await code_for(door, phone)
    if to_sign_in != code:
        with door.town.refuses(Invalid, "invalid_code", "code"):
            await door.phones.add_own(ana.actor, phone, to_sign_in)
    await door.phones.add_own(ana.actor, phone, code)


async def test_it_is_tried_five_times_and_for_five_minutes(door: Door) -> None:
    ana, phone = await door.someone(), eg.phone_number()
    code = await own_code(door, ana.actor, phone)
    door.town.heard()
    for by in range(1, MAX_TRIES + 1):
        with door.town.refuses(Invalid, "invalid_code", "code"):
            await door.phones.add_own(ana.actor, phone, wrong(code, by))
    with door.town.refuses(Invalid, "invalid_code", "code"):
        await door.phones.add_own(ana.actor, phone, code)
    code = await own_code(door, ana.actor, phone)
    door.clock.advance(CODE_LIFETIME)
    with door.town.refuses(Invalid, "invalid_code", "code"):
        await door.phones.add_own(ana.actor, phone, code)


async def test_whose_number_it_is_is_told_to_whoever_reads_its_messages_alone(door: Door) -> None:
    ana, phone = await door.someone(), eg.phone_number()
    owner = await come_in(door, phone)
    door.town.heard()
    # The same as for a number that is nobody's: a code is sent, and a wrong one is a wrong one.
    code = await own_code(door, ana.actor, phone)
    with door.town.refuses(Invalid, "invalid_code", "code"):
        await door.phones.add_own(ana.actor, phone, wrong(code))
    with door.town.refuses(Invalid, "taken", "phone"):
        await door.phones.add_own(ana.actor, phone, code)
    assert (await door.town.core.accounts.me(ana.actor)).phone is None
    assert (await come_in(door, phone)).account == owner.account


async def test_of_two_who_add_one_number_at_the_same_moment_one_has_it(door: Door) -> None:
    people, phone = [await door.someone(name) for name in ("ana", "bea")], eg.phone_number()
    codes = [await own_code(door, person.actor, phone) for person in people]
    made = await outcomes(
        *[
            door.phones.add_own(person.actor, phone, code)
            for person, code in zip(people, codes, strict=True)
        ]
    )
    assert made.count("taken") == 1


async def test_a_number_is_given_up_with_the_password(door: Door) -> None:
    ana, phone = await door.someone(), eg.phone_number()
    await have(door, ana.actor, phone)
    door.town.heard()
    with door.town.refuses(Invalid, "required", "password"):
        await door.phones.remove_own(ana.actor, None)
    with door.town.refuses(Invalid, "wrong_password", "password"):
        await door.phones.remove_own(ana.actor, "wrong horse battery")
    changed = await door.phones.remove_own(ana.actor, PASSWORD)
    assert changed.phone is None
    assert door.town.heard() == [AccountChanged(account=changed)]
    # Once more changes nothing.
    assert await door.phones.remove_own(ana.actor, PASSWORD) == changed
    assert (await come_in(door, phone)).account.id != ana.account.id


async def test_the_last_way_in_stays(door: Door) -> None:
    person = await come_in(door, eg.phone_number())
    door.town.heard()
    with door.town.refuses(Conflict, "last_way_in"):
        await door.phones.remove_own(person.actor, None)
    door.clock.advance(door.fresh * 2)
    with door.town.refuses(Forbidden, "sign_in_again"):
        await door.phones.remove_own(person.actor, None)
    assert (await door.town.core.accounts.me(person.actor)).phone == person.account.phone


async def test_of_two_ways_that_are_given_up_at_the_same_moment_one_remains(door: Door) -> None:
    ana, phone = await door.someone(), eg.phone_number()
    await have(door, ana.actor, phone)
    made = await outcomes(
        door.phones.remove_own(ana.actor, PASSWORD), door.passwords.remove(ana.actor, PASSWORD)
    )
    assert made.count("last_way_in") == 1


async def test_an_account_that_is_gone_takes_its_codes_along_and_gets_no_number(door: Door) -> None:
    ana, phone = await door.someone(), eg.phone_number()
    await own_code(door, ana.actor, phone)
    await door.departure.delete_account(ana.actor, PASSWORD)
    async with door.town.storage.begin() as work:
        assert await work.phone_codes.try_one(phone, ana.account.id) is None
    # Whoever asked a moment before it went has a code that was sent after that.
    code = await own_code(door, ana.actor, phone)
    door.town.heard()
    with door.town.refuses(NotAuthenticated, "invalid_credentials"):
        await door.phones.add_own(ana.actor, phone, code)
    async with door.town.storage.read() as work:
        assert await work.accounts.by_phone(phone) is None


async def test_a_number_and_another_password_at_the_same_moment_get_along(door: Door) -> None:
    for _ in range(5):
        ana, phone = await door.someone(), eg.phone_number()
        code = await own_code(door, ana.actor, phone)
        made = await outcomes(
            door.phones.add_own(ana.actor, phone, code),
            door.passwords.change(ana.actor, PASSWORD, PASSWORD, PASSWORD),
        )
        assert isinstance(made[1], SignedIn)
        await door.letter(LetterKind.PASSWORD_CHANGED)
        assert made[0] == "invalid_code" or made[0].phone == phone


@pytest.mark.parametrize("number", ["", "600", "words", "+999600123456"])
async def test_what_is_no_number_is_not_added(door: Door, number: str) -> None:
    ana = await door.someone()
    door.town.heard()
    with door.town.refuses(Invalid, "invalid", "phone"):
        await door.phones.request_own(ana.actor, number, DEVICE)
    with door.town.refuses(Invalid, "invalid", "phone"):
        await door.phones.add_own(ana.actor, number, "123456")
    assert not await door.has_letter(LetterKind.PHONE_CODE)
