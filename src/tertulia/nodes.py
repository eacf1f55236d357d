"""What the nodes of one town share: the memory of the one process there is, or a Redis."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.adapters.limits_redis import LimitsInRedis
from tertulia.adapters.tickets_memory import TicketsInMemory
from tertulia.adapters.tickets_redis import TicketsInRedis
from tertulia.core.ids import new_id
from tertulia.core.limits import Limits
from tertulia.core.ports import Storage
from tertulia.core.recovery import Recovery
from tertulia.core.roster import Roster
from tertulia.core.sessions import Tickets
from tertulia.realtime.broker import Broker
from tertulia.realtime.broker_memory import MemoryBroker
from tertulia.realtime.broker_redis import RedisBroker
from tertulia.realtime.hub import Hub
from tertulia.realtime.roster_memory import MemoryRoster
from tertulia.realtime.roster_redis import RedisRoster
from tertulia.realtime.sweep import Sweep
from tertulia.redis_link import RedisLink

_log = logging.getLogger(__name__)

_ROSTERS = ("online", "statuses", "visitors", "typists")

Loop = Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What the core keeps of this moment, for all nodes together.

    `node` is what this one is called among others; it `is_alone` while it does not hear them.
    """

    limits: Limits
    tickets: Tickets
    online: Roster
    statuses: Roster
    visitors: Roster
    typists: Roster
    node: str | None
    is_alone: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Nodes:
    """The roads between this node and the others."""

    broker: Broker
    shared: Shared

    def sweeping(
        self, hub: Hub, storage: Storage, period_s: float, *, commits_far_away: bool
    ) -> tuple[Loop, ...]:
        """Return what finds the facts that were lost on the way; where nothing is lost, nothing.

        A node alone loses those whose commit was not answered: a database that commits far away
        may do so and its connection break.
        """
        if not (commits_far_away or isinstance(self.broker, RedisBroker)):
            return ()
        sweep = Sweep(hub, storage, Recovery(storage), period_s=period_s)
        hub.holes.look_up = sweep.soon
        if isinstance(self.broker, RedisBroker):
            self.broker.when_back(sweep.soon)
        return (sweep.run,)


@asynccontextmanager
async def open_nodes(redis_url: str | None, *, limits_scale: float) -> AsyncIterator[Nodes]:
    """Open the roads to other nodes by way of a Redis, or none where there is no Redis."""
    if redis_url is None:
        yield Nodes(MemoryBroker(), in_memory(limits_scale=limits_scale))
        return
    link = RedisLink(redis_url)
    _log.info("this is one of several nodes, which hear each other by Redis at %s", link.place)
    road = RedisBroker(link)
    rosters = {name: RedisRoster(link, name) for name in _ROSTERS}
    restoring: set[asyncio.Task[None]] = set()

    def restore() -> None:
        for roster in rosters.values():
            task = asyncio.create_task(roster.restore())
            restoring.add(task)
            task.add_done_callback(restoring.discard)

    road.when_back(restore)
    road.open()
    try:
        shared = Shared(
            limits=LimitsInRedis(link, scale=limits_scale),
            tickets=TicketsInRedis(link),
            node=new_id().hex,
            is_alone=lambda: not road.is_connected,
            **rosters,
        )
        yield Nodes(road, shared)
    finally:
        await road.close()
        await asyncio.gather(*restoring)
        await link.close()


def _never() -> bool:
    return False


def in_memory(*, limits_scale: float) -> Shared:
    """Return what one node alone keeps in its memory."""
    rosters = {name: MemoryRoster() for name in _ROSTERS}
    limits = LimitsInMemory(scale=limits_scale)
    return Shared(limits=limits, tickets=TicketsInMemory(), node=None, is_alone=_never, **rosters)
