"""Changes in the order of their seq, however they come."""

from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.presence_events import TypingStarted
from tertulia.realtime.saying import Saying
from tertulia.realtime.sequencer import MAX_EARLY, Sequencer
from tertulia.realtime.topic import ConversationTopic
from tests.realtime.facts import ANA, CHAT, face_of, sent

TOPIC = ConversationTopic(CHAT)


def _taken(sequencer: Sequencer, *seqs: int) -> list[int | None]:
    sayings = (Saying(TOPIC, sent(seq)) for seq in seqs)
    return [each.seq for saying in sayings for each in sequencer.take(saying)]


def _jumped(sequencer: Sequencer) -> list[int | None]:
    return [each.seq for each in sequencer.jump()]


@given(st.permutations(range(4, 14)))
def test_every_change_goes_out_once_and_in_order_however_they_come(seqs: list[int]) -> None:
    assert _taken(Sequencer(3), *seqs, *seqs) == list(range(4, 14))


def test_a_change_that_comes_early_waits_for_what_is_missing() -> None:
    sequencer = Sequencer(3)
    assert _taken(sequencer, 5, 6) == []
    assert sequencer.has_hole
    assert _taken(sequencer, 4) == [4, 5, 6]
    assert not sequencer.has_hole


def test_what_took_no_seq_goes_out_at_once() -> None:
    sequencer = Sequencer(3)
    typing = Saying(TOPIC, TypingStarted(conversation_id=CHAT, person=face_of(ANA)))
    _taken(sequencer, 5)
    assert list(sequencer.take(typing)) == [typing]


def test_a_hole_that_does_not_fill_is_jumped_and_what_comes_too_late_is_dropped() -> None:
    sequencer = Sequencer(3)
    _taken(sequencer, 6, 5, 8)
    assert _jumped(sequencer) == [5, 6]
    assert _taken(sequencer, 4, 7) == [7, 8]
    assert _jumped(sequencer) == []


def test_it_says_when_more_early_changes_wait_than_may_and_loses_none() -> None:
    last = 5 + MAX_EARLY
    sequencer = Sequencer(3)
    full = []
    for seqs in (range(last, 5, -1), range(5, 4, -1)):
        assert _taken(sequencer, *seqs) == []
        full.append(sequencer.is_full)
    assert _taken(sequencer, 4) == list(range(4, last + 1))
    assert [*full, sequencer.is_full] == [False, True, False]
