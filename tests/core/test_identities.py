"""Whom a provider's word lets in, and to which account, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tertulia.core.entrance import Device, SecondStep, SignedIn
from tertulia.core.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    Unavailable,
)
from tertulia.core.identities import Identities
from tertulia.core.ids import new_id
from tertulia.core.limits import JOURNEYS_OF, SIGN_INS_FROM, SIGN_UPS_FROM
from tertulia.core.proofs import Authenticator
from tests.core.door import DEVICE
from tests.core.vouching import Vouched, a_code, open_vouched, somebody

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tertulia.core.model import Account
    from tertulia.core.proofs import Identity
    from tests.core.door import Door


def an_address() -> str:
    return f"{new_id().hex}@example.org"


async def settled(door: Door, *, confirmed: bool) -> SignedIn:
    """Register somebody whose address is confirmed, or not."""
    signed_in = await door.someone()
    if not confirmed:
        return signed_in
    account = await changed(door, signed_in.account, confirmed_at=door.clock())
    return replace(signed_in, account=account)


async def changed(door: Door, account: Account, **changes: Any) -> Account:
    async with door.town.storage.begin() as work:
        current = await work.accounts.get(account.id)
        new = replace(current, **changes)
        await work.accounts.update(new)
    return new


async def connected(door: Door, account: Account) -> tuple[Identity, ...]:
    async with door.town.storage.read() as work:
        return await work.identities.of(account.id)


async def test_the_first_time_makes_an_account_and_the_next_finds_it(vouched: Vouched) -> None:
    subject, email = somebody(), an_address()
    ana = await vouched.come_in(subject, email, name="  Ana   María ")
    assert (ana.account.email, ana.account.display_name) == (email, "Ana María")
    assert ana.account.confirmed_at == vouched.door.clock()
    again = await vouched.come_in(subject, an_address(), name="Somebody else")
    assert again.account == ana.account
    (identity,) = await connected(vouched.door, ana.account)
    assert (identity.provider, identity.subject, identity.email) == ("work", subject, email)


@pytest.mark.parametrize(
    ("email", "verified"),
    [
        pytest.param("dora@example.org", False, id="unverified"),
        pytest.param(None, True, id="none"),
        pytest.param("no address", True, id="nonsense"),
        pytest.param("a" * 200 + "@example.org", True, id="long"),
        pytest.param("a\x00@example.org", True, id="control character"),
    ],
)
async def test_an_address_that_is_not_sure_is_not_the_accounts(
    vouched: Vouched, email: str | None, verified: bool
) -> None:
    ana = await vouched.come_in(somebody(), email, verified=verified)
    assert (ana.account.email, ana.account.confirmed_at) == (None, None)
    (identity,) = await connected(vouched.door, ana.account)
    assert identity.email == (None if verified else email)


@pytest.mark.parametrize("name", [None, "", " ", "\u200b", "\x00\x07"], ids=ascii)
async def test_who_has_no_name_is_told_apart_by_a_number(
    vouched: Vouched, name: str | None
) -> None:
    ana = await vouched.come_in(somebody(), name=name)
    assert ana.account.display_name == f"Person {ana.account.number}"


async def test_a_long_name_is_cut(vouched: Vouched) -> None:
    ana = await vouched.come_in(somebody(), name="Ana " * 100)
    assert ana.account.display_name == ("Ana " * 100)[:50].strip()


async def test_an_address_that_both_sides_are_sure_of_connects(vouched: Vouched) -> None:
    ana = await settled(vouched.door, confirmed=True)
    subject = somebody()
    came = await vouched.come_in(subject, (ana.account.email or "").upper())
    assert came.account.id == ana.account.id
    assert came.account.display_name == ana.account.display_name
    await changed(vouched.door, ana.account, email=an_address())
    assert (await vouched.come_in(subject, ana.account.email)).account.id == ana.account.id


@pytest.mark.parametrize(
    ("verified", "confirmed"), [(False, True), (True, False), (False, False)], ids=str
)
async def test_an_address_that_one_side_is_not_sure_of_takes_over_nothing(
    vouched: Vouched, verified: bool, confirmed: bool
) -> None:
    ana = await settled(vouched.door, confirmed=confirmed)
    vouched.door.town.heard()
    with vouched.door.town.refuses(Conflict, "account_exists"):
        await vouched.come_in(somebody(), ana.account.email, verified=verified)
    assert await connected(vouched.door, ana.account) == ()


async def test_an_address_that_has_changed_hands_at_the_provider_takes_over_nothing(
    vouched: Vouched,
) -> None:
    ana = await settled(vouched.door, confirmed=True)
    subject = somebody()
    await vouched.come_in(subject, ana.account.email)
    with vouched.door.town.refuses(Conflict, "account_exists"):
        await vouched.come_in(somebody(), ana.account.email)
    (identity,) = await connected(vouched.door, ana.account)
    assert identity.subject == subject


async def test_one_name_at_two_providers_is_two_people(vouched: Vouched) -> None:
    subject = somebody()
    ana = await vouched.come_in(subject)
    code = a_code(vouched.elsewhere.code_for(subject))
    bea = await vouched.identities.sign_in("elsewhere", code, DEVICE)
    assert isinstance(bea, SignedIn)
    assert bea.account.id != ana.account.id


async def test_a_disabled_account_stays_shut(vouched: Vouched) -> None:
    ana = await settled(vouched.door, confirmed=True)
    subject = somebody()
    await vouched.come_in(subject, ana.account.email)
    bea = await settled(vouched.door, confirmed=True)
    for person in (ana, bea):
        await changed(vouched.door, person.account, disabled_at=vouched.door.clock())
    vouched.door.town.heard()
    with vouched.door.town.refuses(Forbidden, "account_disabled"):
        await vouched.come_in(subject)
    with vouched.door.town.refuses(Forbidden, "account_disabled"):
        await vouched.come_in(somebody(), bea.account.email)
    assert await connected(vouched.door, bea.account) == ()


async def test_a_second_step_is_asked_for_behind_a_provider_too(vouched: Vouched) -> None:
    ana = await settled(vouched.door, confirmed=True)
    async with vouched.door.town.storage.begin() as work:
        await work.second_steps.put_authenticator(
            Authenticator(
                account_id=ana.account.id, sealed_secret="", confirmed_at=vouched.door.clock()
            )
        )
    await changed(vouched.door, ana.account, second_step=True)
    code = a_code(vouched.work.code_for(somebody(), ana.account.email))
    admission = await vouched.identities.sign_in("work", code, DEVICE)
    assert isinstance(admission, SecondStep)
    assert admission.methods == ("totp",)


async def test_a_code_is_good_once_and_a_provider_must_be_known(vouched: Vouched) -> None:
    code = a_code(vouched.work.code_for(somebody()))
    await vouched.identities.sign_in("work", code, DEVICE)
    with vouched.door.town.refuses(Invalid, "provider_refused", "code"):
        await vouched.identities.sign_in("work", code, DEVICE)
    with vouched.door.town.refuses(NotFound, "not_found"):
        await vouched.identities.sign_in("nobody", code, DEVICE)
    with vouched.door.town.refuses(NotFound, "not_found"):
        await vouched.identities.depart("nobody", DEVICE)


async def test_two_who_come_at_once_are_one_account(vouched: Vouched) -> None:
    subject, email = somebody(), an_address()
    came = await asyncio.gather(
        *(vouched.come_in(subject, email) for _ in range(4)), return_exceptions=True
    )
    inside = {each.account.id for each in came if isinstance(each, SignedIn)}
    refused = [each for each in came if not isinstance(each, SignedIn)]
    assert len(inside) == 1
    assert all(isinstance(each, Conflict | Invalid) for each in refused)
    assert (await vouched.come_in(subject, email)).account.id in inside


async def test_an_account_is_connected_and_let_go_of(vouched: Vouched) -> None:
    ana = await vouched.door.someone()
    subject = somebody()
    for _ in range(2):
        code = a_code(vouched.work.code_for(subject, an_address(), verified=False))
        await vouched.identities.connect(ana.actor, "work", code)
    (identity,) = await vouched.identities.of(ana.actor)
    assert identity.subject == subject
    assert (await vouched.come_in(subject)).account.id == ana.account.id
    await vouched.identities.disconnect(ana.actor, "work")
    assert await vouched.identities.of(ana.actor) == ()
    with vouched.door.town.refuses(NotFound, "not_found"):
        await vouched.identities.disconnect(ana.actor, "work")
    assert (await vouched.come_in(subject)).account.id != ana.account.id


async def test_what_is_connected_to_one_is_not_connected_to_another(vouched: Vouched) -> None:
    ana, bea = await vouched.door.someone(), await vouched.door.someone("bea")
    subject = somebody()
    connect = vouched.identities.connect
    await connect(ana.actor, "work", a_code(vouched.work.code_for(subject)))
    vouched.door.town.heard()
    with vouched.door.town.refuses(Conflict, "identity_taken"):
        await connect(bea.actor, "work", a_code(vouched.work.code_for(subject)))
    with vouched.door.town.refuses(Conflict, "provider_connected"):
        await connect(ana.actor, "work", a_code(vouched.work.code_for(somebody())))
    await connect(ana.actor, "elsewhere", a_code(vouched.elsewhere.code_for(subject)))
    providers = [identity.provider for identity in await vouched.identities.of(ana.actor)]
    assert sorted(providers) == ["elsewhere", "work"]


async def test_the_last_way_in_is_kept(vouched: Vouched) -> None:
    ana = await vouched.come_in(somebody(), an_address())
    vouched.door.town.heard()
    with vouched.door.town.refuses(Conflict, "last_way_in"):
        await vouched.identities.disconnect(ana.actor, "work")
    code = a_code(vouched.elsewhere.code_for(somebody()))
    await vouched.identities.connect(ana.actor, "elsewhere", code)
    await vouched.identities.disconnect(ana.actor, "work")
    with vouched.door.town.refuses(Conflict, "last_way_in"):
        await vouched.identities.disconnect(ana.actor, "elsewhere")


async def test_a_provider_out_of_reach_changes_nothing(vouched: Vouched) -> None:
    vouched.work.is_down = True
    with vouched.door.town.refuses(Unavailable, "unavailable"):
        await vouched.identities.depart("work", DEVICE)
    with vouched.door.town.refuses(Unavailable, "unavailable"):
        await vouched.identities.sign_in("work", a_code("any"), DEVICE)


async def exhausted(identities: Identities, times: int, what: str, vouched: Vouched) -> None:
    """Do a thing as often as is allowed, and once more."""
    ana = await vouched.door.someone()
    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "depart": lambda: identities.depart("work", DEVICE),
        "sign in": lambda: identities.sign_in("work", a_code("wrong"), DEVICE),
        "connect": lambda: identities.connect(ana.actor, "work", a_code("wrong")),
        "sign up": lambda: identities.sign_in(
            "work", a_code(vouched.work.code_for(somebody())), DEVICE
        ),
    }
    for _ in range(times):
        try:
            await acts[what]()
        except Invalid as refused:
            assert refused.code == "provider_refused"
    with pytest.raises(RateLimited):
        await acts[what]()


@pytest.mark.parametrize(
    ("what", "times"),
    [
        ("depart", JOURNEYS_OF.times),
        ("connect", JOURNEYS_OF.times),
        ("sign in", SIGN_INS_FROM.times),
        ("sign up", SIGN_UPS_FROM.times),
    ],
)
async def test_it_is_not_tried_without_end(vouched: Vouched, what: str, times: int) -> None:
    strict = open_vouched(vouched.door, scale=1)
    await exhausted(strict.identities, times, what, strict)
    # Somebody elsewhere is not held up.
    await strict.identities.depart("work", Device(name="Test", address="192.0.2.1"))


def test_a_provider_that_is_not_set_up_any_longer_is_called_by_its_short_name(
    vouched: Vouched,
) -> None:
    titles = [provider.title for provider in vouched.identities.providers()]
    assert titles == ["Work", "Elsewhere"]
    assert vouched.identities.title_of("work") == "Work"
    assert vouched.identities.title_of("gone") == "gone"
