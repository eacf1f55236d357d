"""One emoji, as people react with it: a sequence of Unicode's own list (UTS 51)."""

from __future__ import annotations

from functools import cache

from emoji import EMOJI_DATA, STATUS

from tertulia.core.errors import Invalid

MAX_EMOJI_CHARS = 32


def one_emoji(text: str, attr: str = "emoji") -> str:
    """Return an emoji as it is fully written, or raise Invalid.

    Keyboards leave out the mark that asks for the coloured form (U+FE0F), or set it where it is
    not due; all ways of writing one emoji count as that one.
    """
    written = _written().get(_bare(text[: MAX_EMOJI_CHARS + 1]))
    if written is None:
        raise Invalid("React with one emoji.", attr=attr)
    return written


@cache
def _written() -> dict[str, str]:
    # Components alone, a skin tone for example, are no emoji to react with.
    full = STATUS["fully_qualified"]
    return {_bare(text): text for text, data in EMOJI_DATA.items() if data["status"] == full}


def _bare(text: str) -> str:
    return text.replace("\ufe0f", "")
