"""What becomes of the drafts of one batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.core.ids import new_id
from tertulia.core.model import Message
from tertulia.storage.journal_batch import Facts, settle
from tests import examples as eg

if TYPE_CHECKING:
    from tertulia.core.errors import Refusal
    from tertulia.core.model import Draft

ROOM, OTHER_ROOM = new_id(), new_id()
ANA, BEA, STRANGER = new_id(), new_id(), new_id()
LATER = eg.moment(minutes=1)


def facts(**changes: Any) -> Facts:
    """Ana and Bea are in both rooms, where nobody has written yet."""
    usual: dict[str, Any] = {
        "heads": {ROOM: 4, OTHER_ROOM: 1},
        "encrypted": set(),
        "members": {(room, person) for room in (ROOM, OTHER_ROOM) for person in (ANA, BEA)},
        "silenced": set(),
        "sent": {},
        "replied": set(),
    }
    return Facts(**{**usual, **changes})


def outcomes(drafts: list[Draft], known: Facts) -> list[Message | Refusal]:
    """Settle a batch and return what becomes of each draft."""
    return settle(drafts, known, LATER).outcomes


def test_messages_take_the_seqs_after_the_head_of_their_conversation() -> None:
    drafts = [eg.draft(room, ANA) for room in (ROOM, OTHER_ROOM, ROOM, ROOM)]
    settled = settle(drafts, facts(), LATER)

    assert [(message.conversation_id, message.seq) for message in settled.fresh] == [
        (ROOM, 5),
        (OTHER_ROOM, 2),
        (ROOM, 6),
        (ROOM, 7),
    ]
    assert settled.outcomes == settled.fresh
    assert settled.heads == {ROOM: 7, OTHER_ROOM: 2}


def test_a_message_is_its_draft_at_the_moment_of_writing() -> None:
    reply_to = new_id()
    draft = eg.draft(ROOM, BEA, body="Yes", client_ref="r", reply_to=reply_to)
    (message,) = settle([draft], facts(replied={(ROOM, reply_to)}), LATER).fresh

    assert message == eg.message(
        id=message.id,
        conversation_id=ROOM,
        seq=5,
        changed_seq=5,
        sender_id=BEA,
        client_ref="r",
        body="Yes",
        reply_to=reply_to,
        inserted_at=LATER,
    )


def test_a_refused_draft_takes_no_seq_and_hurts_no_other() -> None:
    drafts = [
        eg.draft(ROOM, ANA),
        eg.draft(ROOM, STRANGER),
        eg.draft(new_id(), ANA),
        eg.draft(ROOM, ANA, reply_to=new_id()),
        eg.draft(ROOM, BEA),
    ]
    first, *refused, last = outcomes(drafts, facts())

    assert [type(refusal) for refusal in refused] == [NotFound, NotFound, Invalid]
    assert isinstance(first, Message)
    assert isinstance(last, Message)
    assert (first.seq, last.seq) == (5, 6)


def test_a_reply_goes_to_a_message_of_the_same_conversation() -> None:
    message_id = new_id()
    known = facts(replied={(OTHER_ROOM, message_id)})
    here, there = outcomes(
        [eg.draft(room, ANA, reply_to=message_id) for room in (ROOM, OTHER_ROOM)], known
    )

    assert isinstance(here, Invalid)
    assert here.attr == "reply_to"
    assert isinstance(there, Message)


def test_an_encrypted_conversation_takes_no_readable_message() -> None:
    (refusal,) = outcomes([eg.draft(ROOM, ANA)], facts(encrypted={ROOM}))

    assert isinstance(refusal, Conflict)
    assert refusal.code == "encrypted"


def test_a_stranger_is_not_told_that_a_conversation_is_encrypted() -> None:
    (refusal,) = outcomes([eg.draft(ROOM, STRANGER)], facts(encrypted={ROOM}))

    assert isinstance(refusal, NotFound)


def test_somebody_silenced_says_nothing_there_and_speaks_elsewhere() -> None:
    known = facts(silenced={(ROOM, ANA)}, encrypted={ROOM})
    drafts = [eg.draft(ROOM, ANA), eg.draft(OTHER_ROOM, ANA)]
    refusal, sent = outcomes(drafts, known)

    assert isinstance(refusal, Forbidden)
    assert refusal.code == "blocked"
    assert isinstance(sent, Message)


def test_others_speak_on_beside_somebody_silenced() -> None:
    settled = settle(
        [eg.draft(ROOM, person) for person in (ANA, BEA)], facts(silenced={(ROOM, ANA)}), LATER
    )

    assert [message.sender_id for message in settled.fresh] == [BEA]
    assert settled.heads == {ROOM: 5}


def test_a_repeat_is_answered_even_after_its_sender_was_silenced() -> None:
    first = eg.message(sender_id=ANA, client_ref="r")
    known = facts(sent={(ANA, "r"): first}, silenced={(ROOM, ANA)})

    assert outcomes([eg.draft(ROOM, ANA, client_ref="r")], known) == [first]


def test_a_repeat_is_answered_with_the_first_message() -> None:
    first = eg.message(sender_id=ANA, client_ref="r")
    settled = settle([eg.draft(ROOM, ANA, client_ref="r")], facts(sent={(ANA, "r"): first}), LATER)

    assert settled.outcomes == [first]
    assert settled.fresh == []
    assert settled.heads == {}


def test_a_repeat_is_answered_even_after_its_sender_has_left() -> None:
    first = eg.message(sender_id=STRANGER, client_ref="r")
    known = facts(sent={(STRANGER, "r"): first})

    assert outcomes([eg.draft(ROOM, STRANGER, client_ref="r")], known) == [first]


def test_repeats_within_one_batch_are_one_message() -> None:
    drafts = [eg.draft(ROOM, ANA, client_ref="r", body=body) for body in ("one", "two")]
    settled = settle(drafts, facts(), LATER)

    assert settled.outcomes == [settled.fresh[0], settled.fresh[0]]
    assert [message.body for message in settled.fresh] == ["one"]


def test_a_reference_belongs_to_its_sender_alone() -> None:
    drafts = [eg.draft(ROOM, person, client_ref="r") for person in (ANA, BEA)]

    assert len(settle(drafts, facts(), LATER).fresh) == 2


def test_a_refused_reference_is_free_for_the_next_attempt() -> None:
    drafts = [
        eg.draft(ROOM, ANA, client_ref="r", reply_to=new_id()),
        eg.draft(ROOM, ANA, client_ref="r"),
    ]
    refused, sent = outcomes(drafts, facts())

    assert isinstance(refused, Invalid)
    assert isinstance(sent, Message)
