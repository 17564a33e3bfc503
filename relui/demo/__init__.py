"""The demo organisation: made-up releases that went through the same rules as real ones."""
