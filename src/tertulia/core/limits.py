"""How often is too often, at the doors that strangers can knock at.

A `Limit` allows so many in a time. A `Patience` allows a few tries at once and then asks for a wait
that doubles with each further one, until somebody succeeds.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `times` within any `per`."""

    name: str
    times: int
    per: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """`free` tries at once, then waits from `first_wait` on, doubling up to `longest`.

    All is forgotten once nobody has tried for twice the longest wait.
    """

    name: str
    free: int
    first_wait: timedelta
    longest: timedelta


class Limits(Protocol):
    """Counts, on all nodes together; every method raises RateLimited with the seconds to wait."""

    async def take(self, limit: Limit, key: str, count: int = 1) -> None:
        """Count so many more under this key, all of them or, refusing, none."""

    async def attempt(self, patience: Patience, key: str) -> None:
        """Count one more try under this key, or refuse while a wait lasts."""

    async def forgive(self, patience: Patience, key: str) -> None:
        """Forget the tries under this key: one of them was right."""


# One account: whoever guesses from one place is slowed down at once, and from many places after a
# while; a person who mistypes from elsewhere is hardly held up by either.
SIGN_INS = Patience(
    name="sign_ins",
    free=5,
    first_wait=timedelta(seconds=2),
    longest=timedelta(minutes=15),
)
SIGN_INS_OF_ACCOUNT = Limit(name="sign_ins_of_account", times=100, per=_HOUR)
SIGN_INS_FROM = Limit(name="sign_ins_from", times=100, per=10 * _MINUTE)

SIGN_UPS_FROM = Limit(name="sign_ups_from", times=30, per=_HOUR)
REFRESHES_FROM = Limit(name="refreshes_from", times=600, per=10 * _MINUTE)
TOKENS_FROM = Limit(name="tokens_from", times=60, per=10 * _MINUTE)
JOURNEYS_OF = Limit(name="journeys_of", times=60, per=10 * _MINUTE)

LETTERS_TO = Limit(name="letters_to", times=5, per=_HOUR)
LETTERS_FROM = Limit(name="letters_from", times=20, per=_HOUR)
PHONE_CODES_TO = Limit(name="phone_codes_to", times=5, per=_HOUR)
PHONE_CODES_FROM = Limit(name="phone_codes_from", times=20, per=_HOUR)
PHONE_TRIES = Limit(name="phone_tries", times=15, per=_HOUR)

SECOND_STEPS = Patience(
    name="second_steps",
    free=5,
    first_wait=timedelta(seconds=5),
    longest=timedelta(minutes=15),
)
PASSWORD_CHECKS = Patience(
    name="password_checks",
    free=5,
    first_wait=timedelta(seconds=2),
    longest=timedelta(minutes=15),
)

# One account, signed in: far more than a person does, far less than a program could.
SOCKET_TICKETS_OF = Limit(name="socket_tickets_of", times=300, per=10 * _MINUTE)
SEARCHES_OF = Limit(name="searches_of", times=600, per=10 * _MINUTE)
CONVERSATIONS_OF = Limit(name="conversations_of", times=100, per=_HOUR)
JOINS_OF = Limit(name="joins_of", times=200, per=10 * _MINUTE)
# Counted by the person brought in: a group of the largest size, twice.
PEOPLE_BROUGHT_IN_BY = Limit(name="people_brought_in_by", times=1000, per=_HOUR)

PUSH_SUBSCRIPTIONS_OF = Limit(name="push_subscriptions_of", times=60, per=10 * _MINUTE)
SCHEDULES_OF = Limit(name="schedules_of", times=300, per=10 * _MINUTE)

IDENTITIES_OF = Limit(name="identities_of", times=20, per=_HOUR)
WRAPS_OF = Limit(name="wraps_of", times=60, per=_HOUR)
HANDOVERS_OF = Limit(name="handovers_of", times=30, per=10 * _MINUTE)
HANDOVER_MESSAGES_OF = Limit(name="handover_messages_of", times=120, per=10 * _MINUTE)

PEOPLE_LOOKED_UP = Limit(name="people_looked_up", times=60, per=10 * _MINUTE)
PAGES_LOOKED_AT_FOR = Limit(name="pages_looked_at_for", times=60, per=10 * _MINUTE)
INVITATIONS_BY = Limit(name="invitations_by", times=60, per=_HOUR)
INVITATIONS_TO = Limit(name="invitations_to", times=3, per=timedelta(days=1))
INVITES_LOOKED_AT_FROM = Limit(name="invites_looked_at_from", times=120, per=10 * _MINUTE)
CONVERSATION_PICTURES_OF = Limit(name="conversation_pictures_of", times=30, per=_HOUR)
AVATARS_OF = Limit(name="avatars_of", times=30, per=_HOUR)
UPLOADS_OF = Limit(name="uploads_of", times=300, per=10 * _MINUTE)
UPLOAD_PARTS_OF = Limit(name="upload_parts_of", times=3000, per=10 * _MINUTE)
EXPORTS_OF = Limit(name="exports_of", times=5, per=timedelta(days=1))


def sends_of(per_s: float, burst: int) -> Limit:
    """Return how many messages an account sends and changes: `per_s` for long, `burst` at once."""
    return Limit(name="sends_of", times=burst, per=timedelta(seconds=burst / per_s))


def place_of(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or the /64 that one line is given in IPv6.

    RFC 6177 has sites be given a /64 or more, so single IPv6 addresses cost nothing.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return address
