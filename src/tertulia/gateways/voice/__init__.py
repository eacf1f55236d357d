"""Voice channels over one plain WebSocket each."""
