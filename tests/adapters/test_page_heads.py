"""The marks of pages, good ones and others."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.adapters.page_heads import read_head

PAGE = """\
<!doctype html><html><head>
<meta charset="utf-8">
<title>Caf&eacute; &amp; m&aacute;s</title>
<META PROPERTY="og:title" CONTENT="The Café">
<meta name="Description" content="Open at &#39;six&#39;">
<meta property="og:title" content="Another one">
<meta property="og:image" content="/me.png"/>
</head><body><title>No</title></body></html>
"""


def test_a_page_s_title_and_marks_are_read() -> None:
    head = read_head(PAGE.encode(), None)

    assert head.title == "Café & más"
    assert head.marks["og:title"] == "The Café"
    assert head.marks["description"] == "Open at 'six'"
    assert head.marks["og:image"] == "/me.png"


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-16", "shift_jis"])
def test_the_encoding_that_was_told_counts(charset: str) -> None:
    text = "<title>日本</title>" if charset in ("shift_jis", "utf-16") else "<title>Café</title>"

    assert read_head(text.encode(charset), charset).title == text[7:-8]


@pytest.mark.parametrize("charset", ["nonsense", "utf-7", "\x00", "a" * 40])
def test_an_encoding_that_nobody_knows_is_passed_over(charset: str) -> None:
    assert read_head(b"<title>Hi</title>", charset).title == "Hi"


@given(st.binary(max_size=2000), st.sampled_from([None, "utf-8", "utf-16", "big5"]))
def test_whatever_comes_is_read_without_fail(data: bytes, charset: str | None) -> None:
    head = read_head(b"<meta name=a content='" + data, charset)

    assert len(head.title) < 10_000
    assert len(head.marks) <= 200


@pytest.mark.parametrize(
    "piece",
    [
        *("<!--", "<a ", '<a b="', "</", "<?", "<![CDATA[", "<title>", "&#", "<meta name=a>"),
        *("<div>", "<p><b>", "<table><tr><td>", "<script>", "&amp;", "<x y=", "<title>a</title>"),
    ],
)
def test_a_mebibyte_of_anything_takes_no_time(piece: str) -> None:
    began = time.process_time()

    head = read_head((piece * (1024 * 1024 // len(piece))).encode(), "utf-8")

    assert time.process_time() - began < 1
    assert len(head.title) < 100_000


def test_nothing_that_a_page_names_is_read() -> None:
    page = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><title>&e;</title>'

    assert "root" not in read_head(page, None).title
