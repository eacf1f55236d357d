"""One file as it is served: its type, how long it may be kept, and its compressed form."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from pathlib import Path

from tertulia.gateways.asgi import Headers, Receive, Scope, Send, header, send_answer

# The types that a built web client has; what is not listed is not meant to be shown.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_COMPRESSED_ALREADY = {".ico", ".png", ".webp", ".woff2"}
_MIN_GZIP_BYTES = 1024


def make_page_file(path: Path, cache_control: str) -> PageFile:
    """Read a file into memory."""
    return PageFile(
        path.read_bytes(),
        _TYPES.get(path.suffix, "application/octet-stream"),
        cache_control,
        is_compressible=path.suffix not in _COMPRESSED_ALREADY,
    )


class PageFile:
    """An ASGI application that answers a GET with one file."""

    def __init__(
        self, content: bytes, media_type: str, cache_control: str, *, is_compressible: bool
    ) -> None:
        self._content = content
        self._gzipped: bytes | None = None
        self._is_compressible = is_compressible and len(content) >= _MIN_GZIP_BYTES
        self._digest = hashlib.sha256(content).hexdigest()[:32]
        self._headers: Headers = [
            (b"content-type", media_type.encode()),
            (b"cache-control", cache_control.encode()),
        ]
        if self._is_compressible:
            self._headers.append((b"vary", b"Accept-Encoding"))

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        """Answer one request: whole, gzipped where the client takes that, or 304."""
        is_gzipped = self._is_compressible and _takes_gzip(header(scope, b"accept-encoding") or "")
        # Two forms of one file are two things to a cache (RFC 9110, section 8.8.3.3).
        etag = f'"{self._digest}-gzip"' if is_gzipped else f'"{self._digest}"'
        headers = [*self._headers, (b"etag", etag.encode())]
        if _has_already(header(scope, b"if-none-match") or "", etag):
            await send_answer(send, 304, headers)
            return
        content = self._content
        if is_gzipped:
            content = await self._gzip()
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(content)).encode()))
        await send_answer(send, 200, headers, content)

    async def _gzip(self) -> bytes:
        if self._gzipped is None:
            self._gzipped = await asyncio.to_thread(gzip.compress, self._content, mtime=0)
        return self._gzipped


def _takes_gzip(accept_encoding: str) -> bool:
    """Read an Accept-Encoding (RFC 9110, section 12.5.3), where a weight of 0 means no."""
    for offer in accept_encoding.lower().split(","):
        coding, _, weight = offer.replace(" ", "").partition(";q=")
        if coding == "gzip":
            return weight.strip("0.") != "" if weight else True
    return False


def _has_already(if_none_match: str, etag: str) -> bool:
    kept = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in kept or "*" in kept
