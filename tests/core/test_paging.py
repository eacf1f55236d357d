"""Pages and their tokens."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.errors import Invalid
from tertulia.core.ids import new_id
from tertulia.core.model import Page
from tertulia.core.paging import cut, decode_token, encode_token, page_size

AT = datetime(2026, 5, 1, 12, 30, 15, 250_000, tzinfo=UTC)


def test_a_token_carries_its_key() -> None:
    someone = new_id()
    assert decode_token(encode_token(7), int) == (7,)
    assert decode_token(encode_token(AT, 7), datetime, int) == (AT, 7)
    assert decode_token(encode_token(7, someone), int, UUID) == (7, someone)


def test_the_first_page_has_no_token_before_it() -> None:
    assert decode_token(None, int) is None


@given(st.integers(0, 2**63 - 1), st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_any_key_comes_back_as_it_was(number: int, at: datetime, someone: UUID) -> None:
    assert decode_token(encode_token(at, number), datetime, int) == (at, number)
    assert decode_token(encode_token(number, someone), int, UUID) == (number, someone)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param("é", id="not ASCII"),
        pytest.param("====", id="not base64"),
        pytest.param(encode_token(7, 8), id="too many parts"),
        pytest.param(encode_token(2**63), id="too large"),
        pytest.param(encode_token(-1), id="negative"),
        pytest.param(encode_token(AT), id="a time"),
        pytest.param(encode_token(UUID(int=1)), id="an id"),
        # More digits than Python turns into a number at once.
        pytest.param("OTk5" * 2000, id="endless"),
    ],
)
def test_a_token_that_was_not_made_here_is_refused(token: str) -> None:
    with pytest.raises(Invalid) as refused:
        decode_token(token, int)
    assert (refused.value.code, refused.value.attr) == ("invalid", "page_token")


def test_a_time_without_a_zone_is_no_key() -> None:
    with pytest.raises(Invalid):
        decode_token(encode_token(AT.replace(tzinfo=None), 7), datetime, int)


@given(st.text() | st.text("ABCDabcd0123-_="))
def test_any_text_is_read_or_refused_but_never_breaks(token: str) -> None:
    for kind in (int, datetime, UUID):
        try:
            key = decode_token(token, kind)
        except Invalid as refused:
            assert refused.attr == "page_token"
        else:
            assert key is not None
            assert isinstance(key[0], kind)


@given(st.lists(st.integers(0, 10**6), unique=True), st.integers(1, 7))
def test_paging_through_shows_everything_once_and_in_order(rows: list[int], size: int) -> None:
    rows.sort()
    shown: list[int] = []
    token: str | None = None
    while True:
        after = decode_token(token, int)
        found = [row for row in rows if after is None or row > after[0]][: size + 1]
        page: Page[int] = cut(found, size, lambda row: (row,))
        assert len(page.items) <= size
        shown.extend(page.items)
        token = page.token
        if token is None:
            break
    assert shown == rows


@pytest.mark.parametrize("size", [0, -1, 101])
def test_a_page_has_1_to_100_items(size: int) -> None:
    with pytest.raises(Invalid) as refused:
        page_size(size, 20)
    assert refused.value.attr == "page_size"


def test_a_page_has_the_usual_size_when_none_is_asked_for() -> None:
    assert page_size(None, 20) == 20
