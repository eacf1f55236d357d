"""Notifications over HTTP: settings, push subscriptions, and stopping digests with one click."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tertulia.core.ids import new_id
from tests.gateways.rest.conftest import body, refusal
from tests.push_service import push_service
from tests.waiting import until

if TYPE_CHECKING:
    from tests.gateways.rest.conftest import Town

SETTINGS = "/api/notification-settings"
SUBSCRIPTIONS = "/api/push-subscriptions"
USUAL = {
    "notify_private": "all",
    "notify_groups": "all",
    "notify_rooms": "mentions",
    "shows_text": True,
    "has_sound": True,
    "digest_after_h": None,
}


async def test_settings_are_usual_until_they_are_changed_one_by_one(town: Town) -> None:
    assert body(await town.ana.http.get(SETTINGS)) == USUAL
    changed = await town.ana.http.patch(
        SETTINGS, json={"notify_rooms": "nothing", "digest_after_h": 24}
    )
    assert body(changed) == {**USUAL, "notify_rooms": "nothing", "digest_after_h": 24}
    changed = await town.ana.http.patch(SETTINGS, json={"shows_text": False})
    assert body(changed)["digest_after_h"] == 24
    changed = await town.ana.http.patch(SETTINGS, json={"digest_after_h": None})
    expected = {**USUAL, "notify_rooms": "nothing", "shows_text": False}
    assert body(changed) == body(await town.ana.http.get(SETTINGS)) == expected
    assert body(await town.bea.http.get(SETTINGS)) == USUAL


@pytest.mark.parametrize(
    "change",
    [
        {"digest_after_h": 0},
        {"digest_after_h": 169},
        {"digest_after_h": 1.5},
        {"notify_private": "some"},
        {"notify_groups": None},
        {"has_sound": "yes"},
    ],
)
async def test_a_setting_that_is_none_is_refused_by_name(
    town: Town, change: dict[str, object]
) -> None:
    (name,) = change
    answer = await town.ana.http.patch(SETTINGS, json=change)
    assert refusal(answer)[::2] == (400, name)


async def test_a_browser_subscribes_with_the_servers_key_and_unsubscribes(town: Town) -> None:
    key = body(await town.ana.http.get("/api/push-key"))["public_key"]
    assert len(key) == 87
    with push_service(key) as service:
        browser = service.browser()
        for _ in range(2):
            answer = await town.ana.http.post(SUBSCRIPTIONS, json=browser.subscription)
            assert answer.status_code == 204
        for _ in range(2):
            answer = await town.ana.http.request(
                "DELETE", SUBSCRIPTIONS, json={"endpoint": browser.endpoint}
            )
            assert answer.status_code == 204


async def test_a_subscription_that_nothing_can_be_pushed_to_is_refused(town: Town) -> None:
    with push_service("") as service:
        good = service.browser().subscription
    for wrong, attr in (
        ({"endpoint": "http://push.example.org/1"}, "endpoint"),
        ({"endpoint": "https://192.168.1.1/1"}, "endpoint"),
        ({"endpoint": "https://push.example.org/\x00"}, "endpoint"),
        ({"keys": {**good["keys"], "p256dh": "AAAA"}}, "keys.p256dh"),
        ({"keys": {**good["keys"], "auth": "AAAA"}}, "keys.auth"),
        ({"keys": {}}, "keys.p256dh"),
    ):
        answer = await town.ana.http.post(SUBSCRIPTIONS, json={**good, **wrong})
        assert refusal(answer)[::2] == (400, attr)


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", None])
async def test_a_mail_program_stops_digests_without_signing_in(
    town: Town, content_type: str | None
) -> None:
    account_id = town.ana.signed_in.account.id
    await town.ana.http.patch(SETTINGS, json={"digest_after_h": 24})
    token = town.core.digests.token_of(account_id)
    headers = {"Content-Type": content_type} if content_type else {}
    async with town.client() as stranger:
        answer = await stranger.post(
            "/api/digest/unsubscribe",
            params={"token": token},
            content=b"List-Unsubscribe=One-Click",
            headers=headers,
        )
        assert answer.status_code == 204
        others = {"token": town.core.digests.token_of(new_id())[:-4] + "AAAA"}
        answer = await stranger.post("/api/digest/unsubscribe", params=others)
        assert refusal(answer) == (400, "invalid_token", "token")
        answer = await stranger.post("/api/digest/unsubscribe")
        assert refusal(answer)[::2] == (400, "token")
    assert body(await town.ana.http.get(SETTINGS)) == USUAL


async def test_a_token_of_an_account_that_is_gone_is_no_secret_to_find_out(town: Town) -> None:
    unknown = town.core.digests.token_of(new_id())
    async with town.client() as stranger:
        answer = await stranger.post("/api/digest/unsubscribe", params={"token": unknown})
    assert refusal(answer) == (400, "invalid_token", "token")


async def test_pushes_of_a_message_carry_what_was_agreed(town: Town) -> None:
    """From a message sent over HTTP to the bytes that a browser decrypts."""
    chat = await town.private(town.ana, town.bea)
    key = body(await town.bea.http.get("/api/push-key"))["public_key"]
    with push_service(key) as service:
        browser = service.browser()
        answer = await town.bea.http.post(SUBSCRIPTIONS, json=browser.subscription)
        assert answer.status_code == 204
        message = await town.say(town.ana, chat, "Hello, Bea")
        looking = asyncio.create_task(town.core.notifier.run())
        pushing = asyncio.create_task(town.core.push_queue.run())
        await until(lambda: bool(browser.taken), within_s=20, what="a push")
        for task in (looking, pushing):
            task.cancel()
        await asyncio.gather(looking, pushing, return_exceptions=True)
        assert service.faults == []
        (told,) = browser.payloads
    assert told["type"] == "message"
    assert told["conversation_id"] == chat["id"]
    assert (told["message_group"], told["seq"]) == (message["message_group"], message["seq"])
    assert (told["title"], told["body"]) == (town.ana.signed_in.account.display_name, "Hello, Bea")
    assert told["url"] == f"/c/{chat['id']}"
    assert told["sent_at"] == message["inserted_at"]
