"""What people write: names, addresses and message bodies, cleaned or refused.

Every function returns the text to store or raises Invalid naming `attr`.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from tertulia.core.errors import Invalid
from tertulia.core.reserved import RESERVED_USERNAMES

MAX_EMAIL_CHARS = 160
MAX_DISPLAY_NAME_CHARS = 50
MAX_ALIAS_CHARS = 100
MAX_DESCRIPTION_CHARS = 500
MAX_REASON_CHARS = 200
MAX_CLIENT_REF_CHARS = 64
MAX_QUESTION_CHARS = 300
MAX_OPTION_CHARS = 100
MAX_SEARCH_CHARS = 200
MAX_ABOUT_CHARS = 200
MAX_PHONE_CHARS = 40
MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS = 8, 128

_USERNAME = re.compile(r"[a-z0-9][a-z0-9_.]{1,31}", re.IGNORECASE)
_ROOM_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}", re.IGNORECASE)
# Letters and symbols by their category, and yet blank: of Hangul four, and Braille without a dot.
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Embeddings, overrides and isolates (Unicode Standard Annex 9, section 2).
_DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# NUL and lone surrogates cannot be stored; other control characters only hide or disturb.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def line(text: str, attr: str, max_chars: int) -> str:
    """Clean one line of text of 1 to `max_chars` characters, at least one of them to be seen.

    Marks that turn the direction of writing are taken out: a name must not turn what is around it.
    """
    cleaned = " ".join(_DIRECTION_MARKS.sub("", _printable(text, attr)).split())
    if cleaned and not any(map(_is_visible, cleaned)):
        raise Invalid("This needs a character that can be seen.", code="required", attr=attr)
    return _bounded(cleaned, attr, 1, max_chars)


def paragraph(text: str, attr: str, max_chars: int) -> str:
    """Clean text of up to `max_chars` characters that may have several lines, or none."""
    return _bounded(_printable(text, attr).strip(), attr, 0, max_chars)


def display_name(text: str) -> str:
    """Clean what a person is called."""
    return line(text, "display_name", MAX_DISPLAY_NAME_CHARS)


def alias(text: str) -> str:
    """Clean the full name of a group or room."""
    return line(text, "alias", MAX_ALIAS_CHARS)


def description(text: str) -> str | None:
    """Clean what a group or room is about; blank text is none."""
    return paragraph(text, "description", MAX_DESCRIPTION_CHARS) or None


def reason(text: str) -> str | None:
    """Clean why somebody is removed or banned; blank text is none."""
    return paragraph(text, "reason", MAX_REASON_CHARS) or None


def body(text: str, max_chars: int, *, may_be_empty: bool = False) -> str:
    """Clean a message's text: not blank, its inner layout kept; `may_be_empty` lets it be blank."""
    cleaned = _printable(text, "content").strip("\n").rstrip()
    if not any(map(_is_visible, cleaned)):
        if may_be_empty:
            return ""
        raise Invalid("A message cannot be empty.", code="required", attr="content")
    return _bounded(cleaned, "content", 1, max_chars)


def poll_question(text: str) -> str:
    """Clean what a poll asks."""
    return line(text, "poll.question", MAX_QUESTION_CHARS)


def poll_option(text: str, index: int) -> str:
    """Clean one answer of a poll."""
    return line(text, f"poll.options.{index}", MAX_OPTION_CHARS)


def client_ref(text: str) -> str:
    """Check the sender's own name for a message."""
    return _bounded(_printable(text, "client_ref"), "client_ref", 1, MAX_CLIENT_REF_CHARS)


def sealed(text: str, attr: str, max_chars: int) -> str:
    """Check a text that only its recipient can read: it is stored as it came, or not at all."""
    if _UNSTORABLE.search(text):
        raise Invalid("This text has characters that cannot be used.", attr=attr)
    return _bounded(text, attr, 1, max_chars)


def search(text: str, attr: str) -> str:
    """Clean what somebody looks for; empty text looks for everything."""
    cleaned = " ".join(_printable(text, attr).split())
    return _bounded(cleaned, attr, 0, MAX_SEARCH_CHARS)


def label(text: str, max_chars: int) -> str:
    """Keep what can be kept of a text that a program says of itself; nothing is refused."""
    return _UNPRINTABLE.sub("", text[:max_chars])


def email(text: str) -> str:
    """Normalise an e-mail address, without asking the network about it."""
    stripped = _bounded(text.strip(), "email", 0, MAX_EMAIL_CHARS)
    try:
        address = validate_email(stripped, check_deliverability=False).normalized
    except (EmailNotValidError, UnicodeError):
        raise Invalid("Enter a valid email address.", attr="email") from None
    return _bounded(address, "email", 0, MAX_EMAIL_CHARS)


def username(text: str) -> str:
    """Check a username: 2 to 32 letters, digits, dots and underscores, case kept."""
    if not _USERNAME.fullmatch(text):
        raise Invalid(
            "A username has 2 to 32 letters, digits, dots or underscores.", attr="username"
        )
    return text


def new_username(text: str) -> str:
    """Check a username that somebody takes now: it must not look like a part of the server."""
    if username(text).casefold().strip("._") in RESERVED_USERNAMES:
        raise Invalid("This username is reserved.", code="reserved", attr="username")
    return text


def about(text: str) -> str | None:
    """Clean what a person says of themselves; blank text is none."""
    return paragraph(text, "about", MAX_ABOUT_CHARS) or None


def phone(text: str, region: str | None) -> str:
    """Read a telephone number and return it in the form of E.164 (`+34600123456`).

    A number without a country's code is read as one of `region` (ISO 3166-1, two letters).
    """
    try:
        number = phonenumbers.parse(text[:MAX_PHONE_CHARS], region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Invalid("Enter a valid phone number, with its country code.", attr="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def room_name(text: str) -> str:
    """Check a room's unique short name."""
    if not _ROOM_NAME.fullmatch(text):
        raise Invalid(
            "A short name has up to 50 letters, digits, dashes or underscores.", attr="name"
        )
    return text.lower()


def room_name_from(alias: str) -> str:
    """Derive a short name from a full one; may be empty where nothing in it is Latin."""
    plain = unicodedata.normalize("NFKD", alias).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]


def password(text: str, attr: str = "password") -> str:
    """Check a new password's length; nothing else is asked of it."""
    return _bounded(text, attr, MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS)


def _is_visible(char: str) -> bool:
    return (
        not char.isspace()
        and char not in _FILLERS
        and unicodedata.category(char) not in ("Cf", "Zs", "Mn")
    )


def _printable(text: str, attr: str) -> str:
    if _UNPRINTABLE.search(text):
        raise Invalid("This text has characters that cannot be used.", attr=attr)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _bounded(text: str, attr: str, min_chars: int, max_chars: int) -> str:
    if len(text) < min_chars:
        code = "required" if min_chars == 1 else "too_short"
        raise Invalid(f"At least {min_chars} characters are needed.", code=code, attr=attr)
    if len(text) > max_chars:
        raise Invalid(f"At most {max_chars} characters are allowed.", code="too_long", attr=attr)
    return text
