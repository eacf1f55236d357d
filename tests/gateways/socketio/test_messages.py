"""Messages: sending, editing, deleting, reacting, typing; and how each is refused."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.gateways.conftest import OpenTown, Town
from tests.gateways.phoenix.talk import talk as phoenix_talk
from tests.gateways.socketio.talk import Talk, talk


async def sent(talk: Talk, room: str, text: str, **more: object) -> dict[str, Any]:
    answer = await talk.done("message", {"room": room, "message": text, **more})
    message: dict[str, Any] = answer["message"]
    return message


async def test_a_message_is_acknowledged_and_heard_by_all_its_sender_included(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with talk(town, town.ana, group) as ana, talk(town, town.bea, group) as bea:
        message = await sent(ana, group, "hello", client_ref="a1")
        for heard in (await ana.hear("message"), await bea.hear("message")):
            assert heard["message"] == message
            assert (heard["room"], heard["seq"]) == (group, message["seq"])
        assert message["sender"] == {
            "id": town.ana.id,
            "username": "ana",
            "display_name": "Ana",
            "avatar": None,
            "number": message["sender"]["number"],
        }
        assert (message["text"], message["client_ref"]) == ("hello", "a1")
        assert message["timestamp"].endswith("Z")
        reply = await sent(bea, group, "yes", reply_to=message["id"])
        assert reply["reply_to"] == message["id"]


async def test_a_message_that_is_sent_again_is_there_once(town: Town) -> None:
    group = await town.start_group(town.ana)
    async with talk(town, town.ana, group) as ana:
        first = await sent(ana, group, "hello", client_ref="a1")
        assert await sent(ana, group, "hello", client_ref="a1") == first
        heard = [payload for event, payload in await ana.settle() if event == "message"]
    assert [each["message"] for each in heard] == [first]


async def test_a_client_ref_of_another_room_is_taken(town: Town) -> None:
    one, other = [await town.start_group(town.ana) for _ in range(2)]
    async with talk(town, town.ana) as ana:
        await sent(ana, one, "hello", client_ref="a1")
        payload = {"room": other, "message": "hello", "client_ref": "a1"}
        refused = await ana.refused("message", payload)
    assert (refused["code"], refused["attr"]) == ("client_ref_taken", "client_ref")


async def test_messages_take_their_places_in_the_order_of_sending(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    texts = [f"{index}" for index in range(50)]
    async with talk(town, town.ana, group) as ana, talk(town, town.bea, group) as bea:
        refs = [await ana.begin("message", {"room": group, "message": text}) for text in texts]
        answers = [await ana.answer(ref) for ref in refs]
        assert [answer["message"]["text"] for answer in answers] == texts
        heard = [await bea.hear("message") for _ in texts]
    assert [each["message"]["text"] for each in heard] == texts
    assert [each["seq"] for each in heard] == sorted(each["seq"] for each in heard)


async def test_a_room_may_be_spoken_to_without_being_joined(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with talk(town, town.ana) as ana, talk(town, town.bea, group) as bea:
        message = await sent(ana, group, "hello")
        assert (await bea.hear("message"))["message"] == message
        assert await ana.settle() == []


async def test_ones_own_message_is_edited_and_another_ones_not(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with talk(town, town.ana, group) as ana, talk(town, town.bea, group) as bea:
        message = await sent(ana, group, "hello")
        change = {"room": group, "id": message["id"], "message": "Hello!"}
        edited = (await ana.done("edit_message", change))["message"]
        heard = await bea.hear("message_edited")
        assert (heard["id"], heard["message"]["text"]) == (message["id"], "Hello!")
        assert heard["seq"] == edited["changed_seq"]
        assert heard["message"]["sender"] == {"id": town.ana.id}
        assert edited == heard["message"] | {"sender": message["sender"]}
        assert (await bea.refused("edit_message", change))["code"] == "permission_denied"
        elsewhere = await town.start_group(town.ana)
        error = await ana.refused("edit_message", change | {"room": elsewhere})
        assert error["code"] == "not_found"


async def test_ones_own_message_is_deleted_and_another_ones_not(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with talk(town, town.ana, group) as ana, talk(town, town.bea, group) as bea:
        message = await sent(ana, group, "hello")
        place = {"room": group, "id": message["id"]}
        assert (await bea.refused("delete_message", place))["code"] == "permission_denied"
        assert await ana.done("delete_message", place) == {"ok": True}
        assert (await bea.hear("message_deleted"))["id"] == message["id"]
        error = await ana.refused("delete_message", {"room": group, "id": str(uuid4())})
        assert error["code"] == "not_found"


async def test_a_reaction_is_given_and_taken_back_by_the_same_event(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with talk(town, town.ana, group) as ana, talk(town, town.bea, group) as bea:
        message = await sent(ana, group, "hello")
        reaction = {"room": group, "id": message["id"], "emoji": "🎉"}
        await ana.done("react", reaction)
        await ana.hear("reaction")
        for added in (True, False, True):
            assert await bea.done("react", reaction) == {"ok": True, "added": added}
            heard = await ana.hear("reaction")
            assert (heard["id"], heard["emoji"], heard["added"]) == (message["id"], "🎉", added)
            assert heard["user"]["username"] == "bea"
        assert (await bea.refused("react", reaction | {"emoji": "x"}))["code"] == "invalid"
        missing = reaction | {"id": str(uuid4())}
        assert (await bea.refused("react", missing))["code"] == "not_found"
        elsewhere = reaction | {"room": await town.start_group(town.bea)}
        assert (await bea.refused("react", elsewhere))["code"] == "not_found"


async def test_typing_is_seen(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with talk(town, town.ana, group) as ana, talk(town, town.bea, group) as bea:
        for typing in (True, False):
            assert await ana.done("typing", {"room": group, "typing": typing}) == {"ok": True}
            seen = await bea.hear("typing")
            assert (seen["user"]["username"], seen["typing"]) == ("ana", typing)


async def test_other_dialects_hear_the_same(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    async with talk(town, town.ana, group) as ana, phoenix_talk(town, town.bea) as bea:
        await bea.join(topic)
        message = await sent(ana, group, "hello")
        assert (await bea.hear(topic, "new_message"))["message"]["id"] == message["id"]
        await bea.done(topic, "react", {"message_group_id": message["id"], "emoji": "🎉"})
        assert (await ana.hear("reaction"))["user"]["username"] == "bea"
        await bea.done(topic, "pin", {"message_group_id": message["id"]})
        assert (await ana.hear("pin"))["pinned"] is True
        await bea.done(topic, "read_conversation", {})
        assert (await ana.hear("read"))["user_id"] == town.bea.id


@pytest.mark.parametrize(
    ("event", "payload", "code", "attr"),
    [
        ("shout", {}, "unknown_event", None),
        ("join_room", [], "malformed", None),
        ("join_room", {}, "required", "room"),
        ("message", {"room": {}}, "invalid", "room"),
        ("edit_message", {"room": 1, "id": 5, "message": ""}, "invalid", "id"),
    ],
)
async def test_what_is_malformed_is_refused_by_acknowledgement_or_error(
    town: Town, event: str, payload: object, code: str, attr: str | None
) -> None:
    async with talk(town, town.ana) as ana:
        error = await ana.refused(event, payload)
        assert (error["code"], error.get("attr")) == (code, attr)
        await ana.say(event, payload)
        assert await ana.hear("error") == error


@pytest.mark.parametrize("text", ["4", "4x", "47", "42", "42[]", "42[5]", "42{}", "4[[", "42[" * 9])
async def test_what_is_no_packet_is_refused_and_the_socket_goes_on(town: Town, text: str) -> None:
    async with talk(town, town.ana) as ana:
        await ana.socket.send(text)
        assert (await ana.hear("error"))["code"] == "not_a_packet"
        await ana.refused("join_room", {})


async def test_deep_nesting_is_refused(town: Town) -> None:
    async with talk(town, town.ana) as ana:
        await ana.socket.send('42["message",' + "[" * 50_000 + "]" * 50_000 + "]")
        assert (await ana.hear("error"))["code"] == "not_a_packet"
        await ana.refused("join_room", {})


async def test_binary_data_is_refused(town: Town) -> None:
    async with talk(town, town.ana) as ana:
        await ana.socket.send('451-7["message",{"_placeholder":true,"num":0}]')
        assert (await ana.answer(7))["error"]["code"] == "binary"
        await ana.socket.send(b"x")
        assert await ana.close_code() == 1003


async def test_a_message_that_is_too_long_is_refused(open_town: OpenTown) -> None:
    async with open_town(MAX_BODY_CHARS="10") as town:
        group = await town.start_group(town.ana)
        async with talk(town, town.ana, group) as ana:
            error = await ana.refused("message", {"room": group, "message": "x" * 11})
            assert error["code"] == "too_long"
            assert (await ana.refused("message", {"room": group}))["code"]


async def test_slow_mode_says_how_long_to_wait(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    await town.call(town.ana, "PATCH", f"/api/conversations/{group}", {"slow_mode_s": 60})
    async with talk(town, town.bea, group) as bea:
        await sent(bea, group, "one")
        error = await bea.refused("message", {"room": group, "message": "two"})
    assert 0 < error["retry_after_s"] <= 60


async def test_what_was_begun_is_finished_though_the_client_is_gone(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with talk(town, town.bea, group) as bea:
        async with talk(town, town.ana) as ana:
            for text in ("one", "two", "three"):
                await ana.begin("message", {"room": group, "message": text})
        heard = [(await bea.hear("message"))["message"]["text"] for _ in range(3)]
    assert heard == ["one", "two", "three"]
    await asyncio.sleep(0)
