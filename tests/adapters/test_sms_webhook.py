"""Text messages by a webhook, whose other end checks what the documentation has it check."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tertulia.adapters.letter_texts import LetterTexts
from tertulia.adapters.sms_webhook import WebhookCourier
from tertulia.adapters.vault import FernetVault
from tertulia.core.ids import new_id
from tertulia.core.letters import Letter, LetterKind
from tertulia.core.post import CLAIM, Post, Undeliverable
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate
from tertulia.storage.stores import SqlStorage
from tests.adapters.sms_services import SECRET, WebhookService, serving
from tests.core.door import Clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

NUMBER = "+34600123456"
LETTER = Letter(channel="sms", kind=LetterKind.PHONE_CODE, to=NUMBER, words={"code": "012345"})
TEXTS = LetterTexts("https://chat.example.org")
SOON_S = 5.0
GIVEN_UP = (TimeoutError, httpx.TimeoutException)


def courier(url: str, path: str = "/sms", **changes: Any) -> WebhookCourier:
    return WebhookCourier(**{"url": url + path, "secret": SECRET, "texts": TEXTS, **changes})


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[SqlStorage]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'outbox.db'}"
    await migrate(url)
    database = open_database(url, pool_size=2)
    yield SqlStorage(database, lambda _: None)
    await database.close()


async def test_a_message_is_told_of_and_signed() -> None:
    service, letter_id = WebhookService(), str(new_id())
    with serving(service) as url:
        await courier(url).deliver(LETTER, letter_id)
    message = {"id": letter_id, "to": NUMBER, "text": TEXTS.message(LETTER)}
    assert service.sent == {letter_id: message}
    (request,) = service.requests
    assert (request.path, json.loads(request.body)) == ("/sms", message)
    assert "012345" in message["text"]


async def test_what_is_signed_with_another_secret_is_not_taken() -> None:
    service = WebhookService()
    with serving(service) as url, pytest.raises(ConnectionError):
        await courier(url, secret="x" * 64).deliver(LETTER, str(new_id()))
    assert service.sent == {}


@pytest.mark.parametrize("status", [400, 404, 410, 422])
async def test_what_can_never_be_sent_is_undeliverable(status: int) -> None:
    service = WebhookService(statuses=[status])
    with serving(service) as url, pytest.raises(Undeliverable, match=str(status)):
        await courier(url).deliver(LETTER, str(new_id()))


@pytest.mark.parametrize("status", [301, 307, 401, 403, 408, 429, 500, 502, 503])
async def test_everything_else_is_tried_again(status: int) -> None:
    service = WebhookService(statuses=[status])
    with serving(service) as url:
        with pytest.raises(ConnectionError, match=str(status)):
            await courier(url).deliver(LETTER, str(new_id()))
        await courier(url).deliver(LETTER, str(new_id()))
    # One request each: a redirect is not followed, wherever it leads.
    assert [request.path for request in service.requests] == ["/sms", "/sms"]
    assert len(service.sent) == 1


async def test_a_failure_does_not_tell_what_is_in_the_address() -> None:
    service = WebhookService(statuses=[500])
    with serving(service) as url, pytest.raises(ConnectionError) as caught:
        await courier(url, "/sms?key=0penSesame").deliver(LETTER, str(new_id()))
    assert service.requests[0].path == "/sms?key=0penSesame"
    assert "0penSesame" not in repr(caught.value)


@pytest.mark.parametrize("mood", ["mute", "slow"])
async def test_a_server_that_comes_to_no_end_is_given_up(mood: str) -> None:
    began = time.monotonic()
    with serving(WebhookService(mood)) as url, pytest.raises(GIVEN_UP):
        await courier(url, timeout_s=0.3).deliver(LETTER, str(new_id()))
    assert time.monotonic() - began < SOON_S


async def test_a_server_that_is_down_is_tried_again() -> None:
    with serving(WebhookService()) as url:
        pass
    with pytest.raises(httpx.ConnectError):
        await courier(url).deliver(LETTER, str(new_id()))


async def test_the_outbox_repeats_a_message_under_its_id_and_it_is_sent_once(
    storage: SqlStorage,
) -> None:
    service, clock = WebhookService("deaf"), Clock()
    with serving(service) as url:
        to_address = courier(url)
        post = Post(storage, FernetVault(["v" * 64]), to_address, to_address, clock)
        async with storage.begin() as work:
            await post.drop(work, LETTER)
        assert await post.deliver_due() == 1
        # What was lost was the answer alone: the message went out.
        assert len(service.sent) == 1
        service.mood, service.statuses = "well", [503]
        for _ in range(2):
            clock.advance(CLAIM)
            assert await post.deliver_due() == 1
        clock.advance(timedelta(days=1))
        assert await post.deliver_due() == 0
    told = [json.loads(request.body) for request in service.requests]
    assert len(told) == 3
    assert len({message["id"] for message in told}) == len(service.sent) == 1
    assert len({message["text"] for message in told}) == 1
