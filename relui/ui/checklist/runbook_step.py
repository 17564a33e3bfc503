"""The form for a step of the runbook: what, by whom, how, what shows that it worked, how long it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from relui.domain.outline import Node
from relui.domain.release import Release
from relui.domain.runbook import FIELDS, add_steps, edit_step, place, rehearsal, rehearse_step, steps, texts
from relui.ui.kit.judged_form import Field, PartForm

if TYPE_CHECKING:
    from relui.desk.act import Done
    from relui.ui.checklist.list import Checklist
    from relui.ui.one_release.screen import ReleaseScreen

TOOK, DEVIATED = "took", "deviation"


async def add(screen: ReleaseScreen, rows: Checklist, node: Node) -> None:
    """Ask for a new step, behind the one under the cursor, else at the end of the runbook."""
    assert rows.outline is not None
    outline = rows.outline
    after = node.path if node.path in {step.path for step in steps(outline)} else ""
    where = f"after: {node.text}" if after else f"in: {place(outline).text}"

    def judge(given: dict[str, str]) -> Sequence[str]:
        return add_steps(_present(screen), [given], screen.now, after=after).told

    form = PartForm(f"New step {where}", _fields({}), judge, draft=f"{screen.release_id}-step-new")
    done = await screen.act_on(
        form, lambda given: screen.desk.items.add_steps(screen.release_id, [given], after=after)
    )
    if done is not None and done.ruling.changed:
        rows.select(done.ruling.changed[0])


async def edit(screen: ReleaseScreen, node: Node) -> None:
    """Correct the step under the cursor, and record how it went in the rehearsal."""
    assert screen.opened is not None and node.item is not None
    known = rehearsal(screen.opened.release).get(node.path)
    before = texts(node.item)
    went = {TOOK: f"{known.took}m" if known else "", DEVIATED: known.deviation if known else ""}
    desk, release_id, path = screen.desk, screen.release_id, node.path
    rehearsed = (
        Field(TOOK, "Took in rehearsal", went[TOOK], "How long it took in staging: 12m."),
        Field(DEVIATED, "Deviated in what", went[DEVIATED], "What differed from the step as it is written."),
    )

    def judge(given: dict[str, str]) -> Sequence[str]:
        release, now = _present(screen), screen.now
        if _written(given) != before:
            release = edit_step(release, path, _written(given), now).release
        if _went(given) != went:
            rehearse_step(release, path, given[TOOK], given[DEVIATED], desk.actor.name, now)
        return ()

    def save(given: dict[str, str]) -> Done:
        if _went(given) == went:
            return desk.items.edit_step(release_id, path, _written(given))
        if _written(given) != before:
            desk.items.edit_step(release_id, path, _written(given))
        return desk.items.rehearse_step(release_id, path, given[TOOK], given[DEVIATED])

    title, draft = f"Step: {node.text}", f"{release_id}-step-{path}"
    await screen.act_on(PartForm(title, [*_fields(before), *rehearsed], judge, draft=draft), save)


def _present(screen: ReleaseScreen) -> Release:
    assert screen.opened is not None
    return screen.opened.release


def _fields(before: dict[str, str]) -> list[Field]:
    return [
        Field(each.name, each.label, before.get(each.name, ""), each.about, several=each.several)
        for each in FIELDS
    ]


def _written(given: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in given.items() if name not in (TOOK, DEVIATED)}


def _went(given: dict[str, str]) -> dict[str, str]:
    return {name: given[name] for name in (TOOK, DEVIATED)}
