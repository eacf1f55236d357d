"""What the real npm `phoenix` client makes of the server, over each of its transports."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.forge import Forge
from tests.e2e.people import register
from tests.e2e.server_process import ServerProcess
from tests.gateways.conftest import Town
from tests.gateways.phoenix.npm_client import Transport, npm_client
from tests.gateways.phoenix.talk import talk

NAMES = {"websocket": "WebSocket", "longpoll": "LongPoll"}


@pytest.fixture(params=["websocket", "longpoll"])
def over(request: pytest.FixtureRequest) -> Transport:
    transport: Transport = request.param
    return transport


async def test_it_falls_back_to_long_polling_where_no_websocket_gets_through(town: Town) -> None:
    params = {"token": town.ana.token}
    async with npm_client(town.url, params, transport="fallback") as ana:
        assert await ana.connect() == "LongPoll"
        assert await ana.join(f"user:{town.ana.id}") == {"calls": []}


async def test_it_joins_pushes_and_hears_broadcasts(town: Town, over: Transport) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    async with npm_client(town.url, {"token": town.ana.token}, transport=over) as ana:
        assert await ana.connect() == NAMES[over]
        shown = await ana.join(topic, "new_message")
        reply = await ana.push(topic, "send_message", {"content": "hello", "client_ref": "r1"})
        own = await ana.hear(topic, "new_message")
        sent = await town.send(town.bea, group, "hello yourself")
        other = await ana.hear(topic, "new_message")
        ana.do("ping")
        await ana.told("ponged")
    assert shown["conversation"]["id"] == group
    assert own["message"] == reply["message"]
    assert other == {"conversation_id": group, "message": sent, "seq": 3}


async def test_it_is_told_of_refusals(town: Town, over: Transport) -> None:
    group = await town.start_group(town.ana)
    topic = f"conversation:{group}"
    async with npm_client(town.url, {"token": town.ana.token}, transport=over) as ana:
        await ana.connect()
        ana.do("join", topic=f"user:{town.bea.id}", params={})
        not_joined = await ana.told("not joined")
        await ana.join(topic)
        ana.do("push", topic=topic, event="send_message", payload={"content": ""})
        refused = await ana.told("refused", topic=topic)
    assert not_joined["response"]["reason"] == "unauthorized"
    assert refused["response"]["reason"] == "required"


async def test_it_leaves(town: Town, over: Transport) -> None:
    topic = f"user:{town.ana.id}"
    async with npm_client(town.url, {"token": town.ana.token}, transport=over) as ana:
        await ana.connect()
        await ana.join(topic)
        ana.do("leave", topic=topic)
        await ana.told("left", topic=topic)
        await ana.told("channel closed", topic=topic)
        assert await ana.join(topic) == {"calls": []}


async def test_it_gets_the_reply_to_the_push_that_ended_its_channel(
    town: Town, over: Transport
) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    async with npm_client(town.url, {"token": town.bea.token}, transport=over) as bea:
        await bea.connect()
        await bea.join(topic, "leave_conversation")
        assert await bea.push(topic, "leave_conversation", {}) == "message_sent"
        assert (await bea.hear(topic, "leave_conversation"))["user_id"] == town.bea.id
        await bea.told("channel closed", topic=topic)


async def test_a_second_join_of_a_topic_takes_over(town: Town, over: Transport) -> None:
    group = await town.start_group(town.ana)
    topic = f"conversation:{group}"
    async with npm_client(town.url, {"token": town.ana.token}, transport=over) as ana:
        await ana.connect()
        await ana.join(topic, "new_message")
        await ana.join(topic, "new_message")
        await ana.told("channel closed", topic=topic)
        await town.send(town.ana, group, "once")
        heard = await ana.hear(topic, "new_message")
        ana.do("ping")
        await ana.told("ponged")
        assert heard["message"]["content"] == "once"
        assert not ana.has_told("heard"), "the first join hears no more"
        assert not ana.has_told("channel errored")


async def test_its_presence_list_follows_who_is_online(town: Town, over: Transport) -> None:
    topic = "system:general"
    async with npm_client(town.url, {"token": town.ana.token}, transport=over) as ana:
        await ana.connect()
        ana.do("join", topic=topic, params={})
        ana.do("presence", topic=topic)
        await ana.told("came", id=town.ana.id)
        async with talk(town, town.bea) as bea:
            await bea.join(topic)
            await ana.told("came", id=town.bea.id)
            await ana.told("online", ids=sorted([town.ana.id, town.bea.id]))
        await ana.told("went", id=town.bea.id)
        await ana.told("online", ids=[town.ana.id])


async def test_its_auth_token_keeps_the_token_out_of_the_address(
    town: Town, over: Transport
) -> None:
    async with npm_client(town.url, {}, town.ana.token, transport=over) as ana:
        await ana.connect()
        assert await ana.join(f"user:{town.ana.id}") == {"calls": []}


async def test_it_comes_back_after_the_server_was_killed(
    tmp_path: Path, ground: dict[str, str], over: Transport, forge: Forge
) -> None:
    server = ServerProcess(tmp_path, ground, forge=forge)
    await server.start()
    try:
        ana = await register(server.url, "ana")
        group = await ana.post(
            "/api/conversations", {"kind": "group", "alias": "G", "user_ids": []}
        )
        topic = f"conversation:{group['id']}"
        messages = f"/api/conversations/{group['id']}/messages"
        async with npm_client(server.url, {"token": ana.token}, transport=over) as client:
            await client.connect()
            await client.join(topic, "new_message")
            await server.kill()
            await client.told("channel errored", topic=topic)
            await server.start()
            await client.told("opened")
            rejoined = await client.told("joined", topic=topic)
            await ana.post(messages, {"content": "still here"})
            heard = await client.hear(topic, "new_message")
    finally:
        await server.kill()
    assert rejoined["response"]["conversation"]["id"] == group["id"]
    assert heard["message"]["content"] == "still here"
