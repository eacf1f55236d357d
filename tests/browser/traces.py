"""Whether something secret can be found in what was written down, however it is written there."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping

from tests.e2e.server_process import ServerProcess
from tests.engines import Engines

_LONG_ENOUGH_BYTES = 12
"""Shorter pieces turn up in random bytes, or are cut away where Base64 is searched."""


def traces(secrets: Mapping[str, bytes], places: Iterable[bytes]) -> set[str]:
    """Return the names of those secrets that are in one of the places, in any of their forms."""
    searched = list(places)
    return {
        name
        for name, secret in secrets.items()
        if any(form in place for form in _forms(secret) for place in searched)
    }


def kept(server: ServerProcess, engines: Engines) -> list[bytes]:
    """Return everything that a server keeps: its database, files and log."""
    files = (path for path in sorted(server.var_dir.rglob("*")) if path.is_file())
    return [engines.dump(server.settings), *(path.read_bytes() for path in files)]


def _forms(secret: bytes) -> set[bytes]:
    if len(secret) < _LONG_ENOUGH_BYTES:
        raise ValueError("a secret this short is found by chance")
    digits = secret.hex()
    return {secret, digits.encode(), digits.upper().encode(), *_in_base64(secret)}


def _in_base64(secret: bytes) -> Iterable[bytes]:
    # Within something longer it may begin at any of three places; the signs at either end, which
    # belong to its neighbours too, are left away.
    for before in range(3):
        for altchars in (b"+/", b"-_"):
            signs = base64.b64encode(bytes(before) + secret, altchars).rstrip(b"=")
            yield signs[4 if before else 0 : -4]
