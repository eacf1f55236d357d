"""Long polling, request by request, as the npm client speaks it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tertulia.gateways.phoenix import longpoll
from tertulia.gateways.phoenix.polling import MAX_SESSIONS
from tertulia.realtime import hub
from tertulia.realtime.hub import Hub
from tests.e2e.forge import Forge
from tests.e2e.people import register
from tests.e2e.server_process import ServerProcess
from tests.gateways.conftest import OpenTown, Person, Town
from tests.gateways.phoenix.talk import Talk, talk

PATH = "/socket/longpoll"
LINES = {"content-type": "application/x-ndjson"}
SOON_S = longpoll.HOLD_S * 0.8
"""Within this a poll is answered that does not wait for its time to be over."""

Answer = dict[str, Any]


class Poller:
    """One long polling session, or an attempt at one."""

    def __init__(self, http: httpx.AsyncClient, query: str, **headers: str) -> None:
        self._http = http
        self._query = query
        self._headers = headers
        self.token = "null"

    async def get(self) -> Answer:
        """Poll once and return the answer; a token in it is used from now on."""
        answer = await self._http.get(self._address, headers=self._headers)
        assert answer.status_code == 200
        found: Answer = answer.json()
        self.token = found.get("token", self.token)
        return found

    async def post(self, body: str | bytes, headers: dict[str, str] | None = None) -> int:
        """Post a body and return the status in the answer."""
        answer = await self._http.post(self._address, content=body, headers=headers or LINES)
        assert answer.status_code == 200
        status: int = answer.json()["status"]
        return status

    async def say(self, *frames: Sequence[object]) -> None:
        """Post frames that are taken."""
        assert await self.post("\n".join(map(json.dumps, frames))) == 200

    async def hear(self) -> list[Any]:
        """Poll until something was said, and return the frames."""
        while (answer := await self.get())["status"] == 204:
            pass
        assert answer["status"] == 200
        return [json.loads(message) for message in answer["messages"]]

    async def join(self, topic: str) -> list[Any]:
        """Join a topic that lets one in; return what is heard, the reply first."""
        await self.say(["1", "1", topic, "phx_join", {}])
        heard = await self.hear()
        assert heard[0][4]["status"] == "ok"
        return heard

    @property
    def _address(self) -> str:
        return f"{PATH}?{self._query}&token={self.token}"


@asynccontextmanager
async def polling(town: Town, person: Person) -> AsyncIterator[Poller]:
    """Begin a session by the token in the query, as the npm client's `params` put it there."""
    async with town.http() as http:
        poller = Poller(http, f"token={person.token}&vsn=2.0.0")
        begun = await poller.get()
        assert (begun["status"], begun["messages"]) == (410, [])
        yield poller


def replies(frames: Iterable[list[Any]]) -> dict[str, str]:
    """Return the status of each reply by its ref."""
    return {frame[1]: frame[4]["status"] for frame in frames if frame[3] == "phx_reply"}


async def test_it_joins_pushes_and_hears(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    async with polling(town, town.ana) as ana:
        await ana.join(topic)
        await ana.say(
            ["1", "2", topic, "send_message", {"content": "hello"}],
            [None, "3", "phoenix", "heartbeat", {}],
        )
        heard = await ana.hear()
        while len(heard) < 3:
            heard += await ana.hear()
        assert replies(heard) == {"2": "ok", "3": "ok"}
        (announced,) = [frame for frame in heard if frame[3] == "new_message"]
        assert announced[4]["message"]["content"] == "hello"


async def test_what_is_said_between_two_polls_waits(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with polling(town, town.ana) as ana:
        await ana.join(f"conversation:{group}")
        for text in ("one", "two"):
            await town.send(town.bea, group, text)
        heard = await ana.hear()
    assert [frame[4]["message"]["content"] for frame in heard] == ["one", "two"]


async def test_a_poll_is_held_until_something_is_said(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with polling(town, town.ana) as ana:
        await ana.join(f"conversation:{group}")
        poll = asyncio.create_task(ana.hear())
        await asyncio.sleep(0.2)
        assert not poll.done()
        await town.send(town.bea, group, "at last")
        (heard,) = await asyncio.wait_for(poll, SOON_S)
    assert heard[4]["message"]["content"] == "at last"


async def test_a_poll_ends_where_nothing_is_said(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(longpoll, "HOLD_S", 0.1)
    async with polling(town, town.ana) as ana:
        token = ana.token
        assert await ana.get() == {"status": 204, "token": token, "messages": []}


async def test_who_hangs_up_loses_nothing(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with polling(town, town.ana) as ana:
        await ana.join(f"conversation:{group}")
        poll = asyncio.create_task(ana.get())
        await asyncio.sleep(0.2)
        poll.cancel()
        await asyncio.gather(poll, return_exceptions=True)
        await asyncio.sleep(0.1)
        await town.send(town.bea, group, "did you hear?")
        (heard,) = await ana.hear()
    assert heard[4]["message"]["content"] == "did you hear?"


async def test_a_later_poll_takes_over(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with polling(town, town.ana) as ana:
        await ana.join(f"conversation:{group}")
        first = asyncio.create_task(ana.get())
        await asyncio.sleep(0.2)
        second = asyncio.create_task(ana.get())
        assert (await asyncio.wait_for(first, SOON_S))["status"] == 204
        await town.send(town.bea, group, "hello")
        assert len((await asyncio.wait_for(second, SOON_S))["messages"]) == 1


async def test_the_first_version_is_spoken_too(town: Town) -> None:
    async with town.http() as http:
        ana = Poller(http, f"token={town.ana.token}")
        assert (await ana.get())["status"] == 410
        join = {"topic": f"user:{town.ana.id}", "event": "phx_join", "payload": {}, "ref": "1"}
        body = json.dumps(join, indent=2)
        assert await ana.post(body, {"content-type": "application/json"}) == 200
        (reply,) = await ana.hear()
    assert (reply["event"], reply["ref"], reply["payload"]["status"]) == ("phx_reply", "1", "ok")


@pytest.mark.parametrize("name", ["authorization", "x-phoenix-authtoken", "cookie"])
async def test_a_header_begins_a_session(town: Town, name: str) -> None:
    token = town.bea.token
    value = {"authorization": f"Bearer {token}", "cookie": f"access_token={token}"}.get(name, token)
    async with town.http() as http:
        bea = Poller(http, "vsn=2.0.0", **{name: value})
        assert (await bea.get())["status"] == 410
        await bea.join(f"user:{town.bea.id}")


async def test_a_ticket_begins_one_session(town: Town) -> None:
    ticket = (await town.call(town.ana, "POST", "/auth/socket-ticket"))["ticket"]
    async with town.http() as http:
        ana = Poller(http, f"vsn=2.0.0&ticket={ticket}")
        assert (await ana.get())["status"] == 410
        await ana.join(f"user:{town.ana.id}")
        assert await Poller(http, f"vsn=2.0.0&ticket={ticket}").get() == {"status": 403}


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("vsn=2.0.0", {}),
        ("vsn=2.0.0&token=nonsense", {}),
        ("vsn=3.0.0", {"authorization": "Bearer {token}"}),
        ("vsn=2.0.0", {"authorization": "Bearer nonsense"}),
        ("vsn=2.0.0", {"cookie": "access_token={token}", "origin": "https://evil.example"}),
        ("vsn=2.0.0", {"cookie": "access_token={token}", "sec-fetch-site": "cross-site"}),
        ("vsn=2.0.0&token=nonsense", {"cookie": "access_token={token}"}),
    ],
)
async def test_who_cannot_say_who_they_are_begins_none(
    town: Town, query: str, headers: dict[str, str]
) -> None:
    filled = {name: value.format(token=town.ana.token) for name, value in headers.items()}
    async with town.http() as http:
        assert await Poller(http, query, **filled).get() == {"status": 403}


async def test_a_token_that_was_tampered_with_is_refused(town: Town) -> None:
    async with polling(town, town.ana) as ana:
        name = ana.token.split(".")[1]
        for token in (ana.token[:-1], "lp.", "lp.x", f"lp.{name}.{'0' * 64}", f"{ana.token}é"):
            ana.token = token
            assert await ana.get() == {"status": 403}
            assert await ana.post("[]") == 403


async def test_nothing_is_taken_without_a_session(town: Town) -> None:
    async with town.http() as http:
        ana = Poller(http, f"token={town.ana.token}&vsn=2.0.0")
        assert await ana.post(json.dumps([None, "1", "phoenix", "heartbeat", {}])) == 410


async def test_a_session_of_an_earlier_server_is_gone(open_town: OpenTown) -> None:
    async with open_town() as town, polling(town, town.ana) as ana:
        token = ana.token
    async with open_town() as town, town.http() as http:
        ana = Poller(http, f"token={town.ana.token}&vsn=2.0.0")
        ana.token = token
        assert await ana.get() == {"status": 410}
        assert await ana.post("[]") == 410


async def test_signing_out_ends_it_even_while_it_waits(town: Town) -> None:
    async with polling(town, town.ana) as ana, polling(town, town.bea) as bea:
        await ana.join(f"user:{town.ana.id}")
        poll = asyncio.create_task(ana.get())
        await asyncio.sleep(0.1)
        await town.call(town.ana, "POST", "/api/signout_all")
        assert await asyncio.wait_for(poll, SOON_S) == {"status": 410}
        assert await ana.post("[]") == 410
        ana.token = "null"
        assert await ana.get() == {"status": 403}
        await bea.join(f"user:{town.bea.id}")


async def test_who_polls_no_more_goes_offline(
    open_town: OpenTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Until she polls no more nobody looks, so she may be as slow as she likes.
    has_stopped = False
    tick = Hub.tick

    def tick_then(self: Hub) -> None:
        if has_stopped:
            tick(self)

    monkeypatch.setattr(hub, "TICK_S", 0.2)
    monkeypatch.setattr(Hub, "tick", tick_then)
    async with open_town() as town, talk(town, town.bea) as bea, polling(town, town.ana) as ana:
        await bea.join("system:general")
        await ana.join("system:general")
        polls = asyncio.create_task(_poll_on(ana))
        await _until_heard(bea, "joins", town.ana)
        polls.cancel()
        has_stopped = True
        await _until_heard(bea, "leaves", town.ana)
        assert await ana.get() == {"status": 410}


@pytest.mark.parametrize(
    "body", ["nonsense", b"\xff\xfe", "[" + "1" * 5000 + "]", "x" * 5000 + "\n[]"]
)
async def test_what_is_no_frame_ends_the_session(open_town: OpenTown, body: str | bytes) -> None:
    async with open_town(MAX_FRAME_BYTES="4096") as town, polling(town, town.ana) as ana:
        assert await ana.post(body) == 200
        assert await ana.get() == {"status": 410}


async def test_a_flood_ends_the_session(open_town: OpenTown) -> None:
    async with open_town(PUSHES_PER_S="1", PUSH_BURST="5") as town, polling(town, town.ana) as ana:
        topic = f"user:{town.ana.id}"
        await ana.join(topic)
        await ana.say(*[["1", str(at), topic, "nonsense", {}] for at in range(2, 40)])
        heard = await ana.hear()
        reasons = {frame[4]["response"]["reason"] for frame in heard if frame[3] == "phx_reply"}
        assert reasons == {"rate_limited"}, "what was granted is not answered any more"
        assert await ana.get() == {"status": 410}


async def test_one_for_whom_too_much_waits_begins_anew(open_town: OpenTown) -> None:
    async with open_town(SLOW_LISTENER_BYTES="65536") as town:
        group = await town.start_group(town.ana, town.bea)
        async with polling(town, town.ana) as ana:
            await ana.join(f"conversation:{group}")
            for _ in range(20):
                await town.send(town.bea, group, "x" * 4000)
            assert await ana.get() == {"status": 410}


async def test_an_accounts_oldest_session_makes_way_for_one_too_many(town: Town) -> None:
    async with town.http() as http, polling(town, town.bea) as bea:
        pollers = [
            Poller(http, f"token={town.ana.token}&vsn=2.0.0") for _ in range(MAX_SESSIONS + 1)
        ]
        for each in pollers:
            await each.get()
        beat = json.dumps([None, "1", "phoenix", "heartbeat", {}])
        assert [await each.post(beat) for each in pollers] == [410] + [200] * MAX_SESSIONS
        assert await bea.post(beat) == 200


async def test_a_server_that_stops_keeps_no_poll(
    tmp_path: Path, ground: dict[str, str], forge: Forge
) -> None:
    server = ServerProcess(tmp_path, ground, forge=forge)
    await server.start()
    ana = await register(server.url, "ana")
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as http:
        poller = Poller(http, f"token={ana.token}&vsn=2.0.0")
        await poller.get()
        poll = asyncio.create_task(poller.get())
        await asyncio.sleep(0.2)
        stopping = asyncio.create_task(server.stop())
        assert await asyncio.wait_for(poll, SOON_S) == {"status": 410}
        await stopping


async def test_other_methods_are_not_allowed(town: Town) -> None:
    async with town.http() as http:
        answer = await http.delete(PATH)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_a_page_of_an_allowed_origin_may_poll(open_town: OpenTown) -> None:
    async with open_town(ALLOWED_ORIGINS="https://friend.example") as town, town.http() as http:
        origin = {"origin": "https://friend.example"}
        asked = await http.options(
            PATH, headers={**origin, "access-control-request-method": "POST"}
        )
        allowed = asked.headers["access-control-allow-headers"].lower()
        begun = await http.get(f"{PATH}?token={town.ana.token}&vsn=2.0.0", headers=origin)
    assert {"content-type", "x-phoenix-authtoken"} <= set(allowed.split(", "))
    assert begun.headers["access-control-allow-origin"] == origin["origin"]
    assert begun.json()["status"] == 410


async def _poll_on(poller: Poller) -> None:
    while True:
        await poller.get()


async def _until_heard(bea: Talk, change: str, person: Person) -> None:
    heard: list[str] = []
    while person.id not in heard:
        diff = await bea.hear("system:general", "presence_diff")
        heard += diff[change]
