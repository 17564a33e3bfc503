"""What belongs together on the record, asked for in one dialog and written as one act."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import TYPE_CHECKING

from relui.desk.core import Done
from relui.domain.dossier.fields import KINDS
from relui.domain.dossier.points import GROUPS, POINTS, points_of
from relui.domain.release import Release
from relui.ui.kit.rows import Row

if TYPE_CHECKING:
    from relui.ui.kit.judged_form import Field
    from relui.ui.record.acts import RecordActs
    from relui.ui.record.open_record import Rule

USEFUL = "rollback-triggers"
"""A field that no criterion asks for, and that whoever deploys does: it is asked with the others."""
NOTE = "note:"
"""Before the id of the point whose note a line of the form is."""


def group_form(screen: RecordActs, row: Row) -> Awaitable[None] | None:
    """The dialog for all that stands below a heading; None where it has none."""
    if row.id == "field":
        return fill_in(screen, [each.id for each in screen.rows.rows if each.kind == "field"])
    if row.id == "environment":
        return plan_promotions(screen)
    if row.id == "contact":
        return take_contacts(screen)
    if row.id == "coverage":
        return record_runs(screen)
    return screen.confirm_point(row.id, form=True) if row.id in GROUPS else None


async def fill_in(screen: RecordActs, names: Sequence[str]) -> None:
    """The fields of a tab that are missing, else all of them, in one form."""
    from relui.domain.editing import edit, field_text
    from relui.ui.record.detail import LABELS
    from relui.ui.record.forms import LONG_FIELDS

    wanted = {each.id for each in screen.rows.rows if each.kind == "field" and each.state in ("unmet", "bad")}
    if wanted and not field_text(screen.release, USEFUL):
        wanted.add(USEFUL)
    before = {name: field_text(screen.release, name) for name in names if name in (wanted or names)}
    proposed = {**before, **_proposed(screen.release, before)}
    fields = [
        _field(name, LABELS.get(name, name), text, several=name in LONG_FIELDS)
        for name, text in proposed.items()
    ]

    def given(values: Mapping[str, str]) -> dict[str, str]:
        return {name: text for name, text in values.items() if text != before[name]}

    def rule(values: dict[str, str]) -> Rule:
        return lambda release: edit(release, given(values), screen.now)

    await screen.ask_form(
        "What is missing" if wanted else "All of it",
        fields,
        rule,
        lambda values: screen.desk.edit(screen.release_id, given(values)),
    )


def _proposed(release: Release, before: Mapping[str, str]) -> dict[str, str]:
    """The tag bears the identifier and the version [S1.13]: it is offered so."""
    tag = before.get("package-tag")
    return {"package-tag": f"{release.id}_{release.version}"} if tag == "" else {}


async def plan_promotions(screen: RecordActs) -> None:
    """The environments that are not planned yet, each with an instant that the timeline proposes."""
    from relui.domain.dossier.several import add_several, proposed_schedule

    found = proposed_schedule(screen.release, screen.now)
    if not found:
        screen.say("Every environment is planned. c adds another one.", "muted")
        return
    about = "When it is promoted to it. Empty: it is left out."
    fields = [_field(name, name, at, about=about) for name, at in found.items()]
    baseline = "What comparing the test environment with its documented configuration found."
    fields.append(_field("baseline", "Baseline of test", "", about=baseline))

    def given(values: Mapping[str, str]) -> list[dict[str, str]]:
        return [
            {"id": name, "planned": values[name], "baseline": values["baseline"] if name == "test" else ""}
            for name in found
            if values[name].strip()
        ]

    def rule(values: dict[str, str]) -> Rule:
        by = screen.desk.actor.name
        return lambda release: add_several(release, "environment", given(values), screen.now, by)

    await screen.ask_form(
        "Promotion schedule",
        fields,
        rule,
        lambda values: screen.desk.add_several(screen.release_id, "environment", given(values)),
    )


async def take_contacts(screen: RecordActs) -> None:
    """The usual contacts, with the people who have these roles in the organisation."""
    from relui.domain.dossier.several import add_several, proposed_contacts

    found = proposed_contacts(screen.release, screen.desk.organisation())
    if not found:
        screen.say("Every usual contact is named. c adds another one.", "muted")
        return
    about = "Who it is; behind a comma how to reach them, where the organisation does not say. Empty: nobody."
    fields = [_field(role, role, person, about=about) for role, person in found.items()]

    def given(values: Mapping[str, str]) -> list[dict[str, str]]:
        named = {role: values[role].partition(",") for role in found if values[role].strip()}
        return [
            {"id": role, "person": person.strip(), "reach": reach.strip()}
            for role, (person, _, reach) in named.items()
        ]

    def rule(values: dict[str, str]) -> Rule:
        by = screen.desk.actor.name
        return lambda release: add_several(release, "contact", given(values), screen.now, by)

    await screen.ask_form(
        "Contacts of this release",
        fields,
        rule,
        lambda values: screen.desk.add_several(screen.release_id, "contact", given(values)),
    )


async def record_runs(screen: RecordActs) -> None:
    """A run for each category that the matrix still asks for: its cases, a line a category."""
    from relui.domain.dossier.several import add_several
    from relui.domain.dossier.testing import CATEGORY_WORDS, coverage

    owed = [each.category for each in coverage(screen.release) if each.required and not each.covered]
    if not owed:
        screen.say("The matrix is covered. c adds another run.", "muted")
        return
    about = "One a line, or behind semicolons: passed ID; failed ID -- why; blocked ID. Empty: not run."
    fields = [_field(name, CATEGORY_WORDS[name], "", about=about) for name in owed]

    def given(values: Mapping[str, str]) -> list[dict[str, str]]:
        return [{"category": name, "cases": values[name]} for name in owed if values[name].strip()]

    def rule(values: dict[str, str]) -> Rule:
        by = screen.desk.actor.name
        return lambda release: add_several(release, "test", given(values), screen.now, by)

    await screen.ask_form(
        "Test runs that the matrix asks for",
        fields,
        rule,
        lambda values: screen.desk.add_several(screen.release_id, "test", given(values)),
    )


async def confirm_points(screen: RecordActs, title: str, ids: Sequence[str]) -> None:
    """Several points in one dialog, with a note of its own for each that asks for one."""
    from relui.domain.dossier.confirmations import confirm
    from relui.domain.dossier.points import confirmation

    points = [POINTS[name] for name in ids]
    fields = []
    for point in points:
        if point.note:
            known = confirmation(screen.release, point.id)
            text = known.note if known else ""
            fields.append(
                _field(f"{NOTE}{point.id}", point.words, text, about=f"{point.words}: {point.note}.")
            )
    fields.append(_field("evidence", "Evidence", "", about="A link or a reference, for all of them."))

    def split(values: Mapping[str, str]) -> tuple[dict[str, str], str]:
        notes = {name.removeprefix(NOTE): text for name, text in values.items() if name.startswith(NOTE)}
        return notes, values["evidence"]

    def rule(values: dict[str, str]) -> Rule:
        notes, evidence = split(values)
        by = screen.desk.actor.name
        return lambda release: confirm(release, ids, by, screen.now, evidence=evidence, notes=notes)

    def save(values: dict[str, str]) -> Done:
        notes, evidence = split(values)
        return screen.desk.confirm(screen.release_id, ids, evidence=evidence, notes=notes)

    words = "\n".join(f"- {point.words}" for point in points if not point.note)
    await screen.ask_form(title, fields, rule, save, words=words)


def open_points(screen: RecordActs, group: str) -> list[str]:
    """The points of a group that are not confirmed, else all of them."""
    from relui.domain.dossier.points import confirmed

    here = [point.id for point in points_of(group)]
    return [name for name in here if not confirmed(screen.release, name)] or here


def act_on_marked(screen: RecordActs, rows: Sequence[Row]) -> Awaitable[None] | None:
    """Space with several lines marked: confirm the points, say of the changes that they are ready, declare
    kinds of component not needed. Lines of different kinds are refused."""
    kinds = {row.kind for row in rows}
    ids = [row.id for row in rows]
    if kinds == {"point"}:
        if any(POINTS[name].note for name in ids):
            return confirm_points(screen, f"Confirm {len(ids)} points", ids)
        screen.act(lambda: screen.desk.confirm(screen.release_id, ids))
    elif kinds == {"change"}:
        screen.act(lambda: screen.desk.edit_several(screen.release_id, "change", ids, {"ready": "yes"}))
    elif kinds == {"undeclared"}:
        return screen.declare_not_needed(ids)
    else:
        screen.say(
            "Lines of one kind can be confirmed together: points, changes, or kinds of component.", "overdue"
        )
        return None
    screen.rows.unmark()
    return None


async def edit_marked(screen: RecordActs, rows: Sequence[Row]) -> None:
    """`e` with several parts marked: set the same fields of all of them; an empty line leaves them alone."""
    from relui.domain.dossier.several import edit_several
    from relui.ui.record.forms import part_fields

    kinds = {row.kind for row in rows}
    if len(kinds) != 1 or not kinds <= set(KINDS):
        screen.say("Parts of one kind can be edited together.", "overdue")
        return
    kind, ids = KINDS[kinds.pop()], [row.id for row in rows]
    fields = []
    for each in part_fields(kind, None, screen.release, {}):
        if each.name != "id":
            own = tuple(choice for choice in each.choices if choice[0])
            choices = (("", "leave as it is"), *own) if own else ()
            fields.append(_field(each.name, each.label, "", about=each.about, choices=choices))

    def given(values: Mapping[str, str]) -> dict[str, str]:
        return {name: text for name, text in values.items() if text.strip()}

    def rule(values: dict[str, str]) -> Rule:
        by, organisation = screen.desk.actor.name, screen.desk.organisation()
        return lambda release: edit_several(
            release, kind.name, ids, given(values), screen.now, by, organisation
        )

    done = await screen.ask_form(
        f"Edit {len(ids)} {kind.plural}",
        fields,
        rule,
        lambda values: screen.desk.edit_several(screen.release_id, kind.name, ids, given(values)),
    )
    if done is not None:
        screen.rows.unmark()


def _field(
    name: str,
    label: str,
    value: str,
    *,
    about: str = "",
    several: bool = False,
    choices: tuple[tuple[str, str], ...] = (),
) -> Field:
    from relui.ui.kit.judged_form import Field

    return Field(name, label, value, about, choices, several)
