"""What counts as one emoji."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.emoji import one_emoji
from tertulia.core.errors import Invalid


@pytest.mark.parametrize(
    "emoji",
    [
        "🎉",
        "👍🏽",
        "❤️",
        "👩‍❤️‍💋‍👨",
        "👨‍👩‍👧‍👦",
        "🏳️‍🌈",
        "🇪🇸",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "#️⃣",
        "©️",
    ],
)
def test_one_emoji_of_any_length_is_one(emoji: str) -> None:
    assert one_emoji(emoji) == emoji


@pytest.mark.parametrize(
    ("written", "fully"),
    [("❤", "❤️"), ("🏳‍🌈", "🏳️‍🌈"), ("#⃣", "#️⃣"), ("🎉\ufe0f", "🎉")],
)
def test_all_ways_of_writing_one_emoji_count_as_that_one(written: str, fully: str) -> None:
    assert one_emoji(written) == fully


@pytest.mark.parametrize(
    "text",
    ["", " ", "a", "1", "#", "🎉🎉", "🎉 ", "a🎉", "🏽", "\u200d", "\ufe0f", "🇪", "\x00", "\ud800"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        one_emoji(text)
    assert refused.value.attr == "emoji"


@given(st.text(max_size=40))
def test_what_is_taken_is_taken_again_as_it_came_back(text: str) -> None:
    try:
        emoji = one_emoji(text)
    except Invalid:
        return
    assert one_emoji(emoji) == emoji
