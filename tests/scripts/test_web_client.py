"""The building of the web client."""

import pytest

from scripts.web_client import can_build


@pytest.mark.parametrize(
    ("version", "can"),
    [
        ((), False),
        ((18, 20, 4), False),
        ((20, 18, 3), False),
        ((20, 19, 0), True),
        ((21, 7, 3), False),
        ((22, 11, 0), False),
        ((22, 12, 0), True),
        ((23, 11, 0), False),
        ((24, 0, 0), True),
        ((26, 1, 0), True),
    ],
    ids=str,
)
def test_a_node_that_is_too_old_for_vite_is_passed_over(
    version: tuple[int, ...], can: bool
) -> None:
    assert can_build(version) is can
