"""Tests of Phoenix Channels, from single frames to the real npm client."""
