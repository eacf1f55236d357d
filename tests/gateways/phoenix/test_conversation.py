"""`conversation:{id}`: what members hear and do."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from tests.gateways.conftest import Town
from tests.gateways.phoenix.talk import Talk, talk


async def test_joining_shows_one_moment_of_the_conversation(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    sent = [await town.send(town.bea, group, f"message {number}") for number in range(22)]
    async with talk(town, town.ana) as ana:
        shown = await ana.join(f"conversation:{group}")
    assert shown["conversation"]["id"] == group
    assert shown["conversation"]["head_seq"] == 23
    assert shown["conversation"]["unread"] == 22
    assert shown["conversation"]["role"] == "owner"
    assert [user["id"] for user in shown["users"]] == [town.ana.id, town.bea.id]
    assert shown["read_seqs"] == {town.ana.id: 1, town.bea.id: 1}
    assert shown["read_times"] == {town.ana.id: None, town.bea.id: None}
    assert shown["messages"]["items"] == sent[:1:-1]
    assert shown["messages"]["page_token"] is not None
    assert (shown["public_keys"], shown["private_key"], shown["typing"]) == ({}, None, [])
    assert "changes" not in shown


async def test_coming_back_shows_the_changes_since(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    await town.send(town.bea, group, "seen")
    missed = await town.send(town.bea, group, "missed")
    async with talk(town, town.ana) as ana:
        shown = await ana.join(f"conversation:{group}", {"since": 2})
    assert "messages" not in shown
    changes = shown["changes"]
    assert (changes["since"], changes["seq"], changes["complete"]) == (2, 3, True)
    assert changes["messages"] == [missed]
    assert changes["members"] == []
    assert changes["read_seqs"] == {town.ana.id: 1, town.bea.id: 1}


async def test_a_room_shows_the_senders_of_the_page_and_only_ones_own_reading(town: Town) -> None:
    room = await town.start_room(town.ana, town.bea, town.caro)
    await town.send(town.bea, room, "hello")
    async with talk(town, town.ana) as ana:
        shown = await ana.join(f"conversation:{room}")
    assert {user["id"] for user in shown["users"]} == {town.ana.id, town.bea.id}
    assert all(user["email"] is None for user in shown["users"] if user["id"] == town.bea.id)
    assert set(shown["read_seqs"]) == {town.ana.id}


@pytest.mark.parametrize("kind", ["another's", "none", "not an id", "in capitals", "nothing"])
async def test_a_conversation_that_one_is_not_in_cannot_be_joined(town: Town, kind: str) -> None:
    group = await town.start_group(town.bea, town.caro)
    own = await town.start_group(town.ana)
    name = {
        "another's": group,
        "none": str(uuid4()),
        "not an id": "x",
        "in capitals": own.upper(),
        "nothing": "",
    }[kind]
    async with talk(town, town.ana) as ana:
        status, response = await ana.try_join(f"conversation:{name}")
    assert status == "error"
    assert response["reason"] == "no_conversation"


@pytest.mark.parametrize("since", [-1, "1", 1.5, True, [], 2**53 + 1, 10**30])
async def test_a_seq_that_is_none_is_refused(town: Town, since: object) -> None:
    group = await town.start_group(town.ana)
    async with talk(town, town.ana) as ana:
        status, response = await ana.try_join(f"conversation:{group}", {"since": since})
        assert (status, response["reason"], response["attr"]) == ("error", "invalid", "since")
        await ana.join(f"conversation:{group}")


async def test_a_message_reaches_everyone_and_its_sender(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(topic)
        await bea.join(topic)
        reply = await ana.done(topic, "send_message", {"content": "hi 😀", "client_ref": "a1"})
        message = reply["message"]
        frames = [await one.hear_frame(topic, "new_message") for one in (ana, bea)]
    assert (message["content"], message["client_ref"], message["seq"]) == ("hi 😀", "a1", 2)
    payload = {"conversation_id": group, "message": message, "seq": 2}
    assert frames == [[None, None, topic, "new_message", payload]] * 2


async def test_what_is_said_over_http_is_heard_here(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    async with talk(town, town.ana) as ana:
        await ana.join(f"conversation:{group}")
        sent = await town.send(town.bea, group, "from elsewhere")
        heard = await ana.hear(f"conversation:{group}", "new_message")
    assert heard["message"] == sent


async def test_sending_again_under_one_name_sends_once(town: Town) -> None:
    group = await town.start_group(town.ana)
    topic = f"conversation:{group}"
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        first = await ana.done(topic, "send_message", {"content": "once", "client_ref": "r"})
        again = await ana.done(topic, "send_message", {"content": "once", "client_ref": "r"})
        heard = [frame for frame in await ana.settle() if frame[3] == "new_message"]
    assert first == again
    assert len(heard) == 1


async def test_a_reply_names_what_it_answers(town: Town) -> None:
    group = await town.start_group(town.ana)
    topic = f"conversation:{group}"
    sent = await town.send(town.ana, group, "question")
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        reply = await ana.done(topic, "send_message", {"content": "answer", "reply_to": sent["id"]})
        refused = await ana.refused(
            topic, "send_message", {"content": "answer", "reply_to": str(uuid4())}
        )
    assert reply["message"]["reply_to"] == sent["id"]
    assert refused["attr"] == "reply_to"


async def test_a_message_is_edited_and_taken_back(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    sent = await town.send(town.ana, group, "first")
    named = {"message_group_id": sent["message_group"]}
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(topic)
        await bea.join(topic)
        edited = await ana.done(topic, "edit_message", {**named, "content": "second"})
        heard_edit = await bea.hear(topic, "edit_message")
        deleted = await ana.done(topic, "delete_message", named)
        heard_delete = await bea.hear(topic, "delete_message")
    assert edited["message"]["content"] == "second"
    assert edited["message"]["edited"] is True
    assert heard_edit == {"conversation_id": group, "message": edited["message"], "seq": 3}
    assert deleted == "message_sent"
    assert heard_delete["message_group_id"] == sent["id"]
    assert heard_delete["seq"] == 4
    assert (heard_delete["message"]["content"], heard_delete["message"]["is_deleted"]) == ("", True)


async def test_others_messages_are_not_ones_own(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    named = {"message_group_id": (await town.send(town.ana, group, "hers"))["id"]}
    async with talk(town, town.bea) as bea:
        await bea.join(topic)
        edit = await bea.refused(topic, "edit_message", {**named, "content": "mine"})
        delete = await bea.refused(topic, "delete_message", named)
    assert (edit["reason"], delete["reason"]) == ("permission_denied", "permission_denied")


async def test_a_message_is_reached_through_its_own_conversation_alone(town: Town) -> None:
    here, there = await town.start_group(town.ana), await town.start_group(town.ana)
    sent = await town.send(town.ana, there, "there")
    topic, named = f"conversation:{here}", {"message_group_id": sent["id"]}
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        edit = await ana.refused(topic, "edit_message", {**named, "content": "here"})
        delete = await ana.refused(topic, "delete_message", named)
    assert (edit["reason"], delete["reason"]) == ("not_found", "not_found")


async def test_typing_is_told_and_shown_to_those_who_come(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea, town.caro)
    topic = f"conversation:{group}"
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(topic)
        await bea.join(topic)
        assert await bea.done(topic, "start_typing") == "message_sent"
        assert await ana.hear(topic, "start_typing") == {"user_id": town.bea.id}
        async with talk(town, town.caro) as caro:
            assert (await caro.join(topic))["typing"] == [town.bea.id]
        assert await bea.done(topic, "finish_typing") == "message_sent"
        assert await ana.hear(topic, "finish_typing") == {"user_id": town.bea.id}


async def test_reading_is_told_to_a_group(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    await town.send(town.ana, group, "one")
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(topic)
        await bea.join(topic)
        assert await bea.done(topic, "read_conversation") == "message_sent"
        heard = await ana.hear(topic, "read_conversation")
        await bea.done(topic, "read_conversation", {"seq": 1})
        none_too_high = await bea.refused(topic, "read_conversation", {"seq": 3})
        rest = await ana.settle()
    assert (heard["user_id"], heard["read_seq"]) == (town.bea.id, 2)
    assert heard["read_at"].endswith("Z")
    assert none_too_high["attr"] == "seq"
    assert rest == [], "a read pointer only moves forward"


async def test_reading_in_a_room_is_ones_own_affair(town: Town) -> None:
    room = await town.start_room(town.ana, town.bea)
    topic = f"conversation:{room}"
    await town.send(town.ana, room, "one")
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(topic)
        await bea.join(topic)
        await bea.join(f"user:{town.bea.id}")
        await bea.done(topic, "read_conversation")
        heard = await bea.hear(f"user:{town.bea.id}", "read_conversation")
        told = await ana.settle()
    assert (heard["conversation_id"], heard["read_seq"]) == (room, 3)
    assert told == []


async def test_the_alias_is_the_owners_to_change(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea, alias="Old")
    topic = f"conversation:{group}"
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(topic)
        await bea.join(topic)
        refused = await bea.refused(topic, "change_alias", {"alias": "Mine"})
        assert await ana.done(topic, "change_alias", {"alias": "New"}) == "message_sent"
        heard = await bea.hear(topic, "update_alias")
    assert refused["reason"] == "permission_denied"
    assert (heard["alias"], heard["conversation"]["alias"], heard["seq"]) == ("New", "New", 2)


async def test_one_who_leaves_hears_it_and_then_no_more(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(topic)
        await bea.join(topic)
        assert await bea.done(topic, "leave_conversation") == "message_sent"
        frames = await bea.settle()
        join_ref = bea.join_ref(topic)
        heard = await ana.hear(topic, "leave_conversation")
        await town.send(town.ana, group, "gone?")
        after = await bea.settle()
    assert [frame[3] for frame in frames] == ["leave_conversation", "phx_close"]
    assert frames[1] == [join_ref, join_ref, topic, "phx_close", {}]
    assert (heard["user_id"], heard["removed"], heard["seq"]) == (town.bea.id, False, 2)
    assert heard["member_count"] == 1
    assert after == []


async def test_one_who_is_removed_is_cut_off(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    async with talk(town, town.bea) as bea:
        await bea.join(topic)
        await town.call(town.ana, "DELETE", f"/api/conversations/{group}/members/{town.bea.id}")
        heard = await bea.hear(topic, "leave_conversation")
        await bea.hear(topic, "phx_close")
        refused = await bea.refused(topic, "send_message", {"content": "still here"})
        status, response = await bea.try_join(topic)
    assert heard["removed"] is True
    assert refused == {"reason": "unmatched topic"}
    assert (status, response["reason"]) == ("error", "no_conversation")


async def test_a_deleted_conversation_closes_for_all(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(topic)
        await bea.join(topic)
        await town.call(town.ana, "DELETE", f"/api/conversations/{group}")
        await ana.hear(topic, "phx_close")
        await bea.hear(topic, "phx_close")


async def test_people_are_brought_in_with_another_alias(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic, own = f"conversation:{group}", f"user:{town.caro.id}"
    async with talk(town, town.bea) as bea, talk(town, town.caro) as caro:
        await bea.join(topic)
        await caro.join(own)
        async with talk(town, town.ana) as ana:
            await ana.join(topic)
            payload = {"new_members": [town.caro.id], "alias": "More friends"}
            assert await ana.done(topic, "modify_conversation", payload) == "message_sent"
        joined = await bea.hear(topic, "join_conversation")
        renamed = await bea.hear(topic, "update_alias")
        new = await caro.hear(own, "new_conversation")
    assert [member["user_id"] for member in joined["members"]] == [town.caro.id]
    assert joined["members"][0]["user"]["display_name"] == "Caro"
    assert (joined["conversation_id"], joined["member_count"]) == (group, 3)
    assert {joined["seq"], renamed["seq"]} == {2, 3}
    assert renamed["alias"] == "More friends"
    assert set(new["user_ids"]) == {town.ana.id, town.bea.id, town.caro.id}


@pytest.mark.parametrize(
    ("member", "alias", "reason"),
    [("caro", "", "required"), ("nobody", "New", "not_found"), ("caro", "x" * 101, "too_long")],
)
async def test_bringing_in_and_renaming_happen_together_or_not_at_all(
    town: Town, member: str, alias: str, reason: str
) -> None:
    group = await town.start_group(town.ana, alias="Old")
    topic = f"conversation:{group}"
    wanted = town.caro.id if member == "caro" else str(uuid4())
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        payload = {"new_members": [wanted], "alias": alias}
        refused = await ana.refused(topic, "modify_conversation", payload)
        assert await ana.settle() == []
        shown = await ana.join(topic)
    assert refused["reason"] == reason
    assert (shown["conversation"]["alias"], shown["conversation"]["member_count"]) == ("Old", 1)


async def test_only_the_owner_renames_while_bringing_people_in(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea, alias="Old")
    topic = f"conversation:{group}"
    async with talk(town, town.bea) as bea:
        await bea.join(topic)
        payload = {"new_members": [town.caro.id], "alias": "New"}
        refused = await bea.refused(topic, "modify_conversation", payload)
        await bea.done(topic, "modify_conversation", {"new_members": [town.caro.id]})
    assert refused["reason"] == "permission_denied"


async def test_a_change_of_role_is_told_with_the_member(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea, town.caro)
    topic = f"conversation:{group}"
    async with talk(town, town.caro) as caro:
        await caro.join(topic)
        await town.call(town.ana, "POST", f"/api/conversations/{group}/leave")
        heard = await caro.hear(topic, "update_member")
    assert heard["member"]["user_id"] == town.bea.id
    assert heard["member"]["role"] == "owner"
    assert heard["member"]["user"]["username"] == "bea"
    assert heard["seq"] == 2


REFUSED_PAYLOADS = [
    ("send_message", {}, "required", "content"),
    ("send_message", {"content": 1}, "invalid", "content"),
    ("send_message", {"content": None}, "invalid", "content"),
    ("send_message", {"content": ""}, "required", "content"),
    ("send_message", {"content": " \n "}, "required", "content"),
    ("send_message", {"content": "a\u0000b"}, "invalid", "content"),
    ("send_message", {"content": "x" * 4097}, "too_long", "content"),
    ("send_message", {"content": "x", "client_ref": "r" * 65}, "too_long", "client_ref"),
    ("send_message", {"content": "x", "client_ref": 1}, "invalid", "client_ref"),
    ("send_message", {"content": "x", "reply_to": "no id"}, "invalid", "reply_to"),
    ("edit_message", {"content": "x"}, "required", "message_group_id"),
    ("edit_message", {"message_group_id": "x", "content": "x"}, "invalid", "message_group_id"),
    ("delete_message", {"message_group_id": 7}, "invalid", "message_group_id"),
    ("read_conversation", {"seq": -1}, "invalid", "seq"),
    ("read_conversation", {"seq": "1"}, "invalid", "seq"),
    ("read_conversation", {"seq": 10**30}, "invalid", "seq"),
    ("change_alias", {}, "required", "alias"),
    ("change_alias", {"alias": "x" * 101}, "too_long", "alias"),
    ("change_alias", {"alias": ["x"]}, "invalid", "alias"),
    ("modify_conversation", {}, "required", "new_members"),
    ("modify_conversation", {"new_members": "x"}, "invalid", "new_members"),
    ("modify_conversation", {"new_members": ["x"]}, "invalid", "new_members"),
    ("modify_conversation", {"new_members": [str(uuid4())] * 501}, "too_long", "new_members"),
    ("modify_conversation", {"new_members": [str(uuid4())]}, "not_found", "user_ids"),
    ("send_message", [], "invalid", None),
    ("send_message", "content", "invalid", None),
    ("start_typing", 7, "invalid", None),
    ("dance", {}, "unknown_event", None),
]


@pytest.fixture
async def own_group(town: Town) -> str:
    return await town.start_group(town.ana)


async def test_a_payload_that_cannot_be_used_is_refused_by_name(town: Town, own_group: str) -> None:
    topic = f"conversation:{own_group}"
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        for event, payload, reason, attr in REFUSED_PAYLOADS:
            refused = await ana.refused(topic, event, payload)
            assert (refused["reason"], refused.get("attr")) == (reason, attr), (event, payload)
            assert refused["detail"]
        assert [frame for frame in await ana.settle() if frame[1] is None] == []


async def test_keys_that_nobody_knows_are_passed_over(town: Town, own_group: str) -> None:
    topic = f"conversation:{own_group}"
    async with talk(town, town.ana) as ana:
        await ana.join(topic, {"color": "red"})
        payload = {"content": "hi", "color": "red", "attachments": []}
        reply = await ana.done(topic, "send_message", payload)
    assert reply["message"]["content"] == "hi"


async def test_pushes_of_one_topic_are_served_in_order(town: Town, own_group: str) -> None:
    topic = f"conversation:{own_group}"
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        for number in range(20):
            await ana.say("1", f"m{number}", topic, "send_message", {"content": str(number)})
        seqs = [(await ana.reply(f"m{number}"))[1]["message"]["seq"] for number in range(20)]
    assert seqs == list(range(2, 22))


async def test_nothing_is_lost_or_doubled_between_the_join_and_what_follows(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    async with talk(town, town.bea) as bea:
        await bea.join(topic)
        for _ in range(5):
            writing = asyncio.create_task(_write(bea, topic, 10))
            async with talk(town, town.ana) as ana:
                shown = await ana.join(topic)
                await writing
                heard = [frame for frame in await ana.settle() if frame[3] == "new_message"]
            head: int = shown["conversation"]["head_seq"]
            last = (await bea.done(topic, "send_message", {"content": "."}))["message"]["seq"]
            assert [frame[4]["seq"] for frame in heard] == list(range(head + 1, last))


async def _write(person: Talk, topic: str, count: int) -> None:
    for _ in range(count):
        await person.done(topic, "send_message", {"content": "."})
