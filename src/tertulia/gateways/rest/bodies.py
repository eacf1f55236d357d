"""Request bodies: JSON decoded strictly, straight into the type that the handler asks for.

The framework would decode into plain objects and convert them loosely, so that "true" passed for
true; here a value of another type is refused, and the refusal names the field. Forms are accepted
where a handler says so (`accepts_form`), for pages without script.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.exceptions import ClientException

from tertulia.core.errors import Invalid
from tertulia.core.model import Actor
from tertulia.gateways.forms import FORM_TYPE, form_fields

JSON_TYPE = "application/json"

_MISSING = re.compile(r"Object missing required field `(?P<field>.+?)`?")
_INDEX = re.compile(r"\[(\d+|\.\.\.)\]")


class ApiRequest(Request[Actor, None, State]):
    """A request whose body is decoded by these rules; `user` is the Actor who makes the call."""

    @property
    def is_form(self) -> bool:
        """Whether the body says that it is a URL-encoded form."""
        return self.content_type[0] == FORM_TYPE

    async def json(self) -> Any:
        """Return the body as the handler's `data`; raises Invalid that names the field."""
        handler = self.route_handler
        data = handler.parsed_data_field
        if data is not None and self.content_type[0] == JSON_TYPE:
            return decode_json(await self.body(), data.annotation)
        if data is not None and self.is_form and handler.opt.get("accepts_form"):
            return decode_form(await self.fields(), data.annotation)
        raise ClientException(status_code=415)

    async def fields(self) -> dict[str, str]:
        """Return the fields of a form; of a repeated one the last. Raises Invalid."""
        # Not the framework's form(): it remembers a thousand forms, and their passwords with them.
        return dict(form_fields(await self.body()))


def decode_json(body: bytes, wanted: Any) -> Any:
    """Decode JSON into a type; raises Invalid."""
    try:
        return _decoder(wanted).decode(body)
    except msgspec.ValidationError as error:
        raise _refusal(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Invalid("This is not valid JSON.") from None
    except RecursionError:
        raise Invalid("This JSON is nested too deeply.") from None


def decode_form(fields: dict[str, str], wanted: Any) -> Any:
    """Read a form's fields, which are all text, into a type; raises Invalid."""
    try:
        return msgspec.convert(fields, wanted, strict=False)
    except msgspec.ValidationError as error:
        raise _refusal(str(error)) from None


@cache
def _decoder(wanted: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(wanted)


def _refusal(message: str) -> Invalid:
    said, _, place = message.removesuffix("`").partition(" - at `")
    path = _INDEX.sub(r".\1", place.removeprefix("key in ").removeprefix("$")).removeprefix(".")
    missing = _MISSING.fullmatch(said)
    if missing:
        attr = f"{path}.{missing['field']}" if path else missing["field"]
        return Invalid("This field is required.", code="required", attr=attr)
    return Invalid(f"{said}.", attr=path or None)
