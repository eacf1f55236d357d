"""Who is let in, who has to go, and what too much or too odd is answered with."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from websockets.exceptions import InvalidStatus

from tertulia.core.conversations import Conversations
from tertulia.core.errors import Conflict, Forbidden, NotAuthenticated, NotFound, Unavailable
from tertulia.core.typists import Typists
from tertulia.core.visitors import Visitors
from tertulia.gateways.turning_away import close_code
from tests.gateways.rooms.talk import Talk, connect_to, place_of, turned_away, visit
from tests.refill import SLOWER, refilled_slowly

if TYPE_CHECKING:
    from tertulia.core.model import Actor, Conversation
    from tests.gateways.conftest import OpenTown, Town


@pytest.fixture
async def room(town: Town) -> str:
    """Return the id of a room where ana and bea talk."""
    return await town.start_room(town.ana, town.bea)


@pytest.fixture
async def place(town: Town, room: str) -> str:
    """Return where they talk."""
    return await place_of(town, town.ana, room)


async def test_a_room_is_found_by_its_number_its_topic_and_its_id(
    town: Town, room: str, place: str
) -> None:
    number = place.split("/")[-2]
    for path in (place, f"/ws/chat/cinema/{number}/", f"/ws/chat/{room}/"):
        async with visit(town, town.bea, path) as bea:
            assert (await bea.send("Here"))["chat"] == int(number)


@pytest.mark.parametrize("way", ["cookie", "bearer", "ticket"])
async def test_one_comes_in_by_cookie_bearer_or_ticket(town: Town, place: str, way: str) -> None:
    options: dict[str, Any] = {}
    if way == "cookie":
        cookie = f"access_token={town.ana.token}"
        options = {"additional_headers": {"cookie": cookie}, "origin": town.url}
    elif way == "bearer":
        options = {"additional_headers": town.ana.headers}
    else:
        place += "?ticket=" + (await town.call(town.ana, "POST", "/auth/socket-ticket"))["ticket"]
    async with connect_to(town, place, **options) as socket:
        talk = Talk(socket)
        await talk.hear("online_user_list")
        assert (await talk.send("Here"))["user_name"] == "ana"


async def test_a_cookie_from_a_foreign_page_is_answered_with_403(town: Town, place: str) -> None:
    headers = {"cookie": f"access_token={town.ana.token}"}
    for origin in ("https://evil.example", None):
        with pytest.raises(InvalidStatus) as refused:
            async with connect_to(town, place, additional_headers=headers, origin=origin):
                pass
        assert refused.value.response.status_code == 403


async def test_who_is_not_signed_in_is_told_so_and_closed(town: Town, place: str) -> None:
    error, code = await turned_away(town, None, place)
    assert code == 4001
    assert error["details"] == {
        "code": "not_authenticated",
        "user_id": None,
        "user_name": None,
        "chat_id": None,
    }
    assert error["error_message"]
    assert error["timestamp"].endswith("Z")


async def test_a_token_that_is_none_is_closed_as_nobody(town: Town, place: str) -> None:
    error, code = await turned_away(town, None, f"{place}?token=nonsense")
    assert (error["details"]["code"], code) == ("invalid_token", 4001)


async def test_who_is_not_a_member_finds_no_such_conversation(town: Town, place: str) -> None:
    error, code = await turned_away(town, town.caro, place)
    assert (error["details"]["code"], code) == ("not_found", 4004)


def test_the_code_of_a_closing_says_what_a_client_can_do_about_it() -> None:
    refusals = (NotAuthenticated, NotFound, Forbidden, Conflict, Unavailable)
    codes = [close_code(refusal("No.")) for refusal in refusals]
    assert codes == [4001, 4004, 4003, 4003, 1013]


async def test_a_server_that_is_too_busy_asks_to_come_back(
    town: Town, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def be_busy(_self: Visitors, _actor: Actor, _id: UUID, _ref: object) -> None:
        raise Unavailable("Not now.")

    monkeypatch.setattr(Visitors, "enter", be_busy)
    error, code = await turned_away(town, town.ana, place)
    assert (error["details"]["code"], code) == ("unavailable", 1013)
    assert error["details"]["user_name"] == "ana"


async def test_a_place_that_is_none_is_told_as_such(town: Town, place: str) -> None:
    number = place.split("/")[-2]
    group = await town.start_group(town.ana)
    group_number = (await place_of(town, town.ana, group)).split("/")[-2]
    for path in (
        f"/ws/chat/music/{number}/",
        f"/ws/chat/Cinema/{number}/",
        f"/ws/chat/cinema/{group_number}/",
        f"/ws/chat/cinema/x/{number}/",
        f"/ws/chat/{number}",
        f"/ws/chat/0{number}x/",
        "/ws/chat/999999/",
        f"/ws/chat/{'9' * 30}/",
        "/ws/chat/-1/",
        "/ws/chat/cinema/",
        "/ws/chat//",
        "/ws/chat/",
    ):
        error, code = await turned_away(town, town.ana, path)
        assert (error["details"]["code"], code) == ("not_found", 4004), path


async def test_an_encrypted_conversation_is_refused_by_name(town: Town) -> None:
    body = {"kind": "group", "alias": "Secret", "user_ids": [town.bea.id], "encrypted": True}
    made = await town.call(town.ana, "POST", "/api/conversations", body)
    error, code = await turned_away(town, town.ana, f"/ws/chat/{made['number']}/")
    other, _ = await turned_away(town, town.caro, f"/ws/chat/{made['number']}/")
    assert (error["details"]["code"], code) == ("encrypted", 4003)
    assert other["details"]["code"] == "not_found"


async def test_who_is_removed_is_told_so_and_closed(town: Town, room: str, place: str) -> None:
    async with visit(town, town.bea, place) as bea, visit(town, town.ana, place) as ana:
        path = f"/api/conversations/{room}/members/{town.bea.id}"
        await town.call(town.ana, "DELETE", path)
        error = await bea.hear("error")
        assert await bea.close_code() == (4003, "ended")
        await ana.hear("disconnected_user")
        await ana.send("Among ourselves")
    assert (error["details"]["code"], error["details"]["user_name"]) == ("ended", "bea")
    assert "chat_message" not in bea.types
    assert (await turned_away(town, town.bea, place))[1] == 4004


async def test_who_is_removed_while_coming_in_is_turned_away(
    town: Town, room: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_as = Conversations.known_as
    path = f"/api/conversations/{room}/members/{town.bea.id}"

    async def known_then_removed(
        conversations: Conversations, actor: Actor, name: str
    ) -> Conversation:
        found = await known_as(conversations, actor, name)
        if actor.account_id == UUID(town.bea.id):
            await town.call(town.ana, "DELETE", path)
        return found

    monkeypatch.setattr(Conversations, "known_as", known_then_removed)
    error, code = await turned_away(town, town.bea, place)
    assert (error["details"]["code"], code) == ("not_found", 4004)
    async with visit(town, town.ana, place) as ana:
        assert ana.online == []


async def test_the_end_of_a_conversation_is_told_to_everyone_in_it_alone(
    town: Town, room: str, place: str
) -> None:
    other = await place_of(town, town.ana, await town.start_room(town.ana, alias="Others"))
    async with (
        visit(town, town.ana, place) as ana,
        visit(town, town.bea, place) as bea,
        visit(town, town.ana, other) as elsewhere,
    ):
        await town.call(town.ana, "DELETE", f"/api/conversations/{room}")
        for talk in (ana, bea):
            ended = await talk.hear("chat_was_deleted")
            assert f"/{ended['id']}/" in place
            assert (await talk.hear("error"))["details"]["code"] == "ended"
            assert await talk.close_code() == (4003, "ended")
        assert await elsewhere.settle() == []


async def test_signing_out_closes_the_socket(town: Town, place: str) -> None:
    async with visit(town, town.ana, place) as ana:
        await town.call(town.ana, "POST", "/auth/logout", {"token": town.ana.refresh_token})
        assert await ana.close_code() == (4001, "session_ended")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hello", "malformed"),
        ("[" * 10_000, "malformed"),
        ('{"event_type": "dance"}', "unknown_event"),
        ('{"event_type": "chat_message"}', "required"),
        ('{"event_type": "chat_message", "message": {"text": 7}}', "invalid"),
        ('{"event_type": "chat_message", "message": {"text": "\\u0000"}}', "invalid"),
    ],
    ids=["no JSON", "deep", "unknown", "without a message", "of another type", "no character"],
)
async def test_what_cannot_be_understood_is_refused_to_its_sender_alone(
    town: Town, place: str, text: str, code: str
) -> None:
    async with visit(town, town.bea, place) as bea, visit(town, town.ana, place) as ana:
        await ana.socket.send(text)
        error = await ana.hear("error")
        await ana.send("On we go")
        heard = [event["event_type"] for event in await bea.settle()]
    assert error["details"]["code"] == code
    assert error["details"]["user_name"] == "ana"
    assert f"/{error['details']['chat_id']}/" in place
    assert heard == ["connected_user", "chat_message"]


async def test_who_only_listens_is_kept(
    open_town: OpenTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tertulia.realtime.hub.TICK_S", 0.1)
    async with open_town() as town:
        place = await place_of(town, town.ana, await town.start_room(town.ana))
        async with visit(town, town.ana, place) as ana:
            # Many times as long as a peer may be silent that does not answer pings.
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(ana.hear("anything"), 2)
            await ana.send("Still here")


async def test_a_binary_frame_closes_the_socket(town: Town, place: str) -> None:
    async with visit(town, town.ana, place) as ana:
        await ana.socket.send(b"{}")
        assert (await ana.close_code())[0] == 1003


async def test_a_frame_over_the_bound_closes_the_socket(open_town: OpenTown) -> None:
    async with open_town(MAX_FRAME_BYTES="4096") as town:
        place = await place_of(town, town.ana, await town.start_room(town.ana))
        async with visit(town, town.ana, place) as ana:
            await ana.say("chat_message", message={"text": "x" * 5000})
            assert (await ana.close_code())[0] == 1009


async def test_too_many_messages_are_refused_with_the_seconds_to_wait(
    open_town: OpenTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    refilled_slowly(monkeypatch)
    async with open_town(PUSHES_PER_S="1", PUSH_BURST="10") as town:
        place = await place_of(town, town.ana, await town.start_room(town.ana))
        async with visit(town, town.ana, place) as ana:
            for number in range(12):
                await ana.say("chat_message", message={"text": str(number)})
            texts = [(await ana.hear("chat_message"))["message"]["text"] for _ in range(10)]
            refused = [(await ana.hear("error"))["details"] for _ in range(2)]
    assert texts == [str(number) for number in range(10)]
    assert {details["code"] for details in refused} == {"rate_limited"}
    assert SLOWER < refused[-1]["retry_after_s"] <= 3 * SLOWER


async def test_a_flood_that_goes_on_is_closed(
    open_town: OpenTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    refilled_slowly(monkeypatch)
    async with open_town(PUSHES_PER_S="1", PUSH_BURST="10") as town:
        place = await place_of(town, town.ana, await town.start_room(town.ana))
        async with visit(town, town.ana, place) as ana:
            for _ in range(25):
                await ana.say("dance")
            assert await ana.close_code() == (1008, "flood")


async def test_somebody_blocked_is_refused_and_not_heard(town: Town) -> None:
    chat = await place_of(town, town.ana, await town.start_private(town.ana, town.bea))
    async with visit(town, town.ana, chat) as ana, visit(town, town.bea, chat) as bea:
        sent = await bea.send("Hi")
        await ana.hear("chat_message")
        await town.call(town.ana, "POST", "/api/blocks", {"user_id": town.bea.id})
        codes = [
            (await bea.refused("chat_message", message={"text": "Hello?"}))["code"],
            (await bea.refused("message_was_updated", id=sent["id"], new_text="?"))["code"],
            (await bea.refused("message_reaction", id=sent["id"], reaction="🎉"))["code"],
        ]
        # Typing is granted as ever, and comes to nobody's ears.
        await bea.say("typing_indicator")
        await bea.settle()
        unheard = [event["event_type"] for event in await ana.settle()]
    assert codes == ["blocked"] * 3
    assert unheard == ["connected_user"]


async def test_a_bug_closes_the_socket_and_leaks_nothing(
    town: Town, place: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def break_down(_self: Typists, _actor: Actor, _conversation_id: UUID) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(Typists, "start", break_down)
    async with visit(town, town.ana, place) as ana:
        await ana.say("typing_indicator")
        assert await ana.close_code() == (1011, "error")
    assert ana.types == []
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert record.__dict__["account_id"] == town.ana.id


async def test_a_refusal_is_logged_without_what_was_said(
    town: Town, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with visit(town, town.ana, place) as ana:
        await ana.refused("chat_message", message={"text": "my secret", "reply_to": 999})
        await ana.socket.send("my secret")
        await ana.hear("error")
    records = [one for one in caplog.records if one.getMessage() == "Refused"]
    assert [record.__dict__["code"] for record in records] == ["invalid", "malformed"]
    assert "my secret" not in json.dumps([str(record.__dict__) for record in caplog.records])
    assert town.ana.token not in caplog.text


async def test_a_server_that_stops_lets_finish_what_was_begun(
    open_town: OpenTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended, may_go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def start_slowly(_self: Typists, _actor: Actor, _conversation_id: UUID) -> None:
        begun.set()
        await may_go_on.wait()
        ended.set()

    monkeypatch.setattr(Typists, "start", start_slowly)
    async with open_town() as town:
        place = await place_of(town, town.ana, await town.start_room(town.ana))
        async with visit(town, town.ana, place) as ana:
            await ana.say("typing_indicator")
            await begun.wait()
        asyncio.get_running_loop().call_later(0.1, may_go_on.set)
    assert ended.is_set()
