"""Single-use socket tickets in this process's memory."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from tertulia.core.model import Actor

TICKET_LIFETIME_S = 30.0
TICKET_BYTES = 32


class TicketsInMemory:
    """The core's Tickets for a server of one node.

    At most `max_tickets` are kept; past that the oldest ones go first, which nobody who opens a
    socket right after asking for a ticket notices.
    """

    def __init__(
        self, *, max_tickets: int = 10_000, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._max_tickets = max_tickets
        self._clock_s = clock_s
        # In order of issue, and therefore of expiry.
        self._held: dict[str, tuple[Actor, float]] = {}

    async def issue(self, actor: Actor) -> str:
        """Return a new unguessable ticket for this person, good for 30 seconds."""
        now_s = self._clock_s()
        self._forget(now_s)
        ticket = secrets.token_urlsafe(TICKET_BYTES)
        self._held[ticket] = (actor, now_s + TICKET_LIFETIME_S)
        return ticket

    async def redeem(self, ticket: str) -> Actor | None:
        """Return whose ticket it is, once; None for any that does not hold."""
        actor, expires_s = self._held.pop(ticket, (None, 0.0))
        return actor if self._clock_s() < expires_s else None

    def _forget(self, now_s: float) -> None:
        while self._held:
            oldest = next(iter(self._held))
            if self._held[oldest][1] > now_s and len(self._held) < self._max_tickets:
                return
            del self._held[oldest]
