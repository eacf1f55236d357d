"""Bodies become values of the asked type, or a refusal that names the field."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import pytest
from msgspec import Struct

from tertulia.core.errors import Invalid
from tertulia.gateways.rest.bodies import decode_form, decode_json
from tests.gateways.rest.conftest import brief


class Guest(Struct, frozen=True):
    """Somebody on a list."""

    name: str
    seats: int = 1


class Party(Struct, frozen=True):
    """A body with everything in it."""

    host: Guest
    guests: list[Guest] = []
    notes: dict[str, int] = {}
    mood: Literal["calm", "wild"] | None = None
    key: UUID | None = None


def test_json_becomes_the_value_that_was_asked_for() -> None:
    party = decode_json(
        b'{"host": {"name": "Ana"}, "guests": [{"name": "Bea", "seats": 2}]}', Party
    )
    assert party == Party(host=Guest("Ana"), guests=[Guest("Bea", 2)])


def test_keys_that_nobody_asked_for_are_passed_over() -> None:
    assert decode_json(b'{"name": "Ana", "extra": [1, {"a": null}]}', Guest) == Guest("Ana")


@pytest.mark.parametrize(
    ("content", "code", "attr"),
    [
        (b"{}", "required", "host"),
        (b'{"host": {}}', "required", "host.name"),
        (b'{"host": null}', "invalid", "host"),
        (b'{"host": {"name": 5}}', "invalid", "host.name"),
        (b'{"host": {"name": "A", "seats": "2"}}', "invalid", "host.seats"),
        (b'{"host": {"name": "A", "seats": 2.5}}', "invalid", "host.seats"),
        (b'{"host": {"name": "A"}, "guests": {}}', "invalid", "guests"),
        (b'{"host": {"name": "A"}, "guests": [{"name": "B"}, {}]}', "required", "guests.1.name"),
        (b'{"host": {"name": "A"}, "guests": [{"name": "B"}, 7]}', "invalid", "guests.1"),
        (b'{"host": {"name": "A"}, "notes": {"x": "y"}}', "invalid", "notes...."),
        (b'{"host": {"name": "A"}, "mood": "sad"}', "invalid", "mood"),
        (b'{"host": {"name": "A"}, "key": "1-2"}', "invalid", "key"),
        (b"[]", "invalid", None),
        (b"", "invalid", None),
        (b"{", "invalid", None),
        (b'{"host": {"name": "\xff"}}', "invalid", None),
        (b"[" * 100_000, "invalid", None),
    ],
    ids=brief,
)
def test_anything_else_is_refused_by_the_name_of_its_place(
    content: bytes, code: str, attr: str | None
) -> None:
    with pytest.raises(Invalid) as refused:
        decode_json(content, Party)
    assert (refused.value.code, refused.value.attr) == (code, attr)
    assert refused.value.detail


def test_the_text_of_a_form_is_read_as_what_is_asked_for() -> None:
    guest = decode_form({"name": "12345678", "seats": "2", "csrftoken": "x"}, Guest)
    assert (guest.name, guest.seats) == ("12345678", 2)


def test_a_form_is_refused_by_the_name_of_its_field() -> None:
    with pytest.raises(Invalid) as refused:
        decode_form({"name": "Ana", "seats": "two"}, Guest)
    assert refused.value.attr == "seats"
