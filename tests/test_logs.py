"""What is logged, and what never is."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import httpx
import pytest

from tertulia.logs import configure_logs
from tests.adapters.sms_services import WebhookService, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADERS = {"Tertulia-Timestamp": "0", "Tertulia-Signature": ""}
LIBRARIES = ("uvicorn", "alembic", "httpx", "httpcore")


@pytest.fixture
def logs(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """Configure the logs and return what they go to; they are left as they were."""
    loggers = [logging.getLogger(name) for name in (None, *LIBRARIES)]
    before = [(logger, logger.level, list(logger.handlers)) for logger in loggers]
    configure_logs("debug")
    yield capsys
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


async def test_no_address_that_the_server_calls_is_logged(
    logs: pytest.CaptureFixture[str],
) -> None:
    with serving(WebhookService(statuses=[500])) as url:
        async with httpx.AsyncClient() as http:
            await http.post(f"{url}/sms?key=0penSesame", content=b"{}", headers=HEADERS)
    logging.getLogger("tertulia.some.room").info("this is logged")
    said = logs.readouterr().err
    assert "this is logged" in said
    assert "0penSesame" not in said
    assert "BaseHTTP" not in said
