"""The journal's benchmark runs, and its report says what it found."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console

from bench import journal
from bench.report import save, show

if TYPE_CHECKING:
    from pathlib import Path


def row(way: journal.Way, sends_per_s: float, senders: int = 100) -> journal.Row:
    """Return what one way of writing did."""
    return journal.Row(
        database="SQLite", senders=senders, way=way, sends_per_s=sends_per_s, p50_ms=1, p99_ms=2
    )


def test_both_ways_are_measured_under_each_load() -> None:
    said: list[str] = []
    rows = journal.run(
        databases=["SQLite"], senders=[1, 12], seconds=1, rounds=1, progress=said.append
    )

    assert [(found.senders, found.way) for found in rows] == [
        (1, "group commit"),
        (1, "one commit per message"),
        (12, "group commit"),
        (12, "one commit per message"),
    ]
    assert all(found.sends_per_s > 0 for found in rows)
    assert len(said) == 4


def test_the_report_tells_the_gain_and_whether_it_is_what_is_asked() -> None:
    def finding(grouped: float) -> str:
        rows = [row("group commit", grouped), row("one commit per message", 100)]
        return journal.report(rows).findings[0]

    assert finding(750) == "SQLite, 100 at once: 7.5 times as many (at least 6 is asked: met)"
    assert "MISSED" in finding(590)


def test_a_report_is_shown_and_kept_with_a_plot(tmp_path: Path) -> None:
    report = journal.report([row("group commit", 12_345), row("one commit per message", 1_000)])
    page = StringIO()
    show(report, Console(file=page, width=100))
    json_path, png_path = save(report, tmp_path / "results")

    assert "12,345" in page.getvalue()
    assert "12.3 times as many" in page.getvalue()
    kept = json.loads(json_path.read_text(encoding="utf-8"))
    assert kept["rows"][0]["sends_per_s"] == 12_345
    assert kept["machine"]["cores"] > 0
    assert png_path.read_bytes().startswith(b"\x89PNG")
