"""Which addresses of the network are the public internet, and whom a name means there.

A server sits where outsiders do not get: beside databases, routers and the services of its host. An
address that somebody else chose is asked only where anyone could ask it. A name is resolved once
and what was checked is connected to, so that a name which means something else a moment later gains
nothing (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

PORTS = (80, 443)
RESOLVERS = 4

# Beside what the registries call private, loopback, link-local and reserved: what leads to another
# address by what is written in it, and relays that take anything anywhere.
_LEADING_ELSEWHERE: tuple[IpNetwork, ...] = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",
            "100.64.0.0/10",  # behind a carrier's translation (RFC 6598)
            "192.0.0.0/24",  # IETF protocol assignments (RFC 6890)
            "192.88.99.0/24",  # relays of 6to4 (RFC 7526)
            "198.18.0.0/15",  # benchmarks (RFC 2544)
            "64:ff9b::/96",  # IPv4 through a translation (RFC 6052)
            "64:ff9b:1::/48",  # the same, locally (RFC 8215)
            "2001::/23",  # Teredo and other protocol assignments (RFC 6890)
            "2002::/16",  # IPv4 through 6to4 (RFC 3056)
            "fc00::/7",
            "fec0::/10",  # site-local, of old (RFC 3879)
        ),
    )
)
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")


class NotPublic(Exception):  # noqa: N818, it is what an address is
    """A name means nothing, or something that is not for everyone."""


class NoAddress(NotPublic):
    """A name means nothing at this moment."""


def is_public(address: IpAddress) -> bool:
    """Tell whether an address is one of the public internet, and of nothing behind it."""
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_V6:
        # IPv4 written as IPv6 is refused with all the rest: no name has to mean it.
        return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(
            address.version == network.version and address in network
            for network in _LEADING_ELSEWHERE
        )
    )


class Addresses:
    """Finds out where a name is; `allowed` networks may be asked, at any port, as an exception."""

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = tuple(map(ipaddress.ip_network, allowed))
        # A name server that does not answer holds a thread for long; not one of everybody's.
        self._threads = ThreadPoolExecutor(RESOLVERS, thread_name_prefix="names")

    async def find(self, host: str, port: int) -> str:
        """Return the address to connect to, as a number; raises NotPublic."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._threads, _resolved, host, port)
        except (OSError, UnicodeError) as error:
            raise NoAddress(f"no address: {error}") from None
        # One that is not public among them is enough: an honest name has none.
        if not found or not all(self._may_be_asked(address, port) for address in found):
            raise NotPublic("not a public address and port")
        return str(found[0])

    def may_lead_out(self, host: str, port: int) -> bool:
        """Tell whether a host may be asked, as far as it is told without looking a name up."""
        try:
            return self._may_be_asked(ipaddress.ip_address(host), port)
        except ValueError:
            # A host of its own, or figures that are read as an address: the last part of a name
            # has letters.
            last = host.rstrip(".").lower().rpartition(".")[2]
            if last == "localhost":
                return self._may_be_asked(ipaddress.ip_address("127.0.0.1"), port)
            return not last[:1].isdigit()

    def close(self) -> None:
        """Stop the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _may_be_asked(self, address: IpAddress, port: int) -> bool:
        if any(address.version == net.version and address in net for net in self._allowed):
            return True
        return port in PORTS and is_public(address)


def _resolved(host: str, port: int) -> list[IpAddress]:
    # Spellings such as 0x7f.1 and 2130706433 are read here as everywhere, and then checked.
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(str(place[0])) for *_, place in found]
