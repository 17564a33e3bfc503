"""Documents on disk: atomic, locked, versioned. Knows no screen and no rule."""
