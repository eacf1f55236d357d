"""Pictures of groups and rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.core.avatars import Avatars
from tertulia.core.conversation_pictures import ConversationPictures
from tertulia.core.errors import Forbidden, Invalid, NotFound
from tertulia.core.events import ConversationChanged
from tertulia.core.model import Kind
from tests.core.desk import a_picture

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tertulia.core.model import Actor
    from tests.core.desk import Desk
    from tests.core.town import Town


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
async def test_everyone_is_told_of_a_new_picture_and_the_old_one_is_gone(
    town: Town, kind: Kind
) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.conversation(kind, ana, bea)
    keys = []
    for _ in range(2):
        chat = await town.core.conversation_pictures.change(ana, conversation_id, a_picture())
        assert town.heard() == [
            ConversationChanged(
                conversation_id=conversation_id,
                seq=chat.conversation.head_seq,
                conversation=chat.conversation,
            )
        ]
        assert chat.conversation.picture
        keys.append(chat.conversation.picture)
        assert await town.core.avatars.picture(keys[-1], 256)
    with pytest.raises(NotFound):
        await town.core.avatars.picture(keys[0], 256)
    bare = await town.core.conversation_pictures.remove(ana, conversation_id)
    assert bare.conversation.picture is None
    town.heard()
    await town.core.conversation_pictures.remove(ana, conversation_id)
    assert town.heard() == []
    with pytest.raises(NotFound):
        await town.core.avatars.picture(keys[1], 256)


async def test_what_is_no_picture_changes_nothing(desk: Desk) -> None:
    ana = desk.town.actors[0]
    group = await desk.town.group(ana)
    pictures = ConversationPictures(desk.town.storage, desk.avatars, desk.doors, desk.clock)
    with desk.town.refuses(Invalid, "invalid_image", "file"):
        await pictures.change(ana, group, b"nothing")
    assert desk.blobs_kept() == 0


async def test_a_picture_that_comes_too_late_is_forgotten(desk: Desk) -> None:
    ana, bea = desk.town.actors[:2]
    group = await desk.town.group(ana, bea)
    meanwhile = _Meanwhile(desk, lambda: desk.town.core.members.leave(ana, group))
    pictures = ConversationPictures(desk.town.storage, meanwhile, desk.doors, desk.clock)
    with pytest.raises(NotFound):
        await pictures.change(ana, group, a_picture())
    assert desk.blobs_kept() == 0


async def test_only_the_owner_changes_it(town: Town) -> None:
    ana, bea, caro, _ = town.actors
    group = await town.group(ana, bea)
    await town.promote(ana, group, bea)
    pictures = town.core.conversation_pictures
    attempts: list[Callable[[Actor], Awaitable[object]]] = [
        lambda actor: pictures.change(actor, group, a_picture()),
        lambda actor: pictures.remove(actor, group),
    ]
    for attempt in attempts:
        with town.refuses(Forbidden, "permission_denied"):
            await attempt(bea)
        with town.refuses(NotFound, "not_found"):
            await attempt(caro)
    private = await town.private(ana, bea)
    with town.refuses(Forbidden, "private_conversation"):
        await pictures.change(ana, private, a_picture())


@pytest.mark.parametrize("is_left", [False, True])
async def test_the_picture_of_what_has_ended_is_gone(town: Town, is_left: bool) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    chat = await town.core.conversation_pictures.change(ana, group, a_picture())
    key = chat.conversation.picture
    assert key
    if is_left:
        await town.core.members.leave(ana, group)
    else:
        await town.core.conversations.delete(ana, group)
    with pytest.raises(NotFound):
        await town.core.avatars.picture(key, 96)


class _Meanwhile(Avatars):
    """Avatars during whose making something else happens."""

    def __init__(self, desk: Desk, act: Callable[[], Awaitable[object]]) -> None:
        self._avatars = desk.avatars
        self._act = act

    async def keep(self, data: bytes) -> str:
        key = await self._avatars.keep(data)
        await self._act()
        return key

    async def forget(self, key: str | None) -> None:
        await self._avatars.forget(key)
