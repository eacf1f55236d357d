"""One socket as a whole: order, bounds, bugs, and how it ends."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import AsyncExitStack
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from tertulia.core.accounts import Accounts
from tertulia.core.model import Account, Actor
from tertulia.core.sessions import Sessions
from tertulia.core.typists import Typists
from tests.gateways.conftest import PASSWORD, OpenTown, Town
from tests.gateways.phoenix.talk import Talk, connect_to, talk
from tests.refill import SLOWER, refilled_slowly


async def test_a_heartbeat_is_answered(town: Town) -> None:
    async with talk(town, town.ana) as ana:
        await ana.say(None, "7", "phoenix", "heartbeat", {})
        assert await ana.reply("7") == ("ok", {})


@pytest.mark.parametrize(
    "text",
    ["", "hello", "{}", '[null,"1","phoenix","heartbeat"]', "[" * 10_000, '["1","1",3,"e",{}]'],
    ids=lambda text: text[:20],
)
async def test_what_is_no_frame_closes_the_socket(town: Town, text: str) -> None:
    async with talk(town, town.ana) as ana:
        await ana.socket.send(text)
        assert await ana.close_code() == (1002, "not a frame")


async def test_a_binary_frame_closes_the_socket(town: Town) -> None:
    async with talk(town, town.ana) as ana:
        await ana.socket.send(b"\x00\x01\x01")
        assert (await ana.close_code())[0] == 1003


async def test_a_frame_over_the_bound_closes_the_socket(open_town: OpenTown) -> None:
    async with open_town(MAX_FRAME_BYTES="4096") as town, talk(town, town.ana) as ana:
        await ana.say(None, "1", "phoenix", "heartbeat", {"padding": "x" * 5000})
        assert (await ana.close_code())[0] == 1009


@pytest.mark.parametrize("topic", ["", "phoenix", "nothing", "voices:1", ":", "conversation"])
async def test_an_unknown_topic_is_unmatched(town: Town, topic: str) -> None:
    async with talk(town, town.ana) as ana:
        status, response = await ana.try_join(topic)
    assert status == "error"
    assert response["reason"] in ("unmatched topic", "no_conversation")


async def test_an_event_of_a_topic_that_is_not_joined_is_unmatched(town: Town) -> None:
    async with talk(town, town.ana) as ana:
        await ana.say("1", "2", f"conversation:{uuid4()}", "start_typing", {})
        assert await ana.reply("2") == ("error", {"reason": "unmatched topic"})


async def test_joining_again_closes_the_old_channel(town: Town) -> None:
    group = await town.start_group(town.ana)
    topic = f"conversation:{group}"
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        old = ana.join_ref(topic)
        await ana.join(topic)
        assert await ana.hear_frame(topic, "phx_close") == [old, old, topic, "phx_close", {}]
        await ana.say(old, "s", topic, "send_message", {"content": "stale"})
        await ana.done(topic, "send_message", {"content": "fresh"})
        heard = [frame for frame in await ana.settle() if frame[3] != "phx_reply"]
    assert [frame[4]["message"]["content"] for frame in heard] == ["fresh"], "and only once"


async def test_leaving_ends_what_is_heard(town: Town) -> None:
    group = await town.start_group(town.ana)
    topic = f"conversation:{group}"
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        assert await ana.done(topic, "phx_leave") == {}
        await ana.hear(topic, "phx_close")
        await town.send(town.ana, group, "unheard")
        assert await ana.settle() == []


async def test_a_token_of_ones_own_may_come_along(town: Town) -> None:
    group = await town.start_group(town.ana)
    topic = f"conversation:{group}"
    async with talk(town, town.ana) as ana:
        await ana.join(topic, {"token": town.ana.token})
        payload = {"content": "hi", "token": town.ana.token}
        assert (await ana.done(topic, "send_message", payload))["message"]["content"] == "hi"


async def test_any_other_token_is_refused_by_a_bare_word(town: Town) -> None:
    group = await town.start_group(town.ana)
    topic = f"conversation:{group}"
    async with talk(town, town.ana) as ana:
        assert await ana.try_join(topic, {"token": "x"}) == ("error", "invalid_token")
        await ana.join(topic)
        for token in ("nonsense", "", None, 7, town.bea.token, town.ana.refresh_token):
            payload = {"content": "hi", "token": token}
            assert await ana.refused(topic, "send_message", payload) == "invalid_token"


async def test_a_slow_push_holds_up_only_its_own_topic(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, quick = await town.start_group(town.ana), await town.start_group(town.ana)
    may_go_on = asyncio.Event()

    async def start_slowly(_self: Typists, _actor: Actor, _conversation_id: UUID) -> None:
        await may_go_on.wait()

    monkeypatch.setattr(Typists, "start", start_slowly)
    async with talk(town, town.ana) as ana:
        await ana.join(f"conversation:{slow}")
        await ana.join(f"conversation:{quick}")
        join_ref = ana.join_ref(f"conversation:{slow}")
        await ana.say(join_ref, "a", f"conversation:{slow}", "start_typing", {})
        await ana.say(join_ref, "b", f"conversation:{slow}", "send_message", {"content": "2"})
        await ana.done(f"conversation:{quick}", "send_message", {"content": "1"})
        held = [frame[1] for frame in await ana.settle()]
        assert not {"a", "b"} & set(held)
        may_go_on.set()
        assert (await ana.reply("a"))[0] == "ok"
        assert (await ana.reply("b"))[0] == "ok"


async def test_what_a_gone_client_had_begun_is_finished_without_a_word(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = await town.start_group(town.ana)
    begun, ended, may_go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def start_slowly(_self: Typists, _actor: Actor, _conversation_id: UUID) -> None:
        begun.set()
        await may_go_on.wait()
        ended.set()

    monkeypatch.setattr(Typists, "start", start_slowly)
    async with talk(town, town.ana) as ana:
        await ana.join(f"conversation:{group}")
        await ana.say("1", "2", f"conversation:{group}", "start_typing", {})
        await begun.wait()
    may_go_on.set()
    await asyncio.wait_for(ended.wait(), 10)


async def test_a_client_that_goes_while_it_joins_leaves_nothing_behind(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_go_on = asyncio.Event(), asyncio.Event()
    look_up = Accounts.me

    async def look_up_slowly(accounts: Accounts, actor: Actor) -> Account:
        if str(actor.account_id) == town.ana.id:
            begun.set()
            await may_go_on.wait()
        return await look_up(accounts, actor)

    monkeypatch.setattr(Accounts, "me", look_up_slowly)
    async with talk(town, town.bea) as bea, talk(town, town.caro) as caro:
        await bea.join("system:general")
        async with talk(town, town.ana) as ana:
            await ana.say("1", "1", "system:general", "phx_join", {})
            await begun.wait()
        may_go_on.set()
        await caro.join("system:general")
        come: set[str] = set()
        while town.caro.id not in come:
            come |= set((await bea.hear("system:general", "presence_diff"))["joins"])
    assert town.ana.id not in come


async def test_a_client_that_goes_while_its_token_is_checked_has_asked_for_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun, may_go_on, topic = asyncio.Event(), asyncio.Event(), "system:general"
    own = f"user:{town.ana.id}"

    async def authenticate_slowly(_self: Sessions, _token: str) -> Actor:
        begun.set()
        await may_go_on.wait()
        return Actor(account_id=UUID(town.ana.id), session_id=uuid4())

    async with talk(town, town.bea) as bea, talk(town, town.caro) as caro:
        await bea.join(topic)
        async with talk(town, town.ana) as ana:
            await ana.join(own)
            monkeypatch.setattr(Sessions, "authenticate", authenticate_slowly)
            await ana.say("1", "8", own, "dance", {"token": "slow"})
            await ana.say("2", "9", topic, "phx_join", {"token": "slow"})
            await begun.wait()
        may_go_on.set()
        await caro.join(topic)
        come: set[str] = set()
        while town.caro.id not in come:
            come |= set((await bea.hear(topic, "presence_diff"))["joins"])
    assert town.ana.id not in come
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_server_that_stops_lets_finish_what_was_begun(
    open_town: OpenTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended, may_go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def start_slowly(_self: Typists, _actor: Actor, _conversation_id: UUID) -> None:
        begun.set()
        await may_go_on.wait()
        ended.set()

    monkeypatch.setattr(Typists, "start", start_slowly)
    async with AsyncExitStack() as town_hall:
        town = await town_hall.enter_async_context(open_town())
        group = await town.start_group(town.ana)
        async with talk(town, town.ana) as ana:
            await ana.join(f"conversation:{group}")
            await ana.say("1", "2", f"conversation:{group}", "start_typing", {})
            await begun.wait()
        asyncio.get_running_loop().call_later(0.1, may_go_on.set)
    assert ended.is_set()


async def test_a_bug_breaks_its_channel_and_leaks_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    group = await town.start_group(town.ana)
    topic = f"conversation:{group}"

    async def break_down(_self: Typists, _actor: Actor, _conversation_id: UUID) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(Typists, "start", break_down)
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        ref = ana.join_ref(topic)
        await ana.say(ref, "x", topic, "start_typing", {})
        assert await ana.hear_frame(topic, "phx_error") == [ref, ref, topic, "phx_error", {}]
        assert "secret" not in json.dumps(await ana.settle())
        await ana.join(topic)
        await ana.done(topic, "send_message", {"content": "on we go"})
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert record.exc_info is not None
    assert record.__dict__["account_id"] == town.ana.id


async def test_a_bug_in_a_join_is_answered_as_crashed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = await town.start_group(town.ana)

    def break_down(_self: Typists, _conversation_id: UUID) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(Typists, "typing_in", break_down)
    async with talk(town, town.ana) as ana:
        answer = await ana.try_join(f"conversation:{group}")
        await town.send(town.ana, group, "unheard")
        assert answer == ("error", {"reason": "join crashed"})
        assert await ana.settle() == []


async def test_a_refusal_is_logged_without_what_was_said(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    group = await town.start_group(town.ana)
    caplog.set_level(logging.INFO)
    async with talk(town, town.ana) as ana:
        await ana.join(f"conversation:{group}")
        payload = {"content": "my secret", "reply_to": str(uuid4())}
        await ana.refused(f"conversation:{group}", "send_message", payload)
    (record,) = [one for one in caplog.records if one.name == "tertulia.gateways.phoenix.socket"]
    assert record.__dict__["push"] == "send_message"
    assert record.__dict__["session_id"]
    assert "my secret" not in str(record.__dict__)
    assert town.ana.token not in caplog.text


async def test_too_many_pushes_are_refused_with_the_seconds_to_wait(
    open_town: OpenTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    refilled_slowly(monkeypatch)
    async with open_town(PUSHES_PER_S="1", PUSH_BURST="10") as town:
        group = await town.start_group(town.ana)
        topic = f"conversation:{group}"
        async with talk(town, town.ana) as ana:
            await ana.join(topic)
            for number in range(12):
                await ana.say("1", f"p{number}", topic, "send_message", {"content": "x"})
            answers = [await ana.reply(f"p{number}") for number in range(12)]
            await ana.say(None, "h", "phoenix", "heartbeat", {})
            assert await ana.reply("h") == ("ok", {})
    assert [status for status, _ in answers] == ["ok"] * 10 + ["error"] * 2
    refused = answers[-1][1]
    assert refused["reason"] == "rate_limited"
    assert SLOWER < refused["retry_after_s"] <= 2 * SLOWER
    assert refused["detail"]


async def test_a_flood_that_goes_on_is_closed(
    open_town: OpenTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    refilled_slowly(monkeypatch)
    async with open_town(PUSHES_PER_S="1", PUSH_BURST="10") as town, talk(town, town.ana) as ana:
        for number in range(25):
            await ana.say("1", str(number), "conversation:x", "dance", {})
        assert await ana.close_code() == (1008, "flood")


async def test_joins_that_fail_are_counted_too(
    open_town: OpenTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    refilled_slowly(monkeypatch)
    async with open_town(PUSHES_PER_S="1", PUSH_BURST="10") as town, talk(town, town.ana) as ana:
        for number in range(30):
            await ana.say("1", str(number), f"conversation:{uuid4()}", "phx_join", {})
        for number in range(30):
            assert (await ana.reply(str(number)))[0] == "error"
        await ana.say("1", "more", f"conversation:{uuid4()}", "phx_join", {})
        assert await ana.close_code() == (1008, "flood")


async def test_one_who_comes_back_joins_everything_at_once(open_town: OpenTown) -> None:
    async with open_town(PUSHES_PER_S="1", PUSH_BURST="3") as town:
        groups = [await town.start_group(town.ana) for _ in range(12)]
        async with talk(town, town.ana) as ana:
            for group in groups:
                await ana.say(group, group, f"conversation:{group}", "phx_join", {})
            for group in groups:
                assert (await ana.reply(group))[0] == "ok"


async def test_signing_out_closes_the_sockets_of_that_session(town: Town) -> None:
    other = await town.call(
        town.bea, "POST", "/auth/login", {"email": "ana@example.org", "password": PASSWORD}
    )
    async with (
        talk(town, town.ana) as ana,
        connect_to(town, f"vsn=2.0.0&token={other['access_token']}") as phone,
    ):
        await town.call(town.ana, "POST", "/auth/logout", {"token": town.ana.refresh_token})
        assert await ana.close_code() == (4001, "session_ended")
        await Talk(phone).settle()


async def test_signing_another_device_out_closes_its_sockets_at_once(town: Town) -> None:
    login = {"email": "ana@example.org", "password": PASSWORD}
    laptop, phone = [await town.call(town.bea, "POST", "/auth/login", login) for _ in range(2)]
    owner = replace(town.ana, token=laptop["access_token"])
    sessions = (await town.call(owner, "GET", "/api/sessions"))["items"]
    assert len(sessions) == 3
    oldest = sessions[-1]["id"]
    async with (
        talk(town, town.ana) as first,
        connect_to(town, f"vsn=2.0.0&token={phone['access_token']}") as second,
        talk(town, owner) as own,
    ):
        await town.call(owner, "DELETE", f"/api/sessions/{oldest}")
        assert await first.close_code() == (4001, "session_ended")
        await Talk(second).settle()
        await town.call(owner, "DELETE", "/api/sessions")
        assert await Talk(second).close_code() == (4001, "session_ended")
        await own.settle()


async def test_a_server_that_stops_says_that_it_will_be_back(open_town: OpenTown) -> None:
    async with open_town() as town:
        talking = talk(town, town.ana)
        ana = await talking.__aenter__()
        await ana.join("system:general")
    assert (await ana.close_code())[0] == 1012
    await talking.__aexit__(None, None, None)
