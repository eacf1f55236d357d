"""A real Janus that nobody outside this machine reaches: its API and its media on loopback alone.

A server goes on through it with `settings`, and a smaller mesh than is usual shows that early:

    settings = {**janus_server.settings, "VOICE_MESH_LIMIT": "2"}
"""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from scripts.system_programs import JANUS
from tests.ports import free_port
from tests.services import Service, listens

SECRET = "a word that who may command it knows"
MEDIA_PORTS = (20_000, 20_999)
"""UDP; below those that the system gives out by itself."""

SHIM = Path(__file__).with_name("only_loopback.c")

_PLUGINS = (
    *("audiobridge", "duktape", "echotest", "lua", "nosip", "recordplay", "sip", "streaming"),
    *("textroom", "videocall", "voicemail"),
)
_TRANSPORTS = ("http", "mqtt", "nanomsg", "pfunix", "rabbitmq")

_CONFIG = """\
general: {{
    configs_folder = "{folder}"
    api_secret = "{secret}"
    debug_level = 4
    debug_colors = false
}}
media: {{ rtp_port_range = "{first_port}-{last_port}" }}
nat: {{
    ice_enforce_list = "lo"
    ignore_mdns = true
}}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
"""

_WEBSOCKETS = """\
general: {{
    json = "compact"
    ws = true
    ws_ip = "127.0.0.1"
    ws_port = {port}
    wss = false
}}
admin: {{ admin_ws = false }}
"""


class JanusServer(Service):
    """A Janus with the plugin for rooms alone, at the same address however often it begins."""

    def __init__(self) -> None:
        super().__init__(JANUS)
        self.port = free_port()
        self._configure()
        shim = self.folder / "only_loopback.so"
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O1", "-o", shim, SHIM, "-ldl"],  # noqa: S607, on PATH
            check=True,
        )
        self.environment = {"LD_PRELOAD": str(shim)}
        self.begin()

    @property
    def url(self) -> str:
        """Where it takes commands."""
        return f"ws://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """What a server is told, to go on through it."""
        return {"JANUS_URL": self.url, "JANUS_API_SECRET": SECRET}

    def begin(self) -> None:
        """Start it, for the first time or again; it knows nothing of before."""
        config = self.folder / "janus.jcfg"
        self.start("-F", self.folder, "-C", config, is_ready=self._answers)

    def halt(self) -> None:
        """End it without a word to anybody, until it begins again."""
        os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def _configure(self) -> None:
        disabled = (
            ",".join(f"libjanus_{name}.so" for name in names) for names in (_PLUGINS, _TRANSPORTS)
        )
        first_port, last_port = MEDIA_PORTS
        plugins, transports = disabled
        texts = {
            "janus": _CONFIG.format(
                folder=self.folder,
                secret=SECRET,
                first_port=first_port,
                last_port=last_port,
                plugins=plugins,
                transports=transports,
            ),
            "janus.transport.websockets": _WEBSOCKETS.format(port=self.port),
        }
        for name, text in texts.items():
            path = self.folder / f"{name}.jcfg"
            path.write_text(text, encoding="utf-8")
            path.chmod(0o644)

    def _answers(self) -> bool:
        return listens(self.port)
