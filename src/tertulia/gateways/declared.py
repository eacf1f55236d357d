"""What a gateway declares of itself: the messages that its clients say and hear, with their shapes.

The AsyncAPI document is made from these declarations. A shape is a msgspec Struct, so that what is
documented can be held against what is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from msgspec import UNSET, Struct, UnsetType, defstruct

Protocol = Literal["ws", "socketio"]


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of message; `shape` is that of what it carries."""

    name: str
    summary: str
    shape: type[Struct]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One place where messages go both ways.

    `address` may have parameters in braces, which `parameters` describes. `said` comes from
    clients, `heard` goes to them. `frame` says how a message is put on the wire.
    """

    name: str
    address: str
    protocol: Protocol
    title: str
    frame: str
    said: Sequence[Message]
    heard: Sequence[Message]
    parameters: Mapping[str, str] = field(default_factory=dict)


def message(module: str, name: str, summary: str, /, **fields: Any) -> Message:
    """Declare a message by the types of its fields; one that may be missing has UNSET among them.

    `module` is the one that declares it: dialects have words in common.
    """
    return Message(name, summary, shape(module, name, **fields))


def shape(module: str, name: str, /, **fields: Any) -> type[Struct]:
    """Return a Struct of these fields."""
    return defstruct(
        name if name.isupper() else "".join(word.title() for word in name.split("_")),
        [_field(name, kind) for name, kind in fields.items()],
        module=module,
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
    )


def _field(name: str, kind: Any) -> tuple[str, Any] | tuple[str, Any, Any]:
    return (name, kind, UNSET) if UnsetType in get_args(kind) else (name, kind)
