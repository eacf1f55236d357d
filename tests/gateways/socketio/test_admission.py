"""Who is let in, and from where."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import InvalidStatus

from tertulia.gateways.socketio import gateway
from tests.gateways.conftest import OpenTown, Person, Town
from tests.gateways.socketio.npm_client import npm_client
from tests.gateways.socketio.talk import Poller, Talk, stranger, talk

TRANSPORTS = [("polling",), ("websocket",), ()]
EVIL = {"origin": "https://evil.example"}


def cookie(person: Person) -> dict[str, str]:
    return {"cookie": f"a=b; access_token={person.token}"}


def error_in(packet: str) -> dict[str, Any]:
    assert packet.startswith("44"), packet
    error: dict[str, Any] = json.loads(packet[2:])
    assert error["message"] == error["data"]["detail"]
    return error["data"]  # type: ignore[no-any-return]


async def let_in(talk: Talk, auth: object = None) -> bool:
    return (await talk.greet(auth)).startswith("40")


@pytest.mark.parametrize("transports", TRANSPORTS, ids=["polling", "websocket", "usual"])
async def test_the_npm_client_is_let_in_by_token(town: Town, transports: tuple[str, ...]) -> None:
    async with npm_client(town.url, *transports, auth={"token": town.ana.token}) as ana:
        await ana.connect()


@pytest.mark.parametrize("transports", TRANSPORTS, ids=["polling", "websocket", "usual"])
async def test_the_npm_client_is_let_in_by_cookie_from_a_page_of_the_server(
    town: Town, transports: tuple[str, ...]
) -> None:
    headers = cookie(town.ana) | {"origin": town.url}
    async with npm_client(town.url, *transports, headers=headers) as ana:
        await ana.connect()


@pytest.mark.parametrize("transports", TRANSPORTS, ids=["polling", "websocket", "usual"])
async def test_the_npm_client_is_told_why_it_is_refused(
    town: Town, transports: tuple[str, ...]
) -> None:
    async with npm_client(town.url, *transports) as nobody:
        told = await nobody.refused()
    assert told["data"] == {"code": "not_authenticated", "detail": told["message"]}
    async with npm_client(town.url, *transports, auth={"token": "nonsense"}) as nobody:
        assert (await nobody.refused())["data"]["code"] == "invalid_token"


async def test_a_ticket_lets_in_once(town: Town) -> None:
    ticket = (await town.call(town.ana, "POST", "/auth/socket-ticket"))["ticket"]
    async with stranger(town) as ana:
        assert await let_in(ana, {"ticket": ticket})
    async with stranger(town) as ana:
        assert error_in(await ana.greet({"ticket": ticket}))["code"] == "invalid_token"


async def test_what_the_address_shows_counts_where_the_first_packet_shows_nothing(
    town: Town,
) -> None:
    for auth in (None, {}, {"token": None}):
        async with stranger(town, f"&token={town.ana.token}") as ana:
            assert await let_in(ana, auth)
    async with stranger(town, headers={"authorization": f"Bearer {town.ana.token}"}) as ana:
        assert await let_in(ana)


@pytest.mark.parametrize("auth", ["x", [], {"token": 7}, {"token": ["x"]}, {"token": ""}])
async def test_what_is_no_token_is_refused(town: Town, auth: object) -> None:
    async with stranger(town, headers=cookie(town.ana) | {"origin": town.url}) as ana:
        assert error_in(await ana.greet(auth))["code"] == "invalid_token"


async def test_who_is_refused_may_try_again(town: Town) -> None:
    async with stranger(town) as ana:
        assert not await let_in(ana)
        assert await let_in(ana, {"token": town.ana.token})
        await ana.done("join_room", {"room": await town.start_group(town.ana)})


async def test_who_is_refused_again_and_again_is_hung_up_on(town: Town) -> None:
    async with stranger(town) as nobody:
        for _ in range(gateway.MAX_REFUSALS):
            assert not await let_in(nobody)
        assert await nobody.close_code() == 1000


async def test_the_oldest_session_that_is_polled_makes_way_for_one_too_many(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "MAX_POLLED", 2)
    async with town.http() as http, talk(town, town.ana) as beside:
        pollers = [Poller(http) for _ in range(3)]
        for poller in pollers:
            await poller.open()
            assert (await poller.greet({"token": town.ana.token})).startswith("40")
        first, *others = pollers
        await asyncio.sleep(0.05)
        assert (await first.post("3")).status_code == 400
        for poller in others:
            assert (await poller.post("3")).status_code == 200
        await beside.refused("join_room", {})


async def test_a_second_greeting_changes_nothing(town: Town) -> None:
    group = await town.start_group(town.bea)
    async with talk(town, town.ana) as ana:
        await ana.socket.send(f"40{json.dumps({'token': town.bea.token})}")
        assert (await ana.refused("join_room", {"room": group}))["code"] == "not_found"


async def test_another_namespace_is_refused(town: Town) -> None:
    async with stranger(town) as ana:
        await ana.socket.send(f"40/admin,{json.dumps({'token': town.ana.token})}")
        packet = await ana.packet(lambda it: it.startswith("44"))
        assert packet.startswith("44/admin,")
        assert "unknown_namespace" in packet


async def test_a_cookie_from_another_sites_page_is_refused(town: Town) -> None:
    async with stranger(town, headers=cookie(town.ana) | EVIL) as ana:
        assert error_in(await ana.greet())["code"] == "origin_refused"
    async with stranger(town, headers=cookie(town.ana)) as ana:
        assert error_in(await ana.greet())["code"] == "origin_refused"


async def test_a_token_is_good_from_anywhere_over_a_websocket(town: Town) -> None:
    async with stranger(town, headers=EVIL) as ana:
        assert await let_in(ana, {"token": town.ana.token})


async def test_another_sites_page_may_not_poll(town: Town) -> None:
    async with town.http() as http:
        http.headers.update(cookie(town.ana))
        poller = Poller(http)
        await poller.open()
        http.headers.update(EVIL)
        for answer in (await poller.post("40"), await http.get("/socket.io/", params=poller.query)):
            assert (answer.status_code, answer.json()["code"]) == (403, 4)
            assert "access-control-allow-origin" not in answer.headers
        http.headers.update({"origin": "null"})
        assert (await poller.post("40")).status_code == 403


async def test_a_poll_that_says_it_comes_from_another_site_opens_nothing_by_cookie(
    town: Town,
) -> None:
    async with town.http() as http:
        http.headers.update(cookie(town.ana) | {"sec-fetch-site": "cross-site"})
        poller = Poller(http)
        await poller.open()
        assert error_in(await poller.greet())["code"] == "origin_refused"


async def test_pages_of_a_listed_origin_may_do_all_of_it(open_town: OpenTown) -> None:
    origin = "https://friend.example"
    async with open_town(ALLOWED_ORIGINS=origin) as town, town.http() as http:
        http.headers.update(cookie(town.ana) | {"origin": origin})
        poller = Poller(http)
        await poller.open()
        answer = await poller.post("40")
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["access-control-allow-credentials"] == "true"
        assert answer.headers.get_list("access-control-allow-origin") == [origin]
        assert (await poller.poll())[0].startswith("40")
        preflight = await http.options(
            "/socket.io/", headers={"access-control-request-method": "POST"}
        )
        assert preflight.status_code == 204
        async with stranger(town, headers=cookie(town.ana) | {"origin": origin}) as ana:
            assert await let_in(ana)


async def test_answers_have_the_headers_of_all_answers(town: Town) -> None:
    async with town.http() as http:
        answer = await http.get("/socket.io/", params={"EIO": "4", "transport": "polling"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/socket.io/?EIO=4&transport=polling", 405),
        ("HEAD", "/socket.io/?EIO=4&transport=polling", 405),
        ("OPTIONS", "/socket.io/?EIO=4&transport=polling", 405),
        ("GET", "/socket.io/socket.io.js", 404),
        ("GET", "/socket.io", 404),
        ("GET", "/socket.io/", 400),
        ("GET", "/socket.io/?EIO=3&transport=polling", 400),
        ("GET", "/socket.io/?EIO=4&transport=pigeon", 400),
        ("GET", "/socket.io/?EIO=4&transport=polling&j=0", 400),
        ("GET", "/socket.io/?EIO=4&transport=polling&sid=x", 400),
        ("GET", "/socket.io/?EIO=4&transport=websocket", 400),
        ("POST", "/socket.io/?EIO=4&transport=polling&sid=x", 400),
        ("POST", "/socket.io/?EIO=4&transport=polling", 400),
    ],
)
async def test_what_is_no_request_of_engine_io_is_refused(
    town: Town, method: str, path: str, status: int
) -> None:
    async with town.http() as http:
        answer = await http.request(method, path, content=b"3" if method == "POST" else None)
    assert answer.status_code == status


async def test_a_websocket_to_a_session_that_is_none_is_refused(town: Town) -> None:
    with pytest.raises(InvalidStatus):
        async with stranger(town, f"&sid={uuid4()}"):
            pass


async def test_a_session_that_does_not_say_whose_it_is_ends(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "CONNECT_S", 0.1)
    async with stranger(town) as nobody:
        assert await nobody.close_code() == 1000


async def test_who_says_anything_else_first_is_hung_up_on(town: Town) -> None:
    for text in ('42["join_room",{"room":1}]', "41", "4x"):
        async with stranger(town) as nobody:
            await nobody.socket.send(text)
            assert await nobody.close_code() == 1000


async def test_there_is_a_bound_to_sessions_of_nobody(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "MAX_STRANGERS", 2)
    async with town.http() as http:
        first, second, third = Poller(http), Poller(http), Poller(http)
        await first.open()
        await second.open()
        answer = await http.get("/socket.io/", params=third.query)
        assert answer.status_code == 503
        await first.greet({"token": town.ana.token})
        await third.open()


async def test_who_leaves_while_being_let_in_leaves_nothing_behind(town: Town) -> None:
    async with stranger(town) as ana:
        await ana.socket.send(f"40{json.dumps({'token': town.ana.token})}")
    await asyncio.sleep(0.05)
    async with talk(town, town.ana):
        pass
