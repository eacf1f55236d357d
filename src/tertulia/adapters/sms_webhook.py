"""Text messages by a webhook: any service of the operator's own is told what to send.

    POST <address>
    Content-Type: application/json
    Tertulia-Timestamp: 1767225600
    Tertulia-Signature: <hex of HMAC-SHA-256 over "1767225600." and the body>

    {"id": "0198...", "to": "+34600123456", "text": "123456 is your code ..."}

The same `id` again is the same message. Any 2xx means that it was taken; 400, 404, 410 and 422 that
it never will be; everything else is tried again.
"""

from __future__ import annotations

import asyncio
import hmac
import time

import httpx
import msgspec

from tertulia.adapters.letter_texts import LetterTexts
from tertulia.adapters.tls import trusted_authorities
from tertulia.core.letters import Letter
from tertulia.core.post import Undeliverable

TIMEOUT_S = 15.0
_FOR_GOOD = (400, 404, 410, 422)


class WebhookCourier:
    """A Courier that tells one address of each letter."""

    def __init__(
        self, *, url: str, secret: str, texts: LetterTexts, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._url = url
        self._key = secret.encode()
        self._texts = texts
        self._timeout_s = timeout_s

    async def deliver(self, letter: Letter, letter_id: str) -> None:
        """Tell of a letter; Undeliverable where the address says that it cannot be sent."""
        body = msgspec.json.encode(
            {"id": letter_id, "to": letter.to, "text": self._texts.message(letter)}
        )
        at = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "Tertulia-Timestamp": at,
            "Tertulia-Signature": signature(self._key, at, body),
        }
        # All in all: the client's own begins anew with every byte that trickles in.
        within = asyncio.timeout(self._timeout_s)
        async with (
            within,
            httpx.AsyncClient(verify=trusted_authorities(), timeout=self._timeout_s) as http,
        ):
            answer = await http.post(self._url, content=body, headers=headers)
        if answer.status_code in _FOR_GOOD:
            raise Undeliverable(f"refused with {answer.status_code}")
        if not answer.is_success:
            # In words of our own: the address may have a secret in it, and this is logged.
            raise ConnectionError(f"answered with {answer.status_code}")


def signature(key: bytes, at: str, body: bytes) -> str:
    """Return what proves that a request was made by whoever has the key, at that time."""
    return hmac.digest(key, at.encode() + b"." + body, "sha256").hex()
