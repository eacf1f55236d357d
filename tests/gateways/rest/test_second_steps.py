"""The second step over HTTP: asked for, passed, and looked after."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tertulia.core.clock import utc_now
from tests.gateways.rest.conftest import FIRST_WAIT, PASSWORD, body
from tests.gateways.rest.contract import AUTH_KEYS
from tests.gateways.rest.proofs import first_step, refused, use_app, use_passkey
from tests.gateways.rest.test_auth import basic

if TYPE_CHECKING:
    import httpx

    from tests.gateways.rest.conftest import Json, Town

SECURITY_KEYS = {
    "has_password",
    "second_step",
    "totp",
    "recovery_codes_left",
    "passkeys",
    "fresh",
}
NO_TOKENS = ["", "guess", "\x00", "é" * 1000, "x" * 30_000]


async def security(town: Town) -> Json:
    return body(await town.ana.http.get("/api/security"))


async def test_an_account_begins_with_its_password_alone(town: Town) -> None:
    found = await security(town)
    assert set(found) == SECURITY_KEYS
    assert found == {
        "has_password": True,
        "second_step": False,
        "totp": False,
        "recovery_codes_left": 0,
        "passkeys": [],
        "fresh": True,
    }


async def test_an_app_is_begun_and_confirmed_and_from_then_on_asked_for(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    begun = body(await town.ana.http.post("/api/security/totp", json={"password": PASSWORD}))
    assert set(begun) == {"secret", "uri"}
    assert begun["uri"].startswith("otpauth://totp/")
    assert not (await security(town))["totp"]
    app = await use_app(town.ana)
    assert len(set(app.codes)) == 10
    found = await security(town)
    assert (found["totp"], found["second_step"], found["recovery_codes_left"]) == (True, True, 10)
    assert body(await town.ana.http.get("/api/me"))["second_step"] is True
    answer = await stranger.post("/auth/login", json={"username": "ana", "password": PASSWORD})
    assert answer.status_code == 401
    assert not answer.cookies
    said = answer.json()
    assert set(said) == {"type", "errors", "second_step"}
    assert said["type"] == "client_error"
    assert [error["code"] for error in said["errors"]] == ["second_step_required"]
    assert set(said["second_step"]) == {"token", "methods"}
    assert said["second_step"]["methods"] == ["totp", "recovery_code"]


async def test_a_code_of_the_app_signs_in_and_refreshing_asks_no_more(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    app = await use_app(town.ana)
    step = await first_step(stranger)
    asked = {"token": step["token"], "code": app.code()}
    answer = await stranger.post("/auth/second-step", json=asked)
    said = body(answer)
    assert set(said) == AUTH_KEYS
    assert said["user"]["id"] == town.ana.id
    assert {"access_token", "refresh_token", "csrftoken"} <= set(answer.cookies)
    assert body(await stranger.get("/api/me"))["id"] == town.ana.id
    refreshed = await stranger.post("/auth/refresh", json={"token": said["refresh_token"]})
    assert set(body(refreshed)) == AUTH_KEYS
    again = await stranger.post("/auth/second-step", json=asked)
    assert refused(again) == (400, "invalid_token", "token")
    asked["token"] = (await first_step(stranger))["token"]
    replayed = await stranger.post("/auth/second-step", json=asked)
    assert refused(replayed) == (400, "invalid_code", "code")


async def test_a_recovery_code_signs_in_once(town: Town, stranger: httpx.AsyncClient) -> None:
    app = await use_app(town.ana)
    typed = app.codes[0].replace("-", "").upper()
    first, second = [
        await stranger.post(
            "/auth/second-step",
            json={"token": (await first_step(stranger))["token"], "code": typed},
        )
        for _ in range(2)
    ]
    assert body(first)["user"]["id"] == town.ana.id
    assert refused(second) == (400, "invalid_code", "code")
    assert (await security(town))["recovery_codes_left"] == 9


async def test_a_passkey_signs_in_as_the_second_step(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    key, passkey = await use_passkey(town.ana)
    on = {"on": True, "password": PASSWORD}
    codes = body(await town.ana.http.put("/api/security/second-step", json=on))
    assert len(codes["recovery_codes"]) == 10
    step = await first_step(stranger)
    assert step["methods"] == ["passkey", "recovery_code"]
    asked = await stranger.post("/auth/second-step/passkey/options", json={"token": step["token"]})
    options = body(asked)["options"]
    assert [allowed["id"] for allowed in options["allowCredentials"]] == [passkey["id"]]
    proof = {"token": step["token"], "credential": key.get(options, verified=False)}
    said = body(await stranger.post("/auth/second-step/passkey", json=proof))
    assert set(said) == AUTH_KEYS
    assert said["user"]["id"] == town.ana.id
    again = await stranger.post("/auth/second-step/passkey", json=proof)
    assert refused(again) == (400, "invalid_token", "token")


@pytest.mark.parametrize(
    "credentials",
    [
        {"json": {"email": "ana@example.org", "password": PASSWORD}},
        {"data": {"username": "ana", "password": PASSWORD}},
        {"headers": basic("ana", PASSWORD)},
    ],
    ids=["e-mail", "form", "Basic"],
)
async def test_however_a_password_is_said_a_second_step_is_asked_for(
    town: Town, stranger: httpx.AsyncClient, credentials: Json
) -> None:
    await use_app(town.ana)
    answer = await stranger.post("/auth/login", **credentials)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "second_step_required")
    assert (await stranger.get("/api/me")).status_code == 401
    wrong = await stranger.post("/auth/login", json={"username": "ana", "password": "wrong"})
    assert refused(wrong) == (401, "invalid_credentials", None)


async def test_guessing_ends_after_five_tries_even_all_at_once(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    app = await use_app(town.ana)
    token = (await first_step(stranger))["token"]
    answers = await asyncio.gather(
        *[
            stranger.post("/auth/second-step", json={"token": token, "code": f"{guess:06}"})
            for guess in range(50)
        ]
    )
    judged = [refused(answer) for answer in answers]
    assert judged.count((400, "invalid_code", "code")) == 5
    assert judged.count((400, "invalid_token", "token")) == 45
    late = await stranger.post("/auth/second-step", json={"token": token, "code": app.code()})
    assert refused(late) == (400, "invalid_token", "token")


async def test_an_account_that_is_guessed_at_has_to_wait(strict_town: Town) -> None:
    app = await use_app(strict_town.ana)
    async with strict_town.client() as guesser:
        for _ in range(5):
            guess = {"token": (await first_step(guesser))["token"], "code": "000000"}
            answer = await guesser.post("/auth/second-step", json=guess)
            assert refused(answer) == (400, "invalid_code", "code")
        token = (await first_step(guesser))["token"]
        answer = await guesser.post("/auth/second-step", json={"token": token, "code": app.code()})
        assert refused(answer) == (429, "rate_limited", None)
        assert 0 < int(answer.headers["retry-after"]) <= FIRST_WAIT.total_seconds()
        by_passkey = {"token": token, "credential": {}}
        answer = await guesser.post("/auth/second-step/passkey", json=by_passkey)
        assert refused(answer) == (429, "rate_limited", None)


async def test_an_account_that_was_shut_in_between_stays_shut(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    app = await use_app(town.ana)
    token = (await first_step(stranger))["token"]
    async with town.storage.begin() as work:
        account = await work.accounts.get(town.ana.signed_in.account.id)
        await work.accounts.update(replace(account, disabled_at=utc_now()))
    answer = await stranger.post("/auth/second-step", json={"token": token, "code": app.code()})
    assert refused(answer) == (403, "account_disabled", None)
    assert not answer.cookies


@pytest.mark.parametrize("token", NO_TOKENS, ids=["empty", "word", "NUL", "odd", "long"])
async def test_what_is_no_token_finishes_nothing(stranger: httpx.AsyncClient, token: str) -> None:
    for path, more in (
        ("/auth/second-step", {"code": "123456"}),
        ("/auth/second-step/passkey/options", {}),
        ("/auth/second-step/passkey", {"credential": {}}),
    ):
        answer = await stranger.post(path, json={"token": token, **more})
        assert refused(answer) == (400, "invalid_token", "token")


@pytest.mark.parametrize(
    ("code", "attr"),
    [
        ("", "code"),
        ("١٢٣٤٥٦", "code"),
        ("12345", "code"),
        ("1234567", "code"),
        ("-12345", "code"),
        ("\x00", "code"),
        ("0" * 50_000, "code"),
        (123456, "code"),
        (None, "code"),
        (["000000"], "code"),
    ],
    ids=["empty", "Arabic", "short", "long", "negative", "NUL", "huge", "number", "null", "list"],
)
async def test_what_is_no_code_is_refused(
    town: Town, stranger: httpx.AsyncClient, code: object, attr: str
) -> None:
    begun = body(await town.ana.http.post("/api/security/totp", json={"password": PASSWORD}))
    assert begun
    answer = await town.ana.http.post("/api/security/totp/confirm", json={"code": code})
    assert refused(answer)[::2] == (400, attr)
    await use_app(town.ana)
    token = (await first_step(stranger))["token"]
    answer = await stranger.post("/auth/second-step", json={"token": token, "code": code})
    assert refused(answer)[::2] == (400, attr)


async def test_a_person_without_a_passkey_is_asked_for_none(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    await use_app(town.ana)
    token = (await first_step(stranger))["token"]
    answer = await stranger.post("/auth/second-step/passkey/options", json={"token": token})
    assert refused(answer) == (409, "no_passkey", None)


async def test_an_app_is_removed_and_the_second_step_goes_with_it(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    await use_app(town.ana)
    path = "/api/security/totp/remove"
    answer = await town.ana.http.post(path, json={"password": PASSWORD})
    assert (answer.status_code, answer.content) == (204, b"")
    found = await security(town)
    assert (found["totp"], found["second_step"], found["recovery_codes_left"]) == (False, False, 0)
    login = {"username": "ana", "password": PASSWORD}
    assert set(body(await stranger.post("/auth/login", json=login))) == AUTH_KEYS


async def test_it_is_switched_off_and_on(town: Town, stranger: httpx.AsyncClient) -> None:
    await use_app(town.ana)
    off, on = ({"on": on, "password": PASSWORD} for on in (False, True))
    path = "/api/security/second-step"
    assert body(await town.ana.http.put(path, json=off)) == {"recovery_codes": []}
    login = {"username": "ana", "password": PASSWORD}
    assert (await stranger.post("/auth/login", json=login)).status_code == 200
    codes = body(await town.ana.http.put(path, json=on))["recovery_codes"]
    newer = body(await town.ana.http.post("/api/security/recovery-codes", json=login | on))
    assert len(codes) == len(newer["recovery_codes"]) == 10
    assert not set(codes) & set(newer["recovery_codes"])
    step = await first_step(stranger)
    for code, status in ((codes[0], 400), (newer["recovery_codes"][0], 200)):
        asked = {"token": step["token"], "code": code}
        assert (await stranger.post("/auth/second-step", json=asked)).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "more"),
    [
        ("POST", "/api/security/totp", {}),
        ("POST", "/api/security/totp/remove", {}),
        ("POST", "/api/security/recovery-codes", {}),
        ("PUT", "/api/security/second-step", {"on": True}),
        ("PUT", "/api/security/second-step", {"on": False}),
    ],
)
async def test_each_change_needs_the_password(
    strict_town: Town, method: str, path: str, more: Json
) -> None:
    http = strict_town.ana.http
    assert refused(await http.request(method, path, json=more)) == (400, "required", "password")
    for wrong, code in ((7, "invalid"), ("wrong horse", "wrong_password")):
        answer = await http.request(method, path, json=more | {"password": wrong})
        assert refused(answer) == (400, code, "password")
    wrong_one = more | {"password": "wrong horse"}
    # All at once: on a slow machine hashing takes the time in which one may try again.
    answers = await asyncio.gather(*(http.request(method, path, json=wrong_one) for _ in range(5)))
    assert (429, "rate_limited", None) in map(refused, answers)


async def test_what_there_is_nothing_for_is_refused(town: Town) -> None:
    http, password = town.ana.http, {"password": PASSWORD}
    for path, code in (
        ("/api/security/totp/remove", "no_app"),
        ("/api/security/recovery-codes", "nothing_to_ask_for"),
    ):
        assert refused(await http.post(path, json=password)) == (409, code, None)
    answer = await http.put("/api/security/second-step", json={"on": True, **password})
    assert refused(answer) == (409, "nothing_to_ask_for", None)
    answer = await http.post("/api/security/totp/confirm", json={"code": "123456"})
    assert refused(answer) == (409, "no_app", None)
    await use_app(town.ana)
    answer = await http.post("/api/security/totp", json=password)
    assert refused(answer) == (409, "has_app", None)


@pytest.mark.parametrize("on", ["true", 1, None, [], {}], ids=str)
async def test_a_switch_is_on_or_off_and_nothing_else(town: Town, on: object) -> None:
    asked = {"on": on, "password": PASSWORD}
    answer = await town.ana.http.put("/api/security/second-step", json=asked)
    assert refused(answer) == (400, "invalid", "on")
    answer = await town.ana.http.put("/api/security/second-step", json={"password": PASSWORD})
    assert refused(answer) == (400, "required", "on")
