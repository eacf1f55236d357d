"""Conversations over HTTP: beginning, listing, changing, reading, catching up, ending."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tertulia.core.presence_events import TypingStarted, TypingStopped
from tests.gateways.rest.conftest import Json, Town, body, brief, refusal
from tests.gateways.rest.contract import (
    CONVERSATION_KEYS,
    KEYED_CHANGES_KEYS,
    MEMBER_KEYS,
    MESSAGE_KEYS,
    OWN_CONVERSATION_KEYS,
    USER_KEYS,
)


async def test_a_private_chat_names_the_other_one(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    assert set(chat) == OWN_CONVERSATION_KEYS
    assert (chat["kind"], chat["private"], chat["alias"]) == ("private", True, None)
    assert chat["peer"]["id"] == town.bea.id
    assert set(chat["peer"]) == USER_KEYS
    assert (chat["head_seq"], chat["read_seq"], chat["unread"]) == (1, 1, 0)
    assert (chat["member_count"], chat["role"], chat["last_message"]) == (2, "member", None)
    assert chat["others_read_seq"] == 0
    assert chat["encrypted"] is False


async def test_a_private_chat_is_begun_once_by_either(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    again = await town.private(town.bea, town.ana)
    assert again["id"] == chat["id"]
    assert again["peer"]["id"] == town.ana.id


async def test_a_group_belongs_to_its_founder(town: Town) -> None:
    group = await town.group(town.ana, town.bea, town.caro, alias="Book club")
    assert set(group) == OWN_CONVERSATION_KEYS
    assert (group["kind"], group["alias"], group["role"]) == ("group", "Book club", "owner")
    assert (group["member_count"], group["peer"], group["private"]) == (3, None, False)


async def test_a_room_is_listed_under_its_topic(town: Town) -> None:
    room = {
        "kind": "room",
        "alias": "Night owls",
        "name": "Owls",
        "topic": "music",
        "description": "After midnight.",
    }
    said = body(await town.ana.http.post("/api/conversations", json=room))
    assert set(said) == OWN_CONVERSATION_KEYS
    assert {key: said[key] for key in ("alias", "name", "topic", "description")} == {
        "alias": "Night owls",
        "name": "owls",
        "topic": "music",
        "description": "After midnight.",
    }
    assert (said["others_read_seq"], said["role"], said["member_count"]) == (0, "owner", 1)


async def test_a_rooms_short_name_is_derived_where_none_is_given(town: Town) -> None:
    assert (await town.room(town.ana, "Café Olé"))["name"].startswith("cafe-ole-")


SOMEBODY = "01900000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("asked", "attr"),
    [
        ({}, "kind"),
        ({"kind": "party"}, "kind"),
        ({"kind": "private"}, "user_ids"),
        ({"kind": "private", "user_ids": []}, "user_ids"),
        ({"kind": "private", "user_ids": [SOMEBODY]}, "user_ids"),
        ({"kind": "private", "user_ids": [SOMEBODY, SOMEBODY]}, "user_ids"),
        ({"kind": "private", "user_ids": "bea"}, "user_ids"),
        ({"kind": "private", "user_ids": ["bea"]}, "user_ids.0"),
        ({"kind": "private", "user_ids": [None]}, "user_ids.0"),
        ({"kind": "group"}, "alias"),
        ({"kind": "group", "alias": ""}, "alias"),
        ({"kind": "group", "alias": "x" * 101}, "alias"),
        ({"kind": "group", "alias": "a\x07b"}, "alias"),
        ({"kind": "group", "alias": 5}, "alias"),
        ({"kind": "group", "alias": "Club", "user_ids": [SOMEBODY]}, "user_ids"),
        ({"kind": "group", "alias": "Club", "user_ids": [SOMEBODY] * 1001}, "user_ids"),
        ({"kind": "group", "alias": "Club", "encrypted": "yes"}, "encrypted"),
        ({"kind": "room", "topic": "music"}, "alias"),
        ({"kind": "room", "alias": "Owls"}, "topic"),
        ({"kind": "room", "alias": "Owls", "topic": "weather"}, "topic"),
        ({"kind": "room", "alias": "Owls", "topic": "music", "name": "a b"}, "name"),
        (
            {"kind": "room", "alias": "Owls", "topic": "music", "description": "x" * 501},
            "description",
        ),
    ],
    ids=brief,
)
async def test_a_conversation_that_cannot_be_is_refused(town: Town, asked: Json, attr: str) -> None:
    answer = await town.ana.http.post("/api/conversations", json=asked)
    assert refusal(answer)[::2] == (400, attr)
    assert body(await town.ana.http.get("/api/conversations"))["items"] == []


async def test_nobody_chats_with_themselves(town: Town) -> None:
    asked = {"kind": "private", "user_ids": [town.ana.id]}
    answer = await town.ana.http.post("/api/conversations", json=asked)
    assert refusal(answer)[::2] == (400, "user_ids")


async def test_a_taken_room_name_is_refused(town: Town) -> None:
    room = {"kind": "room", "alias": "Owls", "topic": "music", "name": "owls"}
    body(await town.ana.http.post("/api/conversations", json=room))
    answer = await town.bea.http.post("/api/conversations", json=room)
    assert refusal(answer) == (400, "taken", "name")


async def test_the_latest_active_conversation_comes_first(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    group = await town.group(town.ana, town.bea)
    await town.say(town.bea, chat, "over here")
    page = body(await town.ana.http.get("/api/conversations"))
    assert set(page) == {"items", "page_token"}
    assert [each["id"] for each in page["items"]] == [chat["id"], group["id"]]
    first = page["items"][0]
    assert set(first) == OWN_CONVERSATION_KEYS
    assert set(first["last_message"]) == MESSAGE_KEYS
    assert (first["unread"], first["last_message"]["content"]) == (1, "over here")


async def test_conversations_come_in_pages(town: Town) -> None:
    ids = [(await town.group(town.ana, alias=str(number)))["id"] for number in range(3)]
    first = body(await town.ana.http.get("/api/conversations", params={"page_size": 2}))
    params = {"page_size": 2, "page_token": first["page_token"]}
    second = body(await town.ana.http.get("/api/conversations", params=params))
    assert [each["id"] for each in first["items"] + second["items"]] == ids[::-1]
    assert second["page_token"] is None


async def test_a_conversation_is_shown_to_its_members_only(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    seen = body(await town.bea.http.get(f"/api/conversations/{group['id']}"))
    assert (seen["id"], seen["role"]) == (group["id"], "member")
    caro = town.caro.http
    here = f"/api/conversations/{group['id']}"
    answers = [
        await caro.get(here),
        await caro.patch(here, json={"alias": "Mine"}),
        await caro.delete(here),
        await caro.get(f"{here}/changes", params={"since": 0}),
        await caro.post(f"{here}/read"),
        await caro.post(f"{here}/typing", json={"typing": True}),
        await caro.post(f"{here}/join"),
        await caro.post(f"{here}/leave"),
        await caro.get(f"{here}/members"),
        await caro.post(f"{here}/members", json={"user_ids": [town.caro.id]}),
        await caro.delete(f"{here}/members/{town.bea.id}"),
        await caro.patch(f"{here}/members/{town.bea.id}", json={"role": "admin"}),
    ]
    assert {refusal(answer) for answer in answers} == {(404, "not_found", None)}
    assert not any(isinstance(event, TypingStarted) for event in town.published)


@pytest.mark.parametrize("odd", ["undefined", "1", "x" * 300, "..%2f..%2fetc", "%00"])
async def test_an_id_that_is_none_is_not_found(town: Town, odd: str) -> None:
    answer = await town.ana.http.get(f"/api/conversations/{odd}")
    assert refusal(answer) == (404, "not_found", None)


async def test_the_owner_renames_and_describes(town: Town) -> None:
    room = await town.room(town.ana)
    change = {"alias": "Early birds", "description": "At dawn.", "topic": "books", "name": "birds"}
    said = body(await town.ana.http.patch(f"/api/conversations/{room['id']}", json=change))
    assert set(said) == OWN_CONVERSATION_KEYS
    assert {key: said[key] for key in change} == change
    assert said["head_seq"] == 2


async def test_others_do_not_rename(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    answer = await town.bea.http.patch(f"/api/conversations/{group['id']}", json={"alias": "Mine"})
    assert refusal(answer) == (403, "permission_denied", None)


async def test_a_private_chat_has_nothing_to_change(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    here = f"/api/conversations/{chat['id']}"
    assert refusal(await town.ana.http.patch(here, json={"alias": "Us"}))[0] == 403
    assert refusal(await town.ana.http.delete(here))[0] == 403
    assert refusal(await town.ana.http.post(f"{here}/leave"))[0] == 403


async def test_the_owner_ends_a_conversation_for_everyone(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    here = f"/api/conversations/{group['id']}"
    assert refusal(await town.bea.http.delete(here))[0] == 403
    answer = await town.ana.http.delete(here)
    assert (answer.status_code, answer.content) == (204, b"")
    assert refusal(await town.bea.http.get(here))[0] == 404


async def test_the_private_chat_with_somebody_is_found(town: Town) -> None:
    path = f"/api/conversations/private/{town.bea.id}"
    assert body(await town.ana.http.get(path)) == {"conversation_id": None}
    chat = await town.private(town.ana, town.bea)
    assert body(await town.ana.http.get(path)) == {"conversation_id": chat["id"]}
    mirrored = f"/api/conversations/private/{town.ana.id}"
    assert body(await town.bea.http.get(mirrored)) == {"conversation_id": chat["id"]}


@pytest.mark.parametrize("odd", ["undefined", "null", "7", "%00"])
async def test_nobody_has_a_private_chat_with_an_id_that_is_none(town: Town, odd: str) -> None:
    answer = await town.ana.http.get(f"/api/conversations/private/{odd}")
    assert body(answer) == {"conversation_id": None}


async def test_reading_moves_the_pointer_forward_only(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    for text in ("one", "two", "three"):
        await town.say(town.ana, chat, text)
    read = f"/api/conversations/{chat['id']}/read"
    bea = town.bea.http
    assert body(await bea.post(read, json={"seq": 3})) == {"read_seq": 3, "unread": 1}
    assert body(await bea.post(read, json={"seq": 2})) == {"read_seq": 3, "unread": 1}
    assert body(await bea.post(read)) == {"read_seq": 4, "unread": 0}
    seen = body(await town.ana.http.get(f"/api/conversations/{chat['id']}"))
    assert seen["others_read_seq"] == 4


@pytest.mark.parametrize("seq", [-1, 2, 2**53, 10**30, 1.5, "1", [1], True], ids=brief)
async def test_a_seq_that_is_not_there_cannot_be_read(town: Town, seq: object) -> None:
    chat = await town.private(town.ana, town.bea)
    answer = await town.ana.http.post(f"/api/conversations/{chat['id']}/read", json={"seq": seq})
    assert refusal(answer) == (400, "invalid", "seq")


async def test_typing_is_announced_and_ends(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    path = f"/api/conversations/{chat['id']}/typing"
    for typing in (True, True, False):
        answer = await town.ana.http.post(path, json={"typing": typing})
        assert (answer.status_code, answer.content) == (204, b"")
        there = body(await town.bea.http.get(path))
        assert there == {"user_ids": [town.ana.id] if typing else []}
    assert (await town.caro.http.get(path)).status_code == 404
    typed = [event for event in town.published if isinstance(event, TypingStarted | TypingStopped)]
    assert [type(event) for event in typed] == [TypingStarted, TypingStopped]


@pytest.mark.parametrize("typing", [{}, {"typing": "yes"}, {"typing": None}], ids=str)
async def test_one_types_or_not(town: Town, typing: Json) -> None:
    chat = await town.private(town.ana, town.bea)
    answer = await town.ana.http.post(f"/api/conversations/{chat['id']}/typing", json=typing)
    assert refusal(answer)[::2] == (400, "typing")


async def test_what_changed_since_is_told(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    old = await town.say(town.ana, group, "helo")
    await town.say(town.bea, group, "hi")
    await town.ana.http.patch(f"/api/messages/{old['id']}", json={"content": "hello"})
    path = f"/api/conversations/{group['id']}/changes"
    changes = body(await town.bea.http.get(path, params={"since": 2}))
    assert set(changes) == KEYED_CHANGES_KEYS
    assert set(changes["conversation"]) == CONVERSATION_KEYS
    assert (changes["since"], changes["seq"], changes["complete"]) == (2, 4, True)
    assert [(each["content"], each["changed_seq"]) for each in changes["messages"]] == [
        ("hi", 3),
        ("hello", 4),
    ]
    assert all(set(each) == MESSAGE_KEYS for each in changes["messages"])
    assert changes["members"] == []
    assert {user["id"] for user in changes["users"]} == {town.ana.id, town.bea.id}
    assert changes["read_seqs"].keys() == {town.ana.id, town.bea.id}


async def test_who_left_is_told_as_a_change(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    await town.bea.http.post(f"/api/conversations/{group['id']}/leave")
    path = f"/api/conversations/{group['id']}/changes"
    changes = body(await town.ana.http.get(path, params={"since": 1}))
    (gone,) = changes["members"]
    assert set(gone) == MEMBER_KEYS
    assert (gone["user_id"], gone["left"], gone["changed_seq"]) == (town.bea.id, True, 2)


async def test_many_changes_come_in_several_answers(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    actor = town.ana.signed_in.actor
    conversation_id = town.published[-1].conversation.id  # type: ignore[union-attr]
    for number in range(510):
        await town.core.messages.send(actor, conversation_id, str(number))
    path = f"/api/conversations/{chat['id']}/changes"
    seen: list[str] = []
    since, complete = 1, False
    while not complete:
        changes = body(await town.bea.http.get(path, params={"since": since}))
        assert len(changes["messages"]) <= 500
        seen += [message["content"] for message in changes["messages"]]
        since, complete = changes["seq"], changes["complete"]
    assert seen == [str(number) for number in range(510)]


@pytest.mark.parametrize("since", [None, "", "-1", "now", "1.5", "9" * 30], ids=str)
async def test_since_when_must_be_said(town: Town, since: str | None) -> None:
    chat = await town.private(town.ana, town.bea)
    params = {} if since is None else {"since": since}
    answer = await town.ana.http.get(f"/api/conversations/{chat['id']}/changes", params=params)
    code = "required" if since is None else "invalid"
    assert refusal(answer) == (400, code, "since")


async def test_what_is_nowhere_is_not_found(town: Town) -> None:
    answer = await town.ana.http.get(f"/api/conversations/{uuid4()}")
    assert refusal(answer) == (404, "not_found", None)
