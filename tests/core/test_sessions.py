"""Who is calling: access tokens and tickets."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from tertulia.adapters.tokens import SignedTokens
from tertulia.core.errors import NotAuthenticated, Refusal
from tertulia.core.ids import new_id
from tertulia.core.model import Actor
from tests.core.door import ACCESS, no_token

if TYPE_CHECKING:
    from tests.core.door import Door


async def test_an_access_token_says_who_calls(door: Door) -> None:
    signed_in = await door.someone()
    door.clock.advance(ACCESS - timedelta(seconds=1))
    assert await door.sessions.authenticate(signed_in.access_token) == Actor(
        account_id=signed_in.account.id, session_id=signed_in.session.id
    )


async def test_an_access_token_expires(door: Door) -> None:
    signed_in = await door.someone()
    door.clock.advance(ACCESS)
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.sessions.authenticate(signed_in.access_token)


@no_token
async def test_what_is_no_access_token_opens_nothing(door: Door, token: str) -> None:
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.sessions.authenticate(token)


async def test_a_token_signed_by_others_opens_nothing(door: Door) -> None:
    signed_in = await door.someone()
    forged = SignedTokens("f" * 64, ACCESS).issue(
        signed_in.account.id, signed_in.account.number, signed_in.session.id, door.clock()
    )
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.sessions.authenticate(forged)


async def test_a_token_names_the_session_of_its_own_account(door: Door) -> None:
    ana, bea = await door.someone("ana"), await door.someone("bea")
    for account_id, session_id in (
        (ana.account.id, bea.session.id),
        (ana.account.id, new_id()),
        (new_id(), ana.session.id),
    ):
        token = door.tokens.issue(account_id, ana.account.number, session_id, door.clock())
        with door.town.refuses(NotAuthenticated, "invalid_token"):
            await door.sessions.authenticate(token)


async def test_an_access_token_ends_with_its_session(door: Door) -> None:
    signed_in = await door.someone()
    await door.signin.sign_out(signed_in.actor)
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.sessions.authenticate(signed_in.access_token)


async def test_a_ticket_says_who_calls_once(door: Door) -> None:
    signed_in = await door.someone()
    ticket = await door.sessions.issue_ticket(signed_in.actor)
    assert await door.sessions.redeem_ticket(ticket) == signed_in.actor
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.sessions.redeem_ticket(ticket)


async def test_of_several_who_show_one_ticket_at_once_one_is_let_in(door: Door) -> None:
    signed_in = await door.someone()
    ticket = await door.sessions.issue_ticket(signed_in.actor)
    outcomes = await asyncio.gather(
        *[door.sessions.redeem_ticket(ticket) for _ in range(3)], return_exceptions=True
    )
    assert outcomes.count(signed_in.actor) == 1
    assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 2


async def test_each_ticket_is_another_and_opens_for_its_own_person(door: Door) -> None:
    ana, bea = await door.someone("ana"), await door.someone("bea")
    tickets = [
        (actor, await door.sessions.issue_ticket(actor))
        for actor in (ana.actor, bea.actor, ana.actor)
    ]
    assert len({ticket for _, ticket in tickets}) == 3
    for actor, ticket in tickets:
        assert await door.sessions.redeem_ticket(ticket) == actor


async def test_a_ticket_ends_with_its_session(door: Door) -> None:
    signed_in = await door.someone()
    ticket = await door.sessions.issue_ticket(signed_in.actor)
    await door.signin.sign_out(signed_in.actor)
    door.town.heard()
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.sessions.redeem_ticket(ticket)


@no_token
async def test_what_is_no_ticket_opens_nothing(door: Door, token: str) -> None:
    with door.town.refuses(NotAuthenticated, "invalid_token"):
        await door.sessions.redeem_ticket(token)
