"""The example client of the documents, run as it is printed there."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.gateways.events.talk import talk
from tests.gateways.golden import golden

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from tests.gateways.conftest import Person, Town

DOCUMENT = Path("docs/protocols/events.md")
EXAMPLE = Path("docs/protocols/examples/events.py")
MAX_LINES = 40


async def started(town: Town, person: Person, channel: str) -> Process:
    """Start the example as somebody."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-u",
        str(EXAMPLE),
        town.url.replace("http", "ws", 1) + "/ws",
        channel,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "TERTULIA_TOKEN": person.token},
    )


async def shown(process: Process, begin: str) -> str:
    """Return the next line that it shows which begins so."""
    assert process.stdout is not None
    async with asyncio.timeout(20):
        async for line in process.stdout:
            text = line.decode().strip()
            if text.startswith(begin):
                return text
    raise AssertionError(f"it never showed {begin}")


async def test_the_example_talks_with_others_until_its_lines_end(town: Town) -> None:
    room = await town.start_room(town.ana, town.bea)
    async with talk(town, town.bea, room) as bea:
        client = await started(town, town.ana, room)
        assert client.stdin is not None
        await shown(client, "channel_joined")
        client.stdin.write("Good evening 😀\n".encode())
        message = (await bea.hear("NEW_MESSAGE"))["message"]
        assert (message["user"]["username"], message["content"]) == ("ana", "Good evening 😀")
        assert await shown(client, "NEW") == "NEW_MESSAGE ana Good evening 😀"
        await bea.done("message", channelId=room, content="Hello")
        assert await shown(client, "NEW") == "NEW_MESSAGE bea Hello"
        client.stdin.write_eof()
        assert await asyncio.wait_for(client.wait(), 20) == 0


def test_the_document_quotes_the_example_word_for_word() -> None:
    example = EXAMPLE.read_text(encoding="utf-8")
    assert f"```python\n{example}```\n" in DOCUMENT.read_text(encoding="utf-8")
    assert len(example.splitlines()) < MAX_LINES


def test_the_document_names_every_event_and_shows_a_message_as_it_is() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    for name in (path.stem for path in Path("wire").glob("*.json")):
        for frame in golden(name).get("events", []):
            assert f"`{frame['type']}`" in document
    text = document.split("```json\n")[1].split("```")[0]
    assert [json.loads(text)] == golden("message_sent")["events"]
