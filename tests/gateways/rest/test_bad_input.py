"""What no route accepts: each case is tried on every route that could fall for it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest

from tertulia.gateways.rest.app import openapi_document
from tests.gateways.rest.conftest import MAX_REQUEST_BYTES, Json, Town, body, refusal

Route = tuple[str, str]

SOMETHING = "01900000-0000-7000-8000-000000000000"
DOCUMENT: Json = msgspec.json.decode(openapi_document())
OPERATIONS: dict[Route, Json] = {
    (method.upper(), re.sub(r"\{\w+\}", SOMETHING, path)): operation
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}
WITH_BODY = [
    route
    for route, each in OPERATIONS.items()
    if "application/json" in each.get("requestBody", {"content": ()})["content"]
]
JSON_ONLY = [route for route in WITH_BODY if len(OPERATIONS[route]["requestBody"]["content"]) == 1]
PROTECTED = [route for route, each in OPERATIONS.items() if {} not in each["security"]]
BY_COOKIE = [route for route in PROTECTED if route[0] != "GET"]


def named(route: Route) -> str:
    return f"{route[0]} {route[1].replace(SOMETHING, '-')}"


with_body = pytest.mark.parametrize("route", WITH_BODY, ids=named)


async def ask(town: Town, route: Route, content: bytes, content_type: str) -> httpx.Response:
    headers = {"Content-Type": content_type}
    return await town.ana.http.request(*route, content=content, headers=headers)


@with_body
async def test_broken_json_is_refused(town: Town, route: Route) -> None:
    for content in (b"{", b"{'a': 1}", b'{"a": NaN}', b"\xff\xfe", b"\x00"):
        answer = await ask(town, route, content, "application/json")
        assert refusal(answer) == (400, "invalid", None)


@with_body
async def test_json_of_another_shape_is_refused(town: Town, route: Route) -> None:
    for content in (b"[]", b"null", b"7", b'"text"', b"true", b'[{"content": "hi"}]'):
        answer = await ask(town, route, content, "application/json")
        assert refusal(answer) == (400, "invalid", None)


@with_body
async def test_json_nested_too_deeply_is_refused(town: Town, route: Route) -> None:
    deep = b'{"other": ' + b"[" * 30_000 + b"]" * 30_000 + b"}"
    answer = await ask(town, route, deep, "application/json")
    assert refusal(answer) == (400, "invalid", None)


@with_body
async def test_half_a_surrogate_is_refused(town: Town, route: Route) -> None:
    content = rb'{"email": "\ud800", "content": "\ud800", "alias": "\udfff"}'
    answer = await ask(town, route, content, "application/json")
    assert refusal(answer)[0] == 400


@with_body
async def test_a_body_that_is_too_large_is_refused(town: Town, route: Route) -> None:
    answer = await ask(town, route, b" " * (MAX_REQUEST_BYTES + 1), "application/json")
    assert refusal(answer) == (413, "too_large", None)


@with_body
async def test_a_body_of_unsaid_length_is_refused_once_it_is_too_large(
    town: Town, route: Route
) -> None:
    async def stream() -> AsyncIterator[bytes]:
        for _ in range(MAX_REQUEST_BYTES // 1024 + 1):
            yield b" " * 1024

    headers = {"Content-Type": "application/json"}
    answer = await town.ana.http.request(*route, content=stream(), headers=headers)
    assert "content-length" not in answer.request.headers
    assert refusal(answer) == (413, "too_large", None)


@with_body
async def test_a_body_of_another_type_is_refused(town: Town, route: Route) -> None:
    for content_type in ("text/plain", "", "application/xml", "multipart/form-data; boundary=x"):
        answer = await ask(town, route, b"{}", content_type)
        assert refusal(answer) == (415, "unsupported_media_type", None)


@pytest.mark.parametrize("route", JSON_ONLY, ids=named)
async def test_a_form_is_refused_where_json_is_due(town: Town, route: Route) -> None:
    answer = await ask(town, route, b"content=hi", "application/x-www-form-urlencoded")
    assert refusal(answer) == (415, "unsupported_media_type", None)


@pytest.mark.parametrize(
    "form",
    [b"\xff", "contraseña".encode(), b"token=%FF", b"&".join([b"a=b"] * 200)],
    ids=["bytes", "not encoded", "not UTF-8", "too many fields"],
)
async def test_a_form_that_is_none_is_refused(town: Town, form: bytes) -> None:
    form_type = "application/x-www-form-urlencoded"
    answer = await ask(town, ("POST", "/auth/refresh"), form, form_type)
    assert refusal(answer) == (400, "invalid", None)


@pytest.mark.parametrize("route", PROTECTED, ids=named)
async def test_a_stranger_is_told_to_sign_in(stranger: httpx.AsyncClient, route: Route) -> None:
    answer = await stranger.request(*route)
    assert refusal(answer) == (401, "not_authenticated", None)
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("route", BY_COOKIE, ids=named)
async def test_no_route_is_open_to_a_forged_request(town: Town, route: Route) -> None:
    browser = town.client()
    browser.headers["Cookie"] = f"access_token={town.ana.signed_in.access_token}"
    assert refusal(await browser.request(*route)) == (403, "csrf_failed", None)
    foreign = {"Origin": "https://evil.example"}
    assert refusal(await browser.request(*route, headers=foreign)) == (403, "origin_refused", None)


async def test_a_stranger_learns_nothing_by_a_bad_body(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.patch("/api/me", content=b"{", headers={"Content-Type": "text/plain"})
    assert refusal(answer) == (401, "not_authenticated", None)


@pytest.mark.parametrize("path", sorted({path for _, path in OPERATIONS}))
async def test_an_unknown_method_is_refused_and_the_known_ones_named(town: Town, path: str) -> None:
    unknown = next(method for method in ("PUT", "PATCH") if (method, path) not in OPERATIONS)
    answer = await town.ana.http.request(unknown, path, json={})
    assert refusal(answer) == (405, "method_not_allowed", None)
    allowed = set(answer.headers["allow"].split(", ")) - {"OPTIONS"}
    assert allowed == {method for method, other in OPERATIONS if other == path}


async def test_the_server_goes_on(town: Town) -> None:
    await ask(town, ("PATCH", "/api/me"), b"[" * 60_000, "application/json")
    assert body(await town.ana.http.get("/api/me"))["id"] == town.ana.id
