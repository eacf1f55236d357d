"""Stars over HTTP."""

from __future__ import annotations

from tests.gateways.rest.conftest import Town, body, refusal


async def test_ones_stars_are_listed_by_pages_and_all_at_once(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    messages = [await town.say(town.bea, group, str(number)) for number in range(3)]
    for message in messages:
        answer = await town.ana.http.put(f"/api/messages/{message['id']}/star")
        assert (answer.status_code, answer.content) == (204, b"")
    ids = body(await town.ana.http.get("/api/starred/ids"))["ids"]
    assert set(ids) == {message["id"] for message in messages}
    first = body(await town.ana.http.get("/api/starred", params={"page_size": 2}))
    assert [user["id"] for user in first["users"]] == [town.bea.id]
    rest = body(await town.ana.http.get("/api/starred", params={"page_token": first["page_token"]}))
    assert [item["id"] for item in (*first["items"], *rest["items"])] == ids
    assert rest["page_token"] is None
    assert body(await town.bea.http.get("/api/starred/ids")) == {"ids": []}
    await town.ana.http.delete(f"/api/messages/{ids[0]}/star")
    assert body(await town.ana.http.get("/api/starred/ids"))["ids"] == ids[1:]


async def test_a_strangers_star_is_refused(town: Town) -> None:
    group = await town.group(town.ana)
    message = await town.say(town.ana, group, "one")
    for method in ("PUT", "DELETE"):
        answer = await town.bea.http.request(method, f"/api/messages/{message['id']}/star")
        assert refusal(answer)[0] == 404
