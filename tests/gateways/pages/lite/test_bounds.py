"""What may be done how often and how large on the light pages: as much as anywhere else."""

from __future__ import annotations

import asyncio
from time import monotonic

from tests.gateways.conftest import OpenTown, Town
from tests.gateways.pages.lite.reading import Browser, Page, browsing


async def _chat(town: Town, **settings: object) -> tuple[str, str]:
    """Have Ana open a room that Bea is in; return its id and its page."""
    room = await town.start_room(town.ana, town.bea)
    if settings:
        await town.call(town.ana, "PATCH", f"/api/conversations/{room}", settings)
    number = (await town.call(town.ana, "GET", f"/api/conversations/{room}"))["number"]
    return room, f"/lite/chats/{number}"


async def _said(town: Town, room: str) -> list[str]:
    history = await town.call(town.ana, "GET", f"/api/messages?conversation_id={room}")
    return [each["content"] for each in history["items"]]


def _assert_told_to_wait(page: Page, text: str) -> None:
    assert page.answer.status_code == 429
    assert int(page.answer.headers["retry-after"]) >= 1
    assert page.refusal
    assert page.text_of("//textarea[@name='text']") == text


async def test_an_account_sends_so_many_messages_on_pages_and_elsewhere_together(
    open_town: OpenTown,
) -> None:
    async with open_town(LIMITS_SCALE="1", PUSH_BURST="3", PUSHES_PER_S="1") as town:
        room, chat = await _chat(town)
        async with browsing(town, town.bea) as browser, town.http(town.bea) as http:
            page = await browser.open(chat)
            path = f"/api/conversations/{room}/messages"
            began_s = monotonic()
            answers = await asyncio.gather(
                *(browser.http.post(chat, data=_form(page, "Here")) for _ in range(10)),
                *(http.post(path, json={"content": "Elsewhere"}) for _ in range(10)),
            )
            passed_s = monotonic() - began_s
        taken = [each for each in answers if each.is_success]
        assert {each.status_code for each in answers if not each.is_success} == {429}
        assert len(await _said(town, room)) == len(taken) <= 3 + passed_s + 1


async def test_who_writes_too_soon_in_a_slow_room_keeps_the_text(town: Town) -> None:
    room, chat = await _chat(town, slow_mode_s=60)
    async with browsing(town, town.bea) as browser:
        page = await browser.send(await browser.open(chat), chat, text="First")
        _assert_told_to_wait(await browser.send(page, chat, text="Second"), "Second")
    assert await _said(town, room) == ["First"]


async def test_who_guesses_a_password_is_slowed_down(open_town: OpenTown) -> None:
    async with open_town(LIMITS_SCALE="1") as town, browsing(town) as browser:
        page = await browser.open("/lite/signin")
        for _ in range(8):
            page = await browser.send(page, "/lite/signin", name="ana", password="a wrong one")
            if page.answer.status_code == 429:
                break
        assert page.answer.status_code == 429
        assert int(page.answer.headers["retry-after"]) >= 1
        assert page.all("//input[@name='name']/@value") == ["ana"]


async def test_a_form_that_is_too_large_does_nothing(open_town: OpenTown) -> None:
    async with open_town(MAX_REQUEST_BYTES="20000") as town:
        room, chat = await _chat(town)
        async with browsing(town, town.bea) as browser:
            refused = await browser.send(await browser.open(chat), chat, text="x" * 30_000)
            assert refused.answer.status_code == 413
            assert refused.refusal
        assert await _said(town, room) == []


async def test_a_file_that_is_too_large_is_not_sent(open_town: OpenTown) -> None:
    async with open_town(MAX_UPLOAD_BYTES="20000") as town:
        room, chat = await _chat(town)
        async with browsing(town, town.bea) as browser:
            for size in (30_000, 10_000_000):
                refused = await _bring(browser, chat, b"x" * size)
                assert refused.answer.status_code == 400
                assert refused.refusal
        assert await _said(town, room) == []


async def test_a_place_that_no_chat_can_have_is_refused(town: Town) -> None:
    _, chat = await _chat(town)
    async with browsing(town, town.bea) as browser:
        for name in ("before", "after", "at", "reply"):
            for text in ("x", "-1", "²", str(2**53 + 1), "9" * 40, "0" * 20 + "9" * 20):
                answer = (await browser.open(f"{chat}?{name}={text}")).answer
                assert answer.status_code == 400, (name, text)


async def _bring(browser: Browser, chat: str, content: bytes) -> Page:
    page = await browser.open(f"{chat}/file")
    files = {"file": ("notes.txt", content)}
    return Page(await browser.http.post(f"{chat}/file", data=_form(page, "Notes"), files=files))


def _form(page: Page, text: str) -> dict[str, str]:
    *_, form = page.tree.xpath("//form[@method='post']")
    filled = {name: value or "" for name, value in form.form_values()}
    # Without a `client_ref` every sending is a message of its own.
    return {**filled, "client_ref": "", "text": text}
