"""Joining channels, talking in them, and losing them."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from tertulia.core.conversations import Conversations
from tertulia.core.model import Actor, Conversation
from tertulia.gateways.events.socket import EventsSocket
from tertulia.gateways.numbers import Numbers
from tests.gateways.conftest import OpenTown, Town
from tests.gateways.events.talk import Event, talk
from tests.waiting import until

PATIENCE_S = 10.0


@pytest.fixture
async def room(town: Town) -> str:
    """Return the id of a room where ana and bea talk."""
    return await town.start_room(town.ana, town.bea)


async def _number(town: Town, room: str) -> int:
    number: int = (await town.call(town.ana, "GET", f"/api/conversations/{room}"))["number"]
    return number


def _of(events: list[Event], kind: str) -> list[Event]:
    return [event for event in events if event["type"] == kind]


async def test_a_channel_is_joined_by_its_number_or_id_and_once(town: Town, room: str) -> None:
    number = await _number(town, room)
    async with talk(town, town.bea) as bea:
        joined: Event = {}
        for name in (number, str(number), room):
            joined = await bea.done("join_channel", channelId=name)
            assert (joined["type"], joined["channel_id"]) == ("channel_joined", number)
            assert (joined["channelId"], joined["conversationId"]) == (str(number), room)
        await town.send(town.ana, room, "Hello")
        (heard,) = _of([await bea.hear("NEW_MESSAGE"), *await bea.settle()], "NEW_MESSAGE")
    assert (heard["channelId"], heard["seq"]) == (str(number), joined["headSeq"] + 1)
    message = heard["message"]
    assert (message["content"], message["user"]["username"]) == ("Hello", "ana")


async def test_a_message_is_answered_to_its_sender_and_told_to_everyone(
    town: Town, room: str
) -> None:
    async with talk(town, town.ana, room) as ana, talk(town, town.bea, room) as bea:
        sent = await ana.done("message", channelId=room, content="Hello", client_ref="a1")
        again = await ana.done("message", channelId=room, content="Hello", client_ref="a1")
        assert again["message"] == sent["message"]
        assert (sent["type"], sent["client_ref"]) == ("message_sent", "a1")
        for each in (ana, bea):
            heard = [await each.hear("NEW_MESSAGE"), *await each.settle()]
            assert [event["message"] for event in _of(heard, "NEW_MESSAGE")] == [sent["message"]]
        reply = await bea.done(
            "message", channelId=room, content="Hi", parentId=sent["message"]["id"]
        )
        told = await ana.hear("NEW_MESSAGE")
        assert (told["isReply"], told["parentId"]) == (True, sent["message"]["id"])
        assert reply["message"]["parentId"] == sent["message"]["id"]


async def test_a_client_ref_of_another_channel_is_taken(town: Town, room: str) -> None:
    other = await town.start_room(town.ana)
    async with talk(town, town.ana) as ana:
        await ana.done("message", channelId=room, content="Hello", client_ref="a1")
        code = await ana.refused("message", channelId=other, content="Hello", client_ref="a1")
    assert code == "client_ref_taken"


async def test_two_sends_in_a_row_take_their_places_as_they_were_sent(
    town: Town, room: str
) -> None:
    async with talk(town, town.ana, room) as ana:
        for number in range(20):
            await ana.say("message", channelId=room, content=str(number))
        told = [(await ana.hear("NEW_MESSAGE"))["message"]["content"] for _ in range(20)]
    assert told == [str(number) for number in range(20)]


async def test_what_was_said_is_changed_by_its_author_alone(town: Town, room: str) -> None:
    async with talk(town, town.ana, room) as ana, talk(town, town.bea, room) as bea:
        sent = await ana.done("message", channelId=room, content="helo")
        there = {"channelId": room, "messageId": sent["message"]["id"]}
        assert await bea.refused("update_message", **there, content="x") == "permission_denied"
        await ana.done("update_message", **there, content="hello")
        update = await bea.hear("UPDATE_MESSAGE")
        assert (update["id"], update["updates"]["content"]) == (there["messageId"], "hello")
        assert await bea.refused("delete_message", **there) == "permission_denied"
        await ana.done("delete_message", **there)
        assert (await bea.hear("DELETE_MESSAGE"))["id"] == there["messageId"]


async def test_reactions_are_told_once_whether_given_here_or_over_rest(
    town: Town, room: str
) -> None:
    sent = await town.send(town.ana, room, "Hello")
    there = {"channelId": room, "messageId": sent["id"]}
    async with talk(town, town.ana, room) as ana, talk(town, town.bea, room) as bea:
        await bea.done("add_reaction", **there, emoji="🎉")
        await bea.done("add_reaction", **there, emoji="🎉")
        path = f"/api/messages/{sent['id']}/reactions"
        await town.call(town.bea, "POST", path, {"emoji": "❤️"})
        await bea.done("remove_reaction", **there, emoji="🎉")
        removed = await ana.hear("REACTION_REMOVED")
        heard = await ana.settle()
    added = [event["payload"] for event in _of(heard, "REACTION_ADDED")]
    assert [each["emoji"] for each in added] == ["🎉", "❤️"]
    assert {each["messageId"] for each in added} == {sent["id"]}
    assert {each["reaction"]["userId"] for each in added} == {town.bea.id}
    assert removed["payload"]["reaction"]["emoji"] == "🎉"


async def test_typing_is_seen_and_ends_with_the_socket(town: Town, room: str) -> None:
    async with talk(town, town.bea, room) as bea:
        async with talk(town, town.ana) as ana:
            await ana.done("typing", channelId=room)
            assert (await bea.hear("TYPING"))["typing"] is True
            await ana.done("typing", channelId=room, typing=False)
            assert (await bea.hear("TYPING"))["typing"] is False
            await ana.done("typing", channelId=room, typing=True)
            typing = await bea.hear("TYPING")
            assert (typing["userId"], typing["username"]) == (town.ana.id, "ana")
        assert (await bea.hear("TYPING"))["typing"] is False


async def test_who_leaves_a_channel_hears_no_more_of_it(town: Town, room: str) -> None:
    async with talk(town, town.bea, room) as bea:
        left = await bea.done("leave_channel", channelId=room)
        assert (left["type"], left["conversationId"]) == ("channel_left", room)
        await bea.done("leave_channel", channelId=room)
        await town.send(town.ana, room, "Hello")
        assert _of(await bea.settle(), "NEW_MESSAGE") == []
        await bea.done("message", channelId=room, content="Still here")


async def test_who_is_gone_while_joining_is_not_left_behind(
    town: Town, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_as, enter, closed = Conversations.known_as, Numbers.enter, EventsSocket.closed
    begun, may_go_on = asyncio.Event(), asyncio.Event()
    gone: list[EventsSocket] = []
    entered: list[UUID] = []

    async def known_slowly(self: Conversations, actor: Actor, name: str) -> Conversation:
        if actor.account_id == UUID(town.bea.id):
            begun.set()
            await may_go_on.wait()
        return await known_as(self, actor, name)

    def enter_and_note(self: Numbers, conversation: Conversation) -> None:
        enter(self, conversation)
        entered.append(conversation.id)

    def close_and_note(self: EventsSocket) -> None:
        closed(self)
        gone.append(self)

    async with talk(town, town.ana, room) as ana:
        monkeypatch.setattr(Conversations, "known_as", known_slowly)
        monkeypatch.setattr(Numbers, "enter", enter_and_note)
        monkeypatch.setattr(EventsSocket, "closed", close_and_note)
        async with talk(town, town.bea) as bea:
            await bea.say("join_channel", channelId=room)
            await bea.say("message", channelId=room, content="Begun before")
            await begun.wait()
        await until(lambda: bool(gone), within_s=PATIENCE_S, what="bea is gone")
        may_go_on.set()
        # All that she asked for is done in its order, so the joining is over as well.
        await ana.hear("NEW_MESSAGE")
        assert gone[0].connection.subscriptions == {}
        assert entered == []


async def test_who_is_removed_is_told_so_and_hears_no_more(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with talk(town, town.bea, group) as bea, talk(town, town.ana, group) as ana:
        await town.call(town.ana, "DELETE", f"/api/conversations/{group}/members/{town.bea.id}")
        assert (await bea.hear("USER_LEFT"))["userId"] == town.bea.id
        assert (await bea.hear("CHANNEL_LEFT"))["conversationId"] == group
        assert (await bea.hear("CHANNEL_ENDED"))["reason"] == "removed"
        await town.send(town.ana, group, "Between us")
        await ana.hear("NEW_MESSAGE")
        assert _of(await bea.settle(), "NEW_MESSAGE") == []
        assert await bea.refused("message", channelId=group, content="Hello") == "not_found"


async def test_new_channels_are_told_of(town: Town) -> None:
    async with talk(town, town.bea) as bea:
        group = await town.start_group(town.ana, town.bea)
        added = await bea.hear("CHANNEL_ADDED")
        assert added["conversationId"] == group
        await bea.done("join_channel", channelId=added["channelId"])


async def test_only_members_come_in_and_nobody_to_what_is_encrypted(town: Town, room: str) -> None:
    body = {"kind": "group", "alias": "Secret", "user_ids": [], "encrypted": True}
    secret = (await town.call(town.caro, "POST", "/api/conversations", body))["id"]
    elsewhere = await town.start_room(town.ana)
    sent = await town.send(town.ana, elsewhere, "Elsewhere")
    async with talk(town, town.caro) as caro, talk(town, town.ana) as ana:
        for kind, more in (("join_channel", {}), ("message", {"content": "Hi"}), ("typing", {})):
            assert await caro.refused(kind, channelId=room, **more) == "not_found"
            assert await caro.refused(kind, channelId=secret, **more) == "encrypted"
        there: dict[str, Any] = {"channelId": room, "messageId": sent["id"]}
        assert await ana.refused("add_reaction", **there, emoji="🎉") == "not_found"
        assert await ana.refused("message", channelId=room, content=" ") == "required"


async def test_who_is_blocked_says_nothing(town: Town) -> None:
    chat = await town.start_private(town.ana, town.bea)
    await town.call(town.ana, "POST", "/api/blocks", {"user_id": town.bea.id})
    async with talk(town, town.bea, chat) as bea, talk(town, town.ana, chat) as ana:
        assert await bea.refused("message", channelId=chat, content="Hello") == "blocked"
        await bea.done("typing", channelId=chat)
        assert _of(await ana.settle(), "TYPING") == []


async def test_a_message_is_as_long_as_anywhere(open_town: OpenTown) -> None:
    async with open_town(MAX_BODY_CHARS="10") as town:
        room = await town.start_room(town.ana)
        async with talk(town, town.ana, room) as ana:
            assert await ana.refused("message", channelId=room, content="x" * 11) == "too_long"
            await ana.done("message", channelId=room, content="x" * 10)
