"""The law of listening: after its snapshot, each listener hears every change once and in order."""

from __future__ import annotations

from dataclasses import dataclass

import uvloop
from hypothesis import given
from hypothesis import strategies as st

from tertulia.realtime.broker_memory import MemoryBroker
from tertulia.realtime.hub import Hub
from tertulia.realtime.subscription import Subscription
from tertulia.realtime.topic import ConversationTopic
from tests.realtime.facts import CHAT, sent
from tests.realtime.listening import RecordingConnection, TerseDialect, end_of_turn

TOPIC = ConversationTopic(CHAT)
STEPS = 12
MAX_DELAY = 3


@dataclass(frozen=True, slots=True)
class Visit:
    """When somebody subscribes, reads the snapshot, and opens the subscription: three steps."""

    subscribes: int
    reads: int
    opens: int


class Visitor:
    """Somebody who does these things when it is time."""

    def __init__(self, hub: Hub, visit: Visit, connection: RecordingConnection) -> None:
        self.connection = connection
        self.covered = 0
        self._hub = hub
        self._visit = visit
        self._subscription: Subscription | None = None
        hub.attach(connection)

    def step(self, step: int) -> None:
        """Do what is to be done at a step; at its beginning as many changes are committed."""
        if self._visit.subscribes == step:
            self._subscription = self._hub.subscribe(self.connection, TOPIC)
        if self._visit.reads == step:
            self.covered = step
        if self._visit.opens == step and self._subscription is not None:
            self._subscription.open(self.covered)


def _visit(steps: list[int]) -> Visit:
    return Visit(*sorted(steps))


_visits = st.lists(
    st.lists(st.integers(0, STEPS), min_size=3, max_size=3).map(_visit), min_size=1, max_size=4
)
_delays = st.lists(st.integers(0, MAX_DELAY), min_size=STEPS, max_size=STEPS)
_turns = st.lists(st.booleans(), min_size=STEPS, max_size=STEPS)


@given(_visits, _delays, _turns)
def test_nothing_is_missed_or_repeated_whatever_happens_at_the_same_time(
    visits: list[Visit], delays: list[int], turns: list[bool]
) -> None:
    uvloop.run(_live_through(visits, delays, turns))


async def _live_through(visits: list[Visit], delays: list[int], turns: list[bool]) -> None:
    """At each step one change is committed, and announced up to `MAX_DELAY` steps later."""
    hub = Hub(MemoryBroker(), slow_listener_bytes=1 << 20)
    dialect = TerseDialect()
    visitors = [Visitor(hub, visit, RecordingConnection(dialect)) for visit in visits]
    for step in range(STEPS + MAX_DELAY + 1):
        for visitor in visitors:
            visitor.step(step)
        due = [seq for seq, delay in enumerate(delays, start=1) if seq + delay == step]
        hub.publish([sent(seq) for seq in reversed(due)])
        if step >= STEPS or turns[step]:
            await end_of_turn()
    for visitor in visitors:
        wanted = [f"MessageSent {seq}" for seq in range(visitor.covered + 1, STEPS + 1)]
        assert visitor.connection.log == wanted
