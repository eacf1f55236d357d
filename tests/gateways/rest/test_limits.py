"""Too often is answered 429 with the seconds to wait, on every door that is limited."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from tertulia.core import limits
from tests.gateways.rest.conftest import FIRST_WAIT, PASSWORD, refusal
from tests.push_service import push_service

if TYPE_CHECKING:
    from tests.gateways.rest.conftest import Json, Town

Call = Callable[["Town", httpx.AsyncClient], Awaitable[httpx.Response]]

TIMES = 5


async def begun(town: Town, kind: str, **more: object) -> Json:
    """Have the second one begin a conversation, which counts for her alone."""
    answer = await town.bea.http.post("/api/conversations", json={"kind": kind, **more})
    return dict(answer.json())


def posting(path: str, **body: object) -> Call:
    """Return a call that posts this."""

    async def call(_: Town, http: httpx.AsyncClient) -> httpx.Response:
        return await http.post(path, json=body)

    return call


def getting(path: str) -> Call:
    """Return a call that gets this."""

    async def call(_: Town, http: httpx.AsyncClient) -> httpx.Response:
        return await http.get(path)

    return call


async def joining(town: Town, http: httpx.AsyncClient) -> httpx.Response:
    """Walk into a new room."""
    room = await begun(town, "room", alias="Plaza", topic="music")
    return await http.post(f"/api/conversations/{room['id']}/join")


async def scheduling(town: Town, http: httpx.AsyncClient) -> httpx.Response:
    """Have a message wait."""
    chats = (await http.get("/api/conversations")).json()["items"]
    if not chats:
        chats = [await begun(town, "private", user_ids=[town.ana.id])]
    path = f"/api/conversations/{chats[0]['id']}/scheduled"
    send_at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    return await http.post(path, json={"content": "hello", "send_at": send_at})


async def subscribing(_: Town, http: httpx.AsyncClient) -> httpx.Response:
    """Subscribe another browser."""
    with push_service("") as service:
        return await http.post("/api/push-subscriptions", json=service.browser().subscription)


async def sending(town: Town, http: httpx.AsyncClient) -> httpx.Response:
    """Send a message."""
    chats = (await http.get("/api/conversations")).json()["items"]
    if not chats:
        chats = [await begun(town, "private", user_ids=[town.ana.id])]
    path = f"/api/conversations/{chats[0]['id']}/messages"
    return await http.post(path, json={"content": "hello"})


@pytest.mark.parametrize(
    ("limit", "call"),
    [
        ("REFRESHES_FROM", posting("/auth/refresh", token="guess")),
        ("SOCKET_TICKETS_OF", posting("/auth/socket-ticket")),
        ("SEARCHES_OF", getting("/api/users?search=be")),
        ("SEARCHES_OF", getting("/api/rooms")),
        ("CONVERSATIONS_OF", posting("/api/conversations", kind="group", alias="Peña")),
        ("JOINS_OF", joining),
        ("SCHEDULES_OF", scheduling),
        ("PUSH_SUBSCRIPTIONS_OF", subscribing),
        ("HANDOVERS_OF", posting("/api/encryption/handovers", message={"v": 1})),
        (None, sending),
    ],
    ids=[
        "refresh",
        "ticket",
        "people",
        "rooms",
        "conversation",
        "join",
        "schedule",
        "subscribe",
        "handover",
        "send",
    ],
)
async def test_too_often_is_answered_with_the_seconds_to_wait(
    strict_town: Town, monkeypatch: pytest.MonkeyPatch, limit: str | None, call: Call
) -> None:
    if limit is not None:
        monkeypatch.setattr(limits, limit, replace(getattr(limits, limit), times=TIMES))
    town = strict_town
    statuses = {(await call(town, town.ana.http)).status_code for _ in range(TIMES)}
    assert statuses <= {200, 204, 401}
    answer = await call(town, town.ana.http)
    assert refusal(answer) == (429, "rate_limited", None)
    assert int(answer.headers["retry-after"]) >= 1


async def test_people_are_counted_where_they_are_brought_in(
    strict_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        limits, "PEOPLE_BROUGHT_IN_BY", replace(limits.PEOPLE_BROUGHT_IN_BY, times=3)
    )
    town = strict_town
    group = await town.group(town.ana, town.bea, town.caro)
    path = f"/api/conversations/{group['id']}/members"
    ids = {"user_ids": [town.bea.id, town.caro.id]}
    assert refusal(await town.ana.http.post(path, json=ids)) == (429, "rate_limited", None)


async def test_a_guesser_has_to_wait_and_the_owner_elsewhere_has_not(strict_town: Town) -> None:
    guess = {"username": "ana", "password": "wrong horse battery"}
    async with strict_town.client() as guesser:
        answers = [await guesser.post("/auth/login", json=guess) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= FIRST_WAIT.total_seconds()
    transport = httpx.ASGITransport(strict_town.app, client=("192.0.2.8", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://town.example") as owner:
        answer = await owner.post("/auth/login", json={**guess, "password": PASSWORD})
    assert answer.status_code == 200
