"""What `deploy/` starts, held against what there is: settings, files, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tertulia.settings import read_settings

DEPLOY = Path(__file__).parents[2] / "deploy"
EXAMPLE = "example.org-and-more-than-thirty-two-characters"
DRAIN_S = 20
KEPT = {
    "SECRET_KEY_BASE": "k" * 64,
    "APP_JWT_SECRET": "j" * 64,
    "VAULT_KEY": "v" * 64,
    "VAPID_PRIVATE_KEY": "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHA",
}
"""Secrets that the first node makes, and keeps where the other one finds them."""

Compose = dict[str, Any]


class Asked(Mapping[str, str]):
    """Texts by their names, which notes the names that were asked for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        """Return a text."""
        self.names.add(name)
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        """Return the names."""
        return iter(self._texts)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._texts)


@pytest.fixture
def text() -> str:
    """Return the compose file as it stands."""
    return (DEPLOY / "compose.yml").read_text(encoding="utf-8")


@pytest.fixture
def compose(text: str) -> Compose:
    """Return what it says once every variable is filled in, with nothing where it may be empty."""
    filled = re.sub(r"\$\{\w+:-\}", "", text)
    loaded: Compose = yaml.safe_load(re.sub(r"\$\{\w+:\?\}", EXAMPLE, filled))
    return loaded


def test_the_nodes_are_settings_that_the_server_understands(compose: Compose) -> None:
    one, two = compose["services"]["one"], compose["services"]["two"]
    assert one["environment"] == two["environment"]
    given = {name: value for name, value in one["environment"].items() if value}
    texts = Asked(given | KEPT)
    settings = read_settings(texts)
    assert settings.database_url.startswith("postgresql+asyncpg://tertulia:")
    assert settings.redis_url == "redis://redis:6379/0"
    assert settings.frontend_url == f"https://{EXAMPLE}"
    assert set(texts) <= texts.names, "nobody reads them"


def test_a_proxy_is_trusted_at_the_address_that_it_has(compose: Compose) -> None:
    caddy, node = compose["services"]["caddy"], compose["services"]["one"]
    address = caddy["networks"]["inside"]["ipv4_address"]
    assert node["environment"]["TRUSTED_PROXIES"] == address
    subnet = compose["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert address.rsplit(".", 1)[0] == subnet.split("/")[0].rsplit(".", 1)[0]


def test_a_node_has_the_time_to_let_its_clients_go(compose: Compose) -> None:
    assert int(compose["services"]["one"]["stop_grace_period"].removesuffix("s")) > DRAIN_S
    unit = (DEPLOY / "tertulia.service").read_text(encoding="utf-8")
    (stop_s,) = re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    assert int(stop_s) > DRAIN_S


def test_what_is_filled_in_is_in_the_example(text: str) -> None:
    example = (DEPLOY / "example.env").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{(\w+)", text)) == set(re.findall(r"^(\w+)=", example, re.MULTILINE))


def test_what_is_mounted_and_built_is_there(compose: Compose) -> None:
    mounts = [
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
    ]
    files = [mount for mount in mounts if mount.startswith(".")]
    assert files
    assert all((DEPLOY / each).is_file() for each in files)
    named = {mount for mount in mounts if not mount.startswith(".")}
    assert named == set(compose["volumes"])
    built = compose["services"]["one"]["build"]
    assert (DEPLOY / built["context"] / built["dockerfile"]).is_file()
