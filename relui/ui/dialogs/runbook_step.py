"""The form for a step of the runbook: what, by whom, how, what shows that it worked, how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from relui.domain.outline import Node, Outline
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.domain.runbook import FIELDS, add_steps, edit_step, place, rehearsal, rehearse_step, steps, texts
from relui.ui.dialogs.part_form import Field, PartForm

if TYPE_CHECKING:
    from relui.desk.core import Done
    from relui.ui.screens.checklist import ChecklistScreen

TOOK, DEVIATED = "took", "deviation"


async def add(screen: ChecklistScreen, node: Node) -> None:
    """Ask for a new step, behind the one under the cursor, else at the end of the runbook."""
    assert screen.opened is not None
    outline = Outline(screen.opened.release)
    after = node.path if node.path in {step.path for step in steps(outline)} else ""
    where = f"after: {node.text}" if after else f"in: {place(outline).text}"
    now = screen.now

    def rule(release: Release, given: dict[str, str]) -> Ruling:
        return add_steps(release, [given], now, after=after)

    draft = f"{screen.release_id}-step-new"
    given = await _ask(screen, f"New step {where}", _fields({}), rule, draft)
    if given is None:
        return
    done = screen.act(lambda: screen.desk.add_steps(screen.release_id, [given], after=after))
    if done is None:
        screen.relui.keep_draft(draft, given)
    elif done.ruling.changed:
        screen.checklist.select(done.ruling.changed[0])


async def edit(screen: ChecklistScreen, node: Node) -> None:
    """Correct the step under the cursor, and record how it went in the rehearsal."""
    assert screen.opened is not None and node.item is not None
    known = rehearsal(screen.opened.release).get(node.path)
    before = texts(node.item)
    went = {TOOK: f"{known.took}m" if known else "", DEVIATED: known.deviation if known else ""}
    name, now = screen.desk.actor.name, screen.now
    rehearsed = (
        Field(TOOK, "Took in rehearsal", went[TOOK], "How long it took in staging: 12m."),
        Field(DEVIATED, "Deviated in what", went[DEVIATED], "What differed from the step as it is written."),
    )

    def rule(release: Release, given: dict[str, str]) -> Ruling:
        ruling = Ruling(release, None)
        if _written(given) != before:
            ruling = edit_step(release, node.path, _written(given), now)
        if _went(given) != went:
            ruling = rehearse_step(ruling.release, node.path, given[TOOK], given[DEVIATED], name, now)
        return ruling

    draft = f"{screen.release_id}-step-{node.path}"
    given = await _ask(screen, f"Step: {node.text}", [*_fields(before), *rehearsed], rule, draft)
    if given is None:
        return
    desk, release_id = screen.desk, screen.release_id
    acts: list[Callable[[], Done]] = []
    if _written(given) != before:
        acts.append(lambda: desk.edit_step(release_id, node.path, _written(given)))
    if _went(given) != went:
        acts.append(lambda: desk.rehearse_step(release_id, node.path, given[TOOK], given[DEVIATED]))
    if not all(screen.act(act) is not None for act in acts):
        screen.relui.keep_draft(draft, given)


async def _ask(
    screen: ChecklistScreen,
    title: str,
    fields: Sequence[Field],
    rule: Callable[[Release, dict[str, str]], Ruling],
    draft: str,
) -> dict[str, str] | None:
    def judge(values: dict[str, str]) -> Sequence[str]:
        assert screen.opened is not None
        return rule(screen.opened.release, values).told

    given: dict[str, str] | None = await screen.app.push_screen_wait(
        PartForm(title, fields, judge, draft=draft)
    )
    return given


def _fields(before: dict[str, str]) -> list[Field]:
    return [
        Field(each.name, each.label, before.get(each.name, ""), each.about, several=each.several)
        for each in FIELDS
    ]


def _written(given: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in given.items() if name not in (TOOK, DEVIATED)}


def _went(given: dict[str, str]) -> dict[str, str]:
    return {name: given[name] for name in (TOOK, DEVIATED)}
