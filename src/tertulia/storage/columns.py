"""Column types that give the same values back on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import BigInteger, Integer, LargeBinary, Text, Uuid
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

# SQLite allots numbers only to a key whose type is exactly INTEGER.
Number = BigInteger().with_variant(Integer(), "sqlite")


class Id(TypeDecorator[UUID]):
    """A UUID: native on PostgreSQL, 16 bytes on SQLite."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of the database."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(LargeBinary(16))
        return dialect.type_descriptor(Uuid())

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        """Word an id for the database."""
        return value.bytes if value is not None and dialect.name == "sqlite" else value

    def result_processor(
        self, dialect: Dialect, _coltype: object
    ) -> Callable[[bytes | None], UUID | None] | None:
        """Return what reads an id from the database, where it does not come as one."""
        return _id_of if dialect.name == "sqlite" else None


class Instant(TypeDecorator[datetime]):
    """A moment: milliseconds since 1970 in the database, an aware datetime in UTC outside."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        """Word a moment for the database."""
        return None if value is None else to_millis(value)

    def result_processor(
        self, _dialect: Dialect, _coltype: object
    ) -> Callable[[int | None], datetime | None]:
        """Return what reads a moment from the database."""
        return _moment_of


class Sealed(TypeDecorator[str]):
    """A text that the vault sealed.

    `tertulia vault rotate` finds by this type what it has to encrypt again, so whatever the vault
    seals for the database is stored in a column of it.
    """

    impl = Text
    cache_ok = True


def to_millis(moment: datetime) -> int:
    """Return the whole milliseconds since 1970."""
    return (moment - _EPOCH) // _MILLISECOND


def from_millis(millis: int) -> datetime:
    """Return the moment so many milliseconds after 1970."""
    return _EPOCH + timedelta(milliseconds=millis)


# A page of history names the same few people again and again.
@lru_cache(maxsize=16_384)
def _id_of(value: bytes | None) -> UUID | None:
    return None if value is None else UUID(bytes=value)


def _moment_of(millis: int | None) -> datetime | None:
    return None if millis is None else from_millis(millis)
