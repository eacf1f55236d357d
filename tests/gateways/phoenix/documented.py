"""Every event that the interface documents, by its payload, its reply and what is heard of it.

What stands in braces is filled in by the scene: people and messages by their ids, keys, and texts
that were sealed. A payload has a `token` beside what stands here. What is wanted of a reply or an
announcement may be less than what there is, since more keys are welcome; a function tells of a
value whether it will do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

SYSTEM = "system:general"
GROUP = "conversation:{group}"
ANA, BEA = "user:{ana}", "user:{bea}"
DONE = "message_sent"

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def an_id(value: Any) -> bool:
    """Whether this is an id as the interface writes it."""
    return isinstance(value, str) and str(UUID(value)) == value


def a_time(value: Any) -> bool:
    """Whether this is a time as the interface writes it."""
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def a_time_or_none(value: Any) -> bool:
    """Whether this is when somebody read, if they did."""
    return value is None or a_time(value)


def all_three(value: Any) -> bool:
    """Whether these are three different people."""
    return isinstance(value, list) and len(set(value)) == 3 and all(map(an_id, value))


def both(value: Any) -> bool:
    """Whether these are two different people."""
    return isinstance(value, list) and len(set(value)) == 2 and all(map(an_id, value))


@dataclass(frozen=True)
class Opened:
    """A ciphertext that this person can open, and finds this text in it."""

    reader: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Who hears what on which topic."""

    by: str
    topic: str
    event: str
    payload: Any


@dataclass(frozen=True, kw_only=True)
class Act:
    """One event, pushed by somebody, `after` others without a payload."""

    by: str = "ana"
    after: tuple[str, ...] = ()
    topic: str
    event: str
    payload: Any
    reply: Any = DONE
    heard: tuple[Heard, ...] = ()


def _conversation(*, private: bool, alias: str | None) -> dict[str, Any]:
    shape = {"id": an_id, "private": private, "alias": alias}
    return shape | {"inserted_at": a_time, "updated_at": a_time}


def _begun(by: str, topic: str, conversation: dict[str, Any], user_ids: Any) -> Heard:
    payload = {"conversation": conversation, "user_ids": user_ids}
    return Heard(by=by, topic=topic, event="new_conversation", payload=payload)


def _message(reader: str, text: str, **rest: Any) -> dict[str, Any]:
    return {
        "id": an_id,
        "sender": "{ana}",
        "content": Opened(reader, text),
        "inserted_at": a_time,
        "updated_at": a_time,
        "message_group": an_id,
        **rest,
    }


def _told(by: str, topic: str, event: str, text: str, **rest: Any) -> Heard:
    payload = {"conversation_id": "{group}", "message": _message(by, text, **rest)}
    return Heard(by=by, topic=topic, event=event, payload=payload)


def _all_hear(event: str, payload: Any) -> tuple[Heard, ...]:
    return tuple(Heard(by=by, topic=GROUP, event=event, payload=payload) for by in ("ana", "bea"))


_BESTIES = _conversation(private=False, alias="Besties 4eva")
_NAMELESS = _conversation(private=False, alias=None)
_PRIVATE = _conversation(private=True, alias=None)
_MORE = _conversation(private=False, alias="Besties 5eva")
_SEALED = {"{ana}": "{for_ana}", "{bea}": "{for_bea}"}
_KEYS = {"public_key": "{ana_public}", "private_key": "{ana_private}"}

ACTS: dict[str, Act] = {
    "system: set_hidden": Act(
        topic=SYSTEM,
        event="set_hidden",
        payload={"hidden": True},
        heard=(
            Heard(
                by="bea",
                topic=SYSTEM,
                event="presence_diff",
                payload={"leaves": {"{ana}": {"metas": lambda metas: len(metas) == 1}}},
            ),
        ),
    ),
    "system: set_hidden, shown again": Act(
        topic=SYSTEM,
        event="set_hidden",
        payload={"hidden": False},
        heard=(
            Heard(
                by="bea",
                topic=SYSTEM,
                event="presence_diff",
                payload={"joins": {"{ana}": {"metas": lambda metas: len(metas) == 1}}},
            ),
        ),
    ),
    "system: set_display_name": Act(
        topic=SYSTEM,
        event="set_display_name",
        payload={"display_name": "New Display Name"},
        heard=(
            Heard(
                by="bea",
                topic=SYSTEM,
                event="update_display_name",
                payload={"user_id": "{ana}", "display_name": "New Display Name"},
            ),
        ),
    ),
    "system: start_group_conversation": Act(
        topic=SYSTEM,
        event="start_group_conversation",
        payload={"user_ids": ["{bea}", "{caro}"], **_KEYS, "alias": "Besties 4eva"},
        reply=an_id,
        heard=(
            _begun("ana", ANA, _BESTIES, all_three),
            _begun("bea", BEA, _BESTIES, all_three),
        ),
    ),
    "system: start_group_conversation, without alias": Act(
        topic=SYSTEM,
        event="start_group_conversation",
        payload={"user_ids": ["{ana}", "{bea}"], **_KEYS},
        reply=an_id,
        heard=(_begun("ana", ANA, _NAMELESS, both), _begun("bea", BEA, _NAMELESS, both)),
    ),
    "system: start_private_conversation": Act(
        topic=SYSTEM,
        event="start_private_conversation",
        payload={"other_user_id": "{bea}", **_KEYS},
        reply=an_id,
        heard=(_begun("ana", ANA, _PRIVATE, both), _begun("bea", BEA, _PRIVATE, both)),
    ),
    "conversation: phx_join": Act(
        by="bea",
        topic=GROUP,
        event="phx_join",
        payload={},
        reply={
            "conversation": _BESTIES | {"id": "{group}"},
            "read_times": {"{ana}": a_time_or_none, "{bea}": a_time_or_none},
            "messages": {
                "items": [_message("bea", "hello", message_group="{message}")],
                "page_token": None,
            },
            "public_keys": {"{ana}": "{ana_public}", "{bea}": "{bea_public}"},
            "private_key": "{bea_private}",
            "users": lambda users: len(users) == 2,
        },
    ),
    "conversation: change_alias": Act(
        topic=GROUP,
        event="change_alias",
        payload={"alias": "Besties 5eva"},
        heard=_all_hear("update_alias", {"alias": "Besties 5eva", "conversation": _MORE}),
    ),
    "conversation: send_message": Act(
        topic=GROUP,
        event="send_message",
        payload={"encrypted_messages": _SEALED},
        heard=(
            _told("ana", ANA, "new_message", "how are you?"),
            _told("bea", BEA, "new_message", "how are you?"),
        ),
    ),
    "conversation: edit_message": Act(
        topic=GROUP,
        event="edit_message",
        payload={"message_group_id": "{message}", "encrypted_messages": _SEALED},
        heard=(
            _told("ana", ANA, "edit_message", "how are you?", message_group="{message}"),
            _told("bea", BEA, "edit_message", "how are you?", message_group="{message}"),
        ),
    ),
    "conversation: delete_message": Act(
        topic=GROUP,
        event="delete_message",
        payload={"message_group_id": "{message}"},
        heard=_all_hear("delete_message", {"message_group_id": "{message}"}),
    ),
    "conversation: start_typing": Act(
        topic=GROUP,
        event="start_typing",
        payload={},
        heard=_all_hear("start_typing", {"user_id": "{ana}"}),
    ),
    "conversation: finish_typing": Act(
        after=("start_typing",),
        topic=GROUP,
        event="finish_typing",
        payload={},
        heard=_all_hear("finish_typing", {"user_id": "{ana}"}),
    ),
    "conversation: read_conversation": Act(
        by="bea",
        topic=GROUP,
        event="read_conversation",
        payload={},
        heard=_all_hear("read_conversation", {"user_id": "{bea}"}),
    ),
    "conversation: modify_conversation": Act(
        topic=GROUP,
        event="modify_conversation",
        payload={"new_members": ["{caro}"], "alias": "Besties 5eva"},
        heard=(_begun("ana", ANA, _MORE, all_three), _begun("bea", BEA, _MORE, all_three)),
    ),
    "conversation: set_encryption_keys": Act(
        by="bea",
        topic=GROUP,
        event="set_encryption_keys",
        payload={"public_key": "{caro_public}", "private_key": "{caro_private}"},
        heard=_all_hear("set_encryption_keys", {"user_id": "{bea}", "public_key": "{caro_public}"}),
    ),
    "conversation: leave_conversation": Act(
        by="bea",
        topic=GROUP,
        event="leave_conversation",
        payload={},
        heard=_all_hear("leave_conversation", {"user_id": "{bea}"}),
    ),
}
"""The user channel takes no events; all that is announced on it is announced by these."""
