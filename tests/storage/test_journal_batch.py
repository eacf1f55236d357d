"""What becomes of the drafts of one batch."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited
from tertulia.core.ids import new_id
from tertulia.core.message import Attachment, Extras, Message, Origin, Reaction
from tertulia.core.model import Face
from tertulia.storage.journal_batch import Facts, Slowed, sealed_into, settle
from tests import examples as eg

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tertulia.core.errors import Refusal
    from tertulia.core.message import Draft

ROOM, OTHER_ROOM = new_id(), new_id()
ANA, BEA, STRANGER = new_id(), new_id(), new_id()
LATER = eg.moment(minutes=1)
FILE = new_id()
FACES = {
    each: Face(each, number, None, "Somebody", None) for number, each in enumerate((ANA, BEA), 1)
}
CARRIED = Extras(
    attachments=(Attachment(id=FILE, name="a.png", kind="image", media_type="image/png", size=1),)
)
COPIED = Extras(
    attachments=CARRIED.attachments,
    origin=Origin(message_id=new_id(), sender_id=STRANGER, conversation_id=None),
)


def facts(**changes: Any) -> Facts:
    """Ana and Bea are in both rooms, where nobody has written yet."""
    usual: dict[str, Any] = {
        "heads": {ROOM: 4, OTHER_ROOM: 1},
        "encrypted": set(),
        "members": {
            (room, person): FACES[person] for room in (ROOM, OTHER_ROOM) for person in (ANA, BEA)
        },
        "silenced": set(),
        "sent": {},
        "replied": set(),
    }
    return Facts(**{**usual, **changes})


def in_secret(have_keys: dict[UUID, bool] | None = None) -> Facts:
    """The room is encrypted; both of them are there, and have keys."""
    return facts(encrypted={ROOM}, have_keys={ROOM: have_keys or {ANA: True, BEA: True}})


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


def test_what_is_sealed_for_exactly_its_members_is_a_copy_for_each() -> None:
    draft = eg.draft(ROOM, ANA, body=None, copies={ANA: "a", BEA: "b"}, client_ref="r")
    settled = settle([draft, draft, eg.draft(OTHER_ROOM, BEA)], in_secret(), LATER)
    first, again, open_one = settled.outcomes

    assert isinstance(first, Message)
    assert first is again
    assert (first.body, first.copy) == (None, settled.copies[first.id][ANA])
    assert {who: copy.content for who, copy in settled.copies[first.id].items()} == {
        ANA: "a",
        BEA: "b",
    }
    assert isinstance(open_one, Message)
    assert open_one.copy is None
    assert settled.copies.keys() == {first.id}
    assert settled.copy_rows() == [
        (ROOM, who, 5, copy.id, copy.content) for who, copy in settled.copies[first.id].items()
    ]


@pytest.mark.parametrize(
    ("copies", "has_keys", "code"),
    [
        ({ANA: "a"}, True, "not_enough_recipients"),
        ({}, True, "not_enough_recipients"),
        ({ANA: "a", BEA: "b", STRANGER: "c"}, True, "too_many_recipients"),
        ({ANA: "a", STRANGER: "c"}, True, "too_many_recipients"),
        ({ANA: "a", BEA: "b"}, False, "missing_keys"),
        ({ANA: "a"}, False, "missing_keys"),
    ],
)
def test_what_is_sealed_for_others_is_refused(
    copies: dict[UUID, str], has_keys: bool, code: str
) -> None:
    known = in_secret({ANA: True, BEA: has_keys})
    settled = settle([eg.draft(ROOM, ANA, body=None, copies=copies)], known, LATER)
    (refusal,) = settled.outcomes

    assert isinstance(refusal, Conflict)
    assert refusal.code == code
    assert (settled.fresh, settled.copies) == ([], {})


def test_an_open_conversation_takes_nothing_sealed() -> None:
    (refusal,) = outcomes([eg.draft(ROOM, ANA, body=None, copies={ANA: "a"})], facts())

    assert isinstance(refusal, Conflict)
    assert refusal.code == "not_encrypted"


def test_only_of_what_is_sealed_into_encrypted_conversations_more_is_asked() -> None:
    open_one = eg.draft(ROOM, ANA)
    sealed_one = eg.draft(ROOM, ANA, body=None, copies={ANA: "a"})

    assert sealed_into([open_one, sealed_one], set()) == set()
    assert sealed_into([open_one], {ROOM}) == set()
    assert sealed_into([open_one, sealed_one], {ROOM, OTHER_ROOM}) == {ROOM}


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
    first = eg.message(conversation_id=ROOM, sender_id=ANA, client_ref="r")
    known = facts(sent={(ANA, "r"): first}, silenced={(ROOM, ANA)})

    assert outcomes([eg.draft(ROOM, ANA, client_ref="r")], known) == [first]


def test_a_repeat_is_answered_with_the_first_message() -> None:
    first = eg.message(conversation_id=ROOM, sender_id=ANA, client_ref="r")
    settled = settle([eg.draft(ROOM, ANA, client_ref="r")], facts(sent={(ANA, "r"): first}), LATER)

    assert settled.outcomes == [first]
    assert settled.fresh == []
    assert settled.heads == {}


def test_a_repeat_is_answered_even_after_its_sender_has_left() -> None:
    first = eg.message(conversation_id=ROOM, sender_id=STRANGER, client_ref="r")
    known = facts(sent={(STRANGER, "r"): first})

    assert outcomes([eg.draft(ROOM, STRANGER, client_ref="r")], known) == [first]


@pytest.mark.parametrize("is_deleted", [False, True])
def test_who_is_gone_is_answered_without_what_others_did(is_deleted: bool) -> None:
    sender = BEA if is_deleted else STRANGER
    first = eg.message(conversation_id=ROOM, sender_id=sender, client_ref="r")
    reactions = (Reaction("🎉", (ANA,)),)
    now = replace(
        first, changed_seq=9, pinned_at=LATER, extras=replace(first.extras, reactions=reactions)
    )
    known = facts(sent={(sender, "r"): now}, heads={} if is_deleted else {ROOM: 9})

    assert outcomes([eg.draft(ROOM, sender, client_ref="r")], known) == [first]


def test_repeats_within_one_batch_are_one_message() -> None:
    drafts = [eg.draft(ROOM, ANA, client_ref="r", body=body) for body in ("one", "two")]
    settled = settle(drafts, facts(), LATER)

    assert settled.outcomes == [settled.fresh[0], settled.fresh[0]]
    assert [message.body for message in settled.fresh] == ["one"]


def test_the_reference_of_a_message_elsewhere_is_refused_and_hurts_no_other() -> None:
    first = eg.message(conversation_id=OTHER_ROOM, sender_id=ANA, client_ref="r")
    drafts = [
        eg.draft(ROOM, ANA, client_ref="r"),
        eg.draft(ROOM, ANA, client_ref="s"),
        eg.draft(OTHER_ROOM, ANA, client_ref="s"),
        eg.draft(OTHER_ROOM, BEA),
        eg.draft(OTHER_ROOM, ANA, client_ref="r"),
    ]
    settled = settle(drafts, facts(sent={(ANA, "r"): first}), LATER)
    refused, one, refused_too, other, again = settled.outcomes

    for each in (refused, refused_too):
        assert isinstance(each, Conflict)
        assert (each.code, each.attr) == ("client_ref_taken", "client_ref")
    assert settled.fresh == [one, other]
    assert again == first
    assert settled.heads == {ROOM: 5, OTHER_ROOM: 2}


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


def test_a_plain_member_in_slow_mode_sends_once_in_a_batch_and_takes_one_seq() -> None:
    slowed = {(ROOM, ANA): Slowed(timedelta(seconds=30), eg.moment(-9))}
    drafts = [eg.draft(ROOM, ANA), eg.draft(ROOM, ANA), eg.draft(ROOM, BEA), eg.draft(ROOM, BEA)]
    settled = settle(drafts, facts(slowed=slowed), LATER)

    one, two, three, four = settled.outcomes
    assert isinstance(two, RateLimited)
    assert two.retry_after_s == 30
    assert settled.fresh == [one, three, four]
    assert [message.seq for message in settled.fresh] == [5, 6, 7]
    assert settled.slowed == {(ROOM, ANA)}


@pytest.mark.parametrize(("ago_s", "waits_s"), [(30, 0), (31, 0), (29, 1), (0, 30)])
def test_slow_mode_counts_from_the_last_message(ago_s: int, waits_s: int) -> None:
    last = LATER - timedelta(seconds=ago_s)
    slowed = {(ROOM, ANA): Slowed(timedelta(seconds=30), last)}
    (outcome,) = outcomes([eg.draft(ROOM, ANA)], facts(slowed=slowed))

    waits = outcome.retry_after_s if isinstance(outcome, RateLimited) else 0
    assert waits == waits_s


def test_who_has_never_sent_in_slow_mode_does_not_wait() -> None:
    slowed = {(ROOM, ANA): Slowed(timedelta(seconds=30), None)}
    (outcome,) = outcomes([eg.draft(ROOM, ANA)], facts(slowed=slowed))
    assert isinstance(outcome, Message)


@pytest.mark.parametrize(
    ("uploads", "is_sent", "is_copied"),
    [
        ({}, False, False),
        ({FILE: eg.moment(minutes=9)}, True, False),
        ({FILE: LATER}, False, False),
        ({FILE: None}, False, True),
    ],
    ids=["gone", "free", "thrown away at this moment", "in a message"],
)
def test_a_file_is_sent_while_it_is_free_and_copied_while_a_message_has_it(
    uploads: dict[UUID, datetime | None], is_sent: bool, is_copied: bool
) -> None:
    for extras, is_taken in ((CARRIED, is_sent), (COPIED, is_copied)):
        settled = settle([eg.draft(ROOM, ANA, extras=extras)], facts(uploads=uploads), LATER)
        (outcome,) = settled.outcomes
        assert isinstance(outcome, Message) is is_taken
        assert settled.carried == ({FILE} if is_taken else set())
        if isinstance(outcome, Message):
            assert settled.media == [(ROOM, 5, 0, "image", FILE)]
        else:
            assert isinstance(outcome, Invalid)
            assert outcome.attr == "attachments"


def test_of_two_messages_with_one_file_in_a_batch_the_first_has_it() -> None:
    drafts = [eg.draft(ROOM, ANA, extras=extras) for extras in (CARRIED, CARRIED, COPIED)]
    first, second, copy = outcomes(drafts, facts(uploads={FILE: eg.moment(minutes=9)}))
    assert isinstance(first, Message)
    assert isinstance(second, Invalid)
    assert isinstance(copy, Message)
