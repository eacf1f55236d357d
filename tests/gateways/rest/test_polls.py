"""Polls over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateways.rest.conftest import Town, body, refusal

WHEN = {"question": "When?", "options": ["Today", "Tomorrow"]}


async def test_a_poll_is_asked_voted_in_and_closed(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    sent = body(
        await town.ana.http.post(f"/api/conversations/{group['id']}/messages", json={"poll": WHEN})
    )
    path = f"/api/messages/{sent['id']}"
    assert sent["content"] == ""
    assert sent["poll"] == {
        "question": "When?",
        "options": [
            {"text": "Today", "count": 0, "user_ids": []},
            {"text": "Tomorrow", "count": 0, "user_ids": []},
        ],
        "multiple": False,
        "closed_at": None,
    }
    voted = body(await town.bea.http.post(f"{path}/votes", json={"choices": [1]}))
    assert voted["poll"]["options"][1] == {
        "text": "Tomorrow",
        "count": 1,
        "user_ids": [town.bea.id],
    }
    back = body(await town.bea.http.post(f"{path}/votes", json={"choices": []}))
    assert back["poll"] == sent["poll"]
    assert refusal(await town.bea.http.post(f"{path}/close_poll"))[:2] == (403, "permission_denied")
    closed = body(await town.ana.http.post(f"{path}/close_poll"))
    assert closed["poll"]["closed_at"].endswith("Z")
    late = await town.bea.http.post(f"{path}/votes", json={"choices": [0]})
    assert refusal(late)[:2] == (409, "poll_closed")


@pytest.mark.parametrize(
    ("poll", "attr"),
    [
        ({"question": "When?", "options": ["Today"]}, "poll.options"),
        ({"question": "When?", "options": ["a", "A"]}, "poll.options"),
        ({"question": " ", "options": ["a", "b"]}, "poll.question"),
        ({"question": "When?", "options": ["a", "\x00"]}, "poll.options.1"),
        ({"options": ["a", "b"]}, "poll.question"),
        ({"question": "When?", "options": ["a", 1]}, "poll.options.1"),
    ],
)
async def test_a_poll_that_is_none_is_refused(town: Town, poll: Any, attr: str) -> None:
    group = await town.group(town.ana)
    answer = await town.ana.http.post(
        f"/api/conversations/{group['id']}/messages", json={"poll": poll}
    )
    assert refusal(answer)[::2] == (400, attr)


@pytest.mark.parametrize("choices", [[2], [-1], [0, 1], [10**30], ["0"], None])
async def test_a_vote_for_what_is_not_there_is_refused(town: Town, choices: Any) -> None:
    group = await town.group(town.ana)
    sent = body(
        await town.ana.http.post(f"/api/conversations/{group['id']}/messages", json={"poll": WHEN})
    )
    answer = await town.ana.http.post(
        f"/api/messages/{sent['id']}/votes", json={"choices": choices}
    )
    assert refusal(answer)[0] == 400
