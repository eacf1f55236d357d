"""Files and a real server: connections that are cut, a server that is killed, and memory."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.e2e.forge import Forge
from tests.e2e.server_process import ServerProcess
from tests.waiting import until, until_found

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

MIB = 1024 * 1024
LARGE = 64 * MIB
MAX_GROWTH = 24 * MIB
PATCH = {"Content-Type": "application/offset+octet-stream"}

pytestmark = pytest.mark.timeout(180)

Json = dict[str, Any]


class Sender:
    """Somebody with a room of their own."""

    def __init__(self, http: httpx.AsyncClient, conversation_id: str) -> None:
        self.http = http
        self.conversation_id = conversation_id

    async def begin(self, size: int) -> str:
        """Begin a file that comes in parts."""
        answer = await self.http.post(
            "/api/uploads/resumable",
            json={"conversation_id": self.conversation_id, "name": "x.bin", "size": size},
        )
        return str(answer.raise_for_status().json()["id"])

    async def received(self, upload_id: str) -> int:
        """Return how much of it is stored."""
        answer = await self.http.get(f"/api/uploads/{upload_id}")
        return int(answer.raise_for_status().json()["received"])

    async def part(self, upload_id: str, offset: int, content: Any) -> httpx.Response:
        """Go on with it."""
        return await self.http.patch(
            f"/api/uploads/{upload_id}",
            content=content,
            headers={**PATCH, "Upload-Offset": str(offset)},
        )


@pytest.fixture
async def server(
    tmp_path: Path, ground: dict[str, str], forge: Forge
) -> AsyncIterator[ServerProcess]:
    server = ServerProcess(tmp_path, {**ground, "LINK_PREVIEWS": "off"}, forge=forge)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def sender(server: ServerProcess) -> AsyncIterator[Sender]:
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
        login = {"email": "ana@example.org", "password": "correct horse battery"}
        answer = (await http.post("/auth/register", json=login)).raise_for_status()
        http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        room = {"kind": "room", "alias": "Plaza", "topic": "music"}
        answer = (await http.post("/api/conversations", json=room)).raise_for_status()
        yield Sender(http, answer.json()["id"])


async def cut(server: ServerProcess, sender: Sender, head: str, body: bytes, more: int) -> None:
    """Begin a request whose body has `more` bytes than come, and hang up."""
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    lines = [
        head,
        "Host: 127.0.0.1",
        f"Authorization: {sender.http.headers['Authorization']}",
        f"Content-Length: {len(body) + more}",
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    await writer.drain()
    # Whatever is on its way arrives before the end does.
    await asyncio.sleep(0.3)
    writer.close()
    await writer.wait_closed()


def parts(count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield b"\xab" * MIB


async def chunked(count: int) -> AsyncIterator[bytes]:
    for part in parts(count):
        yield part


def peak(server: ServerProcess) -> int:
    """Return the most memory that the server has had, in bytes."""
    status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


async def test_what_came_before_a_connection_was_cut_is_kept(
    server: ServerProcess, sender: Sender
) -> None:
    upload_id = await sender.begin(1_000_000)
    head = (
        f"PATCH /api/uploads/{upload_id} HTTP/1.1\r\nUpload-Offset: 0\r\n"
        "Content-Type: application/offset+octet-stream"
    )
    await cut(server, sender, head, b"a" * 300_000, more=700_000)

    async def some() -> int | None:
        return await sender.received(upload_id) or None

    received = await until_found(some, within_s=20, what="the part that came")
    assert received == 300_000
    rest = await sender.part(upload_id, received, b"b" * (1_000_000 - received))
    url = rest.raise_for_status().json()["attachment"]["url"]
    content = (await sender.http.get(url)).content
    assert content[:received] == b"a" * received
    assert content[received:] == b"b" * (1_000_000 - received)


async def test_a_form_that_is_cut_leaves_nothing_behind(
    server: ServerProcess, sender: Sender
) -> None:
    form = (
        "--x\r\nContent-Disposition: form-data; name=conversation_id\r\n\r\n"
        f"{sender.conversation_id}\r\n"
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    ).encode()
    head = "POST /api/uploads HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x"
    await cut(server, sender, head, form + b"a" * 500_000, more=500_000)

    drafts = server.var_dir / "blobs" / "drafts"
    await until(
        lambda: drafts.is_dir() and not any(drafts.iterdir()), within_s=20, what="an empty folder"
    )


async def test_what_was_answered_survives_a_kill(server: ServerProcess, sender: Sender) -> None:
    upload_id = await sender.begin(3 * MIB)
    (await sender.part(upload_id, 0, os.urandom(MIB))).raise_for_status()
    await server.kill()
    await server.start()

    assert await sender.received(upload_id) == MIB
    (await sender.part(upload_id, MIB, bytes(2 * MIB))).raise_for_status()
    assert await sender.received(upload_id) == 3 * MIB


async def test_large_files_do_not_stand_in_memory(server: ServerProcess, sender: Sender) -> None:
    form = {"conversation_id": sender.conversation_id}
    small = await sender.http.post("/api/uploads", data=form, files={"file": ("a", b"\xab" * 999)})
    (await sender.http.get(small.json()["url"])).raise_for_status()
    before = peak(server)

    file = b"\xab" * LARGE
    one_go = await sender.http.post("/api/uploads", data=form, files={"file": ("a", file)})
    upload_id = await sender.begin(LARGE)
    in_parts = await sender.part(upload_id, 0, chunked(LARGE // MIB))
    for answer in (one_go.json(), in_parts.json()["attachment"]):
        async with sender.http.stream("GET", answer["url"]) as found:
            assert sum([len(part) async for part in found.aiter_bytes()]) == LARGE

    assert peak(server) - before < MAX_GROWTH
