"""Tests of the light pages."""
