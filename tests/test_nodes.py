"""What a node looks up because it may have been lost, by what it stands on."""

from __future__ import annotations

from typing import Any, cast

from tertulia.nodes import open_nodes
from tertulia.realtime.hub import Hub


async def test_a_node_alone_looks_up_what_a_database_far_away_did_not_answer() -> None:
    storage = cast("Any", None)
    async with open_nodes(None, limits_scale=1) as nodes:
        hub = Hub(nodes.broker, slow_listener_bytes=1 << 20)
        assert nodes.sweeping(hub, storage, 1.0, commits_far_away=False) == ()
        assert not callable(hub.holes.look_up)

        assert len(nodes.sweeping(hub, storage, 1.0, commits_far_away=True)) == 1
        assert callable(hub.holes.look_up)
