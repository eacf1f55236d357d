"""What is said in a conversation, over real sockets: sent, edited, deleted, reacted to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.gateways.rooms.talk import place_of, visit

if TYPE_CHECKING:
    from tests.gateways.conftest import Town


@pytest.fixture
async def place(town: Town) -> str:
    """Return where ana, bea and caro talk."""
    return await place_of(town, town.ana, await town.start_room(town.ana, town.bea, town.caro))


async def test_a_message_is_heard_by_everyone_as_the_same(town: Town, place: str) -> None:
    async with visit(town, town.ana, place) as ana, visit(town, town.bea, place) as bea:
        await ana.say("chat_message", message={"text": "Hello 😀", "client_ref": "a1"})
        own, heard = await ana.hear("chat_message"), await bea.hear("chat_message")
    assert own == heard
    message = heard["message"]
    assert message["text"] == "Hello 😀"
    assert (message["user_name"], message["client_ref"]) == ("ana", "a1")
    assert f"/{message['chat']}/" in place
    assert message["is_deleted"] is False
    assert heard["timestamp"] == message["timestamp"]
    assert datetime.fromisoformat(heard["timestamp"]).tzinfo is not None


async def test_what_is_sent_over_rest_is_heard_as_well(town: Town) -> None:
    room = await town.start_room(town.ana, town.bea)
    place = await place_of(town, town.ana, room)
    async with visit(town, town.bea, place) as bea:
        sent = await town.send(town.ana, room, "From elsewhere")
        message = (await bea.hear("chat_message"))["message"]
    assert (message["id"], message["uuid"]) == (sent["seq"], sent["id"])


async def test_messages_in_a_row_keep_their_order(town: Town, place: str) -> None:
    async with visit(town, town.ana, place) as ana, visit(town, town.bea, place) as bea:
        for number in range(20):
            await ana.say("chat_message", message={"text": str(number)})
        heard = [(await bea.hear("chat_message"))["message"] for _ in range(20)]
    assert [message["text"] for message in heard] == [str(number) for number in range(20)]
    ids = [message["id"] for message in heard]
    assert ids == sorted(ids)


async def test_a_message_with_the_id_of_ones_own_edits_it(town: Town, place: str) -> None:
    async with visit(town, town.ana, place) as ana, visit(town, town.bea, place) as bea:
        sent = await ana.send("Helo")
        for said in ({"id": sent["id"]}, {"messageId": sent["id"]}):
            text = f"Hello {said}"
            await ana.say("chat_message", message={"text": text, **said})
            updated = await bea.hear("message_was_updated")
            assert (updated["id"], updated["new_text"]) == (sent["id"], text)
        await ana.say("message_was_updated", id=sent["id"], new_text="Hello")
        updated = await bea.hear("message_was_updated")
    assert updated["new_text"] == "Hello"
    assert updated["timestamp"] > sent["timestamp"]


async def test_what_another_said_is_not_edited(town: Town, place: str) -> None:
    async with visit(town, town.ana, place) as ana, visit(town, town.bea, place) as bea:
        sent = await ana.send("Mine")
        details = await bea.refused("message_was_updated", id=sent["id"], new_text="Yours")
        again = await bea.refused("chat_message", message={"text": "Yours", "id": sent["id"]})
        unheard = await ana.settle()
    assert (details["code"], details["message_id"]) == ("permission_denied", sent["id"])
    assert (again["code"], again["user_name"]) == ("permission_denied", "bea")
    assert [event["event_type"] for event in unheard] == ["connected_user"]


async def test_a_message_is_deleted_by_its_author_and_not_by_others(town: Town, place: str) -> None:
    async with visit(town, town.bea, place) as bea, visit(town, town.caro, place) as caro:
        sent = await bea.send("Oops")
        refused = await caro.refused("message_was_deleted", id=sent["id"])
        await bea.say("message_was_deleted", id=sent["id"])
        deleted = await caro.hear("message_was_deleted")
        edit = await bea.refused("message_was_updated", id=sent["id"], new_text="Back")
    assert refused["code"] == "permission_denied"
    assert deleted["id"] == sent["id"]
    assert edit["code"] == "message_deleted"


@pytest.mark.parametrize(
    ("event_type", "fields"),
    [
        ("message_was_updated", {"new_text": "Hello"}),
        ("message_was_deleted", {}),
        ("message_reaction", {"reaction": "🎉"}),
    ],
)
async def test_there_is_nothing_to_change_where_no_message_is(
    town: Town, place: str, event_type: str, fields: dict[str, Any]
) -> None:
    async with visit(town, town.ana, place) as ana:
        sent = await ana.send("One")
        # The first places in history were taken by the conversation's beginning.
        for nowhere in (1, sent["id"] + 1, 2**53 - 1):
            details = await ana.refused(event_type, id=nowhere, **fields)
            assert (details["code"], details["message_id"]) == ("not_found", nowhere)


async def test_the_same_reaction_again_takes_it_back(town: Town, place: str) -> None:
    async with visit(town, town.ana, place) as ana, visit(town, town.bea, place) as bea:
        sent = await ana.send("Party")
        # With the mark of the coloured form and without it, it is one emoji.
        for reaction in ("❤", "❤️", "❤️"):
            await bea.say("message_reaction", id=sent["id"], reaction=reaction)
        posted = await ana.hear("message_reaction_was_posted")
        deleted = await ana.hear("message_reaction_was_deleted")
        again = await ana.hear("message_reaction_was_posted")
        await ana.say("message_reaction", id=sent["id"], reaction="❤️")
        own = await ana.hear("message_reaction_was_posted")
        wrong = await bea.refused("message_reaction", id=sent["id"], reaction="party")
    for event in (posted, deleted, again):
        assert (event["id"], event["reaction"], event["user"]) == (sent["id"], "❤️", "bea")
    assert own["user"] == "ana"
    assert (wrong["code"], wrong["attr"]) == ("invalid", "reaction")


async def test_a_message_answers_another_by_its_id_or_its_uuid(town: Town, place: str) -> None:
    async with visit(town, town.ana, place) as ana:
        first = await ana.send("Question")
        second = await ana.send("Answer", reply_to=first["id"])
        third = await ana.send("Another", reply_to=first["uuid"])
        for nowhere in (1, 999, "0198c2a4-5a50-7000-8000-0000000000d1"):
            details = await ana.refused(
                "chat_message", message={"text": "?", "reply_to": nowhere, "client_ref": "r"}
            )
            assert (details["code"], details["attr"]) == ("invalid", "reply_to")
            assert details["client_ref"] == "r"
    assert second["reply_to"] == third["reply_to"] == first["uuid"]


async def test_files_are_carried_as_addresses(town: Town) -> None:
    room = await town.start_room(town.ana, town.bea)
    place = await place_of(town, town.ana, room)
    async with town.http(town.ana) as http:
        answer = await http.post(
            "/api/uploads",
            data={"conversation_id": room},
            files={"file": ("notes.txt", b"Hello", "text/plain")},
        )
    upload = answer.raise_for_status().json()
    async with visit(town, town.ana, place) as ana, visit(town, town.bea, place) as bea:
        await ana.say("chat_message", message={"text": "", "attachments": [upload["id"]]})
        message = (await bea.hear("chat_message"))["message"]
        empty = await ana.refused("chat_message", message={"text": ""})
        foreign = await bea.refused(
            "chat_message", message={"text": "x", "attachments": [upload["id"]]}
        )
    assert message["attachments"] == [upload["url"]]
    assert (empty["code"], empty["attr"]) == ("required", "text")
    assert (foreign["code"], foreign["attr"]) == ("invalid", "attachments")


async def test_a_message_sent_again_is_answered_with_the_first_one_once(
    town: Town, place: str
) -> None:
    async with visit(town, town.ana, place) as ana, visit(town, town.bea, place) as bea:
        first = await ana.send("Hello", client_ref="a1")
        await ana.say("message_was_updated", id=first["id"], new_text="Hello!")
        await ana.hear("message_was_updated")
        again = await ana.send("Hello", client_ref="a1")
        own = await ana.settle()
        theirs = await bea.settle()
    assert again == first | {"text": "Hello!"}
    assert "chat_message" not in [event["event_type"] for event in own]
    assert [event["event_type"] for event in theirs] == ["chat_message", "message_was_updated"]


async def test_a_message_sent_again_after_coming_back_is_answered_with_the_first_one_once(
    town: Town, place: str
) -> None:
    async with visit(town, town.ana, place) as ana:
        first = await ana.send("Hello", client_ref="a1")
    async with visit(town, town.ana, place) as ana:
        again = await ana.send("Hello", client_ref="a1")
        heard = await ana.settle()
        later = await ana.send("Next", client_ref="a2")
    assert again == first
    assert heard == []
    assert later["id"] > first["id"]


async def test_a_message_sent_again_from_another_tab_is_heard_once_in_each(
    town: Town, place: str
) -> None:
    async with visit(town, town.ana, place) as laptop, visit(town, town.ana, place) as phone:
        await laptop.send("Hello", client_ref="a1")
        await phone.say("chat_message", message={"text": "Hello", "client_ref": "a1"})
        await phone.hear("chat_message")
        heard = [*await laptop.settle(), *await phone.settle()]
    assert heard == []


async def test_a_client_ref_of_another_conversation_is_taken_and_the_next_message_heard_once(
    town: Town, place: str
) -> None:
    elsewhere = await town.start_room(town.ana)
    for _ in range(5):
        await town.send(town.ana, elsewhere, "Well?")
    said = {"content": "Hello", "client_ref": "a1"}
    await town.call(town.ana, "POST", f"/api/conversations/{elsewhere}/messages", said)
    async with visit(town, town.ana, place) as ana:
        details = await ana.refused("chat_message", message={"text": "Hello", "client_ref": "a1"})
        await ana.send("Next", client_ref="a2")
        heard = await ana.settle()
    assert (details["code"], details["client_ref"]) == ("client_ref_taken", "a1")
    assert heard == []


async def test_a_message_over_the_bound_is_refused_and_the_next_one_is_not(
    town: Town, place: str
) -> None:
    async with visit(town, town.ana, place) as ana:
        details = await ana.refused(
            "chat_message", message={"text": "x" * 20_000, "client_ref": "a1"}
        )
        sent = await ana.send("Shorter")
    assert (details["code"], details["attr"]) == ("too_long", "text")
    assert details["client_ref"] == "a1"
    assert sent["text"] == "Shorter"
