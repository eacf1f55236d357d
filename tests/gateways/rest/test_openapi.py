"""The OpenAPI document: it says what is served, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import msgspec
import pytest

from tertulia.gateways.objects import Me, Message
from tertulia.gateways.rest.app import openapi_document
from tertulia.gateways.rest.docs_page import render_page
from tests.gateways.rest.conftest import Json, body
from tests.gateways.rest.contract import (
    AUTH_KEYS,
    ENCRYPTED_KEYS,
    KEYED_CHANGES_KEYS,
    KEYS_KEYS,
    ME_KEYS,
    MEMBER_KEYS,
    MESSAGE_KEYS,
    OWN_CONVERSATION_KEYS,
    USER_KEYS,
)

DOCUMENT: Json = msgspec.json.decode(openapi_document())
SCHEMAS: Json = DOCUMENT["components"]["schemas"]

ROUTES = """
GET /auth/csrf
POST /auth/register
POST /auth/login
POST /auth/refresh
POST /auth/logout
POST /auth/socket-ticket
POST /api/signout_all
POST /auth/confirm
POST /api/token/email_confirm
POST /api/token/email_change
PATCH /api/email
POST /auth/password/request
POST /auth/password/confirm
POST /auth/password/reset
PATCH /api/password
POST /api/password/remove
POST /auth/sms/request
POST /auth/sms/verify
POST /api/phone/request
POST /api/phone
POST /api/phone/remove
POST /auth/passkey/options
POST /auth/passkey
POST /api/passkeys/options
POST /api/passkeys
PATCH /api/passkeys/{passkey_id}
POST /api/passkeys/{passkey_id}/remove
GET /api/encryption
PUT /api/encryption/identity
POST /api/encryption/wraps
DELETE /api/encryption/wraps/{wrap_id}
GET /api/users/{user_id}/identity
POST /api/encryption/handovers
GET /api/encryption/handovers/{handover_id}
POST /api/encryption/handovers/{handover_id}/messages
DELETE /api/encryption/handovers/{handover_id}
POST /auth/second-step
POST /auth/second-step/passkey/options
POST /auth/second-step/passkey
GET /api/security
POST /api/security/totp
POST /api/security/totp/confirm
POST /api/security/totp/remove
POST /api/security/recovery-codes
PUT /api/security/second-step
GET /auth/providers
GET /auth/social/{provider}
GET /auth/social/{provider}/callback
POST /auth/social/{provider}
GET /api/identities
POST /api/identities/{provider}
POST /api/identities/{provider}/start
DELETE /api/identities/{provider}
GET /api/contacts
POST /api/contacts
DELETE /api/contacts/{user_id}
GET /api/blocks
POST /api/blocks
DELETE /api/blocks/{user_id}
GET /api/sessions
DELETE /api/sessions
DELETE /api/sessions/{session_id}
POST /api/me/delete
GET /api/me
PATCH /api/me
PATCH /api/profile
PUT /api/me/avatar
DELETE /api/me/avatar
GET /api/avatars/{key}/{size}
POST /api/me/export
GET /api/me/export
GET /api/me/export/{export_id}/tertulia.zip
GET /api/users
GET /api/presence
GET /api/conversations
POST /api/conversations
GET /api/conversations/{conversation_id}
PATCH /api/conversations/{conversation_id}
DELETE /api/conversations/{conversation_id}
GET /api/conversations/private/{user_id}
POST /api/conversations/{conversation_id}/join
POST /api/conversations/{conversation_id}/leave
GET /api/conversations/{conversation_id}/members
POST /api/conversations/{conversation_id}/members
PATCH /api/conversations/{conversation_id}/members/{user_id}
DELETE /api/conversations/{conversation_id}/members/{user_id}
PATCH /api/conversations/{conversation_id}/preferences
PUT /api/conversations/{conversation_id}/picture
DELETE /api/conversations/{conversation_id}/picture
GET /api/conversations/{conversation_id}/bans
POST /api/conversations/{conversation_id}/bans
DELETE /api/conversations/{conversation_id}/bans/{user_id}
GET /api/conversations/{conversation_id}/invites
POST /api/conversations/{conversation_id}/invites
DELETE /api/conversations/{conversation_id}/invites/{invite_id}
GET /api/invites/{token}
POST /api/invites/{token}
GET /api/conversations/{conversation_id}/audit
GET /api/conversations/{conversation_id}/changes
GET /api/conversations/{conversation_id}/keys
PUT /api/conversations/{conversation_id}/keys
POST /api/conversations/{conversation_id}/messages
POST /api/conversations/{conversation_id}/read
GET /api/conversations/{conversation_id}/typing
POST /api/conversations/{conversation_id}/typing
GET /api/voice
GET /api/conversations/{conversation_id}/voice
POST /api/conversations/{conversation_id}/voice/decline
GET /api/messages
PATCH /api/messages/{message_id}
DELETE /api/messages/{message_id}
GET /api/messages/{message_id}
GET /api/messages/{message_id}/versions
GET /api/messages/{message_id}/readers
GET /api/conversations/{conversation_id}/around
GET /api/conversations/{conversation_id}/media
POST /api/messages/{message_id}/reactions
DELETE /api/messages/{message_id}/reactions/{emoji}
PUT /api/messages/{message_id}/pin
DELETE /api/messages/{message_id}/pin
GET /api/conversations/{conversation_id}/pinned
PUT /api/messages/{message_id}/star
DELETE /api/messages/{message_id}/star
GET /api/starred
GET /api/starred/ids
POST /api/messages/{message_id}/votes
POST /api/messages/{message_id}/close_poll
POST /api/messages/{message_id}/forward
POST /api/uploads
POST /api/uploads/resumable
GET /api/uploads/{upload_id}
PATCH /api/uploads/{upload_id}
DELETE /api/uploads/{upload_id}
GET /api/uploads/{upload_id}/{name}
GET /api/uploads/{upload_id}/thumbnail
GET /api/previews/{key}
DELETE /api/push-subscriptions
DELETE /api/scheduled/{scheduled_id}
GET /api/notification-settings
GET /api/push-key
GET /api/scheduled
GET /api/search
PATCH /api/notification-settings
PATCH /api/scheduled/{scheduled_id}
POST /api/conversations/{conversation_id}/scheduled
POST /api/digest/unsubscribe
POST /api/push-subscriptions
POST /api/scheduled/{scheduled_id}/send
GET /api/rooms
GET /openapi.json
GET /docs
GET /healthz
GET /readyz
"""


def operations() -> dict[str, Json]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
    }


def test_the_document_lists_exactly_the_routes_of_the_contract() -> None:
    assert sorted(operations()) == sorted(ROUTES.split("\n")[1:-1])


async def test_the_document_is_served(stranger: httpx.AsyncClient) -> None:
    assert body(await stranger.get("/openapi.json")) == DOCUMENT
    assert DOCUMENT["openapi"].startswith("3.1")
    assert DOCUMENT["info"]["title"] == "Tertulia"


def test_every_operation_has_a_name_a_sentence_and_a_tag() -> None:
    named = [operation["operationId"] for operation in operations().values()]
    assert len(set(named)) == len(named)
    tags = {tag["name"] for tag in DOCUMENT["tags"]}
    for operation in operations().values():
        assert re.fullmatch(r"[a-z][A-Za-z]+", operation["operationId"])
        assert operation["summary"].endswith(".")
        assert set(operation["tags"]) <= tags


@pytest.mark.parametrize("route", operations())
def test_every_refusal_is_documented_with_the_one_error_body(route: str) -> None:
    operation = operations()[route]
    refusals = {
        int(status): answer["content"]["application/json"]["schema"]
        for status, answer in operation["responses"].items()
        if int(status) >= 400
    }
    assert all(each == {"$ref": "#/components/schemas/ErrorBody"} for each in refusals.values())
    expected = {500, 503}
    if {} not in operation["security"]:
        expected.add(401)
    if not route.startswith("GET"):
        expected.add(403)
    if "requestBody" in operation:
        expected |= {400, 413, 415}
    if any(each["in"] == "query" for each in operation.get("parameters", ())):
        expected.add(400)
    assert expected <= refusals.keys()


def test_no_answer_is_201() -> None:
    successes = {
        status for each in operations().values() for status in each["responses"] if status < "400"
    }
    assert successes == {"200", "204", "206", "302"}


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("User", USER_KEYS),
        ("Me", ME_KEYS),
        ("OwnConversation", OWN_CONVERSATION_KEYS),
        ("Member", MEMBER_KEYS),
        ("KeyedChanges", KEYED_CHANGES_KEYS),
        ("Keys", KEYS_KEYS),
        ("AuthObject", AUTH_KEYS),
    ],
)
def test_objects_are_described_as_they_are_sent(name: str, keys: set[str]) -> None:
    assert set(SCHEMAS[name]["properties"]) == set(SCHEMAS[name]["required"]) == keys
    assert SCHEMAS[name]["description"]


def test_a_message_has_more_where_the_server_cannot_read_it() -> None:
    assert set(SCHEMAS["Message"]["required"]) == MESSAGE_KEYS
    assert set(SCHEMAS["Message"]["properties"]) == MESSAGE_KEYS | ENCRYPTED_KEYS


def test_descriptions_come_from_the_code() -> None:
    assert SCHEMAS["Me"]["description"] == (Me.__doc__ or "")
    assert SCHEMAS["Message"]["description"].startswith((Message.__doc__ or "").split("\n")[0])


def test_unsafe_routes_ask_for_a_bearer_or_for_a_cookie_with_its_csrf_token() -> None:
    assert operations()["PATCH /api/me"]["security"] == [
        {"bearer": []},
        {"cookie": [], "csrf": []},
    ]
    assert operations()["GET /api/me"]["security"] == [{"bearer": []}, {"cookie": []}]
    assert operations()["POST /auth/login"]["security"] == [{}, {"basic": []}]
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert set(schemes) == {"bearer", "cookie", "csrf", "basic"}


@pytest.mark.parametrize("route", ["POST /auth/login", "POST /auth/register"])
def test_forms_are_documented_where_they_are_taken(route: str) -> None:
    content = operations()[route]["requestBody"]["content"]
    assert set(content) == {"application/json", "application/x-www-form-urlencoded"}


def test_pictures_and_copies_are_documented_by_their_content_types() -> None:
    sent = operations()["PUT /api/me/avatar"]["requestBody"]
    assert set(sent["content"]) == {
        "multipart/form-data",
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
    }
    form = sent["content"]["multipart/form-data"]["schema"]
    assert (set(form["properties"]), form["required"]) == ({"file"}, ["file"])
    for route, kind in (
        ("GET /api/avatars/{key}/{size}", "image/webp"),
        ("GET /api/me/export/{export_id}/tertulia.zip", "application/zip"),
    ):
        assert set(operations()[route]["responses"]["200"]["content"]) == {kind}


def test_bodies_that_may_be_left_out_say_so() -> None:
    optional = {
        route
        for route, each in operations().items()
        if "requestBody" in each and not each["requestBody"]["required"]
    }
    assert optional == {
        "POST /auth/login",
        "POST /auth/refresh",
        "POST /auth/logout",
        "POST /api/conversations/{conversation_id}/read",
        "POST /api/password/remove",
        "POST /api/phone/remove",
        "POST /api/passkeys/options",
        "POST /api/passkeys/{passkey_id}/remove",
        "DELETE /api/encryption/wraps/{wrap_id}",
        "POST /api/security/totp",
        "POST /api/security/totp/remove",
        "POST /api/security/recovery-codes",
        "POST /api/me/delete",
    }


async def test_the_page_shows_every_operation_and_every_object(
    stranger: httpx.AsyncClient,
) -> None:
    answer = await stranger.get("/docs")
    assert answer.headers["content-type"].startswith("text/html")
    for operation in operations().values():
        assert f'id="{operation["operationId"]}"' in answer.text
    for name in SCHEMAS:
        assert f'id="{name}"' in answer.text


async def test_the_page_brings_nothing_from_elsewhere_and_runs_nothing(
    stranger: httpx.AsyncClient,
) -> None:
    page = (await stranger.get("/docs")).text
    assert "<script" not in page
    assert " on" not in "".join(re.findall(r"<[^>]*>", page))
    assert not re.search(r"https?://", page)
    assert not re.search(r"\bsrc=", page)
    links = set(re.findall(r'href="([^"]*)"', page))
    places = {f"#{name}" for name in re.findall(r'id="([^"]+)"', page)}
    assert links <= places | {"/openapi.json", "data:,"}


def test_the_page_shows_text_as_text() -> None:
    document = msgspec.json.decode(openapi_document())
    document["info"]["title"] = "<script>alert(1)</script>"
    page = render_page(msgspec.json.encode(document))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_document_needs_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    openapi_document.cache_clear()
    assert msgspec.json.decode(openapi_document()) == DOCUMENT
    assert list(tmp_path.iterdir()) == []
