"""Single-use socket tickets in Redis: what one node issues another redeems.

Redis is told what a ticket hashes to, so that whoever looks into it cannot use one.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any
from uuid import UUID

from tertulia.adapters.tickets_memory import TICKET_BYTES, TICKET_LIFETIME_S, TicketsInMemory
from tertulia.core.model import Actor
from tertulia.redis_link import RedisAway, RedisLink


class TicketsInRedis:
    """The core's Tickets; while Redis is away a ticket is good on the node that issued it."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link
        self._alone = TicketsInMemory()

    async def issue(self, actor: Actor) -> str:
        """Return a new unguessable ticket for this person, good for 30 seconds."""
        ticket = secrets.token_urlsafe(TICKET_BYTES)
        place, said = self._place(ticket), f"{actor.account_id} {actor.session_id}"
        lifetime_ms = round(TICKET_LIFETIME_S * 1000)
        try:
            await self._link.ask(lambda: self._link.redis.set(place, said, px=lifetime_ms))
        except RedisAway:
            return await self._alone.issue(actor)
        return ticket

    async def redeem(self, ticket: str) -> Actor | None:
        """Return whose ticket it is, once; None for any that does not hold."""
        own = await self._alone.redeem(ticket)
        if own is not None:
            return own
        place = self._place(ticket)
        said: Any
        try:
            said = await self._link.ask(lambda: self._link.redis.getdel(place))
        except RedisAway:
            return None
        if said is None:
            return None
        account_id, session_id = said.decode().split()
        return Actor(account_id=UUID(account_id), session_id=UUID(session_id))

    def _place(self, ticket: str) -> str:
        digest = hashlib.sha256(ticket.encode(errors="replace")).hexdigest()
        return f"{self._link.space}ticket:{digest}"
