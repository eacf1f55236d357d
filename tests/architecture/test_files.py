"""What holds for every file of ours."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.long_files import MAX_LINES, long_files, our_files

ROOT = Path(__file__).parents[2]
LOCKS = sorted(ROOT.glob("requirements/*.txt"))
# Written so that this file does not itself name one.
REGISTRY_HOST = re.compile(
    r"(registry\.(npm|yarn)|\bp[y]pi\.|pythonhosted\.|\bdeb\.debian\.|npm[j]s\.)", re.IGNORECASE
)


def test_no_file_is_too_long() -> None:
    assert long_files(ROOT) == {}


@pytest.mark.parametrize(
    ("name", "lines", "is_found"),
    [
        ("src/room.py", MAX_LINES, False),
        ("src/room.py", MAX_LINES + 1, True),
        ("web/src/app.tsx", MAX_LINES + 1, True),
        ("web/package-lock.json", MAX_LINES + 1, False),
        ("web/src/protocol/schema.gen.d.ts", MAX_LINES + 1, False),
        ("web/node_modules/react/index.js", MAX_LINES + 1, False),
    ],
)
def test_a_long_file_of_ours_is_found(
    tmp_path: Path, name: str, lines: int, is_found: bool
) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text("line\n" * lines)

    assert list(long_files(tmp_path)) == ([path] if is_found else [])


@pytest.mark.parametrize("lock", LOCKS, ids=[path.name for path in LOCKS])
def test_a_python_lock_holds_versions_and_hashes_and_no_address(lock: Path) -> None:
    line = re.compile(
        r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+( ; [^;@]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?"
    )
    text = lock.read_text(encoding="utf-8")

    assert [row for row in text.splitlines() if not line.fullmatch(row)] == []


def test_the_web_lock_holds_versions_and_hashes_and_no_address() -> None:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}

    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if "integrity" not in package] == []


def test_no_file_names_a_package_registry() -> None:
    named = [
        path.relative_to(ROOT)
        for path in (*our_files(ROOT), *_locks())
        if REGISTRY_HOST.search(path.read_text(encoding="utf-8"))
    ]

    assert named == []


def _locks() -> Iterator[Path]:
    yield from LOCKS
    yield ROOT / "web" / "package-lock.json"
