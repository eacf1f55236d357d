"""The programs that the tests start: where they are, and how they get there."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class SystemProgram:
    """A program by the names under which systems have it, and Debian's package for it."""

    title: str
    names: tuple[str, ...]
    debian_package: str

    def path(self) -> Path | None:
        """Return where it is: on PATH, or where Debian keeps the servers' programs."""
        for name in self.names:
            if found := shutil.which(name):
                return Path(found)
        return next((path for name in self.names for path in _off_path(name)), None)


CHROMIUM = SystemProgram("Chromium", ("chromium", "chromium-browser", "google-chrome"), "chromium")
LYNX = SystemProgram("Lynx", ("lynx",), "lynx")
POSTGRES = SystemProgram("PostgreSQL", ("postgres",), "postgresql")
REDIS = SystemProgram("Redis", ("redis-server", "valkey-server"), "redis-server")
COTURN = SystemProgram("coturn", ("turnserver",), "coturn")
CADDY = SystemProgram("Caddy", ("caddy",), "caddy")
JANUS = SystemProgram("Janus", ("janus",), "janus")
PROGRAMS = (CHROMIUM, LYNX, POSTGRES, REDIS, COTURN, CADDY, JANUS)


def require() -> None:
    """Have all of them, installed with apt-get where that can be done.

    Where it cannot, end the process with a message that says what to install.
    """
    missing = _missing()
    if missing and (apt_get := _apt_get()):
        print(f"Installing {_titles(missing)} ...", flush=True)
        packages = [program.debian_package for program in missing]
        # A list that is old may still do, so only what is missing afterwards counts.
        for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
            subprocess.run([*apt_get, "-qq", *command], stdin=subprocess.DEVNULL, check=False)
        missing = _missing()
    if missing:
        sys.exit(
            f"The tests need {_titles(missing)}. Install the programs "
            f"{', '.join(program.names[0] for program in missing)}; on Debian or Ubuntu:\n"
            f"  sudo apt-get install {' '.join(program.debian_package for program in missing)}"
        )


def _missing() -> list[SystemProgram]:
    return [program for program in PROGRAMS if program.path() is None]


def _titles(programs: list[SystemProgram]) -> str:
    return ", ".join(program.title for program in programs)


def _off_path(name: str) -> list[Path]:
    """Return the newest first."""
    found = DEBIAN_POSTGRES.glob(f"*/bin/{name}")
    return sorted(found, key=lambda path: int(path.parts[-3]), reverse=True)


def _apt_get() -> list[str] | None:
    """Return the command that may install, asking for no password; None where there is none."""
    found = shutil.which("apt-get")
    if found is None:
        return None
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive", found]
    sudo = shutil.which("sudo")
    if (
        sudo
        and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return [sudo, "-n", "env", "DEBIAN_FRONTEND=noninteractive", found]
    return None
