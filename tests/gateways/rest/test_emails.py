"""One's e-mail address over HTTP: confirmed, and changed, by the links of mails."""

from __future__ import annotations

import httpx
import pytest

from tertulia.core.letters import LetterKind
from tests.gateways.rest.conftest import PASSWORD, Json, Person, Town, body, brief, refusal
from tests.gateways.rest.letters import code_of, letters, token_of

NEW = "ana.maria@example.org"
NO_TOKENS = ["", "nonsense", "a.b.c", "\x00", "é" * 10_000, "x" * 30_000]


async def me(person: Person) -> Json:
    return body(await person.http.get("/api/me"))


async def change_token(town: Town) -> str:
    assert (await town.ana.http.post("/api/token/email_change")).status_code == 204
    return await token_of(town, LetterKind.CHANGE_EMAIL)


async def confirm_token(town: Town) -> str:
    assert (await town.ana.http.post("/api/token/email_confirm")).status_code == 204
    return await token_of(town, LetterKind.CONFIRM_EMAIL)


async def test_whoever_has_the_link_confirms_the_address_once(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    token = await confirm_token(town)
    assert (await me(town.ana))["confirmed_at"] is None
    answer = await stranger.post("/auth/confirm", json={"token": token})
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await me(town.ana))["confirmed_at"] is not None
    again = await stranger.post("/auth/confirm", json={"token": token})
    assert refusal(again) == (400, "invalid_token", "token")


async def test_what_is_confirmed_is_asked_for_no_more(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    await stranger.post("/auth/confirm", json={"token": await confirm_token(town)})
    assert (await town.ana.http.post("/api/token/email_confirm")).status_code == 204
    assert await letters(town) == []


@pytest.mark.parametrize("token", NO_TOKENS, ids=brief)
async def test_what_is_no_token_confirms_nothing(stranger: httpx.AsyncClient, token: str) -> None:
    answer = await stranger.post("/auth/confirm", json={"token": token})
    assert refusal(answer) == (400, "invalid_token", "token")


async def test_a_link_is_good_for_what_it_was_sent_for_alone(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    to_change = await change_token(town)
    answer = await stranger.post("/auth/confirm", json={"token": to_change})
    assert refusal(answer) == (400, "invalid_token", "token")
    to_confirm = await confirm_token(town)
    asked = {"email": NEW, "password": PASSWORD, "token": to_confirm}
    answer = await town.ana.http.patch("/api/email", json=asked)
    assert refusal(answer) == (400, "invalid_token", "token")


async def test_another_address_is_unconfirmed_and_both_hear_of_it(town: Town) -> None:
    token = await change_token(town)
    asked = {"email": NEW, "password": PASSWORD, "token": token}
    answer = await town.ana.http.patch("/api/email", json=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    changed = await me(town.ana)
    assert (changed["email"], changed["confirmed_at"]) == (NEW, None)
    written = {letter.kind: letter for letter in await letters(town)}
    assert set(written) == {LetterKind.CONFIRM_EMAIL, LetterKind.EMAIL_CHANGED}
    assert written[LetterKind.EMAIL_CHANGED].to == "ana@example.org"
    confirmation = written[LetterKind.CONFIRM_EMAIL]
    assert confirmation.to == NEW
    assert (confirmation.path or "").startswith("/confirm-email#")
    async with town.client() as stranger:
        login = {"email": NEW, "password": PASSWORD}
        assert (await stranger.post("/auth/login", json=login)).status_code == 200
        old = {**login, "email": "ana@example.org"}
        assert refusal(await stranger.post("/auth/login", json=old))[0] == 401


@pytest.mark.parametrize(
    ("changes", "code", "attr"),
    [
        pytest.param({"email": None}, "required", "email", id="no address"),
        pytest.param({"email": "nobody"}, "invalid", "email", id="what is no address"),
        pytest.param({"email": "a\x00@example.org"}, "invalid", "email", id="a NUL"),
        pytest.param({"email": "a@example.org\nBcc: b@c.org"}, "invalid", "email", id="a header"),
        pytest.param({"email": "BEA@example.org"}, "taken", "email", id="a taken address"),
        pytest.param({"email": ["a"]}, "invalid", "email", id="a list for an address"),
        pytest.param({"token": None}, "required", "token", id="no token"),
        pytest.param({"token": ""}, "required", "token", id="an empty token"),
        pytest.param({"token": "guess"}, "invalid_token", "token", id="a guessed token"),
        pytest.param({"token": 7}, "invalid", "token", id="a number for a token"),
        pytest.param({"password": None}, "required", "password", id="no password"),
        pytest.param({"password": "wrong"}, "wrong_password", "password", id="a wrong password"),
        pytest.param({"password": {}}, "invalid", "password", id="an object for a password"),
    ],
)
async def test_a_change_that_cannot_be_is_refused_and_spends_nothing(
    town: Town, changes: Json, code: str, attr: str
) -> None:
    good = {"email": NEW, "password": PASSWORD, "token": await change_token(town)}
    asked = {name: value for name, value in (good | changes).items() if value is not None}
    answer = await town.ana.http.patch("/api/email", json=asked)
    assert refusal(answer) == (400, code, attr)
    assert (await me(town.ana))["email"] == "ana@example.org"
    assert await letters(town) == []
    assert (await town.ana.http.patch("/api/email", json=good)).status_code == 204


async def test_nobody_changes_an_address_by_the_link_of_another(town: Town) -> None:
    asked = {"email": NEW, "password": PASSWORD, "token": await change_token(town)}
    answer = await town.bea.http.patch("/api/email", json=asked)
    assert refusal(answer) == (400, "invalid_token", "token")
    assert (await me(town.bea))["email"] == "bea@example.org"


async def test_a_first_address_needs_no_link(town: Town, stranger: httpx.AsyncClient) -> None:
    phone = {"phone": "+34600123456"}
    await stranger.post("/auth/sms/request", json=phone)
    signed_in = body(
        await stranger.post("/auth/sms/verify", json={**phone, "code": await code_of(town)})
    )
    stranger.cookies.clear()
    stranger.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
    nowhere = await stranger.post("/api/token/email_change")
    assert refusal(nowhere) == (409, "no_email", None)
    assert (await stranger.patch("/api/email", json={"email": NEW})).status_code == 204
    assert body(await stranger.get("/api/me"))["email"] == NEW
    (letter,) = await letters(town)
    assert (letter.kind, letter.to) == (LetterKind.CONFIRM_EMAIL, NEW)


@pytest.mark.parametrize("path", ["/api/token/email_confirm", "/api/token/email_change"])
async def test_a_page_elsewhere_has_no_mails_sent(town: Town, path: str) -> None:
    browser = await town.browser(town.ana)
    await letters(town)
    del browser.headers["X-CSRFToken"]
    assert refusal(await browser.post(path)) == (403, "csrf_failed", None)
    assert await letters(town) == []


@pytest.mark.parametrize("path", ["/api/token/email_confirm", "/api/token/email_change"])
async def test_mails_to_one_person_are_limited(strict_town: Town, path: str) -> None:
    answers = [await strict_town.ana.http.post(path) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [204] * 5 + [429]
    assert refusal(answers[-1]) == (429, "rate_limited", None)
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 3600
    assert (await strict_town.bea.http.post(path)).status_code == 204
