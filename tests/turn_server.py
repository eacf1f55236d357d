"""A real coturn on loopback, as `deploy/coturn.conf` has it."""

from __future__ import annotations

from pathlib import Path

from scripts.system_programs import COTURN
from tests.ports import free_port
from tests.services import Service, listens

SECRET = "a secret that both of them know, of some length"
CONFIG = Path(__file__).parents[1] / "deploy/coturn.conf"


class TurnServer(Service):
    """A coturn that shares SECRET with whoever makes credentials."""

    def __init__(self, *options: str) -> None:
        super().__init__(COTURN)
        self.port = free_port()
        config = self.folder / "coturn.conf"
        config.write_text(CONFIG.read_text(encoding="utf-8"), encoding="utf-8")
        config.chmod(0o644)
        self.start(
            *("-c", config, f"--static-auth-secret={SECRET}"),
            *("--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--allow-loopback-peers"),
            *(f"--listening-port={self.port}", "--no-tls", "--no-dtls"),
            *("--log-file=stdout", "--pidfile", self.folder / "pid"),
            *("--userdb", self.folder / "turndb"),
            *options,
            is_ready=self._answers,
        )

    @property
    def url(self) -> str:
        """Its address as clients are given it."""
        return f"turn:127.0.0.1:{self.port}"

    def _answers(self) -> bool:
        return listens(self.port)
