"""Setting slow mode: who does so, for how long, and how it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Forbidden, Invalid, RateLimited
from tertulia.core.events import ConversationChanged
from tertulia.core.model import Kind

if TYPE_CHECKING:
    from tests.core.town import Town


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
async def test_everyone_is_told_how_long_to_wait(town: Town, kind: Kind) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.conversation(kind, ana, bea)
    chat = await town.core.conversations.change(ana, conversation_id, slow_mode_s=60)
    (told,) = town.heard()
    assert isinstance(told, ConversationChanged)
    assert told.conversation == chat.conversation
    assert told.conversation.slow_mode_s == 60


async def test_leaving_and_returning_is_no_way_around_it(town: Town) -> None:
    ana, bea = town.actors[:2]
    room = await town.room(ana, bea)
    await town.core.conversations.change(ana, room, slow_mode_s=3600)
    await town.core.messages.send(bea, room, "Well?")
    await town.core.members.leave(bea, room)
    await town.core.members.join(bea, room)
    with pytest.raises(RateLimited):
        await town.core.messages.send(bea, room, "Well?")


@pytest.mark.parametrize("seconds", [-1, 86_401, 10**30])
async def test_it_is_a_day_at_most(town: Town, seconds: int) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    with town.refuses(Invalid, "invalid", "slow_mode_s"):
        await town.core.conversations.change(ana, group, slow_mode_s=seconds)


async def test_only_the_owner_sets_it_and_never_in_a_private_chat(town: Town) -> None:
    ana, bea = town.actors[:2]
    group, private = await town.group(ana, bea), await town.private(ana, bea)
    with town.refuses(Forbidden, "permission_denied"):
        await town.core.conversations.change(bea, group, slow_mode_s=5)
    with town.refuses(Forbidden, "private_conversation"):
        await town.core.conversations.change(ana, private, slow_mode_s=5)
