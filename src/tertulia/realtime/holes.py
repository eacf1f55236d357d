"""What is done about a change that is missing while later ones are there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tertulia.realtime.audience import Audience

HOLE_S = 1.0
"""How long a missing change is waited for."""
LOOK_S = 5.0
"""How much longer where it is looked up."""


class Holes:
    """Gives what is missing its time to come, and then has it be jumped or looked up.

    It is jumped only where nothing is lost: on a node that is alone with its database, and where a
    look at all there is has left it open. Where nobody could look in time, who listens is sent away
    to come back: what is missing may be that somebody may listen no more.
    """

    def __init__(
        self, jump: Callable[[Audience], None], send_away: Callable[[Audience], None]
    ) -> None:
        self.look_up: Callable[[], None] | None = None
        """Has what is missing be looked up; None where nothing is ever lost."""
        self.asked = 0
        """How often that was asked for."""
        self._jump = jump
        self._send_away = send_away
        self._looked_for: dict[Audience, int] = {}

    def watch(self, audience: Audience, *, has_moved: bool) -> None:
        """Give what is missing its time to come, counted from the last step forward."""
        has_hole = audience.has_hole
        if audience.hole_timer is not None and (has_moved or not has_hole):
            self.forget(audience)
        if has_hole:
            if audience.is_full:
                self._wait(audience, 0, self._give_up)
            elif audience.hole_timer is None:
                self._wait(audience, HOLE_S, self._close)

    def forget(self, audience: Audience) -> None:
        """Wait no more for what is missing there."""
        if audience.hole_timer is not None:
            audience.hole_timer.cancel()
            audience.hole_timer = None
        self._looked_for.pop(audience, None)

    def looked_up(self, asked: int) -> None:
        """Learn that all there is was told by a look that began when it was `asked` so often."""
        for audience, at in list(self._looked_for.items()):
            # A look that began earlier says nothing of a hole that was not there yet.
            if at <= asked:
                self.forget(audience)
                self._jump(audience)

    def _close(self, audience: Audience) -> None:
        if self.look_up is None:
            self._give_up(audience)
            return
        self._wait(audience, LOOK_S, self._give_up)
        self.asked += 1
        self._looked_for[audience] = self.asked
        self.look_up()

    def _give_up(self, audience: Audience) -> None:
        self.forget(audience)
        if self.look_up is None:
            self._jump(audience)
        else:
            self._send_away(audience)

    def _wait(self, audience: Audience, wait_s: float, then: Callable[[Audience], None]) -> None:
        self.forget(audience)
        loop = asyncio.get_running_loop()
        audience.hole_timer = loop.call_later(wait_s, then, audience)
