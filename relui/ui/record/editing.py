"""Parts and fields of the release: added, edited and removed, each by the form that its kind has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import isawaitable

from relui.desk.act import Done
from relui.domain.closing import add_escaped
from relui.domain.dossier.editing import add_part, edit_part, part_named, parts_of
from relui.domain.dossier.fields import kind_named
from relui.domain.editing import edit, field_text
from relui.domain.release import IMPACTS, RELEASE_TYPES
from relui.ui.kit.form import changed
from relui.ui.kit.judged_form import Field
from relui.ui.kit.question import LinePrompt, careful, confirm
from relui.ui.kit.text_editor import edit_in_editor
from relui.ui.record.detail import LABELS
from relui.ui.record.forms import LONG_FIELDS, given_part, part_fields, reason_field
from relui.ui.record.open_record import OpenRecord, Rule

_CHOICES: Mapping[str, Sequence[str]] = {"type": RELEASE_TYPES, "impact": IMPACTS}


class Editing:
    """One part or field at a time; a form tries its rule while somebody types."""

    def __init__(self, record: OpenRecord) -> None:
        self._record = record

    async def add_part(self, name: str, given: Mapping[str, str] | None = None) -> None:
        """Add a part of a kind by a form; the cursor goes to it."""
        record, kind, by = self._record, kind_named(name), self._record.desk.actor.name
        fields = part_fields(kind, None, record.release, given or {})

        def rule(values: dict[str, str]) -> Rule:
            if record.archived:
                return lambda release: add_escaped(release, given_part(kind, values), record.now, by)
            return lambda release: add_part(release, name, given_part(kind, values), record.now, by)

        at = next((field.name for field in fields if not field.value), "id")
        done = await record.ask_form(
            f"New {kind.name}",
            fields,
            rule,
            lambda values: record.desk.record.add_part(record.release_id, name, given_part(kind, values)),
            at=at if given else "id",
        )
        if done is not None and done.ruling.changed:
            record.rows.select([(name, done.ruling.changed[0])])

    async def edit_part(self, name: str, part_id: str) -> None:
        """Edit a part by its form; only what was typed differently is written."""
        record, kind, by = self._record, kind_named(name), self._record.desk.actor.name
        part = part_named(record.release, name, part_id)
        place = parts_of(record.release, name).index(part)
        fields = part_fields(kind, part, record.release, {})
        if name == "defect":
            fields.append(reason_field())
        before = {field.name: field.value for field in fields}

        def read(values: dict[str, str]) -> tuple[dict[str, str], str]:
            given = changed(before, values)
            return given, given.pop("reason", "")

        def rule(values: dict[str, str]) -> Rule:
            given, reason = read(values)
            return lambda release: edit_part(release, name, part_id, given, record.now, by, reason)

        def save(values: dict[str, str]) -> Done:
            given, reason = read(values)
            return record.desk.record.edit_part(record.release_id, name, part_id, given, reason)

        first = kind.fields[1 if kind.name == "component" else 0].name
        done = await record.ask_form(f"{kind.name} {part_id}", fields, rule, save, at=first)
        if done is not None:
            known = [part.id for part in parts_of(done.release, name)]
            record.rows.select([(name, part_id if part_id in known else known[place])])

    async def remove_part(self, name: str, part_id: str) -> None:
        """Ask, with the reason where one is needed, and remove the part."""
        record, kind = self._record, kind_named(name)
        title = f"Remove {kind.name} {part_id}"

        async def remove(reason: str) -> Done | None:
            if not await confirm(record, f"{title}?", "The log keeps it.", yes="Remove it"):
                return None
            return await record.outcome(
                lambda: record.desk.record.remove_part(record.release_id, name, part_id, reason)
            )

        if kind.kept:
            hint = "Why? The reason stays in the record."
            await record.act_on(LinePrompt(title, hint, required=True), remove)
        elif (done := await remove("")) is not None:
            record.show_done(done)

    async def edit_field(self, name: str) -> None:
        """Edit one field of the release."""
        record, label = self._record, LABELS.get(name, name)
        choices = tuple((choice, "") for choice in _CHOICES.get(name, ()))
        text = field_text(record.release, name)

        def rule(values: dict[str, str]) -> Rule:
            return lambda release: edit(release, {name: values[name]}, record.now)

        await record.ask_form(
            f"{label} of {record.release_id}",
            [Field(name, label, text, "", choices, name in LONG_FIELDS)],
            rule,
            lambda values: record.desk.releases.edit(record.release_id, values),
        )

    async def edit_in_editor(self) -> None:
        """A long text of the release in the person's own editor; what cannot be saved is offered again."""
        record, row, opened = self._record, self._record.at_cursor, self._record.opened
        if opened is None or row.kind != "field" or row.id not in LONG_FIELDS:
            record.say("This line is no long text. Enter edits it.", "overdue")
            return
        before = field_text(opened.release, row.id)
        draft = f"{record.release_id}-editor-{row.id}"
        text = edit_in_editor(record.app, record.relui.draft(draft).get("text", before), row.name)
        if text == before:
            return
        record.relui.keep_draft(draft, {"text": text})
        edited = {row.id: text}
        done = await record.outcome(
            lambda: careful(record, opened, lambda: record.desk.releases.edit(record.release_id, edited))
        )
        done = await done if isawaitable(done) else done
        if done is not None:
            record.relui.forget_draft(draft)
            record.show_done(done)
