"""Identifiers."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.errors import Invalid
from tertulia.core.ids import new_id, parse_id


def test_new_ids_sort_in_the_order_of_their_making() -> None:
    made = [new_id() for _ in range(1000)]
    assert made == sorted(set(made))
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}


@given(st.uuids())
def test_an_id_is_read_in_either_case(one: UUID) -> None:
    assert parse_id(str(one), "user_id") == one
    assert parse_id(str(one).upper(), "user_id") == one


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        None,
        7,
        "0198c0de-0000-7000-8000-00000000000",
        "0198c0de-0000-7000-8000-0000000000000",
        "0198c0de000070008000000000000000",
        "{0198c0de-0000-7000-8000-000000000000}",
        "urn:uuid:0198c0de-0000-7000-8000-000000000000",
        "0198c0de-0000-7000-8000-00000000000g",
        "0198c0de-0000-7000-8000-00000000000٣",
    ],
)
def test_what_is_no_id_is_refused_by_the_name_of_its_field(text: object) -> None:
    with pytest.raises(Invalid) as refused:
        parse_id(text, "user_id")
    assert (refused.value.code, refused.value.attr) == ("invalid", "user_id")
