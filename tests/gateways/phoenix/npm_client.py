"""The npm client in a Node process, driven from a test."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from tests.node import node_path

SCRIPT = Path(__file__).parent / "client" / "client.mjs"
PATIENCE_S = 20.0

Told = dict[str, Any]
Transport = Literal["websocket", "longpoll", "fallback"]


class NpmClient:
    """Tells the Node process what to do, and keeps what it tells until somebody waits for it."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._told: list[Told] = []

    def do(self, command: str, **details: object) -> None:
        """Tell the client to do something."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": command, **details}).encode() + b"\n")

    async def told(self, what: str, **details: object) -> Told:
        """Return the next thing of this kind, with these details, that the client tells."""
        wanted = {"told": what, **details}
        for kept in self._told:
            if wanted.items() <= kept.items():
                self._told.remove(kept)
                return kept
        async with asyncio.timeout(PATIENCE_S):
            while not wanted.items() <= (line := await self._read()).items():
                self._told.append(line)
        return line

    async def forget(self) -> None:
        """Pass over all that the server has said so far."""
        self.do("ping")
        await self.told("ponged")
        self._told.clear()

    def has_told(self, what: str) -> bool:
        """Whether something of this kind was told that nobody waited for."""
        return any(kept["told"] == what for kept in self._told)

    async def connect(self) -> str:
        """Open the socket and return by which transport, in the client's own words."""
        self.do("connect")
        transport: str = (await self.told("opened"))["transport"]
        return transport

    async def join(self, topic: str, *events: str, **params: object) -> Any:
        """Join a topic, listen to these events, and return the response."""
        self.do("join", topic=topic, params=params, events=events)
        return (await self.told("joined", topic=topic))["response"]

    async def push(self, topic: str, event: str, payload: object) -> Any:
        """Push what is granted, and return the response."""
        self.do("push", topic=topic, event=event, payload=payload)
        return (await self.told("granted", topic=topic))["response"]

    async def hear(self, topic: str, event: str) -> Any:
        """Return the payload of the next such event."""
        return (await self.told("heard", topic=topic, event=event))["payload"]

    async def _read(self) -> Told:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line, "the client is still running"
        told: Told = json.loads(line)
        return told


@asynccontextmanager
async def npm_client(
    url: str, params: dict[str, str], *auth_token: str, transport: Transport = "websocket"
) -> AsyncIterator[NpmClient]:
    """Start a client of the server at this address; it connects when it is told to.

    Where it falls back, no WebSocket gets through, and it finds that out by itself.
    """
    endpoint = url.replace("http", "ws", 1) + "/socket"
    arguments = [node_path(), str(SCRIPT), transport, endpoint, json.dumps(params), *auth_token]
    process = await asyncio.create_subprocess_exec(*arguments, stdin=PIPE, stdout=PIPE, limit=2**20)
    try:
        yield NpmClient(process)
    finally:
        process.kill()
        await process.communicate()
