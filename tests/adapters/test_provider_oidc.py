"""An OpenID provider is found, asked and told by what its documents say, and by nothing else."""

from __future__ import annotations

import base64
import gzip
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tertulia.adapters.provider_http import MAX_ANSWER_BYTES
from tertulia.adapters.provider_oidc import OidcProvider
from tertulia.core.errors import Unavailable
from tests.adapters.issuer import (
    CLIENT_ID,
    CLIENT_SECRET,
    CODE,
    DISCOVERY,
    NONCE,
    REDIRECT,
    SUBJECT,
    VERIFIER,
    Issuer,
    identify,
    provider_at,
    refuses,
)
from tests.adapters.web_server import Answer, as_json


async def is_unavailable(provider: OidcProvider) -> None:
    with pytest.raises(Unavailable):
        await identify(provider)


async def test_a_browser_is_sent_with_all_that_binds_its_return(bent: Issuer) -> None:
    bent.document = {"authorization_endpoint": f"{bent.url}/authorize?tenant=7"}
    url = await provider_at(bent.url).authorization_url(
        redirect_uri=REDIRECT, state="a state", nonce=NONCE, code_challenge="challenge"
    )
    assert url.startswith(f"{bent.url}/authorize?")
    assert parse_qs(urlsplit(url).query, strict_parsing=True) == {
        "tenant": ["7"],
        "response_type": ["code"],
        "client_id": [CLIENT_ID],
        "redirect_uri": [REDIRECT],
        "scope": ["openid email profile"],
        "state": ["a state"],
        "nonce": [NONCE],
        "code_challenge": ["challenge"],
        "code_challenge_method": ["S256"],
    }


async def test_a_token_that_holds_says_who_it_is(bent: Issuer) -> None:
    found = await identify(provider_at(bent.url))
    assert (found.subject, found.email, found.email_verified, found.name) == (
        SUBJECT,
        "ana@example.org",
        True,
        "Ana",
    )
    (asked,) = bent.server.asked_for("/token")
    assert asked.form == {
        "grant_type": "authorization_code",
        "code": CODE,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    }
    # Encoded as in a form first (RFC 6749, section 2.3.1).
    sent = base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
    assert sent == "tertulia:a+secret%3A+100%25+ours+%2B+nobody%27s"
    # The token has said all that is asked for.
    assert bent.server.asked_for("/me") == []


async def test_a_provider_that_takes_the_secret_in_the_form_gets_it_there(bent: Issuer) -> None:
    bent.document = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    await identify(provider_at(bent.url))
    (asked,) = bent.server.asked_for("/token")
    assert "authorization" not in asked.headers
    assert (asked.form["client_id"], asked.form["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)


async def test_a_code_that_the_provider_does_not_know_is_refused(bent: Issuer) -> None:
    await refuses(provider_at(bent.url), code="another")


@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client"])
async def test_a_provider_that_does_not_know_this_server_is_of_no_use(
    bent: Issuer, error: str
) -> None:
    bent.answers["/token"] = lambda: as_json({"error": error}, 401)
    await is_unavailable(provider_at(bent.url))


async def test_what_the_token_leaves_out_is_asked_of_the_provider(bent: Issuer) -> None:
    bent.claims = {"email": None, "email_verified": None, "name": None}
    bent.user_info = {
        "sub": SUBJECT,
        "email": "ana@work.example",
        "email_verified": True,
        "preferred_username": "ana",
    }
    found = await identify(provider_at(bent.url))
    assert (found.email, found.email_verified, found.name) == ("ana@work.example", True, "ana")


async def test_an_address_is_verified_by_whoever_names_it(bent: Issuer) -> None:
    bent.claims = {"email": "victim@example.org", "email_verified": None}
    bent.user_info = {"sub": SUBJECT, "email": "mallory@example.org", "email_verified": True}
    found = await identify(provider_at(bent.url))
    assert (found.email, found.email_verified) == ("mallory@example.org", True)
    bent.user_info = {"sub": SUBJECT, "email": "mallory@example.org"}
    found = await identify(provider_at(bent.url))
    assert found.email_verified is False


@pytest.mark.parametrize("said", [False, "false", 1, "yes", None, [True]], ids=str)
async def test_an_address_is_not_verified_by_anything_but_a_plain_yes(
    bent: Issuer, said: object
) -> None:
    bent.document = {"userinfo_endpoint": None}
    bent.claims = {"email_verified": said}
    assert (await identify(provider_at(bent.url))).email_verified is False
    bent.claims = {"email_verified": "true"}
    assert (await identify(provider_at(bent.url))).email_verified is True


@pytest.mark.parametrize("told", [{"sub": "somebody else"}, {}, []], ids=str)
async def test_what_is_told_of_somebody_else_is_refused(bent: Issuer, told: Any) -> None:
    bent.claims = {"email": None}
    bent.user_info = told
    await refuses(provider_at(bent.url))


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "http://evil.example"},
        {"issuer": None},
        {"issuer": 7},
        {"token_endpoint": None},
        {"jwks_uri": 7},
        {"token_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://127.0.0.1/\r\nX: y"},
    ],
    ids=str,
)
async def test_a_document_that_is_not_the_issuers_own_is_of_no_use(
    bent: Issuer, document: dict[str, Any]
) -> None:
    bent.document = document
    await is_unavailable(provider_at(bent.url))


@pytest.mark.parametrize("endpoint", ["javascript:alert(1)", "/authorize", "http://é.example/", 7])
async def test_a_browser_is_sent_to_web_addresses_alone(bent: Issuer, endpoint: object) -> None:
    bent.document = {"authorization_endpoint": endpoint}
    with pytest.raises(Unavailable):
        await provider_at(bent.url).authorization_url(
            redirect_uri=REDIRECT, state="s", nonce="n", code_challenge="c"
        )


async def test_an_issuer_whose_name_ends_in_a_slash_is_known_by_it(bent: Issuer) -> None:
    bent.document = {"issuer": f"{bent.url}/"}
    await refuses(provider_at(bent.url))
    bent.claims = {"iss": f"{bent.url}/"}
    assert (await identify(provider_at(bent.url))).subject == SUBJECT


MISHAPS: dict[str, Callable[[], Answer]] = {
    "an error": lambda: Answer(500),
    "too busy": lambda: as_json({}, 429),
    "no JSON": lambda: Answer(200, b"<html>"),
    "bytes": lambda: Answer(200, b"\xff\xfe"),
    "nothing": lambda: Answer(200),
    "deep": lambda: Answer(200, b"[" * 100_000),
    "a list": lambda: as_json([]),
    "huge": lambda: Answer(200, b" " * (MAX_ANSWER_BYTES + 1)),
    "packed": lambda: Answer(200, gzip.compress(b" " * 10_000_000), {"Content-Encoding": "gzip"}),
    "elsewhere": lambda: Answer(302, b"", {"Location": "/elsewhere"}),
    "broken off": lambda: Answer(200, b"{", {"Content-Length": "100"}),
}
by_mishap = pytest.mark.parametrize("mishap", MISHAPS.values(), ids=MISHAPS)


@by_mishap
@pytest.mark.parametrize("path", [DISCOVERY, "/token"])
async def test_a_provider_that_answers_otherwise_than_it_should_is_of_no_use(
    bent: Issuer, mishap: Callable[[], Answer], path: str
) -> None:
    bent.answers[path] = mishap
    await is_unavailable(provider_at(bent.url))
    assert bent.server.asked_for("/elsewhere") == []
    bent.answers.clear()
    await identify(provider_at(bent.url))


@pytest.mark.parametrize("path", [DISCOVERY, "/keys", "/token"])
async def test_a_provider_that_tells_one_byte_now_and_then_is_not_waited_for(
    bent: Issuer, path: str
) -> None:
    bent.answers[path] = lambda: Answer(200, b" " * 1000, pause_s=0.05)
    begun = time.monotonic()
    await is_unavailable(provider_at(bent.url, timeout_s=0.3))
    assert time.monotonic() - begun < 5


async def test_a_provider_that_is_down_is_asked_again_the_next_time(bent: Issuer) -> None:
    provider = provider_at(bent.url)
    bent.answers[DISCOVERY] = lambda: Answer(503)
    await is_unavailable(provider)
    bent.answers.clear()
    assert (await identify(provider)).subject == SUBJECT
    with pytest.raises(Unavailable):
        await identify(provider_at("http://127.0.0.1:9"))


async def test_a_token_that_cannot_be_sent_is_not_sent(bent: Issuer) -> None:
    bent.claims = {"email": None, "at_hash": None}
    bent.user_info = {"sub": SUBJECT}
    id_token = bent.signed(bent.key)
    bent.answers["/token"] = lambda: as_json({"access_token": "a\r\nX: é", "id_token": id_token})
    await is_unavailable(provider_at(bent.url))
    assert bent.server.asked_for("/me") == []


async def test_a_safe_issuer_names_no_unsafe_place() -> None:
    provider = provider_at("https://issuer.example")
    document = {"issuer": "https://issuer.example", "token_endpoint": "http://issuer.example/token"}
    provider._document = (time.monotonic(), document)  # noqa: SLF001, no certificate is at hand
    await is_unavailable(provider)
