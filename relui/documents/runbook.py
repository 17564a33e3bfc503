"""The runbook: the checklist of the deployment as numbered steps, to be executed as it is written [S1.26]."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from relui.documents.facts import Paper, duration_words
from relui.documents.page import Page
from relui.domain.checklist import Item, State
from relui.domain.dossier.notices import MESSAGE_WORDS
from relui.domain.instants import parse_offset
from relui.domain.outline import Node, Outline, due_at
from relui.domain.release import Release


def runbook_markdown(release: Release, paper: Paper) -> str:
    """The steps of the stage deploy; of the whole checklist where no phase belongs to it."""
    outline = Outline(release)
    phases = deployment_phases(outline)
    page = Page(f"Runbook: {release.title}", paper.zone)
    page.facts([("Release", release.id), ("Go-live", page.at(release.go_live))])
    number = 1
    for phase in phases:
        page.section(phase.text)
        at = page.at(due_at(release, phase.phase))
        page.facts([("Until", f"{parse_offset(phase.phase.due).words()}: {at}")])
        leaves = [leaf for leaf in phase.leaves() if leaf.state is not State.NOT_APPLICABLE]
        number = page.steps((list(_step(leaf)) for leaf in leaves), number)
        left = [leaf for leaf in phase.leaves() if leaf.state is State.NOT_APPLICABLE]
        page.section("Not applicable", 3)
        page.bullets(f"{_words(leaf)}{': ' + leaf.mark.reason if leaf.mark.reason else ''}" for leaf in left)
    return page.whole


def deployment_phases(outline: Outline) -> list[Node]:
    """The phases of the stage deploy; all of them where there is none."""
    found = [phase for phase in outline.phases if phase.phase.stage == "deploy" and not phase.phase.owed]
    return found or [phase for phase in outline.phases if not phase.phase.owed]


def _words(leaf: Node) -> str:
    """The item with what it is a part of: `Environment variables: feature flags`."""
    above: list[str] = []
    node = leaf.parent
    while node is not None and node.item is not None:
        above.insert(0, node.text)
        node = node.parent
    return ": ".join([*above, leaf.text])


def _step(leaf: Node) -> Iterator[str]:
    item = leaf.item
    assert item is not None
    yield _words(leaf) + (" (optional)" if leaf.optional else "")
    about = list(_about(item))
    if about:
        yield "; ".join(about)
    if item.run is not None:
        yield f"Command: {shlex.join(item.run.command)} (at most {duration_words(item.run.timeout)})"
    if item.help:
        yield item.help
    if leaf.requirements():
        yield f"Not before: {', '.join(leaf.requirements())}"
    if leaf.state in (State.DONE, State.FAILED):
        grounds = leaf.mark.reason or leaf.mark.note.replace("\n", " ")
        yield f"{leaf.state.name.capitalize()} already" + (f": {grounds}" if grounds else "")


def _about(item: Item) -> Iterator[str]:
    if item.role:
        yield f"by {item.role}"
    if item.estimate:
        yield f"about {duration_words(item.estimate)}"
    if item.message:
        yield f"send the message '{MESSAGE_WORDS.get(item.message, item.message)}'"
    if item.fields:
        yield f"record {', '.join(field.label for field in item.fields)}"
