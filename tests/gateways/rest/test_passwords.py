"""One's password over HTTP: forgotten, changed, and done without."""

from __future__ import annotations

import httpx
import pytest

from tertulia.core.letters import LetterKind
from tests.gateways.rest.conftest import FIRST_WAIT, PASSWORD, Json, Town, body, brief, refusal
from tests.gateways.rest.contract import USER_KEYS
from tests.gateways.rest.letters import code_of, letters, token_of

NEW_PASSWORD = "another horse battery"
NEW = {"new_password": NEW_PASSWORD, "new_password_confirmation": NEW_PASSWORD}
ANA = "ana@example.org"
PHONE = "+34600123456"

bad_passwords = pytest.mark.parametrize(
    ("changes", "code", "attr"),
    [
        pytest.param({"new_password": None}, "required", "new_password", id="none"),
        pytest.param({"new_password": 7}, "invalid", "new_password", id="a number"),
        pytest.param({"new_password": "short"}, "too_short", "new_password", id="a short one"),
        pytest.param({"new_password": "x" * 129}, "too_long", "new_password", id="a long one"),
        pytest.param(
            {"new_password_confirmation": None},
            *("required", "new_password_confirmation"),
            id="typed once",
        ),
        pytest.param(
            {"new_password_confirmation": NEW_PASSWORD.upper()},
            *("mismatch", "new_password_confirmation"),
            id="typed twice differently",
        ),
    ],
)


def changed(given: Json, changes: Json) -> Json:
    return {name: value for name, value in (given | changes).items() if value is not None}


async def reset_token(town: Town, email: str = ANA) -> str:
    async with town.client() as stranger:
        answer = await stranger.post("/auth/password/request", json={"email": email})
    assert answer.status_code == 204
    return await token_of(town, LetterKind.RESET_PASSWORD)


async def lets_in(town: Town, password: str) -> bool:
    async with town.client() as stranger:
        answer = await stranger.post("/auth/login", json={"email": ANA, "password": password})
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


async def test_whether_an_address_is_known_is_not_told(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    await letters(town)
    known, unknown = [
        await stranger.post("/auth/password/request", json={"email": email})
        for email in (ANA, "nobody@example.org")
    ]
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert (known.status_code, known.content) == (204, b"")
    assert set(known.headers) == set(unknown.headers)
    assert [letter.to for letter in await letters(town)] == [ANA]
    odd = await stranger.post("/auth/password/request", json={"email": "no address"})
    assert refusal(odd) == (400, "invalid", "email")


async def test_a_link_tells_whose_password_it_sets_and_stays_good(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    token = await reset_token(town)
    for _ in range(2):
        said = body(await stranger.post("/auth/password/confirm", json={"token": token}))
        assert said["success"] is True
        assert set(said["user"]) == USER_KEYS
        assert said["user"]["id"] == town.ana.id
    answer = await stranger.post("/auth/password/reset", json={"token": token, **NEW})
    assert answer.status_code == 204


async def test_a_reset_signs_out_everywhere_and_confirms_the_address(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    browser = await town.browser(town.ana)
    token = await reset_token(town)
    # The present password is what was forgotten: whatever is sent in its place is not looked at.
    asked = {"token": token, "password": "whatever it was", **NEW}
    answer = await stranger.post("/auth/password/reset", json=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert not answer.cookies
    assert refusal(await town.ana.http.get("/api/me"))[:2] == (401, "invalid_token")
    assert (await browser.get("/api/me")).status_code == 401
    again = await stranger.post("/auth/password/reset", json={"token": token, **NEW})
    assert refusal(again) == (400, "invalid_token", "token")
    assert not await lets_in(town, PASSWORD)
    login = {"email": ANA, "password": NEW_PASSWORD}
    said = body(await stranger.post("/auth/login", json=login))
    assert said["user"]["confirmed_at"] is not None
    assert [letter.kind for letter in await letters(town)] == [LetterKind.PASSWORD_CHANGED]


@pytest.mark.parametrize("token", ["", "nonsense", "\x00", "x" * 30_000], ids=brief)
async def test_what_is_no_token_sets_nothing(stranger: httpx.AsyncClient, token: str) -> None:
    for path, more in (("/auth/password/confirm", {}), ("/auth/password/reset", NEW)):
        answer = await stranger.post(path, json={"token": token, **more})
        assert refusal(answer) == (400, "invalid_token", "token")


@bad_passwords
async def test_a_reset_to_what_cannot_be_spends_nothing(
    town: Town, stranger: httpx.AsyncClient, changes: Json, code: str, attr: str
) -> None:
    good = {"token": await reset_token(town), **NEW}
    answer = await stranger.post("/auth/password/reset", json=changed(good, changes))
    assert refusal(answer) == (400, code, attr)
    assert await lets_in(town, PASSWORD)
    assert (await stranger.post("/auth/password/reset", json=good)).status_code == 204


async def test_who_was_shut_out_gets_no_link_and_sets_no_password(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    token = await reset_token(town)
    await town.core.administration.disable(ANA)
    answer = await stranger.post("/auth/password/reset", json={"token": token, **NEW})
    assert refusal(answer) == (403, "account_disabled", None)
    asked = await stranger.post("/auth/password/request", json={"email": ANA})
    assert (asked.status_code, asked.content) == (204, b"")
    assert await letters(town) == []


async def test_a_browser_stays_signed_in_with_new_cookies(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    browser = await town.browser(town.ana)
    before = dict(browser.cookies)
    answer = await browser.patch("/api/password", json={"password": PASSWORD, **NEW})
    assert (answer.status_code, answer.content) == (204, b"")
    for name in ("access_token", "refresh_token"):
        assert answer.cookies[name] == browser.cookies[name] != before[name]
    # The other session is over, and no refresh token from before holds.
    assert refusal(await town.ana.http.get("/api/me"))[:2] == (401, "invalid_token")
    for token in (before["refresh_token"], town.ana.signed_in.refresh_token):
        refused = await stranger.post("/auth/refresh", json={"token": token})
        assert refusal(refused) == (401, "invalid_token", None)
    # The session that goes on was not ended by the old token being shown.
    assert body(await browser.get("/api/me"))["id"] == town.ana.id
    assert body(await browser.post("/auth/refresh"))["user"]["id"] == town.ana.id
    assert await lets_in(town, NEW_PASSWORD)
    assert not await lets_in(town, PASSWORD)


@bad_passwords
async def test_a_change_to_what_cannot_be_changes_nothing(
    town: Town, changes: Json, code: str, attr: str
) -> None:
    browser = await town.browser(town.ana)
    asked = changed({"password": PASSWORD, **NEW}, changes)
    answer = await browser.patch("/api/password", json=asked)
    assert refusal(answer) == (400, code, attr)
    assert not answer.cookies
    assert (await town.ana.http.get("/api/me")).status_code == 200
    assert await lets_in(town, PASSWORD)


@pytest.mark.parametrize(
    ("password", "code"),
    [(None, "required"), ("", "required"), ("wrong", "wrong_password"), (7, "invalid")],
)
@pytest.mark.parametrize(
    ("method", "path"), [("PATCH", "/api/password"), ("POST", "/api/password/remove")]
)
async def test_the_present_password_is_asked_for(
    town: Town, method: str, path: str, password: object, code: str
) -> None:
    asked = changed(NEW if method == "PATCH" else {}, {"password": password})
    answer = await town.ana.http.request(method, path, json=asked)
    assert refusal(answer) == (400, code, "password")
    assert await lets_in(town, PASSWORD)


async def test_guessing_the_present_password_has_to_wait(strict_town: Town) -> None:
    guess = {"password": "wrong horse battery", **NEW}
    answers = [await strict_town.ana.http.patch("/api/password", json=guess) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [400] * 5 + [429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= FIRST_WAIT.total_seconds()
    assert (await strict_town.ana.http.get("/api/me")).status_code == 200


async def test_a_page_elsewhere_changes_no_password(town: Town) -> None:
    browser = await town.browser(town.ana)
    del browser.headers["X-CSRFToken"]
    answer = await browser.patch("/api/password", json={"password": PASSWORD, **NEW})
    assert refusal(answer) == (403, "csrf_failed", None)
    assert await lets_in(town, PASSWORD)


async def test_the_last_way_in_is_not_taken_away(town: Town) -> None:
    answer = await town.ana.http.post("/api/password/remove", json={"password": PASSWORD})
    assert refusal(answer) == (409, "last_way_in", None)
    assert await lets_in(town, PASSWORD)


async def test_who_comes_in_another_way_does_without(town: Town) -> None:
    await town.ana.http.post("/api/phone/request", json={"phone": PHONE})
    await town.ana.http.post("/api/phone", json={"phone": PHONE, "code": await code_of(town)})
    answer = await town.ana.http.post("/api/password/remove", json={"password": PASSWORD})
    assert (answer.status_code, answer.content) == (204, b"")
    assert not await lets_in(town, PASSWORD)
    assert (await town.ana.http.get("/api/me")).status_code == 200
    (letter,) = await letters(town)
    assert (letter.kind, letter.to) == (LetterKind.PASSWORD_REMOVED, ANA)
    # Who signed in a moment ago chooses a first one without one to show.
    first = await town.ana.http.patch("/api/password", json=NEW)
    assert first.status_code == 204
    assert await lets_in(town, NEW_PASSWORD)


async def test_links_for_one_address_are_limited_known_or_not(strict_town: Town) -> None:
    async with strict_town.client() as stranger:
        for email in (ANA, "nobody@example.org"):
            asked = {"email": email}
            answers = [await stranger.post("/auth/password/request", json=asked) for _ in range(6)]
            assert [answer.status_code for answer in answers] == [204] * 5 + [429]
            assert refusal(answers[-1]) == (429, "rate_limited", None)
            assert int(answers[-1].headers["retry-after"]) >= 1
