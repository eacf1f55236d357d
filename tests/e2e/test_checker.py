"""The judge itself: each planted fault is named, and nothing is named where there is none."""

from __future__ import annotations

import pytest

from tests.e2e.checker import Seen, Stay, check, check_stays

ONE, TWO, THREE = Seen(2, "a", "one"), Seen(3, "b", "two"), Seen(5, "c", "three")
STORED = [ONE, TWO, THREE]


def test_it_is_content_where_everything_was_kept() -> None:
    assert check({"a": ONE, "c": THREE}, STORED, {"ana": STORED, "eva": list(STORED)}) == []


@pytest.mark.parametrize(
    ("acknowledged", "stored", "held", "kinds"),
    [
        ({"d": Seen(6, "d", "four")}, STORED, STORED, {"lost"}),
        ({"a": Seen(2, "a", "other")}, STORED, STORED, {"changed"}),
        ({"a": Seen(9, "a", "one")}, STORED, STORED, {"changed"}),
        ({}, [*STORED, Seen(6, "a", "one")], [*STORED, Seen(6, "a", "one")], {"doubled"}),
        ({}, STORED, [TWO, ONE, THREE], {"disordered", "diverged"}),
        ({}, STORED, [ONE, TWO, TWO, THREE], {"doubled", "disordered", "diverged"}),
        ({}, STORED, [ONE, THREE], {"diverged"}),
        ({}, STORED, [ONE, TWO, Seen(5, "c", "tampered")], {"diverged"}),
    ],
    ids=["lost", "changed", "moved", "stored-twice", "swapped", "seen-twice", "missed", "altered"],
)
def test_it_names_a_planted_fault(
    acknowledged: dict[str, Seen], stored: list[Seen], held: list[Seen], kinds: set[str]
) -> None:
    assert {fault.kind for fault in check(acknowledged, stored, {"ana": held})} == kinds


BY_NAME = {"2": ONE, "3": TWO, "id-5": THREE, "5": THREE}


@pytest.mark.parametrize(
    "stays",
    [
        [Stay(1, ["2", "3", "5"])],
        [Stay(3, ["5"])],
        [Stay(3, ["3", "id-5"])],
        [Stay(1, ["2"]), Stay(3, ["id-5"])],
        [Stay(1, []), Stay(5, [])],
    ],
    ids=["all", "late", "overlapping", "back-again", "silent"],
)
def test_it_is_content_with_connections_that_told_everything(stays: list[Stay]) -> None:
    assert check_stays({"one", "three"}, BY_NAME, {"ana": stays}) == []


@pytest.mark.parametrize(
    ("acknowledged", "stays", "kinds"),
    [
        ({"four"}, [Stay(1, ["2", "3", "5"])], {"lost"}),
        (set(), [Stay(1, ["2", "2", "3", "5"])], {"doubled", "disordered"}),
        (set(), [Stay(1, ["3", "2", "5"])], {"disordered"}),
        (set(), [Stay(1, ["2", "5"])], {"missed"}),
        (set(), [Stay(1, ["3", "5"])], {"missed"}),
        (set(), [Stay(1, ["2", "3"])], {"missed"}),
        (set(), [Stay(1, ["3"]), Stay(3, ["5"])], {"missed"}),
        (set(), [Stay(1, ["2", "3", "5"]), Stay(3, [])], {"missed"}),
    ],
    ids=["lost", "twice", "swapped", "hole", "late", "early", "hole-before", "deaf"],
)
def test_it_names_what_a_connection_did_not_tell_rightly(
    acknowledged: set[str], stays: list[Stay], kinds: set[str]
) -> None:
    assert {fault.kind for fault in check_stays(acknowledged, BY_NAME, {"ana": stays})} == kinds
