"""The example client of the documents, run as it is printed there."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.gateways.golden import golden
from tests.gateways.rooms.talk import place_of, visit

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from tests.gateways.conftest import Person, Town

PROTOCOLS = Path("docs/protocols")
MAX_LINES = 40


async def started(town: Town, person: Person, place: str) -> Process:
    """Start the example as somebody."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-u",
        str(PROTOCOLS / "examples" / "rooms.py"),
        town.url.replace("http", "ws", 1) + place,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "TERTULIA_TOKEN": person.token},
    )


async def read(process: Process) -> str:
    """Return the next line that it shows."""
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 20)
    return line.decode().strip()


async def test_the_example_talks_with_others_until_its_lines_end(town: Town) -> None:
    place = await place_of(town, town.ana, await town.start_room(town.ana, town.bea))
    async with visit(town, town.bea, place) as bea:
        client = await started(town, town.ana, place)
        assert client.stdin is not None
        assert await read(client) == "online_user_list"
        await bea.hear("connected_user")
        client.stdin.write("Good evening 😀\n".encode())
        message = (await bea.hear("chat_message"))["message"]
        assert (message["user_name"], message["text"]) == ("ana", "Good evening 😀")
        assert await read(client) == "chat_message ana Good evening 😀"
        await bea.send("Hello")
        assert await read(client) == "chat_message bea Hello"
        client.stdin.write_eof()
        assert (await read(client)).startswith("closed")
        assert await asyncio.wait_for(client.wait(), 20) == 0
        await bea.hear("disconnected_user")


async def test_the_example_shows_why_it_is_turned_away(town: Town) -> None:
    place = await place_of(town, town.ana, await town.start_room(town.ana))
    client = await started(town, town.bea, place)
    assert await read(client) == "error"
    assert "4004" in await read(client)
    assert await asyncio.wait_for(client.wait(), 20) == 0


@pytest.mark.parametrize("name", ["rooms.py", "rooms.html"])
def test_the_document_quotes_the_examples_word_for_word(name: str) -> None:
    example = (PROTOCOLS / "examples" / name).read_text(encoding="utf-8")
    document = (PROTOCOLS / "rooms.md").read_text(encoding="utf-8")
    language = {".py": "python", ".html": "html"}[Path(name).suffix]
    assert f"```{language}\n{example}```\n" in document
    assert len(example.splitlines()) < MAX_LINES


def test_the_document_names_every_event_and_shows_a_message_as_it_is() -> None:
    document = (PROTOCOLS / "rooms.md").read_text(encoding="utf-8")
    for name in (path.stem for path in Path("wire").glob("*.json")):
        for frame in golden(name).get("rooms", []):
            assert f"`{frame['event_type']}`" in document
    shown = document.split("```json\n")[1].split("```")[0]
    assert [json.loads(shown)] == golden("message_sent")["rooms"]
