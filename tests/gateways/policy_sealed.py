"""Who may do what where the server must not read: in encrypted groups and private chats.

Beside what is only there, this has what is done to messages and to the conversation anywhere; those
attempts are the table's of open conversations.
"""

from __future__ import annotations

from typing import Any

from tests.gateways import policy_table as table
from tests.gateways.policy_table import ANY_MEMBER, BLOCKED, MISSING, NOBODY, PRIVATE, Row

ENCRYPTED: Row = ("encrypted", "encrypted", "encrypted", MISSING, MISSING)
_CONVERSATION = "/api/conversations/{id}"
_KEYS = {"public_key": {"x": "other"}, "private_key": {"x": "wrapped"}}
_FOR_GROUP = {
    f"{{{part}}}": "sealed" for part in ("owner", "admin", "member", "other_admin", "other_member")
}
_FOR_PAIR = {"{member}": "sealed", "{other_member}": "sealed"}

ATTEMPTS: dict[str, tuple[str, str, Any]] = table.ATTEMPTS | {
    "see its keys": ("GET", f"{_CONVERSATION}/keys", None),
    "publish keys": ("PUT", f"{_CONVERSATION}/keys", _KEYS),
}


def _pushes(sealed: dict[str, str]) -> dict[str, tuple[str, Any]]:
    own, others = {"message_group_id": "{own}"}, {"message_group_id": "{others}"}
    messages, reactions = {"encrypted_messages": sealed}, {"encrypted_reactions": sealed}
    return table.PUSHES | {
        "publish keys": ("set_encryption_keys", _KEYS),
        "send sealed": ("send_message", messages),
        "reply sealed": ("send_message", messages | {"reply_to": "{others}"}),
        "edit one's own anew": ("edit_message", own | messages),
        "edit another's anew": ("edit_message", others | messages),
        "react sealed": ("react", others | reactions),
        "take sealed ones back": ("react", others | {"encrypted_reactions": {}}),
    }


GROUP_PUSHES, PRIVATE_PUSHES = _pushes(_FOR_GROUP), _pushes(_FOR_PAIR)

_AS_ANYWHERE = (
    *("see it", "catch up", "page back", "look around", "see what is pinned", "list members"),
    *("see who types", "see who speaks"),
    *("note as read", "type", "keep it one's own way", "see a message", "see readers"),
    *("delete one's own", "delete another's", "pin", "unpin", "star", "unstar"),
    *("leave", "walk in", "bring somebody in", "bring in who is banned", "rename", "slow down"),
    *("remove a member", "ban a member", "make an admin", "read the trail", "delete it"),
)
_NOT_HERE = (
    *("send", "reply", "ask", "send later", "edit one's own", "react", "take a reaction back"),
    *("forward from it", "forward to it", "see versions of one's own"),
)

GROUP: dict[str, Row] = (
    {attempt: table.GROUP[attempt] for attempt in _AS_ANYWHERE}
    | dict.fromkeys(_NOT_HERE, ENCRYPTED)
    | {
        "see its keys": ANY_MEMBER,
        "publish keys": ANY_MEMBER,
        "send sealed": ANY_MEMBER,
        "reply sealed": ANY_MEMBER,
        "edit one's own anew": ANY_MEMBER,
        "edit another's anew": NOBODY,
        "react sealed": ANY_MEMBER,
        "take sealed ones back": ANY_MEMBER,
    }
)

_SAID = (
    *("send sealed", "reply sealed", "edit one's own anew", "edit another's anew", "react sealed"),
    *("send", "reply", "ask", "edit one's own", "forward to it", "pin", "unpin"),
)


def _private_row(attempt: str) -> table.PrivateRow:
    _, _, member, outsider, _ = GROUP[attempt]
    if attempt in table.PRIVATE_CHAT and table.PRIVATE_CHAT[attempt][0] == PRIVATE:
        return table.PRIVATE_CHAT[attempt]
    return member, BLOCKED if attempt in _SAID else member, outsider


PRIVATE_CHAT: dict[str, table.PrivateRow] = {attempt: _private_row(attempt) for attempt in GROUP}
