"""Services that send text messages, as real HTTP servers: Twilio's, and the end of a webhook."""

from __future__ import annotations

import hmac
import json
import time
from base64 import b64encode
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

SID, AUTH_TOKEN = "AC00000000000000000000000000000001", "a token of the account's own"
SECRET = "s" * 64
PATIENCE_S = 300
TRICKLE_S = 0.05

Answer = tuple[int, bytes]


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    method: str
    path: str
    headers: Message
    body: bytes


class Service(Protocol):
    """What a server does with requests; the text of `mood` says how it behaves."""

    mood: str

    def answer(self, request: Received) -> Answer:
        """Return the status and body of an answer."""


@dataclass
class TwilioService:
    """Twilio's Messages resource: one account, and numbers that it refuses with its own codes."""

    mood: str = "well"
    sent: list[dict[str, str]] = field(default_factory=list)
    refusals: dict[str, tuple[int, int]] = field(default_factory=dict)
    body: bytes | None = None

    def answer(self, request: Received) -> Answer:
        """Send a message, or refuse in Twilio's form: {code, message, more_info, status}."""
        credentials = b64encode(f"{SID}:{AUTH_TOKEN}".encode()).decode()
        if request.headers["Authorization"] != f"Basic {credentials}":
            return _twilio_error(401, 20003)
        if request.method != "POST" or request.path != f"/2010-04-01/Accounts/{SID}/Messages.json":
            return _twilio_error(404, 20404)
        assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if form["To"] in self.refusals:
            refused = _twilio_error(*self.refusals[form["To"]])
            return refused if self.body is None else (refused[0], self.body)
        for needed, code in (("To", 21604), ("Body", 21602)):
            if not form.get(needed):
                return _twilio_error(400, code)
        if ("From" in form) == ("MessagingServiceSid" in form):
            return _twilio_error(400, 21603)
        self.sent.append(form)
        made = {"sid": f"SM{len(self.sent):032}", "status": "queued", "to": form["To"]}
        return 201, json.dumps(made).encode()


@dataclass
class WebhookService:
    """The other end of a webhook, as the documentation has it written: each message goes once."""

    mood: str = "well"
    statuses: list[int] = field(default_factory=list)
    requests: list[Received] = field(default_factory=list)
    sent: dict[str, dict[str, str]] = field(default_factory=dict)

    def answer(self, request: Received) -> Answer:
        """Check the signature and take the message, or answer as this was told to."""
        self.requests.append(request)
        at = request.headers["Tertulia-Timestamp"]
        expected = hmac.digest(SECRET.encode(), at.encode() + b"." + request.body, "sha256").hex()
        is_genuine = hmac.compare_digest(expected, request.headers["Tertulia-Signature"])
        if not is_genuine or abs(time.time() - int(at)) >= PATIENCE_S:
            return 401, b"not by whom it should be"
        if self.statuses:
            return self.statuses.pop(0), b""
        assert request.headers["Content-Type"] == "application/json"
        message = json.loads(request.body)
        self.sent.setdefault(message["id"], message)
        return 204, b""


@contextmanager
def serving(service: Service) -> Iterator[str]:
    """Serve on a port of the loopback interface until the block ends; yield the address.

    Mood `mute`: the server takes a request and does not answer. Mood `slow`: it answers byte by
    byte, for ever. Mood `deaf`: it does what it was asked to, and hangs up without an answer.
    """
    server = _Server(service)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.ending.set()
        server.shutdown()
        # This waits for the threads of its requests as well.
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    # Not as the library has it, which forgets such threads at the end.
    daemon_threads = False

    def __init__(self, service: Service) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.service = service
        self.ending = Event()


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def handle_one_request(self) -> None:
        # Whoever gives up on a slow answer hangs up in the middle of it.
        try:
            super().handle_one_request()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_POST(self) -> None:  # noqa: N802, the library calls it so
        body = self.rfile.read(int(self.headers["Content-Length"]))
        received = Received(self.command, self.path, self.headers, body)
        match self.server.service.mood:
            case "mute":
                self.server.ending.wait()
            case "slow":
                self._trickle()
            case "deaf":
                self.server.service.answer(received)
                self.close_connection = True
            case _:
                self._say(*self.server.service.answer(received))

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status in (301, 302, 307, 308):
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _trickle(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        while not self.server.ending.wait(TRICKLE_S):
            self.wfile.write(b".")

    def log_message(self, *_: Any) -> None:
        """Say nothing on standard error."""


def _twilio_error(status: int, code: int) -> Answer:
    error = {
        "code": code,
        "message": "This cannot be sent.",
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return status, json.dumps(error).encode()
