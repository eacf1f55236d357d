"""What the descriptions of connections (SDP, RFC 8866) say that a server has to know."""

from __future__ import annotations

import re

_SCREEN = re.compile(r"a=x-tertulia-screen:(\S+)")
_STREAM = re.compile(r"a=msid:(\S+)")
_MID = re.compile(r"a=mid:(\S+)")


def screens(sdp: str) -> frozenset[str]:
    """Return the `mid` of each video that shows a screen, whose stream is named at the top.

    a=x-tertulia-screen:5d1f...
    m=video 9 UDP/TLS/RTP/SAVPF 96
    a=mid:2
    a=msid:5d1f... 77c0...
    """
    top, *media = re.split(r"(?m)^m=", sdp)
    named = _found(_SCREEN, top)
    if named is None:
        return frozenset()
    shown = (
        _found(_MID, medium)
        for medium in media
        if medium.startswith("video ") and _found(_STREAM, medium) == named
    )
    return frozenset(mid for mid in shown if mid is not None)


def connection(sdp: str) -> str | None:
    """Return what all descriptions of one connection have in common (section 5.2: `sess-id`)."""
    return _found(re.compile(r"o=\S+ (\S+)"), sdp)


def _found(line: re.Pattern[str], text: str) -> str | None:
    for each in text.splitlines():
        if match := line.match(each):
            return match[1]
    return None
