"""The seam to what keeps things, and files behind it: atomic, locked, versioned. No screen, no rule."""
