"""Talking on the light pages, without any script."""

from __future__ import annotations

import pytest

from tests.gateways.conftest import Town
from tests.gateways.pages.lite.reading import browsing

MAX_PAGE_BYTES = 30_000
NASTY = '<script>alert(1)</script> & "quotes" \' </textarea>'


async def _chat(town: Town, conversation_id: str) -> str:
    found = await town.call(town.ana, "GET", f"/api/conversations/{conversation_id}")
    return f"/lite/chats/{found['number']}"


async def test_a_room_is_found_joined_and_talked_in(town: Town) -> None:
    room = await town.start_room(town.ana, alias="Old films")
    async with browsing(town, town.bea) as browser:
        directory = await browser.open("/lite/rooms?q=films&topic=cinema&sort=new")
        assert "Old films" in directory.answer.text
        chat = await browser.send(directory, f"/lite/rooms/{room}/join")
        assert chat.title == "Old films"
        said = await browser.send(chat, chat.path, text="Good evening")
        assert said.messages == ["Good evening"]
        assert (await browser.open("/lite")).text_of("//a[@class='row']//b") == "Old films"
        asked = await browser.open(f"{chat.path}/leave")
        left = await browser.send(asked, f"{chat.path}/leave")
        assert left.answer.status_code == 200
        assert (await browser.open(chat.path)).answer.status_code == 404


async def test_a_message_is_edited_reacted_to_answered_and_deleted(town: Town) -> None:
    room = await town.start_room(town.ana, town.bea)
    chat = await _chat(town, room)
    async with browsing(town, town.ana) as ana, browsing(town, town.bea) as bea:
        await ana.send(await ana.open(chat), chat, text="helo")
        (link,) = (await ana.open(chat)).all("//ol//p[@class='acts']/a[last()]/@href")
        one = await ana.open(link)
        await ana.send(one, f"{link}/edit", text="hello")
        theirs = await bea.open(link)
        assert theirs.all("//form/@action") == [f"{link}/react"]
        await bea.send(theirs, f"{link}/react", emoji="👍")
        page = await ana.open(chat)
        assert page.messages == ["hello"]
        assert "👍 1" in page.text_of("//p[@class='chips']")
        (answer,) = page.all("//ol//p[@class='acts']/a[1]/@href")
        await ana.send(await ana.open(answer.partition("#")[0]), chat, text="hello again")
        assert "hello" in (await ana.open(chat)).text_of("//blockquote")
        await ana.send(await ana.open(link), f"{link}/delete")
        assert (await bea.open(chat)).messages == ["Message deleted", "hello again"]


async def test_the_same_form_sent_twice_is_one_message(town: Town) -> None:
    chat = await _chat(town, await town.start_room(town.ana))
    async with browsing(town, town.ana) as browser:
        page = await browser.open(chat)
        for _ in range(2):
            await browser.send(page, chat, text="Once")
        assert (await browser.open(chat)).messages == ["Once"]


async def test_a_send_that_is_refused_keeps_what_was_typed(town: Town) -> None:
    chat = await _chat(town, await town.start_room(town.ana))
    async with browsing(town, town.ana) as browser:
        page = await browser.open(chat)
        long = "x" * 20_000
        refused = await browser.send(page, chat, text=long)
        assert refused.answer.status_code == 400
        assert refused.refusal
        assert refused.text_of("//textarea[@name='text']") == long


async def test_what_people_write_is_text_and_nothing_else(town: Town) -> None:
    room = await town.start_room(town.ana, alias="A <b>bold</b> room")
    chat = await _chat(town, room)
    await town.call(town.ana, "PATCH", "/api/me", {"display_name": "<i>Ana</i>"})
    await town.send(town.ana, room, NASTY)
    async with browsing(town, town.ana) as browser:
        for path in (chat, "/lite", "/lite/rooms", f"{chat}/members", "/lite/settings"):
            page = await browser.open(path)
            assert page.answer.status_code == 200
            assert page.tree.xpath("//script[not(@src)]") == []
            assert page.tree.xpath("//i[text()='Ana'] | //b[text()='bold']") == []
        assert (await browser.open(chat)).messages == [NASTY]


@pytest.mark.parametrize("count", [0, 60])
async def test_a_page_is_small_and_of_one_piece(town: Town, count: int) -> None:
    room = await town.start_room(town.ana, town.bea)
    chat = await _chat(town, room)
    await town.call(town.bea, "PATCH", "/api/me", {"display_name": "Beatriz de " * 4 + "Haro"})
    for number in range(count):
        await town.send(town.bea, room, f"Message {number} " + "word " * 30)
    async with browsing(town, town.ana) as browser:
        for path in (chat, "/lite", "/lite/rooms", "/lite/new", "/lite/settings"):
            page = await browser.open(path)
            ids = page.all("//@id")
            assert len(ids) == len(set(ids)), path
            named = page.all("//label/@for")
            fields = page.all("//input[not(@type='hidden')]/@id | //select/@id | //textarea/@id")
            assert set(fields) <= set(named), path
            total = len(page.answer.content)
            for href in page.all("//link[@rel='stylesheet']/@href | //script/@src"):
                headers = {"accept-encoding": "br, gzip"}
                async with browser.http.stream("GET", href, headers=headers) as answer:
                    total += sum([len(chunk) async for chunk in answer.aiter_raw()])
            assert total < MAX_PAGE_BYTES, (path, total)


async def test_older_messages_are_behind_a_link(town: Town) -> None:
    room = await town.start_room(town.ana)
    for number in range(60):
        await town.send(town.ana, room, f"Message {number}")
    async with browsing(town, town.ana) as browser:
        page = await browser.open(await _chat(town, room))
        seen = page.messages
        while older := page.all("//a[text()='Older messages']/@href"):
            page = await browser.open(older[0].partition("#")[0])
            seen = page.messages + seen
    assert seen == [f"Message {number}" for number in range(60)]


async def test_what_is_encrypted_is_shown_closed(town: Town) -> None:
    body = {"kind": "group", "alias": "Secret", "user_ids": [], "encrypted": True}
    secret = (await town.call(town.ana, "POST", "/api/conversations", body))["id"]
    async with browsing(town, town.ana) as browser:
        assert "🔒" in (await browser.open("/lite")).text_of("//a[@class='row']")
        page = await browser.open(await _chat(town, secret))
        assert page.answer.status_code == 409
        assert "encrypted" in page.text_of("//main")
        assert page.tree.xpath("//textarea") == []


async def test_chats_are_begun(town: Town) -> None:
    async with browsing(town, town.ana) as browser:
        found = await browser.open("/lite/new?q=bea")
        (person,) = found.all("//li[contains(., 'Bea')]//button[@name='user_id']/@value")
        chat = await browser.send(found, "/lite/new", user_id=person)
        assert chat.title == "Bea"
        page = await browser.open("/lite/new/room")
        room = await browser.send(page, "/lite/new/room", alias="Birds", topic="general")
        assert room.title == "Birds"


async def test_who_is_not_in_it_finds_no_page_and_changes_nothing(town: Town) -> None:
    room = await town.start_room(town.ana)
    sent = await town.send(town.ana, room, "Ours")
    chat = await _chat(town, room)
    async with browsing(town, town.caro) as caro:
        own = await caro.open("/lite/settings")
        token = own.all("//input[@name='csrftoken']/@value")[0]
        for path in (chat, f"{chat}/list", f"{chat}/members", f"{chat}/{sent['seq']}"):
            assert (await caro.open(path)).answer.status_code == 404
        for action in ("", "/1/edit", f"/{sent['seq']}/react", f"/{sent['seq']}/delete"):
            form = {"csrftoken": token, "text": "Mine", "emoji": "👍", "client_ref": "a"}
            answer = await caro.http.post(chat + action, data=form)
            assert answer.status_code == 404, action
    history = await town.call(town.ana, "GET", f"/api/messages?conversation_id={room}")
    assert [each["content"] for each in history["items"]] == ["Ours"]
