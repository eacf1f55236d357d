"""The long polling sessions that are open here, each found by the token that its client was given.

A token is a random name with its HMAC: `lp.<name>.<signature>`. One with a good signature that
leads to nothing is of a session that has ended, or of a server that was started since; one with a
bad signature is no token at all.
"""

from __future__ import annotations

import hmac
import secrets
from uuid import UUID

from tertulia.realtime.connection_polled import PolledConnection

MAX_SESSIONS = 32
"""How many one account may have open; a WebSocket costs its client a connection, these do not."""

_PREFIX = "lp."
_NAME_BYTES = 16


class PollSessions:
    """What is open, by its name, and by whose it is in the order in which it was opened."""

    def __init__(self, secret: str, *, prefix: str = "") -> None:
        """Have the names of sessions begin with `prefix`."""
        self._prefix = prefix
        # A key of its own, so that what is signed here can never pass for anything else.
        self._key = hmac.digest(secret.encode(), b"tertulia long polling", "sha256")
        self._open: dict[str, PolledConnection] = {}
        self._by_account: dict[UUID, dict[PolledConnection, str]] = {}

    def add(self, connection: PolledConnection) -> str:
        """Keep a new session and return its token; an account's oldest makes way for one too many.

        Its `forget` has to call `discard`.
        """
        name = self._prefix + secrets.token_urlsafe(_NAME_BYTES)
        siblings = self._by_account.setdefault(connection.account_id, {})
        if len(siblings) >= MAX_SESSIONS:
            next(iter(siblings)).lost()
        self._open[name] = connection
        # Looked up anew: where the oldest was the only one, it took the table with it.
        self._by_account.setdefault(connection.account_id, {})[connection] = name
        return f"{_PREFIX}{name}.{self._signature(name)}"

    def discard(self, connection: PolledConnection) -> None:
        """Forget a session, if it is there."""
        siblings = self._by_account.get(connection.account_id, {})
        name = siblings.pop(connection, None)
        if name is not None:
            del self._open[name]
            if not siblings:
                del self._by_account[connection.account_id]

    def find(self, token: str) -> PolledConnection | None:
        """Return the session that a token of ours leads to, or None if it has ended."""
        return self._open.get(_name_in(token))

    def holds(self, token: str) -> bool:
        """Whether a token was issued with this server's secret, for whatever session."""
        signature = token.rpartition(".")[2]
        return hmac.compare_digest(signature.encode(), self._signature(_name_in(token)).encode())

    def all(self) -> list[PolledConnection]:
        """Return every session."""
        return list(self._open.values())

    def _signature(self, name: str) -> str:
        return hmac.digest(self._key, name.encode(), "sha256").hex()


def is_poll_token(token: str) -> bool:
    """Whether a token wants to be that of a session, and not that of a person."""
    return token.startswith(_PREFIX)


def _name_in(token: str) -> str:
    return token.removeprefix(_PREFIX).rpartition(".")[0]
