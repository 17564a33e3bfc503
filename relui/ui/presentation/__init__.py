"""Pure: domain objects -> `Content` whose spans name marks (`done`, `overdue`, ...), never colours.

A widget turns the names into styles (relui/ui/widgets/lines.py). Text from outside is cleaned once
more here and is never markup.
"""
