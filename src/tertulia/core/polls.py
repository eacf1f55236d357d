"""Polls: a question under which everyone in a conversation votes, openly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from tertulia.core import message_policy, texts
from tertulia.core.changing import Changing
from tertulia.core.errors import Conflict, Invalid
from tertulia.core.events import PollClosed, PollVoted
from tertulia.core.message import Message, Poll, PollOption
from tertulia.core.model import Actor

MIN_OPTIONS, MAX_OPTIONS = 2, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPoll:
    """A poll as somebody asks for it."""

    question: str
    options: Sequence[str]
    is_multiple: bool = False


class Polls:
    """Voting and closing; a poll begins as a message."""

    def __init__(self, changing: Changing) -> None:
        self._changing = changing

    async def vote(
        self,
        actor: Actor,
        message_id: UUID,
        choices: Sequence[int],
        *,
        conversation_id: UUID | None = None,
    ) -> Message:
        """Choose answers by their index, instead of any chosen before; none takes the vote back.

        The same vote again changes nothing. Conflict `too_many_votes` past 5,000 people.
        """
        async with self._changing.hold(actor, message_id, conversation_id) as held:
            poll = message_policy.may_vote(held.membership, held.message)
            chosen = _chosen(poll, choices)
            voted = _voted(poll, chosen, held.account_id)
            if voted == poll:
                return held.message
            voters = {voter for option in voted.options for voter in option.account_ids}
            if chosen and len(voters) > message_policy.MAX_VOTERS:
                raise Conflict("This poll has as many votes as it can.", code="too_many_votes")
            changed = await held.change(extras=replace(held.message.extras, poll=voted))
            held.work.announce(
                PollVoted(
                    conversation_id=changed.conversation_id,
                    seq=changed.changed_seq,
                    message=changed,
                    account_id=held.account_id,
                    choices=chosen,
                )
            )
            return changed

    async def close(
        self, actor: Actor, message_id: UUID, *, conversation_id: UUID | None = None
    ) -> Message:
        """Let nobody vote any more; closing it again changes nothing."""
        async with self._changing.hold(actor, message_id, conversation_id) as held:
            poll = message_policy.may_close_poll(held.membership, held.message)
            if poll.closed_at is not None:
                return held.message
            closed = replace(poll, closed_at=held.now)
            changed = await held.change(extras=replace(held.message.extras, poll=closed))
            held.work.announce(
                PollClosed(
                    conversation_id=changed.conversation_id,
                    seq=changed.changed_seq,
                    message=changed,
                )
            )
            return changed


def begun(asked: NewPoll) -> Poll:
    """Return a poll in which nobody has voted yet; raises Invalid."""
    question = texts.poll_question(asked.question)
    if not MIN_OPTIONS <= len(asked.options) <= MAX_OPTIONS:
        raise Invalid(f"A poll has {MIN_OPTIONS} to {MAX_OPTIONS} answers.", attr="poll.options")
    options = tuple(texts.poll_option(text, at) for at, text in enumerate(asked.options))
    if len({option.casefold() for option in options}) < len(options):
        raise Invalid("Two answers are the same.", code="repeated", attr="poll.options")
    return Poll(
        question=question,
        options=tuple(map(PollOption, options)),
        is_multiple=asked.is_multiple,
    )


def begun_anew(poll: Poll) -> Poll:
    """Return the same poll as others will be asked it: open, and without a vote."""
    options = tuple(PollOption(option.text) for option in poll.options)
    return replace(poll, options=options, closed_at=None)


def _chosen(poll: Poll, choices: Sequence[int]) -> tuple[int, ...]:
    chosen = tuple(sorted(set(choices)))
    if any(not 0 <= each < len(poll.options) for each in chosen):
        raise Invalid("There is no such answer.", attr="choices")
    if len(chosen) > 1 and not poll.is_multiple:
        raise Invalid("Choose one answer.", attr="choices")
    return chosen


def _voted(poll: Poll, chosen: Sequence[int], account_id: UUID) -> Poll:
    options = tuple(
        _with_vote(option, account_id, is_chosen=at in chosen)
        for at, option in enumerate(poll.options)
    )
    return replace(poll, options=options)


def _with_vote(option: PollOption, account_id: UUID, *, is_chosen: bool) -> PollOption:
    if is_chosen == (account_id in option.account_ids):
        return option
    if is_chosen:
        return replace(option, account_ids=(*option.account_ids, account_id))
    others = tuple(voter for voter in option.account_ids if voter != account_id)
    return replace(option, account_ids=others)
