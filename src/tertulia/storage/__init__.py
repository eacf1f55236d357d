"""Everything lasting, in SQLite or PostgreSQL: rows never leave this room, frozen values do."""
