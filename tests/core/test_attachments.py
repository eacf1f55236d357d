"""Files in messages: whose, how many, once each, and kept for as long as a message has them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tertulia.core.clock import utc_now
from tertulia.core.errors import Invalid
from tertulia.core.ids import new_id
from tertulia.core.message import Extras, Message
from tests import examples as eg
from tests.core.uploads import HandedIn

if TYPE_CHECKING:
    from tests.core.town import Town


async def test_a_message_carries_files_in_their_order_and_keeps_them(
    town: Town, uploads: HandedIn
) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    files = [await uploads.file(ana, group, width=each) for each in (1, 2, 3)]
    ids = [files[index].id for index in (2, 0, 1)]
    sent = await town.core.messages.send(ana, group, "", attachments=ids)
    assert (sent.body, sent.extras) == ("", Extras(attachments=(files[2], files[0], files[1])))
    assert await town.history(bea, group) == [sent]
    for each in files:
        assert await uploads.expires_at(each.id) is None


async def test_what_is_not_ones_own_whole_fresh_file_for_here_is_refused(
    town: Town, uploads: HandedIn
) -> None:
    ana, bea = town.actors[:2]
    group, other = await town.group(ana, bea), await town.group(ana, bea)
    used = await uploads.file(ana, group)
    await town.core.messages.send(ana, group, "one", attachments=[used.id])
    town.heard()
    refused = [
        new_id(),
        used.id,
        (await uploads.file(bea, group)).id,
        (await uploads.file(ana, other)).id,
        (await uploads.file(ana, group, is_whole=False)).id,
        (await uploads.file(ana, group, expires_at=eg.NOON)).id,
    ]
    good = await uploads.file(ana, group)
    head = await town.head(group)
    for each in refused:
        with town.refuses(Invalid, "invalid", "attachments"):
            await town.core.messages.send(ana, group, "two", attachments=[good.id, each])
    assert await town.head(group) == head
    assert await uploads.expires_at(good.id) is not None
    await town.core.messages.send(ana, group, "two", attachments=[good.id])


async def test_a_message_carries_10_files_at_most_and_each_once(
    town: Town, uploads: HandedIn
) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    ids = [(await uploads.file(ana, group)).id for _ in range(11)]
    with town.refuses(Invalid, "too_long", "attachments"):
        await town.core.messages.send(ana, group, "", attachments=ids)
    with town.refuses(Invalid, "repeated", "attachments"):
        await town.core.messages.send(ana, group, "", attachments=[ids[0], ids[0]])
    with town.refuses(Invalid, "required", "content"):
        await town.core.messages.send(ana, group, "", attachments=[])
    sent = await town.core.messages.send(ana, group, "", attachments=ids[:10])
    assert len(sent.extras.attachments) == 10


async def test_sent_again_under_one_name_it_is_the_first_message(
    town: Town, uploads: HandedIn
) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    file = await uploads.file(ana, group)
    sent = await town.core.messages.send(ana, group, "", attachments=[file.id], client_ref="r")
    again = await town.core.messages.send(ana, group, "", attachments=[file.id], client_ref="r")
    assert again == sent


async def test_a_file_sent_twice_at_one_moment_is_in_one_message(
    town: Town, uploads: HandedIn
) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    file = await uploads.file(ana, group)
    outcomes = await asyncio.gather(
        *[
            town.core.messages.send(ana, group, str(each), attachments=[file.id])
            for each in range(4)
        ],
        return_exceptions=True,
    )
    assert [type(each) for each in outcomes].count(Message) == 1
    assert [type(each) for each in outcomes].count(Invalid) == 3
    assert len(await town.history(ana, group)) == 1


async def test_a_file_goes_with_the_last_message_that_carries_it(
    town: Town, uploads: HandedIn
) -> None:
    ana = town.actors[0]
    group, other = await town.group(ana), await town.group(ana)
    file = await uploads.file(ana, group)
    sent = await town.core.messages.send(ana, group, "", attachments=[file.id])
    (copy,) = await town.core.forwarding.forward(ana, sent.id, [other])
    assert copy.extras.attachments == (file,)
    await town.core.messages.delete(ana, sent.id)
    assert await uploads.expires_at(file.id) is None
    await town.core.messages.delete(ana, copy.id)
    expires_at = await uploads.expires_at(file.id)
    assert expires_at is not None
    assert expires_at <= utc_now()
    with town.refuses(Invalid, "invalid", "attachments"):
        await town.core.messages.send(ana, group, "", attachments=[file.id])


async def test_an_edit_keeps_the_files_and_may_leave_nothing_else(
    town: Town, uploads: HandedIn
) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    file = await uploads.file(ana, group)
    sent = await town.core.messages.send(ana, group, "a view", attachments=[file.id])
    edited = await town.core.messages.edit(ana, sent.id, " ")
    assert (edited.body, edited.extras) == ("", sent.extras)
    found = await town.core.browsing.media(ana, group, "image", None, 9)
    assert found.messages.items == (edited,)
    plain = await town.core.messages.send(ana, group, "plain")
    town.heard()
    with town.refuses(Invalid, "required", "content"):
        await town.core.messages.edit(ana, plain.id, " ")


async def test_a_copy_of_what_is_thrown_away_meanwhile_is_refused(
    town: Town, uploads: HandedIn
) -> None:
    ana = town.actors[0]
    group, other = await town.group(ana), await town.group(ana)
    file = await uploads.file(ana, group)
    sent = await town.core.messages.send(ana, group, "", attachments=[file.id])
    await uploads.expire(file.id)
    town.heard()
    with town.refuses(Invalid, "invalid", "attachments"):
        await town.core.forwarding.forward(ana, sent.id, [other])
    assert await town.history(ana, other) == []
