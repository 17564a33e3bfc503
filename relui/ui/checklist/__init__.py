"""The checklist of one release, ticked by keyboard, with its log."""
