"""The page that a shift hands over [S1.27]: state, what is open, what was decided, what worries."""

from __future__ import annotations

from relui.documents.facts import Paper, duration_words, escalation
from relui.documents.page import Page
from relui.domain.dossier.shift import ShiftPage
from relui.domain.release import Release


def shift_markdown(release: Release, shift: ShiftPage, paper: Paper) -> str:
    """One page of a release as it stood at the shift's instant; times in the paper's zone."""
    clock = shift.clock
    page = Page(f"Hand-over: {release.title}", paper.zone)
    page.facts(
        [
            ("Release", release.id),
            ("At", f"{page.at(shift.now)} ({paper.zone})"),
            ("Leads", paper.name(shift.leader)),
            ("Window", f"{page.at(clock.start)} to {page.at(clock.end)}"),
            ("Elapsed", duration_words(clock.elapsed) if clock.elapsed > 0 else ""),
            ("Remaining", duration_words(clock.remaining) if clock.remaining > 0 else "none"),
            ("Last moment to start a rollback", page.at(clock.last_rollback)),
        ]
    )
    page.section("State")
    page.bullets(shift.state)
    page.section("What worries")
    page.bullets(" ".join(words.split()) for words in shift.worries)
    page.section("Failed")
    page.bullets(
        f"{node.text} ({node.path}){': ' + node.mark.reason if node.mark.reason else ''}"
        for node in shift.failed
    )
    page.section("Open")
    page.bullets(f"{node.text} ({node.path})" for node in shift.open_items)
    page.section("Open defects")
    page.bullets(shift.defects)
    page.section("In the way of the next step")
    page.bullets(line.words for line in shift.unmet)
    page.section("Decided")
    page.table(
        ("When", "What", "By", "Words"),
        ((page.at(each.at), each.kind, paper.name(each.by), each.words) for each in shift.decided),
    )
    page.section("Whom to call")
    page.bullets(each.words for each in escalation(release, paper))
    return page.whole
