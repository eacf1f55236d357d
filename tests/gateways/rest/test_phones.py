"""Telephones over HTTP: coming in by a code, and the number on one's account."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tertulia.core.clock import utc_now
from tertulia.core.letters import LetterKind
from tertulia.core.proofs import Authenticator
from tests import examples as eg
from tests.gateways.rest.conftest import PASSWORD, Json, Town, body, brief, refusal
from tests.gateways.rest.contract import AUTH_KEYS, ME_KEYS
from tests.gateways.rest.letters import code_of, letters

if TYPE_CHECKING:
    import httpx

    from tertulia.core.letters import Letter


async def code_for(town: Town, client: httpx.AsyncClient, phone: str) -> str:
    answer = await client.post("/auth/sms/request", json={"phone": phone})
    assert (answer.status_code, answer.content) == (204, b"")
    return await code_of(town)


async def own_code(town: Town, phone: str) -> str:
    answer = await town.ana.http.post("/api/phone/request", json={"phone": phone})
    assert (answer.status_code, answer.content) == (204, b"")
    return await code_of(town)


async def codes_sent(town: Town) -> list[Letter]:
    return [letter for letter in await letters(town) if letter.kind is LetterKind.PHONE_CODE]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


async def test_a_browser_comes_in_by_its_telephone(town: Town, stranger: httpx.AsyncClient) -> None:
    phone = eg.phone_number()
    asked = {"phone": phone, "code": await code_for(town, stranger, phone), "display_name": "Eva"}
    said = body(await stranger.post("/auth/sms/verify", json=asked))
    assert set(said) == AUTH_KEYS
    assert set(said["user"]) == ME_KEYS
    assert (said["user"]["display_name"], said["user"]["phone"]) == ("Eva", phone)
    assert (said["user"]["email"], said["user"]["username"]) == (None, None)
    # The cookies let it in from now on.
    assert body(await stranger.get("/api/me")) == said["user"]
    again = {"phone": phone, "code": await code_for(town, stranger, phone)}
    assert body(await stranger.post("/auth/sms/verify", json=again))["user"] == said["user"]


async def test_nobody_is_told_whose_number_it_is(town: Town, stranger: httpx.AsyncClient) -> None:
    taken, free = eg.phone_number(), eg.phone_number()
    code = await own_code(town, taken)
    body(await town.ana.http.post("/api/phone", json={"phone": taken, "code": code}))
    answers = []
    for phone in (taken, free):
        requested = await stranger.post("/auth/sms/request", json={"phone": phone})
        mistaken = {"phone": phone, "code": wrong(await code_of(town))}
        tried = await stranger.post("/auth/sms/verify", json=mistaken)
        answers.append((requested.status_code, requested.content, tried.status_code, tried.json()))
    assert answers[0] == answers[1]
    # Somebody else's profile does not have it, whoever looks.
    seen = body(await town.bea.http.get("/api/users", params={"search": "ana"}))
    assert taken not in str(seen)


async def test_a_wrong_code_is_refused_and_leaves_nobody_signed_in(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    phone = eg.phone_number()
    code = await code_for(town, stranger, phone)
    answer = await stranger.post("/auth/sms/verify", json={"phone": phone, "code": wrong(code)})
    assert refusal(answer) == (400, "invalid_code", "code")
    assert not answer.cookies
    assert refusal(await stranger.get("/api/me"))[0] == 401


async def test_a_second_step_is_asked_for(town: Town, stranger: httpx.AsyncClient) -> None:
    phone = eg.phone_number()
    account = await town.core.accounts.me(town.ana.signed_in.actor)
    async with town.storage.begin() as work:
        await work.accounts.update(replace(account, phone=phone, second_step=True))
        await work.second_steps.put_authenticator(
            Authenticator(account_id=account.id, sealed_secret="sealed", confirmed_at=utc_now())
        )
    asked = {"phone": phone, "code": await code_for(town, stranger, phone)}
    answer = await stranger.post("/auth/sms/verify", json=asked)
    assert answer.status_code == 401
    said = answer.json()
    assert said["errors"][0]["code"] == "second_step_required"
    assert said["second_step"]["methods"] == ["totp"]
    assert not answer.cookies


async def test_a_disabled_account_is_not_come_into(town: Town, stranger: httpx.AsyncClient) -> None:
    phone = eg.phone_number()
    account = await town.core.accounts.me(town.ana.signed_in.actor)
    async with town.storage.begin() as work:
        await work.accounts.update(replace(account, phone=phone, disabled_at=utc_now()))
    asked = {"phone": phone, "code": await code_for(town, stranger, phone)}
    answer = await stranger.post("/auth/sms/verify", json=asked)
    assert refusal(answer) == (403, "account_disabled", None)


async def test_a_number_comes_onto_ones_account_and_off_it(town: Town) -> None:
    phone = eg.phone_number()
    asked = {"phone": phone, "code": await own_code(town, phone)}
    mistaken = asked | {"code": wrong(asked["code"])}
    answer = await town.ana.http.post("/api/phone", json=mistaken)
    assert refusal(answer) == (400, "invalid_code", "code")
    assert body(await town.ana.http.post("/api/phone", json=asked))["phone"] == phone
    assert body(await town.ana.http.get("/api/me"))["phone"] == phone
    without = await town.ana.http.post("/api/phone/remove")
    assert refusal(without) == (400, "required", "password")
    mistaken = {"password": "wrong horse battery"}
    answer = await town.ana.http.post("/api/phone/remove", json=mistaken)
    assert refusal(answer) == (400, "wrong_password", "password")
    removed = await town.ana.http.post("/api/phone/remove", json={"password": PASSWORD})
    assert body(removed)["phone"] is None


async def test_a_number_of_somebody_else_is_refused_to_who_has_its_code(town: Town) -> None:
    phone = eg.phone_number()
    bea = await town.core.accounts.me(town.bea.signed_in.actor)
    async with town.storage.begin() as work:
        await work.accounts.update(replace(bea, phone=phone))
    asked = {"phone": phone, "code": await own_code(town, phone)}
    assert refusal(await town.ana.http.post("/api/phone", json=asked)) == (400, "taken", "phone")
    assert body(await town.ana.http.get("/api/me"))["phone"] is None


async def test_the_only_way_in_is_not_given_up(town: Town, stranger: httpx.AsyncClient) -> None:
    phone = eg.phone_number()
    asked = {"phone": phone, "code": await code_for(town, stranger, phone)}
    said = body(await stranger.post("/auth/sms/verify", json=asked))
    stranger.cookies.clear()
    bearer = {"Authorization": f"Bearer {said['access_token']}"}
    for asked_for in (None, {}, {"password": "whatever it is"}):
        answer = await stranger.post("/api/phone/remove", headers=bearer, json=asked_for)
        assert refusal(answer) == (409, "last_way_in", None)
    assert body(await stranger.get("/api/me", headers=bearer))["phone"] == phone


async def test_a_browser_needs_the_csrf_token(town: Town) -> None:
    browser = await town.browser(town.ana)
    del browser.headers["X-CSRFToken"]
    phone = {"phone": eg.phone_number()}
    for path, asked in (
        ("/api/phone/request", phone),
        ("/api/phone", phone | {"code": "123456"}),
        ("/api/phone/remove", {"password": PASSWORD}),
    ):
        assert refusal(await browser.post(path, json=asked))[0] == 403
    assert await codes_sent(town) == []


@pytest.mark.parametrize(
    ("path", "asked", "attr"),
    [
        ("/auth/sms/request", {}, "phone"),
        ("/auth/sms/request", {"phone": None}, "phone"),
        ("/auth/sms/request", {"phone": 600123456}, "phone"),
        ("/auth/sms/request", {"phone": ""}, "phone"),
        ("/auth/sms/request", {"phone": "600123456"}, "phone"),
        ("/auth/sms/request", {"phone": "+1" * 1000}, "phone"),
        ("/auth/sms/request", {"phone": "\x00"}, "phone"),
        ("/auth/sms/verify", {"phone": "+34600123456"}, "code"),
        ("/auth/sms/verify", {"phone": "+34600123456", "code": 123456}, "code"),
        ("/auth/sms/verify", {"phone": "+34600123456", "code": ""}, "code"),
        ("/auth/sms/verify", {"phone": "+34600123456", "code": "1" * 10_000}, "code"),
        ("/auth/sms/verify", {"phone": "+34600123456", "code": "١٢٣٤٥٦"}, "code"),
        ("/auth/sms/verify", {"phone": "words", "code": "123456"}, "phone"),
        (
            "/auth/sms/verify",
            {"phone": "+34600123456", "code": "123456", "display_name": "x" * 51},
            "display_name",
        ),
        (
            "/auth/sms/verify",
            {"phone": "+34600123456", "code": "123456", "display_name": " "},
            "display_name",
        ),
        ("/api/phone/request", {"phone": "words"}, "phone"),
        ("/api/phone", {"phone": "words", "code": "123456"}, "phone"),
        ("/api/phone", {"phone": "+34600123456"}, "code"),
        ("/api/phone", {"phone": "+34600123456", "code": "123456"}, "code"),
        ("/api/phone/remove", {"password": 7}, "password"),
    ],
    ids=brief,
)
async def test_what_cannot_be_is_refused(town: Town, path: str, asked: Json, attr: str) -> None:
    answer = await town.ana.http.post(path, json=asked)
    assert refusal(answer)[::2] == (400, attr)
    assert await codes_sent(town) == []


async def test_too_many_codes_for_one_number_are_refused_with_the_time_to_wait(
    strict_town: Town,
) -> None:
    phone: dict[str, Any] = {"phone": eg.phone_number()}
    async with strict_town.client() as stranger:
        for _ in range(5):
            assert (await stranger.post("/auth/sms/request", json=phone)).status_code == 204
        answer = await stranger.post("/auth/sms/request", json=phone)
    assert refusal(answer) == (429, "rate_limited", None)
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    own = await strict_town.ana.http.post("/api/phone/request", json=phone)
    assert refusal(own) == (429, "rate_limited", None)
