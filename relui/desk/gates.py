"""Acts on gates: what is met, overrides, advancing; confirmations and sign-offs; and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from relui.desk.core import Done
from relui.desk.surroundings import SurroundingsActs
from relui.domain.release import Release

if TYPE_CHECKING:
    from relui.domain.dossier.gates import Gate, Line
    from relui.domain.dossier.waiting import Waiting


class Waits(Struct, frozen=True):
    """What waits, the most urgent first, and a sentence for each release that could not be read."""

    rows: tuple[Waiting, ...]
    problems: tuple[str, ...] = ()


class GateActs(SurroundingsActs):
    """A gate is judged when it is asked for, and never stored."""

    def gate(self, short: str, name: str = "") -> Gate:
        """One gate of a release as it stands now: the next in its way unless `name` says other."""
        from relui.domain.dossier.gates import gate, gate_now

        release = self.open(short).release
        return gate(release, name or gate_now(release), self.context(release))

    def gates(self, short: str) -> tuple[Gate, ...]:
        """Every gate of a release, in the order of the lifecycle."""
        from relui.domain.dossier.criteria import GATES
        from relui.domain.dossier.gates import gate

        release = self.open(short).release
        context = self.context(release)
        return tuple(gate(release, name, context) for name in GATES)

    def override(self, short: str, criterion: str, reason: str) -> Done:
        """Pass an unmet criterion, with a reason that stays for ever; `all`: every open one of an emergency.

        Raises Refused, BadInput.
        """
        from relui.domain.dossier.gates import override, override_open

        around = self.surroundings_of(short)
        if criterion == "all":
            return self.change(
                short,
                lambda release: override_open(
                    release, self.actor.name, reason, self.clock.now(), around.of(release)
                ),
            )
        return self.change(
            short,
            lambda release: override(
                release, criterion, self.actor.name, reason, self.clock.now(), around.of(release)
            ),
        )

    def advance(self, short: str, override_reason: str = "") -> Done:
        """Leave the present stage when its gate is met; a reason overrides what is unmet and can be.

        Raises GateShut naming what is unmet.
        """
        from relui.domain.dossier.stages import advance

        around = self.surroundings_of(short)
        return self.change(
            short,
            lambda release: advance(
                release, around.of(release), self.actor.name, self.clock.now(), override_reason
            ),
        )

    def confirm(
        self,
        short: str,
        names: Iterable[str],
        note: str = "",
        evidence: str = "",
        notes: Mapping[str, str] | None = None,
    ) -> Done:
        """Confirm points as one act; a group's name means each of its points that is open.

        `notes` are those of single points by their id.
        """
        from relui.domain.dossier.signing import confirm

        points, organisation = tuple(names), self.organisation()
        return self.change(
            short,
            lambda release: confirm(
                release,
                points,
                self.actor.name,
                self.clock.now(),
                note=note,
                evidence=evidence,
                notes=notes,
                organisation=organisation,
            ),
        )

    def unconfirm(self, short: str, names: Iterable[str], reason: str) -> Done:
        """Take confirmations back, with a reason that stays in the log."""
        from relui.domain.dossier.signing import unconfirm

        points = tuple(names)
        return self.change(
            short, lambda release: unconfirm(release, points, self.actor.name, self.clock.now(), reason)
        )

    def sign(
        self,
        short: str,
        subject: str,
        *,
        verdict: str = "approve",
        acting_for: str = "",
        comment: str = "",
        confirmed: Iterable[str] = (),
    ) -> Done:
        """Approve, reject or withdraw on a subject, as who acts or for whom they are the delegate of.

        `confirmed` are the points of an approval; `all` means each. Raises Refused, BadInput.
        """
        from relui.domain.dossier.signing import sign

        around, points = self.surroundings_of(short), tuple(confirmed)
        return self.change(
            short,
            lambda release: sign(
                release,
                (context := around.of(release)).organisation,
                subject,
                self.actor.name,
                self.clock.now(),
                verdict=verdict,
                acting_for=acting_for,
                comment=comment,
                confirmed=points,
                lost=context.lost,
            ),
        )

    def waiting(self, person: str = "") -> Waits:
        """What waits over the active releases: for one person, or for everybody.

        Raises BadInput for somebody whom the organisation does not list, where it lists anybody.
        """
        from relui.domain.dossier.waiting import waiting, waits_for

        around, active = self.surroundings(), self.active()
        organisation = self.organisation()
        wanted = organisation.checked_person(person.strip()) if person.strip() else ""
        rows = waiting(active.releases, organisation, around.of)
        if wanted:
            rows = waits_for(rows, wanted, organisation, self.clock.now())
        return Waits(rows, active.problems)

    def lines_to_deploy(self, release: Release, at: datetime) -> tuple[Line, ...]:
        """Every criterion between a release and its deployment at `at` (UTC), each once; none afterwards."""
        if not release.criteria or release.started_at is not None or release.closed:
            return ()
        from relui.domain.dossier.stages import to_deploy

        found: dict[str, Line] = {}
        for gate in to_deploy(release, replace(self.context(release), now=at)):
            for line in gate.lines:
                found.setdefault(line.criterion.id, line)
        return tuple(found.values())
