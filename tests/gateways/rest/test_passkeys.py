"""Passkeys over HTTP: made, used, renamed and forgotten; and what no browser would send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from tertulia.core.clock import utc_now
from tests.authenticator import SoftwareKey, encoded
from tests.gateways.rest.conftest import MAX_REQUEST_BYTES, PASSWORD, body, brief
from tests.gateways.rest.contract import AUTH_KEYS
from tests.gateways.rest.proofs import first_step, refused, use_passkey

if TYPE_CHECKING:
    import httpx

    from tests.gateways.rest.conftest import Json, Town

PASSKEY_KEYS = {"id", "name", "inserted_at", "last_used_at"}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"

MADE = ("clientDataJSON", "attestationObject")
PROVEN = ("clientDataJSON", "authenticatorData", "signature")

ODD: list[Json] = [
    {"id": None},
    {"id": 7, "rawId": 7},
    {"id": "!!!", "rawId": "!!!"},
    {"id": "AAA=", "rawId": "AAA="},
    {"id": "AAA+", "rawId": "AAA/"},
    {"id": "é", "rawId": "é"},
    {"id": "A" * 25_000, "rawId": "A" * 25_000},
    {"id": "AAAA"},
    {"rawId": []},
    {"type": "password"},
    {"type": {}},
    {"response": None},
    {"response": "text"},
    {"response": {}},
]
ODD_PARTS: list[object] = [
    *(None, 7, [], {"a": "b"}, "", "!!!", "é", "\x00", "A" * 50_000),
    encoded(b"{}"),
    encoded(b"[" * 30_000),
    encoded(b"\x81" * 30_000 + b"\x00"),
    encoded(b"\x5b" + b"\x7f" * 8),
    encoded(bytes(37)),
]


@dataclass
class Door:
    """Where browsers' answers are sent; `begin` returns a body that lasts for so many `tries`."""

    path: str
    begin: Callable[[], Awaitable[Json]]
    tries: int
    parts: tuple[str, ...]
    _begun: Json = field(default_factory=dict)
    _left: int = 0

    async def asked(self) -> Json:
        """Return a body that is right, and whose token was not tried too often."""
        if not self._left:
            self._begun, self._left = await self.begin(), self.tries
        self._left -= 1
        return self._begun


async def sign_in(client: httpx.AsyncClient, key: SoftwareKey, **bent: Any) -> httpx.Response:
    begun = body(await client.post("/auth/passkey/options"))
    assert set(begun) == {"token", "options"}
    proof = {"token": begun["token"], "credential": key.get(begun["options"], **bent)}
    return await client.post("/auth/passkey", json=proof)


async def test_a_passkey_is_made_and_signs_in_without_a_name_or_a_second_step(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    key, made = await use_passkey(town.ana, "  My   laptop ")
    assert set(made) == PASSKEY_KEYS
    assert (made["id"], made["name"], made["last_used_at"]) == (encoded(key.id), "My laptop", None)
    on = {"on": True, "password": PASSWORD}
    await town.ana.http.put("/api/security/second-step", json=on)
    answer = await sign_in(stranger, key)
    said = body(answer)
    assert set(said) == AUTH_KEYS
    assert said["user"]["id"] == town.ana.id
    assert {"access_token", "refresh_token", "csrftoken"} <= set(answer.cookies)
    assert body(await stranger.get("/api/me"))["id"] == town.ana.id
    (kept,) = body(await town.ana.http.get("/api/security"))["passkeys"]
    assert set(kept) == PASSKEY_KEYS
    assert kept["last_used_at"].endswith("Z")


async def test_what_a_browser_is_asked_for_is_in_its_own_words(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    _, made = await use_passkey(town.ana)
    asked = {"password": PASSWORD}
    creation = body(await town.ana.http.post("/api/passkeys/options", json=asked))["options"]
    assert creation["rp"] == {"id": "localhost", "name": "Tertulia"}
    assert creation["user"]["name"] == "ana@example.org"
    assert [known["id"] for known in creation["excludeCredentials"]] == [made["id"]]
    assert creation["authenticatorSelection"]["residentKey"] == "required"
    assert creation["authenticatorSelection"]["userVerification"] == "required"
    request = body(await stranger.post("/auth/passkey/options"))["options"]
    assert (request["rpId"], request["userVerification"]) == ("localhost", "required")
    assert not request.get("allowCredentials")
    assert request["challenge"] != creation["challenge"]


async def test_a_passkey_without_a_name_is_called_after_the_browser(town: Town) -> None:
    town.ana.http.headers["User-Agent"] = FIREFOX
    _, made = await use_passkey(town.ana, None)
    assert made["name"] == "Firefox on Linux"


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://evil.example"},
        {"rp_id": "evil.example"},
        {"challenge": b"x" * 32},
        {"verified": False},
        {"tampered": True},
        {"cross_origin": True},
        {"user_handle": b""},
    ],
    ids=str,
)
async def test_a_proof_that_does_not_hold_signs_nobody_in(
    town: Town, stranger: httpx.AsyncClient, bent: Json
) -> None:
    key, _ = await use_passkey(town.ana)
    answer = await sign_in(stranger, key, **bent)
    assert refused(answer) == (400, "invalid_passkey", "credential")
    assert not answer.cookies
    assert (await sign_in(stranger, key)).status_code == 200


async def test_a_proof_is_good_once(town: Town, stranger: httpx.AsyncClient) -> None:
    key, _ = await use_passkey(town.ana)
    begun = body(await stranger.post("/auth/passkey/options"))
    proof = {"token": begun["token"], "credential": key.get(begun["options"])}
    assert (await stranger.post("/auth/passkey", json=proof)).status_code == 200
    again = await stranger.post("/auth/passkey", json=proof)
    assert refused(again) == (400, "invalid_token", "token")


async def test_a_key_whose_count_goes_back_is_refused(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    key, _ = await use_passkey(town.ana)
    key.count = 7
    assert (await sign_in(stranger, key)).status_code == 200
    answer = await sign_in(stranger, replace(key, count=6))
    assert refused(answer) == (400, "invalid_passkey", "credential")


async def test_an_unknown_key_and_a_shut_account_come_not_in(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    answer = await sign_in(stranger, SoftwareKey())
    assert refused(answer) == (400, "invalid_passkey", "credential")
    key, _ = await use_passkey(town.ana)
    async with town.storage.begin() as work:
        account = await work.accounts.get(town.ana.signed_in.account.id)
        await work.accounts.update(replace(account, disabled_at=utc_now()))
    assert refused(await sign_in(stranger, key)) == (403, "account_disabled", None)


async def _doors(town: Town, stranger: httpx.AsyncClient) -> list[Door]:
    """Return the three doors that take a browser's answer; to one of them a second step leads."""
    key, _ = await use_passkey(town.ana)
    on = {"on": True, "password": PASSWORD}
    await town.ana.http.put("/api/security/second-step", json=on)

    async def adding() -> Json:
        begun = body(await town.ana.http.post("/api/passkeys/options", json=on))
        credential = SoftwareKey().create(begun["options"])
        return {"token": begun["token"], "name": "A", "credential": credential}

    async def coming() -> Json:
        begun = body(await stranger.post("/auth/passkey/options"))
        return {"token": begun["token"], "credential": key.get(begun["options"])}

    async def going_on() -> Json:
        step = {"token": (await first_step(stranger))["token"]}
        asked = body(await stranger.post("/auth/second-step/passkey/options", json=step))
        return step | {"credential": key.get(asked["options"])}

    return [
        Door("/api/passkeys", adding, 1000, MADE),
        Door("/auth/passkey", coming, 1, PROVEN),
        Door("/auth/second-step/passkey", going_on, 5, PROVEN),
    ]


async def test_an_answer_that_no_browser_gives_is_refused_at_every_door(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    for door in await _doors(town, stranger):
        for odd in ODD:
            asked = await door.asked()
            credential = asked["credential"] | odd
            answer = await town.ana.http.post(door.path, json=asked | {"credential": credential})
            assert refused(answer) == (400, "invalid_passkey", "credential"), (door.path, odd)
        asked = await door.asked()
        answer = await town.ana.http.post(door.path, json=asked | {"credential": {}})
        assert refused(answer) == (400, "invalid_passkey", "credential")
    assert len(body(await town.ana.http.get("/api/security"))["passkeys"]) == 1


async def test_a_part_of_an_answer_that_no_browser_gives_is_refused_at_every_door(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    for door in await _doors(town, stranger):
        for odd in ODD_PARTS:
            for part in door.parts:
                asked = await door.asked()
                credential = asked["credential"]
                bent = credential | {"response": credential["response"] | {part: odd}}
                answer = await town.ana.http.post(door.path, json=asked | {"credential": bent})
                assert refused(answer) == (400, "invalid_passkey", "credential"), (part, odd)
    assert len(body(await town.ana.http.get("/api/security"))["passkeys"]) == 1


async def test_a_credential_is_an_object_of_a_bounded_size(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    for door in await _doors(town, stranger):
        asked = await door.asked()
        others: list[object] = [None, 7, "text", [], [{}], True]
        for other in others:
            answer = await town.ana.http.post(door.path, json=asked | {"credential": other})
            assert refused(answer) == (400, "invalid", "credential")
        huge = asked["credential"] | {"more": "x" * MAX_REQUEST_BYTES}
        answer = await town.ana.http.post(door.path, json=asked | {"credential": huge})
        assert refused(answer) == (413, "too_large", None)
        credential = asked.pop("credential")
        answer = await town.ana.http.post(door.path, json=asked)
        assert refused(answer) == (400, "required", "credential")
        answer = await town.ana.http.post(door.path, json=asked | {"credential": credential})
        assert answer.status_code == 200


async def test_what_is_no_token_begins_and_ends_nothing(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    for door in await _doors(town, stranger):
        asked = await door.asked()
        for token in ("", "guess", "\x00", "é" * 1000):
            answer = await town.ana.http.post(door.path, json=asked | {"token": token})
            assert refused(answer) == (400, "invalid_token", "token")


async def test_a_ceremony_belongs_to_whoever_began_it(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    adding, *_ = await _doors(town, stranger)
    asked = await adding.asked()
    answer = await town.bea.http.post("/api/passkeys", json=asked)
    assert refused(answer) == (400, "invalid_token", "token")
    assert (await town.ana.http.post("/api/passkeys", json=asked)).status_code == 200


async def test_a_known_key_is_not_kept_twice(town: Town) -> None:
    key, _ = await use_passkey(town.ana)
    begun = body(await town.bea.http.post("/api/passkeys/options", json={"password": PASSWORD}))
    asked = {"token": begun["token"], "name": "A", "credential": key.create(begun["options"])}
    answer = await town.bea.http.post("/api/passkeys", json=asked)
    assert refused(answer) == (409, "passkey_taken", None)


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "required"), (" ", "required"), ("x" * 51, "too_long"), (7, "invalid"), (None, None)],
    ids=str,
)
async def test_a_passkey_is_called_something(town: Town, name: object, code: str | None) -> None:
    _, made = await use_passkey(town.ana)
    renaming = await town.ana.http.patch(f"/api/passkeys/{made['id']}", json={"name": name})
    assert refused(renaming)[::2] == (400, "name")
    begun = body(await town.ana.http.post("/api/passkeys/options", json={"password": PASSWORD}))
    credential = SoftwareKey().create(begun["options"])
    asked = {"token": begun["token"], "credential": credential, "name": name}
    answer = await town.ana.http.post("/api/passkeys", json=asked)
    if code is None:
        assert answer.status_code == 200
    else:
        assert refused(answer) == (400, code, "name")


async def test_a_passkey_is_renamed_and_forgotten(town: Town, stranger: httpx.AsyncClient) -> None:
    key, made = await use_passkey(town.ana)
    path = f"/api/passkeys/{made['id']}"
    renamed = body(await town.ana.http.patch(path, json={"name": "Telephone"}))
    assert renamed == made | {"name": "Telephone"}
    answer = await town.ana.http.post(f"{path}/remove", json={"password": PASSWORD})
    assert (answer.status_code, answer.content) == (204, b"")
    assert body(await town.ana.http.get("/api/security"))["passkeys"] == []
    answer = await sign_in(stranger, key)
    assert refused(answer) == (400, "invalid_passkey", "credential")


@pytest.mark.parametrize(
    "passkey_id",
    ["AAAA", "A", "!!!", "AAA=", "%C3%A9", "%00", "%FF", "a.b", "A" * 5000],
    ids=brief,
)
async def test_what_is_not_ones_own_passkey_is_not_there(town: Town, passkey_id: str) -> None:
    for person in (town.ana, town.bea):
        await use_passkey(person)
    path = f"/api/passkeys/{passkey_id}"
    answer = await town.ana.http.patch(path, json={"name": "A"})
    assert refused(answer) == (404, "not_found", None)
    answer = await town.ana.http.post(f"{path}/remove", json={"password": PASSWORD})
    assert refused(answer) == (404, "not_found", None)


async def test_somebody_elses_passkey_is_not_there(town: Town) -> None:
    _, made = await use_passkey(town.bea)
    path = f"/api/passkeys/{made['id']}"
    answer = await town.ana.http.patch(path, json={"name": "A"})
    assert refused(answer) == (404, "not_found", None)
    answer = await town.ana.http.post(f"{path}/remove", json={"password": PASSWORD})
    assert refused(answer) == (404, "not_found", None)
    assert len(body(await town.bea.http.get("/api/security"))["passkeys"]) == 1


async def test_making_and_removing_need_the_password(strict_town: Town) -> None:
    _, made = await use_passkey(strict_town.ana)
    for path in ("/api/passkeys/options", f"/api/passkeys/{made['id']}/remove"):
        answer = await strict_town.ana.http.post(path)
        assert refused(answer) == (400, "required", "password")
        answer = await strict_town.ana.http.post(path, json={"password": 7})
        assert refused(answer) == (400, "invalid", "password")
    path, wrong = f"/api/passkeys/{made['id']}/remove", {"password": "wrong horse"}
    answers = [await strict_town.ana.http.post(path, json=wrong) for _ in range(6)]
    assert refused(answers[-1]) == (429, "rate_limited", None)
    answer = await strict_town.ana.http.post("/api/passkeys/options", json={"password": PASSWORD})
    assert refused(answer) == (429, "rate_limited", None)


async def test_the_last_way_in_is_not_taken_away(town: Town) -> None:
    _, made = await use_passkey(town.ana)
    answer = await town.ana.http.post("/api/password/remove", json={"password": PASSWORD})
    assert answer.status_code == 204
    assert body(await town.ana.http.get("/api/security"))["has_password"] is False
    answer = await town.ana.http.post(f"/api/passkeys/{made['id']}/remove")
    assert refused(answer) == (409, "last_way_in", None)


async def test_ceremonies_are_begun_so_often_and_no_more(strict_town: Town) -> None:
    async with strict_town.client() as client:
        for _ in range(60):
            assert (await client.post("/auth/passkey/options")).status_code == 200
        assert refused(await client.post("/auth/passkey/options")) == (429, "rate_limited", None)
