"""Traffic in every dialect through every fault there is, and what the judge says of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from tests.e2e.checker import Fault, Seen, check_stays
from tests.e2e.talker import Talker
from tests.e2e.three_nodes import ThreeNodes
from tests.gateways.dialects.all_voices import VOICES
from tests.gateways.dialects.voices import Place
from tests.waiting import until

LIVE = ("phoenix", "rooms", "events", "socketio")
"""The dialects that tell by themselves what happens."""

PATIENCE_S = 30.0
CONVERGENCE_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it: how much was sent and told, on how many connections, and what was wrong."""

    acknowledged: int
    told: int
    connections: int
    converged_s: float
    faults: Sequence[Fault]


async def endure(
    town: ThreeNodes, *, listeners: int, pause_s: float, steady_s: float, say: Callable[[str], None]
) -> Outcome:
    """Have people talk while one part after the other fails.

    Each of the dialects has one who sends every `pause_s`, and a share of the `listeners`. Before
    and after each fault all is well for `steady_s`.
    """
    ana, bea = town.place.town.people[:2]
    await town.place.town.send(ana, town.place.id, "Is everybody there?")
    senders = [
        Talker(town.place, ana, dialect, f"by-{dialect}", pause_s=pause_s) for dialect in VOICES
    ]
    ears = [
        Talker(town.place, bea, dialect, f"{dialect}-{number}")
        for number, dialect in enumerate(islice(cycle(LIVE), listeners))
    ]
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:
        listening = [group.create_task(ear.run()) for ear in ears]
        await until(lambda: all(ear.stays for ear in ears), within_s=PATIENCE_S, what="all came")
        sending = [group.create_task(sender.run()) for sender in senders]
        await asyncio.sleep(steady_s)
        ways_to_fail: Sequence[Callable[[], Awaitable[None]]] = (
            lambda: town.lose_a_node(steady_s),
            lambda: town.lose_redis(steady_s),
            lambda: town.lose_postgres(1.0),
            town.cut_off_a_node,
        )
        for fail in ways_to_fail:
            await fail()
            say(f"{sum(len(sender.acknowledged) for sender in senders)} sends acknowledged")
            await asyncio.sleep(steady_s)
        over_s = loop.time()
        for sender in senders:
            sender.stop()
        await asyncio.wait_for(asyncio.gather(*sending), PATIENCE_S)
        stored = await _stored(town.place)
        last = max(stored.values(), key=lambda seen: seen.seq)
        names = {name for name, seen in stored.items() if seen == last}
        await until(
            lambda: all(ear.heard and names & set(ear.heard[-1].told[-1:]) for ear in ears),
            within_s=PATIENCE_S,
            what="all were told the last message",
        )
        converged_s = loop.time() - over_s
        for task in listening:
            task.cancel()
    heard = {ear.name: ear.heard for ear in ears}
    acknowledged = {text for sender in senders for text in sender.acknowledged}
    stays = [stay for each in heard.values() for stay in each]
    return Outcome(
        acknowledged=len(acknowledged),
        told=sum(len(stay.told) for stay in stays),
        connections=len(stays),
        converged_s=converged_s,
        faults=check_stays(acknowledged, stored, heard),
    )


async def _stored(place: Place) -> dict[str, Seen]:
    """Return the history by each name that a dialect has for a message."""
    stored: dict[str, Seen] = {}
    token = ""
    while True:
        path = f"/api/messages?conversation_id={place.id}&page_size=100&page_token={token}"
        page: dict[str, Any] = await place.town.call(place.town.ana, "GET", path)
        for message in page["items"]:
            seen = Seen(message["seq"], message["client_ref"], message["content"])
            stored[message["id"]] = stored[str(message["seq"])] = seen
        token = page["page_token"]
        if not token:
            return stored
