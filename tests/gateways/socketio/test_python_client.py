"""The client of python-socketio, which polls here: it needs one package less for that."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Iterator
from typing import Any

import pytest
import socketio  # type: ignore[import-untyped]

from tests.gateways.conftest import Town

PATIENCE_S = 10


@pytest.fixture
def client() -> Iterator[Any]:
    """Return a client; all that it does blocks, so it is done in threads."""
    made = socketio.Client(reconnection=False)
    yield made
    if made.connected:
        made.disconnect()


async def test_it_talks_and_hears(town: Town, client: Any) -> None:
    group = await town.start_group(town.ana)
    heard: queue.Queue[Any] = queue.Queue()
    client.on("message", heard.put)

    def converse() -> tuple[Any, Any]:
        client.connect(town.url, auth={"token": town.ana.token}, transports=["polling"])
        client.call("join_room", {"room": group}, timeout=PATIENCE_S)
        sent = client.call("message", {"room": group, "message": "hello"}, timeout=PATIENCE_S)
        told = heard.get(timeout=PATIENCE_S)
        client.disconnect()
        client.wait()
        return sent, told

    sent, told = await asyncio.to_thread(converse)
    assert sent["ok"] is True
    assert told["message"] == sent["message"]


async def test_it_is_told_why_it_is_refused(town: Town, client: Any) -> None:
    errors: queue.Queue[Any] = queue.Queue()
    client.on("connect_error", errors.put)

    def connect() -> None:
        client.connect(town.url, auth={"token": "nonsense"}, transports=["polling"])

    with pytest.raises(socketio.exceptions.ConnectionError):
        await asyncio.to_thread(connect)
    error = await asyncio.to_thread(errors.get, timeout=PATIENCE_S)
    assert error["data"]["code"] == "invalid_token"
