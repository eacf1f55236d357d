"""An OpenID provider is believed in what it signs for us, now, and in nothing else."""

from __future__ import annotations

import base64
import gzip
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import OctKey, RSAKey

from tertulia.adapters.provider_http import MAX_ANSWER_BYTES
from tertulia.adapters.provider_oidc import OidcProvider
from tertulia.core.errors import Invalid, Unavailable
from tests.adapters.issuer import (
    CLIENT_ID,
    CLIENT_SECRET,
    CODE,
    NONCE,
    SUBJECT,
    Issuer,
    half_hash,
    issuer,
    new_key,
)
from tests.adapters.web_server import Answer, as_json

if TYPE_CHECKING:
    from tertulia.core.identities import ExternalIdentity

REDIRECT = "http://town.example/auth/social/work/callback"
VERIFIER = "v" * 43
DISCOVERY = "/.well-known/openid-configuration"
NOW = int(time.time())


@pytest.fixture
async def bent() -> AsyncIterator[Issuer]:
    """Return an issuer that is as it should be, for now."""
    async with issuer() as made:
        yield made


def provider_at(url: str, *, timeout_s: float = 10.0) -> OidcProvider:
    return OidcProvider(
        "work",
        "Work",
        issuer=url,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        timeout_s=timeout_s,
    )


async def identify(
    provider: OidcProvider, *, code: str = CODE, nonce: str | None = NONCE
) -> ExternalIdentity:
    return await provider.identify(
        code=code, code_verifier=VERIFIER, redirect_uri=REDIRECT, nonce=nonce
    )


async def refuses(provider: OidcProvider, **how: Any) -> None:
    with pytest.raises(Invalid) as refused:
        await identify(provider, **how)
    assert (refused.value.code, refused.value.attr) == ("provider_refused", "code")


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


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"iss": "http://evil.example"}, id="another issuer"),
        pytest.param({"iss": None}, id="no issuer"),
        pytest.param({"aud": "somebody else"}, id="for somebody else"),
        pytest.param({"aud": None}, id="for nobody"),
        pytest.param({"aud": [CLIENT_ID, "another"]}, id="for two and by none of them"),
        pytest.param({"aud": [CLIENT_ID, "another"], "azp": "another"}, id="by another"),
        pytest.param({"azp": "another"}, id="for us by another"),
        pytest.param({"exp": NOW - 3600}, id="expired"),
        pytest.param({"exp": None}, id="good for ever"),
        pytest.param({"exp": str(NOW + 3600)}, id="a time in words"),
        pytest.param({"iat": NOW + 3600}, id="of tomorrow"),
        pytest.param({"iat": None}, id="of no time"),
        pytest.param({"nbf": NOW + 3600}, id="not yet"),
        pytest.param({"nonce": "another"}, id="another nonce"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"nonce": [NONCE]}, id="a list for a nonce"),
        pytest.param({"at_hash": half_hash("another token")}, id="another access token"),
        pytest.param({"at_hash": 7}, id="a number for a hash"),
        pytest.param({"sub": None}, id="nobody"),
        pytest.param({"sub": ""}, id="an empty subject"),
        pytest.param({"sub": 248289761001}, id="a number for a subject"),
        pytest.param({"sub": "\x00"}, id="a subject that cannot be stored"),
        pytest.param({"sub": "s" * 256}, id="a long subject"),
    ],
)
async def test_a_token_that_is_not_for_this_sign_in_is_refused(
    bent: Issuer, claims: dict[str, Any]
) -> None:
    provider = provider_at(bent.url)
    await identify(provider)
    bent.claims = claims
    await refuses(provider)


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"aud": [CLIENT_ID]}, id="a list of one"),
        pytest.param({"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID}, id="for two and by us"),
        pytest.param({"at_hash": None}, id="no hash"),
        pytest.param({"exp": NOW - 30}, id="expired by less than clocks differ"),
        pytest.param({"iat": NOW + 30}, id="of soon"),
    ],
)
async def test_what_the_standard_allows_is_accepted(bent: Issuer, claims: dict[str, Any]) -> None:
    bent.claims = claims
    assert (await identify(provider_at(bent.url))).subject == SUBJECT


async def test_a_token_with_a_nonce_belongs_to_whoever_names_it(bent: Issuer) -> None:
    await refuses(provider_at(bent.url), nonce=None)
    bent.claims = {"nonce": None}
    assert (await identify(provider_at(bent.url), nonce=None)).subject == SUBJECT


def by_another_key(bent: Issuer) -> str:
    return bent.signed(new_key("first"))


def by_an_unknown_key(bent: Issuer) -> str:
    return bent.signed(new_key("second"), kid="second")


def by_the_client_secret(bent: Issuer) -> str:
    return bent.signed(OctKey.import_key(CLIENT_SECRET.encode()), alg="HS256")


def by_the_published_key_as_a_secret(bent: Issuer) -> str:
    # By hand: a library would not do it.
    claims = bent.signed(bent.key).split(".")[1]
    head = encoded(b'{"alg":"HS256","kid":"first"}')
    signed = f"{head}.{claims}"
    secret = bent.key.as_pem(private=False)
    return f"{signed}.{encoded(hmac.digest(secret, signed.encode(), 'sha256'))}"


def by_nobody(bent: Issuer) -> str:
    head = encoded(b'{"alg":"none"}')
    return f"{head}.{bent.signed(bent.key).split('.')[1]}."


def with_no_signature(bent: Issuer) -> str:
    return bent.signed(bent.key).rpartition(".")[0] + "."


def with_other_claims(bent: Issuer) -> str:
    head, _, signature = bent.signed(bent.key).split(".")
    claims = json.dumps({**bent.usual_claims(), "sub": "somebody else"}).encode()
    return f"{head}.{encoded(claims)}.{signature}"


def with_a_critical_word(bent: Issuer) -> str:
    return _with_header(bent, {"alg": "ES256", "kid": "first", "crit": ["exp"], "exp": NOW})


def with_a_key_of_its_own(bent: Issuer) -> str:
    own = new_key("own")
    return bent.signed(own, kid="own", jwk=own.as_dict(private=False))


def _with_header(bent: Issuer, header: dict[str, Any]) -> str:
    _, claims, signature = bent.signed(bent.key).split(".")
    return f"{encoded(json.dumps(header).encode())}.{claims}.{signature}"


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "forged",
    [
        by_another_key,
        by_an_unknown_key,
        by_the_client_secret,
        by_the_published_key_as_a_secret,
        by_nobody,
        with_no_signature,
        with_other_claims,
        with_a_critical_word,
        with_a_key_of_its_own,
    ],
)
async def test_a_token_that_the_provider_did_not_sign_is_refused(
    bent: Issuer, forged: Callable[[Issuer], str]
) -> None:
    bent.id_token = forged(bent)
    await refuses(provider_at(bent.url))
    bent.id_token = None
    await identify(provider_at(bent.url))


async def test_a_secret_among_the_published_keys_signs_nothing(bent: Issuer) -> None:
    secret = OctKey.import_key(CLIENT_SECRET.encode(), {"kid": "first"})
    bent.published = [secret.as_dict(private=True)]
    bent.id_token = bent.signed(secret, alg="HS256")
    await refuses(provider_at(bent.url))


@pytest.mark.parametrize(
    "id_token",
    [
        "",
        "a",
        "a.b",
        "a.b.c",
        "....",
        "W10.W10.W10",
        "bnVsbA.bnVsbA.",
        "é.é.é",
        "\ud800",
        "[" * 5000,
    ],
    ids=ascii,
)
async def test_what_is_no_token_is_refused(bent: Issuer, id_token: str) -> None:
    bent.id_token = id_token
    await refuses(provider_at(bent.url))


@pytest.mark.parametrize("value", [None, 7, [], {}], ids=str)
async def test_an_answer_without_a_token_is_refused(bent: Issuer, value: object) -> None:
    bent.answers["/token"] = lambda: as_json({"access_token": "a", "id_token": value})
    await refuses(provider_at(bent.url))


async def test_new_keys_are_fetched_when_a_token_is_signed_by_one(bent: Issuer) -> None:
    provider = provider_at(bent.url)
    await identify(provider)
    await identify(provider)
    assert len(bent.server.asked_for("/keys")) == 1
    assert len(bent.server.asked_for(DISCOVERY)) == 1
    bent.key = new_key("second")
    assert (await identify(provider)).subject == SUBJECT
    assert len(bent.server.asked_for("/keys")) == 2


async def test_a_key_that_is_not_understood_does_not_hide_the_others(bent: Issuer) -> None:
    known = bent.key.as_dict(private=False)
    strange: list[Any] = [
        {"kty": "AKP", "alg": "ML-DSA-44"},
        {"kty": "EC", "crv": "brainpoolP256r1", "x": "AA", "y": "AA"},
        {"kty": "RSA", "n": "!", "e": "AQAB"},
        {},
        "a key",
    ]
    bent.published = [*strange, known]
    assert (await identify(provider_at(bent.url))).subject == SUBJECT


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
async def test_the_usual_signatures_of_others_are_understood(bent: Issuer, algorithm: str) -> None:
    bent.key = RSAKey.generate_key(2048, {"kid": "rsa"})
    bent.header = {"alg": algorithm, "x-own": "a word of the provider's"}
    assert (await identify(provider_at(bent.url))).subject == SUBJECT


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
