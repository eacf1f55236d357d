"""Plain voice sockets: who comes in, what clients tell each other, and the sound they send here."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from websockets.exceptions import InvalidStatus

from tests.gateways.phoenix.talk import talk as phoenix
from tests.gateways.voice.talk import Talk, connect_to, turned_away, voice

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.gateways.conftest import OpenTown, Person, Town

SDP = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n"
SOUND = bytes(range(256)) * 4
NOWHERE = "0198c2a4-5a50-7000-8000-0000000000c1"


@dataclass
class Place:
    """A group of ana, bea and caro, whose voice channel all three are in."""

    town: Town
    id: str
    path: str
    ana: Talk
    bea: Talk
    caro: Talk


@pytest.fixture
async def place(town: Town) -> AsyncIterator[Place]:
    group = await town.start_group(town.ana, town.bea, town.caro)
    found = await town.call(town.ana, "GET", f"/api/conversations/{group}")
    path = f"/ws/voice/{found['number']}"
    async with AsyncExitStack() as stack:
        talks = [
            await stack.enter_async_context(voice(town, each, path))
            for each in (town.ana, town.bea, town.caro)
        ]
        yield Place(town, group, path, *talks)


async def test_two_clients_find_each_other_and_nobody_else_hears_of_it(place: Place) -> None:
    town = place.town
    to_bea = {"to": town.bea.id, "to_session": place.bea.session}
    await place.ana.say("offer", **to_bea, sdp=SDP, proof={"sig": "x"})
    offer = await place.bea.hear("offer")
    sender = {"from": town.ana.id, "from_session": place.ana.session}
    assert offer["from_user_id"] == town.ana.id
    assert offer["payload"] == {**sender, "sdp": SDP, "proof": {"sig": "x"}}
    await place.bea.socket.send(json.dumps({"type": "answer", "to": town.ana.id, "sdp": SDP}))
    answer = await place.ana.hear("answer")
    back = {"from": town.bea.id, "from_session": place.bea.session}
    assert answer["payload"] == {**back, "sdp": SDP}
    for one, other, person in (
        (place.ana, place.bea, town.bea),
        (place.bea, place.ana, town.ana),
    ):
        for candidate in ({"candidate": "candidate:1", "sdpMid": "0"}, None):
            await one.say("ice_candidate", to=person.id, candidate=candidate)
            assert (await other.hear("ice_candidate"))["payload"]["candidate"] == candidate
    heard = {each["type"] for each in await place.caro.settle() if not isinstance(each, bytes)}
    assert heard.isdisjoint({"offer", "answer", "ice_candidate"})


async def test_the_newcomer_is_told_who_is_there_and_the_others_who_came(place: Place) -> None:
    town = place.town
    welcome = place.caro.welcome
    assert (welcome["from_user_id"], f"/ws/voice/{welcome['channel_id']}") == (
        "server",
        place.path,
    )
    there = welcome["payload"]["participants"]
    assert [each["username"] for each in there] == ["ana", "bea", "caro"]
    documented = {key: there[0][key] for key in ("id", "status", "isSpeaking", "isMuted")}
    assert documented == {
        "id": town.ana.id,
        "status": "online",
        "isSpeaking": False,
        "isMuted": False,
    }
    assert there[2]["session"] == place.caro.session
    rest = {key: welcome["payload"][key] for key in ("ice_servers", "route", "limit")}
    assert rest == {"ice_servers": [], "route": "mesh", "limit": 8}
    assert welcome["payload"]["end_to_end"] is False, "what is sent here the server can hear"
    joined = [(await place.ana.hear("join"))["payload"]["user"]["id"] for _ in range(2)]
    assert joined == [town.bea.id, town.caro.id]
    await place.bea.say("leave")
    assert await place.bea.close_code() == 1000
    left = await place.ana.hear("leave")
    assert left["payload"] == {
        "user_id": town.bea.id,
        "session": place.bea.session,
        "reason": "left",
    }


async def test_the_channel_goes_by_the_name_under_which_one_came(place: Place) -> None:
    town = place.town
    async with voice(town, town.bea, f"/voice/{place.id}") as bea:
        assert bea.welcome["channel_id"] == place.id
        await place.ana.say("voice_state", muted=True)
        by_id, by_number = await bea.hear("voice_state"), await place.caro.hear("voice_state")
    assert by_id["channel_id"] == place.id
    assert f"/ws/voice/{by_number['channel_id']}" == place.path
    assert by_id["payload"] == by_number["payload"]
    assert by_id["payload"]["isMuted"] is True


async def test_clients_of_both_wires_meet(place: Place) -> None:
    town, topic = place.town, f"voice:{place.id}"
    async with phoenix(town, town.bea) as bea:
        session = (await bea.join(topic))["session"]
        assert await place.bea.close_code() == 4000, "one client at a time"
        await bea.done(
            topic, "offer", {"to": town.ana.id, "to_session": place.ana.session, "sdp": SDP}
        )
        assert (await place.ana.hear("offer"))["payload"]["from_session"] == session
        await place.ana.say("answer", to=town.bea.id, to_session=session, sdp=SDP)
        assert (await bea.hear(topic, "answer"))["from"] == town.ana.id


@pytest.mark.parametrize(
    ("said", "code", "attr"),
    [
        ("no json", "malformed", None),
        ('{"type": "shout"}', "unknown_event", "type"),
        ('{"type": "offer", "to": "x", "sdp": ""}', "invalid", "to"),
        (f'{{"type": "offer", "to": "{NOWHERE}", "sdp": ""}}', "not_found", None),
        ('{"type": "offer", "to": "sfu", "sdp": ""}', "not_found", None),
        ('{"type": "remove", "user_id": "ana"}', "invalid", "user_id"),
    ],
    ids=ascii,
)
async def test_what_cannot_be_is_refused_and_the_socket_stays(
    place: Place, said: str, code: str, attr: str | None
) -> None:
    await place.bea.socket.send(said)
    refusal = (await place.bea.hear("error"))["payload"]
    assert (refusal["code"], refusal.get("attr"), bool(refusal["detail"])) == (code, attr, True)
    await place.bea.say("voice_state", camera=True)
    assert (await place.bea.hear("voice_state"))["payload"]["camera"] is True


async def test_moderators_silence_and_show_out(place: Place) -> None:
    town = place.town
    refusal = await place.bea.refused("silence", user_id=town.ana.id, silenced=True)
    assert refusal["code"] == "forbidden"
    await place.ana.say("silence", user_id=town.bea.id, silenced=True)
    state = (await place.caro.hear("voice_state"))["payload"]
    assert (state["id"], state["silenced"], state["isMuted"]) == (town.bea.id, True, True)
    await place.ana.say("remove", user_id=town.bea.id)
    assert (await place.bea.hear("leave"))["payload"]["reason"] == "removed"
    assert await place.bea.close_code() == 4000


async def test_sound_reaches_the_others_as_it_is_unless_one_is_not_to_be_heard(
    place: Place,
) -> None:
    town = place.town
    await place.ana.socket.send(SOUND)
    assert [await place.bea.sound(), await place.caro.sound()] == [SOUND, SOUND]
    await place.ana.say("voice_state", muted=True)
    await place.caro.hear("voice_state")
    await place.ana.socket.send(b"not heard")
    await place.ana.say("voice_state", muted=False)
    await place.caro.hear("voice_state")
    await place.ana.socket.send([SOUND, SOUND])
    assert await place.caro.sound() == SOUND * 2
    await place.ana.say("silence", user_id=town.bea.id, silenced=True)
    await place.caro.hear("voice_state")
    await place.bea.socket.send(b"not heard")
    assert bytes not in {type(each) for each in await place.ana.settle()}, "nor oneself"
    await place.bea.settle()
    assert bytes not in {type(each) for each in await place.caro.settle()}


async def test_sound_that_is_too_large_or_too_much_is_refused(place: Place) -> None:
    await place.ana.socket.send(bytes(16 * 1024))
    assert len(await place.bea.sound()) == 16 * 1024
    await place.ana.socket.send(bytes(16 * 1024 + 1))
    assert await place.ana.close_code() == 1009
    for _ in range(400):
        await place.bea.socket.send(b"x")
    assert await place.bea.close_code() == 4029
    await place.caro.settle()


async def test_floods_and_oversize_of_texts_are_refused(place: Place) -> None:
    await place.ana.say("voice_state", x="x" * 65536)
    assert await place.ana.close_code() == 1009
    for _ in range(1000):
        await place.bea.socket.send("{}")
    assert await place.bea.close_code() == 4029
    await place.caro.settle()


async def test_where_all_is_encrypted_no_sound_goes_by_the_server(town: Town) -> None:
    body = {"kind": "group", "alias": "Ours", "user_ids": [], "encrypted": True}
    group = (await town.call(town.ana, "POST", "/api/conversations", body))["id"]
    async with voice(town, town.ana, f"/ws/voice/{group}") as ana:
        await ana.socket.send(SOUND)
        assert await ana.close_code() == 1003


async def test_a_client_that_comes_back_with_its_session_is_not_heard_of(place: Place) -> None:
    town = place.town
    await place.bea.settle()
    session = place.ana.session
    await place.ana.socket.close()
    async with voice(town, town.ana, place.path, query=f"&session={session}") as ana:
        assert ana.session == session
        heard = [each["type"] for each in await place.bea.settle() if not isinstance(each, bytes)]
    assert "leave" not in heard
    assert "join" not in heard


async def test_a_client_that_comes_back_to_a_seat_that_was_taken_over_is_told_so(
    place: Place,
) -> None:
    town = place.town
    session = place.ana.session
    async with voice(town, town.ana, place.path) as phone:
        path = f"{place.path}?token={town.ana.token}&session={session}"
        async with connect_to(town, path) as socket:
            laptop = Talk(socket)
            assert (await laptop.hear("error"))["payload"]["code"] == "taken_over"
            assert await laptop.close_code() == 4000
        await phone.settle()


@pytest.mark.parametrize("prefix", ["/ws/voice", "/voice"])
async def test_who_is_not_let_in_is_told_why(town: Town, prefix: str) -> None:
    group = await town.start_group(town.ana)
    place = f"{prefix}/{group}"
    cases: list[tuple[Person | None, str, str, int]] = [
        (None, place, "not_authenticated", 4001),
        (town.bea, place, "forbidden", 4003),
        (town.ana, f"{prefix}/{NOWHERE}", "not_found", 4004),
        (town.ana, f"{prefix}/999999", "not_found", 4004),
        (town.ana, f"{prefix}/x", "not_found", 4004),
        (town.ana, f"{prefix}/", "not_found", 4004),
        (town.ana, f"{place}/more", "not_found", 4004),
    ]
    for person, path, code, closed_with in cases:
        error, closing = await turned_away(town, person, path)
        assert (error["payload"]["code"], closing) == (code, closed_with), path
        assert (error["type"], error["from_user_id"]) == ("error", "server")
    async with connect_to(town, f"{place}?token=wrong") as socket:
        talk = Talk(socket)
        assert (await talk.hear("error"))["payload"]["code"] == "invalid_token"
        assert await talk.close_code() == 4001


async def test_who_is_blocked_and_whom_there_is_no_room_for_is_told_so(
    open_town: OpenTown,
) -> None:
    async with open_town(VOICE_MESH_LIMIT="2") as town:
        group = await town.start_group(town.ana, town.bea, town.caro)
        chat = await town.start_private(town.ana, town.bea)
        await town.call(town.bea, "POST", "/api/blocks", {"user_id": town.ana.id})
        error, code = await turned_away(town, town.ana, f"/ws/voice/{chat}")
        assert (error["payload"]["code"], code) == ("blocked", 4003)
        path = f"/ws/voice/{group}"
        async with voice(town, town.ana, path), voice(town, town.bea, path):
            error, code = await turned_away(town, town.caro, path)
        assert (error["payload"]["code"], error["payload"]["limit"], code) == ("full", 2, 4008)


async def test_who_signs_out_leaves_with_4001(place: Place) -> None:
    town = place.town
    async with town.http(town.bea) as http:
        (await http.post("/auth/logout")).raise_for_status()
    assert await place.bea.close_code() == 4001
    left: dict[str, Any] = (await place.ana.hear("leave"))["payload"]
    assert (left["user_id"], left["reason"]) == (town.bea.id, "left")


async def test_a_page_of_another_origin_is_not_let_in_by_its_cookie(town: Town) -> None:
    group = await town.start_group(town.ana)
    headers = {"Cookie": f"access_token={town.ana.token}", "Origin": "https://evil.example"}
    with pytest.raises(InvalidStatus) as refused:
        await connect_to(town, f"/ws/voice/{group}", additional_headers=headers)
    assert refused.value.response.status_code == 403
