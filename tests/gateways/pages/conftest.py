"""A small built client, as Vite lays it out."""

from __future__ import annotations

from pathlib import Path

import pytest

INDEX = (
    '<!doctype html><script type="module" src="/assets/index-BfQ3xY1z.js"></script>' + " " * 1024
)
SCRIPT = "console.log('hello');" * 100


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """Return the folder of a built client, beside a file that is none of its own."""
    dist = tmp_path / "dist"
    files = {
        "index.html": INDEX,
        "sw.js": "self.skipWaiting();" * 100,
        "manifest.webmanifest": '{"name": "Tertulia"}',
        "robots.txt": "User-agent: *",
        "assets/index-BfQ3xY1z.js": SCRIPT,
        "assets/index-a1B2c_-4.css": "body { margin: 0 }",
        "assets/roboto-latin-wght-normal-CkrJZj2Q.woff2": "\x00\x01" * 1000,
        "assets/plain.svg": "<svg/>",
        "odd.unheard-of": "?",
    }
    for name, content in files.items():
        (dist / name).parent.mkdir(parents=True, exist_ok=True)
        (dist / name).write_text(content)
    (tmp_path / "secret.txt").write_text("not a page")
    return dist
