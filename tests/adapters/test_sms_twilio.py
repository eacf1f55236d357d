"""Text messages over an HTTP server that behaves as Twilio's documented interface does."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from tertulia.adapters.letter_texts import LetterTexts
from tertulia.adapters.sms_twilio import TwilioCourier
from tertulia.core.ids import new_id
from tertulia.core.letters import Letter, LetterKind
from tertulia.core.post import Undeliverable
from tests.adapters.sms_services import AUTH_TOKEN, SID, TwilioService, serving

NUMBER, SENDER = "+34600123456", "+15550100"
LETTER = Letter(channel="sms", kind=LetterKind.PHONE_CODE, to=NUMBER, words={"code": "012345"})
TEXTS = LetterTexts("https://chat.example.org")
SOON_S = 5.0
GIVEN_UP = (TimeoutError, httpx.TimeoutException)


def courier(url: str, **changes: Any) -> TwilioCourier:
    usual = {"url": url, "account_sid": SID, "auth_token": AUTH_TOKEN, "sender": SENDER}
    return TwilioCourier(**{**usual, "texts": TEXTS, **changes})


async def test_a_message_goes_out_from_a_number() -> None:
    service = TwilioService()
    with serving(service) as url:
        await courier(url).deliver(LETTER, str(new_id()))
    (sent,) = service.sent
    assert sent == {"To": NUMBER, "From": SENDER, "Body": TEXTS.message(LETTER)}
    assert "012345" in sent["Body"]
    assert "chat.example.org" in sent["Body"]


async def test_a_message_goes_out_from_a_messaging_service() -> None:
    service = TwilioService()
    sender = "MG00000000000000000000000000000001"
    with serving(service) as url:
        await courier(url, sender=sender).deliver(LETTER, str(new_id()))
    assert service.sent == [
        {"To": NUMBER, "MessagingServiceSid": sender, "Body": TEXTS.message(LETTER)}
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(None, "21211", id="in Twilio's form"),
        pytest.param(b"<h1>Bad Request</h1>", "no reason", id="a page"),
        pytest.param(b"[21211]", "no reason", id="a list"),
        pytest.param(b"\xff", "no reason", id="no text"),
    ],
)
async def test_a_number_that_gets_no_messages_is_undeliverable(
    body: bytes | None, reason: str
) -> None:
    service = TwilioService(refusals={NUMBER: (400, 21211)}, body=body)
    with serving(service) as url, pytest.raises(Undeliverable, match=reason):
        await courier(url).deliver(LETTER, str(new_id()))
    assert service.sent == []


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503, 302])
async def test_whatever_may_be_mended_is_tried_again(status: int) -> None:
    service = TwilioService(refusals={NUMBER: (status, 20000)})
    with serving(service) as url:
        with pytest.raises(httpx.HTTPStatusError) as caught:
            await courier(url).deliver(LETTER, str(new_id()))
        assert caught.value.response.status_code == status
        service.refusals.clear()
        await courier(url).deliver(LETTER, str(new_id()))
    assert len(service.sent) == 1


async def test_a_wrong_token_is_tried_again_and_not_told() -> None:
    service = TwilioService()
    with serving(service) as url, pytest.raises(httpx.HTTPStatusError) as caught:
        await courier(url, auth_token="another token").deliver(LETTER, str(new_id()))
    assert caught.value.response.status_code == 401
    assert "another token" not in repr(caught.value)
    assert "012345" not in repr(caught.value)
    assert service.sent == []


@pytest.mark.parametrize("mood", ["mute", "slow"])
async def test_a_server_that_comes_to_no_end_is_given_up(mood: str) -> None:
    service = TwilioService(mood)
    began = time.monotonic()
    with serving(service) as url, pytest.raises(GIVEN_UP):
        await courier(url, timeout_s=0.3).deliver(LETTER, str(new_id()))
    assert time.monotonic() - began < SOON_S


async def test_a_message_whose_answer_was_lost_is_sent_again_with_the_same_code() -> None:
    service = TwilioService("deaf")
    letter_id = str(new_id())
    with serving(service) as url:
        with pytest.raises(httpx.RemoteProtocolError):
            await courier(url).deliver(LETTER, letter_id)
        service.mood = "well"
        await courier(url).deliver(LETTER, letter_id)
    first, again = service.sent
    assert first == again


async def test_a_server_that_is_down_is_tried_again() -> None:
    with serving(TwilioService()) as url:
        pass
    with pytest.raises(httpx.ConnectError):
        await courier(url).deliver(LETTER, str(new_id()))
