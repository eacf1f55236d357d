"""Which bytes of a file are asked for (RFC 9110, section 14), and what a file is called in answers.

One range is served, as players ask for it; where several are asked for, all of the file is the
answer, which is always allowed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

_ONE_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE | re.ASCII)
_NOT_PLAIN = re.compile(r'[^\x20-\x7e]|["\\%]')


@dataclass(frozen=True, slots=True)
class Span:
    """`length` bytes of a file of `size` bytes, from `start` on."""

    start: int
    length: int
    size: int

    @property
    def content_range(self) -> str:
        """The value of the header of an answer that has this part of the file."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{self.size}"


class OutOfRange(Exception):  # noqa: N818, it is what was asked for
    """No byte of what is asked for exists."""


def wanted_span(asked: str | None, size: int, *, is_same: bool = True) -> Span | None:
    """Return the part that a `Range` header asks for, or None where all of the file is to be sent.

    `is_same` says whether the asking one has other parts of the very same file (`If-Range`). Raises
    OutOfRange.
    """
    found = _ONE_RANGE.fullmatch(asked or "")
    if found is None or not is_same:
        return None
    first, last = found.groups()
    if first:
        start, end = int(first), int(last) if last else size - 1
        if end < start:
            if not last:
                raise OutOfRange
            return None
    elif last:
        start, end = max(0, size - int(last)), size - 1
    else:
        return None
    if start >= size:
        raise OutOfRange
    return Span(start, min(end, size - 1) - start + 1, size)


def disposition(name: str, *, is_inline: bool) -> str:
    """Return the value of `Content-Disposition` with a file's name (RFC 6266)."""
    kind = "inline" if is_inline else "attachment"
    plain = _NOT_PLAIN.sub("_", name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
