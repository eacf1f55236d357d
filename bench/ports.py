"""Waiting for the servers that a benchmark starts."""

from __future__ import annotations

import socket
import subprocess
import time

START_S = 30.0


def await_port(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until a server takes connections; RuntimeError if it ended, TimeoutError if slow."""
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the server did not start in time")
