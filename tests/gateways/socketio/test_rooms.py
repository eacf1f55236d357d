"""Rooms: joining, leaving, losing them, and who is seen there."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from tertulia.core.conversations import Conversations
from tertulia.core.model import Actor, Conversation
from tertulia.gateways.socketio import rooms
from tests.gateways.conftest import Town
from tests.gateways.socketio.talk import Talk, talk


async def whole_number(town: Town, conversation_id: str) -> int:
    found = await town.call(town.ana, "GET", f"/api/conversations/{conversation_id}")
    number: int = found["number"]
    return number


async def test_a_room_is_joined_by_id_or_number(town: Town) -> None:
    group = await town.start_group(town.ana)
    number = await whole_number(town, group)
    head_seq = (await town.call(town.ana, "GET", f"/api/conversations/{group}"))["head_seq"]
    async with talk(town, town.ana) as ana:
        for room in (group, number, str(number)):
            joined = await ana.done("join_room", {"room": room})
            assert joined == {
                "ok": True,
                "room": group,
                "number": number,
                "head_seq": head_seq,
                "online": [],
            }
        await ana.done("message", {"room": number, "message": "hello"})
        heard = await ana.hear("message")
    assert heard["seq"] == head_seq + 1
    assert (heard["room"], heard["number"]) == (group, number)


@pytest.mark.parametrize(
    "room", [str(UUID(int=7)), 987654, "987653", "", "x", "-1", "1.0", "１"], ids=repr
)
async def test_what_is_no_room_of_ones_own_is_not_found(town: Town, room: object) -> None:
    async with talk(town, town.ana) as ana:
        for event, more in (
            ("join_room", {}),
            ("message", {"message": "hi"}),
            ("typing", {}),
            ("react", {"id": str(uuid4()), "emoji": "🎉"}),
        ):
            assert (await ana.refused(event, {"room": room, **more}))["code"] == "not_found"


async def test_only_members_join(town: Town) -> None:
    group = await town.start_group(town.ana)
    number = await whole_number(town, group)
    async with talk(town, town.bea) as bea, talk(town, town.ana, group) as ana:
        for room in (group, number):
            assert (await bea.refused("join_room", {"room": room}))["code"] == "not_found"
            error = await bea.refused("message", {"room": room, "message": "hi"})
            assert error["code"] == "not_found"
        await town.send(town.ana, group, "among us")
        await ana.hear("message")
        assert await bea.settle() == []
        assert [event for event, _ in await ana.settle()] == ["presence"]


async def test_an_encrypted_conversation_is_refused_by_name(town: Town) -> None:
    body = {"kind": "group", "alias": "Ours", "user_ids": [town.bea.id], "encrypted": True}
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        group = (await town.call(town.ana, "POST", "/api/conversations", body))["id"]
        assert (await ana.refused("join_room", {"room": group}))["code"] == "encrypted"
        error = await ana.refused("message", {"room": group, "message": "hi"})
        assert error["code"] == "encrypted"
        assert await bea.settle() == []


async def test_leaving_ends_what_is_heard(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with talk(town, town.ana, group) as ana, talk(town, town.bea, group) as bea:
        assert (await ana.hear("presence"))["user"]["id"] == town.ana.id
        assert (await ana.hear("presence"))["user"]["id"] == town.bea.id
        assert await ana.done("leave_room", {"room": group}) == {"ok": True, "room": group}
        went = await bea.hear("presence")
        while went["online"]:
            went = await bea.hear("presence")
        assert went["user"]["id"] == town.ana.id
        await town.send(town.bea, group, "unheard")
        await bea.hear("message")
        assert await ana.settle() == []
        error = await ana.refused("leave_room", {"room": group})
        assert (error["code"], error["attr"]) == ("not_joined", "room")


async def test_who_disconnects_is_seen_no_more(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with talk(town, town.bea, group) as bea:
        await bea.hear("presence")
        async with talk(town, town.ana, group), talk(town, town.ana, group):
            came = await bea.hear("presence")
            assert (came["user"]["username"], came["online"]) == ("ana", True)
        went = await bea.hear("presence")
        assert (went["user"]["username"], went["online"]) == ("ana", False)
        assert await bea.settle() == [], "two sockets of one person are one visitor"


async def test_one_who_is_removed_hears_it_and_nothing_after(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with talk(town, town.bea, group) as bea, talk(town, town.ana, group) as ana:
        await town.call(town.ana, "DELETE", f"/api/conversations/{group}/members/{town.bea.id}")
        left = await bea.hear("member_left")
        assert (left["user_id"], left["removed"]) == (town.bea.id, True)
        removed = await bea.hear("removed")
        assert removed == {"room": group, "reason": "removed", "note": None}
        await town.send(town.ana, group, "among us")
        await ana.hear("message")
        assert [event for event, _ in await bea.settle() if event != "presence"] == []
        assert (await bea.refused("join_room", {"room": group}))["code"] == "not_found"
        error = await bea.refused("message", {"room": group, "message": "hi"})
        assert error["code"] == "not_found"
        while (seen := await ana.hear("presence"))["online"]:
            pass
        assert seen["user"]["username"] == "bea"


async def test_who_was_banned_is_told_why(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with talk(town, town.bea) as bea:
        body = {"user_id": town.bea.id, "reason": "Spam"}
        await town.call(town.ana, "POST", f"/api/conversations/{group}/bans", body)
        removed = await bea.hear("removed")
    assert removed == {"room": group, "reason": "banned", "note": "Spam"}


async def test_people_who_come_in_are_told_of(town: Town) -> None:
    group = await town.start_group(town.ana)
    async with talk(town, town.ana, group) as ana, talk(town, town.bea) as bea:
        body = {"user_ids": [town.bea.id]}
        await town.call(town.ana, "POST", f"/api/conversations/{group}/members", body)
        joined = await ana.hear("members_joined")
        assert [user["username"] for user in joined["users"]] == ["bea"]
        added = await bea.hear("room_added")
        assert (added["room"], added["conversation"]["alias"]) == (group, "Friends")
        await town.call(town.ana, "PATCH", f"/api/conversations/{group}", {"alias": "All"})
        changed = await ana.hear("room_changed")
        assert changed["conversation"]["alias"] == "All"


async def test_nothing_is_missed_and_nothing_comes_twice_while_joining(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = await town.start_group(town.ana)
    known_as = Conversations.known_as
    texts = [f"{index}" for index in range(6)]
    unsent = iter(texts)

    async def with_company(self: Conversations, actor: Actor, name: str) -> Conversation:
        await town.send(town.ana, group, next(unsent))
        found = await known_as(self, actor, name)
        await town.send(town.ana, group, next(unsent))
        return found

    async with talk(town, town.ana) as ana:
        monkeypatch.setattr(Conversations, "known_as", with_company)
        head_seq = (await ana.done("join_room", {"room": group}))["head_seq"]
        monkeypatch.setattr(Conversations, "known_as", known_as)
        for text in unsent:
            await town.send(town.ana, group, text)
        heard = [await ana.hear("message") for _ in range(3)]
        assert [each["message"]["text"] for each in heard] == texts[3:]
        assert [each["seq"] for each in heard] == [head_seq + 1, head_seq + 2, head_seq + 3]
        assert [event for event, _ in await ana.settle()] == ["presence"]


async def test_who_is_removed_while_joining_does_not_get_in(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = await town.start_group(town.ana, town.bea)
    known_as = Conversations.known_as

    async def removing(self: Conversations, actor: Actor, name: str) -> Conversation:
        found = await known_as(self, actor, name)
        path = f"/api/conversations/{group}/members/{town.bea.id}"
        async with town.http(town.ana) as http:
            await http.delete(path)
        return found

    async with talk(town, town.bea) as bea, talk(town, town.ana, group) as ana:
        monkeypatch.setattr(Conversations, "known_as", removing)
        assert (await bea.refused("join_room", {"room": group}))["code"] == "not_found"
        monkeypatch.setattr(Conversations, "known_as", known_as)
        await town.send(town.ana, group, "among us")
        await ana.hear("message")
        assert [event for event, _ in await bea.settle()] == ["removed"]


async def test_who_is_gone_while_joining_is_not_seen_there(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = await town.start_group(town.ana, town.bea)
    known_as = Conversations.known_as
    begun, may_go_on = asyncio.Event(), asyncio.Event()

    async def slowly(self: Conversations, actor: Actor, name: str) -> Conversation:
        if actor.account_id == UUID(town.bea.id) and name == group and begun.is_set() is False:
            begun.set()
            await may_go_on.wait()
        return await known_as(self, actor, name)

    async with talk(town, town.ana, group) as ana:
        await ana.hear("presence")
        monkeypatch.setattr(Conversations, "known_as", slowly)
        async with talk(town, town.bea) as bea:
            await bea.begin("join_room", {"room": group})
            await begun.wait()
        may_go_on.set()
        await ana.done("join_room", {"room": group})
        assert await ana.settle() == []


async def test_there_is_a_bound_to_the_rooms_of_one_socket(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MAX_ROOMS", 1)
    first, second = await town.start_group(town.ana), await town.start_group(town.ana)

    async def join(ana: Talk, room: str) -> str:
        return (await ana.refused("join_room", {"room": room}))["code"]  # type: ignore[no-any-return]

    async with talk(town, town.ana, first) as ana:
        assert await join(ana, second) == "too_many_rooms"
        await ana.done("join_room", {"room": first})
        await ana.done("leave_room", {"room": first})
        await ana.done("join_room", {"room": second})
