"""Letters as files in a folder, for a server that has not been told how to send them."""

from __future__ import annotations

import asyncio
import email.policy
from pathlib import Path

from tertulia.adapters.letter_texts import LetterTexts
from tertulia.adapters.mail_form import mail_of
from tertulia.core.letters import Letter

MAX_LETTERS = 500
"""How many letters are kept: the oldest ones go first."""
_ENDINGS = (".eml", ".txt")
"""How the names of letters end: whatever else lies in the folder is no letter."""


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
            mail = mail_of(letter, letter_id, self._texts, self._sender)
            content = mail.as_bytes(policy=email.policy.SMTP)
        else:
            name = f"{letter_id}.txt"
            content = f"{letter.to}\n\n{self._texts.message(letter)}\n".encode()
        await asyncio.to_thread(self._write, name, content)

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Whoever reads the folder finds a letter whole or not at all.
        part = self._folder / f"{name}.part"
        part.touch(mode=0o600, exist_ok=True)
        part.write_bytes(content)
        part.replace(self._folder / name)
        kept = letters_in(self._folder)
        for old in kept[: max(0, len(kept) - MAX_LETTERS)]:
            old.unlink(missing_ok=True)


def letters_in(folder: Path) -> list[Path]:
    """Return the files of letters, the oldest first."""
    return sorted(path for path in folder.iterdir() if path.suffix in _ENDINGS)
