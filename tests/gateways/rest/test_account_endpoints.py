"""Every endpoint of the account interface, one by one: who may, what it is sent, what it answers.

The table is whole: an operation of the OpenAPI document about accounts that it does not name fails
the tests, and so does a name that the document does not have.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tertulia.core.letters import LetterKind
from tertulia.gateways.rest.app import openapi_document
from tests.gateways.rest.conftest import PASSWORD, body, refusal
from tests.gateways.rest.contract import AUTH_KEYS, ME_KEYS, PROFILE_KEYS, USER_KEYS
from tests.gateways.rest.letters import code_of, token_of

if TYPE_CHECKING:
    import httpx

    from tests.gateways.rest.conftest import Town

PHONE = "+34600123456"
NEW_PASSWORD = "another horse battery"
NEW = {"new_password": NEW_PASSWORD, "new_password_confirmation": NEW_PASSWORD}
LOGIN = {"email": "ana@example.org", "password": PASSWORD}

Given = dict[str, Any]
"""What a request needs: `path` values under their names in braces, all else is its body."""


@dataclass(frozen=True)
class Endpoint:
    """One row: a request that works, and what is documented to come back.

    `keys` are those of the answer, None where it has no body. `public` ones ask for no credentials.
    `code` is how a request with nothing in it is refused, None where nothing is needed.
    """

    method: str
    path: str
    status: int
    keys: set[str] | None
    given: Callable[[Town], Awaitable[Given]] | Given = field(default_factory=dict)
    public: bool = False
    code: str | None = None

    @property
    def name(self) -> str:
        """How the document calls it."""
        return f"{self.method} {self.path}"


async def _confirmation(town: Town) -> Given:
    await town.ana.http.post("/api/token/email_confirm")
    return {"token": await token_of(town, LetterKind.CONFIRM_EMAIL)}


async def _reset(town: Town) -> Given:
    await town.ana.http.post("/auth/password/request", json={"email": LOGIN["email"]})
    return {"token": await token_of(town, LetterKind.RESET_PASSWORD)}


async def _reset_with_passwords(town: Town) -> Given:
    return {**await _reset(town), "password": PASSWORD, **NEW}


async def _email_change(town: Town) -> Given:
    await town.ana.http.post("/api/token/email_change")
    token = await token_of(town, LetterKind.CHANGE_EMAIL)
    return {"token": token, "email": "ana.maria@example.org", "password": PASSWORD}


async def _refresh(town: Town) -> Given:
    return {"token": town.ana.signed_in.refresh_token}


async def _phone_code(town: Town) -> Given:
    async with town.client() as stranger:
        await stranger.post("/auth/sms/request", json={"phone": PHONE})
    return {"phone": PHONE, "code": await code_of(town), "display_name": "Ana by phone"}


async def _own_phone_code(town: Town) -> Given:
    await town.ana.http.post("/api/phone/request", json={"phone": PHONE})
    return {"phone": PHONE, "code": await code_of(town)}


async def _own_phone(town: Town) -> Given:
    await town.ana.http.post("/api/phone", json=await _own_phone_code(town))
    return {"password": PASSWORD}


async def _bea(town: Town) -> Given:
    return {"user_id": town.bea.id}


async def _contact(town: Town) -> Given:
    await town.ana.http.post("/api/contacts", json={"username": "bea"})
    return await _bea(town)


async def _block(town: Town) -> Given:
    await town.ana.http.post("/api/blocks", json={"user_id": town.bea.id})
    return await _bea(town)


async def _other_session(town: Town) -> Given:
    await town.browser(town.ana)
    sessions = body(await town.ana.http.get("/api/sessions"))["items"]
    other = next(session for session in sessions if not session["current"])
    return {"session_id": other["id"]}


EXPORT_KEYS = {"id", "status", "done", "total", "size", "inserted_at", "expires_at"}

ENDPOINTS = [
    # Registering, signing in and on, going out.
    Endpoint("GET", "/auth/csrf", 200, {"csrftoken"}, public=True),
    Endpoint(
        *("POST", "/auth/register", 200, AUTH_KEYS),
        given={"email": "dora@example.org", "password": PASSWORD},
        public=True,
        code="required",
    ),
    Endpoint(
        *("POST", "/auth/login", 200, AUTH_KEYS),
        given=LOGIN,
        public=True,
        code="required",
    ),
    Endpoint("POST", "/auth/refresh", 200, AUTH_KEYS, given=_refresh, public=True),
    Endpoint("POST", "/auth/logout", 204, None, given=_refresh, public=True),
    Endpoint("POST", "/auth/socket-ticket", 200, {"ticket"}),
    Endpoint("POST", "/api/signout_all", 204, None),
    # E-mail addresses and passwords.
    Endpoint(
        *("POST", "/auth/confirm", 204, None),
        given=_confirmation,
        public=True,
        code="required",
    ),
    Endpoint(
        *("POST", "/auth/password/request", 204, None),
        given={"email": "ana@example.org"},
        public=True,
        code="required",
    ),
    Endpoint(
        *("POST", "/auth/password/confirm", 200, {"success", "user"}),
        given=_reset,
        public=True,
        code="required",
    ),
    Endpoint(
        *("POST", "/auth/password/reset", 204, None),
        given=_reset_with_passwords,
        public=True,
        code="required",
    ),
    Endpoint("POST", "/api/token/email_confirm", 204, None),
    Endpoint("POST", "/api/token/email_change", 204, None),
    Endpoint("PATCH", "/api/email", 204, None, given=_email_change, code="required"),
    Endpoint(
        *("PATCH", "/api/password", 204, None),
        given={"password": PASSWORD, **NEW},
        code="required",
    ),
    # Telephones.
    Endpoint(
        *("POST", "/auth/sms/request", 204, None),
        given={"phone": PHONE},
        public=True,
        code="required",
    ),
    Endpoint(
        *("POST", "/auth/sms/verify", 200, AUTH_KEYS),
        given=_phone_code,
        public=True,
        code="required",
    ),
    Endpoint("POST", "/api/phone/request", 204, None, given={"phone": PHONE}, code="required"),
    Endpoint("POST", "/api/phone", 200, ME_KEYS, given=_own_phone_code, code="required"),
    Endpoint("POST", "/api/phone/remove", 200, ME_KEYS, given=_own_phone),
    # Oneself, and others.
    Endpoint("GET", "/api/me", 200, ME_KEYS),
    Endpoint("PATCH", "/api/me", 200, ME_KEYS, given={"about": "Reads too much"}),
    Endpoint("PATCH", "/api/profile", 200, PROFILE_KEYS, given={"theme": "night"}),
    Endpoint("GET", "/api/users", 200, {"items", "page_token"}),
    Endpoint(
        *("GET", "/api/conversations/private/{user_id}", 200, {"conversation_id"}),
        given=_bea,
    ),
    Endpoint("GET", "/api/contacts", 200, {"items"}),
    Endpoint("POST", "/api/contacts", 200, USER_KEYS, given={"username": "bea"}, code="required"),
    Endpoint("DELETE", "/api/contacts/{user_id}", 204, None, given=_contact),
    Endpoint("GET", "/api/blocks", 200, {"items"}),
    Endpoint("POST", "/api/blocks", 200, USER_KEYS, given=_bea, code="required"),
    Endpoint("DELETE", "/api/blocks/{user_id}", 204, None, given=_block),
    # Devices, one's own data, and the end.
    Endpoint("GET", "/api/sessions", 200, {"items"}),
    Endpoint("DELETE", "/api/sessions", 204, None),
    Endpoint("DELETE", "/api/sessions/{session_id}", 204, None, given=_other_session),
    Endpoint("POST", "/api/me/export", 200, EXPORT_KEYS),
    Endpoint("GET", "/api/me/export", 200, {"export"}),
    Endpoint(
        *("POST", "/api/me/delete", 204, None),
        given={"password": PASSWORD},
        code="required",
    ),
]

# Named by tests of their own: each needs an authenticator, a provider, a picture or a file.
ELSEWHERE = {
    *("POST /auth/second-step", "POST /auth/second-step/passkey"),
    *("POST /auth/second-step/passkey/options", "POST /auth/passkey/options", "POST /auth/passkey"),
    *("GET /api/security", "POST /api/security/totp", "POST /api/security/totp/confirm"),
    *("POST /api/security/totp/remove", "POST /api/security/recovery-codes"),
    *("PUT /api/security/second-step", "POST /api/passkeys/options", "POST /api/passkeys"),
    *("PATCH /api/passkeys/{passkey_id}", "POST /api/passkeys/{passkey_id}/remove"),
    *("GET /auth/providers", "GET /auth/social/{provider}", "POST /auth/social/{provider}"),
    *("GET /auth/social/{provider}/callback", "GET /api/identities"),
    *("POST /api/identities/{provider}", "POST /api/identities/{provider}/start"),
    *("DELETE /api/identities/{provider}", "POST /api/password/remove"),
    *("PUT /api/me/avatar", "DELETE /api/me/avatar", "GET /api/avatars/{key}/{size}"),
    "GET /api/me/export/{export_id}/tertulia.zip",
}
# What is not about accounts has tests of its own.
OTHER_TAGS = {
    "voice",
    "conversations",
    "members",
    "messages",
    "reactions",
    "pins",
    "stars",
    "polls",
    "uploads",
    "encryption",
    "invites",
    "moderation",
    "scheduled",
    "notifications",
    "rooms",
    "search",
    "health",
    "documents",
}

by_name = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)


async def _asked(town: Town, endpoint: Endpoint, client: httpx.AsyncClient) -> httpx.Response:
    found = endpoint.given
    given = dict(found) if isinstance(found, dict) else await found(town)
    path = endpoint.path
    for name in list(given):
        if f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", str(given.pop(name)))
    sends_body = endpoint.method in ("POST", "PATCH", "PUT")
    return await client.request(endpoint.method, path, json=given if sends_body else None)


@by_name
async def test_it_answers_as_documented(town: Town, endpoint: Endpoint) -> None:
    async with town.client() as stranger:
        client = stranger if endpoint.public else town.ana.http
        answer = await _asked(town, endpoint, client)
    assert answer.status_code == endpoint.status, answer.text
    if endpoint.keys is None:
        assert answer.content == b""
    else:
        assert set(answer.json()) == endpoint.keys


@by_name
async def test_it_asks_who_is_there_unless_it_is_for_strangers(
    town: Town, endpoint: Endpoint
) -> None:
    if endpoint.public:
        assert endpoint.path.startswith("/auth/")
        return
    async with town.client() as stranger:
        assert refusal(await _asked(town, endpoint, stranger))[:2] == (401, "not_authenticated")


@by_name
async def test_a_body_with_nothing_or_nonsense_in_it_is_refused(
    town: Town, endpoint: Endpoint
) -> None:
    if endpoint.code is None:
        return
    path = endpoint.path
    nothing = await town.ana.http.request(endpoint.method, path, json={})
    assert refusal(nothing)[:2] == (400, endpoint.code)
    for content in (b"", b"{", b"[]", b"null", b'"text"', b"\xff", b"[" * 10_000):
        answer = await town.ana.http.request(
            endpoint.method, path, content=content, headers={"content-type": "application/json"}
        )
        assert refusal(answer)[0] == 400
    answer = await town.ana.http.request(
        endpoint.method, path, content=b"a=b", headers={"content-type": "text/plain"}
    )
    assert refusal(answer)[:2] == (415, "unsupported_media_type")


def test_the_table_names_every_operation_about_accounts() -> None:
    document = msgspec.json.decode(openapi_document())
    found = {
        f"{method.upper()} {path}"
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if not OTHER_TAGS & set(operation["tags"]) and path != "/api/presence"
    }
    named = {endpoint.name for endpoint in ENDPOINTS} - {"GET /api/conversations/private/{user_id}"}
    assert found == named | ELSEWHERE
