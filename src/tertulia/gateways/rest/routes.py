"""The two kinds of routes, `reading` and `writing`, with what the OpenAPI document says of each.

A handler names the refusals that are its own; those that every route of its kind shares are
written here once. `public` routes ask for no credentials.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from litestar.handlers import HTTPRouteHandler, delete, get, patch, post, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Operation, RequestBody, SecurityRequirement
from litestar.types import Empty, EmptyType

from tertulia.gateways.forms import FORM_TYPE
from tertulia.gateways.rest.bodies import JSON_TYPE
from tertulia.gateways.rest.errors import ErrorBody

SAFE: list[SecurityRequirement] = [{"bearer": []}, {"cookie": []}]
UNSAFE: list[SecurityRequirement] = [{"bearer": []}, {"cookie": [], "csrf": []}]
PUBLIC: list[SecurityRequirement] = [{}]

_DECORATORS = {"POST": post, "PUT": put, "PATCH": patch, "DELETE": delete}
ANY_TYPE = "*/*"
_ANSWERS = {
    200: "What was asked for.",
    204: "Done; there is nothing to add.",
    206: "The part that was asked for.",
    302: "Elsewhere.",
}
_REFUSALS: Mapping[int, str] = {
    400: "A value is missing or wrong; `attr` names it.",
    401: "No credentials, or none that hold.",
    403: "Not allowed, or a request by cookie without a good CSRF token.",
    404: "It does not exist, or not for this person.",
    409: "The state of things does not allow it.",
    413: "The body is too large.",
    415: "The body is of another content type.",
    416: "There is no such part.",
    429: "Too often; `Retry-After` has the seconds to wait.",
    500: "Something went wrong on the server.",
    503: "Not now; the same request may work later.",
}
_ALWAYS = (500, 503)


def reading(
    path: str,
    operation_id: str,
    *refusals: int,
    public: bool = False,
    media_type: str = JSON_TYPE,
) -> HTTPRouteHandler:
    """Make a GET route out of the function that it decorates."""
    statuses = {*refusals, *_ALWAYS} | (set() if public else {401})
    return get(
        path,
        operation_id=operation_id,
        media_type=media_type,
        response_description=_ANSWERS[200],
        responses=_specs(statuses),
        security=PUBLIC if public else SAFE,
        public=public,
    )


def reading_file(path: str, operation_id: str, *refusals: int) -> HTTPRouteHandler:
    """Make a GET route that answers with a file, or a part of one, out of the function."""
    statuses = {*refusals, 401, 416, *_ALWAYS}
    part = ResponseSpec(
        bytes, description=_ANSWERS[206], generate_examples=False, media_type=ANY_TYPE
    )
    return get(
        path,
        operation_id=operation_id,
        media_type=ANY_TYPE,
        response_description=_ANSWERS[200],
        responses={206: part, **_specs(statuses)},
        security=SAFE,
        public=False,
    )


def leading(path: str, operation_id: str, *refusals: int, public: bool = False) -> HTTPRouteHandler:
    """Make a GET route that leads a browser elsewhere out of the function that it decorates."""
    return get(
        path,
        operation_id=operation_id,
        status_code=302,
        response_description=_ANSWERS[302],
        responses=_specs({*refusals, *_ALWAYS}),
        security=PUBLIC if public else SAFE,
        public=public,
    )


def writing(
    method: Literal["POST", "PUT", "PATCH", "DELETE"],
    path: str,
    operation_id: str,
    *refusals: int,
    status: Literal[200, 204] = 200,
    public: bool = False,
    security: list[SecurityRequirement] | None = None,
    operation: type[Operation] = Operation,
    max_body_bytes: int | EmptyType = Empty,
) -> HTTPRouteHandler:
    """Make an unsafe route out of the function that it decorates.

    Statuses other than POST's usual 201 are the documented ones.
    """
    statuses = {*refusals, 403, *_ALWAYS} | (set() if public else {401})
    if 400 in refusals and method != "DELETE":
        statuses |= {413, 415}
    return _DECORATORS[method](
        path,
        operation_id=operation_id,
        status_code=status,
        response_description=_ANSWERS[status],
        responses=_specs(statuses),
        security=security or (PUBLIC if public else UNSAFE),
        operation_class=operation,
        public=public,
        request_max_body_size=max_body_bytes,
        accepts_form=issubclass(operation, FormOperation),
        is_streamed=issubclass(operation, StreamOperation),
    )


@dataclass
class StreamOperation(Operation):
    """An operation that reads its body piece by piece; nobody else may read it before."""


@dataclass
class OptionalBodyOperation(Operation):
    """An operation that also works without a body."""

    def __post_init__(self) -> None:
        """Say so; the framework calls every body required."""
        self.request_body = replace(_body_of(self), required=False)


@dataclass
class FormOperation(Operation):
    """An operation that takes its fields as JSON or as a form."""

    def __post_init__(self) -> None:
        """Name the form beside the JSON."""
        body = _body_of(self)
        content = {**body.content, FORM_TYPE: body.content[JSON_TYPE]}
        self.request_body = replace(body, content=content)


@dataclass
class OptionalFormOperation(FormOperation, OptionalBodyOperation):
    """An operation that takes its fields as JSON, as a form, or elsewhere in the request."""

    def __post_init__(self) -> None:
        """Say both."""
        FormOperation.__post_init__(self)
        OptionalBodyOperation.__post_init__(self)


def _body_of(operation: Operation) -> RequestBody:
    return cast("RequestBody", operation.request_body)


def _specs(statuses: set[int]) -> dict[int, ResponseSpec]:
    return {
        status: ResponseSpec(ErrorBody, description=_REFUSALS[status], generate_examples=False)
        for status in sorted(statuses)
    }
