"""The example clients of docs/protocols: they run, and the documents quote them word for word."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.gateways.conftest import PASSWORD, Town
from tests.node import node_path

DOCS = Path("docs/protocols")
PACKAGES = Path("web/node_modules").resolve()
PATIENCE_S = 20.0
MAX_LINES = 40


@asynccontextmanager
async def running(folder: Path, name: str, town: Town, room: str) -> AsyncIterator[Process]:
    """Run an example for Ana, beside packages as `npm install` would have put them there."""
    script = folder / f"{name}.mjs"
    script.write_bytes((DOCS / "examples" / f"{name}.mjs").read_bytes())
    (folder / "node_modules").symlink_to(PACKAGES)
    arguments = [node_path(), str(script), town.url, town.ana.email, PASSWORD, room]
    process = await asyncio.create_subprocess_exec(*arguments, stdout=PIPE)
    try:
        yield process
    finally:
        process.kill()
        await process.communicate()


async def line(process: Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        return (await process.stdout.readline()).decode().rstrip("\n")


async def test_the_socket_io_client_joins_says_and_hears(town: Town, tmp_path: Path) -> None:
    group = await town.start_group(town.ana, town.bea)
    found = await town.call(town.ana, "GET", f"/api/conversations/{group}")
    head = f"in room {found['number']} at {found['head_seq']}, with 0 others"
    async with running(tmp_path, "socketio", town, group) as process:
        assert await line(process) == head
        assert await line(process) == "Ana: Hello from Socket.IO"
        await town.send(town.bea, group, "Hello to you")
        assert await line(process) == "Bea: Hello to you"
        await town.call(town.ana, "DELETE", f"/api/conversations/{group}/members/{town.bea.id}")
        await town.call(town.ana, "DELETE", f"/api/conversations/{group}")
        assert await line(process) == "no longer in there: deleted"


async def test_the_phoenix_client_joins_says_and_hears(town: Town, tmp_path: Path) -> None:
    group = await town.start_group(town.ana, town.bea)
    found = await town.call(town.ana, "GET", f"/api/conversations/{group}")
    async with running(tmp_path, "phoenix", town, group) as process:
        assert await line(process) == f"joined at {found['head_seq']}"
        assert await line(process) == f"{town.ana.id}: Hello from Phoenix"
        await town.send(town.bea, group, "Hello to you")
        assert await line(process) == f"{town.bea.id}: Hello to you"


@pytest.mark.parametrize("name", ["socketio", "phoenix"])
def test_an_example_is_short_and_quoted_word_for_word(name: str) -> None:
    example = (DOCS / "examples" / f"{name}.mjs").read_text(encoding="utf-8")
    assert example.count("\n") < MAX_LINES
    assert f"```js\n{example}```" in (DOCS / f"{name}.md").read_text(encoding="utf-8")
