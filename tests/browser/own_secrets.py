"""What a person alone has, worked out from their recovery key as docs/encryption.md says.

Nothing of the web client is used here: where the two did not agree, these would not open.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

if TYPE_CHECKING:
    from tests.browser.screen import Screen

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_KEY_BYTES = 32
_CHECK_BYTES = 3


async def secrets_of(screen: Screen, recovery_key: str, conversation_id: str) -> dict[str, bytes]:
    """Return the recovery key, the account secret and the private keys, each by a name."""
    own = await _get(screen, "/api/encryption")
    me = await _get(screen, "/api/me")
    conversation = await _get(screen, f"/api/conversations/{conversation_id}/keys")
    key = bytes_of_recovery_key(recovery_key)
    (wrapped,) = (wrap["wrapped"] for wrap in own["wraps"] if wrap["kind"] == "recovery")
    context = canonical("tertulia account secret v1", me["id"], "recovery")
    wrapping = _derived(key, _decoded(wrapped["salt"]), context)
    secret = _opened(wrapping, wrapped, context)
    return {
        "recovery key": key,
        "recovery key in letters": recovery_key.replace("-", "").encode(),
        "recovery key in groups": recovery_key.encode(),
        "account secret": secret,
        "identity": _private_key(secret, "identity", own["identity"]["private_key"]),
        "conversation key": _private_key(secret, "conversation", conversation["private_key"]),
    }


def bytes_of_recovery_key(text: str) -> bytes:
    """Return the 32 bytes that 56 letters and digits stand for, after looking at their checksum."""
    number = 0
    for sign in text.replace("-", ""):
        number = number * len(_CROCKFORD) + _CROCKFORD.index(sign)
    whole = number.to_bytes(_KEY_BYTES + _CHECK_BYTES, "big")
    key, check = whole[:_KEY_BYTES], whole[_KEY_BYTES:]
    digest = hashlib.sha256(canonical("tertulia recovery key v1", key)).digest()
    if check != digest[:_CHECK_BYTES]:
        raise ValueError("the checksum of the recovery key is wrong")
    return key


def canonical(*values: str | bytes) -> bytes:
    """Return the canonical writing of some values."""
    encoded = [value.encode() if isinstance(value, str) else value for value in values]
    return b"".join(len(value).to_bytes(2, "big") + value for value in encoded)


def _private_key(secret: bytes, kind: str, wrapped: dict[str, str]) -> bytes:
    wrapping = _derived(secret, b"", b"tertulia private keys v1")
    context = canonical("tertulia private key v1", kind, wrapped["kid"])
    key = load_der_private_key(_opened(wrapping, wrapped, context), password=None)
    return key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def _derived(material: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=salt, info=info).derive(material)


def _opened(key: bytes, sealed: dict[str, str], context: bytes) -> bytes:
    return AESGCM(key).decrypt(_decoded(sealed["iv"]), _decoded(sealed["ct"]), context)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


async def _get(screen: Screen, path: str) -> Any:
    answer = await screen.page.request.get(path)
    assert answer.ok, path
    return await answer.json()
