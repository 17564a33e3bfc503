"""relui: no step of a release is skipped silently."""

__version__ = "0.1.0"
