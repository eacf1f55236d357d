"""Pages put into HTML: templates, with everything that people wrote escaped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tertulia.gateways.pages.lite.assets import Assets

TEMPLATES = Path(__file__).parent / "templates"


class Writer:
    """Fills in templates."""

    def __init__(self, assets: Assets) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            # A word that a template needs and a view forgot is a bug, not an empty place.
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"styles": assets.styles, "script": assets.script}

    def write(self, template: str, words: Mapping[str, Any]) -> bytes:
        """Return a page as bytes of UTF-8."""
        return self._templates.get_template(template).render(words).encode()
