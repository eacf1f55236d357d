"""uvicorn's HTTP/1.1 parser, with what it lacks: a bound on heads, and refusals in our own form.

It is given to uvicorn as its HTTP protocol class (`uvicorn.Config(http=HttpProtocol)`). The bound
of the body does not hold for what comes around it, and the parser keeps a head or a trailer that
does not end for ever. So all that comes before the parser has something whole to show is bounded.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from tertulia.gateways.rest.errors import ErrorEntry, encode_error

MAX_HEAD_BYTES = 65536
"""How much may come before a head, or the trailer of a body, is whole; checked at every read."""


class HttpProtocol(HttpToolsProtocol):
    """One connection, until it becomes a WebSocket or ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_shown_something = False
        self._withheld_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Take bytes from the transport."""
        self._is_shown_something = False
        super().data_received(data)
        self._withheld_bytes = 0 if self._is_shown_something else self._withheld_bytes + len(data)
        if self._withheld_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self._refuse(431, ErrorEntry("too_large", "The head of this request is too large."))

    def on_headers_complete(self) -> None:
        """Learn that a head is whole."""
        self._is_shown_something = True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._is_shown_something = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Learn that a request is whole."""
        self._is_shown_something = True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP; called by the parser."""
        self._refuse(400, ErrorEntry("invalid", msg))

    def _refuse(self, status: int, entry: ErrorEntry) -> None:
        if self.cycle is None or self.cycle.response_complete:  # else an answer is on its way
            body = encode_error(status, entry)
            self.transport.write(
                STATUS_LINE[status]
                + b"content-type: application/json\r\ncontent-length: %d\r\n" % len(body)
                + b"connection: close\r\n\r\n"
                + body
            )
        self.transport.close()
