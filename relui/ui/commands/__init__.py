"""One class for each act of a person: its key, its name, what it does, and why it cannot be done now.

Bindings, the key bar, the palette, help and the person's own keys are generated from these classes.
"""
