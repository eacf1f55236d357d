"""An operator at work beside a running server, from a process of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.e2e.people import Channel, register
from tests.e2e.server_process import ServerProcess, run_beside

if TYPE_CHECKING:
    from pathlib import Path

WITHIN_S = 6.0
LOGIN = {"email": "ana@example.org", "password": "correct horse battery"}


@pytest.fixture
async def server(tmp_path: Path, ground: dict[str, str]) -> AsyncIterator[ServerProcess]:
    """Return a running server."""
    server = ServerProcess(tmp_path, ground)
    await server.start()
    yield server
    await server.stop()


async def operate(server: ServerProcess, *words: str) -> str:
    """Run `tertulia user ...` over the server's database; return what it prints."""
    status, printed = await run_beside(server, "user", *words)
    assert status == 0
    return printed


async def signing_in(server: ServerProcess) -> int:
    """Try to sign in, and return the status of the answer."""
    async with httpx.AsyncClient(base_url=server.url) as http:
        return (await http.post("/auth/login", json=LOGIN)).status_code


async def test_who_is_disabled_loses_an_open_socket_within_seconds(server: ServerProcess) -> None:
    ana, bea = await register(server.url, "ana"), await register(server.url, "bea")
    sockets = [await Channel.join(person, f"user:{person.id}", {}) for person in (ana, bea)]
    heard: list[str] = []
    listening = [
        asyncio.create_task(socket.listen(lambda event, _: heard.append(event)))
        for socket in sockets
    ]
    assert await operate(server, "disable", "ana@example.org")
    async with asyncio.timeout(WITHIN_S):
        await listening[0]
    assert sockets[0].close_code == 4001
    with pytest.raises(httpx.HTTPStatusError):
        await ana.get("/api/me")
    assert await signing_in(server) == 403
    # Nobody is told anything of it, and others stay.
    assert heard == []
    assert not listening[1].done()
    assert (await bea.get("/api/me"))["id"] == bea.id
    await sockets[1].close()
    await listening[1]
    await operate(server, "enable", "ana@example.org")
    assert await signing_in(server) == 200


async def test_an_operator_and_a_busy_server_share_the_database(
    server: ServerProcess,
) -> None:
    ana = await register(server.url, "ana")
    room = await ana.post(
        "/api/conversations", {"kind": "room", "alias": "Plaza", "topic": "general"}
    )
    path = f"/api/conversations/{room['id']}/messages"

    async def chatter() -> int:
        for number in range(40):
            await ana.post(path, {"content": f"message {number}"})
        return 40

    chattering = asyncio.create_task(chatter())
    for name in ("make-admin", "remove-admin", "make-admin"):
        await operate(server, name, "ana@example.org")
    sent = await chattering
    page = await ana.get(f"/api/messages?conversation_id={room['id']}&page_size=100")
    assert len(page["items"]) == sent
    assert (await ana.get("/api/me"))["is_admin"]
    assert "ana@example.org" in await operate(server, "list")
