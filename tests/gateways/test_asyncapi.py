"""The AsyncAPI document."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest

from tertulia.gateways import asyncapi
from tertulia.server import CHANNELS
from tests.gateways.conftest import Town


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(asyncapi.document(CHANNELS))
    return found


def test_every_message_is_an_operation_of_its_direction(document: dict[str, Any]) -> None:
    assert document["asyncapi"] == "3.0.0"
    for channel in CHANNELS:
        written = document["channels"][channel.name]["messages"]
        assert len(written) == len(channel.said) + len(channel.heard)
        for action, way, messages in (
            ("receive", "say", channel.said),
            ("send", "hear", channel.heard),
        ):
            for each in messages:
                key = f"{way}_{each.name}"
                assert written[key]["summary"], key
                operation = document["operations"][f"{channel.name}_{key}"]
                assert operation["action"] == action
                assert operation["messages"] == [
                    {"$ref": f"#/channels/{channel.name}/messages/{key}"}
                ]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for path in re.findall(r'"\$ref": "#/([^"]*)"', json.dumps(document)):
        found = document
        for step in path.split("/"):
            found = found[step]


async def test_it_is_served_to_everybody(town: Town) -> None:
    async with town.http() as http:
        answer = await http.get("/asyncapi.json")
        assert answer.headers["content-type"] == "application/json"
        assert msgspec.json.decode(answer.content) == json.loads(asyncapi.document(CHANNELS))
        refused = await http.post("/asyncapi.json")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
