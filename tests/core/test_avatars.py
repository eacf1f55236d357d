"""People show themselves by pictures, and everyone is told."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tertulia.core.avatars import SIZES
from tertulia.core.blobs import new_blob_key
from tertulia.core.errors import (
    Forbidden,
    Invalid,
    NotAuthenticated,
    NotFound,
    RateLimited,
    Refusal,
)
from tertulia.core.events import AccountChanged, PersonChanged
from tests.core.desk import a_picture, open_desk

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.desk import Desk
    from tests.core.town import Town


async def test_a_picture_is_shown_in_each_size(desk: Desk) -> None:
    ana, *_ = desk.town.actors
    account = await desk.avatars.change(ana, a_picture())
    assert account.avatar is not None
    assert await desk.town.account(ana) == account
    for size in SIZES:
        data = await desk.avatars.picture(account.avatar, size)
        with Image.open(BytesIO(data)) as shown:
            assert (shown.format, shown.size) == ("WEBP", (size, size))


async def test_everyone_is_told_of_a_new_picture_and_of_none(desk: Desk) -> None:
    ana, *_ = desk.town.actors
    account = await desk.avatars.change(ana, a_picture())
    told, person = desk.town.heard()
    assert told == AccountChanged(account=account)
    assert person == PersonChanged(person=replace(account, email=None, phone=None))
    bare = await desk.avatars.remove(ana)
    assert bare.avatar is None
    told, person = desk.town.heard()
    assert isinstance(told, AccountChanged)
    assert isinstance(person, PersonChanged)
    await desk.avatars.remove(ana)
    assert desk.town.heard() == []


async def test_an_earlier_picture_is_gone(desk: Desk) -> None:
    ana, *_ = desk.town.actors
    first = (await desk.avatars.change(ana, a_picture())).avatar
    second = (await desk.avatars.change(ana, a_picture((0, 0, 200)))).avatar
    assert first is not None
    assert second is not None
    assert first != second
    with pytest.raises(NotFound):
        await desk.avatars.picture(first, 96)
    assert await desk.avatars.picture(second, 96)
    assert desk.blobs_kept() == 1
    await desk.avatars.remove(ana)
    with pytest.raises(NotFound):
        await desk.avatars.picture(second, 96)
    assert desk.blobs_kept() == 0


async def test_what_is_no_picture_changes_nothing(desk: Desk) -> None:
    ana, *_ = desk.town.actors
    account = await desk.avatars.change(ana, a_picture())
    desk.town.heard()
    with desk.town.refuses(Invalid, "invalid_image", "file"):
        await desk.avatars.change(ana, b"<svg/>")
    assert await desk.town.account(ana) == account
    assert desk.blobs_kept() == 1


@pytest.mark.parametrize("size", [0, -1, 95, 97, 512, 10**30])
async def test_there_is_no_other_size(desk: Desk, size: int) -> None:
    ana, *_ = desk.town.actors
    account = await desk.avatars.change(ana, a_picture())
    assert account.avatar is not None
    with pytest.raises(NotFound):
        await desk.avatars.picture(account.avatar, size)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x80", b"\x81\x60\xc4\x01x", b"\xc1"])
async def test_what_is_no_picture_is_not_shown_by_its_key(desk: Desk, data: bytes) -> None:
    key = new_blob_key()
    await desk.blobs.put(key, data)
    with pytest.raises(NotFound):
        await desk.avatars.picture(key, 256)
    with pytest.raises(NotFound):
        await desk.avatars.picture("../" + key, 256)


@pytest.mark.parametrize(("is_deleted", "refusal"), [(True, NotAuthenticated), (False, Forbidden)])
async def test_an_account_that_was_shut_meanwhile_gets_no_picture(
    desk: Desk, is_deleted: bool, refusal: type[Refusal]
) -> None:
    ana, *_ = desk.town.actors
    await desk.shut(ana, is_deleted=is_deleted)
    with pytest.raises(refusal):
        await desk.avatars.change(ana, a_picture())
    assert (await desk.town.account(ana)).avatar is None
    assert desk.blobs_kept() == 0


async def test_somebody_who_changes_it_all_the_time_is_slowed_down(
    town: Town, tmp_path: Path
) -> None:
    ana, bea, *_ = town.actors
    async with open_desk(town, tmp_path / "blobs", limits_scale=1) as desk:
        for _ in range(30):
            with pytest.raises(Invalid):
                await desk.avatars.change(ana, b"")
        with pytest.raises(RateLimited):
            await desk.avatars.change(ana, a_picture())
        assert (await desk.avatars.change(bea, a_picture())).avatar
