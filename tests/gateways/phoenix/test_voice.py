"""`voice:{id}`: who is in a voice channel, and what their clients tell each other."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.gateways.phoenix.talk import Talk, talk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.gateways.conftest import OpenTown, Town

SDP = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n"


@dataclass
class Group:
    """A group of ana, bea and caro, whose sockets are open; nobody is in its voice channel."""

    town: Town
    id: str
    ana: Talk
    bea: Talk
    caro: Talk

    @property
    def topic(self) -> str:
        """What its channel is joined by."""
        return f"voice:{self.id}"

    async def join(self, person: Talk, payload: object = None) -> str:
        """Come in and return one's session."""
        session: str = (await person.join(self.topic, payload))["session"]
        return session


@pytest.fixture
async def group(town: Town) -> AsyncIterator[Group]:
    found = await town.start_group(town.ana, town.bea, town.caro)
    async with AsyncExitStack() as stack:
        talks = [
            await stack.enter_async_context(talk(town, each))
            for each in (town.ana, town.bea, town.caro)
        ]
        yield Group(town, found, *talks)


def _ids(people: list[dict[str, Any]], key: str) -> list[str]:
    return [each[key] for each in people]


async def test_the_reply_tells_who_is_there_and_how_to_reach_them(group: Group) -> None:
    town = group.town
    await group.join(group.ana, {"muted": True})
    reply = await group.bea.join(group.topic)
    first, own = reply["participants"]
    assert _ids(reply["participants"], "user_id") == [town.ana.id, town.bea.id]
    assert _ids(reply["users"], "id") == [town.ana.id, town.bea.id]
    assert (own["session"], own["muted"]) == (reply["session"], False)
    assert first["muted"] is True
    rest = {key: reply[key] for key in ("ice_servers", "route", "limit", "end_to_end")}
    assert rest == {"ice_servers": [], "route": "mesh", "limit": 8, "end_to_end": True}


async def test_the_others_hear_who_comes_and_who_goes(group: Group) -> None:
    town = group.town
    ana_session = await group.join(group.ana)
    bea_session = await group.join(group.bea)
    joined = await group.ana.hear(group.topic, "join")
    assert (joined["participant"]["session"], joined["user"]["id"]) == (bea_session, town.bea.id)
    await group.ana.done(group.topic, "phx_leave")
    left = await group.bea.hear(group.topic, "leave")
    assert left == {"user_id": town.ana.id, "session": ana_session, "reason": "left"}
    heard = [frame[3] for frame in await group.bea.settle()]
    assert "join" not in heard, "nobody is told of their own coming"


async def test_offer_answer_and_candidates_reach_the_one_they_are_for(group: Group) -> None:
    town = group.town
    ana_session = await group.join(group.ana)
    bea_session = await group.join(group.bea)
    await group.join(group.caro)
    to_bea = {"to": town.bea.id, "to_session": bea_session}
    to_ana = {"to": town.ana.id, "to_session": ana_session}
    proof = {"signature": "AAAA"}
    assert await group.ana.done(group.topic, "offer", {**to_bea, "sdp": SDP, "proof": proof}) == {}
    offer = await group.bea.hear(group.topic, "offer")
    assert offer == {"from": town.ana.id, "from_session": ana_session, "sdp": SDP, "proof": proof}
    await group.bea.done(group.topic, "answer", {**to_ana, "sdp": SDP})
    answer = await group.ana.hear(group.topic, "answer")
    assert answer == {"from": town.bea.id, "from_session": bea_session, "sdp": SDP}
    for candidate in ({"candidate": "candidate:1 1 udp", "sdpMLineIndex": 0, "sdpMid": "0"}, None):
        await group.bea.done(group.topic, "ice_candidate", {**to_ana, "candidate": candidate})
        heard = await group.ana.hear(group.topic, "ice_candidate")
        assert heard["candidate"] == candidate
    events = {frame[3] for frame in await group.caro.settle()}
    assert events.isdisjoint({"offer", "answer", "ice_candidate"})


@pytest.mark.parametrize(
    ("event", "payload", "reason"),
    [
        ("offer", {"to": "{caro}", "to_session": "x", "sdp": SDP}, "not_found"),
        ("offer", {"to": "{bea}", "to_session": "x", "sdp": SDP}, "not_found"),
        ("offer", {"to": "sfu", "sdp": SDP}, "not_found"),
        ("offer", {"to": "{bea}", "sdp": SDP}, "required"),
        ("offer", {"to": "bea", "to_session": "x", "sdp": SDP}, "invalid"),
        ("offer", {"to": "{bea}", "to_session": "{session}", "sdp": "x" * 65536}, "too_large"),
        ("answer", {"to": "{bea}", "to_session": "{session}"}, "required"),
        ("ice_candidate", {"to": "{bea}", "to_session": "{session}"}, "required"),
        ("ice_candidate", {"to": "{bea}", "to_session": "x", "candidate": [1]}, "invalid"),
        ("voice_state", {"muted": "yes"}, "invalid"),
        ("silence", {"user_id": "{ana}", "silenced": True}, "forbidden"),
        ("remove", {"user_id": "{ana}"}, "forbidden"),
        ("remove", {}, "required"),
        ("shout", {}, "unknown_event"),
    ],
)
async def test_what_cannot_be_is_refused_by_name(
    group: Group, event: str, payload: dict[str, Any], reason: str
) -> None:
    town = group.town
    await group.join(group.ana)
    session = await group.join(group.bea)
    named = {"{ana}": town.ana.id, "{bea}": town.bea.id, "{caro}": town.caro.id}
    named["{session}"] = session
    filled = {
        key: named.get(value, value) if isinstance(value, str) else value
        for key, value in payload.items()
    }
    refusal = await group.bea.refused(group.topic, event, filled)
    assert (refusal["reason"], bool(refusal["detail"])) == (reason, True)
    assert await group.bea.done(group.topic, "voice_state", {"muted": True}) == {}


async def test_states_are_told_to_all(group: Group) -> None:
    town = group.town
    await group.join(group.ana)
    session = await group.join(group.bea)
    await group.bea.done(group.topic, "voice_state", {"deafened": True})
    for person in (group.ana, group.bea):
        heard = await person.hear(group.topic, "voice_state")
        assert (heard["user_id"], heard["session"]) == (town.bea.id, session)
        assert (heard["deafened"], heard["muted"], heard["speaking"]) == (True, True, False)


async def test_moderators_silence_and_show_out(group: Group) -> None:
    town = group.town
    await group.join(group.ana)
    session = await group.join(group.bea)
    silence = {"user_id": town.bea.id, "silenced": True}
    assert await group.ana.done(group.topic, "silence", silence) == {}
    assert (await group.bea.hear(group.topic, "voice_state"))["silenced"] is True
    await group.ana.done(group.topic, "remove", {"user_id": town.bea.id})
    left = {"user_id": town.bea.id, "session": session, "reason": "removed"}
    assert await group.bea.hear(group.topic, "leave") == left
    assert await group.ana.hear(group.topic, "leave") == left
    assert (await group.bea.hear_frame(group.topic, "phx_close"))[0] == group.bea.join_ref(
        group.topic
    )
    refusal = await group.bea.refused(group.topic, "voice_state", {"muted": True})
    assert refusal["reason"] == "unmatched topic"


async def test_another_client_takes_over_and_the_first_ones_channel_closes(group: Group) -> None:
    town = group.town
    first = await group.join(group.ana)
    await group.join(group.bea)
    async with talk(town, town.ana) as phone:
        second = await group.join(phone)
        left = {"user_id": town.ana.id, "session": first, "reason": "taken_over"}
        assert await group.ana.hear(group.topic, "leave") == left
        await group.ana.hear(group.topic, "phx_close")
        assert await group.bea.hear(group.topic, "leave") == left
        joined = await group.bea.hear(group.topic, "join")
        assert joined["participant"]["session"] == second
        await phone.done(group.topic, "voice_state", {"muted": True})
        heard = [frame[3] for frame in await phone.settle()]
    assert "leave" not in heard, "who takes over is not told to go"


async def test_a_client_that_comes_back_to_a_seat_that_was_taken_over_is_told_so(
    group: Group,
) -> None:
    town = group.town
    first = await group.join(group.ana)
    async with talk(town, town.ana) as phone, talk(town, town.ana) as laptop:
        await group.join(phone)
        status, response = await laptop.try_join(group.topic, {"session": first})
        assert (status, response["reason"]) == ("error", "taken_over")
        await phone.done(group.topic, "voice_state", {"muted": True})


async def test_a_client_whose_socket_dropped_comes_back_unheard(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"voice:{group}"
    async with talk(town, town.bea) as bea:
        async with talk(town, town.ana) as ana:
            session = (await ana.join(topic, {"muted": True}))["session"]
            bea_session = (await bea.join(topic))["session"]
        async with talk(town, town.ana) as ana:
            reply = await ana.join(topic, {"session": session})
            assert reply["session"] == session
            assert reply["participants"][0]["muted"] is True
            to_bea = {"to": town.bea.id, "to_session": bea_session}
            await ana.done(topic, "offer", {**to_bea, "sdp": SDP})
            assert (await bea.hear(topic, "offer"))["from_session"] == session
            heard = {frame[3] for frame in await bea.settle()}
    assert heard.isdisjoint({"join", "leave", "voice_state"})


async def test_who_does_not_come_back_has_vanished_for_the_others(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"voice:{group}"
    async with talk(town, town.bea) as bea:
        async with talk(town, town.ana) as ana:
            session = (await ana.join(topic))["session"]
            await bea.join(topic)
        left = await bea.hear(topic, "leave")
    assert left == {"user_id": town.ana.id, "session": session, "reason": "vanished"}


async def test_no_more_come_in_than_fit(open_town: OpenTown) -> None:
    async with open_town(VOICE_MESH_LIMIT="2") as town:
        group = await town.start_group(town.ana, town.bea, town.caro)
        topic = f"voice:{group}"
        async with AsyncExitStack() as stack:
            people = (town.ana, town.bea, town.caro)
            talks = [await stack.enter_async_context(talk(town, each)) for each in people]
            for ready in talks[:2]:
                await ready.join(topic)
            status, response = await talks[2].try_join(topic)
            assert (status, response["reason"], response["limit"]) == ("error", "full", 2)
            await talks[0].done(topic, "phx_leave")
            assert (await talks[2].join(topic))["limit"] == 2


async def test_only_members_come_in_by_the_ids_of_what_is_there(town: Town) -> None:
    group = await town.start_group(town.ana)
    async with talk(town, town.bea) as bea:
        for name in (group, group.upper(), "12", ""):
            status, response = await bea.try_join(f"voice:{name}")
            assert (status, response["reason"]) == ("error", "not_found")
    async with talk(town, town.ana) as ana:
        assert (await ana.try_join(f"voice:{group.upper()}"))[1]["reason"] == "not_found"
        assert (await ana.try_join(f"voice:{group}", {"session": 7}))[1]["reason"] == "invalid"


async def test_who_is_removed_from_the_conversation_leaves_its_channel(group: Group) -> None:
    town = group.town
    await group.join(group.ana)
    session = await group.join(group.bea)
    await town.call(town.ana, "DELETE", f"/api/conversations/{group.id}/members/{town.bea.id}")
    left = await group.ana.hear(group.topic, "leave")
    assert left == {"user_id": town.bea.id, "session": session, "reason": "removed"}
    await group.bea.hear(group.topic, "phx_close")


async def test_members_hear_who_is_in_without_being_there(group: Group) -> None:
    town = group.town
    topic = f"conversation:{group.id}"
    assert (await group.caro.join(topic))["voice"] == []
    await group.join(group.ana)
    changed = {"conversation_id": group.id, "participants": [town.ana.id]}
    assert await group.caro.hear(topic, "voice_changed") == changed
    await group.join(group.bea)
    assert (await group.ana.join(topic))["voice"] == [town.ana.id, town.bea.id]
    await group.ana.done(group.topic, "phx_leave")
    heard = [(await group.caro.hear(topic, "voice_changed"))["participants"] for _ in range(2)]
    assert heard == [[town.ana.id, town.bea.id], [town.bea.id]]


async def test_a_call_rings_on_every_device_until_it_is_answered(town: Town) -> None:
    chat = await town.start_private(town.ana, town.bea)
    own = f"user:{town.bea.id}"
    async with (
        talk(town, town.ana) as ana,
        talk(town, town.bea) as bea,
        talk(town, town.bea) as phone,
    ):
        assert (await bea.join(own))["calls"] == []
        await ana.join(f"voice:{chat}")
        call = await bea.hear(own, "call")
        assert (call["conversation_id"], call["from"]) == (chat, town.ana.id)
        assert call["user"]["id"] == town.ana.id
        assert (await phone.join(own))["calls"] == [call]
        await phone.join(f"voice:{chat}")
        for device in (bea, phone):
            ended = await device.hear(own, "call_ended")
            assert ended == {"conversation_id": chat, "reason": "answered"}


async def test_a_call_that_is_declined_is_told_to_who_waits(town: Town) -> None:
    chat = await town.start_private(town.ana, town.bea)
    decline = f"/api/conversations/{chat}/voice/decline"
    own = f"user:{town.bea.id}"
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await bea.join(own)
        await ana.join(f"voice:{chat}")
        await town.call(town.bea, "POST", decline)
        assert await ana.hear(f"voice:{chat}", "declined") == {"user_id": town.bea.id}
        ended = await bea.hear(own, "call_ended")
        assert ended == {"conversation_id": chat, "reason": "declined"}


async def test_whom_the_other_one_has_blocked_is_not_let_in(town: Town) -> None:
    chat = await town.start_private(town.ana, town.bea)
    await town.call(town.bea, "POST", "/api/blocks", {"user_id": town.ana.id})
    async with talk(town, town.ana) as ana:
        status, response = await ana.try_join(f"voice:{chat}")
    assert (status, response["reason"]) == ("error", "blocked")
