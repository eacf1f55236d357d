"""The history page of 50 messages over HTTP, beside a bare route that answers the same bytes.

Three processes: the server on a database of its own, a Litestar application whose one route hands
out the page as it was encoded once, and the load generator (rest_load.py), which asks each of them
in turns. The ratio says what authentication, two transactions and wording the page cost.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bench.serving import process, tertulia
from tests.ports import free_port

PAGE_SIZE = 50
MESSAGES = 200
BODY_CHARS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one server did under one load: the median of its rounds."""

    name: str
    connections: int
    requests_per_s: float
    p50_ms: float
    p99_ms: float


def run(
    *, connections: Sequence[int] = (1, 32), seconds: float = 4.0, rounds: int = 3
) -> list[Row]:
    """Measure both servers in turns, `rounds` times `seconds` for each number of connections."""
    rows: list[Row] = []
    with TemporaryDirectory(prefix="tertulia-bench-") as name:
        folder = Path(name)
        with tertulia(folder) as url, httpx.Client(base_url=url) as client:
            path, token = _write_history(client)
            page = client.get(path, headers={"Authorization": f"Bearer {token}"})
            page.raise_for_status()
            (folder / "page.json").write_bytes(page.content)
            with _bare(folder / "page.json") as bare_url:
                for count in connections:
                    measured: dict[str, list[Row]] = {"history page": [], "bare route": []}
                    for _ in range(rounds):
                        measured["history page"].append(
                            _measure("history page", url + path, token, count, seconds)
                        )
                        measured["bare route"].append(
                            _measure("bare route", bare_url + "/page", token, count, seconds)
                        )
                    rows += [_median(found) for found in measured.values()]
    return rows


def ratio(rows: Sequence[Row], connections: int) -> float:
    """Return how many times as many answers the bare route gives at this load."""
    rates = {row.name: row.requests_per_s for row in rows if row.connections == connections}
    return rates["bare route"] / rates["history page"]


def _write_history(client: httpx.Client) -> tuple[str, str]:
    """Fill a conversation; return the path of its latest page and a token to read it with."""
    person = {"email": "ana@example.org", "password": "correct horse battery"}
    signed_up = client.post("/auth/register", json=person).raise_for_status().json()
    token: str = signed_up["access_token"]
    client.cookies.clear()
    headers = {"Authorization": f"Bearer {token}"}
    group = {"kind": "group", "alias": "Bench"}
    answer = client.post("/api/conversations", json=group, headers=headers).raise_for_status()
    conversation_id = answer.json()["id"]
    for number in range(MESSAGES):
        message = {"content": f"{number}: ".ljust(BODY_CHARS, "x")}
        path = f"/api/conversations/{conversation_id}/messages"
        client.post(path, json=message, headers=headers).raise_for_status()
    return f"/api/messages?conversation_id={conversation_id}&page_size={PAGE_SIZE}", token


def _measure(name: str, url: str, token: str, connections: int, seconds: float) -> Row:
    command = [sys.executable, "-m", "bench.rest_load", url, token]
    done = subprocess.run(
        [*command, str(connections), str(seconds)], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    if found["failures"]:
        raise RuntimeError(f"{name}: {found['failures']} of {found['requests']} requests failed")
    return Row(
        name=name,
        connections=connections,
        requests_per_s=found["requests"] / found["seconds"],
        p50_ms=found["p50_ms"],
        p99_ms=found["p99_ms"],
    )


def _median(rows: Sequence[Row]) -> Row:
    return Row(
        name=rows[0].name,
        connections=rows[0].connections,
        requests_per_s=statistics.median(row.requests_per_s for row in rows),
        p50_ms=statistics.median(row.p50_ms for row in rows),
        p99_ms=statistics.median(row.p99_ms for row in rows),
    )


@contextmanager
def _bare(page: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "bench.rest_bare", str(page), str(port)]
    with process(command, port, {}) as url:
        yield url
