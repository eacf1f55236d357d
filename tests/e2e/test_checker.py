"""The judge itself: each planted fault is named, and nothing is named where there is none."""

from __future__ import annotations

import pytest

from tests.e2e.checker import Seen, check

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
