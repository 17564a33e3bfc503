"""Acts on what a release's record holds: parts by hand and from files, promotions, regional progress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from relui.desk.core import Done
from relui.desk.items import EVIDENCE_LIMIT, ItemActs

if TYPE_CHECKING:
    from relui.domain.dossier.fields import Part
    from relui.domain.dossier.parts import Run
    from relui.domain.organisation import Organisation
    from relui.domain.release import Release


class DossierActs(ItemActs):
    """Each act is one entry of the log, all or nothing. `kind` is a name of `domain.dossier.fields.KINDS`."""

    def add_part(self, short: str, kind: str, given: Mapping[str, str]) -> Done:
        """Add a part from text: `id` and its fields. Adding the very same again changes nothing."""
        from relui.domain.dossier.editing import add_part

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

    def move_part(self, short: str, kind: str, part_id: str, by: int) -> Done:
        """Move a part among its kind: up when `by` is negative."""
        from relui.domain.dossier.editing import move_part

        return self.change(short, lambda release: move_part(release, kind, part_id, by, self.clock.now()))

    def declare_not_needed(self, short: str, kinds: Iterable[str], reason: str) -> Done:
        """Declare kinds of component as not needed, for one reason; `all` means every undeclared one."""
        from relui.domain.dossier.package import declare_not_needed

        wanted = tuple(kinds)
        return self.change(
            short, lambda release: declare_not_needed(release, wanted, reason, self.clock.now())
        )

    def component_checksum(self, short: str, name: str, path: Path) -> Done:
        """Record a component's SHA-256, computed from a file. Raises BadInput for one that is no file."""
        from relui.domain.dossier.editing import edit_part, part_named
        from relui.loading.source_file import checksum

        part_named(self.open(short).release, "component", name)
        given = {"checksum": checksum(path)}
        return self.change(
            short,
            lambda release: edit_part(
                release, "component", name, given, self.clock.now(), self.actor.name
            ),
        )  # fmt: skip

    def import_changes(
        self, short: str, path: Path, mapping: Mapping[str, str] | None = None
    ) -> Done:  # fmt: skip
        """Add the changes of a CSV file; those that are there already are left and told."""
        from relui.domain.text import clean
        from relui.loading.changes_csv import load_changes

        self._refuse_closed(short)
        found = load_changes(path, mapping)
        around = self.organisation() if any(change.ready for change in found.changes) else None
        return self._add(short, "change", found.changes, clean(path.name), found.told, around)

    def import_commits(
        self, short: str, repository: Path, since: str, until: str = "HEAD", only: Iterable[str] = ()
    ) -> Done:
        """Add the changes that commits of a git repository make; `only` keeps some types (`feat`, `fix`)."""
        from relui.domain.dossier.commits import harvest
        from relui.domain.text import quoted
        from relui.errors import BadInput
        from relui.loading.git_log import load_commits

        self._refuse_closed(short)
        commits = load_commits(repository, since, until)
        found = harvest(commits, tuple(only))
        if not found.changes:
            why = f" They were skipped: {found.skipped[0][1]}." if found.skipped else ""
            raise BadInput(
                f"The {len(commits)} commits up to {quoted(until)} make no change.{why} Nothing was changed."
            )
        told = (
            [f"{len(found.skipped)} commits were skipped: {_reasons(found.skipped)}."]
            if found.skipped
            else []
        )
        if found.plain:
            told.append(f"{found.plain} are no conventional commits: see to what they are.")
        source = f"{since}..{until}" if since else until
        return self._add(short, "change", found.changes, source, tuple(told))

    def import_leftovers(self, short: str, other: str) -> Done:
        """Add what did not go out with another release, as proposed changes of this one."""
        from relui.domain.dossier.changes import leftovers
        from relui.errors import BadInput

        release_id, source = self._refuse_closed(short), self.open(other).release
        if source.id == release_id:
            raise BadInput(f"{release_id} cannot take over changes from itself. Name another release.")
        found = leftovers(source)
        if not found:
            raise BadInput(f"Nothing is left over from {source.id}: all of its changes went out.")
        return self._add(short, "change", found, source.id)

    def import_tests(
        self,
        short: str,
        path: Path,
        category: str,
        *,
        name: str = "",
        scope: str = "",
        by: str = "",
        evidence: str = "",
    ) -> Done:
        """Add a test run with the cases of a JUnit XML report, of the present build.

        `evidence` is a reference, or `@FILE`; the report itself is kept when nothing is said.
        """
        from relui.domain.dossier.fields import TEST
        from relui.domain.dossier.parts import Run
        from relui.domain.naming import unique
        from relui.domain.text import clean, one_line
        from relui.loading.junit import load_junit

        release = self.open(short).release
        self._refuse_closed(short)
        wanted = TEST.field("category").read(category, release.zone)
        found = load_junit(path, release.zone)
        taken = [run.id for run in release.dossier.runs]
        run = Run(
            id=one_line(name, what="The name of the run") or unique(str(wanted), taken),
            category=wanted,
            cases=found.cases,
            started=found.started,
            ended=found.ended,
            by=TEST.field("by").read(by, release.zone) or self.actor.name,
            scope=TEST.field("scope").read(scope, release.zone),
            iteration=release.dossier.iteration,
        )
        self._checked_run(release, run)
        run = replace(run, evidence=self._report(evidence, path))
        return self._add(short, "test", (run,), clean(path.name), found.told)

    def _checked_run(self, release: Release, run: Run) -> None:
        """Raises what adding it would raise, before its report is kept."""
        from relui.domain.dossier.editing import add_parts
        from relui.domain.text import quoted
        from relui.errors import BadInput

        ruling = add_parts(release, "test", (run,), "the report", self.clock.now(), self.actor.name)
        if ruling.left or ruling.already:
            raise BadInput(f"The test run {quoted(run.id)} is there already. Give this one another name.")

    def _report(self, evidence: str, path: Path) -> str:
        from relui.loading.junit import SIZE_LIMIT
        from relui.loading.source_file import read_up_to

        if evidence:
            return self.evidence_reference(evidence)
        content = read_up_to(path, SIZE_LIMIT)
        return self.keep_evidence(content, path.name) if len(content) <= EVIDENCE_LIMIT else ""

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
        from relui.domain.dossier.regions import record_progress

        places = tuple(names)
        return self.change(
            short,
            lambda release: record_progress(
                release, places, state, self.clock.now(), self.actor.name, reason
            ),
        )  # fmt: skip

    def _refuse_closed(self, short: str) -> str:
        """Its identifier. Raises Refused for a closed release, before a file is read or kept."""
        from relui.domain.ruling import refuse_closed

        release = self.open(short).release
        refuse_closed(release)
        return release.id

    def _add(
        self,
        short: str,
        kind: str,
        parts: Sequence[Part],
        source: str,
        told: tuple[str, ...] = (),
        organisation: Organisation | None = None,
    ) -> Done:
        from relui.domain.dossier.editing import add_parts

        now, by = self.clock.now(), self.actor.name
        done = self.change(
            short, lambda release: add_parts(release, kind, parts, source, now, by, organisation)
        )
        return _telling(done, told)


def _telling(done: Done, told: tuple[str, ...]) -> Done:
    if not told:
        return done
    return replace(done, ruling=replace(done.ruling, told=(*told, *done.ruling.told)))


def _reasons(skipped: Iterable[tuple[str, str]]) -> str:
    from collections import Counter

    counted = Counter(why for _, why in skipped)
    return ", ".join(f"{why} ({count})" for why, count in counted.most_common(4))
