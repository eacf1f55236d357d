"""Payloads that can be read, and refusals that name what is wrong."""

from __future__ import annotations

from typing import Annotated

import pytest
from msgspec import Meta, Raw, Struct

from tertulia.core.errors import Invalid
from tertulia.gateways.payload import Handler, Payload


class Inner(Struct):
    size: int


class Shape(Struct):
    name: str
    few: Annotated[list[int], Meta(max_length=2)] = []
    inner: Inner | None = None


@pytest.mark.parametrize(
    ("text", "code", "attr"),
    [
        ("{}", "required", "name"),
        ('{"name": 1}', "invalid", "name"),
        ('{"name": null}', "invalid", "name"),
        ('{"name": "x", "few": ["a"]}', "invalid", "few"),
        ('{"name": "x", "few": [1, 2, 3]}', "too_long", "few"),
        ('{"name": "x", "inner": {"size": "big"}}', "invalid", "size"),
        ('{"name": "x", "inner": {}}', "required", "size"),
        ("[]", "malformed", None),
        ("null", "malformed", None),
        ('{"name": 1e999}', "invalid", "name"),
        ('{"name": ', "malformed", None),
        ("[" * 5_000, "malformed", None),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_what_is_wrong_is_named(text: str, code: str, attr: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        Payload(Shape).read(Raw(text.encode()))
    assert (refused.value.code, refused.value.attr) == (code, attr)
    assert refused.value.detail.endswith(".")
    assert "`$" not in refused.value.detail


def test_a_payload_is_read_and_strange_keys_are_passed_over() -> None:
    shape = Payload(Shape).read(Raw(b'{"name": "x", "few": [1], "strange": {"a": []}}'))
    assert (shape.name, shape.few, shape.inner) == ("x", [1], None)


async def test_a_handler_reads_what_its_act_takes() -> None:
    async def double(factor: int, shape: Inner) -> int:
        return factor * shape.size

    handler = Handler(Inner, double)
    assert await handler(2, Raw(b'{"size": 21}')) == 42
    with pytest.raises(Invalid):
        handler(2, Raw(b"{}"))
