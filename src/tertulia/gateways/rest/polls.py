"""Polls: /api/messages/{id}/votes and /close_poll; a poll begins as a message."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from tertulia.core.polls import MAX_OPTIONS, Polls
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import writing


class Vote(Struct, frozen=True):
    """The answers chosen, by their index from 0; none takes the vote back."""

    choices: Annotated[
        list[Annotated[int, Meta(ge=0, lt=MAX_OPTIONS)]], Meta(max_length=MAX_OPTIONS)
    ]


class PollsController(Controller):
    """Voting and closing."""

    path = "/api/messages/{message_id:uuid}"
    tags = ["polls"]

    @writing("POST", "/votes", "vote", 400, 404, 409, 429)
    async def vote(
        self,
        request: ApiRequest,
        message_id: FromPath[UUID],
        data: JSONBody[Vote],
        polls: NamedDependency[Polls],
    ) -> objects.Message:
        """Vote, instead of any vote before."""
        return objects.message(await polls.vote(request.user, message_id, data.choices))

    @writing("POST", "/close_poll", "closePoll", 404, 409, 429)
    async def close(
        self, request: ApiRequest, message_id: FromPath[UUID], polls: NamedDependency[Polls]
    ) -> objects.Message:
        """Let nobody vote any more; its author may, and who looks after the conversation."""
        return objects.message(await polls.close(request.user, message_id))
