"""Domain objects -> text that people and other programs read."""
