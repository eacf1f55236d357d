"""Who is there and who types, over real sockets."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from tertulia.core.conversations import Conversations
from tertulia.core.visitors import Visitors
from tests.gateways.rooms.talk import Talk, connect_to, place_of, visit

if TYPE_CHECKING:
    from tertulia.core.model import Actor, Conversation, Face
    from tests.gateways.conftest import Town


@pytest.fixture
async def place(town: Town) -> str:
    """Return where ana, bea and caro talk."""
    return await place_of(town, town.ana, await town.start_room(town.ana, town.bea, town.caro))


def names(people: list[dict[str, object]]) -> set[object]:
    return {person["username"] for person in people}


async def test_a_newcomer_is_told_who_is_there_and_the_others_of_the_newcomer(
    town: Town, place: str
) -> None:
    async with visit(town, town.ana, place) as ana:
        assert ana.online == []
        async with visit(town, town.bea, place) as bea:
            came = await ana.hear("connected_user")
            assert names(bea.online) == {"ana"}
            assert await bea.settle() == []
        went = await ana.hear("disconnected_user")
        assert await ana.settle() == []
    assert came["user"] == went["user"]
    assert came["user"]["username"] == "bea"
    assert isinstance(came["user"]["id"], int)
    assert came["timestamp"] <= went["timestamp"]


async def test_nobody_hears_their_own_coming_however_many_come_at_once(
    town: Town, place: str
) -> None:
    people = (town.ana, town.bea, town.caro)
    for _ in range(10):
        visits = [visit(town, person, place) for person in people]
        talks = await asyncio.gather(*(each.__aenter__() for each in visits))
        for person, talk in zip(people, talks, strict=True):
            told = [event["user"]["username"] for event in await talk.settle() if "user" in event]
            assert person.name not in told
            others = {other.name for other in people if other is not person}
            assert names(talk.online) | set(told) == others
        for each in visits:
            await each.__aexit__(None, None, None)


async def test_two_tabs_are_one_visitor(town: Town, place: str) -> None:
    async with visit(town, town.bea, place) as bea:
        async with visit(town, town.ana, place) as first:
            async with visit(town, town.ana, place) as second:
                assert names(first.online) == names(second.online) == {"bea"}
                assert await second.settle() == []
            assert [event["event_type"] for event in await bea.settle()] == ["connected_user"]
            assert await first.settle() == []
        await bea.hear("disconnected_user")
        assert await bea.settle() == []


async def test_who_hides_is_not_there(town: Town, place: str) -> None:
    await town.call(town.ana, "PATCH", "/api/profile", {"hidden": True})
    async with visit(town, town.bea, place) as bea, visit(town, town.ana, place) as ana:
        assert names(ana.online) == {"bea"}
        async with visit(town, town.caro, place) as caro:
            assert names(caro.online) == {"bea"}
            heard = [event["user"]["username"] for event in await bea.settle()]
    assert heard == ["caro"]


async def test_typing_is_heard_by_all_until_it_stops_or_the_message_comes(
    town: Town, place: str
) -> None:
    async with visit(town, town.ana, place) as ana, visit(town, town.bea, place) as bea:
        await ana.say("typing_indicator")
        started = await bea.hear("typing_indicator")
        await ana.say("typing_indicator", typing=False)
        stopped = await bea.hear("typing_indicator")
        await ana.say("typing_indicator", userId="9", chatId="9", typing=True)
        await bea.hear("typing_indicator")
        await ana.send("Done")
        await bea.hear("chat_message")
        sent = await bea.hear("typing_indicator")
        own = await ana.hear("typing_indicator")
    assert own == started
    assert f"/{started['chatId']}/" in place
    assert started["userId"].isdecimal()
    assert started["userId"] == stopped["userId"] == sent["userId"]
    assert [event["typing"] for event in (started, stopped, sent)] == [True, False, False]


async def test_who_goes_types_no_more(town: Town, place: str) -> None:
    async with visit(town, town.bea, place) as bea:
        async with visit(town, town.ana, place) as ana:
            await ana.say("typing_indicator")
            await bea.hear("typing_indicator")
        assert (await bea.hear("typing_indicator"))["typing"] is False


async def test_who_goes_while_coming_in_is_not_left_behind(
    town: Town, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_go_on, left = asyncio.Event(), asyncio.Event(), asyncio.Event()
    enter, leave = Visitors.enter, Visitors.leave

    async def enter_slowly(
        visitors: Visitors, actor: Actor, conversation_id: UUID, ref: object
    ) -> tuple[Face, ...]:
        if actor.account_id == UUID(town.ana.id):
            begun.set()
            await may_go_on.wait()
        return await enter(visitors, actor, conversation_id, ref)

    def leave_and_say(visitors: Visitors, actor: Actor, conversation_id: UUID, ref: object) -> None:
        leave(visitors, actor, conversation_id, ref)
        if may_go_on.is_set():
            left.set()

    monkeypatch.setattr(Visitors, "enter", enter_slowly)
    monkeypatch.setattr(Visitors, "leave", leave_and_say)
    async with connect_to(town, f"{place}?token={town.ana.token}"):
        await begun.wait()
    await asyncio.sleep(0.1)
    may_go_on.set()
    await asyncio.wait_for(left.wait(), 10)
    async with visit(town, town.bea, place) as bea:
        assert bea.online == []


async def test_who_goes_while_listening_begins_is_not_left_behind(
    town: Town, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_go_on = asyncio.Event(), asyncio.Event()
    known_as = Conversations.known_as

    async def known_slowly(conversations: Conversations, actor: Actor, name: str) -> Conversation:
        if actor.account_id == UUID(town.ana.id) and not name.isdecimal():
            begun.set()
            await may_go_on.wait()
        return await known_as(conversations, actor, name)

    monkeypatch.setattr(Conversations, "known_as", known_slowly)
    async with visit(town, town.bea, place) as bea:
        async with connect_to(town, f"{place}?token={town.ana.token}"):
            await begun.wait()
            await bea.hear("connected_user")
        await bea.hear("disconnected_user")
        may_go_on.set()
        async with visit(town, town.caro, place) as caro:
            assert names(caro.online) == {"bea"}
            told = [event["user"]["username"] for event in await bea.settle()]
    assert told == ["caro"]


async def test_what_is_said_while_one_comes_in_is_heard_once(
    town: Town, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_go_on = asyncio.Event(), asyncio.Event()
    known_as = Conversations.known_as

    async def known_slowly(conversations: Conversations, actor: Actor, name: str) -> Conversation:
        found = await known_as(conversations, actor, name)
        if actor.account_id == UUID(town.bea.id) and not name.isdecimal():
            begun.set()
            await may_go_on.wait()
        return found

    async with visit(town, town.ana, place) as ana:
        monkeypatch.setattr(Conversations, "known_as", known_slowly)
        async with connect_to(town, f"{place}?token={town.bea.token}") as socket:
            bea = Talk(socket)
            await begun.wait()
            await ana.send("Meanwhile")
            await bea.say("chat_message", message={"text": "Soon"})
            may_go_on.set()
            heard = await bea.settle()
    assert [event["event_type"] for event in heard] == [
        "online_user_list",
        "chat_message",
        "chat_message",
    ]
    assert [event["message"]["text"] for event in heard[1:]] == ["Meanwhile", "Soon"]
