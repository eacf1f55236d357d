"""The kinds of values that queries and bodies share, as narrow as storage needs them.

What a text may say is the core's to judge; here stands only what would not reach it whole.
"""

from __future__ import annotations

from typing import Annotated

from litestar.params import QueryParameter
from msgspec import Meta

# The largest integer that every JSON reader keeps exact (RFC 8259, section 6).
_MAX_SEQ = 2**53 - 1
# PostgreSQL stores no NUL, so a text to look something up by has none.
_WITHOUT_NUL = r"^[^\x00]*$"

Seq = Annotated[int, Meta(ge=0, le=_MAX_SEQ)]
LookupText = Annotated[str, Meta(pattern=_WITHOUT_NUL)]

SeqQuery = Annotated[int, QueryParameter(ge=0, le=_MAX_SEQ)]
OptionalSeqQuery = Annotated[int | None, QueryParameter(ge=0, le=_MAX_SEQ)]
TextQuery = Annotated[str, QueryParameter(pattern=_WITHOUT_NUL, max_length=200)]
# Called otherwise in the code, where `search` is a use case and would be handed over instead.
# What it may say is the core's to judge, which names it as clients do.
SearchQuery = Annotated[str, QueryParameter(name="search")]
ReasonQuery = Annotated[
    str | None,
    QueryParameter(pattern=_WITHOUT_NUL, max_length=200, description="What they are told of it."),
]
TopicQuery = Annotated[str | None, QueryParameter(max_length=32)]
PageToken = Annotated[
    str | None,
    QueryParameter(max_length=500, description="`page_token` of the page before this one."),
]
PageSize = Annotated[int | None, QueryParameter(description="How many items, from 1 to 100.")]
