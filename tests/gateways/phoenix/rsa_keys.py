"""A person's RSA keys, as clients of this interface make them: JWKs for RSA-OAEP-256 of 2048 bits.

Their private key goes to the server as it is, since that is what those clients do; ours wraps it.
"""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import RSAKey

_PADDING = OAEP(mgf=MGF1(SHA256()), algorithm=SHA256(), label=None)
_TERMS = {"alg": "RSA-OAEP-256", "ext": True}


class RsaKeys:
    """One pair of keys; each made once for a name, since making one takes long."""

    def __init__(self, name: str) -> None:
        self._key = _made(name)

    @property
    def public_key(self) -> dict[str, Any]:
        """What the others are to have."""
        return {**self._key.as_dict(private=False), **_TERMS, "key_ops": ["encrypt"]}

    @property
    def private_key(self) -> dict[str, Any]:
        """What one's own devices are to have."""
        return {**self._key.as_dict(private=True), **_TERMS, "key_ops": ["decrypt"]}

    @property
    def pair(self) -> dict[str, Any]:
        """Both, as they stand in a payload."""
        return {"public_key": self.public_key, "private_key": self.private_key}

    def opened(self, sealed: str) -> str:
        """Return what was sealed for this person."""
        key = self._key.get_op_key("decrypt")
        return key.decrypt(base64.b64decode(sealed), _PADDING).decode()


def sealed(text: str, public_key: dict[str, Any]) -> str:
    """Seal a text with somebody's public key."""
    key = RSAKey.import_key(public_key).public_key
    return base64.b64encode(key.encrypt(text.encode(), _PADDING)).decode()


@cache
def _made(name: str) -> RSAKey:
    del name  # one for each
    return RSAKey.generate_key(2048)
