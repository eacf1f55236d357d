"""Ports for servers that tests and benchmarks start."""

from __future__ import annotations

import os
import re
import socket
from itertools import cycle, islice
from random import SystemRandom

FIRST = 21_000
"""Beyond the ports of a Janus for sound, and below those that the kernel gives to whoever asks."""
STRETCH = 1_000
STRETCHES = 11


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on, and nobody is given soon.

    Whoever starts a server with it may be slow to take it. So each process that tests goes upwards
    in a stretch of its own, and another run of the tests begins elsewhere in it.
    """
    for port in islice(_ports, STRETCH):
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
    raise OSError(f"no port is free from {_stretch.start} up to {_stretch.stop}")


def _stretch_of(worker: str) -> range:
    number = int(re.sub(r"\D", "", worker) or 0) % STRETCHES
    return range(FIRST + number * STRETCH, FIRST + (number + 1) * STRETCH)


_stretch = _stretch_of(os.environ.get("PYTEST_XDIST_WORKER", ""))
_ports = islice(cycle(_stretch), SystemRandom().randrange(STRETCH), None)
