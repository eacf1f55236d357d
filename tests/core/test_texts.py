"""What people may write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core import texts
from tertulia.core.errors import Invalid


def test_a_line_is_trimmed_and_its_spaces_are_single() -> None:
    assert texts.line("  Ana \t María\n", "display_name", 50) == "Ana María"


def test_a_line_cannot_turn_the_direction_of_what_is_around_it() -> None:
    assert texts.line("Ana\u202e \u2067fdp.exe\u2069", "display_name", 50) == "Ana fdp.exe"


UNSEEN = ["\u200b", "\u202e\u200b", "\u2060 \u200d", "\u00ad", "\u3164", "\u2800 \uffa0", "\ufe0f"]


@pytest.mark.parametrize("text", UNSEEN)
def test_a_line_has_something_to_be_seen(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        texts.line(text, "display_name", 50)
    assert refused.value.code == "required"


@pytest.mark.parametrize("text", [*UNSEEN, "\u200b\n\t\u200b"])
def test_a_message_has_something_to_be_seen_unless_it_may_be_empty(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        texts.body(text, 50)
    assert (refused.value.code, refused.value.attr) == ("required", "content")
    assert texts.body(text, 50, may_be_empty=True) == ""


@pytest.mark.parametrize(
    ("text", "code"), [("", "required"), ("   ", "required"), ("x" * 51, "too_long")]
)
def test_a_line_has_bounds(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        texts.line(text, "display_name", 50)
    assert (refused.value.code, refused.value.attr) == (code, "display_name")


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "a\x1bb", "a\x7fb"])
def test_what_cannot_be_stored_or_shown_is_refused_everywhere(text: str) -> None:
    cleanings: list[Callable[[], str]] = [
        lambda: texts.line(text, "alias", 50),
        lambda: texts.paragraph(text, "description", 50),
        lambda: texts.body(text, 50),
        lambda: texts.client_ref(text),
        lambda: texts.search(text, "q"),
    ]
    for clean in cleanings:
        with pytest.raises(Invalid):
            clean()


def test_a_body_keeps_its_layout_but_not_its_empty_edges() -> None:
    assert texts.body("\r\n  one\r\n\ttwo  \n\n", 50) == "  one\n\ttwo"


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t \n"])
def test_an_empty_body_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        texts.body(text, 50)
    assert refused.value.code == "required"


@given(st.characters(categories=["Cc", "Cs"]).filter(lambda char: char not in "\t\n\r"))
def test_no_control_character_and_no_half_of_a_pair_gets_in(char: str) -> None:
    with pytest.raises(Invalid):
        texts.body(f"a{char}b", 50)
    assert texts.label(f"a{char}b", 50) == "ab"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20))
def test_everything_else_gets_in(text: str) -> None:
    assert texts.search(text, "q") == " ".join(text.split())
    assert texts.label(text, 50) == text


def test_a_program_is_named_by_what_of_its_name_can_be_kept() -> None:
    assert texts.label("Agent\x00/1.0 (long)", 10) == "Agent/1.0"


def test_a_search_has_a_bound_and_may_be_empty() -> None:
    assert texts.search("  ana \t maría ", "search") == "ana maría"
    assert texts.search(" ", "search") == ""
    with pytest.raises(Invalid) as refused:
        texts.search("x" * 201, "search")
    assert (refused.value.code, refused.value.attr) == ("too_long", "search")


def test_an_address_is_normalised_and_never_asked_for_over_the_network() -> None:
    assert texts.email("  Ana@EXAMPLE.org ") == "Ana@example.org"


@pytest.mark.parametrize("text", ["", "ana", "ana@", "@example.org", "a b@c.de", "a\x00@c.de"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        texts.email(text)
    assert (refused.value.code, refused.value.attr) == ("invalid", "email")


def test_an_address_has_a_bound() -> None:
    with pytest.raises(Invalid) as refused:
        texts.email(f"{'x' * 160}@example.org")
    assert (refused.value.code, refused.value.attr) == ("too_long", "email")


@pytest.mark.parametrize("text", ["a", ".ana", "ana maría", "ana-b", "x" * 33, "año"])
def test_a_username_is_short_and_plain(text: str) -> None:
    with pytest.raises(Invalid):
        texts.username(text)


@pytest.mark.parametrize(
    ("alias", "name"),
    [("Sunday Matinée", "sunday-matinee"), ("  ¡Jazz!  ", "jazz"), ("映画", "")],
)
def test_a_short_name_is_derived_from_what_is_latin(alias: str, name: str) -> None:
    assert texts.room_name_from(alias) == name


@given(st.text())
def test_any_text_is_cleaned_or_refused_and_cleaning_twice_changes_nothing(text: str) -> None:
    cleanings: list[Callable[[str], str]] = [
        lambda value: texts.body(value, 4096),
        lambda value: texts.line(value, "alias", 100),
    ]
    for clean in cleanings:
        try:
            once = clean(text)
        except Invalid:
            continue
        assert clean(once) == once
        assert once.encode()
