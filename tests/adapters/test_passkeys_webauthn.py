"""The ceremonies of Web Authentication: whose pages may hold them, and what no browser answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from tertulia.adapters.passkeys_webauthn import WebauthnCeremony, rp_id_of
from tertulia.core.errors import Invalid
from tests import examples as eg
from tests.authenticator import SoftwareKey, encoded

CHALLENGE = b"c" * 32
SITE = "https://chat.example"

HOSTILE = [
    pytest.param(b"\x81" * 40_000 + b"\x00", id="lists within lists"),
    pytest.param(b"\x5b\x7f" + b"\xff" * 7, id="a text longer than any memory"),
    pytest.param(b"\x9b\x7f" + b"\xff" * 7, id="a list longer than any memory"),
    pytest.param(b"\xc5\x82\x1b\x7f" + b"\xff" * 7 + b"\x03", id="a number larger than any"),
    pytest.param(b"\xd8\x1e\x82\x01\x00", id="one by zero"),
    pytest.param(b"\xd8\x1c\x81\xd8\x1d\x00", id="a list that has itself in it"),
    pytest.param(b"\xd8\x23\x64(((+", id="half a regular expression"),
    pytest.param(b"[" * 40_000, id="lists within lists, in JSON"),
    pytest.param(b'{"type":' + b"9" * 40_000 + b"}", id="a long number, in JSON"),
    pytest.param(b'{"type":[],"challenge":{},"origin":null}', id="other types, in JSON"),
    pytest.param(b"", id="nothing"),
]


def ceremony(url: str = SITE, *more: str) -> WebauthnCeremony:
    return WebauthnCeremony(url, [url, *more])


def made(key: SoftwareKey, site: WebauthnCeremony, **bent: Any) -> dict[str, Any]:
    return key.create(site.creation_options(CHALLENGE, eg.account(), ()), **bent)


def certificate_of_version(number: int) -> bytes:
    """Return a certificate that says that it is of this version (counted from 0)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "nobody")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2046, 1, 1, tzinfo=dt.UTC))
        .sign(key, SHA256())
        .public_bytes(Encoding.DER)
    )
    version = b"\xa0\x03\x02\x01"
    assert signed.count(version + b"\x02") == 1
    return signed.replace(version + b"\x02", version + bytes([number]))


@pytest.mark.parametrize(
    ("url", "rp_id"),
    [
        ("https://chat.example", "chat.example"),
        ("https://chat.example:8443/", "chat.example"),
        ("http://localhost:8000", "localhost"),
        ("http://127.0.0.1:8000", "localhost"),
        ("http://[::1]:8000", "localhost"),
        ("http://192.0.2.7", "192.0.2.7"),
    ],
)
def test_the_relying_party_is_the_host_by_its_name(url: str, rp_id: str) -> None:
    assert rp_id_of(url) == rp_id


@pytest.mark.parametrize(
    ("origin", "rp_id", "holds"),
    [
        (SITE, "chat.example", True),
        ("http://chat.example:5173", "chat.example", True),
        ("https://evil.chat.example", "chat.example", False),
        ("https://friend.example", "chat.example", False),
        ("https://friend.example", "friend.example", False),
        ("null", "chat.example", False),
    ],
)
def test_only_pages_of_the_server_itself_make_passkeys_for_it(
    origin: str, rp_id: str, holds: bool
) -> None:
    site = ceremony(SITE, "http://chat.example:5173", "https://friend.example")
    key = SoftwareKey(origin=origin, rp_id=rp_id)
    if holds:
        assert site.created(CHALLENGE, made(key, site)).id == key.id
    else:
        with pytest.raises(Invalid):
            site.created(CHALLENGE, made(key, site))


def test_on_a_loopback_address_passkeys_are_those_of_localhost() -> None:
    site = ceremony("http://127.0.0.1:8000", "http://localhost:8000")
    key = SoftwareKey(origin="http://localhost:8000", rp_id="localhost")
    assert site.created(CHALLENGE, made(key, site)).id == key.id


def test_three_kinds_of_keys_are_asked_for_and_the_account_is_named() -> None:
    account = replace(eg.account(), email=None, username=None, phone="+34600123456")
    options = ceremony().creation_options(CHALLENGE, account, ())
    assert options["pubKeyCredParams"] == [
        {"type": "public-key", "alg": kind} for kind in (-7, -8, -257)
    ]
    user = options["user"]
    assert isinstance(user, dict)
    assert (user["id"], user["name"]) == (encoded(account.id.bytes), "+34600123456")


@pytest.mark.parametrize("part", ["clientDataJSON", "attestationObject"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_no_browser_makes_is_refused_at_once(part: str, hostile: bytes) -> None:
    site, key = ceremony(), SoftwareKey(origin=SITE, rp_id="chat.example")
    credential = made(key, site)
    credential["response"][part] = encoded(hostile)
    with pytest.raises(Invalid):
        site.created(CHALLENGE, credential)


@pytest.mark.parametrize("kind", ["packed", "fido-u2f", "apple", "android-key", "tpm"])
@pytest.mark.parametrize("version", [1, 7])
def test_a_certificate_of_no_known_version_is_refused(kind: str, version: int) -> None:
    site, key = ceremony(), SoftwareKey(origin=SITE, rp_id="chat.example")
    word = {"alg": -7, "sig": b"signature", "x5c": [certificate_of_version(version)]}
    with pytest.raises(Invalid) as refused:
        site.created(CHALLENGE, made(key, site, attestation=(kind, word)))
    assert refused.value.code == "invalid_passkey"


def test_any_field_that_is_missing_or_something_else_is_refused() -> None:
    site, key = ceremony(), SoftwareKey(origin=SITE, rp_id="chat.example")
    whole = made(key, site)
    assert site.created(CHALLENGE, whole).id == key.id
    needed = ("clientDataJSON", "attestationObject")
    others: list[object] = [None, 1, True, [], {}, "", "é", "!!!", "\ud800"]
    for value in others:
        for name in ("id", "rawId", "type", "response"):
            with pytest.raises(Invalid):
                site.created(CHALLENGE, whole | {name: value})
        for name in needed:
            with pytest.raises(Invalid):
                response = whole["response"] | {name: value}
                site.created(CHALLENGE, whole | {"response": response})
