"""Tests of Socket.IO, from single packets to the real npm client."""
