"""The report of the calls says whether everybody was heard, and what it took."""

from __future__ import annotations

from dataclasses import replace

from bench import calls

MESH = calls.Row(
    call="a mesh",
    people=8,
    directions=56,
    heard=56,
    all_after_s=3.0,
    lost_percent=0.25,
    gaps=0,
    begun_anew=0,
    server_percent=1.0,
    janus_percent=0.0,
    browser_percent=120.0,
)


def test_it_says_whether_all_were_heard() -> None:
    met, cost, besides = calls.report([MESH], ["besides"]).findings
    assert "56 of 56 directions" in met
    assert met.endswith("met)")
    assert "0.25 % of the packets" in cost
    assert besides == "besides"
    for worse in (
        replace(MESH, heard=55),
        replace(MESH, gaps=1),
        replace(MESH, begun_anew=1),
    ):
        assert calls.report([worse], []).findings[0].endswith("MISSED)")
