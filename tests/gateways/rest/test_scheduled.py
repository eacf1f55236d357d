"""Scheduled messages over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.gateways.rest.conftest import body, refusal
from tests.gateways.rest.contract import MESSAGE_KEYS

if TYPE_CHECKING:
    from tests.gateways.rest.conftest import Json, Town

KEYS = {
    "id",
    "conversation_id",
    "content",
    "send_at",
    "reply_to",
    "attachments",
    "silent",
    "failure",
}


def at(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


async def schedule(town: Town, chat: Json, **changes: Any) -> Json:
    usual = {"content": "Good morning", "send_at": at(1)}
    path = f"/api/conversations/{chat['id']}/scheduled"
    return body(await town.ana.http.post(path, json={**usual, **changes}))


async def test_a_message_waits_and_is_listed_for_its_author_alone(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    question = await town.say(town.bea, chat, "When?")
    waiting = await schedule(town, chat, reply_to=question["id"], silent=True)
    assert set(waiting) == KEYS
    assert (waiting["content"], waiting["conversation_id"]) == ("Good morning", chat["id"])
    assert (waiting["reply_to"], waiting["silent"]) == (question["id"], True)
    assert (waiting["attachments"], waiting["failure"]) == ([], None)
    assert waiting["send_at"].endswith("Z")
    everywhere = body(await town.ana.http.get("/api/scheduled"))
    here = body(await town.ana.http.get(f"/api/scheduled?conversation_id={chat['id']}"))
    elsewhere = body(await town.ana.http.get(f"/api/scheduled?conversation_id={uuid4()}"))
    assert (everywhere, here, elsewhere) == (
        {"items": [waiting]},
        {"items": [waiting]},
        {"items": []},
    )
    assert body(await town.bea.http.get("/api/scheduled")) == {"items": []}


async def test_it_is_changed_sent_and_cancelled(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    waiting = await schedule(town, chat)
    path = f"/api/scheduled/{waiting['id']}"
    changed = body(await town.ana.http.patch(path, json={"content": "Good evening"}))
    assert changed == {**waiting, "content": "Good evening"}
    sent = body(await town.ana.http.post(path + "/send"))
    assert set(sent) == MESSAGE_KEYS
    assert sent["content"] == "Good evening"
    other = await schedule(town, chat)
    path = f"/api/scheduled/{other['id']}"
    assert (await town.ana.http.delete(path)).status_code == 204
    for answer in (
        await town.ana.http.delete(path),
        await town.ana.http.post(path + "/send"),
        await town.ana.http.patch(path, json={"content": "Good evening"}),
    ):
        assert refusal(answer)[:2] == (404, "not_found")


@pytest.mark.parametrize(
    ("change", "attr"),
    [
        ({"content": ""}, "content"),
        ({"content": "a\x00b"}, "content"),
        ({"send_at": "2020-01-01T00:00:00Z"}, "send_at"),
        ({"send_at": "9999-12-31T23:59:59-12:00"}, "send_at"),
        ({"send_at": "0001-01-01T00:00:00+12:00"}, "send_at"),
        ({"send_at": "2030-01-01T00:00:00"}, "send_at"),
        ({"send_at": 5}, "send_at"),
        ({"reply_to": str(uuid4())}, "reply_to"),
        ({"attachments": [str(uuid4())]}, "attachments"),
    ],
)
async def test_what_could_not_be_sent_is_refused_by_name(
    town: Town, change: dict[str, object], attr: str
) -> None:
    chat = await town.private(town.ana, town.bea)
    usual = {"content": "Good morning", "send_at": at(1)}
    path = f"/api/conversations/{chat['id']}/scheduled"
    answer = await town.ana.http.post(path, json={**usual, **change})
    assert refusal(answer)[::2] == (400, attr)


async def test_nobody_schedules_where_they_are_not(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    answer = await town.caro.http.post(
        f"/api/conversations/{chat['id']}/scheduled",
        json={"content": "Hello", "send_at": at(1)},
    )
    assert refusal(answer)[:2] == (404, "not_found")
