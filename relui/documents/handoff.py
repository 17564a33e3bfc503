"""The hand-off bundle [S1.26]: what those who deploy need, as a folder or zip of Markdown; the briefing."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

from relui.documents.definition import GIVEN, definition_markdown, rollback_limits, rollback_section
from relui.documents.facts import Paper, contacts, duration_words, escalation
from relui.documents.page import Page
from relui.documents.release_notes import dependencies, notes_markdown
from relui.documents.runbook import deployment_phases, runbook_markdown
from relui.documents.testing_summary import known_issues_section, summary_markdown
from relui.domain.dossier.assessment import assess
from relui.domain.dossier.package import CATEGORY_WORDS, kind_words
from relui.domain.dossier.parts import Component
from relui.domain.dossier.signoffs import APPROVAL_POINTS, state_of
from relui.domain.outline import Node, Outline
from relui.domain.release import Release
from relui.domain.runbook import address, rehearsal, steps

_VERIFYING = ("verification-test", "health-check")


def bundle(release: Release, paper: Paper) -> dict[str, str]:
    """Every document of the hand-off by file name, the index first; times in the paper's zone."""
    titled = {
        "1-definition.md": ("Definition", definition_markdown(release, paper)),
        "2-package.md": ("Package: where it is, and how to check it", _package(release, paper)),
        "3-runbook.md": ("Runbook", runbook_markdown(release, paper)),
        "4-rollback.md": ("Rollback: procedure and criteria", _rollback(release, paper)),
        "5-tests.md": ("Test results", summary_markdown(release, paper)),
        "6-acceptance.md": ("Acceptance", _acceptance(release, paper)),
        "7-known-issues.md": ("Known issues", _known_issues(release, paper)),
        "8-contacts.md": ("Contacts", _contacts(release, paper)),
        "9-briefing.md": ("Briefing", briefing_markdown(release, paper)),
        "release-notes.md": ("Release notes, technical", notes_markdown(release, paper, "technical")),
    }
    index = _index(release, paper, {name: title for name, (title, _) in titled.items()})
    return {"README.md": index, **{name: text for name, (_, text) in titled.items()}}


def handoff_markdown(release: Release, paper: Paper) -> str:
    """The whole bundle as one text, document after document."""
    return "\n\n".join(text for name, text in bundle(release, paper).items() if name != "README.md")


def _index(release: Release, paper: Paper, titles: Mapping[str, str]) -> str:
    page = Page(f"Hand-off: {release.title}", paper.zone)
    page.facts(
        ("Release", release.id),
        ("Service", paper.service(release)),
        ("Go-live", f"{page.at(release.go_live)} ({paper.zone})"),
        ("Environment", release.environment),
        ("Owner", paper.known(release.owner)),
        ("Package", release.dossier.package_at),
        ("Runbook", address(release)),
        ("Written", f"{page.at(paper.now)} ({paper.zone})"),
    )
    page.section("Missing: ask the owner before you begin").bullets(_missing(release, paper))
    page.section("Documents").table(("File", "What it is"), titles.items())
    return page.whole


def _missing(release: Release, paper: Paper) -> Iterator[str]:
    """What somebody who knows nothing of the release would have to ask for."""
    dossier, outline = release.dossier, Outline(release)
    if not dossier.package_at:
        yield "Where the package is stored."
    if not dossier.package_access:
        yield "Who has access to the package, or how to get it."
    for each in dossier.components:
        lacks = [
            word
            for word, text in (("location", each.location), ("checksum or tag", each.checksum))
            if not text
        ]
        if each.presence != "not-needed" and lacks:
            yield f"The {' and the '.join(lacks)} of {each.id}."
    if not steps(outline) and not address(release):
        yield "The steps of the deployment: no runbook is recorded, nor where it lies."
    for step in steps(outline):
        if step.item is not None and not (step.item.command or step.item.run or step.item.help):
            yield f"How to do '{step.text}': the step has no command."
    if not release.rollback:
        yield "The rollback procedure."
    if not any(each.role == "on-call" and each.reach for each in contacts(release, paper)):
        yield "Who is on call, and how to reach them."


def _package(release: Release, paper: Paper) -> str:
    """Where everything lies, and what proves that it is what was built [S1.9, S1.13]."""
    dossier = release.dossier
    page = Page(f"Package: {release.title}", paper.zone)
    page.facts(
        ("Stored at", dossier.package_at),
        ("Tag", dossier.package_tag),
        ("Access", dossier.package_access),
        ("Build", str(dossier.iteration)),
        ("Build logs", dossier.build_logs),
    )
    page.section("Components, in the order of the deployment")
    _components(page, release, [each for each in dossier.components if each.presence != "not-needed"])
    page.section("Not needed").bullets(
        f"{kind_words(each.kind)}: {each.why_not}"
        for each in dossier.components
        if each.presence == "not-needed"
    )
    return page.whole


def _rehearsal(page: Page, release: Release) -> None:
    """What the rehearsal in staging found: step by step, and as it was confirmed [S1.19]."""
    found, outline = rehearsal(release), Outline(release)
    page.table(
        ("Step", "Took", "What deviated"),
        (
            (outline.nodes[path].text, duration_words(went.took), went.deviation or "nothing")
            for path, went in found.items()
            if path in outline.nodes
        ),
    )
    said = [
        each
        for each in release.dossier.confirmations
        if each.id == "runbook.deviations" and each.iteration == release.dossier.iteration
    ]
    for each in said:
        page.facts(("Deviations, as confirmed", each.note), ("By", each.by), ("When", page.at(each.at)))
    if not (found or said):
        page.text("No rehearsal of this build is recorded.")


def _rollback(release: Release, paper: Paper) -> str:
    page = Page(f"Rollback: {release.title}", paper.zone)
    if not (release.rollback or release.dossier.rollback_minutes or release.dossier.rollback_limit):
        page.text("No rollback plan is recorded.")
    rollback_section(page, release, "Procedure", triggers=False)
    _triggers(page, release)
    return page.whole


def _triggers(page: Page, release: Release) -> None:
    """When to go back: this release's own triggers first, what holds for every one, and who decides."""
    page.section("When to roll back")
    triggers = release.dossier.rollback_triggers
    page.quote(triggers)
    own = "" if triggers else "No trigger of its own is recorded."
    page.text(f"{own} For every release:".strip())
    page.bullets(
        [
            "A step of the runbook fails, and cannot be mended within the window.",
            "A verification after the deployment fails, or a core function does not work.",
            "The last moment to begin a rollback is near, and the deployment is not verified.",
        ]
    )
    page.section("Risks that were seen beforehand", 3).quote(release.risk)
    page.section("Who declares it", 3).text(
        "The release owner declares the rollback, with its reason; the deployment team carries it out."
    )


def _acceptance(release: Release, paper: Paper) -> str:
    page = Page(f"Acceptance: {release.title}", paper.zone)
    state = state_of(release, "acceptance")
    if not state.standing:
        page.text("Nobody has signed the acceptance.")
        return page.whole
    page.text("The acceptance is signed." if state.signed else "The acceptance is not complete.")
    for standing in state.standing:
        given = standing.signoff
        page.section(f"{GIVEN[given.verdict].capitalize()} by {paper.name(given.by)}").facts(
            ("For", paper.name(given.acting_for)),
            ("When", page.at(given.at)),
            ("Comment", given.comment),
            ("Stale", "; ".join(standing.causes)),
        )
        words = APPROVAL_POINTS["acceptance"]
        page.bullets(f"{words.get(point, point)}: confirmed" for point in given.confirmed)
    return page.whole


def _known_issues(release: Release, paper: Paper) -> str:
    page = Page(f"Known issues: {release.title}", paper.zone)
    found = assess(release)
    if not found.known_issues:
        page.text("No issue is known.")
    known_issues_section(page, found)
    return page.whole


def _contacts(release: Release, paper: Paper) -> str:
    page = Page(f"Contacts: {release.title}", paper.zone)
    page.table(
        ("Role", "Name", "How to reach"),
        ((each.role, each.name, each.reach) for each in contacts(release, paper)),
    )
    return page.whole


def briefing_markdown(release: Release, paper: Paper) -> str:
    """The points that those who deploy are briefed on [S1.26]; what nobody recorded is said to be so."""
    page = Page(f"Briefing: {release.title}", paper.zone)
    page.section("Order of the components")
    _components(page, release, list(_in_package(release, "configuration", "application")))
    page.section("Configuration changes to coordinate")
    _configuration(page, release)
    page.section("Dependencies").facts(*dependencies(release, paper))
    page.section("Verification checkpoints and what is expected")
    _checkpoints(page, release)
    page.section("What the rehearsal found")
    _rehearsal(page, release)
    page.section("Rollback: triggers and limits").quote(release.dossier.rollback_triggers)
    if not release.dossier.rollback_triggers:
        page.text("No trigger of its own is recorded.")
    page.facts(*rollback_limits(release))
    page.text("The procedure: 4-rollback.md" if release.rollback else "No rollback plan is recorded.")
    page.section("Escalation path")
    page.steps([each.words] for each in escalation(release, paper))
    return page.whole


def _in_package(release: Release, *categories: str) -> Iterator[Component]:
    for each in release.dossier.components:
        if each.category in categories and each.presence != "not-needed":
            yield each


def _components(page: Page, release: Release, parts: Sequence[Component]) -> None:
    """In the order that the owner keeps: the order in which they are deployed."""
    rows = [
        (str(number), each.id, kind_words(each.kind), each.version, each.location, each.checksum)
        for number, each in enumerate(parts, 1)
    ]
    page.table(("Order", "Component", "What", "Version", "Where", "Checksum or tag"), rows)
    if not rows:
        page.text("No component is recorded.")


def _configuration(page: Page, release: Release) -> None:
    items = release.dossier.config_items
    parts = list(_in_package(release, "configuration"))
    page.table(
        ("Configuration item", "Now", "New", "Relationships", "Attributes"),
        ((each.id, each.old, each.new, each.relationships, each.attributes) for each in items),
    )
    page.table(
        (CATEGORY_WORDS["configuration"], "What", "Where"),
        ((each.id, kind_words(each.kind), each.location) for each in parts),
    )
    if not (items or parts):
        page.text("None is recorded.")


def _checkpoints(page: Page, release: Release) -> None:
    """Checks in the package, then the steps after the deployment: an item says what holds when it is done."""
    page.table(
        ("Check", "What", "Where", "Expected"),
        (
            (each.id, kind_words(each.kind), each.location, "passes")
            for each in _in_package(release, "deployment")
            if each.kind in _VERIFYING
        ),
    )
    phases = deployment_phases(Outline(release))
    after = [phase for phase in phases if phase.phase.due.replace(" ", "").startswith("T+")] or phases[-1:]
    page.table(
        ("Expected result", "Phase", "How it is checked"),
        (
            (leaf.text, phase.text, _how(leaf))
            for phase in after
            for leaf in phase.leaves()
            if not leaf.when_done
        ),
    )


def _how(leaf: Node) -> str:
    assert leaf.item is not None
    run = f"{leaf.item.run.line} ends with 0" if leaf.item.run else ""
    return "; ".join(text for text in (run, leaf.item.expect.strip(), leaf.item.help.strip()) if text)


_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can tell: when it was made is in the documents


def zipped(folder: str, files: Mapping[str, bytes]) -> bytes:
    """The files below `folder` in a zip, in the order of their names, without the clock of the host."""
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{folder}/{name}", _FIRST_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, so that the mode below is read
            info.external_attr = 0o100600 << 16
            archive.writestr(info, files[name])
    return stream.getvalue()
