"""The styles and the script of the light pages, under addresses that change with their content.

The script is built with the web client (`web/src/lite/`), and its name stands in the build's
`assets.json`. Without a build there is none, and nothing is missing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from tertulia.gateways.asgi import App
from tertulia.gateways.pages.page_file import make_page_file
from tertulia.gateways.pages.web_client import DIST

ENTRY = "src/lite/main.ts"
_STYLES = Path(__file__).parent / "styles"
_FOR_GOOD = "public, max-age=31536000, immutable"


class Assets:
    """Where styles and script are, and what answers there."""

    def __init__(self, dist: Path = DIST) -> None:
        files = {_address(file): file for file in sorted(_STYLES.glob("*.css"))}
        self.styles = tuple(files)
        self.script = _script(dist)
        self._files = {at: make_page_file(file, _FOR_GOOD) for at, file in files.items()}

    def find(self, path: str) -> App | None:
        """Return what answers at a path; the script is among the web client's files."""
        return self._files.get(path)


def _address(file: Path) -> str:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
    return f"/lite/{file.stem}-{digest}.css"


def _script(dist: Path) -> str | None:
    listing = dist / "assets.json"
    if not listing.exists():
        return None
    built = msgspec.json.decode(listing.read_bytes(), type=dict[str, _Built])
    return f"/{built[ENTRY].file}" if ENTRY in built else None


class _Built(msgspec.Struct):
    file: str
