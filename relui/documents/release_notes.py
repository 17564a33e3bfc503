"""The release notes [S1.11] in two views of one text: for technical teams before, for users afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from relui.documents.definition import rollback_section
from relui.documents.facts import Paper, clock_words, day_words, duration_words, whom_to_ask, zone_words
from relui.documents.page import Page
from relui.documents.testing_summary import known_issues_table
from relui.domain.calendar.timetable import Relations
from relui.domain.dossier.changes import carried
from relui.domain.dossier.parts import Change
from relui.domain.dossier.testing import known_issues
from relui.domain.release import Release
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput

View = Literal["technical", "users"]
VIEWS: tuple[View, ...] = ("technical", "users")
INTERNAL = ("build", "chore", "ci", "docs", "refactor", "style", "test")
"""Kinds of change that concern those who build the service, and are not told to its users."""


def view_of(release: Release, wanted: str = "") -> View:
    """The view that is asked for; else the technical one before the deployment, the users' one after it.

    Raises BadInput for an unknown view.
    """
    for view in VIEWS:
        if wanted == view:
            return view
    if wanted:
        raise BadInput(f"There is no view {quoted(wanted)} of release notes.{did_you_mean(wanted, VIEWS)}")
    return "users" if release.completed_at is not None else "technical"


def notes_markdown(release: Release, paper: Paper, view: View) -> str:
    """The release notes; times in the paper's zone, the date in the release's own."""
    page = Page(f"{paper.service(release)} {release.version}", paper.zone)
    page.facts(*_header(release, view))
    if view == "technical":
        _technical_changes(page, release)
    else:
        _users_changes(page, release)
    _known_issues(page, release, view)
    if view == "technical":
        page.section("Dependencies").facts(*dependencies(release, paper))
        rollback_section(page, release)
    else:
        page.section("What you need to do").quote(release.dossier.user_action)
        page.section("Questions").text(whom_to_ask(release, paper))
    return page.whole


def _header(release: Release, view: View) -> Iterator[tuple[str, str]]:
    at = release.completed_at or release.go_live
    yield "Version", release.version
    day = day_words(at, release.zone)
    yield "Date", f"{day}, {clock_words(at, release.zone)} ({zone_words(at, release.zone)})"
    yield "Type", release.type
    if view == "technical":
        yield "Release", release.id
        yield "Environment", release.environment
        yield "Planned duration", duration_words(release.duration)
    yield "More", release.notes_link


def _technical_changes(page: Page, release: Release) -> None:
    page.section("Changes").table(
        ("Reference", "Summary", "Kind", "Breaking", "Owner"),
        (
            (each.id, each.summary, each.kind, "yes" if each.breaking else "", each.owner)
            for each in _listed(release)
        ),
    )


def _users_changes(page: Page, release: Release) -> None:
    known = [each for each in _listed(release) if each.breaking or each.kind not in INTERNAL]
    if not known:
        page.text("This version changes nothing that you will notice.")
    breaking = [each for each in known if each.breaking]
    rest = [each for each in known if not each.breaking]
    page.section("Changes that you must know").bullets(each.summary for each in breaking)
    page.section("What is new").bullets(each.summary for each in rest if each.kind != "fix")
    page.section("What was fixed").bullets(each.summary for each in rest if each.kind == "fix")


def _listed(release: Release) -> Iterator[Change]:
    """The changes that go out."""
    return (each for each in carried(release) if each.status != "rejected")


def _known_issues(page: Page, release: Release, view: View) -> None:
    page.section("Known issues")
    found = known_issues(release)
    if not found:
        page.text("None.")
        return
    if view == "technical":
        known_issues_table(page, found)
        return
    page.bullets(
        each.summary + (f". What helps: {each.workaround}" if each.workaround else "") for each in found
    )


def dependencies(release: Release, paper: Paper) -> Iterator[tuple[str, str]]:
    """Schemas, compatible APIs, releases that go first, and services that must be there."""
    yield "Schema versions", release.dossier.schema_versions
    yield "Compatible API versions", release.dossier.api_versions
    yield "Releases that go first", ", ".join(release.dossier.needs)
    relations = Relations(paper.organisation)
    needed = relations.needs(relations.id_of(release.service))
    yield "Services that it needs", ", ".join(relations.names(needed))
