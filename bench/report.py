"""How a benchmark's figures are shown and kept: a table, a JSON file and a plot."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from matplotlib.figure import Figure
from rich.console import Console
from rich.table import Table

import tertulia

RESULTS = Path(__file__).parent / "results"
SCRATCH = RESULTS / "scratch"
"""Where results go that are not to be kept."""

_GIB = 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A plot of groups of bars: one group per value of `group`, in it one bar per `series`.

    The names are those of a row's fields; `facet` makes one plot per value, side by side. `is_log`
    is for values that differ by powers of ten.
    """

    group: str
    series: str
    value: str
    facet: str | None = None
    is_log: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a benchmark found: rows of figures, and what they mean in one line each."""

    name: str
    title: str
    rows: Sequence[Mapping[str, Any]]
    bars: Bars
    findings: Sequence[str]


def rows_of(found: Sequence[Any]) -> list[dict[str, Any]]:
    """Return dataclass values as rows."""
    return [
        asdict(row) if is_dataclass(row) and not isinstance(row, type) else row for row in found
    ]


def show(report: Report, console: Console) -> None:
    """Print the table and the findings."""
    table = Table(title=report.title, title_justify="left")
    columns = list(report.rows[0]) if report.rows else []
    for column in columns:
        is_text = isinstance(report.rows[0][column], str)
        table.add_column(_words(column), justify="left" if is_text else "right")
    for row in report.rows:
        table.add_row(*(_figure(row[column]) for column in columns))
    console.print(table)
    for finding in report.findings:
        console.print(finding, markup=False, highlight=False)


def save(report: Report, folder: Path) -> tuple[Path, Path]:
    """Write `DATE-NAME.json` and `.png` into a folder and return both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    stem = folder / f"{now:%Y-%m-%d}-{report.name}"
    kept = {
        "benchmark": report.name,
        "title": report.title,
        "at": now.isoformat(timespec="seconds"),
        "machine": _machine(),
        "rows": list(report.rows),
        "findings": list(report.findings),
    }
    json_path, png_path = stem.with_suffix(".json"), stem.with_suffix(".png")
    json_path.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    _plot(report).savefig(png_path, dpi=120)
    return json_path, png_path


def _plot(report: Report) -> Figure:
    bars = report.bars
    facets = _values(report, bars.facet) if bars.facet else [None]
    figure = Figure(figsize=(5.5 * len(facets), 4), layout="constrained")
    figure.suptitle(report.title)
    places = figure.subplots(1, len(facets), squeeze=False)[0]
    groups, series = _values(report, bars.group), _values(report, bars.series)
    width = 0.8 / len(series)
    for place, facet in zip(places, facets, strict=True):
        for index, name in enumerate(series):
            heights = {
                row[bars.group]: row[bars.value]
                for row in report.rows
                if row[bars.series] == name and (facet is None or row[bars.facet or ""] == facet)
            }
            drawn = place.bar(
                [position + index * width for position in range(len(groups))],
                [heights.get(group, 0) for group in groups],
                width,
                label=str(name),
            )
            place.bar_label(drawn, fmt="{:,.0f}", fontsize=7)
        if bars.is_log:
            place.set_yscale("log")
        centre = 0.4 - width / 2
        has_names = any(isinstance(group, str) for group in groups)
        place.set_xticks(
            [at + centre for at in range(len(groups))],
            list(map(_figure, groups)),
            **({"rotation": 45, "ha": "right"} if has_names else {}),
        )
        place.set_xlabel(_words(bars.group))
        place.set_ylabel(_words(bars.value))
        place.set_title("" if facet is None else str(facet))
        place.legend()
    return figure


def _values(report: Report, column: str) -> list[Any]:
    return list(dict.fromkeys(row[column] for row in report.rows))


def _machine() -> dict[str, Any]:
    return {
        "tertulia": tertulia.__version__,
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / _GIB, 1),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def _processor() -> str:
    names = (
        line.partition(":")[2].strip()
        for line in _lines(Path("/proc/cpuinfo"))
        if line.startswith("model name")
    )
    return next(names, platform.processor())


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _words(column: str) -> str:
    return column.replace("_per_s", "/s").replace("_", " ")


def _figure(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
