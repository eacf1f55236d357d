"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tertulia.storage.columns import Id, Instant, Number

revision = "${up_revision}"
down_revision = "${down_revision}"


def upgrade() -> None:
    """Make the change."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take it back."""
    ${downgrades if downgrades else "pass"}
