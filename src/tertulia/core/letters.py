"""What the server writes to people: mails and text messages, as values until they are delivered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

Channel = Literal["mail", "sms"]


class LetterKind(StrEnum):
    """What a letter is about; each kind has its texts, which name the `words` that they need."""

    CONFIRM_EMAIL = "confirm_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105, a kind of letter and no password
    EMAIL_CHANGED = "email_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105, a kind of letter and no password
    PASSWORD_REMOVED = "password_removed"  # noqa: S105, a kind of letter and no password
    SECOND_STEP_OFF = "second_step_off"
    PHONE_CODE = "phone_code"
    INVITATION = "invitation"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter to one address or number.

    `path` is what the letter's link leads to at the address that people open, its secret behind a
    `#`, where no log and no referrer sees it. A letter that cannot be delivered before
    `expires_at` is thrown away. `unsubscribe` is where a mail program stops more of its kind.
    """

    channel: Channel
    kind: LetterKind
    to: str
    words: Mapping[str, str] = field(default_factory=dict)
    path: str | None = None
    unsubscribe: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLetter:
    """A letter in the outbox, sealed; `tries` counts the deliveries that were begun."""

    id: UUID
    sealed: str
    tries: int
    due_at: datetime
    expires_at: datetime | None
    inserted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenLetter:
    """A letter in words, as its addressee reads it; a text message has no subject."""

    to: str
    subject: str | None
    text: str
    at: datetime
