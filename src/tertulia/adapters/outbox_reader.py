"""What lies in the folder of letters, for the page that shows it."""

from __future__ import annotations

import asyncio
import email
import email.policy
from datetime import UTC, datetime
from pathlib import Path

from tertulia.adapters.outbox_folder import letters_in
from tertulia.core.letters import WrittenLetter


class OutboxReader:
    """Reads the letters that an OutboxFolder has written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def latest(self, limit: int) -> list[WrittenLetter]:
        """Return the latest letters, the newest first."""
        return await asyncio.to_thread(self._read, limit)

    def _read(self, limit: int) -> list[WrittenLetter]:
        if not self._folder.is_dir():
            return []
        paths = letters_in(self._folder)[::-1][:limit]
        return [_mail(path) if path.suffix == ".eml" else _message(path) for path in paths]


def _mail(path: Path) -> WrittenLetter:
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = mail.get_body(("plain",))
    text = "" if body is None else str(body.get_content())
    return WrittenLetter(
        to=str(mail["To"]), subject=str(mail["Subject"]), text=text.strip(), at=_written_at(path)
    )


def _message(path: Path) -> WrittenLetter:
    number, _, text = path.read_text(encoding="utf-8").partition("\n\n")
    return WrittenLetter(to=number, subject=None, text=text.strip(), at=_written_at(path))


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
