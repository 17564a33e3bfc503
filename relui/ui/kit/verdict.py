"""What a verification found, for people to read."""

from __future__ import annotations

from relui.domain.log import IntegrityCheck


def verdict_text(found: IntegrityCheck) -> str:
    """The answer first, then every problem, and the seal of what is intact."""
    entries = "1 entry" if found.entries == 1 else f"{found.entries} entries"
    if found.intact:
        paragraphs = [f"{found.id} is intact: its log of {entries} gives the state that is recorded."]
    else:
        paragraphs = [f"{found.id} is NOT INTACT. It was altered outside relui, or is damaged ({entries}):"]
        paragraphs += [f"! {problem}" for problem in found.problems]
    if found.simulated:
        paragraphs.append(f"Written under a clock that was set by hand: {found.simulated} of {entries}.")
    paragraphs += [f"Not delivered with the import: its evidence {name}." for name in found.not_delivered]
    if found.intact:
        paragraphs.append(
            f"Seal: {found.seal}\nKept elsewhere, it proves later that no end was cut: relui verify --seal."
        )
    return "\n\n".join(paragraphs)
