"""Whole-system tests: a real server process, real clients, real faults."""
