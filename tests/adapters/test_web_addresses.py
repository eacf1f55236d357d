"""What is of the public internet, and what only seems to be."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any

import pytest

from tertulia.adapters.web_addresses import Addresses, NotPublic, is_public

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def addresses() -> Iterator[Addresses]:
    addresses = Addresses(())
    yield addresses
    addresses.close()


@pytest.mark.parametrize(
    "text",
    [
        *("127.0.0.1", "127.255.0.3", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1"),
        *("172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.254"),
        *("192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.7", "203.0.113.9"),
        *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1"),
        *("64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1"),
        *("2001::1", "2001:0:5ef5:79fb::1", "2001:db8::1", "100::1", "4000::1"),
    ],
)
def test_what_is_not_for_everyone_is_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450:4003::200e"]
)
def test_what_is_for_everyone_is_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001"),
        *("::1", "::ffff:127.0.0.1", "0", "localhost", "localhost.", "169.254.169.254", "[::1]"),
        *("fe80::1%lo", "", "no such name", "a" * 300, "xn--\u00fc", "a..b"),
    ],
)
async def test_no_spelling_of_what_is_here_is_found(addresses: Addresses, host: str) -> None:
    with pytest.raises(NotPublic):
        await addresses.find(host, 80)


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 65535])
async def test_only_the_ports_of_the_web_are_asked(addresses: Addresses, port: int) -> None:
    assert await addresses.find("8.8.8.8", 443) == "8.8.8.8"
    with pytest.raises(NotPublic):
        await addresses.find("8.8.8.8", port)


async def test_a_name_with_one_address_inside_is_refused(
    addresses: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(_host: str, port: int, **_: Any) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in ("8.8.8.8", "10.0.0.7")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    with pytest.raises(NotPublic):
        await addresses.find("rebound.example", 80)


async def test_networks_that_are_allowed_are_asked_at_any_port() -> None:
    addresses = Addresses(("127.0.0.0/8",))
    assert await addresses.find("127.0.0.1", 8080) == "127.0.0.1"
    with pytest.raises(NotPublic):
        await addresses.find("::1", 8080)
    addresses.close()
