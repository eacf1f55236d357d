"""The judge of delivery: fed with what every client sent and saw, it names what was broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as somebody holds it."""

    seq: int
    client_ref: str
    content: str


@dataclass(frozen=True, slots=True)
class Stay:
    """What somebody was told on one connection, in the order in which it came.

    `head` is the seq that the history had when they had just come.
    """

    head: int
    told: Sequence[str]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a promise was broken."""

    kind: str
    detail: str


def check(
    acknowledged: Mapping[str, Seen],
    stored: Sequence[Seen],
    listeners: Mapping[str, Sequence[Seen]],
) -> list[Fault]:
    """Compare what was acknowledged, what is stored, and what each listener ended up with.

    `acknowledged` is keyed by client_ref; `stored` is the history, oldest first; a listener's list
    is in the order in which it would show it. Returns every fault found.
    """
    faults = list(_lost(acknowledged, stored))
    faults += _doubled("history", stored)
    faults += _disordered("history", stored)
    for name, held in listeners.items():
        faults += _doubled(name, held)
        faults += _disordered(name, held)
        if list(held) != list(stored):
            missing = {seen.client_ref for seen in stored} - {seen.client_ref for seen in held}
            faults.append(Fault("diverged", f"{name} misses {sorted(missing)[:5]}"))
    return faults


def check_stays(
    acknowledged: Iterable[str],
    stored: Mapping[str, Seen],
    stays: Mapping[str, Sequence[Stay]],
) -> list[Fault]:
    """Compare what was acknowledged and what was told as it came with what is stored.

    `acknowledged` are contents; `stored` is the history by every name that a message goes by. On a
    connection everything comes once and in order, from after the head that was read when it began,
    without a hole, and on somebody's last one to the end. Returns every fault found.
    """
    history = sorted(set(stored.values()), key=lambda seen: seen.seq)
    contents = Counter(seen.content for seen in history)
    faults = [Fault("lost", content) for content in acknowledged if content not in contents]
    faults += [Fault("doubled", content) for content, times in contents.items() if times > 1]
    for name, connections in stays.items():
        for stay in connections:
            told = [stored[each] for each in stay.told]
            is_last = stay is connections[-1]
            faults += _untrue(name, stay.head, told, history, is_last=is_last)
    return faults


def _untrue(
    name: str, head: int, told: Sequence[Seen], history: Sequence[Seen], *, is_last: bool
) -> Iterable[Fault]:
    yield from _doubled(name, told)
    yield from _disordered(name, told)
    end = history[-1].seq if is_last else max((seen.seq for seen in told), default=head)
    begin = min(head + 1, min((seen.seq for seen in told), default=head + 1))
    missed = {seen for seen in history if begin <= seen.seq <= end} - set(told)
    if missed:
        texts = sorted(seen.content for seen in missed)
        yield Fault("missed", f"{name} was not told {texts[:5]} between {begin} and {end}")


def _lost(acknowledged: Mapping[str, Seen], stored: Sequence[Seen]) -> Iterable[Fault]:
    by_ref = {seen.client_ref: seen for seen in stored}
    for ref, promised in acknowledged.items():
        if ref not in by_ref:
            yield Fault("lost", f"{ref} was acknowledged at seq {promised.seq}")
        elif by_ref[ref] != promised:
            yield Fault("changed", f"{ref}: promised {promised}, stored {by_ref[ref]}")


def _doubled(where: str, held: Sequence[Seen]) -> Iterable[Fault]:
    for ref, times in Counter(seen.client_ref for seen in held).items():
        if times > 1:
            yield Fault("doubled", f"{where} has {ref} {times} times")


def _disordered(where: str, held: Sequence[Seen]) -> Iterable[Fault]:
    for earlier, later in zip(held, held[1:], strict=False):
        if later.seq <= earlier.seq:
            yield Fault("disordered", f"{where} shows seq {later.seq} after {earlier.seq}")
