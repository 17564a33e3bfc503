"""What the record's commands do with parts, fields, confirmations and messages: ask, then call the desk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from relui.desk.core import Done
from relui.domain.dossier.fields import KINDS, kind_named
from relui.domain.dossier.signoffs import SUBJECT_WORDS, signed_subjects
from relui.domain.naming import slug
from relui.domain.release import Release
from relui.ui.kit.line_prompt import LinePrompt
from relui.ui.kit.question import careful, confirm
from relui.ui.kit.rows import Row
from relui.ui.one_release.screen import ReleaseScreen
from relui.ui.record.groups import act_on_marked, confirm_points, edit_marked, open_points
from relui.ui.record.open_record import Rule
from relui.ui.record.tabs import tab_named
from relui.ui.record.walking import Walking

if TYPE_CHECKING:
    from relui.ui.kit.judged_form import Field
    from relui.ui.record.list import RecordList
    from relui.ui.record.view import View


class RecordActs(ReleaseScreen):
    """What the screen is asked for, without how it shows."""

    tab: str
    walking: Walking
    view: View | None = None
    """What was saved from the last form, until it is recorded: draft name -> its texts."""

    # -- what the screen itself answers --------------------------------------------------------------

    @property
    def rows(self) -> RecordList:
        """The rows of the present tab."""
        raise NotImplementedError

    @property
    def row(self) -> Row | None:
        """The line under the cursor."""
        raise NotImplementedError

    def act(self, do: Callable[[], Done]) -> Done | None:
        """Do something through the desk and show the result."""
        raise NotImplementedError

    @property
    def release(self) -> Release:
        """The release as it was read last; commands that need it are refused where it cannot be read."""
        assert self.opened is not None
        return self.opened.release

    @property
    def at_cursor(self) -> Row:
        """The line under the cursor, which must be there."""
        row = self.row
        assert row is not None  # commands on a line are refused where there is none
        return row

    def why_not_added(self) -> str:
        """Why nothing can be added on this tab, or nothing; to the archive a defect can always be added."""
        if self.archived:
            closing = self.release.closing
            if closing is not None and closing.outcome == "cancelled":
                return self.why_archived()
            return "relui was opened read-only (--readonly)." if self.desk.read_only else ""
        if why := self.why_unchangeable():
            return why
        if self.tab == "log":
            return "The log writes itself: every act is an entry."
        return ""

    async def ask_form(
        self,
        title: str,
        fields: Sequence[Field],
        rule: Callable[[dict[str, str]], Rule],
        do: Callable[[dict[str, str]], Done | Awaitable[Done | None]],
        *,
        words: str = "",
        at: str = "",
    ) -> Done | None:
        """A form that tries its rule while somebody types, tells what saving would make stale, and stands
        until `do` carried it out."""
        from relui.ui.kit.judged_form import PartForm

        before = signed_subjects(self.release)

        def judge(values: dict[str, str]) -> Sequence[str]:
            ruling = rule(values)(self.release)
            lost = before - signed_subjects(ruling.release)
            stale = [f"To be signed again: {words}." for name, words in SUBJECT_WORDS.items() if name in lost]
            return [*ruling.told, *stale]

        form = PartForm(
            title, fields, judge, words=words, at=at, draft=f"{self.release_id}-record-{slug(title)}"
        )
        return await self.act_on(form, do)

    # -- parts ---------------------------------------------------------------------------------------

    def add_here(self) -> Awaitable[None] | None:
        """Add to the section under the cursor, else to the tab's first list; to the archive, a defect."""
        if self.archived:
            return self.add_part("defect", {"found": "post-deploy"})
        row = self.row
        section = row.section if row is not None else ""
        if section in KINDS:
            return self.add_part(section)
        if section == "undeclared":
            return self.add_part("component")
        if section == "coverage" and row is not None and row.kind == "coverage":
            return self.add_part("test", {"category": row.id})
        if section == "place":
            return self.do("progress")
        return self._add_on_tab()

    def _add_on_tab(self) -> Awaitable[None] | None:
        adds = tab_named(self.tab).adds
        if adds:
            return self.add_part(adds[0])
        if self.tab == "sign-offs":
            return self.sign_here()
        if self.tab == "communication":
            return self.send_message()
        return self.do("decide")

    async def add_part(self, name: str, given: Mapping[str, str] | None = None) -> None:
        """Add a part of a kind by a form; the cursor goes to it."""
        from relui.domain.addition import add_escaped
        from relui.domain.dossier.editing import add_part
        from relui.ui.record.forms import given_part, part_fields

        kind = kind_named(name)
        by = self.desk.actor.name
        fields = part_fields(kind, None, self.release, given or {})

        def rule(values: dict[str, str]) -> Rule:
            if self.archived:
                return lambda release: add_escaped(release, given_part(kind, values), self.now, by)
            return lambda release: add_part(release, name, given_part(kind, values), self.now, by)

        at = next((field.name for field in fields if not field.value), "id")
        done = await self.ask_form(
            f"New {kind.name}",
            fields,
            rule,
            lambda values: self.desk.add_part(self.release_id, name, given_part(kind, values)),
            at=at if given else "id",
        )
        if done is not None and done.ruling.changed:
            self.rows.select([(name, done.ruling.changed[0])])

    def edit_line(self) -> Awaitable[None] | None:
        """Edit what the line says, or what all that are marked say; what is no text does as Enter does."""
        if marked := self.rows.marked_rows():
            return edit_marked(self, marked)
        row = self.at_cursor
        if row.kind in KINDS:
            return self.edit_part(row.kind, row.id)
        return self.open_line()

    async def edit_part(self, name: str, part_id: str) -> None:
        """Edit a part by its form; only what was typed differently is written."""
        from relui.domain.dossier.editing import edit_part, part_named, parts_of
        from relui.ui.kit.kept_form import changed
        from relui.ui.record.forms import part_fields, reason_field

        kind = kind_named(name)
        by = self.desk.actor.name
        part = part_named(self.release, name, part_id)
        place = parts_of(self.release, name).index(part)
        fields = part_fields(kind, part, self.release, {})
        if name == "defect":
            fields.append(reason_field())
        before = {field.name: field.value for field in fields}

        def rule(values: dict[str, str]) -> Rule:
            given = changed(before, values)
            reason = given.pop("reason", "")
            return lambda release: edit_part(release, name, part_id, given, self.now, by, reason)

        def save(values: dict[str, str]) -> Done:
            given = changed(before, values)
            reason = given.pop("reason", "")
            return self.desk.edit_part(self.release_id, name, part_id, given, reason)

        first = kind.fields[1 if kind.name == "component" else 0].name
        done = await self.ask_form(f"{kind.name} {part_id}", fields, rule, save, at=first)
        if done is not None:
            known = [part.id for part in parts_of(done.release, name)]
            self.rows.select([(name, part_id if part_id in known else known[place])])

    async def remove_part(self, name: str, part_id: str) -> None:
        """Ask, with the reason where one is needed, and remove the part."""
        kind = kind_named(name)

        async def remove(reason: str) -> Done | None:
            if not await confirm(
                self, f"Remove {kind.name} {part_id}?", "The log keeps it.", yes="Remove it"
            ):
                return None
            return self.desk.remove_part(self.release_id, name, part_id, reason)

        if kind.kept:
            hint = "Why? The reason stays in the record."
            await self.act_on(LinePrompt(f"Remove {kind.name} {part_id}", hint, required=True), remove)
        elif (done := await remove("")) is not None:
            self.act(lambda: done)

    def remove_line(self) -> Awaitable[None] | None:
        """Remove the part under the cursor; what stays in the record for ever says so."""
        row = self.at_cursor
        if row.kind in KINDS:
            return self.remove_part(row.kind, row.id)
        if row.kind in ("point", "signoff", "subject", "sent", "message", "decision"):
            self.say("It stays in the record. o takes it back, with a reason.", "overdue")
        else:
            self.say("This line cannot be removed.", "overdue")
        return None

    async def declare_not_needed(self, kinds: Sequence[str]) -> None:
        """Declare kinds of component, or all that are left, as not needed, for one reason."""
        title = f"Not needed: {', '.join(kinds) or 'all that is not declared yet'}"
        await self.act_on(
            LinePrompt(title, "Why? It stays in the record.", required=True),
            lambda reason: self.desk.declare_not_needed(self.release_id, kinds or ("all",), reason),
        )

    # -- fields of the release -----------------------------------------------------------------------

    async def edit_field(self, name: str) -> None:
        """Edit one field of the release."""
        from relui.domain.editing import edit, field_text
        from relui.ui.kit.judged_form import Field
        from relui.ui.record.detail import LABELS
        from relui.ui.record.forms import LONG_FIELDS

        text = field_text(self.release, name)
        field = Field(name, LABELS.get(name, name), text, "", self._field_choices(name), name in LONG_FIELDS)

        def rule(values: dict[str, str]) -> Rule:
            return lambda release: edit(release, {name: values[name]}, self.now)

        title = f"{field.label} of {self.release_id}"
        await self.ask_form(title, [field], rule, lambda values: self.desk.edit(self.release_id, values))

    @staticmethod
    def _field_choices(name: str) -> tuple[tuple[str, str], ...]:
        from relui.domain.release import IMPACTS, RELEASE_TYPES

        known: Mapping[str, Sequence[str]] = {"type": RELEASE_TYPES, "impact": IMPACTS}
        return tuple((choice, "") for choice in known.get(name, ()))

    async def edit_in_editor(self) -> None:
        """A long text of the release in the person's own editor; what cannot be saved is offered again."""
        from relui.domain.editing import field_text
        from relui.ui.kit.editor import edit_in_editor
        from relui.ui.record.forms import LONG_FIELDS

        row = self.at_cursor
        if row.kind != "field" or row.id not in LONG_FIELDS:
            self.say("This line is no long text. Enter edits it.", "overdue")
            return
        before, opened = field_text(self.release, row.id), self.opened
        assert opened is not None
        draft = f"{self.release_id}-editor-{row.id}"
        text = edit_in_editor(self.app, self.relui.draft(draft).get("text", before), row.name)
        if text == before:
            return
        self.relui.keep_draft(draft, {"text": text})
        done = careful(self, opened, lambda: self.desk.edit(self.release_id, {row.id: text}))
        done = await done if isawaitable(done) else done
        if done is not None:
            self.relui.forget_draft(draft)
            self.act(lambda: done)

    # -- confirmations -------------------------------------------------------------------------------

    def confirm_line(self) -> Awaitable[None] | None:
        """Say yes to the line, or to all that are marked: a point, a promotion, a message, a change."""
        if marked := self.rows.marked_rows():
            return act_on_marked(self, marked)
        row = self.at_cursor
        if row.kind == "point":
            return self.confirm_point(row.id)
        if row.kind == "environment":
            return self.promote(row.id)
        if row.kind == "message":
            return self.send_message(row.id)
        if row.kind in ("subject", "signoff"):
            return self.sign_here()
        if row.kind == "change":
            self.act(lambda: self.desk.edit_part(self.release_id, "change", row.id, {"ready": "yes"}))
        elif names := self._former(row):
            self.act(lambda: self.desk.carry_over(self.release_id, names))
        elif row.section == "undeclared":
            return self.declare_not_needed(() if row.is_heading else (row.id,))
        elif row.is_heading and row.id in _group_names():
            return self.confirm_point(row.id)
        else:
            self.say("There is nothing to confirm here. Enter does what this line is for.", "muted")
        return None

    def _former(self, row: Row) -> tuple[str, ...]:
        """What of the package on the line was said for an earlier build; on the heading every component."""
        from relui.domain.dossier.builds import former

        left = former(self.release)
        if row.is_heading and row.id == "component":
            return tuple(each.id for each in self.release.dossier.components if each.id in left)
        return (row.id,) if row.kind in ("component", "field") and row.id in left else ()

    async def confirm_point(self, name: str, *, form: bool = False) -> None:
        """Confirm a point, or all of a group: at once, unless a note is asked for or the form is wanted."""
        from relui.domain.dossier.points import GROUPS, POINTS

        ids = open_points(self, name) if name in GROUPS else [name]
        if form or any(POINTS[each].note for each in ids):
            title = POINTS[ids[0]].words if len(ids) == 1 else GROUPS.get(name, name)
            await confirm_points(self, title, ids)
        else:
            self.act(lambda: self.desk.confirm(self.release_id, [name]))

    async def promote(self, name: str) -> None:
        """Record that the present build was promoted; access must have been verified beforehand."""
        from relui.domain.dossier.environments import environment_named, promote
        from relui.domain.instants import parse_instant
        from relui.ui.kit.judged_form import Field

        release, by = self.release, self.desk.actor.name
        environment = environment_named(release, name)
        fields = [
            Field("access", "Access verified", "no", "Whether access was verified beforehand.", _YES_NO),
            Field("when", "When", "", "Empty: now. 2026-11-21T20:00, in the release's zone."),
            Field(
                "baseline",
                "Baseline",
                environment.baseline,
                "What comparing it with its documentation found.",
            ),
        ]

        def read(values: Mapping[str, str]) -> dict[str, Any]:
            when = parse_instant(values["when"], release.zone).at if values["when"].strip() else None
            return {
                "access_verified": values["access"] == "yes",
                "when": when,
                "baseline": values["baseline"],
            }

        def rule(values: dict[str, str]) -> Rule:
            return lambda present: promote(present, name, self.now, by, **read(values))

        await self.ask_form(
            f"Promoted to {name}",
            fields,
            rule,
            lambda values: self.desk.promote(self.release_id, name, **read(values)),
        )

    # -- what the other half of the acts does --------------------------------------------------------

    def open_line(self) -> Awaitable[None] | None:
        """What Enter does on the line."""
        raise NotImplementedError

    def do(self, act: str) -> Awaitable[None]:
        """One of the decisions."""
        raise NotImplementedError

    async def sign_here(self) -> None:
        """Sign the subject under the cursor."""
        raise NotImplementedError

    async def send_message(self, name: str = "") -> None:
        """Record a message as sent."""
        raise NotImplementedError


_YES_NO = (("yes", ""), ("no", ""))


def _group_names() -> Sequence[str]:
    from relui.domain.dossier.points import GROUPS

    return tuple(GROUPS)
