"""GitHub as a provider, by answers as its documentation has them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tertulia.adapters.provider_github import GithubProvider
from tertulia.core.errors import Invalid, Unavailable
from tests.adapters.web_server import Answer, Asked, WebServer, as_json, web_server

if TYPE_CHECKING:
    from tertulia.core.identities import ExternalIdentity

REDIRECT = "http://town.example/auth/social/github/callback"
TOKEN = "gho_16C7e42F292c6912E7710c838347Ae178B4a"
USER = {"login": "octocat", "id": 583231, "type": "User", "name": "The Octocat", "email": None}
PRIMARY = {
    "email": "octocat@github.example",
    "verified": True,
    "primary": True,
    "visibility": "private",
}
OTHER = {"email": "cat@home.example", "verified": True, "primary": False, "visibility": None}
BAD_CODE = {
    "error": "bad_verification_code",
    "error_description": "The code passed is incorrect or expired.",
    "error_uri": "https://docs.github.example/troubleshooting",
}


@dataclass
class Github:
    """What GitHub answers, and whatever else a test wants instead."""

    tokens: Answer = field(
        default_factory=lambda: as_json(
            {"access_token": TOKEN, "scope": "read:user,user:email", "token_type": "bearer"}
        )
    )
    user: Answer = field(default_factory=lambda: as_json(USER))
    emails: Answer = field(default_factory=lambda: as_json([OTHER, PRIMARY]))

    def answer(self, asked: Asked) -> Answer:
        """Answer one request."""
        if (asked.method, asked.path) == ("POST", "/login/oauth/access_token"):
            return self.tokens
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return as_json({"message": "Requires authentication"}, 401)
        known = {"/api/v3/user": self.user, "/api/v3/user/emails": self.emails}
        return known.get(asked.path, as_json({"message": "Not Found"}, 404))


def provider_at(site: str) -> GithubProvider:
    return GithubProvider("github", "GitHub", site=site, client_id="Iv1.8a", client_secret="s3cret")


async def identify(server: WebServer) -> ExternalIdentity:
    return await provider_at(server.url).identify(
        code="a code", code_verifier="v" * 43, redirect_uri=REDIRECT, nonce="of no use"
    )


@asynccontextmanager
async def github(**instead: Answer) -> AsyncIterator[WebServer]:
    async with web_server(Github(**instead).answer) as server:
        yield server


async def test_a_browser_is_sent_to_the_site_with_what_binds_its_return() -> None:
    url = await provider_at("https://github.com").authorization_url(
        redirect_uri=REDIRECT, state="a state", nonce="n", code_challenge="challenge"
    )
    assert url.startswith("https://github.com/login/oauth/authorize?")
    assert parse_qs(urlsplit(url).query) == {
        "client_id": ["Iv1.8a"],
        "redirect_uri": [REDIRECT],
        "scope": ["read:user user:email"],
        "state": ["a state"],
        "code_challenge": ["challenge"],
        "code_challenge_method": ["S256"],
    }


async def test_a_person_is_their_number_with_the_address_that_is_theirs() -> None:
    async with github() as server:
        found = await identify(server)
    assert (found.subject, found.name) == ("583231", "The Octocat")
    assert (found.email, found.email_verified) == ("octocat@github.example", True)
    exchange = server.asked[0]
    assert exchange.form == {
        "client_id": "Iv1.8a",
        "client_secret": "s3cret",
        "code": "a code",
        "code_verifier": "v" * 43,
        "redirect_uri": REDIRECT,
    }
    assert exchange.headers["accept"] == "application/json"


async def test_a_person_without_a_name_is_called_as_they_sign_in() -> None:
    async with github(user=as_json({**USER, "name": None})) as server:
        assert (await identify(server)).name == "octocat"


@pytest.mark.parametrize(
    ("emails", "address"),
    [
        (as_json([{**PRIMARY, "verified": False}, OTHER]), ("octocat@github.example", False)),
        (as_json([OTHER]), (None, False)),
        (as_json([]), (None, False)),
        (as_json([{**PRIMARY, "verified": "yes"}]), ("octocat@github.example", False)),
        (as_json([None, 7, "a@b.example"]), (None, False)),
        (as_json({"message": "Resource not accessible by integration"}, 403), (None, False)),
        (as_json({"message": "Not Found"}, 404), (None, False)),
    ],
    ids=["unverified", "no primary", "none", "no plain yes", "nonsense", "forbidden", "no scope"],
)
async def test_no_address_but_the_primary_one_counts(
    emails: Answer, address: tuple[str | None, bool]
) -> None:
    async with github(emails=emails) as server:
        found = await identify(server)
    assert (found.email, found.email_verified) == address
    assert found.subject == "583231"


@pytest.mark.parametrize(
    "instead",
    [
        {"tokens": as_json(BAD_CODE)},
        {"tokens": as_json({**BAD_CODE, "error": "redirect_uri_mismatch"})},
        {"tokens": as_json({})},
        {"tokens": as_json({"access_token": 7})},
        {"user": as_json({})},
        {"user": as_json([])},
        {"user": as_json({**USER, "id": None})},
        {"user": as_json({**USER, "id": True})},
        {"user": as_json({**USER, "id": "583231"})},
    ],
    ids=lambda instead: str({name: answer.body.decode() for name, answer in instead.items()})[:60],
)
async def test_who_is_not_told_is_refused(instead: dict[str, Any]) -> None:
    async with github(**instead) as server:
        with pytest.raises(Invalid) as refused:
            await identify(server)
    assert (refused.value.code, refused.value.attr) == ("provider_refused", "code")


@pytest.mark.parametrize(
    "instead",
    [
        {"tokens": as_json({"error": "incorrect_client_credentials"})},
        {"tokens": Answer(503, b"<html>No server is available</html>")},
        {"tokens": Answer(302, b"", {"Location": "/elsewhere"})},
        {"user": as_json({"message": "Bad credentials"}, 401)},
        {"user": as_json({"message": "API rate limit exceeded"}, 429)},
        {"emails": Answer(500)},
    ],
    ids=["not known there", "down", "elsewhere", "token", "too busy", "addresses"],
)
async def test_a_site_that_cannot_tell_is_of_no_use(instead: dict[str, Answer]) -> None:
    async with github(**instead) as server:
        with pytest.raises(Unavailable):
            await identify(server)
    assert server.asked_for("/elsewhere") == []
