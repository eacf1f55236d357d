"""Plain JSON over a WebSocket, one for each conversation: the `event_type` vocabulary."""
