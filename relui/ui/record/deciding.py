"""Gates and decisions of the release: left, overridden and recorded, each by a form that tries its rule."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence

from relui.desk.act import Done
from relui.desk.planning import Request
from relui.domain.dossier.decidable import DECIDABLE
from relui.domain.dossier.decisions import final_outcome
from relui.domain.dossier.gates import ahead_words, override, override_open, stage_now
from relui.domain.dossier.stages import advance, next_stage
from relui.errors import Refused
from relui.ui.kit.judged_form import Field, PartForm
from relui.ui.kit.question import Choose, LinePrompt, carry_out, confirm
from relui.ui.record.decisions import decided, decision_fields, given_decision, offers
from relui.ui.record.gate_rows import criterion_of
from relui.ui.record.open_record import OpenRecord, Rule


class Deciding:
    """What is said about the release as a whole; what can never be is refused before somebody types."""

    def __init__(self, record: OpenRecord) -> None:
        self._record = record

    # -- gates ---------------------------------------------------------------------------------------

    async def advance(self) -> None:
        """Leave the present stage, after a question."""
        if (done := await self._leave_stage("")) is not None:
            self._record.show_done(done)

    async def advance_anyway(self) -> None:
        """Leave the present stage although its gate is not met: a reason overrides what is not."""
        record, here = self._record, stage_now(self._record.release)
        hint = f"Why does {here} end although its gate is not met? It stays for ever, with your name."
        prompt = LinePrompt(f"Advance {record.release_id} anyway", hint, required=True)
        await record.act_on(prompt, self._leave_stage)

    async def _leave_stage(self, reason: str) -> Done | None:
        record = self._record
        here, there = stage_now(record.release), next_stage(record.release)
        by = record.desk.actor.name
        advance(record.release, record.judged.context, by, record.now, reason)  # says what is missing
        words = f"The stage becomes {there}. This is not undone."
        if not await confirm(record, f"Advance from {here} to {there}?", words, yes="Advance"):
            return None
        return await record.outcome(lambda: record.desk.record.advance(record.release_id, reason))

    def override(self) -> Awaitable[None] | None:
        """Pass the criterion under the cursor, with a reason; in an emergency every open one at once."""
        record = self._record
        if record.release.is_emergency:
            return self._override_open()
        name = criterion_of(record.at_cursor)
        if not name:
            record.say("Put the cursor on a criterion (5 g): that is what can be overridden.", "overdue")
            return None
        return self._override(name)

    async def _override_open(self) -> None:
        record = self._record
        context, by = record.judged.context, record.desk.actor.name
        found = override_open(record.release, by, "-", record.now, context)
        if found.act is None:
            record.say(" ".join(found.told), "muted")
            return

        def rule(values: dict[str, str]) -> Rule:
            return lambda release: override_open(release, by, values["reason"], record.now, context)

        words = "\n".join(f"{name}: {record.judged.lines[name].why}" for name in found.changed)
        words += f"\nEach stays on the release for ever, with your name: {by}."
        fields = [Field("reason", "Reason", "", "Why the emergency goes on without them: one for all.")]
        await record.ask_form(
            f"Override all {len(found.changed)} open criteria",
            fields,
            rule,
            lambda values: record.desk.record.override(record.release_id, "all", values["reason"]),
            words=words,
        )

    async def _override(self, name: str) -> None:
        record = self._record
        context, by = record.judged.context, record.desk.actor.name
        line = record.judged.lines[name]
        # What can never be overridden is refused before somebody types a reason.
        override(record.release, name, by, "-", record.now, context)

        def rule(values: dict[str, str]) -> Rule:
            return lambda release: override(release, name, by, values["reason"], record.now, context)

        words = f"{line.criterion.words}: {line.why or 'met'}\n"
        words += f"It stays on the release for ever, with your name: {by}."
        fields = [Field("reason", "Reason", "", "Why the release goes on without it.")]
        early = ahead_words(record.release, name)

        async def save(values: dict[str, str]) -> Done | None:
            if early and not await confirm(record, f"Override {name} already now?", early, yes="Override"):
                return None
            return record.desk.record.override(record.release_id, name, values["reason"])

        await record.ask_form(f"Override {name}", fields, rule, save, words=words)

    # -- decisions -----------------------------------------------------------------------------------

    async def choose(self) -> None:
        """What can be decided now, each with what it does; then the rest, with why it cannot be."""
        record = self._record
        made = offers(record.release, record.judged.context, record.desk.actor.name, record.now)
        choices = [
            (each.decision.title, f"not now: {each.why}" if each.why else each.decision.words)
            for each in made
        ]
        muted = [number for number, each in enumerate(made) if each.why]
        chosen = await record.app.push_screen_wait(Choose("Decide", choices, muted=muted))
        if chosen is None:
            return
        offer = made[chosen]
        if offer.why and not offer.passable:
            record.say(f"{offer.decision.title}, not now: {offer.why}.", "overdue")
        else:
            await self.decide(offer.decision.name)

    async def decide(self, name: str) -> None:
        """Ask what a decision asks for, judged while it is typed, and record it."""
        record, decision = self._record, DECIDABLE[name]
        context, by = record.judged.context, record.desk.actor.name
        fields = decision_fields(decision, record.release, context, by)

        def rule(values: dict[str, str]) -> Rule:
            given = given_decision(decision, record.release, values)
            return lambda release: decided(decision, release, context, by, record.now, given)

        async def save(values: dict[str, str]) -> Done | None:
            given = given_decision(decision, record.release, values)
            question = f"{decision.title}?"
            if decision.final and not await confirm(record, question, decision.final, yes=decision.title):
                return None
            return record.desk.deployment.carry_out(record.release_id, name, **given)

        title = f"{decision.title}: {record.release_id}"
        await record.ask_form(title, fields, rule, save, words=f"{decision.words}.")

    async def follow_up(self) -> None:
        """Create the release that takes over what did not go out with this one, and open its record."""
        record = self._record
        if final_outcome(record.release) is None:
            raise Refused(
                f"{record.release_id} has no outcome yet: nothing follows it. Complete or cancel it first."
            )
        fields = [
            Field("version", "Version", "", "The version of the release that follows."),
            Field("go_live", "Go-live", "", "2026-11-28T20:00, in the zone of the service."),
            Field("owner", "Owner", record.release.owner, "Who leads it."),
        ]

        def request(values: Mapping[str, str]) -> Request:
            return Request(follows=record.release_id, **values)  # type: ignore[arg-type]  # its texts alone

        def judge(values: dict[str, str]) -> Sequence[str]:
            return record.desk.planning.prepare(request(values)).told

        draft = f"{record.release_id}-follow-up"
        form = PartForm(f"Follow-up of {record.release_id}", fields, judge, draft=draft)
        done = await carry_out(record, form, lambda values: record.desk.releases.new(request(values)))
        if done is None:
            return
        record.relui.board.update()
        record.relui.go_to("record", done.release.id)
