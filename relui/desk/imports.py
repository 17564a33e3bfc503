"""Acts that read what others wrote into a release's record: changes, test results, checksums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from relui.desk.act import Done
from relui.desk.evidence import EVIDENCE_LIMIT

if TYPE_CHECKING:
    from relui.desk.evidence import EvidenceActs
    from relui.desk.journal import Journal
    from relui.desk.organisation import OrganisationActs
    from relui.domain.dossier.commits import Harvest
    from relui.domain.dossier.fields import Part
    from relui.domain.dossier.parts import Run
    from relui.domain.organisation import Organisation
    from relui.domain.release import Release


class ImportActs:
    """Each act is one entry of the log, all or nothing, and tells what was not taken and why."""

    def __init__(self, journal: Journal, organisation: OrganisationActs, evidence: EvidenceActs) -> None:
        self._journal = journal
        self._organisation = organisation
        self._evidence = evidence

    def changes(
        self, release_id: str, path: Path, mapping: Mapping[str, str] | None = None
    ) -> Done:  # fmt: skip
        """Add the changes of a CSV file; those that are there already are left and told."""
        from relui.domain.text import clean
        from relui.loading.changes_csv import load_changes

        self._refuse_closed(release_id)
        found = load_changes(path, mapping)
        organisation = self._organisation.read() if any(change.ready for change in found.changes) else None
        return self._add(release_id, "change", found.changes, clean(path.name), found.told, organisation)

    def commits(
        self,
        release_id: str,
        repository: Path,
        since: str,
        until: str = "HEAD",
        only: Iterable[str] = (),
        by: str = "request",
    ) -> Done:
        """Add the changes that commits of a git repository make; `only` keeps some types (`feat`, `fix`).

        `by` is one of `commits.BY`: whether a merged request is one change, or each of its commits.
        """
        from relui.domain.dossier.commits import BY, harvest
        from relui.domain.dossier.readers import one_of
        from relui.domain.text import quoted
        from relui.errors import BadInput
        from relui.loading.git_log import load_commits

        self._refuse_closed(release_id)
        by = one_of("What becomes a change", BY)(by, "UTC")
        commits = load_commits(repository, since, until)
        found = harvest(commits, tuple(only), by)
        told = _told_of(found)
        if not found.changes:
            raise BadInput(
                " ".join([f"The {len(commits)} commits up to {quoted(until)} make no change.", *told])
                + " Nothing was changed."
            )
        source = f"{since}..{until}" if since else until
        return self._add(release_id, "change", found.changes, source, told)

    def leftovers(self, release_id: str, other: str) -> Done:
        """Add what did not go out with another release, as proposed changes of this one."""
        from relui.domain.dossier.changes import leftovers
        from relui.errors import BadInput

        release_id, source = self._refuse_closed(release_id), self._journal.open(other).release
        if source.id == release_id:
            raise BadInput(f"{release_id} cannot take over changes from itself. Name another release.")
        found = leftovers(source)
        if not found:
            raise BadInput(f"Nothing is left over from {source.id}: all of its changes went out.")
        return self._add(release_id, "change", found, source.id)

    def tests(
        self,
        release_id: str,
        reports: Path | Sequence[Path],
        category: str,
        *,
        name: str = "",
        scope: str = "",
        by: str = "",
        evidence: str = "",
    ) -> Done:
        """Add one test run of the present build, with the cases of JUnit XML reports or of folders of them.

        `evidence` is a reference, or `@FILE`; the reports themselves are kept when nothing is said.
        """
        from relui.domain.dossier.fields import TEST
        from relui.domain.dossier.parts import Run
        from relui.domain.dossier.testing import timely
        from relui.domain.text import clean, one_line, slug, unique
        from relui.loading.junit import load_junit

        release = self._journal.open(release_id).release
        self._refuse_closed(release_id)
        wanted = TEST.field("category").read(category, release.zone)
        found = load_junit(reports, release.zone)
        times, early = timely(found.started, found.ended, release.zone, self._journal.clock.now())
        taken = [run.id for run in release.dossier.runs]
        run = Run(
            id=one_line(name, what="The name of the run") or unique(str(wanted), taken),
            category=wanted,
            cases=found.cases,
            started=times[0],
            ended=times[1],
            by=TEST.field("by").read(by, release.zone) or self._journal.actor.name,
            scope=TEST.field("scope").read(scope, release.zone),
            iteration=release.dossier.iteration,
        )
        self._checked_run(release, run)
        source = clean(found.files[0].name) if len(found.files) == 1 else f"{len(found.files)} reports"
        kept, told = self._reports(evidence, found.files, f"{slug(run.id)}-junit.zip")
        return self._add(
            release_id, "test", (replace(run, evidence=kept),), source, (*told, *early, *found.told)
        )

    def checksums(
        self, release_id: str, path: Path, *, add: bool = False, kind: str = "", where: str = ""
    ) -> Done:
        """Give components the checksums of a manifest; with `add` its other files become components.

        `kind` and `where` are those of the added: else their names tell, and the place of the package.
        """
        from relui.domain.dossier.components import take_checksums
        from relui.domain.text import clean
        from relui.loading.source_files import load_sums

        self._refuse_closed(release_id)
        found, source = load_sums(path), clean(path.name)
        done = self._journal.change(
            release_id,
            lambda release, _by, now: take_checksums(
                release, found.files, source, now, add=add, kind=kind, where=where
            ),
        )
        return _telling(done, found.told)

    def _checked_run(self, release: Release, run: Run) -> None:
        """Raises what adding it would raise, before its report is kept."""
        from relui.domain.dossier.editing import add_parts
        from relui.domain.text import quoted
        from relui.errors import BadInput

        ruling = add_parts(
            release, "test", (run,), "the report", self._journal.clock.now(), self._journal.actor.name
        )
        if ruling.left or ruling.already:
            raise BadInput(f"The test run {quoted(run.id)} is there already. Give this one another name.")

    def _reports(self, evidence: str, files: Sequence[Path], name: str) -> tuple[str, tuple[str, ...]]:
        """The evidence of a run, and what people are told; several reports are kept as one ZIP file."""
        from relui.loading.junit import SIZE_LIMIT
        from relui.loading.source_files import read_up_to, zipped

        if evidence:
            return self._evidence.reference(evidence), ()
        one = len(files) == 1
        content = read_up_to(files[0], SIZE_LIMIT) if one else zipped(files, SIZE_LIMIT)
        if len(content) > EVIDENCE_LIMIT:
            have, it = ("The report has", "it") if one else ("The reports have", "them")
            limit = f"{EVIDENCE_LIMIT // 1024 // 1024} MB"
            return "", (
                f"{have} more than {limit} of which nothing is kept. Say where to find {it} (evidence).",
            )
        return self._evidence.keep(content, files[0].name if one else name), ()

    def _refuse_closed(self, release_id: str) -> str:
        """Its identifier. Raises Refused for a closed release, before a file is read or kept."""
        from relui.domain.ruling import refuse_closed

        release = self._journal.open(release_id).release
        refuse_closed(release)
        return release.id

    def _add(
        self,
        release_id: str,
        kind: str,
        parts: Sequence[Part],
        source: str,
        told: tuple[str, ...] = (),
        organisation: Organisation | None = None,
    ) -> Done:
        from relui.domain.dossier.editing import add_parts

        now, by = self._journal.clock.now(), self._journal.actor.name
        done = self._journal.change(
            release_id,
            lambda release, _by, _now: add_parts(release, kind, parts, source, now, by, organisation),
        )
        return _telling(done, told)


def _telling(done: Done, told: tuple[str, ...]) -> Done:
    if not told:
        return done
    return replace(done, ruling=replace(done.ruling, told=(*told, *done.ruling.told)))


def _told_of(found: Harvest) -> tuple[str, ...]:
    """What became of commits that are no change of their own."""
    from collections import Counter

    told = []
    if found.skipped:
        counted = Counter(why for _, why in found.skipped).most_common()
        more = f", other ({sum(count for _, count in counted[8:])})" if len(counted) > 8 else ""
        reasons = ", ".join(f"{why} ({count})" for why, count in counted[:8])
        were = "commit was" if len(found.skipped) == 1 else "commits were"
        told.append(f"{len(found.skipped)} {were} skipped: {reasons}{more}.")
    shared = [
        (name, count) for name, count in Counter(name for _, name in found.members).items() if count > 1
    ]
    if shared:
        some = ", ".join(f"{name} ({count})" for name, count in shared[:5])
        more = f" and {len(shared) - 5} more" if len(shared) > 5 else ""
        told.append(f"Made of several commits: {some}{more}.")
    if found.plain:
        are = "is no conventional commit" if found.plain == 1 else "are no conventional commits"
        told.append(f"{found.plain} {are}: see to what {'it is' if found.plain == 1 else 'they are'}.")
    return tuple(told)
