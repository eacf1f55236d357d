"""What is read in the descriptions of connections."""

from __future__ import annotations

import pytest

from tertulia.core import descriptions
from tests.offers import offer


def test_the_video_of_the_stream_that_is_named_shows_a_screen() -> None:
    shared = offer("audio", "video", "video", "audio", screens=("2", "3"))
    assert descriptions.screens(shared) == {"2"}
    assert descriptions.screens(offer("audio", "video")) == frozenset()


def test_what_is_said_of_a_screen_within_a_medium_is_not_meant() -> None:
    late = offer("audio", "video").replace("a=mid:1", "a=x-tertulia-screen:5b1a\r\na=mid:1")
    assert descriptions.screens(late) == frozenset()


def test_descriptions_of_one_connection_are_told_from_those_of_another() -> None:
    one, again, other = offer("audio"), offer("audio", "video"), offer("audio", connection=2)
    assert descriptions.connection(one) == descriptions.connection(again)
    assert descriptions.connection(one) != descriptions.connection(other)


@pytest.mark.parametrize("text", ["", "v=0", "m=video", "a=x-tertulia-screen:\nm=", "\0o=- 1"])
def test_anything_is_read(text: str) -> None:
    assert descriptions.screens(text) == frozenset()
    assert descriptions.connection(text) is None
