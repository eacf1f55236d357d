"""``python -m scripts.branch_coverage``: the tests of what is pure take every branch of it.

The pure modules of the gateways are the protocols, which read what clients say, and the dialects,
which word what happened. Here their own tests run alone, so that no test of something else helps.
"""

import json
import sys
import tempfile
from pathlib import Path

import pytest
from coverage import Coverage

from scripts.stamp import ROOT

GATEWAYS = "src/tertulia/gateways"
TESTS = "tests/gateways"
_FOLDERS = (".", "phoenix", "rooms", "events", "socketio", "voice")
_NAMES = (
    "protocol",
    "dialect",
    "frames",
    "words",
    "sealed_words",
    "voice_words",
    "bodies",
    "malformed",
    "payload",
)


def untaken() -> dict[Path, list[str]]:
    """Run the tests; return which lines of which pure modules were not run or not left every way.

    Raises SystemExit where a test fails.
    """
    coverage = Coverage(branch=True, data_file=None, include=[str(path) for path in _pure()])
    with coverage.collect():
        failed = pytest.main(["--quiet", "-p", "no:xdist", *map(str, _tests())])
    if failed:
        sys.exit(failed)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        coverage.json_report(outfile=str(report))
        files = json.loads(report.read_text())["files"]
    missed = {ROOT / name: _missed(ROOT / name, found) for name, found in files.items()}
    missed |= {path: ["all of it"] for path in _pure() if path not in missed}
    return {path: lines for path, lines in missed.items() if lines}


def _pure() -> list[Path]:
    return _files(ROOT / GATEWAYS, "{}.py")


def _tests() -> list[Path]:
    return _files(ROOT / TESTS, "test_{}.py")


def _files(place: Path, form: str) -> list[Path]:
    paths = (place / folder / form.format(name) for folder in _FOLDERS for name in _NAMES)
    return sorted(path for path in paths if path.exists())


def _missed(path: Path, found: dict[str, list[list[int]]]) -> list[str]:
    lines = path.read_text().splitlines()
    branches = [(start, end) for start, end in found["missing_branches"]]
    # No value is left over by the last case of a match that names them all: mypy checks that.
    taken = [(start, end) for start, end in branches if end < 0 and "case " in lines[start - 1]]
    return [
        *(f"line {line}" for line in found["missing_lines"]),
        *(f"line {start} to {end}" for start, end in branches if (start, end) not in taken),
    ]


if __name__ == "__main__":
    left = untaken()
    for module, places in left.items():
        print(f"{module.relative_to(ROOT)}: {', '.join(places)}")
    print(f"Every branch of {len(_pure())} pure modules is taken." if not left else "")
    sys.exit(bool(left))
