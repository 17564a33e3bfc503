"""Acts on what a release's record holds: parts, promotions, regional progress, gates and sign-offs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from relui.desk.act import Done
from relui.desk.context import Contexts, context_of

if TYPE_CHECKING:
    from relui.desk.calendar import CalendarActs
    from relui.desk.journal import Journal
    from relui.desk.organisation import OrganisationActs
    from relui.domain.dossier.gates import Gate
    from relui.domain.organisation import Organisation


class RecordActs:
    """Each act is one entry of the log, all or nothing. A gate is judged when asked for, and never stored.

    `kind` is a name of `domain.dossier.fields.KINDS`.
    """

    def __init__(self, journal: Journal, organisation: OrganisationActs, calendar: CalendarActs) -> None:
        self._journal = journal
        self._organisation = organisation
        self._calendar = calendar

    def add_part(self, release_id: str, kind: str, given: Mapping[str, str]) -> Done:
        """Add a part from text: `id` and its fields. Adding the very same again changes nothing.

        To an archived release a defect can be added that was found since.
        """
        from relui.domain.dossier.editing import add_part

        if kind == "defect" and self._journal.open(release_id).release.closed:
            from relui.domain.closing import add_escaped

            return self._journal.change(
                release_id, lambda release, by, now: add_escaped(release, given, now, by), addition=True
            )
        known = self._who(kind, given)
        return self._journal.change(
            release_id, lambda release, by, now: add_part(release, kind, given, now, by, **known)
        )

    def _who(self, kind: str, given: Mapping[str, str]) -> dict[str, Organisation]:
        """The organisation where an act needs to know who is who: it is read for nothing else."""
        return (
            {"organisation": self._organisation.read()}
            if kind == "change" and {"ready", "owner"} & given.keys()
            else {}
        )

    def edit_part(
        self, release_id: str, kind: str, part_id: str, given: Mapping[str, str], reason: str = ""
    ) -> Done:
        """Set fields of a part from text; `id` renames it, an empty text empties a field.

        The reason stays in the log; a serious defect that becomes a lesser one, or none, needs it.
        """
        from relui.domain.dossier.editing import edit_part

        known = self._who(kind, given)
        return self._journal.change(
            release_id,
            lambda release, by, now: edit_part(release, kind, part_id, given, now, by, reason, **known),
        )

    def remove_part(self, release_id: str, kind: str, part_id: str, reason: str = "") -> Done:
        """Remove a part; the log keeps it. Test runs and defects need a reason."""
        from relui.domain.dossier.editing import remove_part

        return self._journal.change(
            release_id, lambda release, by, now: remove_part(release, kind, part_id, now, by, reason)
        )

    def add_several(self, release_id: str, kind: str, given: Sequence[Mapping[str, str]]) -> Done:
        """Add parts of a kind from text, as one act."""
        from relui.domain.dossier.several import add_several

        return self._journal.change(
            release_id, lambda release, by, now: add_several(release, kind, given, now, by)
        )

    def edit_several(
        self, release_id: str, kind: str, names: Sequence[str], given: Mapping[str, str]
    ) -> Done:
        """Set the same fields of several parts from text, as one act."""
        from relui.domain.dossier.several import edit_several

        organisation = self._organisation.read()
        return self._journal.change(
            release_id,
            lambda release, by, now: edit_several(release, kind, names, given, now, by, organisation),
        )

    def move_part(self, release_id: str, kind: str, part_id: str, by: int) -> Done:
        """Move a part among its kind: up when `by` is negative."""
        from relui.domain.dossier.editing import move_part

        return self._journal.change(
            release_id, lambda release, _by, now: move_part(release, kind, part_id, by, now)
        )

    def declare_not_needed(self, release_id: str, kinds: Iterable[str], reason: str) -> Done:
        """Declare kinds of component as not needed, for one reason; `all` means every undeclared one."""
        from relui.domain.dossier.components import declare_not_needed

        wanted = tuple(kinds)
        return self._journal.change(
            release_id, lambda release, _by, now: declare_not_needed(release, wanted, reason, now)
        )

    def carry_over(self, release_id: str, names: Iterable[str]) -> Done:
        """Say that components, the tag or the logs are in this build as they were in the one before."""
        from relui.domain.dossier.components import carry_over

        wanted = tuple(names)
        return self._journal.change(release_id, lambda release, _by, now: carry_over(release, wanted, now))

    def component_checksum(self, release_id: str, name: str, path: Path) -> Done:
        """Record a component's SHA-256, computed from a file. Raises BadInput for one that is no file."""
        from relui.domain.dossier.editing import edit_part, part_named
        from relui.loading.source_files import checksum

        part_named(self._journal.open(release_id).release, "component", name)
        given = {"checksum": checksum(path)}
        return self._journal.change(
            release_id,
            lambda release, by, now: edit_part(
                release, "component", name, given, now, by
            ),
        )  # fmt: skip

    def promote(
        self,
        release_id: str,
        name: str,
        *,
        access_verified: bool,
        when: datetime | None = None,
        baseline: str = "",
    ) -> Done:
        """Record that the present build was promoted, access verified beforehand [S1.18]."""
        from relui.domain.dossier.environments import promote

        return self._journal.change(
            release_id,
            lambda release, by, now: promote(
                release, name, now, by, access_verified=access_verified, when=when, baseline=baseline
            ),
        )

    def gate(self, release_id: str, name: str = "") -> Gate:
        """One gate of a release as it stands now: the next in its way unless `name` says other."""
        from relui.domain.dossier.gates import gate, gate_now

        release = self._journal.open(release_id).release
        return gate(release, name or gate_now(release), context_of(self._calendar, release))

    def gates(self, release_id: str) -> tuple[Gate, ...]:
        """Every gate of a release, in the order of the lifecycle."""
        from relui.domain.dossier.criteria import GATES
        from relui.domain.dossier.gates import gate

        release = self._journal.open(release_id).release
        context = context_of(self._calendar, release)
        return tuple(gate(release, name, context) for name in GATES)

    def override(self, release_id: str, criterion: str, reason: str) -> Done:
        """Pass an unmet criterion, with a reason that stays for ever; `all`: every open one of an emergency.

        Raises Refused, BadInput.
        """
        from relui.domain.dossier.gates import override, override_open

        contexts = Contexts.before(self._calendar, release_id)
        if criterion == "all":
            return self._journal.change(
                release_id,
                lambda release, by, now: override_open(release, by, reason, now, contexts.of(release)),
            )
        return self._journal.change(
            release_id,
            lambda release, by, now: override(release, criterion, by, reason, now, contexts.of(release)),
        )

    def advance(self, release_id: str, override_reason: str = "") -> Done:
        """Leave the present stage when its gate is met; a reason overrides what is unmet and can be.

        Raises GateShut naming what is unmet.
        """
        from relui.domain.dossier.stages import advance

        contexts = Contexts.before(self._calendar, release_id)
        return self._journal.change(
            release_id,
            lambda release, by, now: advance(release, contexts.of(release), by, now, override_reason),
        )

    def confirm(
        self,
        release_id: str,
        names: Iterable[str],
        note: str = "",
        evidence: str = "",
        notes: Mapping[str, str] | None = None,
    ) -> Done:
        """Confirm points as one act; a group's name means each of its points that is open.

        `notes` are those of single points by their id.
        """
        from relui.domain.dossier.signing import confirm

        points, organisation = tuple(names), self._organisation.read()
        return self._journal.change(
            release_id,
            lambda release, by, now: confirm(
                release, points, by, now, note=note, evidence=evidence, notes=notes, organisation=organisation
            ),
        )

    def unconfirm(self, release_id: str, names: Iterable[str], reason: str) -> Done:
        """Take confirmations back, with a reason that stays in the log."""
        from relui.domain.dossier.signing import unconfirm

        points = tuple(names)
        return self._journal.change(
            release_id, lambda release, by, now: unconfirm(release, points, by, now, reason)
        )

    def sign(
        self,
        release_id: str,
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

        contexts, points = Contexts.before(self._calendar, release_id), tuple(confirmed)
        return self._journal.change(
            release_id,
            lambda release, by, now: sign(
                release,
                (context := contexts.of(release)).organisation,
                subject,
                by,
                now,
                verdict=verdict,
                acting_for=acting_for,
                comment=comment,
                confirmed=points,
                lost=context.lost,
            ),
        )
