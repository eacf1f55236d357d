"""The core's values as JSON objects."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from tertulia.core import message as core
from tertulia.core import model
from tertulia.gateways import objects

AT = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
ANA, BEA, CHAT, MESSAGE = (UUID(int=number) for number in range(1, 5))


def account(account_id: UUID, name: str) -> model.Account:
    return model.Account(
        id=account_id,
        number=account_id.int,
        email=f"{name}@example.org",
        username=name,
        display_name=name.title(),
        avatar=None,
        confirmed_at=None,
        profile=model.Profile(),
        inserted_at=AT,
        updated_at=AT,
    )


def message(**fields: Any) -> core.Message:
    shown = {"id": MESSAGE, "conversation_id": CHAT, "seq": 2, "changed_seq": 2, "sender_id": BEA}
    rest = {"client_ref": None, "body": "hello", "reply_to": None, "inserted_at": AT}
    return core.Message(**{**shown, **rest, **fields})


def private_chat() -> model.Chat:
    conversation = model.Conversation(
        id=CHAT,
        number=7,
        kind=model.Kind.PRIVATE,
        encrypted=False,
        name=None,
        alias=None,
        topic=None,
        description=None,
        head_seq=2,
        member_count=2,
        inserted_at=AT,
        updated_at=AT,
        last_activity_at=AT + timedelta(seconds=1),
    )
    return model.Chat(
        conversation=conversation,
        member=member(ANA),
        unread=1,
        last_message=message(),
        others_read_seq=2,
        peer=account(BEA, "bea"),
    )


def member(account_id: UUID) -> model.Member:
    return model.Member(
        conversation_id=CHAT,
        account_id=account_id,
        role=model.Role.MEMBER,
        joined_at=AT,
        joined_seq=1,
        changed_seq=1,
        read_seq=1,
        read_at=AT,
    )


def worded(value: object) -> Any:
    return json.loads(msgspec.json.encode(value))


def test_times_have_milliseconds_and_a_z() -> None:
    assert objects.time(AT) == "2026-01-02T03:04:05.678Z"
    assert objects.time(AT.replace(microsecond=0)) == "2026-01-02T03:04:05.000Z"


def test_a_message_was_updated_when_it_was_last_touched() -> None:
    edited_at, deleted_at = AT + timedelta(minutes=1), AT + timedelta(minutes=2)
    fresh = objects.message(message())
    edited = objects.message(message(edited_at=edited_at))
    deleted = objects.message(message(edited_at=edited_at, deleted_at=deleted_at, body=None))
    assert (fresh.updated_at, fresh.edited) == (objects.time(AT), False)
    assert (edited.updated_at, edited.edited) == (objects.time(edited_at), True)
    assert deleted.updated_at == objects.time(deleted_at)
    assert (deleted.is_deleted, deleted.content) == (True, "")


def test_ones_own_conversation_is_the_conversation_and_more() -> None:
    chat = private_chat()
    own = worded(objects.own_conversation(chat))
    assert own.items() >= worded(objects.conversation(chat.conversation)).items()
    assert own["private"] is True
    assert own["peer"] == worded(objects.user(account(BEA, "bea")))
    assert own["last_message"] == worded(objects.message(message()))
    assert own["last_activity_at"] == "2026-01-02T03:04:06.678Z"
    assert (own["unread"], own["read_seq"], own["others_read_seq"]) == (1, 1, 2)


def test_a_room_of_the_directory_says_whether_one_is_in_it() -> None:
    conversation = private_chat().conversation
    listed = worded(objects.listing(model.Listing(conversation=conversation, joined=True)))
    assert listed == {**worded(objects.conversation(conversation)), "joined": True}


def test_changes_are_complete_when_they_reach_the_head() -> None:
    changes = model.Changes(
        chat=private_chat(),
        since=0,
        seq=1,
        messages=(),
        members=(member(BEA),),
        people=(account(ANA, "ana"), account(BEA, "bea")),
        reads=(member(ANA), member(BEA)),
    )
    shown = worded(objects.changes(changes))
    assert (shown["since"], shown["seq"], shown["complete"]) == (0, 1, False)
    assert shown["members"][0]["user"]["username"] == "bea"
    assert shown["members"][0]["read_at"] == "2026-01-02T03:04:05.678Z"
    assert shown["read_seqs"] == {str(ANA): 1, str(BEA): 1}
    assert "unread" not in shown["conversation"]
