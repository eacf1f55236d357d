"""A real Caddy on loopback, as `deploy/Caddyfile` has it, whose certificates are its own."""

from __future__ import annotations

from pathlib import Path

from scripts.system_programs import CADDY
from tests.services import Service, listens

CONFIG = Path(__file__).parents[1] / "deploy/Caddyfile"

_HERE_ONLY = """\
{{
	admin off
	local_certs
	skip_install_trust
	auto_https disable_redirects
	storage file_system {folder}/store
	default_bind 127.0.0.1
	servers {{
		protocols h1 h2
	}}
}}
"""


class CaddyServer(Service):
    """Serves https://localhost, or http without TLS, for nodes that are named by host and port."""

    def __init__(self, port: int, *nodes: str, is_tls: bool = True) -> None:
        super().__init__(CADDY)
        self.port = port
        self._is_tls = is_tls
        words = {"{$TERTULIA_SITE}": self.url, "{$TERTULIA_NODES}": " ".join(nodes)}
        site = CONFIG.read_text(encoding="utf-8")
        for word, meaning in words.items():
            site = site.replace(word, meaning)
        config = self.folder / "Caddyfile"
        config.write_text(_HERE_ONLY.format(folder=self.folder) + site, encoding="utf-8")
        config.chmod(0o644)
        self.start("run", "--config", config, is_ready=self._answers)

    @property
    def url(self) -> str:
        """Its address, for whose name the certificate is."""
        return f"{'https' if self._is_tls else 'http'}://localhost:{self.port}"

    @property
    def authority(self) -> Path:
        """The certificate of the authority that signed its own."""
        return self.folder / "store/pki/authorities/local/root.crt"

    def _answers(self) -> bool:
        return listens(self.port) and (self.authority.exists() or not self._is_tls)
