"""A message that is sent again under one name: where it is the first one, and where it is not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tertulia.core.errors import Conflict
from tests.core.sealing import circle, sealed

if TYPE_CHECKING:
    from tests.core.town import Town
    from tests.core.uploads import HandedIn

TAKEN = (Conflict, "client_ref_taken", "client_ref")


async def test_the_name_of_a_message_elsewhere_is_refused(town: Town, uploads: HandedIn) -> None:
    ana = town.actors[0]
    one, other = await town.group(ana), await town.group(ana)
    sent = await town.core.messages.send(ana, one, "one", client_ref="r")
    file = await uploads.file(ana, other)
    town.heard()
    for attachments in ([], [file.id]):
        with town.refuses(*TAKEN):
            await town.core.messages.send(
                ana, other, "two", client_ref="r", attachments=attachments
            )
    assert await town.history(ana, one) == [sent]
    assert await town.history(ana, other) == []
    # Nothing came of it, and the same goes out under a name of its own.
    await town.core.messages.send(ana, other, "two", client_ref="s", attachments=[file.id])


async def test_the_name_of_a_message_elsewhere_is_refused_for_what_is_sealed(
    town: Town, uploads: HandedIn
) -> None:
    ana, bea = town.actors[:2]
    plaza = await town.room(ana)
    one, other = await circle(town, ana, bea), await circle(town, ana, bea)
    copies = sealed("two", ana, bea)
    await town.core.messages.send(ana, plaza, "one", client_ref="open")
    await town.core.sealed_messages.send(ana, one, sealed("one", ana, bea), client_ref="sealed")
    file = await uploads.file(ana, other, name="file.bin", kind="file")
    town.heard()
    for ref in ("open", "sealed"):
        for attachments in ([], [file.id]):
            with town.refuses(*TAKEN):
                await town.core.sealed_messages.send(
                    ana, other, copies, client_ref=ref, attachments=attachments
                )
    assert await town.history(ana, other) == []


async def test_of_one_name_for_two_conversations_at_one_moment_one_is_sent(town: Town) -> None:
    ana = town.actors[0]
    groups = [await town.group(ana) for _ in range(2)]
    send = town.core.messages.send
    outcomes = await asyncio.gather(
        *(send(ana, group, "one", client_ref="r") for group in groups),
        send(ana, groups[1], "another"),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "Message", "Message"]
    histories = [await town.history(ana, group) for group in groups]
    assert sorted(each.body or "" for each in sum(histories, [])) == ["another", "one"]


async def test_a_copy_is_not_forwarded_under_the_name_of_a_message_elsewhere(town: Town) -> None:
    ana = town.actors[0]
    source, one, other = [await town.group(ana) for _ in range(3)]
    sent = await town.core.messages.send(ana, source, "one", client_ref=f"r:{other}")
    town.heard()
    with town.refuses(*TAKEN):
        await town.core.forwarding.forward(ana, sent.id, [one, other], client_ref="r")
    assert [await town.history(ana, each) for each in (one, other)] == [[], []]
