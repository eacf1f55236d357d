"""How providers are spoken to: briefly, and with answers of a bounded size.

What a provider says of the code that somebody brought is a refusal (`provider_refused`). Everything
else that goes wrong is between the provider and this server, whoever asks, and so Unavailable.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

import httpx

from tertulia.adapters.tls import trusted_authorities
from tertulia.core.errors import Invalid, Refusal, Unavailable

log = logging.getLogger(__name__)

TIMEOUT_S = 10.0
MAX_ANSWER_BYTES = 512 * 1024

# What is said of this server and not of a code (RFC 6749, section 5.2; GitHub's own last).
_OUR_FAULTS = {
    "invalid_client",
    "unauthorized_client",
    "unsupported_grant_type",
    "incorrect_client_credentials",
}


class ProviderHttp:
    """Asks a provider for JSON; refusals are told in the core's words."""

    def __init__(self, provider_id: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._provider_id = provider_id
        self._timeout_s = timeout_s

    async def get(self, url: str, *, token: str | None = None) -> Any:
        """Return what an address answers; `token` goes along as a bearer token."""
        found = await self.find(url, token=token)
        if found is None:
            raise self._mishap(f"nothing at {url}")
        return found

    async def find(self, url: str, *, token: str | None = None) -> Any:
        """Do as `get` does, but return None where the provider does not tell."""
        headers = {}
        if token is not None:
            if not token.isascii() or not token.isprintable():
                raise self._mishap("an access token that cannot be sent")
            headers["Authorization"] = f"Bearer {token}"
        answer, body = await self._ask("GET", url, headers=headers)
        if answer.status_code in (401, 403, 404):
            return None
        if answer.status_code != httpx.codes.OK:
            raise self._mishap(f"status {answer.status_code}")
        return self._read(body)

    async def exchange(
        self, url: str, form: Mapping[str, str], *, basic: tuple[str, str] | None = None
    ) -> dict[str, Any]:
        """Return what a token endpoint gives for a code; `basic` are a client's id and secret."""
        # Both are encoded as in a form first (RFC 6749, section 2.3.1).
        auth = httpx.BasicAuth(quote_plus(basic[0]), quote_plus(basic[1])) if basic else None
        answer, body = await self._ask("POST", url, data=dict(form), auth=auth)
        if answer.status_code not in (200, 400, 401):
            raise self._mishap(f"status {answer.status_code}")
        found = self._read(body)
        if not isinstance(found, dict):
            raise self._mishap("tokens that are no object")
        # GitHub tells what is wrong with status 200.
        if answer.status_code != httpx.codes.OK or "error" in found:
            raise self._refusal(found.get("error"))
        return found

    async def _ask(self, method: str, url: str, **how: Any) -> tuple[httpx.Response, bytes]:
        # What is sent packed may be a thousand times as large when it is unpacked.
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            **how.pop("headers", {}),
        }
        try:
            async with (
                # All of it together: a server may send one byte now and then.
                asyncio.timeout(self._timeout_s),
                # Nothing that a provider answers sends us elsewhere.
                httpx.AsyncClient(
                    verify=trusted_authorities(), timeout=self._timeout_s, follow_redirects=False
                ) as http,
                http.stream(method, url, headers=headers, **how) as answer,
            ):
                return answer, await self._whole(answer)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise self._mishap(repr(error)) from None

    async def _whole(self, answer: httpx.Response) -> bytes:
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise self._mishap("a packed answer")
        body = bytearray()
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                raise self._mishap("more than it should")
        return bytes(body)

    def _read(self, body: bytes) -> Any:
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise self._mishap("what is no JSON") from None

    def _refusal(self, error: object) -> Refusal:
        if error in _OUR_FAULTS:
            return self._mishap(f"{error}: its settings here are not those that it has")
        log.info("provider %s refused a code", self._provider_id)
        return refused()

    def _mishap(self, what: str) -> Unavailable:
        log.warning("provider %s cannot be used, it answered %s", self._provider_id, what)
        return Unavailable("The provider cannot be reached.")


def refused() -> Invalid:
    """Return the refusal of what a provider does not vouch for."""
    return Invalid("The provider did not accept this.", code="provider_refused", attr="code")
