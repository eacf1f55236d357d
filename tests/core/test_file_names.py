"""Whatever people call things, a file may have the name that is made of it."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.file_names import MAX_BYTES, MAX_CHARS, safe_name

DEVICES = ["CON", "prn", "Aux", "NUL", "com1", "LPT9", "COM¹", "CONIN$"]
anything = st.text() | st.from_regex(r'[./\\:*?"<>| \x00-\x1f\u202e]{0,80}')


@given(anything | st.sampled_from(DEVICES).flatmap(lambda name: st.just(name + ".txt")))
def test_a_name_is_good_on_every_system(text: str) -> None:
    name = safe_name(text, "group")
    assert 1 <= len(name) <= MAX_CHARS + 1
    assert len(name.encode()) <= MAX_BYTES + 1
    assert not re.search(r'[<>:"/\\|?*]', name)
    assert name == name.strip(" .")
    assert {unicodedata.category(char) for char in name}.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})
    assert PureWindowsPath(name).name == name
    assert not PureWindowsPath(name).is_reserved()


@given(anything)
def test_a_good_name_stays_as_it_is(text: str) -> None:
    once = safe_name(text, "group")
    assert safe_name(once, "group") == once


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Peña de los viernes", "Peña de los viernes"),
        ("日本語 🎉", "日本語 🎉"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a/b\\c:d", "a_b_c_d"),
        ("C:\\Windows", "C__Windows"),
        ("trailing. . .", "trailing"),
        ("...", "group"),
        ("", "group"),
        ("\u202egnp.exe", "_gnp.exe"),
        ("a\nb\x00c", "a_b_c"),
        ("\ud800", "_"),
        ("con", "_con"),
        ("Lpt1.txt", "_Lpt1.txt"),
        ("console", "console"),
        ("e\u0301", "é"),
        ("x" * 500, "x" * MAX_CHARS),
    ],
    ids=ascii,
)
def test_a_name_stays_as_near_as_can_be(text: str, name: str) -> None:
    assert safe_name(text, "group") == name


def test_a_name_is_cut_between_characters() -> None:
    assert safe_name("語" * 60, "group") == "語" * (MAX_BYTES // 3)
