"""What a key does on the line under the cursor: to which controller it goes, by what the line is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec import Struct

from relui.desk.act import Done
from relui.domain.dossier.fields import KINDS
from relui.domain.dossier.points import GROUPS
from relui.ui.kit.question import LinePrompt
from relui.ui.kit.reading import Notice
from relui.ui.kit.rows import Row
from relui.ui.record.confirming import Confirming
from relui.ui.record.deciding import Deciding
from relui.ui.record.detail import detail_of
from relui.ui.record.editing import Editing
from relui.ui.record.gate_rows import criterion_of
from relui.ui.record.groups import Groups
from relui.ui.record.open_record import OpenRecord
from relui.ui.record.outgoing import Messages
from relui.ui.record.signing import Signing
from relui.ui.record.tabs import tab_named, target_of
from relui.ui.record.walking import Walking


class LineActs(Struct, frozen=True):
    """Enter, Space, c, e, o and Del; each refuses in words where the line has nothing of the kind."""

    record: OpenRecord
    confirming: Confirming
    deciding: Deciding
    editing: Editing
    groups: Groups
    messages: Messages
    signing: Signing
    walking: Walking

    # -- Enter ---------------------------------------------------------------------------------------

    def open(self) -> Awaitable[None] | None:
        """What Enter does on the line; where nothing can be changed it leads and shows, and no more."""
        record, row = self.record, self.record.at_cursor
        why = record.why_unchangeable()
        if row.kind == "criterion":
            self._lead(row)
        elif row.kind == "slot":
            record.relui.go_to("calendar", record.release_id)
        elif row.is_heading and not why and (asked := self.groups.form_of(row)) is not None:
            return asked
        elif row.is_heading or row.kind in ("summary", "entry", "decision", "sent"):
            self._show_whole(row)
        elif row.kind == "message":
            self.messages.show(row.id)
        elif why:
            record.say(why, "overdue")
        else:
            return self._change(row)
        return None

    def _change(self, row: Row) -> Awaitable[None] | None:
        if row.kind in KINDS:
            return self.editing.edit_part(row.kind, row.id)
        if row.kind == "field":
            return self.editing.edit_field(row.id)
        if row.kind == "point":
            return self.confirming.confirm(row.id, form=True)
        if row.kind in ("subject", "signoff"):
            return self.signing.sign_here()
        if row.kind == "coverage":
            return self.editing.add_part("test", {"category": row.id})
        if row.kind == "undeclared":
            return self.editing.add_part("component", {"kind": row.id})
        if row.kind == "missing-contact":
            return self.editing.add_part("contact", {"id": row.id})
        if row.kind == "place":
            return self.deciding.decide("progress")
        if row.id == "retrospective":
            self.record.relui.open_screen("retrospective", self.record.release_id)
            return None
        return self.deciding.decide(row.id)

    def _lead(self, row: Row) -> None:
        record = self.record
        target = target_of(record.judged.lines[criterion_of(row)])
        if target.tab == record.tab and not target.keys:
            record.say("It is met on the checklist: 2 goes there.", "muted")
            return
        self.walking.lead_to(target.tab, target.keys)
        if not record.said:
            record.say("Esc goes back to the gate.", "muted")

    def _show_whole(self, row: Row) -> None:
        record = self.record
        if row.is_heading:
            words = "c adds here." if row.id in KINDS else f"{row.name}: {row.words}".rstrip(": ")
            record.say(words, "muted")
            return
        lines = detail_of(record.judged, row, record.relui.settings.signs)
        record.app.push_screen(Notice(row.name, "\n".join(content.plain for content in lines)))

    # -- c, e, Del -----------------------------------------------------------------------------------

    def why_not_added(self) -> str:
        """Why nothing can be added on this tab, or nothing; to the archive a defect can always be added."""
        record = self.record
        if record.archived:
            closing = record.release.closing
            if closing is not None and closing.outcome == "cancelled":
                return record.why_archived()
            return "relui was opened read-only (--readonly)." if record.desk.read_only else ""
        if why := record.why_unchangeable():
            return why
        return "The log writes itself: every act is an entry." if record.tab == "log" else ""

    def add(self) -> Awaitable[None] | None:
        """Add to the section under the cursor, else to the tab's first list; to the archive, a defect."""
        row = self.record.row
        section = row.section if row is not None else ""
        if self.record.archived:
            return self.editing.add_part("defect", {"found": "post-deploy"})
        if section in KINDS:
            return self.editing.add_part(section)
        if section == "undeclared":
            return self.editing.add_part("component")
        if row is not None and row.kind == "coverage":
            return self.editing.add_part("test", {"category": row.id})
        if section == "place":
            return self.deciding.decide("progress")
        tab = tab_named(self.record.tab)
        if tab.adds:
            return self.editing.add_part(tab.adds[0])
        if tab.name == "sign-offs":
            return self.signing.sign_here()
        return self.messages.send() if tab.name == "communication" else self.deciding.decide("decide")

    def edit(self) -> Awaitable[None] | None:
        """Edit what the line says, or what all that are marked say; what is no text does as Enter does."""
        if marked := self.record.rows.marked_rows():
            return self.groups.edit_marked(marked)
        row = self.record.at_cursor
        return self.editing.edit_part(row.kind, row.id) if row.kind in KINDS else self.open()

    def remove(self) -> Awaitable[None] | None:
        """Remove the part under the cursor; what stays in the record for ever says so."""
        row = self.record.at_cursor
        if row.kind in KINDS:
            return self.editing.remove_part(row.kind, row.id)
        if row.kind in ("point", "signoff", "subject", "sent", "message", "decision"):
            self.record.say("It stays in the record. o takes it back, with a reason.", "overdue")
        else:
            self.record.say("This line cannot be removed.", "overdue")
        return None

    # -- Space and o ---------------------------------------------------------------------------------

    def confirm(self) -> Awaitable[None] | None:
        """Say yes to the line, or to all that are marked: a point, a promotion, a message, a change."""
        if marked := self.record.rows.marked_rows():
            return self.groups.confirm_marked(marked)
        row = self.record.at_cursor
        if row.kind == "point" or (row.is_heading and row.id in GROUPS):
            return self.confirming.confirm(row.id)
        if row.kind == "environment":
            return self.confirming.promote(row.id)
        if row.kind == "message":
            return self.messages.send(row.id)
        if row.kind in ("subject", "signoff"):
            return self.signing.sign_here()
        if row.kind == "change":
            self.confirming.ready([row.id])
        elif names := self.confirming.former(row):
            self.confirming.carry_over(names)
        elif row.section == "undeclared":
            return self.confirming.declare_not_needed(() if row.is_heading else (row.id,))
        else:
            self.record.say("There is nothing to confirm here. Enter does what this line is for.", "muted")
        return None

    def take_back(self) -> Awaitable[None] | None:
        """Take back what the line says was given, with a reason."""
        row, desk, release_id = self.record.at_cursor, self.record.desk, self.record.release_id
        if row.kind == "point":
            return self._take_back(
                f"Take back: {row.name}", lambda reason: desk.record.unconfirm(release_id, [row.id], reason)
            )
        if row.kind in ("subject", "signoff"):
            subject = row.section.partition(":")[2]
            return self._take_back(
                "Withdraw your decision",
                lambda reason: desk.record.sign(release_id, subject, verdict="withdraw", comment=reason),
            )
        if row.kind == "decision":
            return self._take_back(
                f"Withdraw {row.id}: {row.name}",
                lambda reason: desk.deployment.withdraw(release_id, row.id, reason),
            )
        if row.kind in ("message", "sent"):
            sent = {each.id: each.message for each in self.record.release.dossier.sent}
            message = row.id if row.kind == "message" else sent[row.id]
            return self._take_back(
                f"It was not sent: {row.name}",
                lambda reason: desk.documents.withdraw_sent(release_id, message, reason),
            )
        self.record.say("There is nothing to take back here. u undoes your last act.", "overdue")
        return None

    async def _take_back(self, title: str, do: Callable[[str], Done]) -> None:
        prompt = LinePrompt(title, "Why? The reason stays in the record.", required=True)
        await self.record.act_on(prompt, do)
