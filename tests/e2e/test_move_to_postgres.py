"""From one SQLite file to PostgreSQL by `tertulia db copy`, killed on the way, and then served."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from asyncio.subprocess import PIPE
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from tertulia.core.ids import new_id
from tertulia.storage.engine import open_database
from tests.e2e.people import Person, history, register, sign_in
from tests.e2e.server_process import ServerProcess
from tests.waiting import until_found

if TYPE_CHECKING:
    from uuid import UUID

MESSAGES, ROOMS = 100_000, 20
SENT_AT_MS = 1_772_366_400_000

pytestmark = pytest.mark.timeout(180)


class Copying:
    """A process that copies, whose words are kept."""

    def __init__(self, folder: Path, target_url: str) -> None:
        self._folder = folder
        self._target_url = target_url
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Have it begin."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tertulia", "db", "copy", "--to", self._target_url),
            env={"PATH": os.environ["PATH"], "VAR_DIR": str(self._folder)},
            cwd=self._folder,
            stdout=PIPE,
            stderr=PIPE,
        )

    async def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        await self._process.communicate()

    async def end(self) -> tuple[int | None, str]:
        """Return how it ended, and all that it said."""
        assert self._process is not None
        said, complaints = await self._process.communicate()
        return self._process.returncode, (said + complaints).decode()


async def test_a_hundred_thousand_messages_move_and_are_served(
    tmp_path: Path, postgres_url: str
) -> None:
    server = ServerProcess(tmp_path)
    await server.start()
    try:
        ana, bea = await register(server.url, "ana"), await register(server.url, "bea")
        chat = await ana.post(
            "/api/conversations", {"kind": "group", "alias": "Us", "user_ids": [bea.id]}
        )
        await _say(ana, chat, "before the move")
    finally:
        await server.stop()
    await asyncio.to_thread(_fill, tmp_path / "tertulia.db")

    copying = Copying(tmp_path, postgres_url)
    await copying.start()
    await until_found(lambda: _copied(postgres_url), within_s=60, what="a part was copied")
    await copying.kill()
    before = await _copied(postgres_url)
    assert before is not None
    assert 0 < before < MESSAGES
    server.settings = {"DATABASE_URL": postgres_url}
    with pytest.raises(RuntimeError):
        await server.start()

    await copying.start()
    status, said = await copying.end()
    assert status == 0, said
    assert f"messages: {before:,} of {MESSAGES + 1:,} copied\n" in said
    assert f"messages: {MESSAGES + 1:,} of {MESSAGES + 1:,} compared\n" in said
    assert f"what {ROOMS + 1} conversations have, are the same on both sides." in said

    await server.start()
    try:
        ana, cleo = await sign_in(server.url, "ana"), await register(server.url, "cleo")
        (said_before,) = await history(ana, chat["id"])
        assert said_before.content == "before the move"
        sent = await _say(ana, chat, "after the move")
        assert sent["seq"] == said_before.seq + 1
        assert (await cleo.get("/api/me"))["number"] == 3
    finally:
        await server.stop()


async def _say(person: Person, chat: dict[str, Any], content: str) -> dict[str, Any]:
    return await person.post(f"/api/conversations/{chat['id']}/messages", {"content": content})


async def _copied(url: str) -> int | None:
    """Return how many messages have come over, while the copy goes on; None before the first."""
    database = open_database(url, pool_size=1)
    try:
        async with database.reader() as connection:
            there = await connection.scalar(text("SELECT to_regclass('unfinished_copy')"))
            if there is None:
                return None
            statement = "SELECT rows FROM unfinished_copy WHERE table_name = 'messages'"
            return await connection.scalar(text(statement)) or None
    finally:
        await database.close()


def _fill(path: Path) -> None:
    """Put rooms full of messages into the file, as if people had written them."""
    with closing(sqlite3.connect(path)) as raw, raw:
        (account,) = raw.execute("SELECT id FROM accounts LIMIT 1").fetchone()
        rooms = [new_id() for _ in range(ROOMS)]
        each = MESSAGES // ROOMS
        for number, room in enumerate(rooms):
            raw.execute(
                "INSERT INTO conversations (id, kind, encrypted, name, search_text, head_seq,"
                " member_count, inserted_at, updated_at, last_activity_at)"
                " VALUES (?, 'room', 0, ?, '', ?, 0, ?, ?, ?)",
                (room.bytes, f"room-{number}", each, SENT_AT_MS, SENT_AT_MS, SENT_AT_MS),
            )
        for room in rooms:
            raw.executemany(
                "INSERT INTO messages (conversation_id, seq, changed_seq, id, sender_id, body,"
                " inserted_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                _messages(room, account, each),
            )


def _messages(room: UUID, sender: bytes, number: int) -> list[tuple[Any, ...]]:
    return [
        (room.bytes, seq, seq, new_id().bytes, sender, f"It is {seq}, ñ 🙂", SENT_AT_MS + seq)
        for seq in range(1, number + 1)
    ]
