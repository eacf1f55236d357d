"""How long a refused sign-in takes, for accounts that there are and for those that there are not.

Whoever could tell the two apart by the clock could ask a server who has an account. The kinds are
tried in turns, one after the other over one connection, and one kind is measured twice: what its
two rows differ by is noise.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bench.serving import tertulia

KINDS: dict[str, dict[str, str]] = {
    "known": {"email": "ana@example.org", "password": "wrong horse battery"},
    "known again": {"email": "ana@example.org", "password": "wrong horse battery"},
    "unknown address": {"email": "nobody@example.org", "password": "wrong horse battery"},
    "unknown username": {"username": "nobody", "password": "wrong horse battery"},
    "no name at all": {"username": "not a name!", "password": "wrong horse battery"},
    "over-long password": {"email": "ana@example.org", "password": "x" * 10_000},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How long refusals of one kind took."""

    kind: str
    attempts: int
    p10_ms: float
    p50_ms: float
    p90_ms: float


def run(*, rounds: int = 100) -> list[Row]:
    """Try every kind once in each round, in an order that changes from round to round."""
    with (
        TemporaryDirectory(prefix="tertulia-bench-") as name,
        tertulia(Path(name)) as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        account = {"email": "ana@example.org", "password": "correct horse battery"}
        client.post("/auth/register", json=account).raise_for_status()
        client.cookies.clear()
        took_ms: dict[str, list[float]] = {kind: [] for kind in KINDS}
        names = list(KINDS)
        for turn in range(rounds):
            first = turn % len(names)
            for kind in (*names[first:], *names[:first]):
                took_ms[kind].append(_refused_ms(client, KINDS[kind]))
    return [_row(kind, found) for kind, found in took_ms.items()]


def findings(rows: list[Row]) -> list[str]:
    """Say by how much the kinds differ, beside what one kind differs from itself."""
    medians = {row.kind: row.p50_ms for row in rows}
    known = medians["known"]
    noise = abs(medians["known again"] / known - 1)
    return [
        f"noise, the same kind measured twice: {noise:.1%}",
        *(
            f"{kind}: {median / known - 1:+.1%} beside a known account"
            for kind, median in medians.items()
            if not kind.startswith("known")
        ),
    ]


def _refused_ms(client: httpx.Client, login: dict[str, str]) -> float:
    begun = time.perf_counter()
    answer = client.post("/auth/login", json=login)
    took_ms = (time.perf_counter() - begun) * 1000
    if answer.status_code != 401:
        raise RuntimeError(f"expected a refusal, not {answer.status_code}: {answer.text}")
    return took_ms


def _row(kind: str, took_ms: list[float]) -> Row:
    tenths = statistics.quantiles(took_ms, n=10)
    return Row(
        kind=kind,
        attempts=len(took_ms),
        p10_ms=tenths[0],
        p50_ms=statistics.median(took_ms),
        p90_ms=tenths[-1],
    )
