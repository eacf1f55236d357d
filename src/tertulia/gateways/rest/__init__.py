"""The HTTP interface: accounts, conversations and messages as JSON, and its own description."""
