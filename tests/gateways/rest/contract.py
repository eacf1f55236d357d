"""The keys of every object of the HTTP interface, as clients are promised them."""

from __future__ import annotations

USER_KEYS = {"id", "email", "display_name", "username", "number", "avatar", "about", "is_deleted"}
PROFILE_KEYS = {"hidden", "theme", "magnification", "recents"}
ME_KEYS = USER_KEYS | PROFILE_KEYS | {"phone", "confirmed_at", "second_step", "is_admin"}
CONVERSATION_KEYS = {
    "id",
    "private",
    "alias",
    "inserted_at",
    "updated_at",
    "kind",
    "encrypted",
    "number",
    "name",
    "topic",
    "description",
    "picture",
    "slow_mode_s",
    "head_seq",
    "member_count",
}
OWN_CONVERSATION_KEYS = CONVERSATION_KEYS | {
    "read_seq",
    "unread",
    "mentions",
    "preferences",
    "role",
    "last_message",
    "others_read_seq",
    "peer",
    "last_activity_at",
}
MESSAGE_KEYS = {
    "id",
    "sender",
    "content",
    "inserted_at",
    "updated_at",
    "message_group",
    "conversation_id",
    "seq",
    "changed_seq",
    "reply_to",
    "forwarded_from",
    "reactions",
    "attachments",
    "mentions",
    "mentions_all",
    "poll",
    "previews",
    "silent",
    "pinned_at",
    "edited",
    "is_deleted",
    "client_ref",
}
MEMBER_KEYS = {
    "user_id",
    "user",
    "role",
    "joined_at",
    "joined_seq",
    "changed_seq",
    "left",
    "read_seq",
    "read_at",
}
ENCRYPTED_KEYS = {"encrypted", "encrypted_reactions"}
"""What a message has besides, where the server cannot read it."""

KEYS_KEYS = {"public_keys", "private_key", "private_keys", "identities"}
KEYED_CHANGES_KEYS = KEYS_KEYS | {
    "conversation",
    "since",
    "seq",
    "complete",
    "messages",
    "members",
    "users",
    "read_seqs",
}
AUTH_KEYS = {
    "user",
    "conversations",
    "users",
    "auth_token",
    "access_token",
    "token_type",
    "refresh_token",
}
