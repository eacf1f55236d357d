"""Mails over a real SMTP server: with and without TLS, signed in or refused."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import aiosmtplib
import pytest

from tertulia.adapters import mail_smtp
from tertulia.adapters.letter_texts import LetterTexts
from tertulia.adapters.mail_smtp import SmtpCourier
from tertulia.core.ids import new_id
from tertulia.core.letters import Letter, LetterKind
from tertulia.core.post import Undeliverable
from tests.adapters.smtp_server import (
    PASSWORD,
    USERNAME,
    Mailbox,
    make_certificate,
    smtp_server,
)

if TYPE_CHECKING:
    from pathlib import Path

LETTER = Letter(
    channel="mail",
    kind=LetterKind.CONFIRM_EMAIL,
    to="ana@example.org",
    words={"name": "Ana Núñez 🎉"},
    path="/confirm-email#token",
)


def courier(mailbox: Mailbox, **changes: Any) -> SmtpCourier:
    usual = {
        "host": "127.0.0.1",
        "port": mailbox.port,
        "security": "none",
        "username": None,
        "password": None,
        "sender": "Tertulia <chat@example.org>",
        "texts": LetterTexts("https://chat.example.org"),
    }
    return SmtpCourier(**{**usual, **changes})


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    return make_certificate(tmp_path)


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this process trust the certificate as a system's own are trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


async def test_a_mail_arrives_with_both_parts_under_an_id_of_its_letter() -> None:
    letter_id = str(new_id())
    with smtp_server(Mailbox()) as mailbox:
        for _ in range(2):
            await courier(mailbox).deliver(LETTER, letter_id)
    (to, content), (_, again) = mailbox.taken
    assert to == "ana@example.org"
    mail = email.message_from_bytes(content, policy=email.policy.default)
    assert mail["From"] == "Tertulia <chat@example.org>"
    assert mail["Subject"] == "Confirm your email address"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@example.org>")
    same = email.message_from_bytes(again, policy=email.policy.default)
    assert same["Message-ID"] == mail["Message-ID"]
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "Hello Ana Núñez 🎉" in plain.get_content()
    assert "https://chat.example.org/confirm-email#token" in plain.get_content()
    assert 'href="https://chat.example.org/confirm-email#token"' in html.get_content()


@pytest.mark.usefixtures("trusted")
async def test_it_signs_in_once_the_connection_is_encrypted(
    certificate: tuple[Path, Path],
) -> None:
    with smtp_server(Mailbox(), certificate=certificate, wants_password=True) as mailbox:
        signed_in = courier(mailbox, security="starttls", username=USERNAME, password=PASSWORD)
        await signed_in.deliver(LETTER, str(new_id()))
        assert mailbox.signed_in == mailbox.encrypted == [True]
        wrong = courier(mailbox, security="starttls", username=USERNAME, password="wrong")
        with pytest.raises(aiosmtplib.SMTPAuthenticationError):
            await wrong.deliver(LETTER, str(new_id()))
    assert len(mailbox.taken) == 1


@pytest.mark.usefixtures("trusted")
async def test_it_speaks_tls_from_the_first_byte_where_that_is_asked_for(
    certificate: tuple[Path, Path],
) -> None:
    with smtp_server(Mailbox(), certificate=certificate, from_the_start=True) as mailbox:
        await courier(mailbox, security="tls").deliver(LETTER, str(new_id()))
    # This server understands nothing else.
    assert len(mailbox.taken) == 1


async def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    certificate: tuple[Path, Path],
) -> None:
    with (
        smtp_server(Mailbox(), certificate=certificate) as mailbox,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        await courier(mailbox, security="starttls").deliver(LETTER, str(new_id()))
    assert mailbox.taken == []


async def test_a_server_that_offers_no_tls_gets_nothing_where_tls_is_asked_for() -> None:
    with smtp_server(Mailbox()) as mailbox, pytest.raises(aiosmtplib.SMTPException):
        await courier(mailbox, security="starttls").deliver(LETTER, str(new_id()))
    assert mailbox.taken == []


async def test_a_recipient_refused_for_good_is_undeliverable_and_for_now_is_not() -> None:
    with smtp_server(Mailbox()) as mailbox:
        mailbox.refusals["ana@example.org"] = "550 no such person"
        with pytest.raises(Undeliverable):
            await courier(mailbox).deliver(LETTER, str(new_id()))
        mailbox.refusals["ana@example.org"] = "451 try again later"
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
            await courier(mailbox).deliver(LETTER, str(new_id()))
    assert mailbox.taken == []


async def test_a_server_that_is_down_is_tried_again_by_whoever_asked() -> None:
    with smtp_server(Mailbox()) as mailbox:
        pass
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await courier(mailbox).deliver(LETTER, str(new_id()))


async def test_a_server_that_is_slow_at_every_step_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail_smtp, "TIMEOUT_S", 0.9)
    monkeypatch.setattr(mail_smtp, "GOODBYE_S", 0.1)
    # No single answer takes as long as the whole may.
    with smtp_server(Mailbox(slow_s=0.6)) as mailbox, pytest.raises(TimeoutError):
        await courier(mailbox).deliver(LETTER, str(new_id()))
    assert mailbox.taken == []


async def test_a_server_that_never_speaks_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail_smtp, "TIMEOUT_S", 0.3)
    released = asyncio.Event()

    async def be_silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await released.wait()
        writer.close()

    async with await asyncio.start_server(be_silent, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(TimeoutError):
            await courier(Mailbox(port=port)).deliver(LETTER, str(new_id()))
        released.set()


async def test_a_host_goes_in_ascii_so_that_any_server_takes_it() -> None:
    with smtp_server(Mailbox()) as mailbox:
        abroad = replace(LETTER, to="ana@bücher.example")
        await courier(mailbox).deliver(abroad, str(new_id()))
    ((to, content),) = mailbox.taken
    assert to == "ana@xn--bcher-kva.example"
    assert b"To: ana@xn--bcher-kva.example\r\n" in content
