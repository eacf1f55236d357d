"""Bans, reasons, slow mode, pictures, preferences and the trail, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tertulia.core.events import ConversationEnded
from tests.core.desk import a_picture
from tests.gateways.rest.conftest import MAX_AVATAR_BYTES, body, refusal
from tests.gateways.rest.contract import OWN_CONVERSATION_KEYS, USER_KEYS

if TYPE_CHECKING:
    import httpx

    from tests.gateways.rest.conftest import Json, Town

PLAIN = {
    "notify": None,
    "muted_until": None,
    "pinned_at": None,
    "archived_at": None,
    "marked_unread": False,
}


def of(conversation: Json, *names: str) -> str:
    return "/".join(["/api/conversations", str(conversation["id"]), *names])


def done(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.content) == (204, b""), answer.text


def notes(town: Town) -> list[tuple[str, str | None]]:
    return [
        (event.reason, event.note)
        for event in town.published
        if isinstance(event, ConversationEnded)
    ]


async def test_somebody_is_banned_listed_and_let_in_again(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    done(
        await town.ana.http.post(
            of(group, "bans"), json={"user_id": town.bea.id, "reason": "Spoilers"}
        )
    )
    assert notes(town) == [("banned", "Spoilers")]
    found = body(await town.ana.http.get(of(group, "bans")))
    assert set(found) == {"items", "page_token"}
    (ban,) = found["items"]
    assert set(ban) == {"user", "banned_by", "reason", "inserted_at"}
    assert set(ban["user"]) == set(ban["banned_by"]) == USER_KEYS
    assert (ban["user"]["id"], ban["banned_by"]["id"]) == (town.bea.id, town.ana.id)
    added = await town.ana.http.post(of(group, "members"), json={"user_ids": [town.bea.id]})
    assert refusal(added) == (403, "banned", None)
    done(await town.ana.http.delete(of(group, "bans", town.bea.id)))
    assert refusal(await town.ana.http.delete(of(group, "bans", town.bea.id))) == (
        404,
        "not_found",
        None,
    )


async def test_who_is_removed_is_told_why(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    path = of(group, "members", town.bea.id)
    long = await town.ana.http.delete(path, params={"reason": "x" * 201})
    assert refusal(long)[0::2] == (400, "reason")
    odd = await town.ana.http.delete(path, params={"reason": "\x07"})
    assert refusal(odd) == (400, "invalid", "reason")
    done(await town.ana.http.delete(path, params={"reason": "Too loud"}))
    assert notes(town) == [("removed", "Too loud")]


async def test_slow_mode_is_a_part_of_the_conversation(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    changed = body(await town.ana.http.patch(of(group), json={"slow_mode_s": 60}))
    assert changed["slow_mode_s"] == 60
    assert refusal(await town.ana.http.patch(of(group), json={"slow_mode_s": 86401})) == (
        400,
        "invalid",
        "slow_mode_s",
    )
    await town.say(town.bea, group, "Well?")
    answer = await town.bea.http.post(of(group, "messages"), json={"content": "Well?"})
    assert answer.status_code == 429
    assert 50 < int(answer.headers["retry-after"]) <= 60


async def test_a_picture_is_shown_at_its_address(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    changed = body(
        await town.ana.http.put(of(group, "picture"), files={"file": ("p.png", a_picture())})
    )
    assert set(changed) == OWN_CONVERSATION_KEYS
    shown = await town.bea.http.get(changed["picture"])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    bare = body(await town.ana.http.delete(of(group, "picture")))
    assert bare["picture"] is None
    assert (await town.bea.http.get(changed["picture"])).status_code == 404


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param({"files": {"other": b"x"}}, (400, "required", "file"), id="no file"),
        pytest.param({"files": {"file": b"x"}}, (400, "invalid_image", "file"), id="no picture"),
        pytest.param({"json": {}}, (415, "unsupported_media_type", None), id="json"),
        pytest.param(
            {"content": b"x" * (MAX_AVATAR_BYTES + 1), "headers": {"content-type": "image/png"}},
            (413, "too_large", None),
            id="too large",
        ),
    ],
)
async def test_what_is_no_picture_is_refused(town: Town, sent: Any, expected: object) -> None:
    group = await town.group(town.ana)
    assert refusal(await town.ana.http.put(of(group, "picture"), **sent)) == expected


async def test_one_keeps_a_conversation_one_s_own_way(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    path = of(group, "preferences")
    until = "2999-01-01T00:00:00.000Z"
    kept = body(
        await town.ana.http.patch(
            path, json={"notify": "mentions", "muted_until": until, "pinned": True}
        )
    )
    assert (kept["notify"], kept["muted_until"]) == ("mentions", until)
    assert kept["pinned_at"]
    assert body(await town.ana.http.patch(path, json={})) == kept
    assert body(await town.ana.http.get(of(group)))["preferences"] == kept
    assert body(await town.bea.http.get(of(group)))["preferences"] == PLAIN
    plain = {"notify": None, "muted_until": None, "pinned": False}
    assert body(await town.ana.http.patch(path, json=plain)) == PLAIN
    body(await town.ana.http.patch(path, json={"marked_unread": True}))
    body(await town.ana.http.post(of(group, "read")))
    assert body(await town.ana.http.get(of(group)))["preferences"] == PLAIN


@pytest.mark.parametrize(
    ("change", "attr"),
    [
        ({"notify": "loudly"}, "notify"),
        ({"notify": 1}, "notify"),
        ({"muted_until": "tomorrow"}, "muted_until"),
        ({"muted_until": "2999-01-01T00:00:00"}, "muted_until"),
        ({"muted_until": 5}, "muted_until"),
        ({"pinned": "yes"}, "pinned"),
        ({"marked_unread": 1}, "marked_unread"),
    ],
)
async def test_what_makes_no_sense_is_refused(town: Town, change: Json, attr: str) -> None:
    group = await town.group(town.ana)
    answer = await town.ana.http.patch(of(group, "preferences"), json=change)
    assert refusal(answer)[0::2] == (400, attr)


async def test_the_trail_names_people_and_comes_in_pages(town: Town) -> None:
    group = await town.group(town.ana)
    body(await town.ana.http.patch(of(group), json={"alias": "Cine"}))
    body(await town.ana.http.post(of(group, "members"), json={"user_ids": [town.bea.id]}))
    first = body(await town.ana.http.get(of(group, "audit"), params={"page_size": 1}))
    (added,) = first["items"]
    assert set(added) == {"id", "actor", "act", "target", "detail", "inserted_at"}
    assert (added["act"], added["actor"]["id"]) == ("member_added", town.ana.id)
    assert (added["target"]["id"], added["detail"]) == (town.bea.id, {})
    asked = {"page_size": 1, "page_token": first["page_token"]}
    second = body(await town.ana.http.get(of(group, "audit"), params=asked))
    (changed,) = second["items"]
    assert (changed["act"], changed["target"]) == ("conversation_changed", None)
    assert (changed["detail"], second["page_token"]) == ({"alias": "Cine"}, None)
    bad = await town.ana.http.get(of(group, "audit"), params={"page_token": "x"})
    assert refusal(bad) == (400, "invalid", "page_token")
