"""A real server process on a port of its own, which a test may kill and start again."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.e2e.forge import Forge, ForgedProcess
from tests.ports import free_port

READY_TIMEOUT_S = 45.0


def dying_with_us() -> list[str]:
    """Return the words before a command that end it, too, when this process is killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig=KILL", "--"] if setpriv else []


async def run_beside(server: ServerProcess, *words: str) -> tuple[int | None, str]:
    """Run `tertulia ...` by a server's settings; return how it ended and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tertulia", *words),
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(server.var_dir), **server.settings},
        cwd=server.var_dir,
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        printed, _ = await process.communicate()
    return process.returncode, printed.decode()


@dataclass
class ServerProcess:
    """`tertulia serve` with its own folder; the port stays the same over restarts.

    It is started from nothing, or by a `forge`.
    """

    var_dir: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    module: str = "tertulia"
    arguments: tuple[str, ...] = ()
    forge: Forge | None = None
    _process: asyncio.subprocess.Process | ForgedProcess | None = None

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The id of the process that runs."""
        if self._process is None:
            raise RuntimeError("the server was not started")
        return self._process.pid

    @property
    def status(self) -> int | None:
        """How it ended; None while it runs."""
        return None if self._process is None else self._process.returncode

    async def start(self) -> None:
        """Start it and wait until it answers; if it does not, nothing of it is left."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.var_dir),
            "PORT": str(self.port),
            "VAR_DIR": str(self.var_dir),
            **self.settings,
        }
        self._process = await self._begin(environment)
        try:
            await self._wait_until_it_answers(self._process)
        except BaseException:
            await self.kill()
            raise

    async def kill(self) -> None:
        """End it as a power cut would: kill -9."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        await self._end(signal.SIGTERM)

    async def _begin(
        self, environment: dict[str, str]
    ) -> asyncio.subprocess.Process | ForgedProcess:
        if self.forge is not None:
            return self.forge.run(
                [self.module, "serve", *self.arguments], environment, self.var_dir
            )
        return await asyncio.create_subprocess_exec(
            *dying_with_us(),
            sys.executable,
            "-m",
            self.module,
            "serve",
            *self.arguments,
            env=environment,
            cwd=self.var_dir,
            stdout=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )

    async def _wait_until_it_answers(
        self, process: asyncio.subprocess.Process | ForgedProcess
    ) -> None:
        async with asyncio.timeout(READY_TIMEOUT_S), httpx.AsyncClient() as http:
            while not await self._answers(http):
                if process.returncode is not None:
                    raise RuntimeError(f"the server ended with {process.returncode}")
                await asyncio.sleep(0.05)

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


@asynccontextmanager
async def at_work(*servers: ServerProcess) -> AsyncIterator[None]:
    """Start servers, one after the other, and have none of them be left afterwards."""
    try:
        for server in servers:
            await server.start()
        yield
    finally:
        for server in servers:
            await server.kill()
