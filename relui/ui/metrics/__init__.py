"""Metrics and trends over the archive."""
