"""The runbook on paper: the checklist of the deployment as numbered steps, executed as written [S1.26]; and
the page that a shift hands over [S1.27]: state, what is open, what was decided, what worries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from relui.documents.facts import Paper, duration_words, escalation
from relui.documents.page import Code, Page
from relui.domain.checklist import Item, State
from relui.domain.dossier.notices import MESSAGE_WORDS
from relui.domain.dossier.parts import Rehearsed
from relui.domain.dossier.shift import ShiftPage
from relui.domain.outline import Node, Outline, due_at, due_offset
from relui.domain.release import Release
from relui.domain.runbook import address, rehearsal, steps


def runbook_markdown(release: Release, paper: Paper) -> str:
    """The steps of the stage deploy; of the whole checklist where no phase belongs to it."""
    outline = Outline(release)
    phases = deployment_phases(outline)
    page = Page(f"Runbook: {release.title}", paper.zone)
    found = rehearsal(release)
    page.facts(
        ("Release", release.id),
        ("Go-live", page.at(release.go_live)),
        ("Kept at", address(release)),
        ("Takes", _takes(phases, found)),
    )
    number = 1
    for phase in phases:
        page.section(phase.text)
        at = page.at(due_at(release, phase.phase))
        page.facts(("Until", f"{due_offset(release, phase.phase).words()}: {at}"))
        leaves = [leaf for leaf in phase.leaves() if leaf.state is not State.NOT_APPLICABLE]
        number = page.steps(
            (list(_step(release, outline, leaf, found.get(leaf.path))) for leaf in leaves), number
        )
        left = [leaf for leaf in phase.leaves() if leaf.state is State.NOT_APPLICABLE]
        page.section("Not applicable", 3).bullets(
            f"{_words(leaf)}{': ' + leaf.mark.reason if leaf.mark.reason else ''}" for leaf in left
        )
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


def _takes(phases: list[Node], found: Mapping[str, Rehearsed]) -> str:
    """How long all of it takes: as it is estimated, and as the rehearsal went."""
    leaves = [leaf for phase in phases for leaf in phase.leaves() if leaf.state is not State.NOT_APPLICABLE]
    estimates = [leaf.item.estimate for leaf in leaves if leaf.item is not None and leaf.item.estimate]
    took = [found[leaf.path].took for leaf in leaves if leaf.path in found]
    least = "at least " if len(estimates) < len(leaves) else "about "
    words = [f"{least}{duration_words(sum(estimates))}"] if estimates else []
    if took:
        words.append(f"{duration_words(sum(took))} in the rehearsal, for {len(took)} of {len(leaves)} steps")
    return "; ".join(words)


def _step(release: Release, outline: Outline, leaf: Node, went: Rehearsed | None) -> Iterator[str]:
    item = leaf.item
    assert item is not None
    yield _words(leaf) + (" (optional)" if leaf.optional else "")
    about = list(_about(item))
    if about:
        yield "; ".join(about)
    if item.run is not None:
        yield f"Command, at most {duration_words(item.run.timeout)}:"
        yield Code(item.run.line)
    if item.command:
        yield "Command:"
        yield Code(item.command)
    yield from _labelled("Expected", item.expect)
    if item.help:
        yield item.help
    if item.runbook and not steps(outline):
        where = address(release)
        yield f"No step is recorded here. Follow {where}" if where else "Not recorded: the steps themselves."
    needed = [outline.nodes[path].text for path in leaf.requirements() if path in outline.nodes]
    if needed:
        yield f"Not before: {', '.join(needed)}"
    if went is not None:
        yield f"In the rehearsal it took {duration_words(went.took)}"
        yield from _labelled("What deviated then", went.deviation)
    if leaf.state in (State.DONE, State.FAILED):
        grounds = leaf.mark.reason or leaf.mark.note.replace("\n", " ")
        yield f"{leaf.state.name.capitalize()} already" + (f": {grounds}" if grounds else "")


def _labelled(label: str, text: str) -> Iterator[str]:
    """A text behind its label: in one line, or as it was written where it has several."""
    if "\n" in text.strip():
        yield f"{label}:"
        yield text
    elif text.strip():
        yield f"{label}: {text.strip()}"


def _about(item: Item) -> Iterator[str]:
    if item.role:
        yield f"by {item.role}"
    if item.estimate:
        yield f"about {duration_words(item.estimate)}"
    if item.message:
        yield f"send the message '{MESSAGE_WORDS.get(item.message, item.message)}'"
    if item.fields:
        yield f"record {', '.join(field.label for field in item.fields)}"


def shift_markdown(release: Release, shift: ShiftPage, paper: Paper) -> str:
    """One page of a release as it stood at the shift's instant; times in the paper's zone."""
    clock = shift.clock
    page = Page(f"Hand-over: {release.title}", paper.zone)
    page.facts(
        ("Release", release.id),
        ("At", f"{page.at(shift.now)} ({paper.zone})"),
        ("Leads", paper.name(shift.leader)),
        ("Window", f"{page.at(clock.start)} to {page.at(clock.end)}"),
        ("Elapsed", duration_words(clock.elapsed) if clock.elapsed > 0 else ""),
        ("Remaining", duration_words(clock.remaining) if clock.remaining > 0 else "none"),
        ("Last moment to start a rollback", page.at(clock.last_rollback)),
    )
    page.section("State").bullets(shift.state)
    page.section("What worries").bullets(" ".join(words.split()) for words in shift.worries)
    page.section("Failed").bullets(
        f"{node.text} ({node.path}){': ' + node.mark.reason if node.mark.reason else ''}"
        for node in shift.failed
    )
    page.section("Open").bullets(f"{node.text} ({node.path})" for node in shift.open_items)
    page.section("Open defects").bullets(shift.defects)
    page.section("In the way of the next step").bullets(line.words for line in shift.unmet)
    page.section("Decided").table(
        ("When", "What", "By", "Words"),
        ((page.at(each.at), each.kind, paper.name(each.by), each.words) for each in shift.decided),
    )
    page.section("Whom to call").bullets(each.words for each in escalation(release, paper))
    return page.whole
