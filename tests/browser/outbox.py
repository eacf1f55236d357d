"""What the server wrote to people, read as they read it: at /dev/outbox, by links and codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx

from tests.waiting import until_found

if TYPE_CHECKING:
    from tests.e2e.server_process import ServerProcess

PATIENCE_S = 10.0


async def link_to(server: ServerProcess, page: str, to: str) -> str:
    """Return the link to this page in the latest mail to somebody, once it is there."""
    return await _found(server, to, rf"https?://\S+{re.escape(page)}#\S+")


async def code_to(server: ServerProcess, to: str, *, other_than: str = "") -> str:
    """Return the code in the latest text message to a number, once it is there."""
    return await _found(server, to, r"\b\d{6}\b", other_than)


async def _found(server: ServerProcess, to: str, pattern: str, other_than: str = "") -> str:
    async def look() -> str | None:
        async with httpx.AsyncClient(base_url=server.url) as http:
            letters = (await http.get("/dev/outbox.json")).json()["items"]
        texts = [letter["text"] for letter in letters if letter["to"] == to]
        found = [match.group() for text in texts if (match := re.search(pattern, text))]
        return found[0] if found and found[0] != other_than else None

    return await until_found(look, within_s=PATIENCE_S, what=f"a letter to {to}")
