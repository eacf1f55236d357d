"""``python -m scripts.prepare STEP...``: what has to be there before a command can run."""

import subprocess
import sys
from collections.abc import Callable

from scripts import python_packages, system_programs, web_client


def _run() -> None:
    python_packages.install("run")
    python_packages.install_self()


def _dev() -> None:
    python_packages.install("dev")
    python_packages.install_self()


def _web_types() -> None:
    web_client.install_packages()
    web_client.write_openapi()


def _web() -> None:
    _web_types()
    web_client.build()


STEPS: dict[str, Callable[[], None]] = {
    "run": _run,
    "dev": _dev,
    "web-types": _web_types,
    "web": _web,
    "programs": system_programs.require,
}


def main(names: list[str]) -> None:
    """Take the steps in the order given; a command that fails ends it with that command's code."""
    try:
        for name in names:
            STEPS[name]()
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)


if __name__ == "__main__":
    main(sys.argv[1:])
