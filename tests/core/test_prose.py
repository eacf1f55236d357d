"""What a body says outside of code, and whether one could open an address in it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.prose import has_link, prose

pieces = st.lists(st.sampled_from(["a", " ", "\n", "`", "``", "```", "@b", "http://x.org"]))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("no code", "no code"),
        ("a `b` c", "a ` c"),
        ("a ``b ` c`` d", "a ` d"),
        ("one ` alone", "one ` alone"),
        ("a `b`` c", "a `b` c"),
        ("```\nb\n``` c", "` c"),
        ("a\n```python\nb\n```\nc", "a\n`\nc"),
        ("a\n```\nnever ends `b`", "a\n`"),
        ("```b``` c", "` c"),
        ("```\n`b\n````\nc", "`\nc"),
        ("```", "`"),
        ("", ""),
    ],
)
def test_each_piece_of_code_is_one_backtick(body: str, said: str) -> None:
    assert prose(body) == said


@given(pieces.map("".join))
def test_what_is_left_stood_there_and_a_body_without_backticks_is_left_as_it_is(body: str) -> None:
    said = prose(body)
    assert len(said) <= len(body)
    rest = iter(body)
    assert all(char in rest for char in said)
    plain = body.replace("`", "")
    assert prose(plain) == plain


@pytest.mark.parametrize("body", ["`" * 65_536, "`a" * 32_768, "\n```" * 16_384, "` `` " * 13_107])
def test_a_long_body_takes_no_longer_than_its_length(body: str) -> None:
    before = time.perf_counter()
    prose(body)
    has_link(body + " http://")
    assert time.perf_counter() - before < 1


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("see https://example.org/a?b=c", True),
        ("HTTP://EXAMPLE.ORG", True),
        ("(www.example.org)", True),
        ("http://[::1]:8000/", True),
        ("https://", False),
        ("https:// example.org", False),
        ("ftp://example.org", False),
        ("awww.example", False),
        ("me@www.example.org", False),
        ("`https://example.org`", False),
        ("```\nhttps://example.org\n```", False),
        ("```\ncode\n```\nhttps://example.org", True),
        ("www. not an address", False),
        ("", False),
    ],
)
def test_an_address_is_found_where_one_could_open_it(body: str, found: bool) -> None:
    assert has_link(body) is found
