"""An ID token is believed in what the provider has signed, for us, now, and for this sign-in."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from tests.adapters.issuer import (
    CLIENT_ID,
    CLIENT_SECRET,
    DISCOVERY,
    NONCE,
    SUBJECT,
    FromNow,
    Issuer,
    half_hash,
    identify,
    new_key,
    provider_at,
    refuses,
)
from tests.adapters.web_server import as_json


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
        pytest.param({"exp": FromNow(-3600)}, id="expired"),
        pytest.param({"exp": None}, id="good for ever"),
        pytest.param({"exp": "tomorrow"}, id="a time in words"),
        pytest.param({"iat": FromNow(3600)}, id="of tomorrow"),
        pytest.param({"iat": None}, id="of no time"),
        pytest.param({"nbf": FromNow(3600)}, id="not yet"),
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
        pytest.param({"exp": FromNow(-30)}, id="expired by less than clocks differ"),
        pytest.param({"iat": FromNow(30)}, id="of soon"),
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
    assert isinstance(bent.key, ECKey)
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
    return _with_header(bent, {"alg": "ES256", "kid": "first", "crit": ["exp"], "exp": 1})


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
