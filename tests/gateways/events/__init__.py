"""Tests of the `type` vocabulary, from single frames to real sockets."""
