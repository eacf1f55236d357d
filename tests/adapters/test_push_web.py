"""Web Push, over a push service that decrypts, and checks who signed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from tertulia.adapters.push_encryption import encrypt, from_base64url, to_base64url
from tertulia.adapters.push_web import MAX_PAYLOAD_BYTES, WebPush, payload
from tertulia.adapters.vapid import Vapid
from tertulia.adapters.web_addresses import NotPublic
from tertulia.core.errors import Invalid
from tertulia.core.ids import new_id
from tertulia.core.pushes import Gone, MessageNotice, PushSubscription, ReadNotice, TryLater
from tests import examples as eg
from tests.adapters.web_server import Answer, web_server
from tests.push_service import push_service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.adapters.web_server import Asked
    from tests.push_service import Browser, LocalPushService

KEY = to_base64url(b"p" * 32)
VAPID = Vapid(KEY, "mailto:chat@example.org")
HERE = ("127.0.0.0/8",)


def notice(**changes: Any) -> MessageNotice:
    usual = MessageNotice(
        conversation_id=new_id(),
        message_id=new_id(),
        seq=7,
        title="Ana",
        body="Is it raining?",
        picture=None,
        sent_at=eg.NOON,
        is_urgent=True,
    )
    return replace(usual, **changes)


def subscription(browser: Browser) -> PushSubscription:
    return PushSubscription(
        id=new_id(),
        account_id=new_id(),
        session_id=new_id(),
        endpoint=browser.endpoint,
        p256dh=browser.p256dh,
        auth=browser.auth,
        inserted_at=eg.NOON,
    )


@pytest.fixture
def service() -> Iterator[LocalPushService]:
    with push_service(VAPID.public_key) as service:
        yield service
        assert service.faults == []


@pytest.fixture
async def web_push() -> AsyncIterator[WebPush]:
    web_push = WebPush(VAPID, allowed=HERE)
    yield web_push
    await web_push.close()


def test_the_example_of_rfc_8291_is_encrypted_byte_for_byte() -> None:
    # Appendix A.
    sender = ec.derive_private_key(
        int.from_bytes(from_base64url("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"),
        ec.SECP256R1(),
    )
    body = encrypt(
        b"When I grow up, I want to be a watermelon",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        sender=sender,
        salt=from_base64url("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert to_base64url(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


async def test_a_message_comes_to_its_browser_and_says_what_was_agreed(
    service: LocalPushService, web_push: WebPush
) -> None:
    browser, told = service.browser(), notice(picture="k3y")
    await web_push.push(subscription(browser), told)
    (taken,) = browser.taken
    assert taken.payload == {
        "type": "message",
        "conversation_id": str(told.conversation_id),
        "message_group": str(told.message_id),
        "seq": 7,
        "title": "Ana",
        "body": "Is it raining?",
        "icon": "/api/avatars/k3y/256",
        "url": f"/c/{told.conversation_id}",
        "sent_at": "2026-03-01T12:00:00.250Z",
    }
    assert taken.headers["topic"] == told.conversation_id.hex
    assert taken.headers["urgency"] == "high"


async def test_word_of_reading_comes_quietly_under_the_same_topic(
    service: LocalPushService, web_push: WebPush
) -> None:
    browser, conversation_id = service.browser(), new_id()
    await web_push.push(
        subscription(browser), ReadNotice(conversation_id=conversation_id, read_seq=9)
    )
    (taken,) = browser.taken
    assert taken.payload == {
        "type": "read",
        "conversation_id": str(conversation_id),
        "read_seq": 9,
    }
    assert (taken.headers["urgency"], taken.headers["topic"]) == ("low", conversation_id.hex)


@pytest.mark.parametrize("status", [404, 410])
async def test_whom_the_push_service_knows_no_more_is_gone(
    service: LocalPushService, web_push: WebPush, status: int
) -> None:
    browser = service.browser()
    browser.answers.append(status)
    with pytest.raises(Gone):
        await web_push.push(subscription(browser), notice())


@pytest.mark.parametrize(("answer", "wait_s"), [(500, None), (503, None), ((429, 30), 30.0)])
async def test_what_is_not_taken_now_is_to_be_tried_later(
    service: LocalPushService, web_push: WebPush, answer: int, wait_s: float | None
) -> None:
    browser = service.browser()
    browser.answers.append(answer)
    with pytest.raises(TryLater) as caught:
        await web_push.push(subscription(browser), notice())
    assert caught.value.after_s == wait_s


async def test_a_wait_may_be_told_as_a_date() -> None:
    later = "Sun, 01 Mar 2026 12:01:00 GMT"
    patient = WebPush(VAPID, allowed=HERE, clock=lambda: eg.NOON)

    def answer(_: Asked) -> Answer:
        return Answer(429, headers={"Retry-After": later})

    async with web_server(answer) as server:
        with push_service(VAPID.public_key) as other:
            browser = other.browser()
        browser.endpoint = server.url
        with pytest.raises(TryLater) as caught:
            await patient.push(subscription(browser), notice())
    await patient.close()
    assert caught.value.after_s == pytest.approx(59.75)


@pytest.mark.parametrize("status", [302, 400, 403, 413])
async def test_any_other_answer_is_odd_and_leads_nowhere_else(
    service: LocalPushService, web_push: WebPush, status: int
) -> None:
    browser = service.browser()

    def answer(_: Asked) -> Answer:
        return Answer(status, headers={"Location": browser.endpoint})

    async with web_server(answer) as server:
        with pytest.raises(ConnectionError):
            await web_push.push(replace(subscription(browser), endpoint=server.url), notice())
    assert browser.asked == 0


async def test_a_push_service_that_does_not_answer_is_tried_later(
    service: LocalPushService, web_push: WebPush
) -> None:
    browser = service.browser()
    async with web_server(lambda _: Answer(201, b"x" * 100, pause_s=1)) as server:
        slow = replace(subscription(browser), endpoint=server.url)
        async with asyncio.timeout(5):
            # Its head is all that is waited for.
            await web_push.push(slow, notice())
    with pytest.raises(TryLater):
        await web_push.push(slow, notice())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_an_address_inside_is_not_called_and_not_forgotten(
    service: LocalPushService, host: str
) -> None:
    browser, strict = service.browser(), WebPush(VAPID)
    inside = browser.endpoint.replace("127.0.0.1", host)
    with pytest.raises(NotPublic):
        await strict.push(replace(subscription(browser), endpoint=inside), notice())
    await strict.close()
    assert browser.asked == 0


async def test_a_name_that_means_nothing_at_the_moment_is_tried_later(
    service: LocalPushService, web_push: WebPush
) -> None:
    lost = replace(subscription(service.browser()), endpoint="https://nobody.invalid/push")
    with pytest.raises(TryLater):
        await web_push.push(lost, notice())


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "push.example.org",
        "http://push.example.org/a",
        "ftp://push.example.org/a",
        "https://",
        "https://ana:secret@push.example.org/",
        "https://push.example.org:0/",
        "https://push.example.org:99999/",
        "https://push.example.org/a b",
        "https://push.example.org/\x00",
        "https://push.example.org/é",
        "https://\ud800.example.org/",
        "https://[::1/",
        "https://[::1]/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest",
        "https://localhost/",
        "https://2130706433/",
        "https://127.1/",
        "https://0x7f.0.0.1/",
        "https://a.localhost/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://8.8.8.8:8080/",
        "http://127.0.0.1:9/",
        "https://push.example.org/" + "a" * 2000,
    ],
)
def test_an_endpoint_that_is_not_called_is_refused(endpoint: str) -> None:
    with push_service(VAPID.public_key) as service:
        browser = service.browser()
    with pytest.raises(Invalid) as caught:
        WebPush(VAPID).require_usable(endpoint, browser.p256dh, browser.auth)
    assert caught.value.attr == "endpoint"


def test_keys_that_are_none_are_refused_and_those_of_a_browser_are_not() -> None:
    with push_service(VAPID.public_key) as service:
        browser = service.browser()
    strict, endpoint = WebPush(VAPID), "https://push.example.org/a?b=c"
    strict.require_usable(endpoint, browser.p256dh, browser.auth + "==")
    not_on_the_curve = to_base64url(b"\x04" + b"\x01" * 64)
    for p256dh in ("", "é", "\ud800", "a b", not_on_the_curve, browser.p256dh[:-4]):
        with pytest.raises(Invalid) as caught:
            strict.require_usable(endpoint, p256dh, browser.auth)
        assert caught.value.attr == "keys.p256dh"
    for auth in ("", "\ud800", browser.auth[:-2], browser.auth + "AAAA"):
        with pytest.raises(Invalid) as caught:
            strict.require_usable(endpoint, browser.p256dh, auth)
        assert caught.value.attr == "keys.auth"


def test_a_token_is_kept_for_its_push_service_and_renewed_in_time() -> None:
    vapid = Vapid(KEY, "mailto:chat@example.org")
    first = vapid.authorization("https://a.example/1", eg.NOON)
    assert vapid.authorization("https://a.example/2", eg.moment(minutes=600)) == first
    assert vapid.authorization("https://b.example/1", eg.NOON) != first
    assert vapid.authorization("https://a.example/1", eg.NOON + timedelta(hours=11.5)) != first


@given(title=st.text(max_size=100), body=st.text(max_size=5000), many=st.integers(1, 5))
def test_no_payload_is_larger_than_push_services_take(title: str, body: str, many: int) -> None:
    title, body = (each.encode("utf-8", "ignore").decode() for each in (title, body * many))
    worded = payload(notice(title=title, body=body))
    assert len(worded) <= MAX_PAYLOAD_BYTES
    if len(body) < 300:
        assert payload(notice(title=title, body=body + "…")) != worded
