"""Letters as files in a folder, for a server that has not been told how to send them."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tertulia.adapters.letter_texts import LetterTexts
from tertulia.adapters.mail_form import mail_of
from tertulia.core.letters import Letter

MAX_LETTERS = 500
"""How many letters are kept: the oldest ones go first."""


class OutboxFolder:
    """A Courier that leaves each letter in a file of its own, for its owner's eyes alone.

    A mail becomes an `.eml` file as mail programs read them, a text message a `.txt` file whose
    first line is the number. Names begin with the letter's id, and so sort by time.
    """

    def __init__(self, folder: Path, texts: LetterTexts, sender: str) -> None:
        self._folder = folder
        self._texts = texts
        self._sender = sender

    async def deliver(self, letter: Letter, letter_id: str) -> None:
        """Write a letter down; the same letter again replaces itself."""
        if letter.channel == "mail":
            name = f"{letter_id}.eml"
            content = mail_of(letter, letter_id, self._texts, self._sender).as_bytes()
        else:
            name = f"{letter_id}.txt"
            content = f"{letter.to}\n\n{self._texts.message(letter)}\n".encode()
        await asyncio.to_thread(self._write, name, content)

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / name
        path.touch(mode=0o600, exist_ok=True)
        path.write_bytes(content)
        kept = sorted(self._folder.iterdir())
        for old in kept[: max(0, len(kept) - MAX_LETTERS)]:
            old.unlink(missing_ok=True)
