"""The devices that one is signed in on, and ending the others."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from tertulia.core.entrance import Device, SignedIn
from tertulia.core.errors import NotAuthenticated, NotFound
from tertulia.core.events import SessionsEnded
from tertulia.core.ids import new_id
from tests.core.door import ACCESS, DEVICE, PASSWORD

if TYPE_CHECKING:
    from uuid import UUID

    from tests.core.door import Door


async def signed_in_on(door: Door, owner: SignedIn, name: str) -> SignedIn:
    """Have somebody sign in on one more device, a minute later."""
    door.clock.advance(timedelta(minutes=1))
    admission = await door.signin.with_password(
        email=owner.account.email,
        password=PASSWORD,
        device=Device(name=name, address="192.0.2.7"),
    )
    assert isinstance(admission, SignedIn)
    return admission


async def living(door: Door, signed_in: SignedIn) -> list[UUID]:
    """Return the sessions of a person that go on."""
    return [session.id for session in await door.devices.living(signed_in.actor)]


async def test_each_sign_in_is_a_session_with_its_name_address_and_last_use(door: Door) -> None:
    laptop = await door.someone()
    phone = await signed_in_on(door, laptop, "Firefox on Android")
    found = await door.devices.living(laptop.actor)
    assert found == (phone.session, laptop.session)
    assert (found[0].name, found[0].address) == ("Firefox on Android", "192.0.2.7")
    assert found[0].last_used_at == found[0].inserted_at == door.clock()
    door.clock.advance(timedelta(minutes=10))
    await door.sessions.authenticate(laptop.access_token)
    assert await living(door, laptop) == [laptop.session.id, phone.session.id]


async def test_one_sees_ones_own_sessions_alone(door: Door) -> None:
    ana, bea = await door.someone("ana"), await door.someone("bea")
    assert await living(door, ana) == [ana.session.id]
    assert await living(door, bea) == [bea.session.id]


async def test_ending_a_session_is_announced_and_nothing_of_it_opens_anything(door: Door) -> None:
    here = await door.someone()
    there = await signed_in_on(door, here, "Elsewhere")
    await door.devices.end(here.actor, there.session.id)
    assert door.town.heard() == [
        SessionsEnded(account_id=here.account.id, session_ids=(there.session.id,))
    ]
    assert await living(door, here) == [here.session.id]
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.sessions.authenticate(there.access_token)
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.signin.refresh(there.refresh_token or "", DEVICE.address)
    await door.sessions.authenticate(here.access_token)


async def test_a_session_is_ended_once_and_by_its_owner(door: Door) -> None:
    ana, bea = await door.someone("ana"), await door.someone("bea")
    for actor, session_id in ((bea.actor, ana.session.id), (ana.actor, new_id())):
        with door.town.refuses(NotFound, "not_found"):
            await door.devices.end(actor, session_id)
    await door.sessions.authenticate(ana.access_token)
    there = await signed_in_on(door, ana, "Elsewhere")
    outcomes = await asyncio.gather(
        *[door.devices.end(ana.actor, there.session.id) for _ in range(3)], return_exceptions=True
    )
    assert sorted(str(type(outcome).__name__) for outcome in outcomes) == [
        "NoneType",
        "NotFound",
        "NotFound",
    ]
    assert len(door.town.heard()) == 1


async def test_ending_all_others_leaves_the_one_that_asks(door: Door) -> None:
    here, bea = await door.someone(), await door.someone("bea")
    others = [await signed_in_on(door, here, name) for name in ("One", "Two")]
    await door.devices.end_others(here.actor)
    (ended,) = door.town.heard()
    assert isinstance(ended, SessionsEnded)
    assert ended.account_id == here.account.id
    assert set(ended.session_ids) == {other.session.id for other in others}
    assert await living(door, here) == [here.session.id]
    assert await living(door, bea) == [bea.session.id]
    await door.devices.end_others(here.actor)
    assert door.town.heard() == []
    door.clock.advance(ACCESS - timedelta(minutes=5))
    await door.sessions.authenticate(here.access_token)
