"""Page tokens."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.errors import Invalid
from tertulia.core.paging import decode_token, encode_token, page_size


def test_a_token_carries_its_key() -> None:
    at = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert decode_token(encode_token(at, 7), 2) == [at.isoformat(), "7"]


@given(st.text())
def test_a_foreign_token_is_read_or_refused_but_never_breaks(token: str) -> None:
    try:
        assert len(decode_token(token, 2)) == 2
    except Invalid as refused:
        assert refused.attr == "page_token"


@pytest.mark.parametrize("size", [0, -1, 101])
def test_a_page_has_1_to_100_items(size: int) -> None:
    with pytest.raises(Invalid):
        page_size(size, 20)


def test_a_page_has_the_usual_size_when_none_is_asked_for() -> None:
    assert page_size(None, 20) == 20
