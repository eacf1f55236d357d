"""What would have been sent, as a page: /dev/outbox, for a server on one's own machine alone.

Whoever reads it gets into every account, so it answers only where nobody but this machine can ask:
the request names a loopback host and comes through no proxy. Everywhere else there is no such page.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from html import escape

import msgspec

from tertulia.core.letters import WrittenLetter
from tertulia.gateways import objects
from tertulia.gateways.asgi import App, Receive, Scope, Send, header, send_answer
from tertulia.gateways.rest.errors import ErrorEntry, send_error

PATHS = ("/dev/outbox", "/dev/outbox.json")
MAX_SHOWN = 100

ReadLetters = Callable[[int], Awaitable[Sequence[WrittenLetter]]]

_LOOPBACK = re.compile(rb"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
_FORWARDED = {b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip"}
_LINK = re.compile(r"https?://\S+")
_STYLE = """\
body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;
color:#17212b;background:#eef2f6}article{background:#fff;border-radius:12px;padding:1rem 1.5rem;
margin:1rem 0}h2{font-size:1.1rem;margin:0}small{color:#5c6b78}pre{white-space:pre-wrap;
font:inherit;overflow-wrap:anywhere}@media(prefers-color-scheme:dark){body{color:#e6edf3;
background:#0e1621}article{background:#17212b}small{color:#8a9aa8}a{color:#6ab3f3}}"""


def dev_outbox(read: ReadLetters) -> App:
    """Return what answers for PATHS."""

    async def app(scope: Scope, _: Receive, send: Send) -> None:
        if scope["method"] != "GET" or not _is_at_home(scope):
            await send_error(send, 404, ErrorEntry("not_found", "There is nothing here."))
            return
        letters = await read(MAX_SHOWN)
        is_json = scope["path"].endswith(".json")
        body = _as_json(letters) if is_json else _as_page(letters).encode()
        kind = b"application/json" if is_json else b"text/html; charset=utf-8"
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send_answer(send, 200, headers, body)

    return app


def _is_at_home(scope: Scope) -> bool:
    host = (header(scope, b"host") or "").encode("latin-1")
    names = {name for name, _ in scope["headers"]}
    return bool(_LOOPBACK.fullmatch(host)) and not names & _FORWARDED


def _as_json(letters: Sequence[WrittenLetter]) -> bytes:
    return msgspec.json.encode(
        {
            "items": [
                {
                    "to": letter.to,
                    "subject": letter.subject,
                    "text": letter.text,
                    "at": objects.time(letter.at),
                }
                for letter in letters
            ]
        }
    )


def _as_page(letters: Sequence[WrittenLetter]) -> str:
    shown = "".join(map(_as_article, letters)) or "<p>Nothing was written to anybody yet.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Outbox</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        "<body><h1>Outbox</h1><p>No mail server is set up, so these letters were not sent.</p>"
        f"{shown}</body></html>"
    )


def _as_article(letter: WrittenLetter) -> str:
    title = escape(letter.subject or "Text message")
    # Words and links are told apart before anything is escaped, so that neither holds the other.
    words = _LINK.split(letter.text)
    links = [*_LINK.findall(letter.text), ""]
    text = "".join(
        escape(word) + (f'<a href="{escape(link)}">{escape(link)}</a>' if link else "")
        for word, link in zip(words, links, strict=True)
    )
    return (
        f"<article><h2>{title}</h2><small>{escape(letter.to)} · {objects.time(letter.at)}</small>"
        f"<pre>{text}</pre></article>"
    )
