"""A passkey device in software: it makes real keys, attestations and assertions (WebAuthn level 3).

Each argument of its methods bends one thing that a server must notice.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

_PRESENT, _VERIFIED, _HAS_KEY = 0x01, 0x04, 0x40
Options = dict[str, Any]


@dataclass
class SoftwareKey:
    """One passkey on one device; `origin` is the page before which the person sits."""

    origin: str = "http://localhost:8000"
    rp_id: str = "localhost"
    count: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: bytes = b""
    _key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(
        self,
        options: Options,
        *,
        origin: str | None = None,
        rp_id: str | None = None,
        challenge: bytes | None = None,
        verified: bool = True,
        cross_origin: bool = False,
        public_key: bytes | None = None,
        attestation: tuple[str, dict[str, Any]] = ("none", {}),
    ) -> dict[str, object]:
        """Answer what a server asks for to make a passkey; `attestation` is its format and word."""
        self.user_handle = decoded(options["user"]["id"])
        flags = _PRESENT | _HAS_KEY | (_VERIFIED if verified else 0)
        key = self._cose_key() if public_key is None else public_key
        data = self._data(rp_id, flags) + bytes(16) + struct.pack(">H", len(self.id)) + self.id
        kind, statement = attestation
        made = encode_cbor({"fmt": kind, "attStmt": statement, "authData": data + key})
        return self._worded(
            {
                "clientDataJSON": encoded(
                    self._client_data("webauthn.create", options, origin, challenge, cross_origin)
                ),
                "attestationObject": encoded(made),
                "transports": ["internal", "telepathy"],
            }
        )

    def get(
        self,
        options: Options,
        *,
        origin: str | None = None,
        rp_id: str | None = None,
        challenge: bytes | None = None,
        verified: bool = True,
        cross_origin: bool = False,
        user_handle: bytes | None = None,
        tampered: bool = False,
    ) -> dict[str, object]:
        """Answer what a server asks for to prove who is there."""
        client_data = self._client_data("webauthn.get", options, origin, challenge, cross_origin)
        data = self._data(rp_id, _PRESENT | (_VERIFIED if verified else 0))
        signed = data + hashlib.sha256(client_data).digest()
        signature = self._key.sign(signed + b"!" * tampered, ec.ECDSA(SHA256()))
        return self._worded(
            {
                "clientDataJSON": encoded(client_data),
                "authenticatorData": encoded(data),
                "signature": encoded(signature),
                "userHandle": encoded(self.user_handle if user_handle is None else user_handle),
            }
        )

    def _worded(self, response: dict[str, object]) -> dict[str, object]:
        return {
            "id": encoded(self.id),
            "rawId": encoded(self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }

    def _client_data(
        self,
        kind: str,
        options: Options,
        origin: str | None,
        challenge: bytes | None,
        cross_origin: bool,
    ) -> bytes:
        asked = options["challenge"] if challenge is None else encoded(challenge)
        return json.dumps(
            {
                "type": kind,
                "challenge": asked,
                "origin": self.origin if origin is None else origin,
                "crossOrigin": cross_origin,
            }
        ).encode()

    def _data(self, rp_id: str | None, flags: int) -> bytes:
        rp_hash = hashlib.sha256((rp_id or self.rp_id).encode()).digest()
        return rp_hash + struct.pack(">BI", flags, self.count)

    def _cose_key(self) -> bytes:
        """Return the public half (RFC 9053, section 7.1.1: an EC2 key for ES256)."""
        numbers = self._key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})


def encoded(data: bytes) -> str:
    """Return bytes in base64url, as browsers word them."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Return what base64url words."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
