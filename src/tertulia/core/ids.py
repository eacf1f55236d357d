"""New identifiers: UUIDv7 (RFC 9562), which sort by the time of their making."""

from __future__ import annotations

import re
from uuid import UUID

from uuid_utils.compat import uuid7

from tertulia.core.errors import Invalid

_CANONICAL = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def new_id() -> UUID:
    """Return a fresh UUIDv7."""
    return uuid7()


def parse_id(text: object, attr: str) -> UUID:
    """Read a UUID in its 36-character form; raise Invalid naming `attr` otherwise."""
    if not isinstance(text, str) or not _CANONICAL.fullmatch(text):
        raise Invalid("This is not a valid id.", attr=attr)
    return UUID(text)
