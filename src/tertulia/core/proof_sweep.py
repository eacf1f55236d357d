"""Forgetting proofs that expired: one-time tokens, codes sent to telephones, and handovers.

Whoever shows one is refused by its time alone, so nothing depends on this but how much lies about:
a link that nobody opens and a code that nobody types would otherwise stay for ever.
"""

from __future__ import annotations

import logging

from tertulia.core.ports import Clock, Storage
from tertulia.core.repeating import repeat

log = logging.getLogger(__name__)

PERIOD_S = 3600.0


class ProofSweep:
    """Sweeps expired proofs away; on several nodes each does so, and none is in another's way."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def run(self) -> None:
        """Sweep at once and then every hour, for ever."""
        await repeat(
            self.sweep,
            PERIOD_S,
            log,
            outage="the database cannot be asked to forget what expired",
            failure="expired tokens and codes could not be swept away",
        )

    async def sweep(self) -> None:
        """Forget every token, code and handover whose time is over."""
        now = self._clock()
        async with self._storage.begin() as work:
            await work.one_time_tokens.sweep(now)
            await work.phone_codes.sweep(now)
            await work.handovers.sweep(now)
