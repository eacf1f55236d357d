"""/dev/outbox: what would have been sent, shown on one's own machine and nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from tertulia.core.letters import WrittenLetter
from tertulia.couriers import outbox_reader
from tertulia.gateways.rest.app import create_app
from tests import examples as eg
from tests.gateways.rest.conftest import refusal, settings_for, site
from tests.test_settings import TWILIO, read

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gateways.rest.conftest import Town

LETTERS = [
    WrittenLetter(
        to="<ana>@example.org",
        subject='Confirm "it" <b>',
        text="Open\n\nhttp://127.0.0.1:8000/confirm-email#to-ken&x\n\n<script>alert(1)</script>",
        at=eg.NOON,
    ),
    WrittenLetter(to="+34600123456", subject=None, text="123456 is your code", at=eg.NOON),
]


async def _read(limit: int) -> Sequence[WrittenLetter]:
    return LETTERS[:limit]


class NoPages:
    """Pages that there are none of."""

    def find(self, _path: str, _accept: str) -> None:
        """Find nothing."""


@asynccontextmanager
async def outbox(
    town: Town, base_url: str = "http://127.0.0.1:8000"
) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(
        town.core, site(), ready=town.storage.check, pages=NoPages(), read_letters=_read
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base_url) as client:
        yield client


async def test_it_shows_letters_as_text_with_their_links(town: Town) -> None:
    async with outbox(town) as client:
        answer = await client.get("/dev/outbox")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    link = "http://127.0.0.1:8000/confirm-email#to-ken&amp;x"
    assert f'<a href="{link}">{link}</a>' in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<script" not in answer.text
    assert "&lt;ana&gt;@example.org" in answer.text


async def test_programs_read_it_too(town: Town) -> None:
    async with outbox(town) as client:
        mail, text = (await client.get("/dev/outbox.json")).json()["items"]
    assert set(mail) == {"to", "subject", "text", "at"}
    assert text == {
        "to": "+34600123456",
        "subject": None,
        "text": "123456 is your code",
        "at": "2026-03-01T12:00:00.250Z",
    }


@pytest.mark.parametrize(
    "base_url",
    ["http://chat.example.org", "http://192.0.2.1:8000", "http://localhost.example.org"],
)
async def test_no_other_machine_is_shown_it(town: Town, base_url: str) -> None:
    async with outbox(town, base_url) as client:
        assert refusal(await client.get("/dev/outbox"))[:2] == (404, "not_found")


@pytest.mark.parametrize("name", ["Forwarded", "X-Forwarded-For", "X-Real-IP"])
async def test_nobody_behind_a_proxy_is_shown_it(town: Town, name: str) -> None:
    async with outbox(town) as client:
        answer = await client.get("/dev/outbox", headers={name: "192.0.2.1"})
        assert refusal(answer)[:2] == (404, "not_found")
        assert refusal(await client.post("/dev/outbox"))[:2] == (404, "not_found")


async def test_without_letters_to_show_there_is_no_such_page(town: Town) -> None:
    async with town.client() as stranger:
        for path in ("/dev/outbox", "/dev/outbox.json"):
            answer = await stranger.get(path, headers={"accept": "text/html"})
            assert refusal(answer)[:2] == (404, "not_found")


def test_it_is_there_in_development_alone_and_while_something_is_not_sent(tmp_path: Path) -> None:
    assert outbox_reader(settings_for(tmp_path)) is not None
    assert outbox_reader(read(SMTP_HOST="mail")) is not None
    assert outbox_reader(read(SMTP_HOST="mail", **TWILIO)) is None
    assert outbox_reader(read(ENVIRONMENT="production")) is None
    assert outbox_reader(read(FRONTEND_URL="https://chat.example.org")) is None
