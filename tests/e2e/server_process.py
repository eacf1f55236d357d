"""A real server process on a port of its own, which a test may kill and start again."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

import httpx

READY_TIMEOUT_S = 30.0


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class ServerProcess:
    """`tertulia serve` with its own folder; the port stays the same over restarts."""

    var_dir: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    _process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it and wait until it answers."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.var_dir),
            "PORT": str(self.port),
            "VAR_DIR": str(self.var_dir),
            **self.settings,
        }
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tertulia",
            "serve",
            env=environment,
            cwd=self.var_dir,
            stdout=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        async with asyncio.timeout(READY_TIMEOUT_S), httpx.AsyncClient() as http:
            while not await self._answers(http):
                if self._process.returncode is not None:
                    raise RuntimeError(f"the server ended with {self._process.returncode}")
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """End it as a power cut would: kill -9."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        await self._end(signal.SIGTERM)

    async def _end(self, signal_number: int) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal_number)
            async with asyncio.timeout(READY_TIMEOUT_S):
                await self._process.wait()

    async def _answers(self, http: httpx.AsyncClient) -> bool:
        try:
            return (await http.get(f"{self.url}/readyz")).status_code == 200
        except httpx.TransportError:
            return False
