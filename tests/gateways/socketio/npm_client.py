"""The npm client in a Node process, driven from a test."""

from __future__ import annotations

import asyncio
import itertools
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.node import node_path

SCRIPT = Path(__file__).parent / "client" / "client.mjs"
PATIENCE_S = 20.0

Told = dict[str, Any]


class NpmClient:
    """Tells the Node process what to do, and keeps what it tells until somebody waits for it."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._told: list[Told] = []
        self._refs = itertools.count(1)

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

    async def connect(self) -> str:
        """Connect and return by which transport."""
        self.do("connect")
        transport: str = (await self.told("connected"))["transport"]
        return transport

    async def refused(self) -> Told:
        """Connect in vain, and return the error's message and data."""
        self.do("connect")
        told = await self.told("not connected")
        return {"message": told["message"], "data": told["data"]}

    async def ask(self, event: str, payload: object, *, command: str = "emit") -> Any:
        """Emit an event and return its acknowledgement."""
        ref = next(self._refs)
        self.do(command, event=event, payload=payload, ref=ref)
        return (await self.told("answered", ref=ref))["answer"]

    async def done(self, event: str, payload: object) -> Any:
        """Emit an event that is granted, and return its acknowledgement."""
        answer = await self.ask(event, payload)
        assert answer.get("ok"), answer
        return answer

    def say(self, event: str, payload: object) -> None:
        """Emit an event without asking for an acknowledgement."""
        self.do("emit", event=event, payload=payload)

    async def hear(self, event: str) -> Any:
        """Return the payload of the next such event."""
        return (await self.told("heard", event=event))["payload"]

    def heard(self, event: str) -> list[Any]:
        """Return the payloads of such events that nobody waited for."""
        return [kept["payload"] for kept in self._told if kept.get("event") == event]

    async def _read(self) -> Told:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line, "the client is still running"
        told: Told = json.loads(line)
        return told


@asynccontextmanager
async def npm_client(
    url: str, *transports: str, auth: object = None, headers: dict[str, str] | None = None
) -> AsyncIterator[NpmClient]:
    """Start a client of the server at this address; it connects when it is told to.

    Without `transports` it does as it usually does: it polls, and goes up to a WebSocket.
    """
    options: dict[str, object] = {"extraHeaders": headers or {}}
    if auth is not None:
        options["auth"] = auth
    if transports:
        options["transports"] = list[str](transports)
    arguments: Sequence[str] = [node_path(), str(SCRIPT), url, json.dumps(options)]
    process = await asyncio.create_subprocess_exec(*arguments, stdin=PIPE, stdout=PIPE, limit=2**20)
    try:
        yield NpmClient(process)
    finally:
        process.kill()
        await process.communicate()
