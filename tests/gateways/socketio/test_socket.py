"""One socket as a whole: polls and the way up, bounds, floods, bugs, and how it ends."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from uuid import UUID

import httpx
import pytest

from tertulia.core.model import Actor
from tertulia.core.sessions import Sessions
from tertulia.core.typists import Typists
from tertulia.gateways.socketio import carrier
from tests.gateways.conftest import OpenTown, Town
from tests.gateways.socketio.npm_client import npm_client
from tests.gateways.socketio.talk import Poller, stranger, talk
from tests.refill import refilled_slowly

NOOP = "6"


async def sign_out_everywhere(town: Town) -> None:
    await town.call(town.ana, "POST", "/api/signout_all")


async def polling(town: Town, http: httpx.AsyncClient, room: str) -> Poller:
    """Begin to poll for Ana, who joins a room."""
    poller = Poller(http)
    await poller.open()
    assert (await poller.greet({"token": town.ana.token})).startswith("40")
    await poller.post(f"421{json.dumps(['join_room', {'room': room}])}")
    heard: list[str] = []
    while not any(packet.startswith("42") for packet in heard):
        heard += await poller.poll()
    return poller


@pytest.mark.parametrize(
    "transports", [("polling",), ("websocket",), ()], ids=["polling", "websocket", "usual"]
)
async def test_a_session_that_ended_ends_the_socket_for_good(
    town: Town, transports: tuple[str, ...]
) -> None:
    async with npm_client(town.url, *transports, auth={"token": town.ana.token}) as ana:
        await ana.connect()
        await ana.done("join_room", {"room": await town.start_group(town.ana)})
        await sign_out_everywhere(town)
        assert (await ana.hear("error"))["code"] == "session_ended"
        told = await ana.told("disconnected")
    assert told == {"told": "disconnected", "reason": "io server disconnect", "active": False}


async def test_a_session_that_ends_while_it_is_let_in_is_closed_at_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    authenticate = Sessions.authenticate

    async def ending(self: Sessions, token: str) -> Actor:
        actor = await authenticate(self, token)
        monkeypatch.setattr(Sessions, "authenticate", authenticate)
        await sign_out_everywhere(town)
        return actor

    async with stranger(town) as ana:
        monkeypatch.setattr(Sessions, "authenticate", ending)
        await ana.greet({"token": town.ana.token})
        assert (await ana.hear("error"))["code"] == "session_ended"
        assert await ana.close_code() == 1000


async def test_a_client_that_says_farewell_is_let_go(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with talk(town, town.bea, group) as bea, talk(town, town.ana, group) as ana:
        await ana.socket.send("41")
        assert await ana.close_code() == 1000
        while (await bea.hear("presence"))["online"]:
            pass


async def test_pings_are_at_the_usual_pace(town: Town) -> None:
    async with town.http() as http:
        opened = await Poller(http).open()
    assert (opened["pingInterval"], opened["pingTimeout"]) == (25000, 20000)
    assert opened["upgrades"] == ["websocket"]


async def test_what_a_client_says_in_one_breath_is_done_in_order(town: Town) -> None:
    group = await town.start_group(town.ana)
    texts = [f"{index}" for index in range(40)]
    async with town.http() as http:
        poller = await polling(town, http, group)
        said = (json.dumps(["message", {"room": group, "message": text}]) for text in texts)
        assert (await poller.post(*[f"42{packet}" for packet in said])).text == "OK"
        heard: list[str] = []
        while len(heard) < len(texts):
            packets = await poller.poll()
            heard += _said(packets)
    assert heard == texts


@pytest.mark.parametrize(
    "body", [b"", b"x", b"\xff", b"40\x1ex", b"d=40", b"3\x1e" * 1025 + b"3"], ids=lambda it: it[:8]
)
async def test_a_body_that_cannot_be_used_ends_the_session(town: Town, body: bytes) -> None:
    async with town.http() as http:
        poller = Poller(http)
        await poller.open()
        answer = await poller.post(body)
        assert (answer.status_code, answer.json()["code"]) == (400, 3)
        assert (await poller.post("40")).status_code == 400


async def test_binary_data_in_a_body_is_passed_over(town: Town) -> None:
    async with town.http() as http:
        poller = await polling(town, http, await town.start_group(town.ana))
        await poller.post('451-7["message",{"_placeholder":true,"num":0}]', "beA==")
        assert any('437[{"error":{"code":"binary"' in packet for packet in await poller.poll())


async def test_what_is_too_large_ends_the_session(open_town: OpenTown) -> None:
    text = f"42{json.dumps(['message', {'room': 1, 'message': 'x' * 5000}])}"
    async with open_town(MAX_FRAME_BYTES="4096") as town:
        async with talk(town, town.ana) as ana:
            await ana.socket.send(text)
            assert await ana.close_code() == 1009
        async with town.http() as http:
            poller = Poller(http)
            assert (await poller.open())["maxPayload"] == 4096
            assert (await poller.post(text)).status_code == 400
            assert (await poller.post("40")).status_code == 400


async def test_what_is_no_packet_of_engine_io_closes_the_websocket(town: Town) -> None:
    for text in ("x", "0{}", "7", ""):
        async with talk(town, town.ana) as ana:
            await ana.socket.send(text)
            assert await ana.close_code() == 1002


async def test_more_than_can_be_read_closes_the_websocket(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "MAX_UNREAD", 4)
    async with talk(town, town.ana) as ana:
        async with ana.socket.send_context():
            for _ in range(10):
                ana.socket.protocol.send_text(b"3")
        assert await ana.close_code() == 1008


async def test_who_pushes_too_much_is_told_to_wait_and_then_cut_off(
    open_town: OpenTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    refilled_slowly(monkeypatch)
    async with (
        open_town(PUSHES_PER_S="1", PUSH_BURST="5") as town,
        npm_client(town.url, "websocket", auth={"token": town.ana.token}) as ana,
    ):
        await ana.connect()
        answers = [await ana.ask("typing", {"room": 1}) for _ in range(6)]
        codes = [answer["error"]["code"] for answer in answers]
        assert codes == ["not_found"] * 5 + ["rate_limited"]
        assert answers[-1]["error"]["retry_after_s"] > 0
        for _ in range(6):
            ana.say("typing", {"room": 1})
        told = await ana.told("disconnected")
        assert told["reason"] == "io server disconnect"
        assert ana.heard("error")[-1]["code"] == "flood"


async def test_more_than_can_wait_to_be_done_is_refused(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = await town.start_group(town.ana)
    may_go_on = asyncio.Event()

    async def start_slowly(_self: Typists, _actor: Actor, _conversation_id: UUID) -> None:
        await may_go_on.wait()

    monkeypatch.setattr(Typists, "start", start_slowly)
    async with talk(town, town.ana, group) as ana:
        refs = [await ana.begin("typing", {"room": group}) for _ in range(70)]
        refused = (await ana.answer(refs[-1]))["error"]
        assert (refused["code"], refused["retry_after_s"] > 0) == ("rate_limited", True)
        may_go_on.set()
        assert await ana.answer(refs[0]) == {"ok": True}


async def test_a_slow_poller_is_cut_off(open_town: OpenTown) -> None:
    async with open_town(SLOW_LISTENER_BYTES="65536") as town, town.http() as http:
        group = await town.start_group(town.ana, town.bea)
        poller = await polling(town, http, group)
        async with talk(town, town.bea, group) as bea:
            for _ in range(20):
                await bea.done("message", {"room": group, "message": "x" * 4000})
            with pytest.raises(httpx.HTTPStatusError):
                for _ in range(3):
                    assert not any("xxx" in packet for packet in await poller.poll())


async def test_a_slow_websocket_is_cut_off(open_town: OpenTown) -> None:
    async with open_town(
        SLOW_LISTENER_BYTES="65536", MAX_BODY_CHARS="20000", PUSH_BURST="1000"
    ) as town:
        group = await town.start_group(town.ana, town.bea)
        with socket.socket() as small:
            small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            small.connect(("127.0.0.1", int(town.url.rpartition(":")[2])))
            small.setblocking(False)  # noqa: FBT003
            async with (
                talk(town, town.ana, group, sock=small, max_queue=1) as ana,
                talk(town, town.bea, group) as bea,
            ):
                for _ in range(250):
                    await bea.done("message", {"room": group, "message": "x" * 20_000})
                    await bea.hear("message")
                assert await ana.close_code() == 1013


async def test_a_bug_ends_the_socket_and_is_logged(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    group = await town.start_group(town.ana)

    async def broken(_self: Typists, _actor: Actor, _conversation_id: UUID) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Typists, "start", broken)
    async with talk(town, town.ana, group) as ana:
        await ana.begin("typing", {"room": group})
        assert await ana.close_code() == 1000
    assert "A socket broke" in caplog.text


async def test_a_bug_while_letting_in_ends_the_session_and_is_logged(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_self: Sessions, _token: str) -> Actor:
        raise ZeroDivisionError

    monkeypatch.setattr(Sessions, "authenticate", broken)
    async with stranger(town) as ana:
        await ana.socket.send('40{"token":"x"}')
        assert await ana.close_code() == 1000
    assert "A session could not be begun" in caplog.text


async def test_no_token_is_logged(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="tertulia")
    async with talk(town, town.ana), stranger(town) as nobody:
        await nobody.greet({"token": "s3cret"})
    assert "s3cret" not in caplog.text
    assert town.ana.token not in caplog.text


async def test_a_poll_that_is_given_up_ends_the_session(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with town.http() as http, talk(town, town.bea, group) as bea:
        poller = await polling(town, http, group)
        given_up = httpx.Timeout(30, read=0.5)
        with pytest.raises(httpx.ReadTimeout):
            await http.get("/socket.io/", params=poller.query, timeout=given_up)
        while (seen := await bea.hear("presence"))["online"]:
            pass
        assert seen["user"]["username"] == "ana"


async def test_a_websocket_that_came_to_nothing_leaves_the_polls_as_they_were(town: Town) -> None:
    group = await town.start_group(town.ana)
    async with town.http() as http:
        poller = await polling(town, http, group)
        for probe in ((), ("2",), ("2probe",), ("2probe", "6")):
            async with stranger(town, f"&sid={poller.query['sid']}") as upwards:
                for text in probe:
                    await upwards.socket.send(text)
            await asyncio.sleep(0.05)
            await town.send(town.ana, group, "still there")
            heard: list[str] = []
            while not any("still there" in packet for packet in heard):
                heard += await poller.poll()


async def test_the_way_up_loses_nothing(town: Town) -> None:
    group = await town.start_group(town.ana)
    async with town.http() as http:
        poller = await polling(town, http, group)
        async with stranger(town, f"&sid={poller.query['sid']}") as upwards:
            await upwards.socket.send("2probe")
            await upwards.packet(lambda it: it == "3probe")
            await town.send(town.ana, group, "between")
            heard = await poller.poll()
            await upwards.socket.send("5")
            await town.send(town.ana, group, "after")
            if not any("between" in packet for packet in heard):
                assert (await upwards.hear("message"))["message"]["text"] == "between"
            assert (await upwards.hear("message"))["message"]["text"] == "after"
            assert (await poller.post("3")).status_code == 400


async def test_the_way_up_keeps_the_order_of_what_is_said_meanwhile(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    texts = [f"{index}" for index in range(60)]

    async def chatter() -> None:
        for text in texts:
            await town.send(town.bea, group, text)

    async with town.http() as http:
        poller = await polling(town, http, group)
        chattering = asyncio.create_task(chatter())
        heard = await poller.poll()
        async with stranger(town, f"&sid={poller.query['sid']}") as upwards:
            await upwards.socket.send("2probe")
            await upwards.packet(lambda it: it == "3probe")
            while NOOP not in heard:
                heard += await poller.poll()
            before_the_way_up = len(_said(heard))
            await upwards.socket.send("5")
            while len(_said(heard)) < len(texts):
                heard.append(await upwards.packet(lambda _: True))
            await chattering
    assert _said(heard) == texts
    assert 0 < before_the_way_up < len(texts)


def _said(packets: list[str]) -> list[str]:
    return [
        json.loads(packet[2:])[1]["message"]["text"]
        for packet in packets
        if packet.startswith('42["message"')
    ]


async def test_a_server_that_stops_leaves_no_task(
    open_town: OpenTown,
) -> None:
    async with open_town() as town, town.http() as http, talk(town, town.ana), stranger(town):
        await polling(town, http, await town.start_group(town.ana))
    left = [task for task in asyncio.all_tasks() if "engineio" in repr(task)]
    assert left == []
