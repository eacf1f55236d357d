"""Staying signed in: refresh tokens, their rotation, and what a stolen one brings."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.core.entrance import SignedIn
from tertulia.core.errors import NotAuthenticated, Refusal
from tertulia.core.events import SessionsEnded
from tests.core.door import ACCESS, DEVICE, GRACE, REFRESH, TOLERANCE, no_token

if TYPE_CHECKING:
    from tests.core.door import Door

A_MOMENT = timedelta(milliseconds=1)


def refresh_token(signed_in: SignedIn) -> str:
    """Return the refresh token that came with a sign-in."""
    assert signed_in.refresh_token is not None
    return signed_in.refresh_token


def ended(signed_in: SignedIn) -> list[SessionsEnded]:
    """Return how the end of a session is announced."""
    return [SessionsEnded(account_id=signed_in.account.id, session_ids=(signed_in.session.id,))]


async def assert_ended(door: Door, *signed_in: SignedIn) -> None:
    """Check that nothing which these sign-ins brought opens anything."""
    for each in signed_in:
        with door.town.refuses(NotAuthenticated, "invalid_token"):
            await door.sessions.authenticate(each.access_token)
        if each.refresh_token is not None:
            with door.town.refuses(NotAuthenticated, "invalid_token"):
                await door.signin.refresh(each.refresh_token, DEVICE.address)


async def test_a_refresh_token_is_exchanged_for_a_new_pair(door: Door) -> None:
    first = await door.someone()
    door.clock.advance(timedelta(days=3))
    second = await door.signin.refresh(refresh_token(first), DEVICE.address)
    assert (second.account, second.session.id) == (first.account, first.session.id)
    assert second.refresh_token != first.refresh_token
    assert second.refresh_expires_at == door.clock() + REFRESH
    assert await door.sessions.authenticate(second.access_token) == first.actor
    async with door.town.storage.read() as work:
        session = await work.sessions.get(first.session.id)
    assert session is not None
    assert session.last_used_at == door.clock()
    assert door.town.heard() == []


async def test_a_chain_of_refreshes_goes_on_for_ever(door: Door) -> None:
    signed_in = await door.someone()
    for _ in range(5):
        door.clock.advance(REFRESH - A_MOMENT)
        signed_in = await door.signin.refresh(refresh_token(signed_in), DEVICE.address)
    assert await door.sessions.authenticate(signed_in.access_token) == signed_in.actor


async def test_a_refresh_token_expires(door: Door) -> None:
    signed_in = await door.someone()
    door.clock.advance(REFRESH)
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.signin.refresh(refresh_token(signed_in), DEVICE.address)


@no_token
async def test_an_unknown_token_refreshes_nothing(door: Door, token: str) -> None:
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.signin.refresh(token, DEVICE.address)


async def test_a_token_used_twice_ends_its_session_and_no_other(door: Door) -> None:
    first, elsewhere = await door.someone(), await door.someone()
    second = await door.signin.refresh(refresh_token(first), DEVICE.address)
    with pytest.raises(NotAuthenticated) as refused:
        await door.signin.refresh(refresh_token(first), DEVICE.address)
    assert refused.value.code == "invalid_token"
    assert door.town.heard() == ended(first)
    await assert_ended(door, first, second)
    assert await door.sessions.authenticate(elsewhere.access_token) == elsewhere.actor


async def test_a_token_used_at_the_same_time_by_several_leaves_nobody_signed_in(
    door: Door,
) -> None:
    first = await door.someone()
    outcomes = await asyncio.gather(
        *[door.signin.refresh(refresh_token(first), DEVICE.address) for _ in range(4)],
        return_exceptions=True,
    )
    winners = [outcome for outcome in outcomes if isinstance(outcome, SignedIn)]
    losers = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    assert len(winners) == 1
    assert [loser.code for loser in losers] == ["invalid_token"] * 3
    assert door.town.heard() == ended(first)
    await assert_ended(door, first, *winners)


async def test_a_session_that_was_signed_out_is_not_refreshed(door: Door) -> None:
    signed_in = await door.someone()
    await door.signin.sign_out(signed_in.actor)
    door.town.heard()
    await assert_ended(door, signed_in)


async def test_a_request_whose_access_expired_a_moment_ago_is_renewed_on_the_way(
    door: Door,
) -> None:
    first = await door.someone()
    door.clock.advance(ACCESS + TOLERANCE - A_MOMENT)
    renewed = await door.signin.renew(first.access_token, refresh_token(first))
    assert renewed.refresh_token not in (None, first.refresh_token)
    assert renewed.actor == first.actor
    assert await door.sessions.authenticate(renewed.access_token) == first.actor
    assert door.town.heard() == []


async def test_a_request_whose_access_expired_long_ago_is_not_renewed(door: Door) -> None:
    first = await door.someone()
    door.clock.advance(ACCESS + TOLERANCE)
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.signin.renew(first.access_token, refresh_token(first))
    # Nothing was spent.
    await door.signin.refresh(refresh_token(first), DEVICE.address)


async def test_requests_that_a_page_makes_at_once_are_all_let_through(door: Door) -> None:
    first = await door.someone()
    door.clock.advance(ACCESS)
    token = refresh_token(first)
    renewals = await asyncio.gather(
        *[door.signin.renew(first.access_token, token) for _ in range(4)]
    )
    door.clock.advance(GRACE)
    renewals.append(await door.signin.renew(first.access_token, token))
    assert sum(renewed.refresh_token is not None for renewed in renewals) == 1
    for renewed in renewals:
        assert await door.sessions.authenticate(renewed.access_token) == first.actor
    assert {renewed.refresh_expires_at for renewed in renewals if not renewed.refresh_token} == {
        first.refresh_expires_at
    }
    assert door.town.heard() == []


async def test_a_spent_token_that_comes_late_ends_its_session(door: Door) -> None:
    first = await door.someone()
    door.clock.advance(ACCESS)
    renewed = await door.signin.renew(first.access_token, refresh_token(first))
    door.clock.advance(GRACE + A_MOMENT)
    with pytest.raises(NotAuthenticated) as refused:
        await door.signin.renew(first.access_token, refresh_token(first))
    assert refused.value.code == "invalid_token"
    assert door.town.heard() == ended(first)
    await assert_ended(door, first, renewed)


async def test_a_refresh_has_no_grace(door: Door) -> None:
    first = await door.someone()
    door.clock.advance(ACCESS)
    renewed = await door.signin.renew(first.access_token, refresh_token(first))
    with pytest.raises(NotAuthenticated):
        await door.signin.refresh(refresh_token(first), DEVICE.address)
    assert door.town.heard() == ended(first)
    await assert_ended(door, first, renewed)


async def test_both_tokens_of_a_renewal_belong_to_one_session(door: Door) -> None:
    ana = await door.someone("ana")
    bea = await door.someone("bea")
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.signin.renew(ana.access_token, refresh_token(bea))
    for signed_in in (ana, bea):
        await door.signin.refresh(refresh_token(signed_in), DEVICE.address)


@no_token
async def test_an_unknown_token_renews_nothing(door: Door, token: str) -> None:
    signed_in = await door.someone()
    for access_token, refresh in (
        (token, refresh_token(signed_in)),
        (signed_in.access_token, token),
    ):
        with door.town.refuses(NotAuthenticated, "invalid_token"):
            await door.signin.renew(access_token, refresh)


async def test_a_session_that_was_signed_out_is_not_renewed(door: Door) -> None:
    signed_in = await door.someone()
    await door.signin.sign_out_all(signed_in.actor)
    door.town.heard()
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.signin.renew(signed_in.access_token, refresh_token(signed_in))
