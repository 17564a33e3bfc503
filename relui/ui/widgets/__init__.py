"""Widgets that draw lines themselves: a key press repaints the lines that changed and nothing else."""
