"""Where things are among the light pages, and where one may be sent on to."""

from __future__ import annotations

import re
from urllib.parse import quote

from tertulia.core.model import Conversation

HOME = "/lite"
SIGN_IN = "/lite/signin"
LATEST = "#latest"
"""Where on the page of a chat one reads on and writes."""

_LOCAL = re.compile(r"/lite(?:[/?#][!-\[\]-~]*)?")
"""A path of these pages: no other host, no backslash, nothing that is not plain ASCII."""


def local(path: str) -> str:
    """Return a path to go on to, or that of the chats where it leads away from these pages."""
    return path if _LOCAL.fullmatch(path) else HOME


def sign_in_then(path: str) -> str:
    """Return where one signs in to go on to a path."""
    return SIGN_IN if local(path) == HOME else f"{SIGN_IN}?next={quote(local(path), safe='/')}"


def chat(conversation: Conversation) -> str:
    """Return the path of a chat."""
    return f"/lite/chats/{conversation.number}"


def place(conversation: Conversation, seq: int, page_size: int) -> str:
    """Return where a message is seen among the others; the newest are on the chat's own page."""
    around = "" if conversation.head_seq - seq < page_size else f"?at={seq}"
    return f"{chat(conversation)}{around}#m{seq}"
