"""Letters as files: what would have been sent, for its owner's eyes alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.adapters import outbox_folder
from tertulia.adapters.letter_texts import LetterTexts
from tertulia.adapters.outbox_folder import OutboxFolder
from tertulia.adapters.outbox_reader import OutboxReader
from tertulia.core.ids import new_id
from tertulia.core.letters import Letter, LetterKind

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

MAIL = Letter(
    channel="mail",
    kind=LetterKind.RESET_PASSWORD,
    to="ana@example.org",
    words={"name": "Ana"},
    path="/reset-password#token",
)
TEXT = Letter(
    channel="sms", kind=LetterKind.PHONE_CODE, to="+34600123456", words={"code": "042042"}
)


def outbox(folder: Path) -> OutboxFolder:
    return OutboxFolder(folder, LetterTexts("http://127.0.0.1:8000"), "tertulia@localhost")


def names_in(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.iterdir())


async def test_what_is_written_is_read_again_the_newest_first(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    assert await OutboxReader(folder).latest(10) == []
    await outbox(folder).deliver(MAIL, str(new_id()))
    await outbox(folder).deliver(TEXT, str(new_id()))
    text, mail = await OutboxReader(folder).latest(10)
    assert (text.to, text.subject) == ("+34600123456", None)
    assert text.text.startswith("042042 is your code")
    assert (mail.to, mail.subject) == ("ana@example.org", "Choose a new password")
    assert "http://127.0.0.1:8000/reset-password#token" in mail.text
    assert await OutboxReader(folder).latest(1) == [text]


async def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    await outbox(folder).deliver(MAIL, str(new_id()))
    (path,) = folder.iterdir()
    assert path.suffix == ".eml"
    assert (folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)


async def test_the_same_letter_again_is_one_file(tmp_path: Path) -> None:
    letter_id = str(new_id())
    for _ in range(2):
        await outbox(tmp_path).deliver(MAIL, letter_id)
    assert names_in(tmp_path) == [letter_id]


async def test_the_oldest_ones_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_folder, "MAX_LETTERS", 2)
    ids = [str(new_id()) for _ in range(3)]
    for letter_id in ids:
        await outbox(tmp_path).deliver(TEXT, letter_id)
    assert names_in(tmp_path) == ids[1:]


async def test_a_mail_is_as_it_goes_over_the_wire(tmp_path: Path) -> None:
    letter_id = str(new_id())
    await outbox(tmp_path).deliver(MAIL, letter_id)
    lines = (tmp_path / f"{letter_id}.eml").read_bytes().split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert b"To: ana@example.org" in lines


async def test_what_is_half_written_is_neither_shown_nor_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_folder, "MAX_LETTERS", 1)
    letter_id = str(new_id())
    half = tmp_path / f"{letter_id}.eml.part"
    half.write_bytes(b"To: an")
    assert await OutboxReader(tmp_path).latest(10) == []
    await outbox(tmp_path).deliver(TEXT, str(new_id()))
    assert half.exists()
    # The letter that a crash cut off is delivered again under the same name.
    await outbox(tmp_path).deliver(MAIL, letter_id)
    assert not half.exists()
