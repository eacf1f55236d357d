"""Links in texts, and what pages say of themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.page_facts import (
    MAX_DESCRIPTION_CHARS,
    MAX_TITLE_CHARS,
    PageHead,
    clean,
    facts_of,
    facts_of_picture,
    links_in,
)


@pytest.mark.parametrize(
    ("body", "links"),
    [
        ("no link", ()),
        ("see https://a.example/x.", ("https://a.example/x",)),
        ("(https://a.example/x_(y))!", ("https://a.example/x_(y)",)),
        ("HTTP://A.example, and www.b.example?", ("HTTP://A.example", "https://www.b.example")),
        ("https://a.example https://a.example", ("https://a.example",)),
        ("https://1.example https://2.example https://3.example https://4.example", None),
        ("`https://a.example`", ()),
        ("```\nhttps://a.example\n```", ()),
        ("<https://a.example>", ("https://a.example",)),
        ("ana@www.example, xhttps://a.example", ()),
        ("ftp://a.example javascript://a", ()),
        ("**https://a.example/b**", ("https://a.example/b",)),
        ("https://a.example/" + "x" * 3000, ()),
    ],
)
def test_links_are_found_as_one_opens_them(body: str, links: tuple[str, ...] | None) -> None:
    found = links_in(body)

    assert found == links if links is not None else len(found) == 3


@given(st.text(max_size=300))
def test_a_text_has_no_more_than_three_links(text: str) -> None:
    found = links_in(f"https://{text} www.{text} {text}")

    assert len(found) <= 3
    assert all(link.lower().startswith(("http://", "https://")) for link in found)


def test_open_graph_counts_before_the_title() -> None:
    marks = {
        "og:title": "  The\n Café ",
        "twitter:title": "Other",
        "description": "Open",
        "og:site_name": "Guide",
        "og:image": "/me.png",
    }

    facts = facts_of(PageHead(title="Untitled", marks=marks))

    assert facts is not None
    assert (facts.title, facts.description, facts.site) == ("The Café", "Open", "Guide")
    assert facts.picture == "/me.png"


def test_a_page_that_says_nothing_has_no_facts() -> None:
    assert facts_of(PageHead(title=" \u202e\x00 ", marks={"description": "x"})) is None
    only_title = facts_of(PageHead(title="Hi", marks={"og:title": "", "og:image": " "}))
    assert only_title is not None
    assert (only_title.title, only_title.description, only_title.picture) == ("Hi", None, None)


def test_long_texts_are_cut() -> None:
    facts = facts_of(PageHead(title="", marks={"og:title": "a" * 999, "description": "b " * 999}))

    assert facts is not None
    assert len(facts.title) == MAX_TITLE_CHARS
    assert facts.title.endswith("…")
    assert len(facts.description or "") <= MAX_DESCRIPTION_CHARS


@given(st.text(max_size=500), st.integers(1, 50))
def test_what_somebody_else_says_cannot_disturb(text: str, max_chars: int) -> None:
    cleaned = clean(text, max_chars)

    assert len(cleaned) <= max_chars
    cleaned.encode()
    assert not set(cleaned) & set("\x00\n\u202e\u2067\u200f")


def test_a_picture_is_called_by_its_name() -> None:
    assert facts_of_picture("me here.png").title == "me here.png"
