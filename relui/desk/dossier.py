"""Acts on what a release's record holds: parts by hand, promotions, regional progress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from relui.desk.core import Done
from relui.desk.importing import ImportActs

if TYPE_CHECKING:
    from relui.domain.organisation import Organisation


class DossierActs(ImportActs):
    """Each act is one entry of the log, all or nothing. `kind` is a name of `domain.dossier.fields.KINDS`."""

    def add_part(self, short: str, kind: str, given: Mapping[str, str]) -> Done:
        """Add a part from text: `id` and its fields. Adding the very same again changes nothing.

        To an archived release a defect can be added that was found since.
        """
        from relui.domain.dossier.editing import add_part

        if kind == "defect" and self.open(short).release.closed:
            from relui.domain.closing import add_escaped

            now, by = self.clock.now(), self.actor.name
            return self.add(short, lambda release: add_escaped(release, given, now, by))
        around = self._who(kind, given)
        return self.change(
            short, lambda release: add_part(release, kind, given, self.clock.now(), self.actor.name, **around)
        )

    def _who(self, kind: str, given: Mapping[str, str]) -> dict[str, Organisation]:
        """The organisation where an act needs to know who is who: it is read for nothing else."""
        return (
            {"organisation": self.organisation()}
            if kind == "change" and {"ready", "owner"} & given.keys()
            else {}
        )

    def edit_part(
        self, short: str, kind: str, part_id: str, given: Mapping[str, str], reason: str = ""
    ) -> Done:
        """Set fields of a part from text; `id` renames it, an empty text empties a field.

        The reason stays in the log; a serious defect that becomes a lesser one, or none, needs it.
        """
        from relui.domain.dossier.editing import edit_part

        around = self._who(kind, given)
        return self.change(
            short,
            lambda release: edit_part(
                release, kind, part_id, given, self.clock.now(), self.actor.name, reason, **around
            ),
        )

    def remove_part(self, short: str, kind: str, part_id: str, reason: str = "") -> Done:
        """Remove a part; the log keeps it. Test runs and defects need a reason."""
        from relui.domain.dossier.editing import remove_part

        return self.change(
            short,
            lambda release: remove_part(release, kind, part_id, self.clock.now(), self.actor.name, reason),
        )

    def add_several(self, short: str, kind: str, given: Sequence[Mapping[str, str]]) -> Done:
        """Add parts of a kind from text, as one act."""
        from relui.domain.dossier.several import add_several

        return self.change(
            short, lambda release: add_several(release, kind, given, self.clock.now(), self.actor.name)
        )

    def edit_several(self, short: str, kind: str, names: Sequence[str], given: Mapping[str, str]) -> Done:
        """Set the same fields of several parts from text, as one act."""
        from relui.domain.dossier.several import edit_several

        organisation = self.organisation()
        return self.change(
            short,
            lambda release: edit_several(
                release, kind, names, given, self.clock.now(), self.actor.name, organisation
            ),
        )

    def move_part(self, short: str, kind: str, part_id: str, by: int) -> Done:
        """Move a part among its kind: up when `by` is negative."""
        from relui.domain.dossier.editing import move_part

        return self.change(short, lambda release: move_part(release, kind, part_id, by, self.clock.now()))

    def declare_not_needed(self, short: str, kinds: Iterable[str], reason: str) -> Done:
        """Declare kinds of component as not needed, for one reason; `all` means every undeclared one."""
        from relui.domain.dossier.components import declare_not_needed

        wanted = tuple(kinds)
        return self.change(
            short, lambda release: declare_not_needed(release, wanted, reason, self.clock.now())
        )

    def carry_over(self, short: str, names: Iterable[str]) -> Done:
        """Say that components, the tag or the logs are in this build as they were in the one before."""
        from relui.domain.dossier.components import carry_over

        wanted = tuple(names)
        return self.change(short, lambda release: carry_over(release, wanted, self.clock.now()))

    def component_checksum(self, short: str, name: str, path: Path) -> Done:
        """Record a component's SHA-256, computed from a file. Raises BadInput for one that is no file."""
        from relui.domain.dossier.editing import edit_part, part_named
        from relui.loading.source_files import checksum

        part_named(self.open(short).release, "component", name)
        given = {"checksum": checksum(path)}
        return self.change(
            short,
            lambda release: edit_part(
                release, "component", name, given, self.clock.now(), self.actor.name
            ),
        )  # fmt: skip

    def promote(
        self,
        short: str,
        name: str,
        *,
        access_verified: bool,
        when: datetime | None = None,
        baseline: str = "",
    ) -> Done:
        """Record that the present build was promoted, access verified beforehand [S1.18]."""
        from relui.domain.dossier.environments import promote

        return self.change(
            short,
            lambda release: promote(
                release,
                name,
                self.clock.now(),
                self.actor.name,
                access_verified=access_verified,
                when=when,
                baseline=baseline,
            ),
        )

    def record_progress(self, short: str, names: Iterable[str], state: str, reason: str = "") -> Done:
        """Record how far the deployment is in services or regions; `all` means every known one."""
        from relui.domain.dossier.environments import record_progress

        places = tuple(names)
        return self.change(
            short,
            lambda release: record_progress(
                release, places, state, self.clock.now(), self.actor.name, reason
            ),
        )  # fmt: skip
