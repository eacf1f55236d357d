"""Zip files come among the blobs when they are whole, and leave nothing when they are not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tertulia.adapters.archives_zip import ZipArchives
from tertulia.adapters.blobs_folder import BlobsFolder
from tertulia.core.blobs import new_blob_key


@pytest.fixture
def blobs(tmp_path: Path) -> BlobsFolder:
    """Return where archives are kept."""
    return BlobsFolder(tmp_path / "blobs")


@pytest.fixture
async def archives(tmp_path: Path, blobs: BlobsFolder) -> AsyncIterator[ZipArchives]:
    """Return what makes archives."""
    made = ZipArchives(blobs, tmp_path / "var", lambda: datetime(2026, 5, 1, 12, tzinfo=UTC))
    yield made
    made.close()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def in_parts(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_what_was_put_in_comes_out(archives: ZipArchives, blobs: BlobsFolder) -> None:
    key = new_blob_key()
    async with archives.begin() as archive:
        await archive.add("README.txt", "¡Hola!".encode())
        await archive.add_chunks("conversations/1-Peña 🎉/messages.jsonl", in_parts(b"a\n", b"b\n"))
        await archive.add_chunks("empty.jsonl", in_parts())
        size = await archive.keep(key)
    data = await blobs.get(key)
    assert data is not None
    assert len(data) == size
    with ZipFile(BytesIO(data)) as found:
        assert found.testzip() is None
        assert {name: found.read(name) for name in found.namelist()} == {
            "README.txt": "¡Hola!".encode(),
            "conversations/1-Peña 🎉/messages.jsonl": b"a\nb\n",
            "empty.jsonl": b"",
        }
        assert {entry.date_time for entry in found.infolist()} == {(2026, 5, 1, 12, 0, 0)}
        assert {entry.compress_type for entry in found.infolist()} == {ZIP_DEFLATED}
        assert {entry.external_attr >> 16 for entry in found.infolist()} == {0o600}


async def test_an_archive_that_is_not_kept_leaves_nothing(
    archives: ZipArchives, tmp_path: Path
) -> None:
    async with archives.begin() as archive:
        await archive.add("a.txt", b"a" * 1_000_000)
    assert files_in(tmp_path) == []


async def test_an_archive_whose_making_is_cancelled_leaves_nothing(
    archives: ZipArchives, tmp_path: Path
) -> None:
    async def without_end() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1_000_000

    async def make() -> None:
        async with archives.begin() as archive:
            await archive.add_chunks("long.jsonl", without_end())

    making = asyncio.create_task(make())
    await asyncio.sleep(0.1)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    assert files_in(tmp_path) == []
