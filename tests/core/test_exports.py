"""A copy of one's own data: asked for, made, kept for a week, and gone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Forbidden, NotFound, RateLimited
from tertulia.core.exports import KEPT
from tertulia.core.ids import new_id
from tertulia.core.model import Actor
from tests.core.desk import Watched, open_desk, said_in

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.desk import Desk
    from tests.core.town import Town


class Interrupted(BaseException):
    """The process ends here."""


async def interrupt() -> None:
    raise Interrupted


async def break_down() -> None:
    raise OSError("No space left on device")


async def test_a_copy_that_was_asked_for_waits_and_then_is_ready_for_a_week(desk: Desk) -> None:
    ana, *_ = desk.town.actors
    assert await desk.exports.latest(ana) is None
    export = await desk.exports.ask(ana)
    assert (export.status, export.done, export.total, export.size) == ("waiting", 0, 0, 0)
    assert await desk.exports.latest(ana) == export
    desk.clock.advance(timedelta(minutes=1))
    await desk.exports.make_waiting()
    ready = await desk.exports.latest(ana)
    assert ready is not None
    assert (ready.id, ready.status) == (export.id, "ready")
    assert ready.size > 0
    assert ready.expires_at == desk.clock() + KEPT
    assert await desk.files(ana, export.id)


async def test_a_copy_under_way_is_answered_again(desk: Desk) -> None:
    ana, bea, *_ = desk.town.actors
    asked = await asyncio.gather(*(desk.exports.ask(ana) for _ in range(5)))
    assert len({export.id for export in asked}) == 1
    assert (await desk.exports.ask(bea)).id != asked[0].id
    await desk.exports.make_waiting()


async def test_nodes_at_once_make_a_copy_once(desk: Desk) -> None:
    ana, *_ = desk.town.actors
    await desk.exports.ask(ana)
    meanwhile: list[int] = []

    async def look() -> None:
        meanwhile.append(await desk.exports.make_waiting())

    assert await desk.with_archives(Watched(desk.archives, kept=look)).make_waiting() == 1
    assert meanwhile == [0]
    assert desk.blobs_kept() == 1


async def test_a_new_copy_takes_the_place_of_the_one_before(desk: Desk) -> None:
    ana, *_ = desk.town.actors
    first = await desk.exports.ask(ana)
    await desk.exports.make_waiting()
    second = await desk.exports.ask(ana)
    assert second.id != first.id
    with pytest.raises(NotFound):
        await desk.exports.fetch(ana, first.id)
    await desk.exports.drop_expired()
    await desk.exports.make_waiting()
    assert await desk.files(ana, second.id)
    assert desk.blobs_kept() == 1


async def test_how_far_it_is_can_be_seen(desk: Desk) -> None:
    ana, bea, caro, dani = desk.town.actors
    for other in (bea, caro, dani):
        await desk.town.private(ana, other)
    seen: list[tuple[str, int, int]] = []

    async def look() -> None:
        export = await desk.exports.latest(ana)
        assert export is not None
        seen.append((export.status, export.done, export.total))

    exports = desk.with_archives(Watched(desk.archives, before=look, kept=look))
    await exports.ask(ana)
    await exports.make_waiting()
    assert seen == [("running", done, 3) for done in range(4)]


async def test_a_copy_that_a_restart_broke_off_is_begun_again(desk: Desk) -> None:
    ana, bea, *_ = desk.town.actors
    private = await desk.town.private(ana, bea)
    await desk.town.core.messages.send(bea, private, "Still here")
    export = await desk.exports.ask(ana)
    for breaking in ({"before": interrupt}, {"kept": interrupt}):
        with pytest.raises(Interrupted):
            await desk.with_archives(Watched(desk.archives, **breaking)).make_waiting()
        under_way = await desk.exports.ask(ana)
        assert (under_way.id, under_way.status) == (export.id, "running")
        with pytest.raises(NotFound):
            await desk.exports.fetch(ana, export.id)
    # What was written before the second breakdown is found again by its key.
    assert desk.blobs_kept() == 1
    await desk.with_archives(desk.archives).make_waiting()
    assert said_in(await desk.files(ana, export.id), private) == ["Still here"]
    assert desk.blobs_kept() == 1


async def test_a_copy_that_fails_says_so_and_can_be_asked_for_again(desk: Desk) -> None:
    ana, bea, caro, _ = desk.town.actors
    await desk.town.private(ana, bea)
    failing = desk.with_archives(Watched(desk.archives, before=break_down))
    export, other = await failing.ask(ana), await failing.ask(caro)
    await failing.make_waiting()
    failed = await desk.exports.latest(ana)
    assert failed is not None
    assert (failed.id, failed.status) == (export.id, "failed")
    with pytest.raises(NotFound):
        await desk.exports.fetch(ana, export.id)
    # The next one in the row is made all the same.
    assert await desk.files(caro, other.id)
    assert await desk.copy(ana)


async def test_after_a_week_nothing_is_left(desk: Desk) -> None:
    ana, *_ = desk.town.actors
    export = await desk.exports.ask(ana)
    await desk.exports.make_waiting()
    desk.clock.advance(KEPT - timedelta(seconds=1))
    await desk.exports.drop_expired()
    assert await desk.files(ana, export.id)
    desk.clock.advance(timedelta(seconds=1))
    assert await desk.exports.latest(ana) is None
    with pytest.raises(NotFound):
        await desk.exports.fetch(ana, export.id)
    await desk.exports.drop_expired()
    assert await desk.stored(ana) is None
    assert desk.blobs_kept() == 0


@pytest.mark.parametrize("is_made", [True, False])
async def test_a_copy_goes_with_its_account(desk: Desk, is_made: bool) -> None:
    ana, *_ = desk.town.actors
    await desk.exports.ask(ana)
    if is_made:
        await desk.exports.make_waiting()
        assert desk.blobs_kept() == 1
    await desk.shut(ana, is_deleted=True)
    if not is_made:
        await desk.exports.make_waiting()
    await desk.exports.drop_expired()
    assert await desk.stored(ana) is None
    assert desk.blobs_kept() == 0


async def test_a_copy_whose_owner_goes_while_it_is_made_is_not_kept(desk: Desk) -> None:
    ana, bea, *_ = desk.town.actors
    await desk.town.private(ana, bea)
    other_node = desk.with_archives(desk.archives)

    async def go() -> None:
        await desk.shut(ana, is_deleted=True)
        assert await other_node.drop_expired() == 1

    exports = desk.with_archives(Watched(desk.archives, before=go))
    await exports.ask(ana)
    await exports.make_waiting()
    assert await desk.stored(ana) is None
    assert desk.blobs_kept() == 0


async def test_a_copy_that_is_written_just_while_it_is_dropped_is_not_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, *_ = desk.town.actors
    await desk.exports.ask(ana)
    with pytest.raises(Interrupted):
        await desk.with_archives(Watched(desk.archives, kept=interrupt)).make_waiting()
    await desk.shut(ana, is_deleted=True)
    drop = desk.blobs.drop
    written = [b"By another node"]

    async def drop_and_write(key: str) -> None:
        await drop(key)
        if written:
            await desk.blobs.put(key, written.pop())

    monkeypatch.setattr(desk.blobs, "drop", drop_and_write)
    assert await desk.exports.drop_expired() == 1
    assert await desk.stored(ana) is None
    assert desk.blobs_kept() == 0


async def test_nobody_fetches_anothers_copy(desk: Desk) -> None:
    ana, bea, *_ = desk.town.actors
    export = await desk.exports.ask(ana)
    await desk.exports.make_waiting()
    for export_id in (export.id, new_id()):
        with pytest.raises(NotFound):
            await desk.exports.fetch(bea, export_id)


async def test_a_disabled_account_gets_no_copy(desk: Desk) -> None:
    ana, *_ = desk.town.actors
    await desk.shut(ana, is_deleted=False)
    with pytest.raises(Forbidden):
        await desk.exports.ask(ana)


async def test_asking_all_day_is_too_often(town: Town, tmp_path: Path) -> None:
    ana, bea, *_ = town.actors
    async with open_desk(town, tmp_path / "blobs", limits_scale=1) as desk:
        for _ in range(5):
            await desk.exports.ask(ana)
            await desk.exports.ask(ana)
            await desk.exports.make_waiting()
        with pytest.raises(RateLimited):
            await desk.exports.ask(ana)
        assert await desk.copy(bea)


async def test_copies_are_made_in_the_background_as_soon_as_they_are_asked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bea, *_ = desk.town.actors
    running = asyncio.create_task(desk.exports.run())
    try:
        for actor in (ana, bea):
            await asyncio.sleep(0.05)
            await desk.exports.ask(actor)
            await _until_ready(desk, actor)
        # A mishap is survived.
        broken = monkeypatch.context()
        with broken as patch:
            patch.setattr(desk.exports, "drop_expired", break_down)
            await desk.exports.ask(ana)
            await asyncio.sleep(0.2)
        monkeypatch.setattr("tertulia.core.exports.POLL_S", 0.05)
        await desk.exports.ask(bea)
        for actor in (ana, bea):
            await _until_ready(desk, actor)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _until_ready(desk: Desk, actor: Actor) -> None:
    async with asyncio.timeout(20):
        while True:
            export = await desk.exports.latest(actor)
            if export is not None and export.status == "ready":
                return
            await asyncio.sleep(0.02)
