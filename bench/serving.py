"""Servers as processes of their own, for as long as a benchmark needs them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.ports import await_port
from tests.ports import free_port

STOP_S = 15.0


@contextmanager
def tertulia(folder: Path) -> Iterator[str]:
    """Run Tertulia with its data in a folder until the block ends; return its address."""
    port = free_port()
    settings = {
        "VAR_DIR": str(folder),
        "PORT": str(port),
        "LOG_LEVEL": "warning",
        "LIMITS_SCALE": "100000",
    }
    with process([sys.executable, "-m", "tertulia", "serve"], port, settings) as url:
        yield url


@contextmanager
def process(command: list[str], port: int, settings: dict[str, str]) -> Iterator[str]:
    """Run a server until the block ends; return its address once it takes connections."""
    running = subprocess.Popen(
        command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=sys.stderr
    )
    try:
        await_port(running, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(STOP_S)
