"""A push service (RFC 8030) on a loopback port, and browsers whose keys a test has made.

A push is taken only if it is as a push service wants it: encrypted for the browser (RFC 8291),
signed by the very server that the browser subscribed with (RFC 8292), with a TTL and a topic that
can be one. Chromium cannot subscribe here, so a test in a browser makes a subscription with
`browser()`, hands it to the server, and delivers what `payloads` has through the DevTools protocol
(`ServiceWorker.deliverPushMessage`).
"""

from __future__ import annotations

import json
import secrets
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tertulia.adapters.push_encryption import from_base64url, to_base64url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CURVE = ec.SECP256R1()
_TOPIC_CHARS = 32
_DAY_S = 24 * 3600
_HEAD_BYTES = 16 + 4 + 1
_POINT_BYTES = 65
MAX_BODY_BYTES = 4096


@dataclass(frozen=True)
class Taken:
    """A push that was taken: what it says, and its headers by their names in lower case."""

    payload: dict[str, Any]
    headers: Mapping[str, str]


@dataclass
class Browser:
    """A subscription, with the private half of its keys; `answers` are the next ones to give.

    An answer is a status, or a status and the seconds of Retry-After. Without any it is 201.
    """

    endpoint: str
    key: ec.EllipticCurvePrivateKey
    secret: bytes
    answers: deque[int | tuple[int, int]] = field(default_factory=deque)
    taken: list[Taken] = field(default_factory=list)
    asked: int = 0

    @property
    def p256dh(self) -> str:
        """The public key, as a browser tells it."""
        return to_base64url(_point(self.key))

    @property
    def auth(self) -> str:
        """The authentication secret, as a browser tells it."""
        return to_base64url(self.secret)

    @property
    def subscription(self) -> dict[str, Any]:
        """What a browser hands to its server."""
        return {"endpoint": self.endpoint, "keys": {"p256dh": self.p256dh, "auth": self.auth}}

    @property
    def payloads(self) -> list[dict[str, Any]]:
        """What was pushed and taken, decrypted, in order."""
        return [each.payload for each in self.taken]

    def decrypt(self, body: bytes) -> bytes:
        """Return what a body says, step by step as RFC 8291, section 3.4 has it."""
        salt, rest = body[:16], body[_HEAD_BYTES:]
        sender, sealed = rest[:_POINT_BYTES], rest[_POINT_BYTES:]
        assert body[20] == _POINT_BYTES, "the sender's key is a point"
        assert int.from_bytes(body[16:20], "big") >= len(sealed), "all of it is one record"
        public = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sender)
        shared = self.key.exchange(ec.ECDH(), public)
        about = b"WebPush: info\x00" + _point(self.key) + sender + b"\x01"
        ikm = _hmac(_hmac(self.secret, shared), about)
        prk = _hmac(salt, ikm)
        content_key = _hmac(prk, b"Content-Encoding: aes128gcm\x00\x01")[:16]
        nonce = _hmac(prk, b"Content-Encoding: nonce\x00\x01")[:12]
        padded = AESGCM(content_key).decrypt(nonce, sealed, None)
        text, delimiter, padding = padded.rpartition(b"\x02")
        assert delimiter, "it ends as a last record does"
        assert not padding.strip(b"\x00"), "padding is zeros"
        return text


@dataclass
class LocalPushService:
    """A push service that is running; `faults` has what was wrong with what it did not take."""

    url: str
    public_key: str
    browsers: dict[str, Browser] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def browser(self, *, key: ec.EllipticCurvePrivateKey | None = None) -> Browser:
        """Return a new subscription, made with the public key of the server under test."""
        path = f"/push/{secrets.token_urlsafe(16)}"
        browser = Browser(
            self.url + path, key or ec.generate_private_key(_CURVE), secrets.token_bytes(16)
        )
        self.browsers[path] = browser
        return browser

    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> int | tuple[int, int]:
        """Answer one push."""
        browser = self.browsers.get(path)
        if browser is None:
            return 404
        browser.asked += 1
        answer = browser.answers.popleft() if browser.answers else 201
        if answer != 201:
            return answer
        try:
            self._require_good(headers, body)
            payload = json.loads(browser.decrypt(body))
        except Exception as fault:
            self.faults.append(f"{fault!r}")
            return 400
        browser.taken.append(Taken(payload, headers))
        return 201

    def _require_good(self, headers: Mapping[str, str], body: bytes) -> None:
        assert headers["content-encoding"] == "aes128gcm"
        assert headers["ttl"].isdigit()
        assert headers.get("urgency", "normal") in ("very-low", "low", "normal", "high")
        from_base64url(headers.get("topic", ""))
        assert len(headers.get("topic", "")) <= _TOPIC_CHARS
        assert len(body) <= MAX_BODY_BYTES
        scheme, _, parameters = headers["authorization"].partition(" ")
        assert scheme == "vapid"
        said = dict(each.strip().split("=", 1) for each in parameters.split(","))
        assert said["k"] == self.public_key, "this is not whom the browser subscribed with"
        key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, from_base64url(said["k"]))
        claims = jwt.decode(said["t"], key, algorithms=["ES256"], audience=self.url)
        assert claims["exp"] <= time.time() + _DAY_S
        assert claims["sub"].startswith(("mailto:", "https:"))


@contextmanager
def push_service(public_key: str) -> Iterator[LocalPushService]:
    """Run a push service until the block ends, for browsers that subscribe with this key."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.service = LocalPushService(f"http://127.0.0.1:{server.server_port}", public_key)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    service: LocalPushService


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.service.take(self.path, headers, body)
        status, wait_s = answer if isinstance(answer, tuple) else (answer, None)
        self.send_response(status)
        if status == 201:
            self.send_header("Location", f"{self.server.service.url}/message/{time.time_ns()}")
        if wait_s is not None:
            self.send_header("Retry-After", str(wait_s))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hmac(key: bytes, text: bytes) -> bytes:
    # HKDF (RFC 5869) where one block is enough: extracting and expanding are each one HMAC.
    made = HMAC(key, hashes.SHA256())
    made.update(text)
    return made.finalize()
