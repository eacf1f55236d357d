"""Web Push (RFC 8030): notices to browsers, through the push services that they chose.

    POST <endpoint>
    TTL: 259200
    Urgency: high
    Topic: 0198c2a45a50700080000000000000c1        what waits of one conversation is replaced
    Content-Encoding: aes128gcm
    Authorization: vapid t=..., k=...

    {"type": "message", "conversation_id": ..., "message_group": ..., "seq": 12, "title": "Ana",
     "body": "Hello", "icon": "/api/avatars/.../256", "url": "/c/...", "sent_at": ...}

201 means that the push service took it, 404 and 410 that nobody is there any more, 429 and 5xx that
it is to be tried again. Whoever subscribes chooses the address, so only the public internet is
called (`web_addresses`), no redirect is followed, and nothing of the answer is read but its head.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx
import msgspec

from tertulia.adapters import push_encryption
from tertulia.adapters.tls import trusted_authorities
from tertulia.adapters.vapid import Vapid
from tertulia.adapters.web_addresses import Addresses, NoAddress
from tertulia.adapters.web_fetch import CheckedBackend
from tertulia.core.clock import utc_now
from tertulia.core.errors import Invalid
from tertulia.core.ports import Clock
from tertulia.core.pushes import (
    Gone,
    MessageNotice,
    Notice,
    PushSubscription,
    ReadNotice,
    TryLater,
)

MAX_PAYLOAD_BYTES = 3072
"""Push services take 4096 bytes (RFC 8030, section 7.2) with what encryption adds."""
MAX_ENDPOINT_CHARS = 2000
MESSAGE_TTL_S = 3 * 24 * 3600
READ_TTL_S = 24 * 3600
TIMEOUT_S = 10.0
MAX_CONNECTIONS = 16
KEPT_ALIVE_S = 30.0
_GONE = (404, 410)
_TOO_MANY = 429


class WebPush:
    """The PushService of browsers."""

    def __init__(
        self,
        vapid: Vapid,
        *,
        allowed: Sequence[str] = (),
        timeout_s: float = TIMEOUT_S,
        clock: Clock = utc_now,
    ) -> None:
        """Push as whom `vapid` says, also into the networks in `allowed`."""
        self._vapid = vapid
        self._addresses = Addresses(allowed)
        self._timeout_s = timeout_s
        self._clock = clock
        self._http: httpx.AsyncClient | None = None

    @property
    def public_key(self) -> str:
        """The key by which push services know this server."""
        return self._vapid.public_key

    def require_usable(self, endpoint: str, p256dh: str, auth: str) -> None:
        """Raise Invalid for an address that is not called, or keys that are none."""
        if not self._may_call(endpoint):
            raise Invalid("This server does not push to this address.", attr="endpoint")
        try:
            push_encryption.browser_key(p256dh)
        except ValueError:
            raise Invalid("This is no key of a browser.", attr="keys.p256dh") from None
        try:
            push_encryption.auth_secret(auth)
        except ValueError:
            raise Invalid("This is no secret of a browser.", attr="keys.auth") from None

    async def push(self, subscription: PushSubscription, notice: Notice) -> None:
        """Hand a notice over; raises Gone, TryLater, NotPublic or ConnectionError.

        An address that is not called now is not forgotten: the names may be wrong for a while.
        """
        try:
            body = push_encryption.encrypt(payload(notice), subscription.p256dh, subscription.auth)
        except ValueError as error:
            raise Gone("its keys are none") from error
        headers = {
            "TTL": str(MESSAGE_TTL_S if isinstance(notice, MessageNotice) else READ_TTL_S),
            "Urgency": _urgency(notice),
            # The 32 characters that a topic may have (RFC 8030, section 5.4).
            "Topic": notice.conversation_id.hex,
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "Authorization": self._vapid.authorization(subscription.endpoint, self._clock()),
        }
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._client().stream(
                    "POST", subscription.endpoint, content=body, headers=headers
                ) as answer,
            ):
                self._judge(answer)
        except (httpx.HTTPError, TimeoutError, NoAddress) as error:
            raise TryLater(repr(error)) from error

    async def close(self) -> None:
        """Let go of connections."""
        self._addresses.close()
        if self._http is not None:
            await self._http.aclose()

    def _may_call(self, endpoint: str) -> bool:
        if len(endpoint) > MAX_ENDPOINT_CHARS or not endpoint.isascii():
            return False
        if not endpoint.isprintable() or " " in endpoint:
            return False
        try:
            parts = urlsplit(endpoint)
            host, port = parts.hostname, parts.port
            httpx.URL(endpoint)
        except (ValueError, httpx.InvalidURL):
            return False
        if not host or port == 0 or parts.username is not None or parts.password is not None:
            return False
        # Without TLS on this machine alone, where nobody is in between.
        is_here = host in ("localhost", "127.0.0.1", "::1")
        is_private_enough = parts.scheme == "https" or (parts.scheme == "http" and is_here)
        return is_private_enough and self._addresses.may_lead_out(host, port or 443)

    def _client(self) -> httpx.AsyncClient:
        # Made with the first push: reading the certificates of the world takes a while.
        if self._http is None:
            self._http = httpx.AsyncClient(
                transport=_Transport(self._addresses),
                timeout=self._timeout_s,
                trust_env=False,
                follow_redirects=False,
            )
        return self._http

    def _judge(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if status in _GONE:
            raise Gone(f"answered with {status}")
        if status == _TOO_MANY or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise TryLater(f"answered with {status}", self._wait_of(answer))
        if not answer.is_success:
            raise ConnectionError(f"answered with {status}")

    def _wait_of(self, answer: httpx.Response) -> float | None:
        """Return the seconds of Retry-After, which may also be a date (RFC 9110, 10.2.3)."""
        text = answer.headers.get("retry-after", "")
        if text.isascii() and text.isdigit():
            return float(text[:9])
        try:
            until = parsedate_to_datetime(text)
            return max(0.0, (until - self._clock()).total_seconds())
        except (TypeError, ValueError, OverflowError):
            return None


class _Transport(httpx.AsyncHTTPTransport):
    """HTTP as usual, to public addresses alone; connections to push services are kept."""

    def __init__(self, addresses: Addresses) -> None:
        super().__init__(verify=trusted_authorities())
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trusted_authorities(),
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_CONNECTIONS,
            keepalive_expiry=KEPT_ALIVE_S,
            network_backend=CheckedBackend(addresses),
        )


def payload(notice: Notice) -> bytes:
    """Word a notice as JSON of at most MAX_PAYLOAD_BYTES; a longer body is cut."""
    match notice:
        case ReadNotice():
            return msgspec.json.encode(
                {
                    "type": "read",
                    "conversation_id": notice.conversation_id,
                    "read_seq": notice.read_seq,
                }
            )
        case MessageNotice():
            body = notice.body
            while True:
                worded = msgspec.json.encode(_message(notice, body))
                excess = len(worded) - MAX_PAYLOAD_BYTES
                if excess <= 0 or not body:
                    return worded
                # No character takes more than six bytes, so this is never too much by far.
                body = body[: -max(2, excess // 6)].rstrip() + "…" if len(body) > 2 else ""


def _message(notice: MessageNotice, body: str) -> dict[str, Any]:
    return {
        "type": "message",
        "conversation_id": notice.conversation_id,
        "message_group": notice.message_id,
        "seq": notice.seq,
        "title": notice.title,
        "body": body,
        "icon": notice.picture and f"/api/avatars/{notice.picture}/256",
        "url": f"/c/{notice.conversation_id}",
        "sent_at": _time(notice.sent_at),
    }


def _time(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _urgency(notice: Notice) -> str:
    if isinstance(notice, ReadNotice):
        return "low"
    return "high" if notice.is_urgent else "normal"
