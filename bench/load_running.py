"""A server on one core and the load generator (load_client.py) on another, as processes."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from bench.load_client import Heard, Plan
from bench.ports import await_port
from tests.ports import free_port

STOP_S = 20.0


@contextmanager
def served(module: Sequence[str], settings: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Run a server on the first core; gives its process id and its port, which is `{port}` too."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", *(part.format(port=port) for part in module)],
        env={**os.environ, **settings, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
    )
    try:
        os.sched_setaffinity(process.pid, {min(_cores())})
        await_port(process, port)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(STOP_S)


@contextmanager
def load() -> Iterator[subprocess.Popen[str]]:
    """Run the load generator on a core that is not the server's, if there is one."""
    client = subprocess.Popen(
        [sys.executable, "-m", "bench.load_client"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    os.sched_setaffinity(client.pid, _cores() - {min(_cores())} or _cores())
    try:
        yield client
    finally:
        client.kill()
        client.wait()


def begin(client: subprocess.Popen[str], plan: Plan) -> None:
    """Give the load generator its plan and wait until everybody has joined."""
    if client.stdin is None:
        raise RuntimeError("the load generator has no input")
    client.stdin.write(msgspec.json.encode(plan).decode() + "\n")
    client.stdin.flush()
    if _line(client) != "ready":
        raise RuntimeError("the load generator could not connect")


def heard(client: subprocess.Popen[str]) -> Heard:
    """Return what was heard; RuntimeError where not everybody heard everything."""
    found = msgspec.json.decode(_line(client), type=Heard)
    if found.missing:
        raise RuntimeError(
            f"{found.missing} deliveries never came; {found.lost} listeners were hung up on"
        )
    return found


def medians(rounds: Sequence[Heard]) -> dict[str, float]:
    """Return the median of each figure over some rounds, by the figures' names."""
    names = ("sends_per_s", "deliveries_per_s", "p50_ms", "p99_ms")
    return {name: statistics.median(getattr(each, name) for each in rounds) for name in names}


def allow_many_files() -> None:
    """Let the servers that are started have as many sockets as the system permits."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _line(client: subprocess.Popen[str]) -> str:
    return client.stdout.readline().strip() if client.stdout else ""


def _cores() -> set[int]:
    return os.sched_getaffinity(0)
