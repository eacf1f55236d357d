"""What messages said before they were edited, for their authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.core.errors import Forbidden, NotFound
from tertulia.core.message import Version
from tertulia.storage import versions

if TYPE_CHECKING:
    import pytest

    from tests.core.town import Town


async def test_each_edit_keeps_what_was_said_before_for_the_author_alone(town: Town) -> None:
    ana, bea, outsider = town.actors[:3]
    group = await town.group(ana, bea)
    sent = await town.core.messages.send(ana, group, "one")
    assert await town.core.browsing.versions(ana, sent.id) == ()
    second = await town.core.messages.edit(ana, sent.id, "two")
    await town.core.reactions.react(bea, sent.id, "🎉")
    await town.core.messages.edit(ana, sent.id, "three")
    await town.core.messages.edit(ana, sent.id, "three")
    assert second.edited_at is not None
    assert await town.core.browsing.versions(ana, sent.id) == (
        Version("one", sent.inserted_at),
        Version("two", second.edited_at),
    )
    town.heard()
    with town.refuses(Forbidden, "permission_denied"):
        await town.core.browsing.versions(bea, sent.id)
    with town.refuses(NotFound, "not_found"):
        await town.core.browsing.versions(outsider, sent.id)


async def test_nothing_of_a_deleted_message_is_kept(town: Town) -> None:
    ana = town.actors[0]
    sent = await town.core.messages.send(ana, await town.group(ana), "one")
    await town.core.messages.edit(ana, sent.id, "two")
    await town.core.messages.delete(ana, sent.id)
    assert await town.core.browsing.versions(ana, sent.id) == ()


async def test_of_a_message_edited_very_often_the_latest_texts_are_kept(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "MAX_VERSIONS", 3)
    ana = town.actors[0]
    sent = await town.core.messages.send(ana, await town.group(ana), "0")
    for number in range(1, 7):
        await town.core.messages.edit(ana, sent.id, str(number))
    kept = await town.core.browsing.versions(ana, sent.id)
    assert [version.body for version in kept] == ["3", "4", "5"]
