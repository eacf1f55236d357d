"""Every refusal and every mishap as the one error body of the HTTP interface.

    {"type": "validation_error", "errors": [{"code": "required", "detail": ..., "attr": "email"}]}

The type is `validation_error` for 400, `client_error` for the other 4xx, `server_error` for 5xx.

`attr` is the path of the field with dots (`user_ids.0`), or null where no field is to blame.
What the core refuses keeps its code; what it does not expect is logged whole and answered `error`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from litestar import Request, Response
from litestar.enums import MediaType
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from tertulia.core.entrance import SecondStep
from tertulia.core.errors import NotAuthenticated, Refusal, WrongOffset
from tertulia.core.proofs import SecondStepMethod
from tertulia.gateways.asgi import Send, send_answer
from tertulia.gateways.statuses import retry_after_s, status_of

log = logging.getLogger(__name__)

ErrorType = Literal["validation_error", "client_error", "server_error"]
AnyRequest = Request[Any, Any, Any]

# What the framework itself refuses, in this interface's words.
_WORDS: Mapping[int, tuple[str, str]] = {
    400: ("invalid", "This request cannot be understood."),
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This method is not allowed here."),
    413: ("too_large", "This request is too large."),
    415: ("unsupported_media_type", "This content type is not understood here."),
}
_MISSING_PARAMETER = re.compile(r"Missing required query parameter '(\w+)'")
GONE = "client disconnected prematurely"
"""What the framework says of a body whose sender went away."""


class ErrorEntry(msgspec.Struct, frozen=True):
    """One thing that was wrong: a stable code, a sentence for people, and the field to blame."""

    code: str
    detail: str
    attr: str | None = None


class SecondStepNeeded(msgspec.Struct, frozen=True):
    """What goes on with signing in: `token` comes back with the second proof, by a method named."""

    token: str
    methods: tuple[SecondStepMethod, ...]


class ErrorBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every answer from 400 on.

    `second_step` is there with the code `second_step_required` alone: the first proof was right.
    """

    type: ErrorType
    errors: list[ErrorEntry]
    second_step: SecondStepNeeded | msgspec.UnsetType = msgspec.UNSET


class SecondStepRequired(NotAuthenticated):
    """The first proof was right, and a second one is asked for."""

    default_code = "second_step_required"

    def __init__(self, step: SecondStep) -> None:
        super().__init__("Prove in a second step that it is you.")
        self.needed = SecondStepNeeded(step.token, step.methods)


def error_type(status: int) -> ErrorType:
    """Return whose fault a status tells of."""
    if status >= 500:
        return "server_error"
    return "validation_error" if status == 400 else "client_error"


def encode_error(status: int, entry: ErrorEntry) -> bytes:
    """Return the body of an answer with one thing that was wrong."""
    return msgspec.json.encode(ErrorBody(error_type(status), [entry]))


async def send_error(send: Send, status: int, entry: ErrorEntry) -> None:
    """Answer with an error from outside the framework's routes."""
    body = encode_error(status, entry)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send_answer(send, status, headers, body)


def _refused(_: AnyRequest, refusal: Refusal) -> Response[ErrorBody]:
    status = status_of(refusal)
    headers: dict[str, str] = {}
    wait_s = retry_after_s(refusal)
    if wait_s is not None:
        headers["Retry-After"] = str(wait_s)
    elif isinstance(refusal, NotAuthenticated):
        # RFC 9110, section 11.6.1. Not Basic: a browser would ask for a password on its own.
        headers["WWW-Authenticate"] = "Bearer"
    elif isinstance(refusal, WrongOffset):
        headers["Upload-Offset"] = str(refusal.offset)
    body = ErrorBody(
        error_type(status),
        [ErrorEntry(refusal.code, refusal.detail, refusal.attr)],
        refusal.needed if isinstance(refusal, SecondStepRequired) else msgspec.UNSET,
    )
    return _answer(status, body, headers)


def _refused_by_framework(request: AnyRequest, error: HTTPException) -> Response[ErrorBody]:
    status = error.status_code
    if status >= 500:
        return _mishap(request, error)
    code, detail = _WORDS.get(status, _WORDS[400])
    entries = [ErrorEntry(code, detail)]
    if isinstance(error, ValidationException):
        entries = _parameter_entries(error)
    allow = (error.headers or {}).get("allow")
    body = ErrorBody(error_type(status), entries)
    return _answer(status, body, {"Allow": allow} if allow else {})


def _mishap(request: AnyRequest, error: Exception) -> Response[ErrorBody]:
    if isinstance(error, HTTPException) and error.detail == GONE:
        log.debug("a client went away in the middle of %s", request.scope["path"])
    else:
        log.error("%s %s failed", request.method, request.scope["path"], exc_info=error)
    entry = ErrorEntry("error", "Something went wrong on the server.")
    return _answer(500, ErrorBody(error_type(500), [entry]), {})


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    Refusal: _refused,
    HTTPException: _refused_by_framework,
    Exception: _mishap,
}


def _parameter_entries(error: ValidationException) -> list[ErrorEntry]:
    """Word what the framework found wrong with the query or with a missing body."""
    missing = _MISSING_PARAMETER.match(error.detail)
    if missing:
        return [ErrorEntry("required", "This parameter is required.", missing[1])]
    found = error.extra if isinstance(error.extra, list) else []
    return [_parameter_entry(item) for item in found] or [ErrorEntry(*_WORDS[400])]


def _parameter_entry(item: Mapping[str, str]) -> ErrorEntry:
    key = item.get("key")
    if key == "data":
        return ErrorEntry("required", "A body is required.")
    return ErrorEntry("invalid", item["message"], key)


def _answer(status: int, body: ErrorBody, headers: dict[str, str]) -> Response[ErrorBody]:
    return Response(body, status_code=status, headers=headers, media_type=MediaType.JSON)
