"""Having every part try something, each in a scene of its own, over HTTP or Phoenix."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tertulia.core.model import Kind
from tests.gateways.phoenix.talk import talk
from tests.gateways.policy_table import DONE, MISSING, PARTS, PRIVATE_PARTS
from tests.gateways.stage import Scene, Stage, said

Try = Callable[[Scene], Awaitable[str]]

_IMAGE = {"content-type": "image/png"}


async def outcomes(
    stage: Stage, kind: Kind, try_it: Try, *, is_sealed: bool = False
) -> tuple[str, ...]:
    """Return what comes of it for each part: "done", or the code of the refusal.

    What is refused changed nothing.
    """
    found = []
    for part in PRIVATE_PARTS if kind is Kind.PRIVATE else PARTS:
        is_silenced = part == "silenced"
        hero = "member" if is_silenced else part
        scene = await stage.scene(kind, hero, is_silenced=is_silenced, is_sealed=is_sealed)
        found.append(await try_it(scene))
    return tuple(found)


def requesting(method: str, path: str, body: Any) -> Try:
    """Return the making of a request; a body of bytes is a picture."""

    async def try_it(scene: Scene) -> str:
        is_image = isinstance(body, bytes)
        filled, sent = await scene.filled([path, None if is_image else body])
        await scene.rise()
        head = await scene.head()
        headers = scene.hero.person.headers
        http = scene.stage.http
        if is_image:
            answer = await http.request(method, filled, content=body, headers=headers | _IMAGE)
        else:
            answer = await http.request(method, filled, json=sent, headers=headers)
        told = said(answer)
        assert told == DONE or await scene.head() == head
        return told

    return try_it


def pushing(event: str, payload: Any) -> Try:
    """Return the making of a push, after joining; who is not let in pushes nothing."""

    async def try_it(scene: Scene) -> str:
        topic = f"conversation:{scene.id}"
        filled = await scene.filled(payload)
        async with talk(scene.stage.town, scene.hero.person) as socket:
            status, response = await socket.try_join(topic)
            if status == "error":
                assert response["reason"] == "no_conversation"
                return MISSING
            await scene.rise()
            head = await scene.head()
            status, response = await socket.push(topic, event, filled)
        if status == "ok":
            return DONE
        assert await scene.head() == head
        reason: str = response["reason"]
        return reason

    return try_it
