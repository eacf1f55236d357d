"""The mailbox between two devices over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.gateways.rest.conftest import body, refusal

if TYPE_CHECKING:
    from tests.gateways.rest.conftest import Town

HANDOVERS = "/api/encryption/handovers"
ASK, ANSWER = {"v": 1, "commit": "AAAA"}, {"v": 1, "answer": "BBBB"}


async def test_two_devices_of_one_account_speak_in_turns(town: Town) -> None:
    new, old = town.ana.http, await town.browser(town.ana)
    begun = body(await new.post(HANDOVERS, json={"message": ASK}))
    assert set(begun) == {"id", "device", "messages", "expires_at"}
    assert begun["messages"] == [ASK]
    left = datetime.fromisoformat(begun["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)
    path = f"{HANDOVERS}/{begun['id']}"
    assert body(await old.get(path)) == begun
    said = f"{path}/messages"
    assert refusal(await new.post(said, json={"message": ANSWER})) == (409, "not_your_turn", None)
    for number, device in enumerate([old, new, old, new, old]):
        answer = body(await device.post(said, json={"message": {"number": number}}))
        assert len(answer["messages"]) == number + 2
    assert refusal(await new.post(said, json={"message": ANSWER})) == (409, "handover_over", None)
    third = await town.browser(town.ana)
    assert (await third.delete(path)).status_code == 204
    assert refusal(await new.get(path)) == (404, "not_found", None)


async def test_a_third_device_is_not_let_in_between(town: Town) -> None:
    old, third = await town.browser(town.ana), await town.browser(town.ana)
    begun = body(await town.ana.http.post(HANDOVERS, json={"message": ASK}))
    said = f"{HANDOVERS}/{begun['id']}/messages"
    assert (await old.post(said, json={"message": ANSWER})).status_code == 200
    assert (await town.ana.http.post(said, json={"message": ASK})).status_code == 200
    answer = await third.post(said, json={"message": ANSWER})
    assert refusal(answer) == (409, "handover_taken", None)


async def test_nobody_else_knows_of_it(town: Town) -> None:
    begun = body(await town.ana.http.post(HANDOVERS, json={"message": ASK}))
    path = f"{HANDOVERS}/{begun['id']}"
    for answer in (
        await town.bea.http.get(path),
        await town.bea.http.post(f"{path}/messages", json={"message": ANSWER}),
        await town.bea.http.delete(path),
    ):
        assert refusal(answer) == (404, "not_found", None)
    assert body(await town.ana.http.get(path)) == begun


async def test_what_cannot_be_passed_on_is_refused_by_name(town: Town) -> None:
    for message, code in (
        ({}, "required"),
        ([], "invalid"),
        ("text", "invalid"),
        ({"x": "a" * 4096}, "too_long"),
    ):
        answer = await town.ana.http.post(HANDOVERS, json={"message": message})
        assert refusal(answer) == (400, code, "message")
    assert refusal(await town.ana.http.post(HANDOVERS, json={})) == (400, "required", "message")
