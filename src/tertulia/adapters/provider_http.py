"""How providers are spoken to: briefly, by https or loopback, with answers of a bounded size."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import httpx

from tertulia.core.errors import Invalid, Unavailable

log = logging.getLogger(__name__)

TIMEOUT_S = 10.0
MAX_ANSWER_BYTES = 512 * 1024


class ProviderHttp:
    """Asks a provider for JSON objects; refusals are told in the core's words."""

    def __init__(self, provider_id: str) -> None:
        self._provider_id = provider_id

    async def get(self, url: str, *, token: str | None = None) -> Any:
        """Return what an address answers; `token` goes along as a bearer token."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return await self._ask("GET", url, headers=headers)

    async def post(
        self, url: str, form: Mapping[str, str], *, basic: tuple[str, str] | None = None
    ) -> Any:
        """Return what an address answers to a form; `basic` are a client's id and secret."""
        auth = httpx.BasicAuth(*basic) if basic else None
        return await self._ask("POST", url, data=dict(form), auth=auth)

    async def _ask(self, method: str, url: str, **how: Any) -> Any:
        headers = {"Accept": "application/json", **how.pop("headers", {})}
        try:
            async with (
                # Nothing that a provider answers sends us elsewhere.
                httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False) as http,
                http.stream(method, url, headers=headers, **how) as answer,
            ):
                body = await _bounded(answer)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            log.warning("provider %s is out of reach: %r", self._provider_id, error)
            raise Unavailable("The provider cannot be reached.") from None
        if answer.is_server_error:
            raise Unavailable("The provider does not answer as it should.")
        if not answer.is_success:
            log.info("provider %s refused with %s", self._provider_id, answer.status_code)
            raise refused()
        try:
            return httpx.Response(200, content=body).json()
        except ValueError:
            raise refused() from None


def refused() -> Invalid:
    """Return the refusal of what a provider does not vouch for."""
    return Invalid("The provider did not accept this.", code="provider_refused", attr="code")


async def _bounded(answer: httpx.Response) -> bytes:
    body = b""
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise Unavailable("The provider answers more than it should.")
    return body
