"""Files on their way into conversations, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tertulia.core import uploads as module
from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound, WrongOffset
from tertulia.core.ids import new_id
from tests.core.counter import MAX_BYTES, Counter, open_counter, parts
from tests.core.sealing import circle

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.core.town import Town


@pytest.fixture
async def counter(town: Town, tmp_path: Path) -> AsyncIterator[Counter]:
    async with open_counter(town, tmp_path / "blobs") as counter:
        yield counter


def a_picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (30, 20), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


async def content(counter: Counter, actor_at: int, upload_id: object) -> bytes:
    town = counter.town
    upload = await counter.uploads.fetch(town.actors[actor_at], upload_id)  # type: ignore[arg-type]
    return b"".join([part async for part in await counter.uploads.content(upload)])


async def test_parts_make_the_file_that_was_cut(town: Town, counter: Counter) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)

    @settings(
        max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.lists(st.binary(max_size=400), max_size=6), st.data())
    def holds(datas: list[bytes], data: st.DataObject) -> None:
        whole = b"\x00" + b"".join(datas)
        cuts = data.draw(st.lists(st.integers(0, len(whole)), max_size=4).map(sorted))

        async def send() -> None:
            upload = await counter.uploads.begin(ana, group, "x", len(whole))
            for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
                if start < len(whole):
                    upload = await counter.uploads.append(
                        ana, upload.id, start, parts(whole[start:end])
                    )
            assert upload.attachment is not None
            assert await content(counter, 0, upload.id) == whole
            await counter.uploads.cancel(ana, upload.id)

        running.run(send())

    # hypothesis calls plain functions; the town lives in this loop.
    running = _Runner(asyncio.get_running_loop())
    await asyncio.to_thread(holds)


class _Runner:
    """Runs what a thread asks for in the loop of the test."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def run(self, what: object) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(30)  # type: ignore[arg-type]


async def test_a_sender_that_goes_away_loses_nothing_that_came(
    town: Town, counter: Counter
) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    upload = await counter.uploads.begin(ana, group, "x", 10)

    # Its parts end before the file does.
    cut = await counter.uploads.append(ana, upload.id, 0, parts(b"abc", b"d"))
    assert (cut.received, cut.attachment) == (4, None)
    assert (await counter.uploads.progress(ana, upload.id)).received == 4

    await counter.uploads.append(ana, upload.id, 4, parts(b"efghij"))
    assert await content(counter, 0, upload.id) == b"abcdefghij"


async def test_what_was_not_answered_is_written_again(town: Town, counter: Counter) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    upload = await counter.uploads.begin(ana, group, "x", 6)

    async def broken() -> AsyncIterator[bytes]:
        yield b"XXXX"
        raise OSError("the server is going down")

    with pytest.raises(OSError, match="going down"):
        await counter.uploads.append(ana, upload.id, 0, broken())
    assert (await counter.uploads.progress(ana, upload.id)).received == 0

    await counter.uploads.append(ana, upload.id, 0, parts(b"ab"))
    await counter.uploads.append(ana, upload.id, 2, parts(b"cdef"))
    assert await content(counter, 0, upload.id) == b"abcdef"


async def test_of_two_writers_at_once_one_is_refused(town: Town, counter: Counter) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    upload = await counter.uploads.begin(ana, group, "x", 6)
    came, may_go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"abc"
        came.set()
        await may_go_on.wait()
        yield b"def"

    first = asyncio.create_task(counter.uploads.append(ana, upload.id, 0, slow()))
    await came.wait()
    with town.refuses(Conflict, "upload_busy"):
        await counter.uploads.append(ana, upload.id, 0, parts(b"XXX"))
    may_go_on.set()
    await first

    assert await content(counter, 0, upload.id) == b"abcdef"
    with pytest.raises(WrongOffset) as caught:
        await counter.uploads.append(ana, upload.id, 0, parts(b"XXX"))
    assert caught.value.offset == 6


async def test_a_late_repeat_does_not_cut_what_was_answered(town: Town, counter: Counter) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    upload = await counter.uploads.begin(ana, group, "x", 6)

    outcomes = await asyncio.gather(
        *(counter.uploads.append(ana, upload.id, 0, parts(b"abc")) for _ in range(5)),
        return_exceptions=True,
    )

    assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 1
    assert all(isinstance(each, Conflict) for each in outcomes if isinstance(each, BaseException))
    await counter.uploads.append(ana, upload.id, 3, parts(b"def"))
    assert await content(counter, 0, upload.id) == b"abcdef"


async def test_unsent_files_are_bounded_for_each_person(
    town: Town, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_UNSENT", 3)
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    first = await counter.bring(ana, group, b"abc")
    begun = await asyncio.gather(
        *(counter.uploads.begin(ana, group, "x", 10) for _ in range(5)), return_exceptions=True
    )

    assert sum(isinstance(each, Conflict) for each in begun) == 3
    with town.refuses(Conflict, "too_many_unsent"):
        await counter.bring(ana, group, b"abc")
    await counter.bring(bea, group, b"abc")
    # What is sent does not count.
    await town.core.messages.send(ana, group, "", attachments=[first.id])
    await counter.bring(ana, group, b"abc")


async def test_unsent_bytes_are_bounded_for_each_person(town: Town, counter: Counter) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    for _ in range(module.MAX_UNSENT_SHARE):
        await counter.uploads.begin(ana, group, "x", MAX_BYTES)

    with town.refuses(Conflict, "too_many_unsent"):
        await counter.uploads.begin(ana, group, "x", 1)


async def test_who_may_not_speak_brings_nothing(town: Town, counter: Counter) -> None:
    ana, bea, caro = town.actors[:3]
    private = await town.private(ana, bea)
    upload = await counter.uploads.begin(bea, private, "x", 3)
    async with town.storage.begin() as work:
        await work.members.silence(private, bea.account_id, counter.clock())

    with town.refuses(Forbidden, "blocked"):
        await counter.uploads.begin(bea, private, "x", 3)
    with town.refuses(Forbidden, "blocked"):
        await counter.bring(bea, private, b"abc")
    with town.refuses(Forbidden, "blocked"):
        await counter.uploads.append(bea, upload.id, 0, parts(b"abc"))
    with town.refuses(NotFound, "not_found"):
        await counter.uploads.begin(caro, private, "x", 3)
    with town.refuses(NotFound, "not_found"):
        await counter.uploads.begin(ana, new_id(), "x", 3)
    assert counter.files() == 0


async def test_what_comes_into_an_encrypted_conversation_is_not_looked_at(
    town: Town, counter: Counter
) -> None:
    ana = town.actors[0]
    group = await circle(town, ana)
    # It has the looks of a picture and could be anything.
    brought = await counter.bring(ana, group, a_picture())
    assert (brought.kind, brought.media_type) == ("file", "application/octet-stream")
    assert not brought.has_thumbnail
    assert await content(counter, 0, brought.id) == a_picture()


async def test_what_is_refused_leaves_nothing_behind(town: Town, counter: Counter) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)

    with town.refuses(Invalid, "invalid_image", "file"):
        await counter.bring(ana, group, b"GIF89a" + bytes(50))
    with town.refuses(Invalid, "too_large", "file"):
        await counter.bring(ana, group, bytes(MAX_BYTES + 1))
    with town.refuses(Invalid, "required", "file"):
        await counter.bring(ana, group, b"")
    with town.refuses(NotFound, "not_found"):
        await counter.bring(ana, new_id(), b"abc")

    assert counter.files() == 0
    async with town.storage.read() as work:
        assert await work.uploads.unsent(ana.account_id) == (0, 0)


async def test_a_message_carries_what_was_brought(town: Town, counter: Counter) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    picture = await counter.bring(ana, group, a_picture(), "me.jpg")

    sent = await town.core.messages.send(ana, group, "", attachments=[picture.id])

    assert sent.extras.attachments == (picture,)
    assert picture.name == "me.jpg.png"
    with town.refuses(Conflict, "upload_sent"):
        await counter.uploads.cancel(ana, picture.id)


async def test_what_nobody_sent_goes_after_a_day(town: Town, counter: Counter) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    unsent = await counter.bring(ana, group, a_picture())
    unfinished = await counter.uploads.begin(ana, group, "x", 10)
    await counter.uploads.append(ana, unfinished.id, 0, parts(b"abc"))
    sent = await counter.bring(ana, group, b"sent")
    await town.core.messages.send(ana, group, "", attachments=[sent.id])
    assert counter.files() == 4

    counter.clock.advance(timedelta(hours=23))
    await counter.sweep.sweep()
    assert counter.files() == 4
    counter.clock.advance(timedelta(hours=2))
    await counter.sweep.sweep()

    assert counter.files() == 1
    assert await content(counter, 1, sent.id) == b"sent"
    for gone in (unsent.id, unfinished.id):
        with town.refuses(NotFound, "not_found"):
            await counter.uploads.progress(ana, gone)


async def test_with_its_message_a_file_is_swept_away(town: Town, counter: Counter) -> None:
    ana, bea = town.actors[:2]
    group, other = await town.group(ana, bea), await town.group(ana, bea)
    files = [await counter.bring(ana, where, b"abc") for where in (group, other)]
    sent = await town.core.messages.send(ana, group, "", attachments=[files[0].id])
    await town.core.messages.send(ana, other, "", attachments=[files[1].id])

    await town.core.messages.delete(ana, sent.id)
    await town.core.conversations.delete(ana, other)

    for file in files:
        with town.refuses(NotFound, "not_found"):
            await counter.uploads.fetch(bea, file.id)
    counter.clock.advance(timedelta(days=365))
    await counter.sweep.sweep()
    assert counter.files() == 0


async def test_what_will_be_sent_later_stays_until_its_message_is_given_up(
    town: Town, counter: Counter
) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    file = await counter.bring(ana, group, b"abc")
    async with town.storage.begin() as work:
        await work.uploads.keep([file.id])

    counter.clock.advance(timedelta(days=3))
    async with town.storage.read() as work:
        assert await work.uploads.complete_of(ana.account_id, group, [file.id]) == (file,)
    assert await content(counter, 0, file.id) == b"abc"

    # No scheduled message names it.
    await counter.sweep.sweep()
    assert counter.files() == 0
