"""`conversation:{id}`: what members do, and what everyone hears of it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.gateways.conftest import Town
from tests.gateways.phoenix.talk import talk


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


async def test_a_client_ref_of_another_conversation_is_taken(town: Town) -> None:
    one, other = [f"conversation:{await town.start_group(town.ana)}" for _ in range(2)]
    async with talk(town, town.ana) as ana:
        for topic in (one, other):
            await ana.join(topic)
        said = {"content": "once", "client_ref": "r"}
        await ana.done(one, "send_message", said)
        refused = await ana.refused(other, "send_message", said)
    assert (refused["reason"], refused["attr"]) == ("client_ref_taken", "client_ref")


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


async def test_pushes_of_one_topic_are_served_in_order(town: Town) -> None:
    topic = f"conversation:{await town.start_group(town.ana)}"
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        for number in range(20):
            await ana.say("1", f"m{number}", topic, "send_message", {"content": str(number)})
        seqs = [(await ana.reply(f"m{number}"))[1]["message"]["seq"] for number in range(20)]
    assert seqs == list(range(2, 22))
