"""Who may do what with the messages of a conversation: every rule about them, in one place.

Each `may_...` returns quietly or raises Forbidden or Conflict.
"""

from __future__ import annotations

from tertulia.core import policy
from tertulia.core.errors import Conflict, Forbidden
from tertulia.core.message import Message, Poll
from tertulia.core.model import Kind, Membership, Role

MAX_EMOJI = 20
MAX_PEOPLE_PER_EMOJI = 1000
MAX_PINS = 100
MAX_STARS = 5000
MAX_SEALED_REACTORS = 100
MAX_VOTERS = 5000


def may_edit(membership: Membership, message: Message) -> None:
    """Only the author edits, only what is still there and their own words; not while blocked."""
    policy.may_speak(membership.member.silenced_at)
    if message.sender_id != membership.member.account_id:
        raise Forbidden("Only the author may edit a message.")
    still_there(message)
    if message.extras.origin is not None:
        raise Conflict("A forwarded message says what another said.", code="forwarded")
    is_open(membership)


def may_edit_sealed(membership: Membership, message: Message) -> None:
    """As in open conversations, only the author edits, only what is still there."""
    is_encrypted(membership)
    policy.may_speak(membership.member.silenced_at)
    if message.sender_id != membership.member.account_id:
        raise Forbidden("Only the author may edit a message.")
    still_there(message)


def may_delete(membership: Membership, message: Message) -> None:
    """The author deletes for all; in groups and rooms owner and admins do so too."""
    if not _looks_after(membership, message):
        raise Forbidden("You may not delete this message.")


def may_react(membership: Membership, message: Message) -> None:
    """Every member reacts to what is still there, but not while blocked."""
    is_open(membership)
    policy.may_speak(membership.member.silenced_at)
    still_there(message)


def may_unreact(membership: Membership) -> None:
    """A reaction that the server cannot read is not taken back by its emoji."""
    is_open(membership)


def may_react_sealed(membership: Membership, message: Message) -> None:
    """As in open conversations: what is still there, but not while blocked; withdrawing is free."""
    policy.may_speak(membership.member.silenced_at)
    still_there(message)


def may_pin(membership: Membership) -> None:
    """Everyone in private chats and groups pins and unpins; in rooms owner and admins do."""
    policy.may_speak(membership.member.silenced_at)
    if membership.conversation.kind is Kind.ROOM and membership.member.role is Role.MEMBER:
        raise Forbidden("Only the owner and admins pin in a room.")


def may_vote(membership: Membership, message: Message) -> Poll:
    """Return the poll in which every member votes as long as it is open, but not while blocked."""
    policy.may_speak(membership.member.silenced_at)
    poll = poll_of(message)
    if poll.closed_at is not None:
        raise Conflict("This poll is closed.", code="poll_closed")
    return poll


def may_close_poll(membership: Membership, message: Message) -> Poll:
    """Return the poll which its author closes; in groups and rooms owner and admins do so too."""
    if not _looks_after(membership, message):
        raise Forbidden("You may not close this poll.")
    return poll_of(message)


def may_forward_from(membership: Membership, message: Message) -> None:
    """What is still there, and what the server can read, can be told elsewhere."""
    still_there(message)
    is_open(membership)


def may_send(membership: Membership) -> None:
    """Say beforehand what the journal decides: one may speak, and the server may read it."""
    policy.may_speak(membership.member.silenced_at)
    is_open(membership)


def may_see_versions(membership: Membership, message: Message) -> None:
    """What a message said before it was edited is shown to its author alone."""
    if message.sender_id != membership.member.account_id:
        raise Forbidden("Only the author sees what a message said before.")
    is_open(membership)


def may_see_readers(membership: Membership) -> None:
    """Who has read a message is told where read pointers are shared."""
    if not policy.reads_are_shared(membership.conversation.kind):
        raise Forbidden("Who has read a message is not told in rooms.", code="reads_not_shared")


def calls_all(membership: Membership) -> bool:
    """Whether `@all` reaches everyone: from any member, in a room from owner and admins."""
    return (
        membership.conversation.kind is not Kind.ROOM or membership.member.role is not Role.MEMBER
    )


def still_there(message: Message) -> None:
    """Nothing more is done with a message that was deleted."""
    if message.deleted_at is not None:
        raise Conflict("This message was deleted.", code="message_deleted")


def is_open(membership: Membership) -> None:
    """Some things are done with messages that the server can read."""
    if membership.conversation.encrypted:
        raise encrypted()


def is_encrypted(membership: Membership) -> None:
    """Some things are done with messages that the server cannot read."""
    if not membership.conversation.encrypted:
        raise not_encrypted()


def encrypted() -> Conflict:
    """Refuse what the server would have to read."""
    return Conflict("This conversation is encrypted.", code="encrypted")


def not_encrypted() -> Conflict:
    """Refuse what was sealed where everyone reads the same."""
    return Conflict("This conversation is not encrypted.", code="not_encrypted")


def poll_of(message: Message) -> Poll:
    """Return the poll of a message that has one."""
    still_there(message)
    if message.extras.poll is None:
        raise Conflict("This message is no poll.", code="no_poll")
    return message.extras.poll


def _looks_after(membership: Membership, message: Message) -> bool:
    member = membership.member
    if message.sender_id == member.account_id:
        return True
    return membership.conversation.kind is not Kind.PRIVATE and member.role is not Role.MEMBER
