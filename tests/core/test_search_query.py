"""What somebody typed, taken apart."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.errors import Invalid
from tertulia.core.search_query import Phrase, Query, Word, narrow, parse


def said(query: Query) -> list[str]:
    """Return the terms of a query in words."""
    return [
        term.text if isinstance(term, Word) else "/".join(unit.text for unit in term.units)
        for term in query.terms
    ]


def test_words_phrases_and_operators_are_told_apart() -> None:
    query = parse(
        'Cinema  "good Evening!" FROM:ana in:"film club" has:image Has:link is:pinned is:starred '
        "after:2026-01-31 before:2026-02-01T10:00:00+02:00 世界 tonight"
    )

    assert said(query) == ["cinema", "good/evening", "世/界", "tonight"]
    assert query.text == "Cinema good Evening! 世界 tonight"
    assert (query.senders, query.places) == (("ana",), ("film club",))
    assert query.carried == ("image", "link")
    assert (query.is_pinned, query.is_starred) == (True, True)
    assert query.after == datetime(2026, 1, 31, tzinfo=UTC)
    assert query.before == datetime(2026, 2, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("before:tomorrow", ["before", "tomorrow"]),
        ("has:everything", ["has", "everything"]),
        ("is:it", ["is", "it"]),
        ("from: ana", ["ana"]),
        ("in:", []),
        ("https://example.org/a", ["https", "example", "org", "a"]),
        ('"open phrase', ["open/phrase"]),
        ("“curly quotes”", ["curly/quotes"]),
        ('say"what"now', ["say", "what", "now"]),
        ('""', []),
        ("#!?", []),
        ("iphone手机壳", ["iphone", "手/机/壳"]),
        ("手机,壳", ["手/机", "壳"]),
    ],
)
def test_what_makes_no_sense_as_an_operator_is_looked_for_as_it_stands(
    text: str, terms: list[str]
) -> None:
    query = parse(text)

    assert said(query) == terms
    assert not query.has_operators


def test_of_several_times_the_closest_count() -> None:
    query = parse("after:2026-01-01 after:2026-02-01 before:2026-04-01 before:2026-03-01")

    assert query.after == datetime(2026, 2, 1, tzinfo=UTC)
    assert query.before == datetime(2026, 3, 1, tzinfo=UTC)


def test_operators_may_stand_outside_of_the_text() -> None:
    assert narrow(parse("sun"), [("from", "ana lópez"), ("in", None), ("has", " ")]) == parse(
        'sun from:"ana lópez"'
    )
    for moment in ("0001-01-01T00:00:00+14:00", "2026-02-30", "x" * 40):
        with pytest.raises(Invalid) as refused:
            narrow(Query(), [("before", moment)])
        assert refused.value.attr == "before"


@given(text=st.text(max_size=200))
def test_any_text_is_taken_apart_into_terms_that_say_something(text: str) -> None:
    query = parse(text)

    assert all(term.units if isinstance(term, Phrase) else term.stem for term in query.terms)
    assert query.is_empty is (not query.terms and query == Query(text=query.text))


words = st.lists(st.from_regex("[a-z]{1,9}", fullmatch=True), max_size=5)


@given(loose=words, phrase=words, sender=st.from_regex("[a-z0-9_]{1,9}", fullmatch=True))
def test_what_is_put_together_is_taken_apart_again(
    loose: list[str], phrase: list[str], sender: str
) -> None:
    query = parse(f'{" ".join(loose)} from:{sender} "{" ".join(phrase)}"')

    assert said(query) == [*loose, *(["/".join(phrase)] if phrase else [])]
    assert query.senders == (sender,)
