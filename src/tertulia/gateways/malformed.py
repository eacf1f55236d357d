"""What clients say that cannot be understood, in words that name the field to blame."""

from __future__ import annotations

import re

import msgspec

_PLACE = re.compile(r" - at `(?:key` in `)?\$(?P<path>[^`]*)`$")
_MISSING = re.compile(r"Object missing required field `(?P<name>[^`]+)`")
_INDEX = re.compile(r"\[[^\]]*\]")


class Malformed(Exception):
    """A message that cannot be understood; `attr` names the field that is missing or wrong."""

    def __init__(self, detail: str, *, code: str = "invalid", attr: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.attr = attr


def malformed(error: Exception) -> Malformed:
    """Say what msgspec found wrong with a JSON text; `error` is what its decoder raised."""
    if not isinstance(error, msgspec.ValidationError):
        return Malformed("This is not valid JSON.", code="malformed")
    said = str(error)
    placed = _PLACE.search(said)
    detail = said[: placed.start()] if placed else said
    attr = _INDEX.sub("", placed["path"]).rpartition(".")[2] if placed else ""
    missing = _MISSING.fullmatch(detail)
    if missing is not None:
        return Malformed("This field is required.", code="required", attr=missing["name"])
    if not attr:
        return Malformed("This has to be a JSON object.", code="malformed")
    code = "too_long" if "of length <=" in detail else "invalid"
    return Malformed(f"{detail}.", code=code, attr=attr)
