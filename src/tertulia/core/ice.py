"""What clients need to find each other through firewalls: STUN, and TURN with timed credentials.

TURN relays what two clients cannot send each other directly. Its credentials are made here, without
asking it: both know a secret, and a name is good until the time that stands in it
(draft-uberti-behave-turn-rest-00, section 2.2; `use-auth-secret` of coturn).
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class IceServer:
    """One of WebRTC's `RTCIceServer`; a STUN server asks for no credentials."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IceServers:
    """The servers of a site; `turn_secret` is there where `turn_urls` are."""

    stun_urls: tuple[str, ...] = ()
    turn_urls: tuple[str, ...] = ()
    turn_secret: str | None = field(default=None, repr=False)
    turn_ttl: timedelta = timedelta(days=1)

    def offered_to(self, account_id: UUID, now: datetime) -> tuple[IceServer, ...]:
        """Return the servers for one person, with credentials that hold for `turn_ttl`."""
        servers = []
        if self.stun_urls:
            servers.append(IceServer(urls=self.stun_urls))
        if self.turn_urls and self.turn_secret is not None:
            username = f"{int((now + self.turn_ttl).timestamp())}:{account_id}"
            credential = turn_credential(self.turn_secret, username)
            servers.append(IceServer(urls=self.turn_urls, username=username, credential=credential))
        return tuple(servers)


def turn_credential(secret: str, username: str) -> str:
    """Return the password of a TURN user name: base64 of its HMAC-SHA1 under the shared secret."""
    return b64encode(hmac.digest(secret.encode(), username.encode(), "sha1")).decode()
