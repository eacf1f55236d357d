"""Mails over SMTP (RFC 5321, submission by RFC 6409)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from email.message import EmailMessage
from typing import Literal

import aiosmtplib

from tertulia.adapters.letter_texts import LetterTexts
from tertulia.adapters.mail_form import mail_of
from tertulia.core.letters import Letter
from tertulia.core.post import Undeliverable

TIMEOUT_S = 30.0
"""For a whole delivery, and well within the time for which the outbox claims a letter."""
GOODBYE_S = 2.0


class SmtpCourier:
    """A Courier that hands mails to one server.

    `starttls` refuses a server that does not offer it, and certificates are checked either way:
    links that open accounts are not told to whoever stands in between.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: str,
        username: str | None,
        password: str | None,
        sender: str,
        texts: LetterTexts,
    ) -> None:
        self._host = host
        self._port = port
        self._security = security
        self._username = username
        self._password = password
        self._sender = sender
        self._texts = texts

    async def deliver(self, letter: Letter, letter_id: str) -> None:
        """Hand a mail over; Undeliverable where the server refuses its recipient for good."""
        mail = mail_of(letter, letter_id, self._texts, self._sender)
        try:
            await self._send(mail)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            # One recipient, so one refusal. From 500 on it is for good (RFC 5321, section 4.2.1).
            reason = refused.recipients[0]
            if reason.code >= 500:
                raise Undeliverable(f"recipient refused with {reason.code}") from None
            raise

    async def try_out(self) -> None:
        """Connect and sign in, as for a mail. Raises OSError, TimeoutError or SMTPException."""
        await self._send(None)

    async def _send(self, mail: EmailMessage | None) -> None:
        starttls: Literal[True, False] = self._security == "starttls"
        server = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            use_tls=self._security == "tls",
            start_tls=starttls,
            username=self._username,
            password=self._password,
            timeout=TIMEOUT_S,
        )
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await server.connect()
                if mail is not None:
                    await server.send_message(mail)
        finally:
            # A mail that was taken stays taken, whether or not the goodbye is answered.
            with suppress(aiosmtplib.SMTPException, OSError):
                await server.quit(timeout=GOODBYE_S)
            server.close()
