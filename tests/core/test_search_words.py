"""How texts are cut and compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.search_hits import match, snippet
from tertulia.core.search_lexemes import clauses, lexemes
from tertulia.core.search_query import parse
from tertulia.core.search_words import MAX_WORD_CHARS, composed, stem, units

SCRIPTS = (
    "aZé ñß_-'\"İſﬁ②Ⅷ ½中文字々かがガｶﾞー한글ㅋสวัำёйЙ"
    "\u0300\u0301\u3099אָבعَربـक्षिက။་\u200d😀\U00020000"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, World_2!", ["hello", "world", "2"]),
        ("CRÈME Brûlée", ["creme", "brulee"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("ﬁne ＷＩＤＥ", ["fine", "wide"]),
        ("ёлка йод", ["елка", "йод"]),
        ("中文ok", ["中", "文", "ok"]),
        ("ｶﾞｽ", ["ガ", "ス"]),
        ("か\u3099", ["が"]),
        ("น้ำ", ["น", "้", "ํ", "า"]),
        ("हिन्दी", ["हिन्दी"]),
        ("مُحَمَّد", ["محمد"]),
        ("😀 ?", []),
    ],
)
def test_texts_are_cut_into_words_or_characters(text: str, expected: list[str]) -> None:
    assert [unit.text for unit in units(composed(text))] == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [("running", "runs"), ("films", "film"), ("книги", "книга"), ("φίλος", "φίλοι")],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    (first,), (second,) = units(one), units(other)
    assert stem(first.text) == stem(second.text)


def test_endless_words_are_told_apart_beyond_what_is_kept_of_them() -> None:
    one, other = "x" * 5000, "x" * 4999 + "y"
    assert stem(one) != stem(other)
    assert len(stem(one)) <= MAX_WORD_CHARS + 8


@given(text=st.text(max_size=80) | st.text(SCRIPTS, max_size=40))
def test_units_stand_in_order_where_they_say(text: str) -> None:
    said = composed(text)
    cut = units(said)

    assert all(0 <= unit.start < unit.end <= len(said) for unit in cut)
    assert [unit.start for unit in cut] == sorted(unit.start for unit in cut)
    assert all(unit.text and not unit.text.isspace() for unit in cut)
    assert [unit.text for unit in units(composed(said.upper().lower()))] == [
        unit.text for unit in units(composed(said.lower()))
    ] or not said.isascii()


@given(text=st.text(max_size=80) | st.text(SCRIPTS, max_size=40))
def test_lexemes_are_words_for_both_databases(text: str) -> None:
    for lexeme in lexemes(composed(text)):
        # What FTS5's tokenizer `ascii` takes for one token and leaves as it is.
        assert all(ord(char) > 127 or char.isalnum() for char in lexeme), lexeme
        assert lexeme == "".join(char.lower() if char.isascii() else char for char in lexeme)
        assert len(lexeme.encode()) < 2046


@given(text=st.text(max_size=60) | st.text(SCRIPTS, max_size=40), data=st.data())
def test_any_stretch_of_words_is_found_by_index_and_by_eye(text: str, data: st.DataObject) -> None:
    said = composed(text)
    cut = units(said)
    if not cut:
        return
    first = data.draw(st.integers(0, len(cut) - 1))
    last = data.draw(st.integers(first, len(cut) - 1))
    stretch = said[cut[first].start : cut[last].end]
    for query in (parse(stretch.replace('"', " ")), parse(f'"{stretch.replace(chr(34), " ")}"')):
        if query.has_operators or not query.terms:
            continue
        matched = match(query.terms, said)
        # A voiced character cut from its mark is another one.
        if unicodedata.is_normalized("NFKC", stretch):
            assert matched is not None
        if matched is not None and matched.is_whole:
            there = lexemes(said)
            for clause in clauses(query.terms, with_parts=False):
                assert any(set(group) <= there for group in clause)


@given(text=st.text("ab sunday", max_size=400), word=st.sampled_from(["sun", "ab", "day"]))
def test_a_snippet_is_a_piece_of_the_text_with_its_first_hit(text: str, word: str) -> None:
    matched = match(parse(word).terms, text)
    if matched is None:
        return
    pieces = snippet(text, matched.spans)
    shown = "".join(piece.text for piece in pieces if piece.text != "…")

    assert shown in text
    assert len(shown) <= 200
    assert any(piece.is_hit for piece in pieces)
    assert all(word in piece.text for piece in pieces if piece.is_hit)
