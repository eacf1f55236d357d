"""The built web client: its files by path, and its index page for every route of its own.

The table of files is made once, when the server starts; a request names an entry of it or nothing,
so no path can reach a file outside. Files whose name carries a hash of their content never change
and are kept by browsers for good; all others are asked for again each time, with an ETag.
"""

from __future__ import annotations

import re
from pathlib import Path

from tertulia.gateways.asgi import App, Receive, Scope, Send, send_answer
from tertulia.gateways.pages.page_file import PageFile, make_page_file

DIST = Path(__file__).parent / "dist"

# As Vite names what it builds: assets/index-BfQ3xY1z.js
_HASHED = re.compile(r"/assets/[^/]+-[\w-]{8}\.\w+")
_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_TRICKS = re.compile(r"[\x00-\x1f\x7f\\]|//|/\.{1,2}(/|$)")

_NOT_BUILT = b"""\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tertulia</title></head>
<body><h1>Tertulia is running</h1>
<p>Its web client has not been built. Build it with <code>make web</code>, then start the server
again. The HTTP interface is described at <a href="/docs">/docs</a>.</p></body></html>
"""


class WebClient:
    """Finds what answers a GET that is meant for the web client."""

    def __init__(self, folder: Path = DIST) -> None:
        self._files = _read_files(folder)
        self._index = self._files.get("/index.html")

    def find(self, path: str, accept: str) -> App | None:
        """Return what answers a GET of this path, or None where there is no such page."""
        if _TRICKS.search(path):
            return None
        file = self._files.get(path)
        if file is not None:
            return file
        if path != "/" and not _is_client_route(path, accept):
            return None
        return self._index or _tell_not_built


def _read_files(folder: Path) -> dict[str, PageFile]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    named = {f"/{path.relative_to(folder).as_posix()}": path for path in paths}
    return {
        name: make_page_file(path, _FOR_GOOD if _HASHED.fullmatch(name) else _ASK_AGAIN)
        for name, path in named.items()
    }


def _is_client_route(path: str, accept: str) -> bool:
    """Whether a browser wants a page here: no file's name, and asked for as a document."""
    return "." not in path.rpartition("/")[2] and "text/html" in accept


async def _tell_not_built(_: Scope, __: Receive, send: Send) -> None:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(_NOT_BUILT)).encode()),
    ]
    await send_answer(send, 503, headers, _NOT_BUILT)
