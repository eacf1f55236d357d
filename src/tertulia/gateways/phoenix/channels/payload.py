"""Payloads as typed values: what a client sends is read whole, or refused by the field's name."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Generic, NoReturn, TypeVar

import msgspec
from msgspec import Raw, Struct

from tertulia.core.errors import Invalid

C = TypeVar("C")
P = TypeVar("P", bound=Struct)

Handler = Callable[[C, Raw], Awaitable[object]]
"""Does what one event of a channel asks for, and returns the response."""

_FIELD = re.compile(r" - at `\$\.?(?P<name>[^`.\[]*)[^`]*`$")
_MISSING = re.compile(r"Object missing required field `(?P<name>.+)`")


class Nothing(Struct, frozen=True):
    """The payload of events that need none; whatever keys it has are passed over."""


class Payload(Generic[P]):
    """Reads payloads of one shape. Keys that it does not know are passed over."""

    __slots__ = ("_decoder",)

    def __init__(self, shape: type[P]) -> None:
        self._decoder = msgspec.json.Decoder(shape)

    def read(self, raw: Raw) -> P:
        """Return the payload; raise Invalid that names the field which is missing or wrong."""
        try:
            return self._decoder.decode(raw)
        except msgspec.ValidationError as error:
            _refuse(str(error))
        except (msgspec.DecodeError, ValueError, RecursionError):
            raise Invalid("This payload is not valid JSON.") from None


def taking(shape: type[P], act: Callable[[C, P], Awaitable[object]]) -> Handler[C]:
    """Make the handler of an event from the shape of its payload and what is done with it."""
    payload = Payload(shape)

    def handle(channel: C, raw: Raw) -> Awaitable[object]:
        return act(channel, payload.read(raw))

    return handle


def _refuse(said: str) -> NoReturn:
    placed = _FIELD.search(said)
    attr = placed["name"] if placed else ""
    detail = said[: placed.start()] if placed else said
    missing = _MISSING.fullmatch(detail)
    if missing is not None:
        raise Invalid("This field is required.", code="required", attr=missing["name"]) from None
    code = "too_long" if "of length <=" in detail else "invalid"
    raise Invalid(f"{detail}.", code=code, attr=attr or None) from None
