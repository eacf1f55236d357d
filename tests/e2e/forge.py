"""Servers that are there at once: copies of one process that has imported all that they need.

Importing is most of the work of starting a server, and many tests start some. Otherwise a copy is
like `python -m tertulia serve`: a process and a session of its own.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.waiting import until

PATIENCE_S = 60.0
_PR_SET_PDEATHSIG = 1


class Forge:
    """The process that is copied; ends with `close`, or with the process that has it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.forge"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> ForgedProcess:
        """Run a module with its arguments. Raises EOFError where nothing is copied any more."""
        order = {"command": command, "environment": dict(environment), "folder": str(folder)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        pid = self._process.stdout.readline()
        if not pid:
            raise EOFError("the process that is copied has ended")
        return ForgedProcess(int(pid))

    def close(self) -> None:
        """End it, and all that are left of its copies."""
        self._process.communicate()


class ForgedProcess:
    """A copy, as one's own child process would be used."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    @property
    def returncode(self) -> int | None:
        """None while it lives; how it ended nobody was told."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return -1
        return None

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    async def wait(self) -> None:
        """Wait until it has ended."""
        ended = f"process {self.pid} ends"
        await until(lambda: self.returncode is not None, within_s=PATIENCE_S, what=ended)


def _copy_for_ever() -> None:
    import tertulia.cli  # noqa: F401, PLC0415, whoever only asks for copies needs none of it

    # The kernel forgets the copies that have ended.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(order["command"], order["environment"], order["folder"])
            runpy.run_module(order["command"][0], run_name="__main__", alter_sys=True)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _become(command: list[str], environment: dict[str, str], folder: str) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    sys.argv = command


if __name__ == "__main__":
    _copy_for_ever()
