"""What the record's commands do with sign-offs, gates, decisions and messages: ask, then call the desk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from relui.desk.core import Done
from relui.desk.desk import Desk
from relui.domain.dossier.changes import final_outcome
from relui.domain.dossier.fields import KINDS
from relui.errors import Refused, ReluiError
from relui.ui.kit.line_prompt import LinePrompt
from relui.ui.kit.question import confirm
from relui.ui.kit.rows import Row
from relui.ui.record.gate_rows import criterion_of
from relui.ui.record.groups import group_form
from relui.ui.record.messages import RecordMessages
from relui.ui.record.open_record import Rule
from relui.ui.record.tabs import target_of

CALLS: Mapping[str, Callable[[Desk, str, Mapping[str, Any]], Done]] = {
    "go": lambda desk, short, more: desk.go(short, **more),
    "no-go": lambda desk, short, more: desk.no_go(short, **more),
    "hold": lambda desk, short, more: desk.hold(short, **more),
    "resume": lambda desk, short, more: desk.resume(short, **more),
    "start": lambda desk, short, more: desk.start(short, **more),
    "complete": lambda desk, short, more: desk.complete(short, **more),
    "rollback": lambda desk, short, more: desk.roll_back(short, **more),
    "cancel": lambda desk, short, more: desk.cancel(short, **more),
    "decide": lambda desk, short, more: desk.decide(short, **more),
    "progress": lambda desk, short, more: desk.record_progress(short, **more),
    "claim": lambda desk, short, more: desk.claim(short),
    "hand-over": lambda desk, short, more: desk.hand_over(short, **more),
    "delegate": lambda desk, short, more: desk.delegate(short, **more),
}
"""A decision's name -> the desk's act, with what its form said."""


class RecordDeciding(RecordMessages):
    """The second half of the acts."""

    # -- Enter ---------------------------------------------------------------------------------------

    def open_line(self) -> Awaitable[None] | None:
        """What Enter does on the line; where nothing can be changed it leads and shows, and no more."""
        row = self.at_cursor
        if row.kind == "criterion":
            self._lead(row)
            return None
        if row.kind == "slot":
            self.relui.go_calendar(self.release_id)
            return None
        if row.is_heading and not self.why_unchangeable() and (asked := group_form(self, row)) is not None:
            return asked
        if row.is_heading or row.kind in ("summary", "entry", "decision", "sent"):
            self._show_whole(row)
            return None
        if row.kind == "message":
            self.show_message(row.id)
            return None
        why = self.why_unchangeable()
        if why:
            self.say(why, "overdue")
            return None
        return self._change(row)

    def _change(self, row: Row) -> Awaitable[None] | None:
        if row.kind in KINDS:
            return self.edit_part(row.kind, row.id)
        if row.kind == "field":
            return self.edit_field(row.id)
        if row.kind == "point":
            return self.confirm_point(row.id, form=True)
        if row.kind in ("subject", "signoff"):
            return self.sign_here()
        if row.kind == "coverage":
            return self.add_part("test", {"category": row.id})
        if row.kind == "undeclared":
            return self.add_part("component", {"kind": row.id})
        if row.kind == "missing-contact":
            return self.add_part("contact", {"id": row.id})
        if row.kind == "place":
            return self.do("progress")
        if row.id == "retrospective":
            self.action_command("record-retrospective")
            return None
        return self.do(row.id)

    def _lead(self, row: Row) -> None:
        assert self.view is not None
        target = target_of(self.view.lines[criterion_of(row)])
        if target.tab == self.tab and not target.keys:
            self.say("It is met on the checklist: 2 goes there.", "muted")
            return
        self.walking.lead_to(target.tab, target.keys)
        if not self.said:
            self.say("Esc goes back to the gate.", "muted")

    def _show_whole(self, row: Row) -> None:
        from relui.ui.kit.notice import Notice
        from relui.ui.record.detail import detail_of

        assert self.view is not None
        text = "\n".join(content.plain for content in detail_of(self.view, row, self.relui.settings.signs))
        if row.is_heading:
            self.say("c adds here." if row.id in KINDS else f"{row.name}: {row.words}".rstrip(": "), "muted")
        else:
            self.app.push_screen(Notice(row.name, text))

    # -- sign-offs -----------------------------------------------------------------------------------

    async def sign_here(self) -> None:
        """Approve or reject the subject under the cursor, else one that is chosen."""
        from relui.domain.dossier.signoffs import SUBJECT_WORDS, SUBJECTS

        row = self.row
        subject = row.section.partition(":")[2] if row is not None else ""
        if subject not in SUBJECTS:
            from relui.ui.kit.choose import Choose

            choices = [(name, SUBJECT_WORDS[name]) for name in SUBJECTS]
            chosen = await self.app.push_screen_wait(Choose("Sign", choices))
            if chosen is None:
                return
            subject = SUBJECTS[chosen]
        await self._sign(subject)

    async def _sign(self, subject: str) -> None:
        from relui.domain.dossier.definition import lacks
        from relui.domain.dossier.signers import authority, required_signers
        from relui.domain.dossier.signing import sign
        from relui.domain.dossier.signoffs import SUBJECT_WORDS, subject_named
        from relui.ui.kit.judged_form import Field
        from relui.ui.record.decisions import read_signing, signing_fields

        assert self.view is not None
        context, by, about = self.view.context, self.desk.actor.name, subject_named(subject)
        who = " and ".join(each.words for each in required_signers(about, self.release, context.organisation))
        choice = (("approve", "it stands as it is"), ("reject", "with a reason in the comment"))
        fields = [
            Field("verdict", "Decision", "approve", "Approve or reject.", choice),
            *signing_fields(self.release, context, subject, by),
        ]

        def rule(values: dict[str, str]) -> Rule:
            more = read_signing(self.release, values)
            return lambda release: sign(release, context.organisation, subject, by, self.now, **more)

        missing = lacks(self.release) if about == "definition" else ""
        words = f"You sign as {by}. It is to be signed by {who}. {missing}".rstrip()
        try:
            authority(self.release, context.organisation, about, by, context.now, fields[1].value)
        except ReluiError as error:
            words = error.message
        title = f"Sign {SUBJECT_WORDS[about]}"

        async def asked(more: dict[str, Any]) -> Done | None:
            told = f"{missing} It can still be completed, and is to be signed again for what changes."
            if not await confirm(self, "Approve it all the same?", told, yes="Approve"):
                return None
            return self.desk.sign(self.release_id, subject, **more)

        def save(values: dict[str, str]) -> Done | Awaitable[Done | None]:
            more = read_signing(self.release, values)
            if missing and more["verdict"] == "approve":
                return asked(more)
            return self.desk.sign(self.release_id, subject, **more)

        if await self.ask_form(title, fields, rule, save, words=words) is not None:
            self.rows.select([("subject", subject)])

    def take_back(self) -> Awaitable[None] | None:
        """Take back what the line says was given."""
        row = self.at_cursor
        if row.kind == "point":
            return self._take_back(f"Take back: {row.name}", "unconfirm", row.id)
        if row.kind in ("subject", "signoff"):
            return self._take_back("Withdraw your decision", "sign", row.section.partition(":")[2])
        if row.kind == "decision":
            return self._take_back(f"Withdraw {row.id}: {row.name}", "withdraw", row.id)
        if row.kind in ("message", "sent"):
            return self._take_back(f"It was not sent: {row.name}", "sent", self._message_of(row))
        self.say("There is nothing to take back here. u undoes your last act.", "overdue")
        return None

    def _message_of(self, row: Row) -> str:
        if row.kind == "message":
            return row.id
        return next(each.message for each in self.release.dossier.sent if each.id == row.id)

    async def _take_back(self, title: str, what: str, name: str) -> None:
        desk, short = self.desk, self.release_id
        acts: dict[str, Callable[[str], Done]] = {
            "unconfirm": lambda reason: desk.unconfirm(short, [name], reason),
            "sign": lambda reason: desk.sign(short, name, verdict="withdraw", comment=reason),
            "withdraw": lambda reason: desk.withdraw(short, name, reason),
            "sent": lambda reason: desk.withdraw_sent(short, name, reason),
        }
        prompt = LinePrompt(title, "Why? The reason stays in the record.", required=True)
        await self.act_on(prompt, acts[what])

    # -- gates ---------------------------------------------------------------------------------------

    async def advance(self, *, anyway: bool = False) -> None:
        """Leave the present stage, after a question; `anyway` overrides what is unmet, with a reason."""
        from relui.domain.dossier.stages import advance, next_stage, stage_now

        assert self.view is not None
        context, here, there = self.view.context, stage_now(self.release), next_stage(self.release)

        async def leave(reason: str) -> Done | None:
            advance(self.release, context, self.desk.actor.name, self.now, reason)  # says what is missing
            words = f"The stage becomes {there}. This is not undone."
            if not await confirm(self, f"Advance from {here} to {there}?", words, yes="Advance"):
                return None
            return self.desk.advance(self.release_id, reason)

        if anyway:
            hint = f"Why does {here} end although its gate is not met? It stays for ever, with your name."
            await self.act_on(LinePrompt(f"Advance {self.release_id} anyway", hint, required=True), leave)
        elif (done := await leave("")) is not None:
            self.act(lambda: done)

    def override(self) -> Awaitable[None] | None:
        """Pass the criterion under the cursor, with a reason; in an emergency every open one at once."""
        if self.release.is_emergency:
            return self._override_open()
        name = criterion_of(self.at_cursor)
        if not name:
            self.say("Put the cursor on a criterion (5 g): that is what can be overridden.", "overdue")
            return None
        return self._override(name)

    async def _override_open(self) -> None:
        from relui.domain.dossier.gates import override_open
        from relui.ui.kit.judged_form import Field

        assert self.view is not None
        context, by = self.view.context, self.desk.actor.name
        found = override_open(self.release, by, "-", self.now, context)
        if found.act is None:
            self.say(" ".join(found.told), "muted")
            return

        def rule(values: dict[str, str]) -> Rule:
            return lambda release: override_open(release, by, values["reason"], self.now, context)

        words = "\n".join(f"{name}: {self.view.lines[name].why}" for name in found.changed)
        words += f"\nEach stays on the release for ever, with your name: {by}."
        fields = [Field("reason", "Reason", "", "Why the emergency goes on without them: one for all.")]
        await self.ask_form(
            f"Override all {len(found.changed)} open criteria",
            fields,
            rule,
            lambda values: self.desk.override(self.release_id, "all", values["reason"]),
            words=words,
        )

    async def _override(self, name: str) -> None:
        from relui.domain.dossier.gates import ahead_words, override
        from relui.ui.kit.judged_form import Field

        assert self.view is not None
        context, by = self.view.context, self.desk.actor.name
        line = self.view.lines[name]
        # What can never be overridden is refused before somebody types a reason.
        override(self.release, name, by, "-", self.now, context)

        def rule(values: dict[str, str]) -> Rule:
            return lambda release: override(release, name, by, values["reason"], self.now, context)

        words = f"{line.criterion.words}: {line.why or 'met'}\n"
        words += f"It stays on the release for ever, with your name: {by}."
        fields = [Field("reason", "Reason", "", "Why the release goes on without it.")]
        early = ahead_words(self.release, name)

        async def save(values: dict[str, str]) -> Done | None:
            if early and not await confirm(self, f"Override {name} already now?", early, yes="Override"):
                return None
            return self.desk.override(self.release_id, name, values["reason"])

        await self.ask_form(f"Override {name}", fields, rule, save, words=words)

    # -- decisions -----------------------------------------------------------------------------------

    async def decide_menu(self) -> None:
        """What can be decided now, each with what it does; then the rest, with why it cannot be."""
        from relui.ui.kit.choose import Choose
        from relui.ui.record.decidable import offers

        assert self.view is not None
        found = offers(self.release, self.view.context, self.desk.actor.name, self.now)
        choices = [(each.act.title, f"not now: {each.why}" if each.why else each.act.words) for each in found]
        muted = [number for number, each in enumerate(found) if each.why]
        chosen = await self.app.push_screen_wait(Choose("Decide", choices, muted=muted))
        if chosen is None:
            return
        if found[chosen].why and not found[chosen].passable:
            self.say(f"{found[chosen].act.title}, not now: {found[chosen].why}.", "overdue")
        else:
            await self.do(found[chosen].act.name)

    async def do(self, act: str) -> None:
        """Ask what a decision asks for, judged while it is typed, and record it."""
        from relui.ui.record.decisions import ACTS

        assert self.view is not None
        found, context, by = ACTS[act], self.view.context, self.desk.actor.name
        fields = found.ask(self.release, context, by)

        def rule(values: dict[str, str]) -> Rule:
            more = found.read(self.release, values)
            return lambda release: found.rule(release, context, by, self.now, more)

        async def asked(more: Any) -> Done | None:
            if not await confirm(self, f"{found.title}?", found.final, yes=found.title):
                return None
            return CALLS[act](self.desk, self.release_id, more)

        def save(values: dict[str, str]) -> Done | Awaitable[Done | None]:
            more = found.read(self.release, values)
            return asked(more) if found.final else CALLS[act](self.desk, self.release_id, more)

        await self.ask_form(f"{found.title}: {self.release_id}", fields, rule, save, words=f"{found.words}.")

    async def follow_up(self) -> None:
        """Create the release that takes over what did not go out with this one, and open its record."""
        from relui.desk.lifecycle import Request
        from relui.ui.kit.judged_form import Field, PartForm
        from relui.ui.kit.question import carry_out

        if final_outcome(self.release) is None:
            raise Refused(
                f"{self.release_id} has no outcome yet: nothing follows it. Complete or cancel it first."
            )
        fields = [
            Field("version", "Version", "", "The version of the release that follows."),
            Field("go_live", "Go-live", "", "2026-11-28T20:00, in the zone of the service."),
            Field("owner", "Owner", self.release.owner, "Who leads it."),
        ]

        def request(values: Mapping[str, str]) -> Request:
            return Request(follows=self.release_id, **values)  # type: ignore[arg-type]  # its texts alone

        def judge(values: dict[str, str]) -> Sequence[str]:
            return self.desk.prepare(request(values)).told

        draft = f"{self.release_id}-follow-up"
        form = PartForm(f"Follow-up of {self.release_id}", fields, judge, draft=draft)
        done = await carry_out(self, form, lambda values: self.desk.new(request(values)))
        if done is None:
            return
        self.relui.board.update()
        self.relui.go_record(done.release.id)
