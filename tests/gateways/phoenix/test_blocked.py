"""What somebody blocked is told over a socket, and what the other one does not hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gateways.phoenix.talk import talk

if TYPE_CHECKING:
    from tests.gateways.conftest import Town


async def test_somebody_blocked_is_refused_and_not_heard_until_unblocked(town: Town) -> None:
    chat = await town.start_private(town.ana, town.bea)
    topic = f"conversation:{chat}"
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(topic)
        await bea.join(topic)
        first = {"content": "hi", "client_ref": "r"}
        sent = await bea.done(topic, "send_message", first)
        named = {"message_group_id": sent["message"]["message_group"]}
        await ana.hear(topic, "new_message")
        await town.call(town.ana, "POST", "/api/blocks", {"user_id": town.bea.id})
        refused = await bea.refused(topic, "send_message", {"content": "hello?"})
        edit = await bea.refused(topic, "edit_message", {**named, "content": "hello?"})
        again = await bea.done(topic, "send_message", first)
        # Typing is granted as ever, and comes to nobody's ears.
        await bea.done(topic, "start_typing")
        await bea.done(topic, "finish_typing")
        unheard = await ana.settle()
        await town.call(town.ana, "DELETE", f"/api/blocks/{town.bea.id}")
        await bea.done(topic, "send_message", {"content": "hello again"})
        heard = await ana.hear(topic, "new_message")
    assert (refused["reason"], edit["reason"]) == ("blocked", "blocked")
    assert again == sent
    assert [frame for frame in unheard if frame[2] == topic] == []
    assert heard["message"]["content"] == "hello again"
