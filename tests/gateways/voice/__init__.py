"""Tests of the plain WebSocket of voice channels."""
