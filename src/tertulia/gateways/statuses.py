"""Refusals as HTTP statuses (RFC 9110, section 15; 429 is RFC 6585)."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tertulia.core.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotAuthenticated,
    NotFound,
    RateLimited,
    Refusal,
    Unavailable,
)

_STATUSES: Mapping[type[Refusal], int] = {
    Invalid: 400,
    NotAuthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    RateLimited: 429,
    Unavailable: 503,
}
_UNAVAILABLE_RETRY_S = 1


def status_of(refusal: Refusal) -> int:
    """Return the status of the answer that tells of a refusal."""
    return next((_STATUSES[kind] for kind in type(refusal).__mro__ if kind in _STATUSES), 400)


def retry_after_s(refusal: Refusal) -> int | None:
    """Return after how many seconds a repeat can help, where that is known."""
    if isinstance(refusal, RateLimited):
        return max(1, math.ceil(refusal.retry_after_s))
    return _UNAVAILABLE_RETRY_S if isinstance(refusal, Unavailable) else None
