"""The OpenAPI document as a page to read: plain HTML, made here, without script.

Nothing of it comes from elsewhere, and no third-party script runs on the origin that holds
people's sessions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from importlib import resources
from typing import Any

import msgspec

Json = dict[str, Any]

_METHODS = ("get", "post", "put", "patch", "delete")
_SCHEMA_PREFIX = "#/components/schemas/"
_STYLE = resources.files(__package__ or "").joinpath("docs.css").read_text("utf-8")


def render_page(document: bytes) -> str:
    """Return the page for an OpenAPI document (version 3.1, as JSON)."""
    api: Json = msgspec.json.decode(document)
    info = api["info"]
    operations = list(_operations(api))
    return "".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            # Without this, browsers ask for /favicon.ico.
            '<link rel="icon" href="data:,">',
            f"<title>{escape(info['title'])}: HTTP interface</title>",
            f"<style>{_STYLE}</style></head><body>",
            f"<h1>{escape(info['title'])}</h1>",
            f'<p class="version">HTTP interface, version {escape(info["version"])} · ',
            '<a href="/openapi.json">openapi.json</a></p>',
            *_paragraphs(info["description"]),
            *_contents(api["tags"]),
            *_credentials(api["components"]["securitySchemes"]),
            *(part for tag in api["tags"] for part in _section(tag, operations)),
            *_schemas(api["components"]["schemas"]),
            "</body></html>",
        ]
    )


def _operations(api: Json) -> Iterator[Json]:
    for path, item in sorted(api["paths"].items()):
        for method in _METHODS:
            if method in item:
                yield {**item[method], "path": path, "method": method}


def _contents(tags: Iterable[Json]) -> Iterator[str]:
    yield "<nav><ul>"
    for name in ["credentials", *(tag["name"] for tag in tags), "objects"]:
        yield f'<li><a href="#{escape(name)}">{escape(name.capitalize())}</a></li>'
    yield "</ul></nav>"


def _credentials(schemes: Json) -> Iterator[str]:
    yield '<h2 id="credentials">Credentials</h2><table>'
    for name, scheme in schemes.items():
        yield _row(f"<code>{escape(name)}</code>", _prose(scheme.get("description", "")))
    yield "</table>"


def _section(tag: Json, operations: Iterable[Json]) -> Iterator[str]:
    name = tag["name"]
    yield f'<h2 id="{escape(name)}">{escape(name.capitalize())}</h2>'
    yield f"<p>{_prose(tag['description'])}</p>"
    for operation in operations:
        if name in operation["tags"]:
            yield from _operation(operation)


def _operation(operation: Json) -> Iterator[str]:
    yield f'<details id="{escape(operation["operationId"])}"><summary>'
    yield f'<span class="method">{escape(operation["method"].upper())}</span>'
    yield f'<span class="path">{escape(operation["path"])}</span>'
    yield f'<span class="what">{_prose(operation["summary"])}</span></summary>'
    yield '<div class="inside">'
    yield from _paragraphs(operation.get("description", ""))
    yield f'<p class="note">{_needed(operation.get("security", []))}</p>'
    if operation.get("parameters"):
        yield "<h4>Parameters</h4><table>"
        yield from map(_parameter, operation["parameters"])
        yield "</table>"
    if "requestBody" in operation:
        yield "<h4>Body</h4><table>"
        yield from _contents_of(operation["requestBody"]["content"])
        yield "</table>"
    yield "<h4>Answers</h4><table>"
    for status, answer in sorted(operation["responses"].items()):
        shown = " ".join(_type(kind["schema"]) for kind in answer.get("content", {}).values())
        yield _row(f"<code>{escape(status)}</code>", f"{_prose(answer['description'])} {shown}")
    yield "</table></div></details>"


def _needed(security: Iterable[Json]) -> str:
    ways = [" and ".join(way) if way else "no credentials" for way in security]
    return f"Needs {escape(', or '.join(ways))}." if ways else "Needs no credentials."


def _parameter(parameter: Json) -> str:
    need = "required" if parameter["required"] else "optional"
    words = [
        _type(parameter["schema"]),
        f'<span class="note">in {escape(parameter["in"])}, {need}</span>',
        _prose(parameter.get("description", "")),
    ]
    return _row(f"<code>{escape(parameter['name'])}</code>", " ".join(words))


def _contents_of(content: Json) -> Iterator[str]:
    for media_type, kind in content.items():
        yield _row(f"<code>{escape(media_type)}</code>", _type(kind["schema"]))


def _schemas(schemas: Json) -> Iterator[str]:
    yield '<h2 id="objects">Objects</h2>'
    for name, schema in sorted(schemas.items()):
        yield f'<details id="{escape(name)}" open><summary>'
        yield f'<span class="method">{escape(schema.get("type", ""))}</span>'
        yield f'<span class="path">{escape(name)}</span></summary><div class="inside">'
        yield from _paragraphs(schema.get("description", ""))
        yield "<table>"
        required = schema.get("required", ())
        for field, kind in schema.get("properties", {}).items():
            need = "" if field in required else ' <span class="note">optional</span>'
            yield _row(f"<code>{escape(field)}</code>", _type(kind) + need)
        if "enum" in schema:
            yield _row("one of", _type(schema))
        yield "</table></div></details>"


def _type(schema: Json) -> str:
    """Word the type of a schema, with links to named ones."""
    if "$ref" in schema:
        name = escape(schema["$ref"].removeprefix(_SCHEMA_PREFIX))
        return f'<a href="#{name}"><code>{name}</code></a>'
    for word in ("oneOf", "anyOf"):
        if word in schema:
            return " | ".join(map(_type, schema[word]))
    if "enum" in schema:
        return " | ".join(f"<code>{escape(_json(value))}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}" if "items" in schema else "list"
    kind = schema.get("type", "anything")
    kind = " | ".join(kind) if isinstance(kind, list) else kind
    shape = schema.get("format")
    return f"<code>{escape(kind)}</code>" + (f" ({escape(shape)})" if shape else "")


def _row(left: str, right: str) -> str:
    return f"<tr><td>{left}</td><td>{right}</td></tr>"


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            yield f"<p>{_prose(paragraph)}</p>"


def _prose(text: str) -> str:
    """Escape a text, with what stands between backticks as code."""
    parts = escape(text.strip()).split("`")
    return "".join(
        f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts)
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
