"""Times as every wire words them: ISO-8601 in UTC with milliseconds and `Z`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


def time(at: datetime) -> str:
    """Word a time, which the core keeps in UTC."""
    return at.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
