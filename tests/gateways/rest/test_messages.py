"""Messages over HTTP: sending, reading back, editing, deleting."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.gateways.rest.conftest import Town, body, refusal
from tests.gateways.rest.contract import MESSAGE_KEYS, USER_KEYS


async def test_a_message_sent_is_answered_whole(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    first = await town.ana.http.post(
        f"/api/conversations/{chat['id']}/messages",
        json={"content": "Hello, Bea", "client_ref": "a-1"},
    )
    message = body(first)
    assert set(message) == MESSAGE_KEYS
    assert message["id"] == message["message_group"]
    assert message["conversation_id"] == chat["id"]
    assert message["sender"] == town.ana.id
    assert (message["content"], message["client_ref"]) == ("Hello, Bea", "a-1")
    assert (message["seq"], message["changed_seq"]) == (2, 2)
    assert (message["reactions"], message["attachments"]) == ([], [])
    assert (message["reply_to"], message["forwarded_from"]) == (None, None)
    assert (message["edited"], message["is_deleted"]) == (False, False)
    assert message["inserted_at"].endswith("Z")
    assert len(message["inserted_at"]) == len("2026-01-01T00:00:00.000Z")


async def test_a_message_sent_twice_with_one_client_ref_is_one(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    path = f"/api/conversations/{chat['id']}/messages"
    first = body(await town.ana.http.post(path, json={"content": "Hi", "client_ref": "a-1"}))
    again = body(await town.ana.http.post(path, json={"content": "Hi", "client_ref": "a-1"}))
    assert again == first


async def test_a_client_ref_of_another_conversation_is_taken(town: Town) -> None:
    chats = [await town.private(town.ana, other) for other in (town.bea, town.caro)]
    one, other = (f"/api/conversations/{chat['id']}/messages" for chat in chats)
    body(await town.ana.http.post(one, json={"content": "Hi", "client_ref": "a-1"}))
    answer = await town.ana.http.post(other, json={"content": "Hi", "client_ref": "a-1"})
    assert refusal(answer) == (409, "client_ref_taken", "client_ref")


async def test_a_reply_names_what_it_answers(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    question = await town.say(town.ana, chat, "Tea?")
    answer = await town.bea.http.post(
        f"/api/conversations/{chat['id']}/messages",
        json={"content": "Yes", "reply_to": question["id"]},
    )
    assert body(answer)["reply_to"] == question["id"]


async def test_a_reply_to_nothing_is_refused(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    answer = await town.ana.http.post(
        f"/api/conversations/{chat['id']}/messages",
        json={"content": "Yes", "reply_to": str(uuid4())},
    )
    assert refusal(answer)[::2] == (400, "reply_to")


async def test_history_comes_newest_first_with_its_senders(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    for person, text in ((town.ana, "one"), (town.bea, "two"), (town.ana, "three")):
        await town.say(person, chat, text)
    page = body(await town.bea.http.get("/api/messages", params={"conversation_id": chat["id"]}))
    assert set(page) == {"items", "page_token", "users"}
    assert [message["content"] for message in page["items"]] == ["three", "two", "one"]
    assert all(set(message) == MESSAGE_KEYS for message in page["items"])
    assert {user["id"] for user in page["users"]} == {town.ana.id, town.bea.id}
    assert all(set(user) == USER_KEYS for user in page["users"])
    assert page["page_token"] is None


@pytest.mark.parametrize(
    ("sort", "texts"),
    [("desc", ["5", "4", "3", "2", "1"]), ("asc", ["1", "2", "3", "4", "5"])],
    ids=["from the newest", "from the oldest"],
)
async def test_history_is_paged_without_loss_or_repeat(
    town: Town, sort: str, texts: list[str]
) -> None:
    chat = await town.private(town.ana, town.bea)
    for number in range(1, 6):
        await town.say(town.ana, chat, str(number))
    params = {"conversation_id": chat["id"], "page_size": "2", "sort": sort}
    pages = [body(await town.bea.http.get("/api/messages", params=params))]
    while pages[-1]["page_token"]:
        next_page = {**params, "page_token": pages[-1]["page_token"]}
        pages.append(body(await town.bea.http.get("/api/messages", params=next_page)))
    assert [len(page["items"]) for page in pages] == [2, 2, 1]
    assert [message["content"] for page in pages for message in page["items"]] == texts


async def test_an_empty_page_token_is_the_first_page(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    await town.say(town.ana, chat, "hello")
    params = {"conversation_id": chat["id"], "page_token": ""}
    assert len(body(await town.ana.http.get("/api/messages", params=params))["items"]) == 1


async def test_an_edited_message_says_so(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    message = await town.say(town.ana, chat, "helo")
    answer = await town.ana.http.patch(f"/api/messages/{message['id']}", json={"content": "hello"})
    edited = body(answer)
    assert set(edited) == MESSAGE_KEYS
    assert (edited["content"], edited["edited"]) == ("hello", True)
    assert (edited["seq"], edited["changed_seq"]) == (2, 3)


async def test_a_deleted_message_stays_as_a_tombstone(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    message = await town.say(town.ana, chat, "oops")
    answer = await town.ana.http.delete(f"/api/messages/{message['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    page = body(await town.bea.http.get("/api/messages", params={"conversation_id": chat["id"]}))
    (tombstone,) = page["items"]
    assert (tombstone["content"], tombstone["is_deleted"]) == ("", True)


async def test_a_deleted_message_cannot_be_edited(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    message = await town.say(town.ana, chat, "oops")
    await town.ana.http.delete(f"/api/messages/{message['id']}")
    answer = await town.ana.http.patch(f"/api/messages/{message['id']}", json={"content": "x"})
    assert refusal(answer) == (409, "message_deleted", None)


async def test_only_the_author_edits(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    message = await town.say(town.ana, chat, "mine")
    answer = await town.bea.http.patch(f"/api/messages/{message['id']}", json={"content": "x"})
    assert refusal(answer) == (403, "permission_denied", None)


async def test_a_groups_owner_deletes_what_others_wrote(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    message = await town.say(town.bea, group, "spam")
    assert (await town.ana.http.delete(f"/api/messages/{message['id']}")).status_code == 204


async def test_a_message_of_others_is_not_there(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    message = await town.say(town.ana, chat, "between us")
    caro = town.caro.http
    params = {"conversation_id": chat["id"]}
    answers = [
        await caro.get("/api/messages", params=params),
        await caro.post(f"/api/conversations/{chat['id']}/messages", json={"content": "hi"}),
        await caro.patch(f"/api/messages/{message['id']}", json={"content": "x"}),
        await caro.delete(f"/api/messages/{message['id']}"),
        await caro.delete(f"/api/messages/{uuid4()}"),
    ]
    assert {refusal(answer) for answer in answers} == {(404, "not_found", None)}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param("", "required", id="nothing"),
        pytest.param(" \n ", "required", id="only space"),
        pytest.param("x" * 4097, "too_long", id="too long"),
        pytest.param("a\x00b", "invalid", id="a NUL"),
    ],
)
async def test_a_text_that_is_none_is_refused_and_nothing_is_sent(
    town: Town, content: str, code: str
) -> None:
    chat = await town.private(town.ana, town.bea)
    path = f"/api/conversations/{chat['id']}/messages"
    answer = await town.ana.http.post(path, json={"content": content})
    assert refusal(answer) == (400, code, "content")
    page = body(await town.ana.http.get("/api/messages", params={"conversation_id": chat["id"]}))
    assert page["items"] == []


async def test_any_language_and_any_emoji_comes_back_as_it_was(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    text = "¡Olé! שלום مرحبا 你好 👩‍👩‍👧‍👦 e\u0301 \u202eback\u202c\tend"
    assert (await town.say(town.ana, chat, text))["content"] == text


async def test_a_message_names_whom_it_mentions_and_may_be_silent(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    sent = await town.ana.http.post(
        f"/api/conversations/{chat['id']}/messages",
        json={"content": "@BEA and @caro", "silent": True},
    )
    message = body(sent)
    assert (message["mentions"], message["mentions_all"]) == ([town.bea.id], False)
    assert message["silent"] is True
    chats = body(await town.bea.http.get("/api/conversations"))
    assert chats["items"][0]["mentions"] == 1


async def test_files_that_were_not_handed_in_are_refused(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    path = f"/api/conversations/{chat['id']}/messages"
    for ids in ([str(uuid4())], [str(uuid4())] * 2, [str(uuid4()) for _ in range(11)], ["x"]):
        answer = await town.ana.http.post(path, json={"attachments": ids})
        status, _, attr = refusal(answer)
        assert (status, (attr or "").partition(".")[0]) == (400, "attachments")
