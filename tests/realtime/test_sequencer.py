"""Changes in the order of their seq, however they come."""

from hypothesis import given
from hypothesis import strategies as st

from tertulia.realtime.sequencer import MAX_EARLY, Sequencer
from tests.realtime.facts import sent


def _started(head: int) -> Sequencer:
    sequencer = Sequencer()
    assert sequencer.start(head) == []
    return sequencer


def _taken(sequencer: Sequencer, *seqs: int) -> list[int]:
    return [change.seq for seq in seqs for change in sequencer.take(sent(seq))]


@given(st.permutations(range(4, 14)))
def test_every_change_goes_out_once_and_in_order_however_they_come(seqs: list[int]) -> None:
    assert _taken(_started(3), *seqs, *seqs) == list(range(4, 14))


def test_a_change_that_comes_early_waits_for_what_is_missing() -> None:
    sequencer = _started(3)
    assert _taken(sequencer, 5, 6) == []
    assert sequencer.has_hole
    assert _taken(sequencer, 4) == [4, 5, 6]
    assert not sequencer.has_hole


def test_a_hole_that_does_not_fill_is_jumped_and_what_comes_too_late_is_dropped() -> None:
    sequencer = _started(3)
    _taken(sequencer, 6, 5, 8)
    assert [change.seq for change in sequencer.jump()] == [5, 6]
    assert _taken(sequencer, 4, 7) == [7, 8]
    assert sequencer.jump() == []


def test_everything_waits_until_somebody_says_where_to_begin() -> None:
    sequencer = Sequencer()
    assert _taken(sequencer, 5, 3, 4) == []
    assert not sequencer.has_hole
    assert [change.seq for change in sequencer.start(3)] == [4, 5]
    assert sequencer.start(2) == []
    assert sequencer.head == 5


def test_more_early_changes_than_may_wait_jump_the_hole() -> None:
    last = 5 + MAX_EARLY
    sequencer = _started(3)
    assert _taken(sequencer, *range(last, 5, -1)) == []
    assert _taken(sequencer, 5) == list(range(5, last + 1))


def test_before_the_beginning_the_oldest_changes_give_way() -> None:
    sequencer = Sequencer()
    _taken(sequencer, *range(1, MAX_EARLY + 3))
    assert [change.seq for change in sequencer.start(0)] == []
    assert [change.seq for change in sequencer.jump()] == list(range(3, MAX_EARLY + 3))
