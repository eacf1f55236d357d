"""The virtual environment: the locked packages, and the package itself on top of them."""

import os
import platform
import subprocess
import sys
import venv

from scripts.stamp import ROOT, do_once

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def install(lock: str) -> None:
    """Have everything in ``requirements/<lock>.txt`` installed, and Tertulia itself."""
    _make_environment()
    path = ROOT / "requirements" / f"{lock}.txt"
    do_once(
        f"packages-{lock}",
        lambda: _pip("--require-hashes", "--requirement", str(path)),
        inputs=[path],
        outputs=[PYTHON],
        version=sys.version,
    )


def install_self() -> None:
    """Have ``import tertulia`` and the ``tertulia`` command lead to the sources in src/."""
    do_once(
        "tertulia",
        # The build needs nothing that the lock does not already hold.
        lambda: _pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT)),
        inputs=[ROOT / "pyproject.toml"],
        outputs=[VENV / "bin" / "tertulia"],
        version=sys.version,
    )


def _make_environment() -> None:
    config = VENV / "pyvenv.cfg"
    if PYTHON.exists() and f"version = {platform.python_version()}\n" in config.read_text():
        return
    try:
        venv.create(VENV, clear=True, symlinks=True, with_pip=True)
    except subprocess.CalledProcessError:
        sys.exit(
            "Python cannot make a virtual environment; on Debian: apt-get install python3-venv"
        )


def _pip(*arguments: str) -> None:
    print(f"pip install {arguments[-1]} ...", flush=True)
    subprocess.run(
        [PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", *arguments],
        check=True,
        env={**os.environ, "PIP_NO_INPUT": "1"},
    )
