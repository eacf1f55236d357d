"""Socket.IO: what the npm `socket.io-client` and its kin speak, over Engine.IO."""
