"""Times, and text without case."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.storage.columns import from_millis, to_millis
from tertulia.storage.folding import fold

MOMENTS = st.datetimes(timezones=st.just(UTC))


@given(MOMENTS)
def test_a_moment_keeps_its_milliseconds(moment: datetime) -> None:
    whole = moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    assert from_millis(to_millis(whole)) == whole
    assert to_millis(moment) == to_millis(whole)


def test_milliseconds_count_from_1970() -> None:
    assert to_millis(datetime(1970, 1, 1, tzinfo=UTC)) == 0
    assert from_millis(1).isoformat() == "1970-01-01T00:00:00.001000+00:00"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("ÉCOLE", "école"),
        ("e\u0301cole", "\u00e9cole"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("ﬁne", "FINE"),
    ],
)
def test_case_and_spelling_of_the_same_letters_do_not_count(one: str, other: str) -> None:
    assert fold(one) == fold(other)
