"""Page tokens: the sort key of the last row shown, opaque to clients."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from tertulia.core.errors import Invalid

MAX_PAGE_SIZE = 100


def page_size(asked: int | None, default: int) -> int:
    """Return the size of a page; raise Invalid outside 1 to 100."""
    if asked is None:
        return default
    if not 1 <= asked <= MAX_PAGE_SIZE:
        raise Invalid(f"A page has 1 to {MAX_PAGE_SIZE} items.", attr="page_size")
    return asked


def encode_token(*key: int | str | datetime) -> str:
    """Word a sort key as an opaque token."""
    parts = [part.isoformat() if isinstance(part, datetime) else str(part) for part in key]
    return urlsafe_b64encode("\n".join(parts).encode()).rstrip(b"=").decode()


def decode_token(token: str, size: int) -> list[str]:
    """Return the `size` parts of a token's key; raise Invalid for anything else."""
    try:
        text = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4)).decode()
    except ValueError:
        raise Invalid("This page token is not valid.", attr="page_token") from None
    parts = text.split("\n")
    if len(parts) != size:
        raise Invalid("This page token is not valid.", attr="page_token")
    return parts
