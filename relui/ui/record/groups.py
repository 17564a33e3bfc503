"""What belongs together on the record, asked for in one dialog and written as one act."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from relui.domain.dossier.fields import KINDS
from relui.domain.dossier.points import GROUPS, POINTS
from relui.domain.dossier.several import add_several, edit_several, proposed_contacts, proposed_schedule
from relui.domain.dossier.testing import CATEGORY_WORDS, coverage
from relui.domain.editing import edit, field_text
from relui.domain.release import Release
from relui.ui.kit.form import changed
from relui.ui.kit.judged_form import Field
from relui.ui.kit.rows import Row
from relui.ui.record.confirming import Confirming
from relui.ui.record.detail import LABELS
from relui.ui.record.forms import LONG_FIELDS, part_fields
from relui.ui.record.open_record import OpenRecord, Rule

USEFUL = "rollback-triggers"
"""A field that no criterion asks for, and that whoever deploys does: it is asked with the others."""


class Groups:
    """All that stands below a heading, or all lines that are marked."""

    def __init__(self, record: OpenRecord, confirming: Confirming) -> None:
        self._record = record
        self._confirming = confirming

    def form_of(self, row: Row) -> Awaitable[None] | None:
        """The dialog for all that stands below a heading; None where it has none."""
        forms = {
            "field": self._fill_in,
            "environment": self._plan_promotions,
            "contact": self._take_contacts,
            "coverage": self._record_runs,
        }
        if row.id in forms:
            return forms[row.id]()
        return self._confirming.confirm(row.id, form=True) if row.id in GROUPS else None

    async def _fill_in(self) -> None:
        """The fields of a tab that are missing, else all of them, in one form."""
        record = self._record
        rows = [each for each in record.rows.rows if each.kind == "field"]
        wanted = {each.id for each in rows if each.state in ("unmet", "bad")}
        if wanted and not field_text(record.release, USEFUL):
            wanted.add(USEFUL)
        names = [each.id for each in rows if not wanted or each.id in wanted]
        before = {name: field_text(record.release, name) for name in names}
        fields = [
            Field(name, LABELS.get(name, name), text, several=name in LONG_FIELDS)
            for name, text in {**before, **_proposed(record.release, before)}.items()
        ]

        def rule(values: dict[str, str]) -> Rule:
            return lambda release: edit(release, changed(before, values), record.now)

        await record.ask_form(
            "What is missing" if wanted else "All of it",
            fields,
            rule,
            lambda values: record.desk.releases.edit(record.release_id, changed(before, values)),
        )

    async def _plan_promotions(self) -> None:
        """The environments that are not planned yet, each with an instant that the timeline proposes."""
        proposed = proposed_schedule(self._record.release, self._record.now)
        if not proposed:
            self._record.say("Every environment is planned. c adds another one.", "muted")
            return
        about = "When it is promoted to it. Empty: it is left out."
        fields = [Field(name, name, at, about) for name, at in proposed.items()]
        baseline = "What comparing the test environment with its documented configuration found."
        fields.append(Field("baseline", "Baseline of test", "", baseline))

        def given(values: Mapping[str, str]) -> list[dict[str, str]]:
            return [
                {
                    "id": name,
                    "planned": values[name],
                    "baseline": values["baseline"] if name == "test" else "",
                }
                for name in proposed
                if values[name].strip()
            ]

        await self._add_several("environment", "Promotion schedule", fields, given)

    async def _take_contacts(self) -> None:
        """The usual contacts, with the people who have these roles in the organisation."""
        proposed = proposed_contacts(self._record.release, self._record.desk.organisation.read())
        if not proposed:
            self._record.say("Every usual contact is named. c adds another one.", "muted")
            return
        about = "Who it is; behind a comma how to reach them, where the organisation does not say."
        fields = [Field(role, role, person, f"{about} Empty: nobody.") for role, person in proposed.items()]

        def given(values: Mapping[str, str]) -> list[dict[str, str]]:
            named = {role: values[role].partition(",") for role in proposed if values[role].strip()}
            return [
                {"id": role, "person": person.strip(), "reach": reach.strip()}
                for role, (person, _, reach) in named.items()
            ]

        await self._add_several("contact", "Contacts of this release", fields, given)

    async def _record_runs(self) -> None:
        """A run for each category that the matrix still asks for: its cases, a line a category."""
        missing = [
            each.category for each in coverage(self._record.release) if each.required and not each.covered
        ]
        if not missing:
            self._record.say("The matrix is covered. c adds another run.", "muted")
            return
        about = "One a line, or behind semicolons: passed ID; failed ID -- why; blocked ID. Empty: not run."
        fields = [Field(name, CATEGORY_WORDS[name], "", about) for name in missing]

        def given(values: Mapping[str, str]) -> list[dict[str, str]]:
            return [{"category": name, "cases": values[name]} for name in missing if values[name].strip()]

        await self._add_several("test", "Test runs that the matrix asks for", fields, given)

    async def _add_several(
        self,
        kind: str,
        title: str,
        fields: Sequence[Field],
        given: Callable[[Mapping[str, str]], list[dict[str, str]]],
    ) -> None:
        record = self._record

        def rule(values: dict[str, str]) -> Rule:
            by = record.desk.actor.name
            return lambda release: add_several(release, kind, given(values), record.now, by)

        await record.ask_form(
            title,
            fields,
            rule,
            lambda values: record.desk.record.add_several(record.release_id, kind, given(values)),
        )

    # -- marked lines --------------------------------------------------------------------------------

    def confirm_marked(self, rows: Sequence[Row]) -> Awaitable[None] | None:
        """Space with several lines marked: confirm the points, say that the changes are ready, declare kinds
        of component not needed. Lines of different kinds are refused."""
        record, kinds, ids = self._record, {row.kind for row in rows}, [row.id for row in rows]
        if kinds == {"point"}:
            if any(POINTS[name].note for name in ids):
                return self._confirming.ask_points(f"Confirm {len(ids)} points", ids)
            record.act(lambda: record.desk.record.confirm(record.release_id, ids))
        elif kinds == {"change"}:
            self._confirming.ready(ids)
        elif kinds == {"undeclared"}:
            return self._confirming.declare_not_needed(ids)
        else:
            words = "Lines of one kind can be confirmed together: points, changes, or kinds of component."
            record.say(words, "overdue")
            return None
        record.rows.unmark()
        return None

    async def edit_marked(self, rows: Sequence[Row]) -> None:
        """`e` with several parts marked: set the same fields of them all; an empty line leaves them alone."""
        record, kinds = self._record, {row.kind for row in rows}
        if len(kinds) != 1 or not kinds <= set(KINDS):
            record.say("Parts of one kind can be edited together.", "overdue")
            return
        kind, ids = KINDS[kinds.pop()], [row.id for row in rows]
        fields = []
        for each in part_fields(kind, None, record.release, {}):
            if each.name != "id":
                own = tuple(choice for choice in each.choices if choice[0])
                choices = (("", "leave as it is"), *own) if own else ()
                fields.append(Field(each.name, each.label, "", each.about, choices))

        def given(values: Mapping[str, str]) -> dict[str, str]:
            return {name: text for name, text in values.items() if text.strip()}

        def rule(values: dict[str, str]) -> Rule:
            by, organisation = record.desk.actor.name, record.desk.organisation.read()
            return lambda release: edit_several(
                release, kind.name, ids, given(values), record.now, by, organisation
            )

        done = await record.ask_form(
            f"Edit {len(ids)} {kind.plural}",
            fields,
            rule,
            lambda values: record.desk.record.edit_several(record.release_id, kind.name, ids, given(values)),
        )
        if done is not None:
            record.rows.unmark()


def _proposed(release: Release, before: Mapping[str, str]) -> dict[str, str]:
    """The tag bears the identifier and the version [S1.13]: it is offered so."""
    tag = before.get("package-tag")
    return {"package-tag": f"{release.id}_{release.version}"} if tag == "" else {}
