"""Fetching what an address that somebody wrote leads to, without being led astray.

Only http and https, without credentials, cookies or anything else of this server; bounded in bytes,
in redirects and, by the caller, in time. Each host on the way is checked where it is connected to
(`web_addresses`), also where a redirect leads.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote, urljoin

import httpcore
import httpx

from tertulia import __version__
from tertulia.adapters.tls import trusted_authorities
from tertulia.adapters.web_addresses import Addresses, NotPublic
from tertulia.core.previews import Bound, Fetched, NothingThere

MAX_REDIRECTS = 3
MAX_URL_CHARS = 2048
STEP_S = 5.0
_REDIRECTS = (301, 302, 303, 307, 308)
_CHARSET = re.compile(r"charset=[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_ACCEPT = "text/html,application/xhtml+xml,image/webp,image/jpeg,image/png,image/gif;q=0.9"


class WebFetch:
    """The core's Web. `allowed` networks may be asked although they are not public."""

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        self._addresses = Addresses(allowed)
        self._backend = CheckedBackend(self._addresses)

    async def fetch(
        self, url: str, bounds: Mapping[str, Bound], base: str | None = None
    ) -> Fetched:
        """Return what an address answers; raises NothingThere."""
        url = url if base is None else _joined(base, url)
        for _ in range(1 + MAX_REDIRECTS):
            async with self._asked(url) as (address, answer):
                if answer.status not in _REDIRECTS:
                    return await _read(address, answer, bounds)
                url = _joined(str(address), _header(answer, b"location"))
        raise NothingThere("too many redirects")

    def close(self) -> None:
        """Stop looking for addresses."""
        self._addresses.close()

    @asynccontextmanager
    async def _asked(self, url: str) -> AsyncIterator[tuple[httpx.URL, httpcore.Response]]:
        address = _read_url(url)
        pool = httpcore.AsyncConnectionPool(
            ssl_context=trusted_authorities(), max_connections=1, network_backend=self._backend
        )
        target = httpcore.URL(
            scheme=address.raw_scheme,
            host=address.raw_host,
            port=address.port,
            target=address.raw_path,
        )
        steps = dict.fromkeys(("connect", "read", "write", "pool"), STEP_S)
        try:
            async with (
                pool,
                pool.stream(
                    "GET", target, headers=_headers(address), extensions={"timeout": steps}
                ) as answer,
            ):
                yield address, answer
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.TimeoutException,
            httpcore.UnsupportedProtocol,
            NotPublic,
            OSError,
        ) as error:
            raise NothingThere(repr(error)) from None


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were found and checked, and to nothing else."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109, as the library has it
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to a host, which is looked up here and nowhere else."""
        address = await self._addresses.find(host, port)
        return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)


def _read_url(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise NothingThere(f"no address: {error}") from None
    if address.scheme not in ("http", "https") or not address.host or len(url) > MAX_URL_CHARS:
        raise NothingThere("not an address of the web")
    if address.userinfo:
        raise NothingThere("an address with credentials in it")
    return address


def _headers(address: httpx.URL) -> list[tuple[bytes, bytes]]:
    return [
        (b"Host", address.netloc),
        (b"User-Agent", f"Tertulia/{__version__} (link preview)".encode()),
        (b"Accept", _ACCEPT.encode()),
        # What is sent packed may be a thousand times as large when it is unpacked.
        (b"Accept-Encoding", b"identity"),
        (b"Connection", b"close"),
    ]


def _header(answer: httpcore.Response, name: bytes) -> str:
    found = (value for key, value in answer.headers if key.lower() == name)
    return next(found, b"").decode("latin-1").strip()


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        raise NothingThere("a way to nowhere") from None


async def _read(
    address: httpx.URL, answer: httpcore.Response, bounds: Mapping[str, Bound]
) -> Fetched:
    content_type = _header(answer, b"content-type")
    media_type = content_type.partition(";")[0].strip().lower()
    bound = bounds.get(media_type)
    if answer.status != 200 or bound is None:
        raise NothingThere(f"status {answer.status}, {media_type or 'no type'}")
    if _header(answer, b"content-encoding").lower() not in ("", "identity"):
        raise NothingThere("a packed answer")
    data = bytearray()
    async for chunk in answer.aiter_stream():
        data += chunk
        if len(data) > bound.max_bytes:
            if not bound.is_cut:
                raise NothingThere("more than there should be")
            break
    charset = _CHARSET.search(content_type)
    return Fetched(
        url=str(address),
        name=unquote(address.path.rpartition("/")[2]) or address.host,
        media_type=media_type,
        charset=charset and charset[1],
        data=bytes(data[: bound.max_bytes]),
    )
