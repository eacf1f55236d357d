"""`system:general`: who is online, and by what name people go."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateways.conftest import Person, Town
from tests.gateways.phoenix.talk import Talk, talk

TOPIC = "system:general"


async def hear_coming(one: Talk, person: Person) -> dict[str, Any]:
    """Wait for the diff in which somebody comes online, and return how."""
    while person.id not in (diff := await one.hear(TOPIC, "presence_diff"))["joins"]:
        pass
    joins: dict[str, Any] = diff["joins"][person.id]
    return joins


async def hear_going(one: Talk, person: Person) -> dict[str, Any]:
    """Wait for the diff in which somebody goes offline, and return which connection it was."""
    while person.id not in (diff := await one.hear(TOPIC, "presence_diff"))["leaves"]:
        pass
    leaves: dict[str, Any] = diff["leaves"][person.id]
    return leaves


async def test_one_who_joins_is_told_who_is_online(town: Town) -> None:
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        assert await ana.join(TOPIC, {"hidden": False}) == {}
        first = await ana.hear_frame(TOPIC, "presence_state")
        own = await hear_coming(ana, town.ana)
        await bea.join(TOPIC)
        state = await bea.hear(TOPIC, "presence_state")
        coming = await hear_coming(ana, town.bea)
    assert first[:2] == [ana.join_ref(TOPIC), None]
    assert state[town.ana.id] == own
    (meta,) = coming["metas"]
    assert meta["online_at"].isdecimal()
    assert meta["phx_ref"] != own["metas"][0]["phx_ref"]


@pytest.mark.parametrize("how", ["leaves the topic", "closes the socket"])
async def test_one_who_goes_is_told_to_the_others(town: Town, how: str) -> None:
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(TOPIC)
        await bea.join(TOPIC)
        coming = await hear_coming(ana, town.bea)
        if how == "leaves the topic":
            await bea.done(TOPIC, "phx_leave")
        else:
            await bea.socket.close()
        assert await hear_going(ana, town.bea) == coming


async def test_a_hidden_person_sees_and_is_not_seen(town: Town) -> None:
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await bea.join(TOPIC)
        await hear_coming(bea, town.bea)
        await ana.join(TOPIC, {"hidden": True})
        state = await ana.hear(TOPIC, "presence_state")
        async with talk(town, town.caro) as caro:
            await caro.join(TOPIC)
            await hear_coming(bea, town.caro)
            seen = await caro.hear(TOPIC, "presence_state")
    assert set(state) == {town.bea.id}
    assert town.ana.id not in seen


async def test_hiding_is_a_going_and_showing_a_coming(town: Town) -> None:
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await bea.join(TOPIC)
        await ana.join(TOPIC)
        await hear_coming(bea, town.ana)
        assert await ana.done(TOPIC, "set_hidden", {"hidden": True}) == "message_sent"
        await hear_going(bea, town.ana)
        me = await town.call(town.ana, "GET", "/api/me")
        assert await ana.done(TOPIC, "set_hidden", {"hidden": False}) == "message_sent"
        await hear_coming(bea, town.ana)
    assert me["hidden"] is True


async def test_hiding_over_http_hides_here_too(town: Town) -> None:
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await bea.join(TOPIC)
        await ana.join(TOPIC)
        await hear_coming(bea, town.ana)
        await town.call(town.ana, "PATCH", "/api/profile", {"hidden": True})
        await hear_going(bea, town.ana)


async def test_one_who_came_hidden_by_wish_shows_up_by_wish(town: Town) -> None:
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await bea.join(TOPIC)
        await ana.join(TOPIC, {"hidden": True})
        await ana.done(TOPIC, "set_hidden", {"hidden": False})
        await hear_coming(bea, town.ana)


async def test_the_profile_says_whether_one_comes_hidden(town: Town) -> None:
    await town.call(town.ana, "PATCH", "/api/profile", {"hidden": True})
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(TOPIC)
        await bea.join(TOPIC)
        await hear_coming(bea, town.bea)
        async with talk(town, town.caro) as caro:
            await caro.join(TOPIC)
            assert town.ana.id not in await caro.hear(TOPIC, "presence_state")


async def test_a_new_name_is_told_to_all(town: Town) -> None:
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(TOPIC)
        await bea.join(TOPIC)
        payload = {"display_name": "Anita"}
        assert await ana.done(TOPIC, "set_display_name", payload) == "message_sent"
        heard = await bea.hear(TOPIC, "update_display_name")
    assert heard == {"user_id": town.ana.id, "display_name": "Anita"}


@pytest.mark.parametrize(
    ("event", "payload", "reason", "attr"),
    [
        ("set_hidden", {}, "required", "hidden"),
        ("set_hidden", {"hidden": "yes"}, "invalid", "hidden"),
        ("set_display_name", {}, "required", "display_name"),
        ("set_display_name", {"display_name": ""}, "required", "display_name"),
        ("set_display_name", {"display_name": "x" * 51}, "too_long", "display_name"),
        ("start_room", {}, "unknown_event", None),
    ],
)
async def test_what_cannot_be_used_is_refused(
    town: Town, event: str, payload: object, reason: str, attr: str | None
) -> None:
    async with talk(town, town.ana) as ana:
        await ana.join(TOPIC)
        refused = await ana.refused(TOPIC, event, payload)
    assert (refused["reason"], refused.get("attr")) == (reason, attr)


async def test_there_is_no_other_system_topic(town: Town) -> None:
    async with talk(town, town.ana) as ana:
        status, response = await ana.try_join("system:special")
        assert (status, response["reason"]) == ("error", "unmatched topic")
        status, response = await ana.try_join(TOPIC, {"hidden": "yes"})
        assert (status, response["attr"]) == ("error", "hidden")
