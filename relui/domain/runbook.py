"""The runbook: the steps of the deployment, as items that the deploy phase shows [S1.19, S1.26].

A step is a leaf below the item that the template marks as the runbook. Where none is marked, the steps are
what people tick in the phase of the go-live. Durations are minutes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from relui.domain.checklist import Item, State
from relui.domain.customising import OWN, put_behind, put_below, with_item
from relui.domain.dossier.fields import PartField
from relui.domain.dossier.parts import Rehearsed
from relui.domain.dossier.readers import SUMMARY_LIMIT, line, minutes, paragraphs
from relui.domain.instants import format_duration, parse_offset
from relui.domain.log import Act
from relui.domain.outline import Node, Outline
from relui.domain.release import Release
from relui.domain.ruling import Ruling, refuse_closed
from relui.domain.text import became, did_you_mean, long_text, quoted, shortened, slug
from relui.errors import BadInput, Refused

STEPS_LIMIT = 500
"""Steps that a runbook may have: far more than one window holds."""

FIELDS: tuple[PartField, ...] = (
    PartField("text", "Step", "text", line("The step", required=True, limit=SUMMARY_LIMIT),
              "What is done, in one line.", required=True),
    PartField("owner", "Owner", "role", line("The owner"), "Who does it: a role, a team or a name."),
    PartField("command", "Command", "command", paragraphs("The command"),
              "As it is pasted into a shell. relui never runs it.", several=True),
    PartField("expect", "Expected result", "expect", paragraphs("The expected result"),
              "What shows that the step worked.", several=True),
    PartField("time", "Time", "estimate", minutes, "How long it takes: 10m."),
)  # fmt: skip
"""What people write of a step, by the names of the command line; `attribute` is the item's."""


def texts(item: Item) -> dict[str, str]:
    """The fields of a step as a person would type them."""
    made = {field.name: str(getattr(item, field.attribute) or "") for field in FIELDS}
    return {**made, "time": format_duration(item.estimate) if item.estimate else ""}


def place(outline: Outline) -> Node:
    """The item that is marked as the runbook, else the phase of the go-live: where a new step goes."""
    for node in outline:
        if node.item is not None and node.item.runbook and not node.phase.owed:
            return node
    deploy = [each for each in outline.phases if each.phase.stage == "deploy" and not each.phase.owed]
    at_go_live = [each for each in deploy if not parse_offset(each.phase.due).rough_minutes]
    return [*at_go_live, *deploy, *reversed(outline.phases)][0]


def steps(outline: Outline) -> tuple[Node, ...]:
    """The steps of the runbook, in order; none where nobody has written one."""
    here = place(outline)
    if here.item is not None:
        return tuple(here.leaves()) if here.children else ()
    return tuple(leaf for leaf in here.leaves() if not leaf.when_done)


def step_named(outline: Outline, name: str) -> Node:
    """A step by its number (from 1), its path or the last part of it; else any item by its path.

    Raises BadInput with the nearest right name.
    """
    known, wanted = steps(outline), name.strip()
    if wanted.isascii() and wanted.isdigit() and 0 < int(wanted) <= len(known):
        return known[int(wanted) - 1]
    found = [step for step in known if step.path.rpartition(".")[2] == wanted]
    if len(found) == 1:
        return found[0]
    if wanted in outline.nodes:
        return outline[wanted]
    names = [step.path.rpartition(".")[2] for step in known]
    hint = did_you_mean(wanted, names) or (
        f" It has {len(known)} steps." if known else " It has no steps yet."
    )
    raise BadInput(f"The runbook has no step {quoted(name)}.{hint}")


def add_steps(
    release: Release, given: Sequence[Mapping[str, str]], at: datetime, *, after: str = "", source: str = ""
) -> Ruling:
    """Add steps from text, in order, behind the step `after` or at the end. `source` names an import.

    Raises BadInput for a text that does not fit or an unknown step, Refused when the runbook was executed.
    """
    refuse_closed(release)
    made = [_made(Item(id="", text="", origin=OWN), each) for each in given]
    outline = Outline(release)
    if len(steps(outline)) + len(made) > STEPS_LIMIT:
        raise BadInput(f"A runbook has at most {STEPS_LIMIT} steps: nobody executes more in one window.")
    behind = step_named(outline, after) if after else None
    here = place(outline)
    if behind is None and here.item is not None and not here.children and here.state is not State.OPEN:
        raise Refused(f"'{here.text}' is {here.state.name.lower()} already. Reopen it to add steps to it.")
    changed, paths = release, []
    for item in made:
        if behind is not None:
            changed, path = put_behind(changed, behind, item)
        else:
            changed, path = put_below(changed, Outline(changed)[here.path], item)
        behind = Outline(changed)[path]
        paths.append(path)
    if not paths:
        return Ruling(release, None)
    words = f"step {made[0].text} ({paths[0]})" if len(made) == 1 else f"{len(made)} steps"
    text = f"added {words} to the runbook" + (f" from {source}" if source else "")
    return Ruling(changed, Act("add-step", text), tuple(paths))


def edit_step(release: Release, name: str, given: Mapping[str, str], at: datetime) -> Ruling:
    """Set fields of a step, or of any item that people tick; an empty text empties a field.

    Raises BadInput for a text that does not fit, Refused for what was ticked: the record says what was done
    as it was written then.
    """
    refuse_closed(release)
    node = step_named(Outline(release), name)
    if node.item is None:
        raise Refused(f"'{node.text}' is a phase of the template. Its items can be edited.")
    if node.is_leaf and node.state is not State.OPEN:
        state = node.state.name.lower().replace("_", " ")
        raise Refused(f"'{node.text}' is {state}: what was done stands as it was written. Reopen it first.")
    item = _made(node.item, given)
    if item == node.item:
        return Ruling(release, None, already=(node.path,))
    before, after = texts(node.item), texts(item)
    changes = ", ".join(
        f"{field.label.lower()} {became(before[field.name], after[field.name], 60)}"
        for field in FIELDS
        if before[field.name] != after[field.name]
    )
    act = Act("edit-step", f"edited {node.item.text}: {changes}")
    return Ruling(with_item(release, node, item), act, (node.path,))


def rehearse_step(release: Release, name: str, took: str, deviation: str, by: str, at: datetime) -> Ruling:
    """Record how long a step took in staging, and what differed from it as it is written [S1.19].

    What an earlier rehearsal of the step found is replaced; the log keeps it. Raises BadInput without a time.
    """
    refuse_closed(release)
    node = step_named(Outline(release), name)
    if not node.is_leaf:
        raise BadInput(f"'{node.text}' has steps of its own: rehearse each of them.")
    lasted = minutes(took, release.zone)
    if not lasted:
        raise BadInput("Say how long the step took in staging: 12m.")
    found = Rehearsed(
        id=node.path,
        took=lasted,
        at=at,
        by=by,
        deviation=long_text(deviation, what="The deviation"),
        iteration=release.dossier.iteration,
    )
    kept = tuple(each for each in release.dossier.rehearsed if each.id != node.path)
    after = replace(release, dossier=replace(release.dossier, rehearsed=(*kept, found)))
    words = f", and deviated: {shortened(found.deviation, 60)}" if found.deviation else ""
    text = f"rehearsed {node.text}: took {format_duration(lasted)}{words}"
    return Ruling(after, Act("rehearse-step", text), (node.path,))


def rehearsal(release: Release) -> dict[str, Rehearsed]:
    """How the steps went in the rehearsal of the present build, by path; earlier builds count no more."""
    now = release.dossier.iteration
    return {each.id: each for each in release.dossier.rehearsed if each.iteration == now}


def deviations(release: Release) -> str:
    """What the rehearsal of the steps found, a line each; `none` when every step went as it is written.

    Empty while a step was not rehearsed: then nobody knows.
    """
    found, known = rehearsal(release), steps(Outline(release))
    if not known or any(step.path not in found for step in known):
        return ""
    lines = [f"{step.text}: {found[step.path].deviation}" for step in known if found[step.path].deviation]
    return "\n".join(lines) or "none"


def address(release: Release) -> str:
    """Where the runbook itself lies: the location of the package's runbook; empty where none is known."""
    for each in release.dossier.components:
        if each.kind == "runbook" and each.presence != "not-needed" and each.location:
            return each.location
    return ""


def _made(item: Item, given: Mapping[str, str]) -> Item:
    known = {field.name: field for field in FIELDS}
    for name in given:
        if name not in known:
            raise BadInput(f"A step has no field {quoted(name)}.{did_you_mean(name, known)}")
    values = {known[name].attribute: known[name].read(text, "UTC") for name, text in given.items()}
    if "estimate" in values:
        values["estimate"] = values["estimate"] or None
    made: Item = replace(item, **values)
    if not made.text:
        raise BadInput("A step needs its text: what is done, in one line.")
    return made if made.id else replace(made, id=slug(made.text))
