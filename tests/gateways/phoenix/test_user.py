"""`user:{own id}`: what one hears about oneself on every device."""

from __future__ import annotations

from tests.gateways.conftest import Town
from tests.gateways.phoenix.talk import talk


async def test_only_ones_own_topic_can_be_joined(town: Town) -> None:
    async with talk(town, town.ana) as ana:
        for name in (town.bea.id, town.ana.id.upper(), "x", ""):
            status, response = await ana.try_join(f"user:{name}")
            assert (status, response["reason"]) == ("error", "unauthorized")
        assert await ana.join(f"user:{town.ana.id}") == {"calls": []}


async def test_nothing_is_pushed_here(town: Town) -> None:
    topic = f"user:{town.ana.id}"
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        assert (await ana.refused(topic, "new_message"))["reason"] == "unknown_event"
        status, response = await ana.try_join(topic, [])
    assert (status, response["reason"]) == ("error", "malformed")


async def test_a_new_conversation_is_told_to_everyone_in_it_on_every_device(town: Town) -> None:
    own = [f"user:{person.id}" for person in (town.ana, town.bea)]
    async with (
        talk(town, town.ana) as ana,
        talk(town, town.ana) as phone,
        talk(town, town.bea) as bea,
    ):
        await ana.join(own[0])
        await phone.join(own[0])
        await bea.join(own[1])
        chat = await town.start_private(town.ana, town.bea)
        heard = [
            await ana.hear(own[0], "new_conversation"),
            await phone.hear(own[0], "new_conversation"),
            await bea.hear(own[1], "new_conversation"),
        ]
    assert [one["conversation"]["id"] for one in heard] == [chat] * 3
    assert heard[0]["conversation"]["private"] is True
    assert set(heard[0]["user_ids"]) == {town.ana.id, town.bea.id}
    assert "unread" not in heard[0]["conversation"], "what depends on the reader is not told to all"


async def test_the_end_of_a_conversation_is_told_with_its_reason(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea, town.caro)
    own = f"user:{town.bea.id}"
    async with talk(town, town.bea) as bea, talk(town, town.caro) as caro:
        await bea.join(own)
        await caro.join(f"user:{town.caro.id}")
        await town.call(town.ana, "DELETE", f"/api/conversations/{group}/members/{town.bea.id}")
        removed = await bea.hear(own, "conversation_ended")
        await town.call(town.ana, "DELETE", f"/api/conversations/{group}")
        deleted = await caro.hear(f"user:{town.caro.id}", "conversation_ended")
    assert removed == {"conversation_id": group, "reason": "removed", "note": None}
    assert deleted == {"conversation_id": group, "reason": "deleted", "note": None}


async def test_reading_and_renaming_reach_ones_other_devices(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    await town.send(town.bea, group, "unread")
    own = f"user:{town.ana.id}"
    async with talk(town, town.ana) as phone:
        await phone.join(own)
        await town.call(town.ana, "POST", f"/api/conversations/{group}/read", {})
        read = await phone.hear(own, "read_conversation")
        await town.call(town.ana, "PATCH", "/api/me", {"display_name": "Anita"})
        profile = await phone.hear(own, "update_profile")
    assert (read["conversation_id"], read["user_id"], read["read_seq"]) == (group, town.ana.id, 2)
    assert profile["user"]["display_name"] == "Anita"
    assert profile["user"]["email"] == town.ana.email


async def test_a_new_identity_and_a_handover_reach_ones_other_devices(town: Town) -> None:
    own = f"user:{town.ana.id}"
    key, ask = {"kty": "OKP", "x": "AAAA"}, {"v": 1, "commit": "BBBB"}
    identity = {
        "public_key": key,
        "private_key": {"ct": "CCCC"},
        "wraps": [{"kind": "recovery", "wrapped": {"ct": "DDDD"}}],
    }
    async with talk(town, town.ana) as phone:
        await phone.join(own)
        await town.call(town.ana, "PUT", "/api/encryption/identity", identity)
        changed = await phone.hear(own, "update_identity")
        await town.call(town.ana, "POST", "/api/encryption/handovers", {"message": ask})
        asked = await phone.hear(own, "handover")
        await town.call(town.ana, "DELETE", f"/api/encryption/handovers/{asked['id']}")
        ended = await phone.hear(own, "handover")
    assert changed == {"user_id": town.ana.id, "public_key": key}
    assert (asked["messages"], asked["is_over"]) == ([ask], False)
    assert asked["device"]
    assert ended == {**asked, "is_over": True}
