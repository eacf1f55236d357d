"""Whom a message mentions: `@username` for a member, `@all` for everyone.

Only members are found, so that a mention tells nobody who else has an account. A name that is
nobody's here, or stands in code, is text like any other.
"""

from __future__ import annotations

import re
from uuid import UUID

from tertulia.core import message_policy
from tertulia.core.errors import NotFound
from tertulia.core.ports import Work
from tertulia.core.prose import prose

MAX_MENTIONS = 50
EVERYONE = "all"

# As `texts.username` has it. What goes on like a word or an address is no mention.
_MENTION = re.compile(r"(?<![\w@/.+-])@([A-Za-z0-9][A-Za-z0-9_.]{1,31})(?![\w@])")


def names_in(body: str) -> tuple[str, ...]:
    """Return the first 50 names that a body mentions, in lower case, as they stand there.

    A full stop at the end may be the name's or the sentence's; whoever looks it up tries both.
    """
    if "@" not in body:
        return ()
    found = (match[1].lower() for match in _MENTION.finditer(prose(body)))
    return tuple(dict.fromkeys(found))[:MAX_MENTIONS]


async def resolve(
    work: Work, account_id: UUID, conversation_id: UUID, body: str
) -> tuple[tuple[UUID, ...], bool]:
    """Return whom a body mentions, in its order, and whether it mentions everyone.

    `account_id` is the author's: in rooms not everyone may call everyone.
    """
    names = names_in(body)
    if not names:
        return (), False
    spellings = {name: (name, name.rstrip(".")) for name in names}
    asked = {each for both in spellings.values() for each in both} - {EVERYONE}
    found = await work.mentions.members_called(conversation_id, asked)
    people = (found.get(full) or found.get(short) for full, short in spellings.values())
    calls_all = any(short == EVERYONE for _, short in spellings.values())
    return (
        tuple(dict.fromkeys(each for each in people if each is not None)),
        calls_all and await _may_call_all(work, account_id, conversation_id),
    )


async def _may_call_all(work: Work, account_id: UUID, conversation_id: UUID) -> bool:
    try:
        membership = await work.conversations.for_member(account_id, conversation_id)
    except NotFound:
        # The journal refuses what is said here; a repeat of what was said before it answers.
        return False
    return message_policy.calls_all(membership)
