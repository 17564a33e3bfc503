"""Somebody's word: points that are confirmed, promotions, what is carried over or declared not needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relui.desk.act import Done
from relui.domain.dossier.builds import former
from relui.domain.dossier.environments import environment_named, promote
from relui.domain.dossier.points import GROUPS, POINTS, confirmation, confirmed, points_of
from relui.domain.dossier.signing import confirm
from relui.domain.instants import parse_instant
from relui.ui.kit.judged_form import Field
from relui.ui.kit.question import LinePrompt
from relui.ui.kit.rows import Row
from relui.ui.record.open_record import OpenRecord, Rule

_NOTE = "note:"
"""Before the id of the point whose note a line of the form is."""
_YES_NO = (("yes", ""), ("no", ""))


class Confirming:
    """At once where nothing is asked for, else by a form."""

    def __init__(self, record: OpenRecord) -> None:
        self._record = record

    async def confirm(self, name: str, *, form: bool = False) -> None:
        """Confirm a point, or all of a group: at once, unless a note is asked for or the form is wanted."""
        record, ids = self._record, self._open_points(name) if name in GROUPS else [name]
        if form or any(POINTS[each].note for each in ids):
            title = POINTS[ids[0]].words if len(ids) == 1 else GROUPS.get(name, name)
            await self.ask_points(title, ids)
        else:
            record.act(lambda: record.desk.record.confirm(record.release_id, [name]))

    def _open_points(self, group: str) -> list[str]:
        """The points of a group that are not confirmed, else all of them."""
        here = [point.id for point in points_of(group)]
        return [name for name in here if not confirmed(self._record.release, name)] or here

    async def ask_points(self, title: str, ids: Sequence[str]) -> None:
        """Several points in one dialog, with a note of its own for each that asks for one."""
        record, points = self._record, [POINTS[name] for name in ids]
        fields = []
        for point in points:
            if point.note:
                known = confirmation(record.release, point.id)
                note, about = known.note if known else "", f"{point.words}: {point.note}."
                fields.append(Field(f"{_NOTE}{point.id}", point.words, note, about))
        fields.append(Field("evidence", "Evidence", "", "A link or a reference, for all of them."))

        def read(values: Mapping[str, str]) -> dict[str, Any]:
            notes = {
                name.removeprefix(_NOTE): text for name, text in values.items() if name.startswith(_NOTE)
            }
            return {"evidence": values["evidence"], "notes": notes}

        def rule(values: dict[str, str]) -> Rule:
            by = record.desk.actor.name
            return lambda release: confirm(release, ids, by, record.now, **read(values))

        def save(values: dict[str, str]) -> Done:
            return record.desk.record.confirm(record.release_id, ids, **read(values))

        words = "\n".join(f"- {point.words}" for point in points if not point.note)
        await record.ask_form(title, fields, rule, save, words=words)

    async def promote(self, name: str) -> None:
        """Record that the present build was promoted; access must have been verified beforehand."""
        record, by = self._record, self._record.desk.actor.name
        zone, baseline = record.release.zone, environment_named(record.release, name).baseline
        about = "What comparing it with its documentation found."
        fields = [
            Field("access", "Access verified", "no", "Whether access was verified beforehand.", _YES_NO),
            Field("when", "When", "", "Empty: now. 2026-11-21T20:00, in the release's zone."),
            Field("baseline", "Baseline", baseline, about),
        ]

        def read(values: Mapping[str, str]) -> dict[str, Any]:
            when = parse_instant(values["when"], zone).at if values["when"].strip() else None
            verified = values["access"] == "yes"
            return {"access_verified": verified, "when": when, "baseline": values["baseline"]}

        def rule(values: dict[str, str]) -> Rule:
            return lambda release: promote(release, name, record.now, by, **read(values))

        def save(values: dict[str, str]) -> Done:
            return record.desk.record.promote(record.release_id, name, **read(values))

        await record.ask_form(f"Promoted to {name}", fields, rule, save)

    async def declare_not_needed(self, kinds: Sequence[str]) -> None:
        """Declare kinds of component, or all that are left, as not needed, for one reason."""
        record = self._record
        title = f"Not needed: {', '.join(kinds) or 'all that is not declared yet'}"
        await record.act_on(
            LinePrompt(title, "Why? It stays in the record.", required=True),
            lambda reason: record.desk.record.declare_not_needed(
                record.release_id, kinds or ("all",), reason
            ),
        )

    def ready(self, ids: Sequence[str]) -> None:
        """Say of changes that they are ready."""
        record = self._record
        if len(ids) == 1:
            record.act(
                lambda: record.desk.record.edit_part(record.release_id, "change", ids[0], {"ready": "yes"})
            )
        else:
            record.act(
                lambda: record.desk.record.edit_several(record.release_id, "change", ids, {"ready": "yes"})
            )

    def carry_over(self, names: Sequence[str]) -> None:
        """Say that what was recorded for an earlier build holds for the present one."""
        record = self._record
        record.act(lambda: record.desk.record.carry_over(record.release_id, names))

    def former(self, row: Row) -> tuple[str, ...]:
        """What of the package on the line was said for an earlier build; on the heading every component."""
        release = self._record.release
        left = former(release)
        if row.is_heading and row.id == "component":
            return tuple(each.id for each in release.dossier.components if each.id in left)
        return (row.id,) if row.kind in ("component", "field") and row.id in left else ()
