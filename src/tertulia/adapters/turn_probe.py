"""A look at a TURN server (RFC 8656) from where we are: whether it relays for whom we say."""

from __future__ import annotations

import asyncio
import re
import ssl

from aioice import stun, turn

TIMEOUT_S = 5.0

_URL = re.compile(
    r"(?P<scheme>turns?):(?:\[(?P<v6>[^\]]+)\]|(?P<host>[^:?]+))"
    r"(?::(?P<port>\d+))?(?:\?transport=(?P<transport>udp|tcp))?"
)
_PORTS = {"turn": 3478, "turns": 5349}
_NOT_AUTHORISED = 401


class TurnFailed(Exception):
    """A server that would not relay; the message says why."""


async def allocate(
    url: str, username: str, credential: str, *, timeout_s: float = TIMEOUT_S
) -> tuple[str, int]:
    """Ask the server of a `turn:` address (RFC 7065) for a relay, and give it back.

    Returns the relay's address. Raises TurnFailed.
    """
    found = _URL.fullmatch(url)
    if found is None:
        raise TurnFailed("this is no address of a TURN server")
    host, scheme = found["v6"] or found["host"], found["scheme"]
    is_secure = scheme == "turns"
    given_back = _GivenBack()
    try:
        async with asyncio.timeout(timeout_s):
            relay, _ = await turn.create_turn_endpoint(
                lambda: given_back,
                (host, int(found["port"] or _PORTS[scheme])),
                username,
                credential,
                ssl=ssl.create_default_context() if is_secure else None,
                transport=found["transport"] or ("tcp" if is_secure else "udp"),
            )
            address: tuple[str, int] = relay.get_extra_info("sockname")
            relay.close()
            await given_back.is_done.wait()
    except TimeoutError:
        raise TurnFailed(f"it does not answer within {timeout_s:.0f} s") from None
    except stun.TransactionFailed as failed:
        code, reason = failed.response.attributes["ERROR-CODE"]
        said = f"it refuses with {code} {reason}".rstrip()
        if code == _NOT_AUTHORISED:
            said += ": its static-auth-secret is not TURN_SECRET, or its clock is wrong"
        raise TurnFailed(said) from None
    except (OSError, stun.TransactionError) as error:
        raise TurnFailed(f"it cannot be reached: {error}") from None
    return address


class _GivenBack(asyncio.DatagramProtocol):
    """Hears nothing through the relay but its end."""

    def __init__(self) -> None:
        self.is_done = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that it is given back."""
        del exc
        self.is_done.set()
