"""Who is let in, how it is with people, and what too much or too odd is answered with."""

from __future__ import annotations

from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tertulia.gateways.events import socket as events_socket
from tests.gateways.conftest import OpenTown, Town
from tests.gateways.events.talk import Event, Talk, connect_to, talk
from tests.refill import refilled_slowly

REFUSED_AS = {"malformed", "invalid", "unknown_event", "required"}


def _statuses(events: list[Event]) -> list[tuple[str, str]]:
    return [(it["userId"], it["status"]) for it in events if it["type"] == "USER_STATUS"]


@pytest.mark.parametrize("way", ["cookie", "bearer", "ticket"])
async def test_one_comes_in_by_cookie_bearer_or_ticket(town: Town, way: str) -> None:
    options: dict[str, Any] = {}
    query = ""
    if way == "cookie":
        cookie = f"access_token={town.ana.token}"
        options = {"additional_headers": {"cookie": cookie}, "origin": town.url}
    elif way == "bearer":
        options = {"additional_headers": town.ana.headers}
    else:
        query = "?ticket=" + (await town.call(town.ana, "POST", "/auth/socket-ticket"))["ticket"]
    async with connect_to(town, query, **options) as socket:
        assert (await Talk(socket).hear("connection_established"))["userId"] == town.ana.id


@pytest.mark.parametrize(
    ("query", "code"), [("", "not_authenticated"), ("?token=x", "invalid_token")]
)
async def test_who_is_not_signed_in_is_told_so_and_closed(
    town: Town, query: str, code: str
) -> None:
    async with connect_to(town, query) as socket:
        opened = Talk(socket)
        assert (await opened.hear("error"))["code"] == code
        assert await opened.close_code() == 4001


async def test_a_cookie_from_a_foreign_page_is_answered_with_403(town: Town) -> None:
    headers = {"cookie": f"access_token={town.ana.token}"}
    with pytest.raises(InvalidStatus) as refused:
        async with connect_to(town, additional_headers=headers, origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403


async def test_whoever_signs_out_is_closed(town: Town) -> None:
    async with talk(town, town.ana) as ana:
        await town.call(town.ana, "POST", "/api/signout_all")
        assert await ana.close_code() == 4001


async def test_people_come_with_their_first_socket_and_go_with_their_last(town: Town) -> None:
    async with talk(town, town.bea) as bea:
        await bea.hear("USER_STATUS")  # of herself
        async with talk(town, town.ana):
            came = await bea.hear("USER_STATUS")
            assert (came["userId"], came["status"]) == (town.ana.id, "online")
            async with talk(town, town.ana) as second:
                shown = _statuses([await second.hear("USER_STATUS"), *await second.settle()])
                assert (town.bea.id, "online") in shown
        went = await bea.hear("USER_STATUS")
        assert (went["userId"], went["status"]) == (town.ana.id, "offline")
        assert _statuses(await bea.settle()) == []


async def test_a_status_is_told_and_shown_to_newcomers(town: Town) -> None:
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await bea.settle()
        for status in ("away", "busy"):
            await ana.hear("USER_STATUS")
            await ana.done("status_update", status=status)
            while (told := await bea.hear("USER_STATUS"))["userId"] != town.ana.id:
                pass
            while told["status"] == "online":
                told = await bea.hear("USER_STATUS")
            assert told["status"] == status
        async with talk(town, town.caro) as caro:
            while (shown := await caro.hear("USER_STATUS"))["userId"] != town.ana.id:
                pass
            assert shown["status"] == "busy"


async def test_who_is_offline_by_choice_is_not_shown(town: Town) -> None:
    async with talk(town, town.bea) as bea, talk(town, town.ana) as ana:
        while (await bea.hear("USER_STATUS"))["userId"] != town.ana.id:
            pass
        await ana.done("status_update", status="offline")
        assert (await bea.hear("USER_STATUS"))["status"] == "offline"
        async with talk(town, town.caro) as caro:
            shown = dict(_statuses([await caro.hear("USER_STATUS"), *await caro.settle()]))
            assert town.ana.id not in shown
        await ana.done("status_update", status="online")
        while (told := await bea.hear("USER_STATUS"))["userId"] != town.ana.id:
            pass
        assert told["status"] == "online"


async def test_a_ping_is_answered_in_whatever_letters(town: Town) -> None:
    async with talk(town, town.ana) as ana:
        for kind in ("ping", "PING", "Ping"):
            await ana.say(kind)
            assert (await ana.hear("pong"))["timestamp"].endswith("Z")


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"type": "nope"}', '{"type": "message"}'])
async def test_what_cannot_be_read_is_refused_and_the_rest_goes_on(town: Town, text: str) -> None:
    async with talk(town, town.ana) as ana:
        await ana.socket.send(text)
        assert (await ana.hear("error"))["code"] in REFUSED_AS
        await ana.done("ping")


async def test_an_error_answers_by_the_request_id(town: Town) -> None:
    async with talk(town, town.ana) as ana:
        assert await ana.refused("message", channelId="12") == "not_found"
        assert await ana.refused("no_such_type") == "unknown_event"
        assert await ana.refused("status_update", status="asleep") == "invalid"


async def test_who_says_too_much_is_slowed_and_then_closed(
    open_town: OpenTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    refilled_slowly(monkeypatch)
    async with open_town(PUSHES_PER_S="1", PUSH_BURST="5") as town, talk(town, town.ana) as ana:
        for _ in range(8):
            await ana.say("ping")
        refusal = await ana.hear("error")
        assert refusal["code"] == "rate_limited"
        assert refusal["retryAfterS"] > 0
        for _ in range(20):
            await ana.say("ping")
        assert await ana.close_code() == 1008


async def test_a_frame_that_is_too_large_is_closed(open_town: OpenTown) -> None:
    async with open_town(MAX_FRAME_BYTES="1024") as town, talk(town, town.ana) as ana:
        await ana.say("ping", pad="x" * 2000)
        assert await ana.close_code() == 1009


async def test_nobody_joins_channels_without_end(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_socket, "MAX_CHANNELS", 1)
    rooms = [await town.start_room(town.ana, alias=f"Room {number}") for number in range(2)]
    async with talk(town, town.ana, rooms[0]) as ana:
        assert await ana.refused("join_channel", channelId=rooms[1]) == "too_many"
        await ana.done("join_channel", channelId=rooms[0])
