"""Who may open a socket, and by what."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tertulia.core.model import Actor
from tertulia.gateways.asgi import Scope
from tertulia.gateways.doorkeeper import Doorkeeper
from tests.gateways.conftest import OpenTown, Person, Town
from tests.gateways.phoenix.talk import Talk, connect_to, talk

VSN = "vsn=2.0.0"


async def whose_socket(town: Town, query: str, **options: Any) -> Person:
    """Open a socket and find out whose it is by the topic that only they can join."""
    async with connect_to(town, query, **options) as socket:
        one = Talk(socket)
        for person in town.people:
            status, _ = await one.try_join(f"user:{person.id}")
            if status == "ok":
                return person
    raise AssertionError("nobody's socket")


async def refusal(town: Town, query: str, **options: Any) -> int:
    """Return the status with which a handshake is refused."""
    with pytest.raises(InvalidStatus) as refused:
        async with connect_to(town, query, **options):
            pass
    return refused.value.response.status_code


def cookie(person: Person, name: str = "access_token") -> dict[str, str]:
    return {"cookie": f"theme=day; {name}={person.token}; csrftoken=x"}


def bearer_protocol(token: str) -> str:
    return "base64url.bearer.phx." + urlsafe_b64encode(token.encode()).decode().rstrip("=")


async def test_a_token_in_the_query_opens_a_socket(town: Town) -> None:
    assert await whose_socket(town, f"{VSN}&token={town.bea.token}") == town.bea


async def test_a_bearer_header_opens_a_socket(town: Town) -> None:
    assert await whose_socket(town, VSN, additional_headers=town.bea.headers) == town.bea


async def test_a_token_among_the_subprotocols_opens_a_socket(town: Town) -> None:
    protocols = ["phoenix", bearer_protocol(town.bea.token)]
    async with connect_to(town, VSN, subprotocols=protocols) as socket:
        assert socket.subprotocol == "phoenix"
        await Talk(socket).join(f"user:{town.bea.id}")


async def test_a_ticket_opens_one_socket(town: Town) -> None:
    ticket = (await town.call(town.ana, "POST", "/auth/socket-ticket"))["ticket"]
    assert await whose_socket(town, f"{VSN}&ticket={ticket}") == town.ana
    assert await refusal(town, f"{VSN}&ticket={ticket}") == 403


@pytest.mark.parametrize("name", ["access_token", "__Host-access_token"])
async def test_a_cookie_opens_a_socket_from_a_page_of_the_server(town: Town, name: str) -> None:
    headers = cookie(town.ana, name)
    assert await whose_socket(town, VSN, additional_headers=headers, origin=town.url) == town.ana


async def test_a_cookie_opens_a_socket_from_an_allowed_origin(open_town: OpenTown) -> None:
    async with open_town(
        FRONTEND_URL="https://chat.example", ALLOWED_ORIGINS="https://friend.example"
    ) as town:
        headers = cookie(town.ana)
        for origin in ("https://chat.example", "https://friend.example"):
            found = await whose_socket(town, VSN, additional_headers=headers, origin=origin)
            assert found == town.ana


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
async def test_a_cookie_opens_none_from_elsewhere(town: Town, origin: str | None) -> None:
    headers = cookie(town.ana)
    assert await refusal(town, VSN, additional_headers=headers, origin=origin) == 403


async def test_a_token_is_its_own_proof_wherever_the_page_is_from(town: Town) -> None:
    query = f"{VSN}&token={town.ana.token}"
    assert await whose_socket(town, query, origin="https://elsewhere.example") == town.ana


@pytest.mark.parametrize(
    ("query", "options"),
    [
        (VSN, {}),
        (f"{VSN}&token=", {}),
        (f"{VSN}&token=nonsense", {}),
        (f"{VSN}&ticket=nonsense", {}),
        (VSN, {"additional_headers": {"authorization": "Bearer nonsense"}}),
        (VSN, {"additional_headers": {"authorization": "Basic YTpi"}}),
        (VSN, {"subprotocols": ["phoenix", "base64url.bearer.phx.!!!"]}),
        (VSN, {"subprotocols": ["phoenix", "base64url.bearer.phx._w"]}),
        (VSN, {"subprotocols": ["phoenix"]}),
    ],
)
async def test_who_cannot_say_who_they_are_is_refused(
    town: Town, query: str, options: dict[str, Any]
) -> None:
    assert await refusal(town, query, **options) == 403


async def test_a_wrong_token_is_not_made_good_by_a_cookie(town: Town) -> None:
    status = await refusal(
        town, f"{VSN}&token=nonsense", additional_headers=cookie(town.ana), origin=town.url
    )
    assert status == 403


async def test_a_session_that_has_ended_opens_none(town: Town) -> None:
    await town.call(town.ana, "POST", "/api/signout_all")
    assert await refusal(town, f"{VSN}&token={town.ana.token}") == 403


async def test_a_session_that_ends_during_the_handshake_does_not_keep_its_socket(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    admit = Doorkeeper.admit

    async def admit_slowly(doorkeeper: Doorkeeper, scope: Scope) -> Actor:
        actor = await admit(doorkeeper, scope)
        await town.call(town.ana, "POST", "/api/signout_all")
        return actor

    monkeypatch.setattr(Doorkeeper, "admit", admit_slowly)
    async with talk(town, town.ana) as ana:
        assert await ana.close_code() == (4001, "session_ended")


async def test_an_unknown_version_is_refused(town: Town) -> None:
    assert await refusal(town, f"vsn=3.0.0&token={town.ana.token}") == 403


async def test_without_a_version_the_first_one_is_spoken(town: Town) -> None:
    group = await town.start_group(town.ana)
    topic = f"conversation:{group}"
    async with connect_to(town, f"token={town.ana.token}") as socket:
        join = {"topic": topic, "event": "phx_join", "payload": {}, "ref": "1"}
        await socket.send(json.dumps(join))
        reply = json.loads(await socket.recv())
        await town.send(town.ana, group, "hello")
        heard = json.loads(await socket.recv())
    assert (reply["event"], reply["ref"], reply["payload"]["status"]) == ("phx_reply", "1", "ok")
    assert (heard["topic"], heard["event"], heard["ref"]) == (topic, "new_message", None)
    assert heard["payload"]["message"]["content"] == "hello"
