"""Who listens on this node, and the road between nodes."""
