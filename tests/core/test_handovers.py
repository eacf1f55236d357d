"""The mailbox between two devices: who speaks when, who is let in, and when it is over."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.adapters.vault import FernetVault
from tertulia.core import limits
from tertulia.core.errors import Conflict, Invalid, NotAuthenticated, NotFound, RateLimited, Refusal
from tertulia.core.handovers import LIFETIME, MAX_MESSAGE_CHARS, MAX_MESSAGES, Handovers
from tertulia.core.key_events import HandoverMoved
from tertulia.core.model import Actor
from tertulia.core.proof_sweep import ProofSweep
from tests import examples as eg
from tests.core.door import VAULT_KEY
from tests.core.keys import KeyDesk, key_desk

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.handover import Handover
    from tests.core.door import Door

ASK, ANSWER = {"v": 1, "commit": "a"}, {"v": 1, "answer": "b"}
DEVICES = 3


@pytest.fixture
def desk(door: Door) -> KeyDesk:
    """Return where the people of a town hand their secrets over."""
    return key_desk(door)


async def devices(desk: KeyDesk) -> list[Actor]:
    """Return three devices of one new person."""
    ana = (await desk.door.someone()).actor
    sessions = [eg.session(ana.account_id, name=f"Device {number}") for number in range(DEVICES)]
    async with desk.door.town.storage.begin() as work:
        for session in sessions:
            await work.sessions.add(session)
    desk.door.town.heard()
    return [Actor(account_id=ana.account_id, session_id=session.id) for session in sessions]


def moved(handover: Handover, *, is_over: bool = False) -> HandoverMoved:
    """Return what the person's devices hear of it."""
    return HandoverMoved(
        account_id=handover.account_id,
        handover_id=handover.id,
        device=handover.device,
        messages=handover.messages,
        is_over=is_over,
    )


async def test_each_step_is_told_to_ones_devices(desk: KeyDesk) -> None:
    new, old, _ = await devices(desk)
    asked = await desk.handovers.begin(new, ASK)
    assert (asked.device, asked.messages) == ("Device 0", (ASK,))
    assert asked.expires_at == desk.door.clock() + LIFETIME
    answered = await desk.handovers.say(old, asked.id, ANSWER)
    assert answered.messages == (ASK, ANSWER)
    assert desk.door.town.heard() == [moved(asked), moved(answered)]
    for device in (new, old):
        assert await desk.handovers.get(device, asked.id) == answered


@dataclass
class Model:
    """What the mailbox should be like: two who take turns, and six messages."""

    messages: list[dict[str, object]] = field(default_factory=lambda: [ASK])
    answerer: int | None = None

    def say(self, device: int, message: dict[str, object]) -> str | None:
        """Say something, or return why not."""
        if len(self.messages) == MAX_MESSAGES:
            return "handover_over"
        if device != 0 and self.answerer not in (None, device):
            return "handover_taken"
        if (device == 0) != (len(self.messages) % 2 == 0):
            return "not_your_turn"
        if device != 0:
            self.answerer = device
        self.messages.append(message)
        return None


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(speakers=st.lists(st.integers(0, DEVICES - 1), max_size=14))
async def test_whoever_tries_whenever_two_speak_in_turns(
    desk: KeyDesk, speakers: list[int]
) -> None:
    people, model = await devices(desk), Model()
    handover = await desk.handovers.begin(people[0], ASK)
    for number, device in enumerate(speakers):
        message: dict[str, object] = {"number": number, "by": device}
        expected = model.say(device, message)
        try:
            await desk.handovers.say(people[device], handover.id, message)
        except Refusal as refusal:
            assert refusal.code == expected
        else:
            assert expected is None
    found = await desk.handovers.get(people[1], handover.id)
    assert list(found.messages) == model.messages
    heard = [event for event in desk.door.town.heard() if isinstance(event, HandoverMoved)]
    assert [len(event.messages) for event in heard] == list(range(1, len(model.messages) + 1))


@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(speakers=st.lists(st.integers(0, DEVICES - 1), min_size=2, max_size=8))
async def test_they_do_so_too_when_all_speak_at_the_same_moment(
    desk: KeyDesk, speakers: list[int]
) -> None:
    people = await devices(desk)
    handover = await desk.handovers.begin(people[0], ASK)
    await asyncio.gather(
        *[
            desk.handovers.say(people[device], handover.id, {"number": number, "by": device})
            for number, device in enumerate(speakers)
        ],
        return_exceptions=True,
    )
    found = await desk.handovers.get(people[0], handover.id)
    model = Model()
    for message in found.messages[1:]:
        assert isinstance(message["by"], int)
        assert model.say(message["by"], dict(message)) is None
    assert len({message["number"] for message in found.messages[1:]}) == len(found.messages) - 1
    if any(speakers):
        assert len(found.messages) >= 2


async def test_nobody_else_sees_it_or_has_a_part_in_it(desk: KeyDesk) -> None:
    new, _, _ = await devices(desk)
    bea = (await desk.door.someone("bea")).actor
    handover = await desk.handovers.begin(new, ASK)
    desk.door.town.heard()
    for attempt in (
        desk.handovers.get(bea, handover.id),
        desk.handovers.say(bea, handover.id, ANSWER),
        desk.handovers.end(bea, handover.id),
    ):
        with desk.door.town.refuses(NotFound, "not_found"):
            await attempt
    assert await desk.handovers.get(new, handover.id) == handover


async def test_what_is_said_does_not_lie_open_in_the_database(desk: KeyDesk) -> None:
    new, *_ = await devices(desk)
    handover = await desk.handovers.begin(new, {"commit": "something-to-look-for"})
    async with desk.door.town.storage.read() as work:
        stored = await work.handovers.get(new.account_id, handover.id)
    assert stored is not None
    assert "something-to-look-for" not in stored.sealed_messages
    assert "something-to-look-for" in FernetVault([VAULT_KEY]).unseal(stored.sealed_messages)


async def test_it_ends_on_any_of_ones_devices_and_all_are_told(desk: KeyDesk) -> None:
    new, _, third = await devices(desk)
    handover = await desk.handovers.begin(new, ASK)
    desk.door.town.heard()
    await desk.handovers.end(third, handover.id)
    assert desk.door.town.heard() == [moved(handover, is_over=True)]
    for attempt in (
        desk.handovers.get(new, handover.id),
        desk.handovers.say(third, handover.id, ANSWER),
        desk.handovers.end(new, handover.id),
    ):
        with desk.door.town.refuses(NotFound, "not_found"):
            await attempt


async def test_a_device_that_asks_again_has_asked_once(desk: KeyDesk) -> None:
    new, old, _ = await devices(desk)
    first = await desk.handovers.begin(new, ASK)
    other = await desk.handovers.begin(old, ASK)
    desk.door.town.heard()
    second = await desk.handovers.begin(new, ANSWER)
    assert desk.door.town.heard() == [moved(first, is_over=True), moved(second)]
    with desk.door.town.refuses(NotFound, "not_found"):
        await desk.handovers.get(new, first.id)
    assert await desk.handovers.get(new, other.id) == other


async def test_after_ten_minutes_it_is_over_and_then_forgotten(desk: KeyDesk) -> None:
    new, old, _ = await devices(desk)
    handover = await desk.handovers.begin(new, ASK)
    sweep = ProofSweep(desk.door.town.storage, desk.door.clock)
    desk.door.clock.advance(LIFETIME - timedelta(seconds=1))
    await sweep.sweep()
    assert await desk.handovers.get(old, handover.id) == handover
    desk.door.clock.advance(timedelta(seconds=1))
    desk.door.town.heard()
    for attempt in (
        desk.handovers.get(old, handover.id),
        desk.handovers.say(old, handover.id, ANSWER),
        desk.handovers.end(old, handover.id),
    ):
        with desk.door.town.refuses(NotFound, "not_found"):
            await attempt
    await sweep.sweep()
    assert await _stored(desk, new, handover.id) is None


async def _stored(desk: KeyDesk, actor: Actor, handover_id: UUID) -> object:
    async with desk.door.town.storage.read() as work:
        return await work.handovers.get(actor.account_id, handover_id)


@pytest.mark.parametrize("who", [0, 1])
async def test_it_ends_with_either_session(desk: KeyDesk, who: int) -> None:
    people = await devices(desk)
    handover = await desk.handovers.begin(people[0], ASK)
    await desk.handovers.say(people[1], handover.id, ANSWER)
    await desk.door.signin.sign_out(people[2])
    assert await _stored(desk, people[0], handover.id) is not None
    await desk.door.signin.sign_out(people[who])
    assert await _stored(desk, people[0], handover.id) is None
    with pytest.raises(NotAuthenticated):
        await desk.handovers.begin(people[who], ASK)


async def test_signing_out_everywhere_ends_all(desk: KeyDesk) -> None:
    new, old, _ = await devices(desk)
    begun = [await desk.handovers.begin(device, ASK) for device in (new, old)]
    await desk.door.signin.sign_out_all(new)
    assert [await _stored(desk, new, each.id) for each in begun] == [None, None]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({}, "required"),
        ({"x": "a" * MAX_MESSAGE_CHARS}, "too_long"),
        ({"x": [[[[[[[[1]]]]]]]]}, "invalid"),
    ],
    ids=["empty", "long", "deep"],
)
async def test_what_cannot_be_passed_on_is_refused(
    desk: KeyDesk, message: dict[str, object], code: str
) -> None:
    new, old, _ = await devices(desk)
    with desk.door.town.refuses(Invalid, code, "message"):
        await desk.handovers.begin(new, message)
    handover = await desk.handovers.begin(new, ASK)
    with desk.door.town.refuses(Invalid, code, "message"):
        await desk.handovers.say(old, handover.id, message)
    longest = {"x": "a" * (MAX_MESSAGE_CHARS - len('{"x":""}'))}
    assert (await desk.handovers.say(old, handover.id, longest)).messages[1] == longest


async def test_a_refused_word_does_not_make_one_the_answerer(desk: KeyDesk) -> None:
    new, old, third = await devices(desk)
    handover = await desk.handovers.begin(new, ASK)
    with desk.door.town.refuses(Invalid, "required", "message"):
        await desk.handovers.say(third, handover.id, {})
    await desk.handovers.say(old, handover.id, ANSWER)
    with desk.door.town.refuses(Conflict, "handover_taken"):
        await desk.handovers.say(third, handover.id, ANSWER)


async def test_they_are_limited(desk: KeyDesk) -> None:
    door = desk.door
    doors = LimitsInMemory(clock_s=lambda: door.clock().timestamp())
    strict = Handovers(door.town.storage, FernetVault([VAULT_KEY]), doors, door.clock)
    new, old, _ = await devices(desk)
    begun = [await strict.begin(new, ASK) for _ in range(limits.HANDOVERS_OF.times)]
    with pytest.raises(RateLimited):
        await strict.begin(old, ASK)
    for _ in range(limits.HANDOVER_MESSAGES_OF.times):
        with pytest.raises(Conflict):
            await strict.say(new, begun[-1].id, ANSWER)
    with pytest.raises(RateLimited):
        await strict.say(new, begun[-1].id, ANSWER)
