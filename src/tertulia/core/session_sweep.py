"""Finding sessions that another process has ended: the command line, or a node out of earshot.

Whoever ends a session announces it, and its sockets close at once where that is heard. The
database is what everybody hears, so it is asked as well, every few seconds. A session that is
announced twice is closed once: no client is told of the announcement itself.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from tertulia.core.events import SessionsEnded
from tertulia.core.ports import Clock, Publish, Storage
from tertulia.core.repeating import repeat

log = logging.getLogger(__name__)

PERIOD_S = 2.0
OVERLAP = timedelta(minutes=1)
"""How far each look reaches back behind the one before.

A session is stamped with its end before that is committed, and by a clock that is not ours.
"""


class SessionSweep:
    """Announces ended sessions, each once, to those who listen here."""

    def __init__(self, storage: Storage, publish: Publish, clock: Clock) -> None:
        self._storage = storage
        self._publish = publish
        self._clock = clock
        self._looked_at: datetime | None = None
        self._told: frozenset[UUID] = frozenset()

    async def run(self) -> None:
        """Look every few seconds, for ever."""
        # After an outage the next look reaches back to the last one that succeeded.
        await repeat(
            self.look,
            PERIOD_S,
            log,
            outage="the database cannot be asked which sessions have ended",
            failure="ended sessions could not be looked for",
        )

    async def look(self) -> None:
        """Announce what has ended since the last look."""
        now = self._clock()
        async with self._storage.read() as work:
            ended = await work.sessions.ended_since((self._looked_at or now) - OVERLAP)
        fresh: dict[UUID, list[UUID]] = defaultdict(list)
        for session in ended:
            if session.id not in self._told:
                fresh[session.account_id].append(session.id)
        self._looked_at = now
        self._told = frozenset(session.id for session in ended)
        if fresh:
            self._publish(
                [
                    SessionsEnded(account_id=account_id, session_ids=tuple(session_ids))
                    for account_id, session_ids in fresh.items()
                ]
            )
