"""Phoenix Channels over WebSocket: what the npm `phoenix` client and its kin speak."""
