"""A letter as the mail that goes over the wire (RFC 5322)."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from uuid import UUID

from email_validator import validate_email

from tertulia.adapters.letter_texts import LetterTexts
from tertulia.core.clock import utc_now
from tertulia.core.letters import Letter


def mail_of(letter: Letter, letter_id: str, texts: LetterTexts, sender: str) -> EmailMessage:
    """Return a letter as a mail with a text and an HTML part.

    Its Message-ID follows from the letter's id, so that a mail program shows once what a crash made
    the server send twice. It says of itself that a program sent it (RFC 3834, section 5).
    """
    written = texts.mail(letter)
    name, address = parseaddr(sender)
    mail = EmailMessage()
    mail["Subject"] = written.subject
    mail["From"] = _address(name, address)
    mail["To"] = _address("", _with_ascii_host(letter.to))
    mail["Date"] = format_datetime(utc_now())
    mail["Message-ID"] = f"<{UUID(letter_id).hex}@{address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    unsubscribe = texts.unsubscribe_address(letter)
    if unsubscribe is not None:
        # One click in the mail program, without opening anything (RFC 8058).
        mail["List-Unsubscribe"] = f"<{unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(written.text)
    mail.add_alternative(written.html, subtype="html")
    return mail


def _address(name: str, address: str) -> Address:
    user, _, host = address.rpartition("@")
    return Address(name, user, host)


def _with_ascii_host(address: str) -> str:
    # Every server takes a host in its ASCII form (RFC 5891), and only some take the other one.
    known = validate_email(address, check_deliverability=False)
    return f"{known.local_part}@{known.ascii_domain}"
