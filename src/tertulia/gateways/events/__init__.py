"""Plain JSON over one WebSocket: the `type` vocabulary."""
