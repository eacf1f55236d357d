"""Relays of a real coturn, with the credentials that are made for its secret."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from aioice import stun, turn

from tertulia.adapters.turn_probe import TurnFailed, allocate
from tertulia.core.ice import IceServers, turn_credential
from tests.turn_server import SECRET, TurnServer

SOMEBODY = UUID(int=7)


def _credentials(
    server: TurnServer, secret: str = SECRET, *, age: timedelta = timedelta()
) -> tuple[str, str]:
    servers = IceServers(turn_urls=(server.url,), turn_secret=secret, turn_ttl=timedelta(hours=1))
    (offered,) = servers.offered_to(SOMEBODY, datetime.now(UTC) - age)
    assert offered.username is not None
    assert offered.credential is not None
    return offered.username, offered.credential


def test_a_credential_is_as_the_draft_has_it() -> None:
    # Computed with `printf | openssl dgst -sha1 -hmac north -binary | base64`.
    assert turn_credential("north", "12334939:mbzrxpgjys") == "Iq7YXkRon8YXJfdN1Ke9EZOw1UE="
    offered = IceServers(turn_urls=("turn:t",), turn_secret="secret").offered_to(
        SOMEBODY, datetime(2026, 1, 2, tzinfo=UTC)
    )
    assert offered[0].username == f"1767398400:{SOMEBODY}"
    assert "secret" not in repr(IceServers(turn_secret="secret"))


@pytest.mark.parametrize("query", ["", "?transport=udp", "?transport=tcp"])
async def test_the_server_relays_for_whom_we_give_credentials(
    turn_server: TurnServer, query: str
) -> None:
    host, port = await allocate(turn_server.url + query, *_credentials(turn_server))
    assert host == "127.0.0.1"
    assert port != turn_server.port


async def test_no_other_secret_and_no_credential_of_yesterday_will_do(
    turn_server: TurnServer,
) -> None:
    for username, credential in (
        _credentials(turn_server, "another secret"),
        _credentials(turn_server, age=timedelta(days=1)),
    ):
        with pytest.raises(TurnFailed, match="TURN_SECRET"):
            await allocate(turn_server.url, username, credential)


async def test_a_server_that_is_not_there_is_given_up_in_time() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        port = mute.getsockname()[1]
        with pytest.raises(TurnFailed, match="does not answer"):
            await allocate(f"turn:127.0.0.1:{port}", "u", "c", timeout_s=0.1)
        with pytest.raises(TurnFailed, match="cannot be reached"):
            await allocate(f"turn:127.0.0.1:{port}?transport=tcp", "u", "c")
    with pytest.raises(TurnFailed, match="no address"):
        await allocate("http://127.0.0.1", "u", "c")


@pytest.mark.parametrize(
    "peer", ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"]
)
async def test_nobody_reaches_through_the_relay_what_is_behind_our_firewall(
    turn_server: TurnServer, peer: str
) -> None:
    loop = asyncio.get_running_loop()
    username, credential = _credentials(turn_server)
    transport, client = await loop.create_datagram_endpoint(
        lambda: turn.TurnClientUdpProtocol(
            ("127.0.0.1", turn_server.port),
            username=username,
            password=credential,
            lifetime=600,
            channel_refresh_time=500,
        ),
        remote_addr=("127.0.0.1", turn_server.port),
    )
    try:
        await client.connect()
        with pytest.raises(stun.TransactionFailed) as refused:
            await client.channel_bind(0x4000, (peer, 9))
        assert refused.value.response.error_code == 403
    finally:
        await client.delete()
        transport.close()
