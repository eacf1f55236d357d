"""Coming in by registering and by password, and going out."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

import bcrypt
import pytest

from tertulia.core.entrance import Device, SignedIn
from tertulia.core.errors import Invalid, NotAuthenticated, Refusal
from tertulia.core.events import SessionsEnded
from tertulia.core.ids import new_id
from tertulia.core.model import Profile
from tests.core.door import DEVICE, PASSWORD, REFRESH, no_token

if TYPE_CHECKING:
    from typing import Any

    from tests.core.door import Door


def unique() -> str:
    """Return a name that nobody has."""
    return f"zoe_{new_id().hex[-12:]}"


async def is_signed_in(door: Door, signed_in: SignedIn) -> bool:
    """Whether a session's access token still opens anything."""
    try:
        return await door.sessions.authenticate(signed_in.access_token) == signed_in.actor
    except NotAuthenticated:
        return False


async def test_who_registers_has_an_account_and_is_signed_in(door: Door) -> None:
    name = unique()
    signed_in = await door.signin.register(
        f" {name}@EXAMPLE.org ", PASSWORD, " Zoé  Ñ ", name, DEVICE
    )
    account = signed_in.account
    assert account.email == f"{name}@example.org"
    assert (account.display_name, account.username) == ("Zoé Ñ", name)
    assert (account.avatar, account.confirmed_at, account.profile) == (None, None, Profile())
    assert account.number > 0
    assert signed_in.refresh_expires_at == door.clock() + REFRESH
    assert await door.sessions.authenticate(signed_in.access_token) == signed_in.actor
    assert await door.town.core.accounts.me(signed_in.actor) == account
    assert door.town.heard() == []


async def test_the_display_name_is_the_address_where_none_is_given(door: Door) -> None:
    address = f"{unique()}.{'x' * 40}@example.org"
    signed_in = await door.signin.register(address, PASSWORD, None, None, DEVICE)
    assert signed_in.account.display_name == address
    assert signed_in.account.username is None


async def test_only_the_digest_of_a_refresh_token_is_stored(door: Door) -> None:
    signed_in = await door.someone()
    assert signed_in.refresh_token is not None
    token = signed_in.refresh_token.encode()
    async with door.town.storage.read() as work:
        stored = await work.sessions.token(hashlib.sha256(token).digest())
        assert stored is not None
        assert (stored.session_id, stored.spent_at) == (signed_in.session.id, None)
        assert await work.sessions.token(token) is None


@pytest.mark.parametrize(
    ("wrong", "code", "attr"),
    [
        ({"email": "zoe"}, "invalid", "email"),
        ({"email": f"{'z' * 160}@example.org"}, "too_long", "email"),
        ({"email": "zo\x00e@example.org"}, "invalid", "email"),
        ({"password": "x" * 7}, "too_short", "password"),
        ({"password": "x" * 129}, "too_long", "password"),
        ({"display_name": ""}, "required", "display_name"),
        ({"display_name": "x" * 51}, "too_long", "display_name"),
        ({"username": "z"}, "invalid", "username"),
        ({"username": "zoe@example.org"}, "invalid", "username"),
    ],
)
async def test_what_one_registers_with_has_bounds(
    door: Door, wrong: dict[str, str], code: str, attr: str
) -> None:
    name = unique()
    given: dict[str, Any] = {
        "email": f"{name}@example.org",
        "password": PASSWORD,
        "display_name": "Zoé",
        "username": name,
    }
    with door.town.refuses(Invalid, code, attr):
        await door.signin.register(**(given | wrong), device=DEVICE)


async def test_an_address_and_a_username_belong_to_one_account_whatever_their_case(
    door: Door,
) -> None:
    known = (await door.someone()).account
    assert known.email is not None
    assert known.username is not None
    fresh = unique()
    with door.town.refuses(Invalid, "taken", "email"):
        await door.signin.register(known.email.upper(), PASSWORD, None, fresh, DEVICE)
    with door.town.refuses(Invalid, "taken", "username"):
        await door.signin.register(
            f"{fresh}@example.org", PASSWORD, None, known.username.upper(), DEVICE
        )
    # What was refused left nothing behind.
    await door.signin.register(f"{fresh}@example.org", PASSWORD, None, fresh, DEVICE)


async def test_of_two_who_register_one_address_at_the_same_time_one_gets_it(door: Door) -> None:
    address = f"{unique()}@example.org"
    outcomes = await asyncio.gather(
        *[door.signin.register(address, PASSWORD, None, None, DEVICE) for _ in range(3)],
        return_exceptions=True,
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    assert [(refusal.code, refusal.attr) for refusal in refused] == [("taken", "email")] * 2


async def test_a_device_says_of_itself_what_it_likes(door: Door) -> None:
    device = Device(name="Browser\x00 \ud800" + "x" * 300, address="::1" * 50)
    signed_in = await door.signin.register(f"{unique()}@example.org", PASSWORD, None, None, device)
    async with door.town.storage.read() as work:
        session = await work.sessions.get(signed_in.session.id)
    assert session == signed_in.session
    assert session.name.startswith("Browser xxx")
    assert len(session.name) <= 200
    assert len(session.address) <= 64


async def test_one_signs_in_by_address_or_username_in_any_case(door: Door) -> None:
    account = (await door.someone()).account
    assert account.email is not None
    assert account.username is not None
    for names in (
        {"email": account.email},
        {"email": f" {account.email.upper()} "},
        {"username": account.username},
        {"username": account.username.upper()},
    ):
        signed_in = await door.come_in(**names)
        assert signed_in.account == account
        assert await is_signed_in(door, signed_in)
    assert door.town.heard() == []


async def test_a_wrong_name_and_a_wrong_password_are_refused_in_the_same_words(door: Door) -> None:
    account = (await door.someone()).account
    without_password = await door.town.account(door.town.actors[0])
    details = set()
    for names, password in (
        ({"email": account.email}, "wrong horse battery"),
        ({"email": account.email}, ""),
        ({"username": account.username}, PASSWORD.upper()),
        ({"email": "nobody@example.org"}, PASSWORD),
        ({"username": "nobody_of_that_name"}, PASSWORD),
        ({"email": without_password.email}, PASSWORD),
        ({"email": account.username}, PASSWORD),
        ({"username": account.email}, PASSWORD),
        ({"email": ""}, PASSWORD),
        ({"email": "a\x00b@example.org"}, PASSWORD),
        ({"username": "a\x00b"}, PASSWORD),
        ({"username": "a\ud800"}, PASSWORD),
        ({"username": "x" * 100_000}, PASSWORD),
    ):
        with pytest.raises(NotAuthenticated) as refused:
            await door.signin.with_password(**names, password=password, device=DEVICE)
        assert refused.value.code == "invalid_credentials"
        details.add(refused.value.detail)
    assert len(details) == 1


@pytest.mark.parametrize("names", [{}, {"email": "a@example.org", "username": "a"}])
async def test_one_name_is_needed_to_sign_in(door: Door, names: dict[str, str]) -> None:
    with door.town.refuses(Invalid, "required", "email"):
        await door.signin.with_password(**names, password=PASSWORD, device=DEVICE)


async def test_a_password_fits_whole_or_not_at_all(door: Door) -> None:
    address, longest = f"{unique()}@example.org", "x" * 128
    await door.signin.register(address, longest, None, None, DEVICE)
    await door.signin.with_password(email=address, password=longest, device=DEVICE)
    for password in (longest[:-1], longest + "x", longest + "y" * 100_000):
        with door.town.refuses(NotAuthenticated, "invalid_credentials"):
            await door.signin.with_password(email=address, password=password, device=DEVICE)


async def test_a_hash_brought_along_is_replaced_at_the_first_sign_in(door: Door) -> None:
    account = (await door.someone()).account
    brought_along = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    async with door.town.storage.begin() as work:
        await work.accounts.set_password_hash(account.id, brought_along)
    for _ in range(2):
        await door.signin.with_password(email=account.email, password=PASSWORD, device=DEVICE)
        async with door.town.storage.read() as work:
            known = await work.accounts.credentials(email=account.email)
        assert known is not None
        assert known.password_hash is not None
        assert known.password_hash.startswith("$argon2id$")


async def test_signing_out_ends_one_session_and_says_so_once(door: Door) -> None:
    here = await door.someone()
    there = await door.come_in(email=here.account.email)
    await door.signin.sign_out(here.actor)
    assert door.town.heard() == [
        SessionsEnded(account_id=here.account.id, session_ids=(here.session.id,))
    ]
    assert not await is_signed_in(door, here)
    assert await is_signed_in(door, there)
    await door.signin.sign_out(here.actor)
    assert door.town.heard() == []


async def test_a_refresh_token_signs_out_spent_or_not(door: Door) -> None:
    first, second = await door.someone(), await door.someone()
    assert first.refresh_token is not None
    assert second.refresh_token is not None
    await door.signin.refresh(second.refresh_token, DEVICE.address)
    for signed_in, token in ((first, first.refresh_token), (second, second.refresh_token)):
        await door.signin.sign_out_token(token)
        assert not await is_signed_in(door, signed_in)
        assert door.town.heard() == [
            SessionsEnded(account_id=signed_in.account.id, session_ids=(signed_in.session.id,))
        ]
        await door.signin.sign_out_token(token)
        assert door.town.heard() == []


@no_token
async def test_signing_out_with_an_unknown_token_tells_nothing(door: Door, token: str) -> None:
    await door.signin.sign_out_token(token)
    assert door.town.heard() == []


async def test_signing_out_everywhere_ends_every_session_of_this_person_alone(door: Door) -> None:
    here, stranger = await door.someone("ana"), await door.someone("bea")
    there = await door.come_in(email=here.account.email)
    await door.signin.sign_out_all(here.actor)
    (ended,) = door.town.heard()
    assert isinstance(ended, SessionsEnded)
    assert ended.account_id == here.account.id
    assert set(ended.session_ids) == {here.session.id, there.session.id}
    assert not await is_signed_in(door, here)
    assert not await is_signed_in(door, there)
    assert await is_signed_in(door, stranger)
    await door.signin.sign_out_all(here.actor)
    assert door.town.heard() == []
