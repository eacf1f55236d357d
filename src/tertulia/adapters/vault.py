"""The vault: texts encrypted at rest under VAULT_KEY, by Fernet (AES-128-CBC with HMAC-SHA-256)."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES = 32
_CLOSED = "no key of the vault opens this"


class FernetVault:
    """The core's Vault. Of several keys the first one writes and all of them read."""

    def __init__(self, keys: Sequence[str]) -> None:
        fernets = [Fernet(_derived(key)) for key in keys]
        self._first = fernets[0]
        self._fernet = MultiFernet(fernets)

    def seal(self, text: str) -> str:
        """Encrypt a text under the first key."""
        return self._fernet.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Decrypt what any of the keys sealed; raises ValueError otherwise."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise ValueError(_CLOSED) from None

    def reseal(self, sealed: str) -> str | None:
        """Encrypt under the first key what another one sealed; ValueError if none did."""
        token = sealed.encode()
        try:
            self._first.decrypt(token)
        except InvalidToken:
            pass
        else:
            return None
        try:
            return self._fernet.rotate(token).decode()
        except InvalidToken:
            raise ValueError(_CLOSED) from None


def _derived(key: str) -> bytes:
    """Return a key of the right length: HKDF (RFC 5869), for a setting may be any long text."""
    derive = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"tertulia vault")
    return base64.urlsafe_b64encode(derive.derive(key.encode()))
