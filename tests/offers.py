"""Offers as a browser words them, of connections that nobody ever builds."""

from __future__ import annotations

MICROPHONE = "5b1a"
SCREEN = "77c0"

_FINGERPRINT = ":".join(["9D", "52"] * 16)
_MEDIA = {"audio": "111 opus/48000/2", "video": "96 VP8/90000"}


def offer(*media: str, connection: int = 1, screens: tuple[str, ...] = ()) -> str:
    """Word an offer to send these media, "audio" or "video", whose `mid` counts from 0.

    Those named in `screens` are of the stream of a shared screen.
    """
    lines = [
        *("v=0", f"o=- {connection} 2 IN IP4 127.0.0.1", "s=-", "t=0 0"),
        f"a=group:BUNDLE {' '.join(str(mid) for mid in range(len(media)))}",
        *([f"a=x-tertulia-screen:{SCREEN}"] if screens else []),
    ]
    for mid, kind in enumerate(media):
        number, codec = _MEDIA[kind].split()
        stream = SCREEN if str(mid) in screens else MICROPHONE
        lines += [
            *(f"m={kind} 9 UDP/TLS/RTP/SAVPF {number}", "c=IN IP4 0.0.0.0"),
            *("a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuvwx", "a=ice-options:trickle"),
            *(f"a=fingerprint:sha-256 {_FINGERPRINT}", "a=setup:actpass"),
            *(f"a=mid:{mid}", "a=sendonly", f"a=msid:{stream} {stream}-{mid}", "a=rtcp-mux"),
            *(f"a=rtpmap:{number} {codec}", f"a=ssrc:{1234 + mid} cname:c"),
        ]
    return "\r\n".join([*lines, ""])
