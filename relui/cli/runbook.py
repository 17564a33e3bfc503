"""`relui runbook`: the steps of the deployment, written, rehearsed and printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import starmap
from pathlib import Path
from typing import Any

import click

from relui.cli.acting import tell
from relui.cli.command import FILE, PLACES, RELEASE, Given, argument, command, group, option
from relui.cli.completing import release_ids
from relui.cli.parts import PREFIX
from relui.cli.session import Session
from relui.cli.shapes import Shape, picked
from relui.domain.outline import Node, Outline
from relui.domain.release import Release
from relui.domain.runbook import FIELDS, address, rehearsal, steps, texts


class RunbookGroup(click.Group):
    """Takes the release before the word too: `relui runbook ID add ...`, and `relui runbook ID` shows it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the word before the release."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            word = args[1] if len(args) > 1 and args[1] in self.commands else ""
            args = [word or "show", args[0], *args[2 if word else 1 :]]
        return super().parse_args(ctx, args)


runbook_command = group(
    "runbook", "The steps of the deployment: owner, command, expected result, time.", cls=RunbookGroup
)
_FIELDS: Mapping[str, Given] = {
    f"{PREFIX}{field.name}": option(field.about, flag=f"--{field.name}", default=None) for field in FIELDS
}
_BUT_TEXT = {name: given for name, given in _FIELDS.items() if name != f"{PREFIX}text"}


def _given(values: dict[str, Any]) -> dict[str, str]:
    return {name.removeprefix(PREFIX): text for name, text in values.items() if text is not None}


@command("show", runbook_command)
def show(session: Session, release: str = RELEASE) -> None:
    """Print the steps of the release ID. Who does each, how, what shows that it worked, how long it takes,
    and its rehearsal.
    """
    made = session.release(release)
    if session.answers(document(made)):
        return
    rehearsed = rehearsal(made)

    def row(number: int, step: Node) -> Sequence[str]:
        assert step.item is not None
        written, known = texts(step.item), rehearsed.get(step.path)
        went = f"{known.took} min{', deviated' if known.deviation else ''}" if known else "-"
        more = (" ".join(written[name].split()) for name in ("command", "expect"))
        cells = (step.text, step.state.value, written["owner"], written["time"], went, *more)
        return str(number), *(cell or "-" for cell in cells)

    session.out.table(
        ("NO", "STEP", "STATE", "OWNER", "TIME", "REHEARSED", "COMMAND", "EXPECTED"),
        starmap(row, enumerate(steps(Outline(made)), 1)),
        f"The runbook of {made.id} has no steps: relui runbook add {made.id} TEXT.",
    )
    if where := address(made):
        session.out.word(f"The runbook lies at {where}.")


def document(release: Release) -> Shape:
    """The runbook behind `--json`; times are minutes."""
    rehearsed = rehearsal(release)

    def shape(number: int, step: Node) -> Shape:
        went = rehearsed.get(step.path)
        return {
            "number": number,
            **picked(step, "path text state"),
            **picked(step.item, "owner=role command expect minutes=estimate"),
            "rehearsed": picked(went, "took deviation at by") if went else None,
        }

    listed = list(starmap(shape, enumerate(steps(Outline(release)), 1)))
    return {"id": release.id, "address": address(release), "steps": listed}


@command("add", runbook_command, more=_BUT_TEXT)
def add(
    session: Session,
    /,
    release: str = RELEASE,
    text: str = argument("TEXT"),
    after: str = option("Behind this step, by number or path; else at the end.", "STEP"),
    **values: Any,
) -> None:
    """Add the step TEXT to the runbook of the release ID."""
    given = {"text": text, **_given(values)}
    tell(session, session.desk.items.add_steps(release, [given], after=after))


@command("edit", runbook_command, more=_FIELDS)
def edit(session: Session, /, release: str = RELEASE, step: str = argument("STEP"), **values: Any) -> None:
    """Set fields of a STEP of the release ID, named by number or path; an empty text empties one. Not once it
    was executed.
    """
    given = _given(values)
    if not given:
        names = ", ".join(f"--{field.name}" for field in FIELDS)
        raise click.UsageError(f"Say what to change: {names}.", click.get_current_context())
    tell(session, session.desk.items.edit_step(release, step, given), "is written so already.")


@command("remove", runbook_command)
def remove(
    session: Session,
    release: str = RELEASE,
    step: str = argument("STEP"),
    reason: str = option("Why.", required=True),
) -> None:
    """Remove a STEP of the release ID; the log keeps it. Not once it was executed."""
    tell(session, session.desk.items.remove(release, _path(session, release, step), reason))


@command("move", runbook_command)
def move(
    session: Session,
    release: str = RELEASE,
    step: str = argument("STEP"),
    places: int = PLACES,
) -> None:
    """Move a STEP of the release ID up or down."""
    done = session.desk.items.move(release, _path(session, release, step), places)
    tell(session, done, "it stands there already.")


@command("rehearse", runbook_command)
def rehearse(
    session: Session,
    release: str = RELEASE,
    step: str = argument("STEP"),
    took: str = option("How long it took: 12m.", "D", required=True),
    deviation: str = option("What differed from the step as it is written."),
) -> None:
    """Record how a STEP of the release ID went in staging. One step of the rehearsal; `relui rehearse`
    confirms the whole.
    """
    tell(session, session.desk.items.rehearse_step(release, step, took, deviation))


@command("import", runbook_command)
def import_(
    session: Session,
    release: str = RELEASE,
    file: str | None = argument("[FILE]", default=None, type=FILE),
    other: str | None = option(
        "Its steps, as they are written.", "OTHER", "--from-release", completing=release_ids, default=None
    ),
) -> None:
    """Add the steps of a FILE (YAML or CSV), or of another release. It is one act."""
    if (file is None) == (other is None):
        raise click.UsageError("Say where from: a FILE, or --from-release OTHER.")
    desk = session.desk
    if file is not None:
        from relui.loading.runbook_steps import load_steps

        done = desk.items.add_steps(release, load_steps(Path(file)), source=Path(file).name)
    else:
        source = session.release(other or "")
        written = [texts(step.item) for step in steps(Outline(source)) if step.item is not None]
        if not written:
            raise click.UsageError(f"The runbook of {source.id} has no steps.")
        done = desk.items.add_steps(release, written, source=source.id)
    tell(session, done)


def _path(session: Session, release: str, step: str) -> str:
    from relui.domain.runbook import step_named

    return step_named(Outline(session.release(release)), step).path
