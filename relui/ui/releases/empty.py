"""What an empty list says: how to begin."""

from __future__ import annotations

from textual.content import Content

from relui.ui.kit.text import line


def empty_list(filter_text: str) -> list[Content]:
    """No active release, or none that fits the filter."""
    if filter_text:
        return [
            line("No active release fits ", (filter_text, "overdue"), "."),
            line(""),
            line(("Esc clears the filter.", "muted")),
        ]
    return [
        line(("No release is active.", "bold text")),
        line(""),
        line("Press ", ("c", "bold accent"), " to create the first one from a checklist template."),
        line("Press ", ("?", "bold accent"), " for every key."),
        line(""),
        line(
            ("To look around first, leave with q and run ", "muted"),
            ("relui demo", "text"),
            (": a made-up", "muted"),
        ),
        line(("organisation with six active releases and an archive, in a folder of its own.", "muted")),
    ]


def empty_archive(filter_text: str, *, reading: bool) -> list[Content]:
    """No archived release, none that fits, or none read yet."""
    if reading:
        return [line(("Reading the archive ...", "muted"))]
    if filter_text:
        return [
            line("No archived release fits ", (filter_text, "overdue"), "."),
            line(""),
            line(("Esc clears the filter.", "muted")),
        ]
    return [
        line(("Nothing is archived yet.", "bold text")),
        line(""),
        line(
            ("A release comes here when it is finished with ", "muted"), ("F", "bold accent"), (".", "muted")
        ),
    ]
