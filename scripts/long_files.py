"""``python -m scripts.long_files``: no file of our own has more than 400 lines."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.stamp import ROOT

MAX_LINES = 400

_SUFFIXES = {
    *(".py", ".sh", ".mako", ".toml", ".yaml", ".yml", ".json", ".md"),
    *(".ts", ".tsx", ".js", ".mjs", ".css", ".html"),
}
_NOT_OURS = {".git", ".venv", "node_modules", "dist", "var", "results", "test-results"}
# Written by tools: the lock of the web client's packages, and what is generated from the sources.
_WRITTEN_BY_TOOLS = ("package-lock.json", ".gen.json", ".gen.d.ts")


def long_files(root: Path) -> dict[Path, int]:
    """Return the files under ``root`` that are too long, with the number of their lines."""
    lengths = {path: len(path.read_bytes().splitlines()) for path in our_files(root)}
    return {path: length for path, length in lengths.items() if length > MAX_LINES}


def our_files(root: Path) -> Iterator[Path]:
    """Return the text files under ``root`` that people write."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not _is_foreign(name)]
        for name in names:
            path = Path(folder, name)
            if path.suffix in _SUFFIXES and not name.endswith(_WRITTEN_BY_TOOLS):
                yield path


def _is_foreign(folder_name: str) -> bool:
    return folder_name in _NOT_OURS or folder_name.endswith("_cache")


if __name__ == "__main__":
    found = long_files(ROOT)
    for path, length in found.items():
        print(f"{path.relative_to(ROOT)}: {length} lines, more than {MAX_LINES}")
    sys.exit(bool(found))
