"""A large made-up town to search in: people, conversations, and years of messages.

Words are made of syllables and chosen as people choose theirs (Zipf's law), some with endings; one
message in twenty is Chinese, and some carry links, pictures and files. The same seed makes the same
town in every database.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import insert, update

from tertulia.core.clock import utc_now
from tertulia.core.ids import new_id
from tertulia.core.message import Attachment, AttachmentKind, Extras
from tertulia.core.model import Account, Conversation, Kind
from tertulia.storage.engine import Database
from tertulia.storage.extras import word_extras
from tertulia.storage.stores import SqlStorage
from tertulia.storage.tables import conversations, members, messages
from tertulia.storage.talk_tables import media
from tests import examples as eg

VOCABULARY = 60_000
CHARACTERS = 3_000
PEOPLE = 2_000
CONVERSATIONS = 400
YEARS = 2
_ZIPF = 1.05
_CHUNK = 20_000
_ONSETS = [
    "b",
    "c",
    "ch",
    "d",
    "f",
    "g",
    "h",
    "j",
    "l",
    "m",
    "n",
    "p",
    "qu",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
    "w",
    "z",
    "br",
    "gr",
    "pl",
    "sh",
    "th",
]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ou", "ie"]
_CODAS = ["", "", "", "n", "r", "s", "l", "t", "m", "ck", "nd"]
_ENDINGS = ["s", "ed", "ing"]
_FILES: dict[AttachmentKind, str] = {
    "image": "image/png",
    "video": "video/mp4",
    "audio": "audio/mpeg",
    "file": "application/pdf",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who lives in the town and where they talk; `wide` sees nearly all of it, `narrow` little."""

    people: Sequence[Account]
    conversations: Sequence[Conversation]
    shares: Sequence[float]
    words: Sequence[str]
    wide: Account
    narrow: Account
    wide_in: Sequence[Conversation]
    narrow_in: Sequence[Conversation]


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it was made up."""

    row: dict[str, Any]
    media: tuple[dict[str, Any], ...]


def plan(seed: int) -> Plan:
    """Make up people, conversations and words."""
    chance = random.Random(seed)
    people = [
        eg.account(display_name=f"{word.title()} {index}", username=f"{word}{index}")
        for index, word in enumerate(_words(chance, PEOPLE))
    ]
    places = [
        eg.conversation(Kind.ROOM if index % 4 == 0 else Kind.GROUP, alias=f"{word} club")
        for index, word in enumerate(_words(chance, CONVERSATIONS))
    ]
    weights = [1 / (rank + 8) for rank in range(CONVERSATIONS)]
    chance.shuffle(weights)
    shares = [weight / sum(weights) for weight in weights]
    small = sorted(range(CONVERSATIONS), key=lambda index: shares[index])[40:56]
    return Plan(
        people=people,
        conversations=places,
        shares=shares,
        words=_words(chance, VOCABULARY),
        wide=people[0],
        narrow=people[1],
        wide_in=[place for index, place in enumerate(places) if index % 20],
        narrow_in=[places[index] for index in small],
    )


async def settle(storage: SqlStorage, town: Plan, seed: int) -> Plan:
    """Store people, conversations and who is where; return them with their numbers."""
    chance = random.Random(seed)
    async with storage.begin() as work:
        people = [await work.accounts.add(person, None) for person in town.people]
        for place in town.conversations:
            await work.conversations.add(place, None)
            there = {person.id for person in chance.sample(people[2:], chance.randint(20, 80))}
            if place in town.wide_in:
                there.add(town.wide.id)
            if place in town.narrow_in:
                there.add(town.narrow.id)
            await work.members.add([eg.member(place.id, account_id) for account_id in there])
    return replace(town, people=people)


async def talk(
    database: Database, town: Plan, seed: int, count: int, progress: Callable[[int], None]
) -> None:
    """Store so many messages, in order of time."""
    heads = dict.fromkeys((place.id for place in town.conversations), 1)
    for chunk in _chunks(said(town, seed, count)):
        async with database.writer() as connection:
            await connection.execute(insert(messages), [each.row for each in chunk])
            carried = [row for each in chunk for row in each.media]
            if carried:
                await connection.execute(insert(media), carried)
            await connection.commit()
        for each in chunk:
            heads[each.row["conversation_id"]] = each.row["seq"]
        progress(len(chunk))
    async with database.writer() as connection:
        for conversation_id, head in heads.items():
            of = conversations.c.id == conversation_id
            await connection.execute(update(conversations).where(of).values(head_seq=head))
            here = members.c.conversation_id == conversation_id
            await connection.execute(update(members).where(here).values(read_seq=head))
        await connection.commit()


def said(town: Plan, seed: int, count: int) -> Iterator[Said]:
    """Make up messages, one after the other."""
    chance, rng = random.Random(seed), np.random.default_rng(seed)
    heads = dict.fromkeys((place.id for place in town.conversations), 1)
    words = np.array(town.words, dtype=object)
    often = _often(len(words))
    characters = np.array([chr(0x4E00 + 5 * index) for index in range(CHARACTERS)], dtype=object)
    character_often = _often(CHARACTERS)
    until = utc_now() - timedelta(minutes=1)
    step = timedelta(days=365 * YEARS) / count
    shares = list(accumulate(town.shares))
    for start in range(0, count, _CHUNK):
        size = min(_CHUNK, count - start)
        lengths = np.clip(rng.lognormal(2.0, 0.8, size).astype(int), 1, 120)
        chosen = iter(rng.choice(words, int(lengths.sum()), p=often))
        drawn = iter(rng.choice(characters, int(lengths.sum()), p=character_often))
        for index, length in enumerate(lengths):
            at = until - step * (count - start - index)
            is_chinese = chance.random() < 0.05
            body = (
                "".join(next(drawn) for _ in range(length))
                if is_chinese
                else " ".join(_inflected(chance, next(chosen)) for _ in range(length))
            )
            place = chance.choices(town.conversations, cum_weights=shares)[0]
            heads[place.id] += 1
            yield _said(chance, place, heads[place.id], town, body, at)


def _said(
    chance: random.Random, place: Conversation, seq: int, town: Plan, body: str, at: datetime
) -> Said:
    carried: list[dict[str, Any]] = []
    extras = None
    if chance.random() < 0.03:
        body = f"{body} https://{chance.choice(town.words)}.example/{seq}"
        carried.append(_carried(place, seq, "link", None))
    elif chance.random() < 0.05:
        kind = chance.choice(tuple(_FILES))
        attachment = Attachment(
            id=new_id(),
            name=f"{chance.choice(town.words)}.{_FILES[kind][-3:]}",
            kind=kind,
            media_type=_FILES[kind],
            size=1000,
        )
        extras = word_extras(Extras(attachments=(attachment,)))
        carried.append(_carried(place, seq, kind, attachment.id))
    row = {
        "conversation_id": place.id,
        "seq": seq,
        "changed_seq": seq,
        "id": _id_at(at, chance),
        "sender_id": chance.choice(town.people).id,
        "body": body,
        "inserted_at": at,
        "extras": extras,
    }
    return Said(row, tuple(carried))


def _carried(place: Conversation, seq: int, kind: str, upload_id: UUID | None) -> dict[str, Any]:
    return {
        "conversation_id": place.id,
        "seq": seq,
        "position": 0,
        "kind": kind,
        "upload_id": upload_id,
    }


def _id_at(at: datetime, chance: random.Random) -> UUID:
    """Return a UUIDv7 of that moment (RFC 9562, section 5.7)."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(
        int=milliseconds << 80 | 7 << 76 | chance.getrandbits(12) << 64 | 2 << 62
        | chance.getrandbits(62)
    )  # fmt: skip


def _chunks(said: Iterator[Said]) -> Iterator[list[Said]]:
    chunk: list[Said] = []
    for each in said:
        chunk.append(each)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _often(count: int) -> np.ndarray[Any, Any]:
    weights: np.ndarray[Any, Any] = 1 / (np.arange(count) + 2.7) ** _ZIPF
    weights /= weights.sum()
    return weights


def _inflected(chance: random.Random, word: str) -> str:
    return word + chance.choice(_ENDINGS) if chance.random() < 0.15 else word


def _words(chance: random.Random, count: int) -> list[str]:
    """Make up different words; the first ones, which are said most often, are short."""
    words: dict[str, None] = {}
    while len(words) < count:
        syllables = 1 + min(4, int(chance.random() * 2 + len(words) ** 0.25 / 6))
        words["".join(_syllable(chance) for _ in range(syllables))] = None
    return list(words)


def _syllable(chance: random.Random) -> str:
    return chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS)
