"""The npm client over each of its transports."""

from __future__ import annotations

import pytest

from tests.gateways.conftest import Town
from tests.gateways.socketio.npm_client import npm_client

TRANSPORTS = [("polling",), ("websocket",), ()]


@pytest.mark.parametrize("transports", TRANSPORTS, ids=["polling", "websocket", "upgraded"])
async def test_two_people_talk(town: Town, transports: tuple[str, ...]) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with (
        npm_client(town.url, *transports, auth={"token": town.ana.token}) as ana,
        npm_client(town.url, *transports, auth={"token": town.bea.token}) as bea,
    ):
        await ana.connect()
        await bea.connect()
        if not transports:
            assert await ana.told("upgraded", transport="websocket")
            assert await bea.told("upgraded", transport="websocket")
        joined = await ana.done("join_room", {"room": group})
        assert joined["room"] == group
        assert joined["online"] == []
        there = await bea.done("join_room", {"room": str(joined["number"])})
        assert [user["username"] for user in there["online"]] == ["ana"]
        assert (await ana.hear("presence"))["user"]["username"] == "ana"
        came = await ana.hear("presence")
        assert (came["user"]["username"], came["online"]) == ("bea", True)
        sent = await ana.done("message", {"room": group, "message": "hello", "client_ref": "a1"})
        heard = await bea.hear("message")
        assert heard["message"] == sent["message"]
        assert heard["message"]["sender"]["username"] == "ana"
        assert (heard["room"], heard["number"]) == (group, joined["number"])
