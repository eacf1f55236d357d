"""Tests of the plain WebSocket with the `event_type` vocabulary."""
