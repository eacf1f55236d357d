"""What holds at this moment is the same on two nodes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.gateways.conftest import Person
from tests.gateways.dialects.twins import Twins
from tests.gateways.dialects.voices import Place
from tests.waiting import until_found

pytestmark = pytest.mark.timeout(120)

Frame = dict[str, Any]


@asynccontextmanager
async def connected(place: Place, person: Person, path: str) -> AsyncIterator[ClientConnection]:
    """Open a plain socket of somebody's."""
    base = place.town.url.replace("http", "ws", 1)
    async with connect(f"{base}{path}?token={quote(person.token)}") as socket:
        yield socket


async def hear(socket: ClientConnection, is_it: Callable[[Frame], bool]) -> Frame:
    """Return the first frame that is the one meant."""
    async with asyncio.timeout(10):
        while True:
            frame: Frame = json.loads(await socket.recv())
            if is_it(frame):
                return frame


async def test_a_status_on_one_node_is_seen_on_the_other(twins: Twins) -> None:
    ana, bea = twins.people[:2]
    async with connected(twins.one, ana, "/ws") as one:
        await hear(one, lambda said: said["type"] == "connection_established")
        async with connected(twins.other, bea, "/ws") as other:
            await one.send(json.dumps({"type": "status_update", "status": "busy"}))
            await hear(other, lambda said: _is_status(said, ana, "busy"))
        async with connected(twins.other, bea, "/ws") as other:
            await hear(other, lambda said: _is_status(said, ana, "busy"))


async def test_visitors_of_both_nodes_see_each_other(twins: Twins) -> None:
    ana, bea = twins.people[:2]
    path = f"/ws/chat/{twins.one.number}/"
    async with connected(twins.other, bea, path) as other:
        await hear(other, lambda said: said["event_type"] == "online_user_list")
        async with connected(twins.one, ana, path) as one:
            listed = await hear(one, lambda said: said["event_type"] == "online_user_list")
            assert len(listed["user_list"]) == 1, listed
            await hear(other, lambda said: said["event_type"] == "connected_user")
        await hear(other, lambda said: said["event_type"] == "disconnected_user")


async def test_who_comes_on_one_node_sees_who_types_on_the_other(twins: Twins) -> None:
    ana, bea = twins.people[:2]
    here = f"/api/conversations/{twins.one.id}/typing"
    await twins.one.town.call(ana, "POST", here, {"typing": True})

    async def typing() -> Frame | None:
        said = await twins.other.town.call(bea, "GET", here)
        return said if said["user_ids"] == [ana.id] else None

    await until_found(typing, within_s=5, what="Ana is seen typing")


def _is_status(said: Frame, person: Person, status: str) -> bool:
    return said["type"] == "USER_STATUS" and status in str(said) and person.id in str(said)
