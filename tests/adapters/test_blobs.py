"""What every implementation of Blobs does."""

from __future__ import annotations

import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tertulia.adapters.blobs_folder import CHUNK_BYTES, BlobsFolder
from tertulia.core.blobs import Blobs, is_blob_key, new_blob_key
from tests.gateways.rest.conftest import brief

no_key = pytest.mark.parametrize(
    "key",
    [
        "",
        "..",
        "../../etc/passwd",
        "aa/../../../../../../../../etc/x",
        "/etc/passwd",
        "a" * 31,
        "a" * 33,
        "A" * 32,
        "a" * 31 + "\n",
        "a" * 31 + "\x00",
        "a" * 31 + "é",
        "1" * 32,
        "incoming",
    ],
    ids=brief,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where blobs may be; nothing is there yet."""
    return tmp_path / "var" / "blobs"


@pytest.fixture(params=["folder"])
def blobs(request: pytest.FixtureRequest, folder: Path) -> Blobs:
    """Return each implementation, empty."""
    made: dict[str, Blobs] = {"folder": BlobsFolder(folder)}
    return made[request.param]


async def in_parts(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def all_of(chunks: AsyncIterator[bytes] | None) -> list[bytes]:
    assert chunks is not None
    return [chunk async for chunk in chunks]


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("data", [b"", b"x", b"\x00\xff" * 500_000], ids=brief)
async def test_what_was_put_is_there(blobs: Blobs, data: bytes) -> None:
    key = new_blob_key()
    await blobs.put(key, data)
    assert await blobs.get(key) == data
    assert b"".join(await all_of(await blobs.chunks(key))) == data


async def test_each_piece_has_its_own_key(blobs: Blobs) -> None:
    one, other = new_blob_key(), new_blob_key()
    assert one != other
    await blobs.put(one, b"one")
    await blobs.put(other, b"other")
    assert (await blobs.get(one), await blobs.get(other)) == (b"one", b"other")


async def test_a_piece_comes_in_parts_and_its_length_is_told(blobs: Blobs) -> None:
    key = new_blob_key()
    assert await blobs.put_chunks(key, in_parts(b"ab", b"", b"c" * CHUNK_BYTES)) == CHUNK_BYTES + 2
    assert await blobs.get(key) == b"ab" + b"c" * CHUNK_BYTES


async def test_a_large_piece_is_read_in_parts(blobs: Blobs) -> None:
    key = new_blob_key()
    await blobs.put_chunks(key, in_parts(*(b"x" * CHUNK_BYTES for _ in range(3)), b"y"))
    chunks = await all_of(await blobs.chunks(key))
    assert max(map(len, chunks)) <= CHUNK_BYTES
    assert b"".join(chunks) == b"x" * (3 * CHUNK_BYTES) + b"y"


async def test_nothing_is_stored_of_a_piece_that_breaks_off(blobs: Blobs, folder: Path) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionError("gone")

    key = new_blob_key()
    with pytest.raises(ConnectionError):
        await blobs.put_chunks(key, breaking())
    assert await blobs.get(key) is None
    assert files_in(folder) == []


async def test_what_was_dropped_is_gone_and_dropping_it_again_does_nothing(blobs: Blobs) -> None:
    key = new_blob_key()
    await blobs.put(key, b"data")
    await blobs.drop(key)
    assert await blobs.get(key) is None
    assert await blobs.chunks(key) is None
    await blobs.drop(key)


async def test_what_is_being_read_can_be_dropped_meanwhile(blobs: Blobs) -> None:
    key = new_blob_key()
    await blobs.put(key, b"x" * (2 * CHUNK_BYTES))
    chunks = await blobs.chunks(key)
    assert chunks is not None
    first = await anext(chunks)
    await blobs.drop(key)
    assert len(first + b"".join(await all_of(chunks))) == 2 * CHUNK_BYTES


async def test_nothing_is_under_a_key_that_was_never_given(blobs: Blobs) -> None:
    key = new_blob_key()
    assert await blobs.get(key) is None
    assert await blobs.chunks(key) is None
    await blobs.drop(key)


@no_key
async def test_what_is_no_key_names_nothing(blobs: Blobs, folder: Path, key: str) -> None:
    await blobs.put(new_blob_key(), b"data")
    before = files_in(folder)
    assert not is_blob_key(key)
    assert await blobs.get(key) is None
    assert await blobs.chunks(key) is None
    await blobs.drop(key)
    with pytest.raises(ValueError, match="not the key"):
        await blobs.put(key, b"data")
    assert files_in(folder) == before


def test_keys_cannot_be_guessed_and_stand_in_addresses_as_they_are() -> None:
    keys = {new_blob_key() for _ in range(1000)}
    assert len(keys) == 1000
    assert all(is_blob_key(key) and key.isalnum() and key == key.lower() for key in keys)


async def test_files_are_for_their_owner_alone(folder: Path) -> None:
    await BlobsFolder(folder).put(new_blob_key(), b"data")
    (file,) = files_in(folder)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for inside in (folder, file.parent, folder / "incoming"):
        assert stat.S_IMODE(inside.stat().st_mode) == 0o700


async def test_what_a_killed_server_left_is_cleared_away_a_day_later(folder: Path) -> None:
    await BlobsFolder(folder).put(new_blob_key(), b"data")
    old, new = folder / "incoming" / "old", folder / "incoming" / "new"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    await BlobsFolder(folder).put(new_blob_key(), b"data")
    assert (old.exists(), new.exists()) == (False, True)
