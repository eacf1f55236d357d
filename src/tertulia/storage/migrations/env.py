"""What Alembic runs: the steps go over the caller's connection, within its transaction."""

from __future__ import annotations

from alembic import context

from tertulia.storage.encryption_tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    # A new step imports the types of `columns` by their bare names.
    user_module_prefix="",
    # SQLite changes a table by making it anew.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
