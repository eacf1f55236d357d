"""The vault: what is sealed under one key is read by any vault that has that key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.adapters.vault import FernetVault

OLD, NEW = "an old key of thirty-two characters", "and a new one that is as long as that"


@given(st.text(st.characters(codec="utf-8")))
def test_what_is_sealed_is_read_again(text: str) -> None:
    vault = FernetVault([OLD])
    assert vault.unseal(vault.seal(text)) == text


def test_it_tells_nothing_and_is_another_one_each_time() -> None:
    vault = FernetVault([OLD])
    sealed = {vault.seal("JBSWY3DPEHPK3PXP") for _ in range(3)}
    assert len(sealed) == 3
    assert not [text for text in sealed if "JBSWY3DPEHPK3PXP" in text]


def test_a_new_key_writes_while_the_old_one_still_reads() -> None:
    old, both, new = FernetVault([OLD]), FernetVault([NEW, OLD]), FernetVault([NEW])
    assert both.unseal(old.seal("kept")) == "kept"
    assert new.unseal(both.seal("kept")) == "kept"


@pytest.mark.parametrize("damage", ["", "nonsense", "é", "gAAAAA"])
def test_what_no_key_opens_is_refused(damage: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        FernetVault([OLD]).unseal(damage)


def test_another_key_and_a_changed_text_are_refused() -> None:
    sealed = FernetVault([OLD]).seal("kept")
    with pytest.raises(ValueError, match="no key"):
        FernetVault([NEW]).unseal(sealed)
    flipped = sealed[:-10] + ("A" if sealed[-10] != "A" else "B") + sealed[-9:]
    with pytest.raises(ValueError, match="no key"):
        FernetVault([OLD]).unseal(flipped)


def test_what_another_key_sealed_is_sealed_again_and_nothing_else_is() -> None:
    both, new = FernetVault([NEW, OLD]), FernetVault([NEW])
    renewed = both.reseal(FernetVault([OLD]).seal("kept"))
    assert renewed is not None
    assert new.unseal(renewed) == "kept"
    assert both.reseal(renewed) is None
    with pytest.raises(ValueError, match="no key"):
        both.reseal(FernetVault(["a key that is lost, of any length"]).seal("kept"))
