"""Encrypted conversations over Phoenix: each hears their own copy, and nobody anything else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

from tests.gateways.conftest import Person, Town
from tests.gateways.phoenix.talk import Talk, talk
from tests.gateways.sealing import copies, keys_of, publish, start_sealed_group

SYSTEM = "system:general"


@asynccontextmanager
async def listening(town: Town, group: str, *people: Person) -> AsyncIterator[list[Talk]]:
    """Have people listen to a conversation and to what is told to them alone."""
    async with AsyncExitStack() as closing:
        talks = [await closing.enter_async_context(talk(town, person)) for person in people]
        for person, one in zip(people, talks, strict=True):
            await one.join(f"user:{person.id}")
            await one.join(f"conversation:{group}")
        yield talks


async def sent(one: Talk, group: str, *people: Person, **rest: object) -> dict[str, Any]:
    """Send a sealed message and return the sender's own copy."""
    payload = {"encrypted_messages": copies(*people), "client_ref": str(uuid4()), **rest}
    answer = await one.done(f"conversation:{group}", "send_message", payload)
    message: dict[str, Any] = answer["message"]
    return message


async def test_each_hears_their_own_copy_and_all_that_there_was_one(town: Town) -> None:
    group = await start_sealed_group(town, town.ana, town.bea)
    async with listening(town, group, town.ana, town.bea) as (ana, bea):
        own = await sent(ana, group, town.ana, town.bea)
        told = await bea.hear(f"user:{town.bea.id}", "new_message")
        light = await bea.hear(f"conversation:{group}", "encrypted_message")
        rest = await bea.settle()
        heard_by_ana = await ana.hear(f"user:{town.ana.id}", "new_message")
    assert own["content"] == "sealed for ana"
    assert heard_by_ana["message"] == own
    assert told["message"]["content"] == "sealed for bea"
    assert told["message"]["message_group"] == own["message_group"]
    assert len({told["message"]["id"], own["id"], own["message_group"]}) == 3
    assert (told["message"]["encrypted"], told["message"]["encrypted_reactions"]) == (True, {})
    assert light == {
        "conversation_id": group,
        "message_group_id": own["message_group"],
        "message_seq": own["seq"],
        "change": "sent",
        "seq": own["seq"],
    }
    assert "sealed" not in str(rest)


async def test_a_client_ref_again_answers_the_first_message(town: Town) -> None:
    group = await start_sealed_group(town, town.ana, town.bea)
    async with listening(town, group, town.ana, town.bea) as (ana, bea):
        first = await sent(ana, group, town.ana, town.bea, client_ref="once")
        payload = {"encrypted_messages": copies(town.ana, town.bea, text="other")}
        again = await ana.done(
            f"conversation:{group}", "send_message", payload | {"client_ref": "once"}
        )
        await bea.hear(f"user:{town.bea.id}", "new_message")
        await bea.hear(f"conversation:{group}", "encrypted_message")
        assert again["message"] == first
        assert await bea.settle() == []


async def test_an_edit_is_told_to_each_as_their_copy(town: Town) -> None:
    group = await start_sealed_group(town, town.ana, town.bea)
    async with listening(town, group, town.ana, town.bea) as (ana, bea):
        own = await sent(ana, group, town.ana, town.bea)
        payload = {
            "message_group_id": own["message_group"],
            "encrypted_messages": copies(town.ana, town.bea, text="anew"),
        }
        assert await ana.done(f"conversation:{group}", "edit_message", payload) == "message_sent"
        told = await bea.hear(f"user:{town.bea.id}", "edit_message")
        await bea.hear(f"conversation:{group}", "encrypted_message")
        light = await bea.hear(f"conversation:{group}", "encrypted_message")
    assert (told["message"]["content"], told["message"]["edited"]) == ("anew for bea", True)
    assert "encrypted_reactions" not in told["message"]
    assert (light["change"], light["message_seq"]) == ("edited", own["seq"])
    assert light["seq"] == told["seq"] == own["seq"] + 1


async def test_a_reaction_is_sealed_for_each_and_taken_back_by_none(town: Town) -> None:
    group = await start_sealed_group(town, town.ana, town.bea)
    topic = f"conversation:{group}"
    async with listening(town, group, town.ana, town.bea) as (ana, bea):
        own = await sent(ana, group, town.ana, town.bea)
        about = {"message_group_id": own["message_group"]}
        reaction = about | {"encrypted_reactions": copies(town.ana, town.bea, text="wow")}
        assert await bea.done(topic, "react", reaction) == "message_sent"
        told = await ana.hear(f"user:{town.ana.id}", "encrypted_reaction")
        async with talk(town, town.ana) as phone:
            shown = (await phone.join(topic))["messages"]["items"][0]
        assert await bea.done(topic, "react", about | {"encrypted_reactions": {}}) == "message_sent"
        withdrawn = await ana.hear(f"user:{town.ana.id}", "encrypted_reaction")
        async with talk(town, town.ana) as phone:
            bare = (await phone.join(topic))["messages"]["items"][0]
    assert told["user_id"] == town.bea.id
    assert told["message_group_id"] == own["message_group"]
    assert told["content"] == "wow for ana"
    assert shown["encrypted_reactions"] == {town.bea.id: "wow for ana"}
    assert withdrawn["content"] is None
    assert (bare["encrypted_reactions"], bare["reactions"]) == ({}, [])


async def test_what_is_deleted_leaves_an_empty_copy(town: Town) -> None:
    group = await start_sealed_group(town, town.ana, town.bea)
    topic = f"conversation:{group}"
    async with listening(town, group, town.ana, town.bea) as (ana, bea):
        own = await sent(ana, group, town.ana, town.bea)
        about = {"message_group_id": own["message_group"]}
        assert await ana.done(topic, "delete_message", about) == "message_sent"
        told = await bea.hear(topic, "delete_message")
        async with talk(town, town.bea) as phone:
            shown = (await phone.join(topic))["messages"]["items"][0]
    assert told["message_group_id"] == own["message_group"]
    assert (shown["content"], shown["is_deleted"]) == ("", True)


async def test_who_joins_hears_all_keys_and_their_own_private_ones(town: Town) -> None:
    group = await start_sealed_group(town, town.ana, town.bea)
    await publish(town, town.ana, group, 2)
    first, second = keys_of(town.ana), keys_of(town.ana, 2)
    async with talk(town, town.ana) as ana:
        opened = await ana.join(f"conversation:{group}")
        caught_up = await ana.join(f"conversation:{group}", {"since": 1})
    for answer in (opened, caught_up):
        assert answer["public_keys"] == {
            town.ana.id: second["public_key"],
            town.bea.id: keys_of(town.bea)["public_key"],
        }
        assert answer["private_key"] == second["private_key"]
        assert answer["private_keys"] == [first]
        assert answer["identities"] == {}
        assert keys_of(town.bea)["private_key"]["ct"] not in str(answer)


async def test_an_open_conversation_has_no_keys(town: Town) -> None:
    group = await town.start_group(town.ana)
    async with talk(town, town.ana) as ana:
        answer = await ana.join(f"conversation:{group}")
    keys = ("public_keys", "private_key", "private_keys", "identities")
    assert [answer[name] for name in keys] == [{}, None, [], {}]


async def test_keys_are_announced_once(town: Town) -> None:
    group = await start_sealed_group(town, town.ana, town.bea)
    topic = f"conversation:{group}"
    async with listening(town, group, town.ana, town.bea) as (ana, bea):
        for _ in range(2):
            done = await ana.done(topic, "set_encryption_keys", keys_of(town.ana, 2))
            assert done == "message_sent"
        told = await bea.hear(topic, "set_encryption_keys")
        assert await bea.settle() == []
    assert told["user_id"] == town.ana.id
    assert told["public_key"] == keys_of(town.ana, 2)["public_key"]


async def test_nothing_is_sent_before_everybody_has_keys(town: Town) -> None:
    group = await start_sealed_group(town, town.ana, town.bea)
    topic = f"conversation:{group}"
    payload = {"encrypted_messages": copies(town.ana, town.bea, town.caro)}
    async with talk(town, town.ana) as ana, talk(town, town.caro) as caro:
        await ana.join(topic)
        await ana.done(topic, "modify_conversation", {"new_members": [town.caro.id]})
        assert (await ana.refused(topic, "send_message", payload))["reason"] == "missing_keys"
        await caro.join(topic)
        await caro.done(topic, "set_encryption_keys", keys_of(town.caro))
        assert await ana.done(topic, "send_message", payload) == "message_sent"


async def test_two_people_have_one_encrypted_chat_beside_an_open_one(town: Town) -> None:
    await town.start_private(town.ana, town.bea)
    start = {"other_user_id": town.bea.id}
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(SYSTEM)
        await bea.join(SYSTEM)
        chat = await ana.done(SYSTEM, "start_private_conversation", start | keys_of(town.ana))
        shown = await ana.join(f"conversation:{chat}")
        again = await ana.refused(SYSTEM, "start_private_conversation", start)
        back = await bea.refused(
            SYSTEM, "start_private_conversation", {"other_user_id": town.ana.id}
        )
    assert shown["conversation"]["encrypted"] is True
    assert shown["private_key"] == keys_of(town.ana)["private_key"]
    assert again["reason"] == back["reason"] == "conversation_already_exists"


async def test_a_group_without_name_or_keys_may_have_them_later(town: Town) -> None:
    async with talk(town, town.ana) as ana:
        await ana.join(SYSTEM)
        group = await ana.done(SYSTEM, "start_group_conversation", {"user_ids": []})
        topic = f"conversation:{group}"
        shown = await ana.join(topic)
        await ana.done(topic, "set_encryption_keys", keys_of(town.ana))
        await ana.done(topic, "change_alias", {"alias": "Named"})
        payload = {"encrypted_messages": copies(town.ana)}
        assert await ana.done(topic, "send_message", payload) == "message_sent"
    assert (shown["conversation"]["alias"], shown["public_keys"]) == (None, {})
