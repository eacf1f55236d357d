"""A real SMTP server in a thread of its own: aiosmtpd, with a certificate made for it."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USERNAME, PASSWORD = "tertulia", "a password of the server's own"


@dataclass
class Mailbox:
    """What the server took in, whom it refuses (address -> the server's answer), how slowly."""

    port: int = 0
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    signed_in: list[bool] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    slow_s: float = 0

    async def handle_RCPT(  # noqa: N802, the library calls it so
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        """Take a recipient, or refuse."""
        await asyncio.sleep(self.slow_s)
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802, the library calls it so
        self, _: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a mail."""
        await asyncio.sleep(self.slow_s)
        content = envelope.content or b""
        assert isinstance(content, bytes)
        self.taken.extend((address, content) for address in envelope.rcpt_tos)
        self.signed_in.append(bool(session.authenticated))
        self.encrypted.append(session.ssl is not None)
        return "250 taken"


@contextmanager
def smtp_server(
    mailbox: Mailbox,
    *,
    port: int = 0,
    certificate: tuple[Path, Path] | None = None,
    from_the_start: bool = False,
    wants_password: bool = False,
) -> Iterator[Mailbox]:
    """Run a server until the block ends; with a certificate it offers STARTTLS, or speaks TLS."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
    options: dict[str, Any] = {}
    if from_the_start:
        options["ssl_context"] = context
    elif context is not None:
        options["tls_context"] = context
    if wants_password:
        # The library lets nobody sign in who has not asked for TLS by STARTTLS.
        options |= {"authenticator": _authenticate, "auth_required": True}
    controller = Controller(mailbox, hostname="127.0.0.1", port=port or free_port(), **options)
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        controller.stop()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for 127.0.0.1 that signs itself; return its file and its key's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    certificate_path, key_path = folder / "certificate.pem", folder / "key.pem"
    certificate_path.write_bytes(certificate.public_bytes(Encoding.PEM))
    key_path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate_path, key_path


def _authenticate(_: SMTP, __: Session, ___: Envelope, mechanism: str, data: object) -> AuthResult:
    wanted = LoginPassword(USERNAME.encode(), PASSWORD.encode())
    is_right = mechanism in ("LOGIN", "PLAIN") and data == wanted
    # What is not handled here, the library answers with its refusal.
    return AuthResult(success=is_right, handled=is_right)
