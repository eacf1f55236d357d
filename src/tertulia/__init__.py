"""Tertulia: a standing gathering of people to talk; self-hosted real-time chat."""

__version__ = "0.1.0"
