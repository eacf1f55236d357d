"""Payloads as typed values: what a client sends is read whole, or refused by the field's name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Raw, Struct

from tertulia.core.errors import Invalid
from tertulia.gateways.malformed import malformed

C_contra = TypeVar("C_contra", contravariant=True)
P = TypeVar("P", bound=Struct)


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
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            found = malformed(error)
            raise Invalid(found.detail, code=found.code, attr=found.attr) from None


class Handler(Generic[C_contra]):
    """Does what one event of a channel asks for: its payload has a `shape`, and `act` takes it."""

    __slots__ = ("act", "_payload", "shape")

    def __init__(self, shape: type[P], act: Callable[[C_contra, P], Awaitable[object]]) -> None:
        self.shape: type[Struct] = shape
        self._payload: Payload[Any] = Payload(shape)
        self.act = act

    def __call__(self, channel: C_contra, raw: Raw) -> Awaitable[object]:
        """Return what to await for the response; raises Invalid for another shape."""
        return self.act(channel, self._payload.read(raw))
