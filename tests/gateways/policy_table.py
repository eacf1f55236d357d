"""Who may do what: every action by its request, and what comes of it for whom.

To add an action, add its request to ATTEMPTS, a row to GROUP (and to ROOM and PRIVATE_CHAT where it
differs there), and its push to PUSHES if Phoenix Channels have one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tertulia.core.clock import utc_now
from tests.core.desk import a_picture

DONE = "done"
DENIED, MISSING, PRIVATE = "permission_denied", "not_found", "private_conversation"
BANNED, BLOCKED = "banned", "blocked"

IN_A_WEEK = (utc_now() + timedelta(days=7)).isoformat()
_CONVERSATION = "/api/conversations/{id}"
_OWN, _OTHERS = "/api/messages/{own}", "/api/messages/{others}"

ATTEMPTS: dict[str, tuple[str, str, Any]] = {
    "see it": ("GET", _CONVERSATION, None),
    "catch up": ("GET", f"{_CONVERSATION}/changes?since=0", None),
    "page back": ("GET", "/api/messages?conversation_id={id}", None),
    "look around": ("GET", f"{_CONVERSATION}/around?seq=1", None),
    "look through its media": ("GET", f"{_CONVERSATION}/media?kind=link", None),
    "see what is pinned": ("GET", f"{_CONVERSATION}/pinned", None),
    "list members": ("GET", f"{_CONVERSATION}/members", None),
    "note as read": ("POST", f"{_CONVERSATION}/read", {}),
    "type": ("POST", f"{_CONVERSATION}/typing", {"typing": True}),
    "see who types": ("GET", f"{_CONVERSATION}/typing", None),
    "see who speaks": ("GET", f"{_CONVERSATION}/voice", None),
    "decline what does not ring": ("POST", f"{_CONVERSATION}/voice/decline", None),
    "keep it one's own way": ("PATCH", f"{_CONVERSATION}/preferences", {"pinned": False}),
    "send": ("POST", f"{_CONVERSATION}/messages", {"content": "Hello"}),
    "reply": ("POST", f"{_CONVERSATION}/messages", {"content": "Yes", "reply_to": "{others}"}),
    "ask": (
        "POST",
        f"{_CONVERSATION}/messages",
        {"content": "", "poll": {"question": "When?", "options": ["Now", "Later"]}},
    ),
    "send later": (
        "POST",
        f"{_CONVERSATION}/scheduled",
        {"content": "Hello", "send_at": IN_A_WEEK},
    ),
    "bring a file": (
        "POST",
        "/api/uploads/resumable",
        {"conversation_id": "{id}", "name": "notes.txt", "size": 5},
    ),
    "see a message": ("GET", _OTHERS, None),
    "edit one's own": ("PATCH", _OWN, {"content": "Hello"}),
    "edit another's": ("PATCH", _OTHERS, {"content": "Hello"}),
    "delete one's own": ("DELETE", _OWN, None),
    "delete another's": ("DELETE", _OTHERS, None),
    "react": ("POST", f"{_OTHERS}/reactions", {"emoji": "🎉"}),
    "take a reaction back": ("DELETE", f"{_OTHERS}/reactions/%F0%9F%8E%89", None),
    "pin": ("PUT", f"{_OTHERS}/pin", None),
    "unpin": ("DELETE", f"{_OTHERS}/pin", None),
    "star": ("PUT", f"{_OTHERS}/star", None),
    "unstar": ("DELETE", f"{_OTHERS}/star", None),
    "vote": ("POST", "/api/messages/{others_poll}/votes", {"choices": [0]}),
    "close one's own poll": ("POST", "/api/messages/{own_poll}/close_poll", None),
    "close another's poll": ("POST", "/api/messages/{others_poll}/close_poll", None),
    "forward from it": ("POST", f"{_OTHERS}/forward", {"conversation_ids": ["{elsewhere}"]}),
    "forward to it": (
        "POST",
        "/api/messages/{elsewhere_message}/forward",
        {"conversation_ids": ["{id}"]},
    ),
    "see versions of one's own": ("GET", f"{_OWN}/versions", None),
    "see versions of another's": ("GET", f"{_OTHERS}/versions", None),
    "see readers": ("GET", f"{_OTHERS}/readers", None),
    "walk in": ("POST", f"{_CONVERSATION}/join", None),
    "leave": ("POST", f"{_CONVERSATION}/leave", None),
    "bring somebody in": ("POST", f"{_CONVERSATION}/members", {"user_ids": ["{guest}"]}),
    "bring in who is banned": ("POST", f"{_CONVERSATION}/members", {"user_ids": ["{banned}"]}),
    "bring in who blocks one": ("POST", f"{_CONVERSATION}/members", {"user_ids": ["{blocker}"]}),
    "invite by name": ("POST", f"{_CONVERSATION}/invites", {"username": "{guest_name}"}),
    "invite who blocks one": ("POST", f"{_CONVERSATION}/invites", {"username": "{blocker_name}"}),
    "invite by number": ("POST", f"{_CONVERSATION}/invites", {"phone": "+34600123456"}),
    "invite by link": ("POST", f"{_CONVERSATION}/invites", {}),
    "list links": ("GET", f"{_CONVERSATION}/invites", None),
    "revoke one's own link": ("DELETE", f"{_CONVERSATION}/invites/{{own_invite}}", None),
    "revoke another's link": ("DELETE", f"{_CONVERSATION}/invites/{{others_invite}}", None),
    "look at a link": ("GET", "/api/invites/{token}", None),
    "come by a link": ("POST", "/api/invites/{token}", None),
    "rename": ("PATCH", _CONVERSATION, {"alias": "Ours"}),
    "describe": ("PATCH", _CONVERSATION, {"description": "Ours"}),
    "slow down": ("PATCH", _CONVERSATION, {"slow_mode_s": 5}),
    "change its picture": ("PUT", f"{_CONVERSATION}/picture", a_picture()),
    "remove its picture": ("DELETE", f"{_CONVERSATION}/picture", None),
    "remove a member": ("DELETE", f"{_CONVERSATION}/members/{{other_member}}", None),
    "remove an admin": ("DELETE", f"{_CONVERSATION}/members/{{other_admin}}", None),
    "remove the owner": ("DELETE", f"{_CONVERSATION}/members/{{owner}}", None),
    "ban a member": ("POST", f"{_CONVERSATION}/bans", {"user_id": "{other_member}"}),
    "ban an admin": ("POST", f"{_CONVERSATION}/bans", {"user_id": "{other_admin}"}),
    "ban the owner": ("POST", f"{_CONVERSATION}/bans", {"user_id": "{owner}"}),
    "ban who is not in it": ("POST", f"{_CONVERSATION}/bans", {"user_id": "{guest}"}),
    "lift a ban": ("DELETE", f"{_CONVERSATION}/bans/{{banned}}", None),
    "list bans": ("GET", f"{_CONVERSATION}/bans", None),
    "make an admin": ("PATCH", f"{_CONVERSATION}/members/{{other_member}}", {"role": "admin"}),
    "hand over": ("PATCH", f"{_CONVERSATION}/members/{{other_member}}", {"role": "owner"}),
    "unmake an admin": ("PATCH", f"{_CONVERSATION}/members/{{other_admin}}", {"role": "member"}),
    "read the trail": ("GET", f"{_CONVERSATION}/audit", None),
    "delete it": ("DELETE", _CONVERSATION, None),
}

PUSHES: dict[str, tuple[str, Any]] = {
    "note as read": ("read_conversation", {}),
    "type": ("start_typing", {}),
    "send": ("send_message", {"content": "Hello"}),
    "reply": ("send_message", {"content": "Yes", "reply_to": "{others}"}),
    "ask": ("send_message", {"poll": {"question": "When?", "options": ["Now", "Later"]}}),
    "edit one's own": ("edit_message", {"message_group_id": "{own}", "content": "Hello"}),
    "edit another's": ("edit_message", {"message_group_id": "{others}", "content": "Hello"}),
    "delete one's own": ("delete_message", {"message_group_id": "{own}"}),
    "delete another's": ("delete_message", {"message_group_id": "{others}"}),
    "react": ("react", {"message_group_id": "{others}", "emoji": "🎉"}),
    "take a reaction back": ("unreact", {"message_group_id": "{others}", "emoji": "🎉"}),
    "pin": ("pin", {"message_group_id": "{others}"}),
    "unpin": ("unpin", {"message_group_id": "{others}"}),
    "vote": ("vote", {"message_group_id": "{others_poll}", "choices": [0]}),
    "close one's own poll": ("close_poll", {"message_group_id": "{own_poll}"}),
    "close another's poll": ("close_poll", {"message_group_id": "{others_poll}"}),
    "rename": ("change_alias", {"alias": "Ours"}),
    "leave": ("leave_conversation", {}),
    "bring somebody in": ("modify_conversation", {"new_members": ["{guest}"]}),
    "bring in who is banned": ("modify_conversation", {"new_members": ["{banned}"]}),
    "bring in who blocks one": ("modify_conversation", {"new_members": ["{blocker}"]}),
}

PARTS = ("owner", "admin", "member", "outsider", "banned")
Row = tuple[str, str, str, str, str]

# What comes of it for each of PARTS.
ANY_MEMBER: Row = (DONE, DONE, DONE, MISSING, MISSING)
OWNER_AND_ADMINS: Row = (DONE, DONE, DENIED, MISSING, MISSING)
OWNER_ALONE: Row = (DONE, DENIED, DENIED, MISSING, MISSING)
NOBODY: Row = (DENIED, DENIED, DENIED, MISSING, MISSING)
NOT_THE_OWNER: Row = ("use_leave", DENIED, DENIED, MISSING, MISSING)

GROUP: dict[str, Row] = dict.fromkeys(ATTEMPTS, ANY_MEMBER) | {
    "edit another's": NOBODY,
    "delete another's": OWNER_AND_ADMINS,
    "close another's poll": OWNER_AND_ADMINS,
    "see versions of another's": NOBODY,
    "decline what does not ring": (MISSING, MISSING, MISSING, MISSING, MISSING),
    "walk in": (MISSING, MISSING, MISSING, MISSING, MISSING),
    "bring in who is banned": (BANNED, BANNED, BANNED, MISSING, MISSING),
    "bring in who blocks one": (BLOCKED, BLOCKED, BLOCKED, MISSING, MISSING),
    "invite who blocks one": (BLOCKED, BLOCKED, BLOCKED, MISSING, MISSING),
    "revoke another's link": OWNER_AND_ADMINS,
    "look at a link": (DONE, DONE, DONE, DONE, DONE),
    "come by a link": (DONE, DONE, DONE, DONE, BANNED),
    "rename": OWNER_ALONE,
    "describe": OWNER_ALONE,
    "slow down": OWNER_ALONE,
    "change its picture": OWNER_ALONE,
    "remove its picture": OWNER_ALONE,
    "remove a member": OWNER_AND_ADMINS,
    "remove an admin": OWNER_ALONE,
    "remove the owner": NOT_THE_OWNER,
    "ban a member": OWNER_AND_ADMINS,
    "ban an admin": OWNER_ALONE,
    "ban the owner": NOT_THE_OWNER,
    "ban who is not in it": OWNER_AND_ADMINS,
    "lift a ban": OWNER_AND_ADMINS,
    "list bans": OWNER_AND_ADMINS,
    "make an admin": OWNER_ALONE,
    "unmake an admin": OWNER_ALONE,
    "hand over": OWNER_ALONE,
    "read the trail": OWNER_AND_ADMINS,
    "delete it": OWNER_ALONE,
}
ROOM: dict[str, Row] = GROUP | {
    "pin": OWNER_AND_ADMINS,
    "unpin": OWNER_AND_ADMINS,
    "see readers": ("reads_not_shared",) * 3 + (MISSING, MISSING),
    "walk in": (DONE, DONE, DONE, DONE, BANNED),
    "bring somebody in": OWNER_AND_ADMINS,
    "bring in who is banned": (BANNED, BANNED, DENIED, MISSING, MISSING),
    "bring in who blocks one": (BLOCKED, BLOCKED, DENIED, MISSING, MISSING),
    "invite by name": OWNER_AND_ADMINS,
    "invite who blocks one": (BLOCKED, BLOCKED, DENIED, MISSING, MISSING),
    "invite by number": OWNER_AND_ADMINS,
    "invite by link": OWNER_AND_ADMINS,
    "list links": OWNER_AND_ADMINS,
}

PRIVATE_PARTS = ("member", "silenced", "outsider")
PrivateRow = tuple[str, str, str]

# In a private chat nobody has a role to try these on, and there are no links to it.
_NOT_IN_PRIVATE = {
    "remove an admin",
    "remove the owner",
    "ban an admin",
    "ban the owner",
    "unmake an admin",
    "revoke one's own link",
    "revoke another's link",
    "look at a link",
    "come by a link",
}
_CLOSED = (
    "leave",
    "bring somebody in",
    "bring in who is banned",
    "bring in who blocks one",
    "invite by name",
    "invite who blocks one",
    "invite by number",
    "invite by link",
    "list links",
    "rename",
    "describe",
    "slow down",
    "change its picture",
    "remove its picture",
    "remove a member",
    "ban a member",
    "ban who is not in it",
    "lift a ban",
    "list bans",
    "make an admin",
    "hand over",
    "read the trail",
    "delete it",
)
_SAID = (
    "send",
    "bring a file",
    "reply",
    "ask",
    "edit one's own",
    "edit another's",
    "react",
    "pin",
    "unpin",
    "vote",
    "forward to it",
)


def _private_row(attempt: str) -> PrivateRow:
    _, _, member, outsider, _ = GROUP[attempt]
    if attempt in _CLOSED:
        return PRIVATE, PRIVATE, MISSING
    return member, BLOCKED if attempt in _SAID else member, outsider


PRIVATE_CHAT: dict[str, PrivateRow] = {
    attempt: _private_row(attempt) for attempt in ATTEMPTS if attempt not in _NOT_IN_PRIVATE
}
