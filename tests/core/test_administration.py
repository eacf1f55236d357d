"""What the keeper of a server does with other people's accounts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotAuthenticated, NotFound
from tertulia.core.events import AccountChanged, SessionsEnded
from tertulia.core.ids import new_id
from tertulia.core.letters import LetterKind
from tests import examples as eg
from tests.core.door import DEVICE, PASSWORD

if TYPE_CHECKING:
    from tertulia.core.model import Account
    from tests.core.door import Door

NEW_PASSWORD = "another horse battery"


async def created(door: Door, *, is_admin: bool = False) -> Account:
    """Make an account as an operator does."""
    unique = f"zoe_{new_id().hex[-12:]}"
    return await door.administration.create(
        f"{unique}@example.org",
        PASSWORD,
        username=unique,
        display_name="Zoé",
        is_admin=is_admin,
    )


async def test_an_account_is_made_and_its_address_is_to_be_confirmed(door: Door) -> None:
    account = await created(door, is_admin=True)
    assert (account.is_admin, account.confirmed_at, account.display_name) == (True, None, "Zoé")
    letter = await door.letter(LetterKind.CONFIRM_EMAIL)
    assert letter.to == account.email
    assert (await door.come_in(email=account.email)).account == account


@pytest.mark.parametrize(
    ("email", "password", "username", "attr"),
    [
        ("nobody", PASSWORD, None, "email"),
        ("zoe@example.org", "short", None, "password"),
        ("zoe@example.org", PASSWORD, "a b", "username"),
        ("zoe@example.org", PASSWORD, "admin", "username"),
    ],
)
async def test_what_cannot_be_an_account_is_refused(
    door: Door, email: str, password: str, username: str | None, attr: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await door.administration.create(
            email, password, username=username, display_name=None, is_admin=False
        )
    assert refused.value.attr == attr


async def test_people_are_named_by_address_username_number_or_id(door: Door) -> None:
    account = await created(door)
    phone = eg.phone_number()
    async with door.town.storage.begin() as work:
        held = await work.accounts.locked(account.id)
        await work.accounts.update(replace(held, phone=phone))
    for name in (
        account.email,
        f" {(account.email or '').upper()} ",
        account.username,
        (account.username or "").upper(),
        phone,
        phone.removeprefix("+34"),
        str(account.id),
    ):
        assert (await door.administration.set_admin(name or "", True)).id == account.id


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="nothing"),
        pytest.param("nobody", id="username"),
        pytest.param("no@body.org", id="address"),
        pytest.param("+34600000001", id="number"),
        pytest.param("01900000-0000-7000-8000-000000000000", id="id"),
        pytest.param("\x00", id="control character"),
        pytest.param("a-b", id="no name at all"),
        pytest.param("é" * 9999, id="long"),
    ],
)
async def test_a_name_that_is_nobodys_is_refused(door: Door, name: str) -> None:
    for attempt in (
        door.administration.disable(name),
        door.administration.enable(name),
        door.administration.set_admin(name, True),
        door.administration.set_password(name, NEW_PASSWORD),
        door.administration.send_reset(name),
        door.administration.reset_path(name),
    ):
        with door.town.refuses(NotFound, "not_found"):
            await attempt


async def test_a_deleted_account_is_nobodys_and_is_not_listed(door: Door) -> None:
    ana = await door.someone()
    await door.departure.delete_account(ana.actor, PASSWORD)
    with pytest.raises(NotFound):
        await door.administration.enable(str(ana.account.id))
    assert ana.account.id not in [each.id async for each in door.administration.everyone()]


async def test_who_is_disabled_is_out_at_once_and_stays_out(door: Door) -> None:
    ana = await door.someone()
    door.town.heard()
    account = await door.administration.disable(ana.account.email or "")
    assert account.disabled_at == door.clock()
    assert door.town.heard() == [
        AccountChanged(account=account),
        SessionsEnded(account_id=account.id, session_ids=(ana.session.id,)),
    ]
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.sessions.authenticate(ana.access_token)
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.signin.refresh(ana.refresh_token or "", DEVICE.address)
    with door.town.refuses(Forbidden, "account_disabled"):
        await door.come_in(email=account.email)
    # Others see them as before.
    found = await door.town.core.accounts.search(
        door.town.actors[0], account.username or "", None, 10
    )
    assert [person.id for person in found.items] == [account.id]
    assert await door.administration.disable(account.email or "") == account
    assert door.town.heard() == []


async def test_who_is_enabled_comes_in_again(door: Door) -> None:
    ana = await door.someone()
    await door.administration.disable(ana.account.email or "")
    account = await door.administration.enable(ana.account.email or "")
    assert account.disabled_at is None
    await door.come_in(email=account.email)


async def test_who_signs_in_while_being_disabled_has_no_session_afterwards(door: Door) -> None:
    for _ in range(5):
        ana = await door.someone()
        await asyncio.gather(
            door.administration.disable(ana.account.email or ""),
            *[door.come_in(email=ana.account.email) for _ in range(4)],
            return_exceptions=True,
        )
        async with door.town.storage.read() as work:
            assert await work.sessions.living(ana.account.id) == ()


async def test_admins_are_made_and_unmade(door: Door) -> None:
    account = await created(door)
    assert (await door.administration.set_admin(account.email or "", True)).is_admin
    async with door.town.storage.read() as work:
        assert (await work.accounts.get(account.id)).is_admin
    assert not (await door.administration.set_admin(account.email or "", False)).is_admin


async def test_a_password_that_is_set_ends_every_session_and_every_link(door: Door) -> None:
    ana = await door.someone()
    _, path = await door.administration.reset_path(ana.account.email or "")
    await door.administration.set_password(ana.account.email or "", NEW_PASSWORD)
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.sessions.authenticate(ana.access_token)
    with pytest.raises(Invalid):
        await door.passwords.owner_of_reset(path.partition("#")[2])
    with pytest.raises(NotAuthenticated):
        await door.come_in(email=ana.account.email)
    await door.signin.with_password(email=ana.account.email, password=NEW_PASSWORD, device=DEVICE)
    with door.town.refuses(Invalid, "too_short", "password"):
        await door.administration.set_password(ana.account.email or "", "short")


async def test_a_link_sets_a_password_once(door: Door) -> None:
    ana = await door.someone()
    account, path = await door.administration.reset_path(ana.account.username or "")
    assert account == ana.account
    page, _, token = path.partition("#")
    assert page == "/reset-password"
    await door.passwords.reset(token, NEW_PASSWORD, NEW_PASSWORD)
    await door.signin.with_password(email=account.email, password=NEW_PASSWORD, device=DEVICE)
    with pytest.raises(Invalid):
        await door.passwords.reset(token, PASSWORD, PASSWORD)


async def test_a_mail_brings_the_link_to_whoever_has_an_address(door: Door) -> None:
    ana = await door.someone()
    await door.administration.send_reset(ana.account.username or "")
    letter = await door.letter(LetterKind.RESET_PASSWORD)
    assert letter.to == ana.account.email
    actor = await door.without_password(email=None, username=f"u{new_id().hex[-12:]}")
    with door.town.refuses(Conflict, "no_email"):
        await door.administration.send_reset(str(actor.account_id))


async def test_everyone_is_listed_in_order_of_number_each_once(door: Door) -> None:
    made = [await created(door) for _ in range(3)]
    numbers = [each.number async for each in door.administration.everyone()]
    assert numbers == sorted(set(numbers))
    assert {each.number for each in made} <= set(numbers)
