"""Pictures and copies of one's data, over a folder of the test's own and a clock that it moves."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from PIL import Image

from tertulia.adapters.archives_zip import ZipArchives
from tertulia.adapters.blobs_folder import BlobsFolder
from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.adapters.pictures import SquarePictures
from tertulia.core.avatars import Avatars
from tertulia.core.exports import Exports
from tests.core.door import Clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path
    from uuid import UUID

    from tertulia.core.export_contents import Archive, Archives
    from tertulia.core.model import Actor, Export
    from tests.core.town import Town


@dataclass
class Desk:
    """Where people hand in pictures and ask for copies."""

    town: Town
    clock: Clock
    folder: Path
    blobs: BlobsFolder
    archives: ZipArchives
    doors: LimitsInMemory
    avatars: Avatars
    exports: Exports

    def with_archives(self, archives: Archives) -> Exports:
        """Return copies that are written another way, as after a restart of the server."""
        return Exports(
            self.town.storage,
            self.blobs,
            archives,
            self.avatars,
            LimitsInMemory(scale=1000),
            self.clock,
        )

    async def copy(self, actor: Actor) -> dict[str, bytes]:
        """Ask for a copy, have it made, and return its files by their names."""
        export = await self.exports.ask(actor)
        await self.exports.make_waiting()
        return await self.files(actor, export.id)

    async def files(self, actor: Actor, export_id: UUID) -> dict[str, bytes]:
        """Return the files of a copy that is ready."""
        export, chunks = await self.exports.fetch(actor, export_id)
        data = b"".join([chunk async for chunk in chunks])
        assert len(data) == export.size
        with ZipFile(BytesIO(data)) as found:
            assert found.testzip() is None
            assert len(set(found.namelist())) == len(found.namelist())
            return {name: found.read(name) for name in found.namelist()}

    async def shut(self, actor: Actor, *, is_deleted: bool) -> None:
        """Have an account be deleted, or else disabled, at this moment."""
        async with self.town.storage.begin() as work:
            account = await work.accounts.locked(actor.account_id)
            now = self.clock()
            shut = (
                replace(account, deleted_at=now)
                if is_deleted
                else replace(account, disabled_at=now)
            )
            await work.accounts.update(shut)

    async def stored(self, actor: Actor) -> Export | None:
        """Return somebody's latest copy as it is stored."""
        async with self.town.storage.read() as work:
            return await work.exports.latest(actor.account_id)

    def blobs_kept(self) -> int:
        """Return how many pieces there are."""
        return sum(path.is_file() for path in self.folder.rglob("*"))


@asynccontextmanager
async def open_desk(town: Town, folder: Path, *, limits_scale: int = 1000) -> AsyncIterator[Desk]:
    """Put pictures and copies over a town's database."""
    clock = Clock()
    blobs = BlobsFolder(folder)
    archives = ZipArchives(blobs, folder.parent, clock)
    pictures = SquarePictures()
    doors = LimitsInMemory(scale=limits_scale)
    avatars = Avatars(town.storage, blobs, pictures, doors, clock)
    exports = Exports(town.storage, blobs, archives, avatars, doors, clock)
    yield Desk(town, clock, folder, blobs, archives, doors, avatars, exports)
    pictures.close()
    archives.close()


def a_picture(colour: tuple[int, int, int] = (200, 30, 30)) -> bytes:
    """Return a file with a picture."""
    out = BytesIO()
    Image.new("RGB", (300, 200), colour).save(out, "PNG")
    return out.getvalue()


def lines(content: bytes) -> list[dict[str, Any]]:
    """Return the JSON objects of a file that has one on each line."""
    return [json.loads(line) for line in content.splitlines()]


def folder_of(files: dict[str, bytes], conversation_id: UUID) -> str:
    """Return the folder of a conversation, or "" where it is not there."""
    for name, content in files.items():
        if name.endswith("/conversation.json") and json.loads(content)["id"] == str(
            conversation_id
        ):
            return name.removesuffix("/conversation.json")
    return ""


def said_in(files: dict[str, bytes], conversation_id: UUID) -> list[str]:
    """Return what was said in a conversation, as the copy has it."""
    content = files[folder_of(files, conversation_id) + "/messages.jsonl"]
    return [line["body"] for line in lines(content)]


class Watched:
    """Archives that call somebody before each conversation's messages, and after the end."""

    def __init__(
        self,
        archives: Archives,
        *,
        before: Callable[[], Awaitable[object]] | None = None,
        kept: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._archives = archives
        self._before = before
        self._kept = kept

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Watched]:
        async with self._archives.begin() as archive:
            self._archive: Archive = archive
            yield self

    async def add(self, name: str, content: bytes) -> None:
        await self._archive.add(name, content)

    async def add_chunks(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        if self._before:
            await self._before()
        await self._archive.add_chunks(name, chunks)

    async def keep(self, key: str) -> int:
        size = await self._archive.keep(key)
        if self._kept:
            await self._kept()
        return size
