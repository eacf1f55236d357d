"""Everything over https and wss, through Caddy, whose certificate is checked."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from urllib.parse import quote

import httpx
import pytest
from websockets.asyncio.client import connect

from tests.caddy_server import CaddyServer
from tests.gateways.conftest import PASSWORD, OpenTown
from tests.gateways.dialects.all_voices import VOICES
from tests.gateways.dialects.conftest import room_in
from tests.gateways.dialects.voices import Place
from tests.ports import free_port
from tests.waiting import until

PATIENCE_S = 15.0

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
async def place(
    open_town: OpenTown, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Place, CaddyServer]]:
    """Return a room as it is reached through Caddy, whose authority the clients here know."""
    port = free_port()
    limits = {"PUSHES_PER_S": "100000", "PUSH_BURST": "100000"}
    async with open_town(FRONTEND_URL=f"https://localhost:{port}", **limits) as town:
        caddy = CaddyServer(port, town.url.removeprefix("http://"))
        try:
            monkeypatch.setenv("SSL_CERT_FILE", str(caddy.authority))
            yield await room_in(replace(town, url=caddy.url)), caddy
        finally:
            caddy.stop()


async def test_what_is_sent_in_each_dialect_is_heard_in_all(
    place: tuple[Place, CaddyServer],
) -> None:
    here, _ = place
    ana, bea = here.town.people[:2]
    async with AsyncExitStack() as closing:
        ears = {
            name: await closing.enter_async_context(voice.open(here, bea))
            for name, voice in VOICES.items()
        }
        for speaking in VOICES:
            async with VOICES[speaking].open(here, ana) as mouth:
                await mouth.send(f"by {speaking}", f"ref-{speaking}")
        for name, ear in ears.items():
            await until(
                lambda ear=ear: len(ear.heard) >= len(VOICES),  # type: ignore[misc]
                within_s=PATIENCE_S,
                what=f"all was heard by {name}",
            )
            assert [heard.text for heard in ear.heard] == [f"by {each}" for each in VOICES], name


async def test_the_page_and_the_voice_channel_come_the_same_way(
    place: tuple[Place, CaddyServer],
) -> None:
    here, caddy = place
    ana = here.town.people[0]
    async with here.town.http() as http:
        page = await http.get("/")
        assert page.status_code == 200
        assert "<html" in page.text
        signed_in = await http.post("/auth/login", json={"email": ana.email, "password": PASSWORD})
        assert signed_in.status_code == 200, signed_in.text
        cookies = signed_in.headers.get_list("set-cookie")
        assert cookies
        assert all("secure" in cookie.lower() for cookie in cookies if "token" in cookie)
    address = f"{caddy.url.replace('http', 'ws', 1)}/ws/voice/{here.number}"
    async with connect(f"{address}?token={quote(ana.token)}") as socket:
        assert json.loads(await socket.recv())["type"] == "participants_list"


async def test_who_does_not_know_the_authority_is_not_let_through(
    place: tuple[Place, CaddyServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, _ = place
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises((httpx.ConnectError, ssl.SSLCertVerificationError), match="certificate"):
        async with here.town.http() as http:
            await http.get("/healthz")
