"""The release definition as a document [S1.7]: what is released, when, how, and how to go back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from relui.documents.facts import IMPACT_WORDS, Paper, contacts, date_words, duration_words
from relui.documents.page import Page, instant
from relui.domain.dossier.changes import advice
from relui.domain.dossier.definition import definition_gaps, emergency_definition_gaps
from relui.domain.dossier.environments import in_order, purpose
from relui.domain.dossier.package import version_warning
from relui.domain.dossier.signers import ready_words
from relui.domain.dossier.signoffs import state_of
from relui.domain.instants import local_day
from relui.domain.release import HOLD_WORDS, Release, milestones
from relui.domain.slot_hold import exception_words, stand_of

GIVEN = {"approve": "approved", "reject": "rejected", "withdraw": "withdrawn"}
"""What a sign-off's verdict is called once it is given."""


def definition_markdown(release: Release, paper: Paper) -> str:
    """The definition of a release; times in the paper's zone, the go-live in its own as well.

    What is missing is told only of a release that has criteria: a light one need not have it.
    """
    page = Page(f"Release definition: {release.title}", paper.zone)
    page.facts(*_facts(release, paper))
    changes_section(page, release)
    _schedule(page, release)
    _resources(page, release, paper)
    page.section("Risk").quote(release.risk)
    rollback_section(page, release)
    contacts_section(page, release, paper)
    _approval(page, release, paper)
    if release.criteria:
        gaps = emergency_definition_gaps if release.is_emergency else definition_gaps
        page.section("Still missing").bullets(gap.text for gap in gaps(release))
    return page.whole


def _facts(release: Release, paper: Paper) -> Iterator[tuple[str, str]]:
    yield "Release", release.id
    yield "Service", paper.service(release)
    yield "Version", release.version
    yield "Type", release.type
    yield "To check", version_warning(release) or ""
    yield "Rationale", release.rationale
    yield "Emergency because of", release.emergency_criterion
    yield "Impact", f"{release.impact}: {IMPACT_WORDS[release.impact]}"
    yield "Owner", paper.name(release.owner)
    yield "Go-live", f"{instant(release.go_live, release.zone)} ({release.zone})"
    if release.zone != paper.zone:
        yield "Go-live here", f"{instant(release.go_live, paper.zone)} ({paper.zone})"
    yield "Planned duration", duration_words(release.duration)
    yield "Window", _window(release, paper)
    yield "Environment", release.environment
    yield "Goes after", ", ".join(release.dossier.needs)
    yield "Follows", release.dossier.follows
    yield "Release notes", release.notes_link


def _window(release: Release, paper: Paper) -> str:
    booking = release.booking
    if booking is None:
        return "no slot is booked" if release.criteria else ""
    held = HOLD_WORDS[stand_of(release, paper.now)]
    words = f"{held}, {instant(booking.at, paper.zone)} to {instant(booking.end, paper.zone)}"
    if booking.exception:
        words += f"; exception: {booking.exception} ({exception_words(release)})"
    return words


def changes_section(page: Page, release: Release) -> None:
    """All changes, with what stands on each."""
    page.section("Changes").table(
        ("Reference", "Summary", "Kind", "Status", "Wanted by", "Owner", "Ready"),
        (
            (each.id, each.summary, f"{each.kind}{', breaking' if each.breaking else ''}".strip(", "),
             each.status, str(each.target or ""), each.owner,
             f"yes, {ready_words(each)}".removesuffix(", ") if each.ready else "no")
            for each in release.dossier.changes
        ),
    )  # fmt: skip
    if release.dossier.changes:
        page.text(advice(release))


def _schedule(page: Page, release: Release) -> None:
    dossier = release.dossier
    page.section("Promotion schedule")
    rows = []
    for each in in_order(release, dossier.environments):
        what = purpose(each.id)
        recorded = f"{page.at(each.promoted)} by {each.by}" if each.promoted else ""
        rows.append(
            (each.id, page.at(each.planned), f"{what.who}; {what.data}" if what else "", recorded,
             "verified" if each.access_verified else "", each.baseline)
        )  # fmt: skip
    page.table(("Environment", "Planned", "For", "Promoted", "Access", "Baseline"), rows)
    if release.criteria:
        page.section("Timeline")
        days = milestones(release.type, release.go_live, release.zone)
        found = [(each.name.capitalize(), date_words(each.day)) for each in days]
        found.append(("Go-live", date_words(local_day(release.go_live, release.zone))))
        page.table(("Milestone", "Day"), found if days else ())


def _resources(page: Page, release: Release, paper: Paper) -> None:
    page.section("Resources").facts(("People", ", ".join(paper.name(person) for person in release.people)))
    page.quote(release.dossier.resources)


def rollback_section(page: Page, release: Release, title: str = "Rollback", *, triggers: bool = True) -> None:
    """The plan to go back, until when, and what triggers it unless that is told elsewhere."""
    dossier = release.dossier
    page.section(title).quote(release.rollback)
    page.facts(*rollback_limits(release))
    if triggers:
        page.section("What triggers it", 3).quote(dossier.rollback_triggers)
    page.section("Where the procedure stands", 3).bullets(
        f"{each.id}: {each.location}"
        for each in dossier.components
        if each.kind == "rollback-script" and each.presence != "not-needed" and each.location
    )


def rollback_limits(release: Release) -> Iterator[tuple[str, str]]:
    """How long going back takes, and until when it can begin."""
    takes, limit = release.dossier.rollback_minutes, release.dossier.rollback_limit
    if takes:
        yield "A rollback takes", duration_words(takes)
    if limit:
        yield "Possible until", f"{duration_words(limit)} after completion"
    if takes:
        booking = release.booking
        end = booking.end if booking else release.go_live + timedelta(minutes=release.duration)
        last = end - timedelta(minutes=takes)
        yield "Last moment to begin one before completion", f"{instant(last, release.zone)} ({release.zone})"


def contacts_section(page: Page, release: Release, paper: Paper) -> None:
    """Who takes part; nothing where nobody but the owner is known."""
    known = contacts(release, paper)
    page.section("Contacts").table(
        ("Role", "Name", "How to reach"),
        ((each.role, each.name, each.reach) for each in known) if len(known) > 1 or known[0].reach else (),
    )


def _approval(page: Page, release: Release, paper: Paper) -> None:
    state = state_of(release, "definition")
    page.section("Approval").bullets(
        f"{GIVEN[standing.signoff.verdict]} by {paper.name(standing.signoff.by)}"
        + (f" for {paper.name(standing.signoff.acting_for)}" if standing.signoff.acting_for else "")
        + f", {page.at(standing.signoff.at)}"
        + (f": {standing.signoff.comment}" if standing.signoff.comment else "")
        + (f" (stale: {'; '.join(standing.causes)})" if standing.causes else "")
        for standing in state.standing
    )
