"""Looking through what was said, over HTTP."""

from __future__ import annotations

import pytest

from tests.gateways.rest.conftest import Town, body, refusal


async def test_around_a_message_it_goes_on_by_the_pages_of_history(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    sent = [await town.say(town.bea, group, str(number)) for number in range(7)]
    path = f"/api/conversations/{group['id']}/around"
    found = body(
        await town.ana.http.get(path, params={"message_id": sent[3]["id"], "page_size": 2})
    )
    assert [item["content"] for item in found["items"]] == ["2", "3"]
    assert found["target_seq"] == sent[3]["seq"]
    assert [user["id"] for user in found["users"]] == [town.bea.id]
    pages = {"desc": found["older_token"], "asc": found["newer_token"]}
    read = {}
    for sort, token in pages.items():
        asked = {"conversation_id": group["id"], "page_token": token, "sort": sort}
        page = body(await town.ana.http.get("/api/messages", params=asked))
        read[sort] = [item["content"] for item in page["items"]]
    assert read == {"desc": ["1", "0"], "asc": ["4", "5", "6"]}
    by_time = await town.ana.http.get(path, params={"at": sent[0]["inserted_at"]})
    assert body(by_time)["items"][0]["content"] == "0"
    by_seq = body(await town.ana.http.get(path, params={"seq": sent[6]["seq"] + 9}))
    assert (by_seq["target_seq"], by_seq["newer_token"]) == (sent[6]["seq"], None)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"seq": 1, "at": "2026-01-01T00:00:00Z"},
        {"at": "2026-01-01T00:00:00"},
        {"at": "yesterday"},
        {"seq": -1},
        {"seq": 2**70},
        {"message_id": "x"},
        {"seq": 1, "page_size": 0},
    ],
)
async def test_a_place_that_is_none_is_refused(town: Town, asked: dict[str, str | int]) -> None:
    group = await town.group(town.ana)
    answer = await town.ana.http.get(f"/api/conversations/{group['id']}/around", params=asked)
    assert refusal(answer)[0] == 400


async def test_versions_are_told_to_the_author_and_readers_to_everyone(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    message = await town.say(town.ana, group, "one")
    path = f"/api/messages/{message['id']}"
    await town.ana.http.patch(path, json={"content": "two"})
    assert body(await town.ana.http.get(f"{path}/versions")) == {
        "items": [{"content": "one", "written_at": message["inserted_at"]}]
    }
    assert refusal(await town.bea.http.get(f"{path}/versions"))[0] == 403
    assert body(await town.ana.http.get(f"{path}/readers")) == {"items": []}
    await town.bea.http.post(f"/api/conversations/{group['id']}/read", json={})
    (reader,) = body(await town.ana.http.get(f"{path}/readers"))["items"]
    assert (reader["user"]["id"], reader["read_at"][-1]) == (town.bea.id, "Z")


async def test_in_a_room_readers_are_not_told(town: Town) -> None:
    room = await town.room(town.ana)
    message = await town.say(town.ana, room, "one")
    answer = await town.ana.http.get(f"/api/messages/{message['id']}/readers")
    assert refusal(answer)[:2] == (403, "reads_not_shared")


async def test_links_are_listed_as_media(town: Town) -> None:
    group = await town.group(town.ana)
    path = f"/api/conversations/{group['id']}/media"
    await town.say(town.ana, group, "no address")
    linked = await town.say(town.ana, group, "https://example.org")
    found = body(await town.ana.http.get(path, params={"kind": "link"}))
    assert (found["items"], found["page_token"]) == ([linked], None)
    assert refusal(await town.ana.http.get(path, params={"kind": "poem"}))[0] == 400
    assert refusal(await town.ana.http.get(path))[0] == 400
    assert refusal(await town.bea.http.get(path, params={"kind": "link"}))[0] == 404
