"""The npm client drives every event that the interface documents, over each of its transports."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from tests.gateways.conftest import Person, Town
from tests.gateways.phoenix.documented import ACTS, DONE, SYSTEM, Act, Heard, Opened
from tests.gateways.phoenix.npm_client import NpmClient, Transport, npm_client
from tests.gateways.phoenix.rsa_keys import RsaKeys, sealed

KEYS = {name: RsaKeys(name) for name in ("ana", "bea", "caro")}
TOLD = {
    "system:": ("presence_state", "presence_diff", "update_display_name"),
    "user:": ("new_conversation", "new_message", "edit_message"),
    "conversation:": (
        "update_alias",
        "leave_conversation",
        "delete_message",
        "start_typing",
        "finish_typing",
        "read_conversation",
        "set_encryption_keys",
    ),
}
DOCUMENTED = {
    "system": ("set_hidden", "set_display_name")
    + ("start_group_conversation", "start_private_conversation"),
    "conversation": ("phx_join", "change_alias", "leave_conversation", "send_message")
    + ("edit_message", "delete_message", "start_typing", "finish_typing", "read_conversation")
    + ("modify_conversation", "set_encryption_keys"),
}

_NAMED = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Scene:
    """Ana and Bea at their clients, in an encrypted group of theirs where Ana said hello."""

    people: Mapping[str, Person]
    clients: Mapping[str, NpmClient]
    names: dict[str, Any]

    async def play(self, act: Act) -> None:
        """Have somebody do something, and find the reply and what is heard of it as wanted."""
        reply = await self.push(act.by, act.topic, act.event, act.payload)
        assert self.fits(reply, act.reply), f"the reply {reply}"
        for heard in act.heard:
            await self._hear(heard)

    async def push(self, by: str, topic: str, event: str, payload: Any) -> Any:
        """Push as somebody, with their token, and return the response."""
        filled = {"token": self.people[by].token, **self._filled(payload)}
        named = self._filled(topic)
        if event == "phx_join":
            return await self.join(by, topic)
        return await self.clients[by].push(named, event, filled)

    async def join(self, by: str, topic: str, **params: Any) -> Any:
        """Join as somebody, with their token, and return the response."""
        named: str = self._filled(topic)
        events = next(events for kind, events in TOLD.items() if named.startswith(kind))
        token = self.people[by].token
        return await self.clients[by].join(named, *events, token=token, **params)

    def fits(self, found: Any, wanted: Any) -> bool:
        """Whether something is as wanted, or more."""
        if isinstance(wanted, Opened):
            return KEYS[wanted.reader].opened(found) == wanted.text
        if callable(wanted):
            return bool(wanted(found))
        if isinstance(wanted, dict):
            return isinstance(found, dict) and all(
                self._filled(key) in found and self.fits(found[self._filled(key)], value)
                for key, value in wanted.items()
            )
        if isinstance(wanted, list):
            return len(found) == len(wanted) and all(map(self.fits, found, wanted))
        return bool(found == self._filled(wanted))

    async def begin_anew(self) -> None:
        """Have another group begin, with keys of both and a message from Ana."""
        await self._forget()
        names, ana = self.names, KEYS["ana"].pair
        payload = {"user_ids": ["{bea}"], "alias": "Besties 4eva", **ana}
        names["group"] = await self.push("ana", SYSTEM, "start_group_conversation", payload)
        for by in ("ana", "bea"):
            await self.join(by, "conversation:{group}")
        await self.push("bea", "conversation:{group}", "set_encryption_keys", KEYS["bea"].pair)
        answer = await self.join("ana", "conversation:{group}")
        names |= self._for_both("hello", answer["public_keys"])
        payload = {"encrypted_messages": {"{ana}": "{for_ana}", "{bea}": "{for_bea}"}}
        assert await self.push("ana", "conversation:{group}", "send_message", payload) == DONE
        for by in ("ana", "bea"):
            message = (await self._next(by, f"user:{{{by}}}", "new_message"))["message"]
            names["message"] = message["message_group"]
        names |= self._for_both("how are you?", answer["public_keys"])
        await self._forget()

    async def _forget(self) -> None:
        for client in self.clients.values():
            await client.forget()

    def _for_both(self, text: str, public_keys: dict[str, Any]) -> dict[str, str]:
        return {
            f"for_{name}": sealed(text, public_keys[self.people[name].id])
            for name in ("ana", "bea")
        }

    async def _hear(self, heard: Heard) -> None:
        found = await self._next(heard.by, heard.topic, heard.event)
        assert self.fits(found, heard.payload), f"{heard.by} heard {found}"

    async def _next(self, by: str, topic: str, event: str) -> Any:
        return await self.clients[by].hear(self._filled(topic), event)

    def _filled(self, template: Any) -> Any:
        if isinstance(template, dict):
            return {self._filled(key): self._filled(each) for key, each in template.items()}
        if isinstance(template, list):
            return [self._filled(each) for each in template]
        if not isinstance(template, str):
            return template
        whole = _NAMED.fullmatch(template)
        if whole:
            return self.names[whole[1]]
        return _NAMED.sub(lambda found: self.names[found[1]], template)


@asynccontextmanager
async def open_scene(town: Town, over: Transport) -> AsyncIterator[Scene]:
    """Seat everybody, and have them listen where one does who has signed in."""
    people = {"ana": town.ana, "bea": town.bea, "caro": town.caro}
    names: dict[str, Any] = {name: person.id for name, person in people.items()}
    for name, keys in KEYS.items():
        names |= {f"{name}_public": keys.public_key, f"{name}_private": keys.private_key}
    async with AsyncExitStack() as closing:
        clients = {}
        for name in ("bea", "ana"):
            client = npm_client(town.url, {"token": people[name].token}, transport=over)
            clients[name] = await closing.enter_async_context(client)
            await clients[name].connect()
        scene = Scene(people, clients, names)
        for name in ("bea", "ana"):
            assert await scene.join(name, SYSTEM, hidden=False) == {}
            assert await scene.join(name, f"user:{{{name}}}") == {"calls": []}
        # Who goes before anybody was told that they came is not told of at all.
        while town.ana.id not in (await clients["bea"].hear(SYSTEM, "presence_diff"))["joins"]:
            pass
        yield scene


@pytest.mark.parametrize("over", ["websocket", "longpoll"])
async def test_every_event_does_what_is_documented(
    town: Town, over: Transport, subtests: pytest.Subtests
) -> None:
    async with open_scene(town, over) as scene:
        for name, act in ACTS.items():
            await scene.begin_anew()
            for event in act.after:
                assert await scene.push(act.by, act.topic, event, {}) == DONE
            with subtests.test(name):
                await scene.play(act)


def test_the_table_names_every_event() -> None:
    named = {tuple(name.partition(",")[0].split(": ")) for name in ACTS}
    assert named == {(kind, event) for kind, events in DOCUMENTED.items() for event in events}
