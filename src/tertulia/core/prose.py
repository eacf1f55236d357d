"""What a message's body says outside of code: the words that may name people, and web addresses.

Code is what stands between two runs of as many backticks, and a block from a line that begins with
three of them to the next such line, or to the end. What is code names nobody and links nowhere.
"""

from __future__ import annotations

import re

_BACKTICKS = re.compile(r"(`+)")
_FENCE_BACKTICKS = 3
_LINK = re.compile(r"(?:\bhttps?://|(?<![\w.@/-])www\.)[^\s<>\"'`.,;:!?)]", re.IGNORECASE)


def prose(body: str) -> str:
    """Return a body with each piece of code as one backtick."""
    if "`" not in body:
        return body
    # Every other part is a run of backticks; those in between are what stands around them.
    parts = _BACKTICKS.split(body)
    kept = [parts[0]]
    nexts = _partners(parts)
    at = 1
    while at < len(parts):
        end = nexts[at]
        if end is not None:
            at = end
        kept.append("`")
        kept.append(parts[at + 1] if at < len(parts) else "")
        at += 2
    return "".join(kept)


def has_link(body: str) -> bool:
    """Return whether a body has a web address that one could open."""
    # The quick look spares nearly every message the closer one; "ww." is in www. and in Www.
    if "://" not in body and "ww." not in body and "WW." not in body:
        return False
    return _LINK.search(prose(body)) is not None


def _partners(parts: list[str]) -> list[int | None]:
    """Return which run of backticks ends what each run begins; None where it begins nothing.

    The end of the body counts as a run. Read from the end, so that it takes one pass.
    """
    partners: list[int | None] = [None] * len(parts)
    same_length: dict[int, int] = {}
    next_fence = len(parts)
    for at in range(len(parts) - 2, 0, -2):
        length = len(parts[at])
        begins_line = _begins_line(parts, at)
        opens_block = begins_line and ("\n" in parts[at + 1] or at == len(parts) - 2)
        partners[at] = next_fence if opens_block else same_length.get(length)
        same_length[length] = at
        if begins_line:
            next_fence = at
    return partners


def _begins_line(parts: list[str], at: int) -> bool:
    if len(parts[at]) < _FENCE_BACKTICKS:
        return False
    before, newline, indent = parts[at - 1].rpartition("\n")
    return not indent.strip() and (bool(newline) or (at == 1 and not before))
