"""How mishaps are answered: in the same form as refusals, and without telling anything."""

from __future__ import annotations

import logging
from pathlib import Path

import httpx
import pytest

from tertulia.core.errors import RateLimited, Unavailable
from tertulia.gateways.pages.web_client import WebClient
from tertulia.gateways.rest.app import create_app
from tests.gateways.rest.conftest import Town, body, refusal, site


async def test_a_bug_is_logged_whole_and_answered_without_details(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(*_: object) -> None:
        raise ZeroDivisionError("the secret number was 42")

    monkeypatch.setattr(town.core.accounts, "me", fails)
    with caplog.at_level(logging.ERROR):
        answer = await town.ana.http.get("/api/me")
    assert refusal(answer) == (500, "error", None)
    assert "42" not in answer.text
    assert "ZeroDivision" not in answer.text
    (record,) = caplog.records
    assert record.getMessage() == "GET /api/me failed"
    assert record.exc_info is not None
    assert "the secret number was 42" in str(record.exc_info[1])


async def test_a_bug_before_the_handler_is_answered_alike(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(town.core.sessions, "authenticate", fails)
    assert refusal(await town.ana.http.get("/api/me")) == (500, "error", None)


@pytest.mark.parametrize(
    ("raised", "status", "code", "retry_after"),
    [
        (RateLimited("Slowly.", retry_after_s=2.1), 429, "rate_limited", "3"),
        (RateLimited("Slowly.", retry_after_s=0), 429, "rate_limited", "1"),
        (Unavailable("Not now."), 503, "unavailable", "1"),
    ],
    ids=["too often", "a little too often", "not now"],
)
async def test_a_refusal_that_passes_says_when_to_come_back(
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    raised: Exception,
    status: int,
    code: str,
    retry_after: str,
) -> None:
    async def refuses(*_: object) -> None:
        raise raised

    monkeypatch.setattr(town.core.accounts, "me", refuses)
    answer = await town.ana.http.get("/api/me")
    assert refusal(answer) == (status, code, None)
    assert answer.headers["retry-after"] == retry_after


async def test_several_wrong_parameters_are_all_named(town: Town) -> None:
    params = {"conversation_id": "x", "page_size": "many", "sort": "up"}
    answer = await town.ana.http.get("/api/messages", params=params)
    assert refusal(answer)[0] == 400
    named = {entry["attr"] for entry in answer.json()["errors"]}
    assert named == {"conversation_id", "page_size", "sort"}


async def test_a_missing_parameter_is_named(town: Town) -> None:
    answer = await town.ana.http.get("/api/messages")
    assert refusal(answer) == (400, "required", "conversation_id")


async def test_a_host_that_is_none_is_refused(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/healthz", headers={"Host": "a b"})
    assert refusal(answer) == (400, "invalid", None)


async def test_the_server_is_ready_while_storage_answers(stranger: httpx.AsyncClient) -> None:
    assert body(await stranger.get("/readyz")) == {"status": "ok"}
    assert body(await stranger.get("/healthz")) == {"status": "ok"}


@pytest.mark.parametrize("reason", [Unavailable("Not now."), OSError("disk")], ids=["told", "bug"])
async def test_the_server_is_not_ready_when_storage_does_not_answer(
    town: Town, tmp_path: Path, reason: Exception
) -> None:
    async def fails() -> None:
        raise reason

    app = create_app(town.core, site(), ready=fails, pages=WebClient(tmp_path / "none"))
    async with town.client(app=app) as client:
        answer = await client.get("/readyz")
        assert refusal(answer) == (503, "unavailable", None)
        assert "disk" not in answer.text
        assert body(await client.get("/healthz")) == {"status": "ok"}
