"""A place with two chats in which four people have talked long, put into the database in bulk."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import insert, select, update

from tertulia.core.clock import utc_now
from tertulia.core.ids import new_id
from tertulia.core.message import Extras, Reaction
from tertulia.storage.engine import Database, open_database
from tertulia.storage.extras import word_extras
from tertulia.storage.tables import conversations, members, messages

SEED = 7
PASSWORD = "correct horse battery"  # noqa: S105, of made-up people
PEOPLE = ("Ana", "Bea", "Cleo", "Dora")
OLDEST = "This is where it began"

_SAID = "we could meet at the old mill when it rains and talk about books until late"


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is all written: the group and who is in it, the reader first."""

    conversation_id: UUID
    people: tuple[UUID, ...]


def gather(url: str) -> Place:
    """Register the people and open their group."""
    ids: list[UUID] = []
    tokens: list[str] = []
    with httpx.Client(base_url=url) as client:
        for name in PEOPLE:
            person = {
                "email": f"{name.lower()}@example.org",
                "password": PASSWORD,
                "display_name": name,
            }
            answer = client.post("/auth/register", json=person).raise_for_status().json()
            tokens.append(answer["access_token"])
            client.cookies.clear()
            me = client.get("/api/me", headers={"Authorization": f"Bearer {tokens[-1]}"})
            ids.append(UUID(me.raise_for_status().json()["id"]))
        begun: dict[str, Any] = {
            "kind": "group",
            "alias": "Readers",
            "user_ids": [str(each) for each in ids[1:]],
        }
        headers = {"Authorization": f"Bearer {tokens[0]}"}
        answer = client.post("/api/conversations", json=begun, headers=headers).raise_for_status()
        empty = {"kind": "group", "alias": "Elsewhere"}
        client.post("/api/conversations", json=empty, headers=headers).raise_for_status()
    return Place(UUID(answer.json()["id"]), tuple(ids))


async def talk(path: Path, place: Place, count: int) -> None:
    """Store the messages, all of them read."""
    database = open_database(f"sqlite+aiosqlite:///{path}", pool_size=1)
    try:
        await _store(database, place, count)
    finally:
        await database.close()


async def _store(database: Database, place: Place, count: int) -> None:
    chance = random.Random(SEED)
    here = place.conversation_id
    of = conversations.c.id == here
    async with database.writer() as connection:
        head = await connection.scalar(select(conversations.c.head_seq).where(of))
        first = (head or 0) + 1
        rows: list[dict[str, Any]] = []
        began = utc_now() - timedelta(minutes=count * 3)
        for index in range(count):
            answers = index > 50 and chance.random() < 0.1
            rows.append(
                {
                    "conversation_id": here,
                    "seq": first + index,
                    "changed_seq": first + index,
                    "id": new_id(),
                    "sender_id": chance.choice(place.people),
                    "body": _body(chance, index) if index else OLDEST,
                    "reply_to": rows[index - chance.randint(1, 50)]["id"] if answers else None,
                    "inserted_at": began + timedelta(minutes=3 * index, seconds=chance.random()),
                    "extras": word_extras(_extras(chance, place)),
                }
            )
        await connection.execute(insert(messages), rows)
        last = first + count - 1
        await connection.execute(update(conversations).where(of).values(head_seq=last))
        mine = members.c.conversation_id == here
        await connection.execute(update(members).where(mine).values(read_seq=last))
        await connection.commit()


def _extras(chance: random.Random, place: Place) -> Extras:
    if chance.random() > 0.15:
        return Extras()
    emoji = chance.sample(("👍", "❤️", "😂", "🎉"), chance.randint(1, 3))
    return Extras(
        reactions=tuple(
            Reaction(each, tuple(chance.sample(place.people, chance.randint(1, 3))))
            for each in emoji
        )
    )


def _body(chance: random.Random, index: int) -> str:
    """Return what somebody might write: mostly short, at times long, some with marks."""
    words = _SAID.split()
    said = " ".join(chance.choices(words, k=min(120, int(chance.lognormvariate(2.2, 0.9)) + 1)))
    text = f"{index}: {said}"
    match chance.randrange(12):
        case 0:
            return f"**{index}** _{said}_ `code {index}` ~~not this~~"
        case 1:
            return f"{text} https://books.example/{index}"
        case 2:
            return f"{text}\n- first\n- second\n- third"
        case 3:
            return f"> {said}\n{index} [a page](https://books.example/page/{index})"
        case 4 if chance.random() < 0.3:
            return f"```python\nfor page in range({index}):\n    print(page)\n```"
        case _:
            return text
