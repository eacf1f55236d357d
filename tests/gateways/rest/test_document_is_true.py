"""The OpenAPI document, held against a running server by schemathesis: whatever a client may send.

No request ends in a 5xx, and no answer is one that the document does not tell of.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tertulia.gateways.rest.app import openapi_document
from tests.e2e.server_process import ServerProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import APIOperation, Case

    from tests.engines import Engines

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 15
# Every text that can stand there is a name, or a token, that there could be.
TAKES_ANYTHING = {"GET /auth/social/{provider}", "GET /api/invites/{token}"}

pytestmark = pytest.mark.timeout(300)

# To schemathesis, bytes of a file in parts are bytes like any others.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")

DOCUMENT = schemathesis.openapi.from_dict(msgspec.json.decode(openapi_document()))


def takes_something(operation: APIOperation[Any, Any, Any, Any]) -> bool:
    """Tell whether a request of this kind has anything in it that could be wrong."""
    if operation.label in TAKES_ANYTHING:
        return False
    places = (operation.body, operation.query, operation.path_parameters, operation.headers)
    return any(len(place) for place in places)


OPERATIONS = {
    found.ok().label: found.ok() for found in DOCUMENT.get_all_operations() if isinstance(found, Ok)
}

CASES = [
    (label, mode)
    for label, operation in OPERATIONS.items()
    for mode in GenerationMode
    # What takes nothing cannot be given anything wrong.
    if mode is GenerationMode.POSITIVE or takes_something(operation)
]


class Town:
    """A server of its own, and somebody who is signed in for as long as the requests allow."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._number = 0
        self.headers = self.someone()

    def someone(self) -> dict[str, str]:
        """Register another person and return what authorises their requests."""
        self._number += 1
        login = {"email": f"p{self._number}@example.org", "password": "correct horse battery"}
        answer = httpx.post(f"{self.url}/auth/register", json=login)
        answer.raise_for_status()
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def is_signed_in(self) -> bool:
        """Whether the person still is."""
        return httpx.get(f"{self.url}/api/me", headers=self.headers).status_code == 200


@pytest.fixture(scope="module")
def town(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Return a town with a server process of its own."""
    folder = tmp_path_factory.mktemp("document")
    with engines.open(folder) as ground, asyncio.Runner() as runner:
        process = ServerProcess(folder, {**ground, "LIMITS_SCALE": "100000"})
        runner.run(process.start())
        try:
            yield Town(process.url)
        finally:
            runner.run(process.stop())


@pytest.mark.parametrize(("label", "mode"), CASES)
def test_every_answer_is_one_that_the_document_tells_of(
    label: str, mode: GenerationMode, town: Town
) -> None:
    @settings(
        max_examples=EXAMPLES,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
    def holds(case: Case[Any]) -> None:
        # Some requests take the session of the asking person away.
        if not town.is_signed_in():
            town.headers = town.someone()
        case.call_and_validate(base_url=town.url, headers=town.headers, checks=CHECKS)

    holds()
