"""What a notice says of a message: whom it is from, and as much of it as may be shown."""

from __future__ import annotations

from tertulia.core.message import Attachment, Message
from tertulia.core.model import Account, Conversation, Kind

MAX_CHARS = 400
"""More than any system shows of a notification."""

_CARRIED = {"image": "Photo", "video": "Video", "audio": "Voice message", "file": "File"}
_SOMEBODY = "Somebody"


def title_of(conversation: Conversation, sender: Account | None) -> str:
    """Return who it is from in a private chat, and elsewhere where it was said."""
    if conversation.kind is Kind.PRIVATE:
        return _name(sender)
    return conversation.alias or _name(sender)


def body_of(message: Message, kind: Kind, sender: Account | None, *, shows_text: bool) -> str:
    """Return what was said, on one line or several; nothing of it where text is not shown."""
    said = excerpt(message, MAX_CHARS) if shows_text else "New message"
    if kind is Kind.PRIVATE:
        return said
    return f"{_name(sender)}: {said}"


def excerpt(message: Message, max_chars: int) -> str:
    """Return the beginning of a message, or what it carries where it says nothing."""
    if message.is_sealed:
        return "Encrypted message"
    text = (message.body or "").strip()
    if not text:
        text = _without_words(message)
    return text if len(text) <= max_chars else text[: max_chars - 1].rstrip() + "…"


def _without_words(message: Message) -> str:
    extras = message.extras
    if extras.poll is not None:
        return f"Poll: {extras.poll.question}"
    if extras.attachments:
        return _attachment(extras.attachments[0])
    return "New message"


def _attachment(attachment: Attachment) -> str:
    kind = _CARRIED[attachment.kind]
    return f"{kind}: {attachment.name}" if attachment.kind == "file" else kind


def _name(account: Account | None) -> str:
    return account.display_name if account else _SOMEBODY
