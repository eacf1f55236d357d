"""Whom one keeps at hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.core.clock import utc_now
from tertulia.core.contacts import Contacts
from tertulia.core.errors import Conflict, Invalid, NotFound, RateLimited
from tertulia.core.ids import new_id
from tests import examples as eg

if TYPE_CHECKING:
    from tertulia.core.model import Account, Actor
    from tests.core.town import Town


@pytest.fixture
def contacts(town: Town) -> Contacts:
    """Return contacts on a server in Spain."""
    return Contacts(town.storage, LimitsInMemory(scale=1000), utc_now, region="ES")


async def with_phone(town: Town, actor: Actor) -> Account:
    account = replace(await town.account(actor), phone=eg.phone_number())
    async with town.storage.begin() as work:
        await work.accounts.update(account)
    return account


async def kept(town: Town, actor: Actor) -> list[Any]:
    return [person.id for person in await town.core.contacts.contacts(actor)]


async def test_somebody_is_kept_by_username_number_or_id(town: Town, contacts: Contacts) -> None:
    ana, bea = town.actors[:2]
    account = await with_phone(town, bea)
    assert account.username
    assert account.phone
    for found_by in (
        {"user_id": account.id},
        {"username": account.username},
        {"username": f" @{account.username.upper()} "},
        {"phone": account.phone},
        {"phone": account.phone.removeprefix("+34")},
    ):
        added = await contacts.add(ana, **found_by)
        assert (added.id, added.display_name) == (account.id, account.display_name)
        # Whoever is no acquaintance does not learn an address by this, nor a number.
        assert (added.email, added.phone) == (None, None)
        assert await contacts.contacts(ana) == (added,)
        await contacts.drop(ana, bea.account_id)
        assert await contacts.contacts(ana) == ()


async def test_contacts_are_ones_own_and_kept_once(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    for other in (bea, caro, bea):
        await town.core.contacts.add(ana, user_id=other.account_id)
    assert sorted(await kept(town, ana)) == sorted([bea.account_id, caro.account_id])
    assert await kept(town, bea) == []
    assert town.heard() == []


async def test_an_acquaintances_address_is_seen_here_too(town: Town) -> None:
    ana, bea = town.actors[:2]
    await town.private(ana, bea)
    added = await town.core.contacts.add(ana, user_id=bea.account_id)
    assert added.email == (await town.account(bea)).email


async def test_nobody_is_not_kept(town: Town) -> None:
    ana, bea = town.actors[:2]
    gone = replace(await town.account(bea), deleted_at=utc_now())
    async with town.storage.begin() as work:
        await work.accounts.update(gone)
    for nobody in (
        {"user_id": new_id()},
        {"user_id": bea.account_id},
        {"username": gone.username},
        {"username": "nobody_at_all"},
        {"phone": eg.phone_number()},
    ):
        with town.refuses(NotFound, "not_found"):
            await town.core.contacts.add(ana, **nobody)
    with town.refuses(Conflict, "oneself"):
        await town.core.contacts.add(ana, user_id=ana.account_id)
    assert await kept(town, ana) == []


async def test_whom_one_means_is_said_in_exactly_one_way(town: Town) -> None:
    ana, bea = town.actors[:2]
    with town.refuses(Invalid, "required", "username"):
        await town.core.contacts.add(ana)
    with town.refuses(Invalid, "required", "username"):
        await town.core.contacts.add(ana, user_id=bea.account_id, username="bea")
    for name in ("", "@", "not a name", "\x00", "\ud800", "x" * 1000):
        with town.refuses(Invalid, "invalid", "username"):
            await town.core.contacts.add(ana, username=name)
    for number in ("", "600", "words", "+999600123456"):
        with town.refuses(Invalid, "invalid", "phone"):
            await town.core.contacts.add(ana, phone=number)


async def test_who_is_no_contact_cannot_be_let_go(town: Town) -> None:
    ana, bea = town.actors[:2]
    await town.core.contacts.add(bea, user_id=ana.account_id)
    for other_id in (bea.account_id, new_id()):
        with town.refuses(NotFound, "not_found"):
            await town.core.contacts.drop(ana, other_id)


async def test_nobody_reads_off_whose_numbers_there_are(town: Town) -> None:
    ana, bea = town.actors[:2]
    strict = Contacts(town.storage, LimitsInMemory(), utc_now, region="ES")
    known = await with_phone(town, bea)
    for _ in range(30):
        with pytest.raises(NotFound):
            await strict.add(ana, phone=eg.phone_number())
        await strict.add(ana, phone=known.phone)
    for found_by in ({"phone": known.phone}, {"username": known.username}, {"user_id": known.id}):
        with pytest.raises(RateLimited):
            await strict.add(ana, **found_by)
    await strict.add(bea, user_id=ana.account_id)
