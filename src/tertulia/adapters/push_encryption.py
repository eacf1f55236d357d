"""A push's payload, encrypted so that one browser alone reads it (RFC 8291, over RFC 8188).

salt (16) | record size (4) | 65 | key of the sender (65) | ciphertext of text, 0x02 | tag (16)
"""

from __future__ import annotations

import base64
import binascii
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_RECORD_BYTES = 4096
_LAST_RECORD = b"\x02"
_POINT_BYTES = 65
_AUTH_BYTES = 16
_SALT_BYTES = 16


def browser_key(p256dh: str) -> ec.EllipticCurvePublicKey:
    """Read a browser's public key, a point of P-256; raises ValueError."""
    point = from_base64url(p256dh)
    if len(point) != _POINT_BYTES:
        raise ValueError("not an uncompressed point")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def auth_secret(auth: str) -> bytes:
    """Read a browser's authentication secret; raises ValueError."""
    secret = from_base64url(auth)
    if len(secret) != _AUTH_BYTES:
        raise ValueError("not 16 bytes")
    return secret


def encrypt(
    text: bytes,
    p256dh: str,
    auth: str,
    *,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Return a body with `Content-Encoding: aes128gcm`; raises ValueError for keys that are none.

    `sender` and `salt` are made anew for each message unless a test brings its own.
    """
    receiver = browser_key(p256dh)
    sender = sender or ec.generate_private_key(ec.SECP256R1())
    salt = salt or secrets.token_bytes(_SALT_BYTES)
    sender_point = point_of(sender.public_key())
    shared = sender.exchange(ec.ECDH(), receiver)
    about = b"WebPush: info\x00" + point_of(receiver) + sender_point
    key = _derived(shared, auth_secret(auth), about, 32)
    content_key = _derived(key, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(key, salt, b"Content-Encoding: nonce\x00", 12)
    sealed = AESGCM(content_key).encrypt(nonce, text + _LAST_RECORD, None)
    size = _RECORD_BYTES.to_bytes(4, "big")
    return salt + size + bytes([len(sender_point)]) + sender_point + sealed


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a public key as the 65 bytes of an uncompressed point."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def from_base64url(text: str) -> bytes:
    """Read base64url (RFC 4648, section 5), with or without padding; raises ValueError."""
    # In ASCII, or a lone surrogate would be an error of another kind.
    stripped = text.rstrip("=").encode("ascii")
    try:
        return base64.b64decode(
            stripped + b"=" * (-len(stripped) % 4), altchars=b"-_", validate=True
        )
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def to_base64url(value: bytes) -> str:
    """Word bytes in base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _derived(secret: bytes, salt: bytes, about: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, about).derive(secret)
