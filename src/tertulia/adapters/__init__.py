"""The outside world behind ports of the core, each implementation chosen by settings."""
