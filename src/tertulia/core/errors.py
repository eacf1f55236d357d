"""The refusals that callers of the core must expect.

Refusal
├── NotAuthenticated     who are you? (missing, wrong or expired credentials)
├── Forbidden            known, but not allowed
├── NotFound             not there, or not to be seen by this person
├── Conflict             at odds with what already is
├── Invalid              a value that cannot be accepted; `attr` names it
├── RateLimited          too often; `retry_after_s` says how long to wait
└── Unavailable          not now; the same call may work later

Each has a stable `code` for programs, a `detail` for people, and says whether a repeat can help.
Gateways map them to their wires; the core knows no HTTP status. Any other exception is a bug.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """An expected refusal; `str()` is its detail."""

    default_code: ClassVar[str] = "refused"
    can_retry: ClassVar[bool] = False

    def __init__(self, detail: str, *, code: str | None = None, attr: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.default_code
        self.attr = attr


class NotAuthenticated(Refusal):
    """No credentials, or not the right ones."""

    default_code = "not_authenticated"


class Forbidden(Refusal):
    """The person is known and may not do this."""

    default_code = "permission_denied"


class NotFound(Refusal):
    """It does not exist, or not for this person; the two are never told apart."""

    default_code = "not_found"


class Conflict(Refusal):
    """The state of things does not allow it."""

    default_code = "conflict"


class WrongOffset(Conflict):
    """A file does not go on there; `offset` says where it does."""

    default_code = "wrong_offset"

    def __init__(self, offset: int) -> None:
        super().__init__(f"This file goes on at byte {offset}.", attr="Upload-Offset")
        self.offset = offset


class ChannelFull(Conflict):
    """No more people fit into a voice channel than `limit`."""

    default_code = "full"

    def __init__(self, limit: int) -> None:
        super().__init__(f"No more than {limit} people fit in here.")
        self.limit = limit


class TakenOver(Conflict):
    """Another client of the same person is in the voice channel by now."""

    default_code = "taken_over"


class Invalid(Refusal):
    """A value is wrong; `attr` names the field."""

    default_code = "invalid"


class RateLimited(Refusal):
    """Too many in too short a time."""

    default_code = "rate_limited"
    can_retry = True

    def __init__(self, detail: str, *, retry_after_s: float, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after_s = retry_after_s


class Unavailable(Refusal):
    """The server cannot do it now; trying again may help."""

    default_code = "unavailable"
    can_retry = True
