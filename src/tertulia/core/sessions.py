"""Who is calling: access tokens, and single-use tickets for opening a socket."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from tertulia.core import limits
from tertulia.core.errors import NotAuthenticated
from tertulia.core.limits import Limits
from tertulia.core.model import Actor
from tertulia.core.ports import AccessTokens, Clock, Storage

NOTED_EVERY = timedelta(minutes=5)
"""How exactly a session's last use is known; noting each would make every request a write."""


class Tickets(Protocol):
    """Keeps single-use tickets for the short while in which they hold."""

    async def issue(self, actor: Actor) -> str:
        """Return a new unguessable ticket for this person."""

    async def redeem(self, ticket: str) -> Actor | None:
        """Return whose ticket it is, once; None for any that does not hold."""


class Sessions:
    """Turns what a request carries into an Actor."""

    def __init__(
        self,
        storage: Storage,
        tokens: AccessTokens,
        tickets: Tickets,
        doors: Limits,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._tokens = tokens
        self._tickets = tickets
        self._doors = doors
        self._clock = clock

    async def authenticate(self, access_token: str) -> Actor:
        """Return who holds a token whose session goes on; NotAuthenticated otherwise."""
        account_id, session_id = self._tokens.read(access_token, self._clock())
        actor = Actor(account_id=account_id, session_id=session_id)
        await self._check(actor)
        return actor

    async def issue_ticket(self, actor: Actor) -> str:
        """Return a ticket that opens one socket within 30 seconds; RateLimited if too many."""
        await self._doors.take(limits.SOCKET_TICKETS_OF, str(actor.account_id))
        return await self._tickets.issue(actor)

    async def redeem_ticket(self, ticket: str) -> Actor:
        """Return whose ticket it is, once; NotAuthenticated otherwise."""
        actor = await self._tickets.redeem(ticket)
        if actor is None:
            raise NotAuthenticated("This ticket is not valid.", code="invalid_token")
        await self._check(actor)
        return actor

    async def _check(self, actor: Actor) -> None:
        async with self._storage.read() as work:
            held = await work.sessions.holder(actor.session_id)
        if held is None or held[0] != actor.account_id:
            raise NotAuthenticated("This session has ended.", code="invalid_token")
        now = self._clock()
        if now - held[1] >= NOTED_EVERY:
            async with self._storage.begin() as work:
                await work.sessions.touch(actor.session_id, now)
