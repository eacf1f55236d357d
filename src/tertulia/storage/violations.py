"""Naming the rule that a refused row would have broken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.exc import IntegrityError

# What follows (PostgreSQL's DETAIL) repeats values that people chose, so only the rule is read:
#   UNIQUE constraint failed: accounts.email_folded, ...
#   duplicate key value violates unique constraint "uq_accounts_email_folded"
_SQLITE = re.compile(r"constraint failed: ([\w.]+)$")
_POSTGRES = re.compile(r'violates unique constraint "(\w+)"')


def violated(error: IntegrityError) -> str:
    """Return `table.column` (SQLite) or the constraint's name (PostgreSQL); may be empty."""
    first_line = str(error.orig).partition("\n")[0]
    found = _SQLITE.search(first_line) or _POSTGRES.search(first_line)
    return found.group(1) if found else ""
