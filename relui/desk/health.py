"""What a killed writer left, what is damaged, and proofs that records are what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from relui.domain.checklist import Kept, kept_files
from relui.domain.identifiers import parts
from relui.domain.log import IntegrityCheck, Seal, verify
from relui.domain.release import Release
from relui.errors import ReluiError
from relui.store.records import Record
from relui.store.seam import Finding, Oddity, Progress, finding_of

if TYPE_CHECKING:
    from relui.desk.calendar import CalendarActs
    from relui.desk.journal import Journal
    from relui.desk.learning import LearningActs
    from relui.desk.organisation import OrganisationActs


class Proven(Struct, frozen=True):
    """A record, the verdict on it, and what is odd about where it is kept."""

    record: Record
    verdict: IntegrityCheck
    oddities: tuple[Oddity, ...] = ()

    @property
    def against(self) -> tuple[Oddity, ...]:
        """The oddities that a verdict counts; tables of other programs are none of relui's business."""
        return tuple(oddity for oddity in self.oddities if oddity.kind != "tables")

    @property
    def kept_twice(self) -> bool:
        """There is another file of it."""
        return any(oddity.kind == "twice" for oddity in self.oddities)


_COMPARE = (
    "It was changed outside relui. `relui log` shows what is recorded; compare it with an export or a backup."
)


class HealthActs:
    """`relui doctor`, `relui verify`, and the clean-up at start."""

    def __init__(
        self, journal: Journal, organisation: OrganisationActs, calendar: CalendarActs, learning: LearningActs
    ) -> None:
        self._journal, self._store = journal, journal.store
        self._organisation = organisation
        self._calendar = calendar
        self._learning = learning

    def sweep(self) -> list[str]:
        """Remove what killed writers left. Returns it in words; raises nothing."""
        return self._store.upkeep.sweep()

    def examine(self, *, repair: bool = False, progress: Progress | None = None) -> list[Finding]:
        """Look at every file of the data folder. With `repair`, sweep, set damaged files aside, finish moves.

        Never raises for what it finds: findings are its answer. Raises StoreError when the data folder
        itself cannot be entered.
        """
        store = self._journal.store
        if not store.upkeep.begun():
            return [Finding("ok", f"{store.where} does not exist yet: it is made with the first release.")]
        found = store.upkeep.examine(repair=repair)
        known: dict[str, str] = {}
        proved: list[str] = []
        self._examine_active(found, repair, known, proved)
        self._examine_archive(found, repair, progress, known, proved)
        self._examine_actions(found, repair)
        if self._examine_organisation(found, repair):
            self._examine_counters(found, repair, proved)
            self._examine_calendar(found)
        return found

    def _examine_active(
        self, found: list[Finding], repair: bool, known: dict[str, str], proved: list[str]
    ) -> None:
        try:
            names = self._store.releases.active_ids()
        except ReluiError as error:
            found.append(Finding("error", error.message))
            return
        for release_id in names:
            try:
                proven = self.proven(release_id, known=known)
                closed = proven.record.release.closed
            except ReluiError as error:
                found.append(
                    finding_of(error, partial(self._store.releases.set_aside, release_id) if repair else None)
                )
                continue
            proved.append(release_id)
            found += _foreign_tables(proven)
            if not proven.verdict.intact:
                found.append(self._finding(proven, repair))
            elif proven.record.read_only:
                found.append(Finding("warning", proven.record.read_only, "Update relui."))
            elif closed:
                self._unmoved(found, release_id, repair)
            else:
                found.append(Finding("ok", f"{release_id} is readable and its log is intact."))

    def _finding(self, proven: Proven, repair: bool) -> Finding:
        """What is wrong with a record that can be read; a repair does what needs no judgement."""
        verdict = proven.verdict
        ways_out = {oddity.kind: oddity.way_out for oddity in proven.against}
        more = (
            f" ({len(verdict.problems) - 1} more: `relui verify {verdict.id}`)"
            if verdict.problems[1:]
            else ""
        )
        text = f"{verdict.id} does not verify: {verdict.problems[0]}{more}."
        mended: list[str] = []
        if repair and len(verdict.problems) == len(proven.against):  # the record itself is intact
            try:
                if ways_out.keys() == {"open"}:
                    mended.append(f"moved back to {self._store.releases.bring_back(verdict.id)}")
                elif ways_out.keys() == {"catalogue"}:
                    mended.append(self._store.catalogue.renew())
            except ReluiError as error:
                return Finding("error", text, error.message)
        if mended:
            return Finding("error", text, ", ".join(mended))
        return Finding("error", text, ways_out[min(ways_out)] if ways_out else _COMPARE)

    def _unmoved(self, found: list[Finding], release_id: str, repair: bool) -> None:
        fix = "`relui doctor --repair`, or opening relui, moves it."
        level = "warning"
        if repair:
            try:
                fix = f"moved to {self._store.releases.archive(release_id)}"
            except ReluiError as error:
                level, fix = "error", error.message
        found.append(Finding(level, f"{release_id} is closed but not in the archive yet.", fix))

    def _examine_archive(
        self,
        found: list[Finding],
        repair: bool,
        progress: Progress | None,
        known: dict[str, str],
        proved: list[str],
    ) -> None:
        """Every archived record is replayed, and compared with its row in the catalogue."""
        try:
            rows = self._store.catalogue.summaries(progress)
        except ReluiError as error:
            found.append(Finding("error", error.message))
            return
        unreadable = dict(self._store.catalogue.unreadable())
        for number, release_id in enumerate(sorted(row.id for row in rows), start=1):
            try:
                proven = self.proven(release_id, known=known)
            except ReluiError as error:  # altered since it was listed
                found.append(Finding("error", error.message))
                continue
            proved.append(release_id)
            found += _foreign_tables(proven)
            if not proven.verdict.intact and not (proven.kept_twice and not proven.record.archived):
                found.append(self._finding(proven, repair))
            if progress is not None and (number % 50 == 0 or number == len(rows)):
                progress(number, len(rows))
        found.append(Finding("ok", f"{len(rows)} archived releases in the catalogue."))
        for place, trouble in unreadable.items():
            found.append(
                finding_of(trouble, partial(self._store.catalogue.set_aside, place) if repair else None)
            )

    def _examine_calendar(self, found: list[Finding]) -> None:
        """What is odd in the calendar for two years, and which slots no longer stand."""
        levels = {"error": "error", "warning": "warning", "note": "ok"}
        try:
            found += [
                Finding(levels[one.severity], one.words, one.way_out) for one in self._organisation.lint()
            ]
            releases = tuple(self._readable())
            conflicts = self._calendar.conflicts(releases, releases)
        except ReluiError as error:
            found.append(Finding("error", error.message))
            return
        for release in releases:
            for conflict in conflicts.get(release.id, ()):
                words = f"The slot of {release.id} conflicts: {conflict.words}"
                found.append(Finding("warning", words, conflict.way_out))
            if release.booking is not None and release.booking.held == "to-be-moved":
                found.append(_to_be_moved(release, releases))

    def _readable(self) -> Iterator[Release]:
        """The active releases that can be read, without finishing a move into the archive."""
        for release_id in self._store.releases.active_ids():
            try:
                release = self._store.releases.load(release_id).release
            except ReluiError:  # told already
                continue
            if not release.closed:
                yield release

    def _examine_organisation(self, found: list[Finding], repair: bool) -> bool:
        """Returns whether it can be read."""
        file = self._store.organisation
        try:
            file.load()
            state, log = file.state(), file.log()
        except ReluiError as error:
            found.append(finding_of(error, file.set_aside if repair else None))
            return False
        verdict = verify("organisation", state, log)
        if (log or state) and not verdict.intact:
            found.append(_altered(verdict))
        return True

    def _examine_actions(self, found: list[Finding], repair: bool) -> None:
        file = self._store.learned
        try:
            file.load()
            state, log = file.state(), file.log()
        except ReluiError as error:
            found.append(finding_of(error, file.set_aside if repair else None))
            return
        verdict = verify("actions", state, log)
        if (log or state) and not verdict.intact:
            found.append(_altered(verdict))

    def _examine_counters(self, found: list[Finding], repair: bool, proved: Sequence[str]) -> None:
        """Identifiers are never reused, so no counter is below the highest number in use."""
        highest: dict[str, int] = {}
        for release_id in proved:
            month, number = parts(release_id) or ("", 0)
            highest[month] = max(highest.get(month, 0), number)
        try:
            counters = self._store.organisation.counters()
            for month, number in sorted(highest.items()):
                if month and counters.get(month, 0) < number:
                    words = (
                        f"The counter of {month} stands at {counters.get(month, 0)}, but {number} is in use"
                    )
                    where = self._store.organisation.where
                    fix = f"`relui doctor --repair` sets it; look why {where} was changed or removed."
                    if repair:
                        self._store.organisation.reach(month, number)
                        fix = f"set to {number}"
                    found.append(Finding("warning", f"{words}.", fix))
        except ReluiError as error:
            found.append(Finding("error", error.message))

    def verify(
        self, release_id: str, seal: str | None = None, *, seals: Sequence[Seal] = ()
    ) -> IntegrityCheck:
        """Check a release's log against itself, its state, its evidence and its place. Raises StoreError."""
        return self.proven(self._journal.resolve(release_id), seal, seals=seals).verdict

    def proven(
        self,
        release_id: str,
        seal: str | None = None,
        *,
        seals: Sequence[Seal] = (),
        known: dict[str, str] | None = None,
    ) -> Proven:
        """The record of `release_id` and everything that is wrong with it. Raises StoreError.

        `known` remembers between calls which evidence was looked at.
        """
        record = self._store.releases.load(release_id)
        found = verify(release_id, record.state, record.log, seal, seals=seals)
        memory = {} if known is None else known
        named = kept_files(record.state)
        absent = self._not_delivered(record, named)
        told = [self._evidence_trouble(kept, memory) for kept in named if kept not in absent]
        proven = Proven(record, found, tuple(self._store.releases.oddities(record)))
        against = (one.words for one in proven.against)
        problems = (*found.problems, *dict.fromkeys(filter(None, told)), *against)
        return structs.replace(
            proven,
            verdict=structs.replace(found, problems=problems, not_delivered=tuple(map(_name_of, absent))),
        )

    def _evidence_trouble(self, kept: Kept, known: dict[str, str]) -> str:
        """What is wrong with a file of evidence, in words; `known` remembers it. Raises StoreError."""
        if kept.digest not in known:
            known[kept.digest] = self._store.evidence.trouble(kept.digest)
        return known[kept.digest] and f"its evidence {_name_of(kept)} {known[kept.digest]}"

    def _not_delivered(self, record: Record, named: Sequence[Kept]) -> tuple[Kept, ...]:
        """The evidence that an import did not bring and that is not here since."""
        from relui.desk.evidence import IMPORT, not_delivered

        if not any(isinstance(entry, dict) and entry.get("act") == IMPORT for entry in record.log):
            return ()
        noted, here = not_delivered(record.entries), self._store.evidence
        return tuple(kept for kept in named if kept.digest in noted and not here.holds(kept.digest))


def _name_of(kept: Kept) -> str:
    """What a file was called; one without a name by the start of its digest."""
    return kept.name or kept.digest[:12]


def _to_be_moved(release: Release, releases: Sequence[Release]) -> Finding:
    """A release that lost its slot; a kill between losing and booking leaves nobody in it."""
    booking = release.booking
    assert booking is not None
    winner = next((other for other in releases if other.id == booking.displaced_by), None)
    taken = winner is not None and any(release.id in held.displaced for held in winner.bookings)
    words = f"{release.id} lost its slot to {booking.displaced_by}"
    if not taken:
        words += ", which never took it"
    return Finding("warning", f"{words}.", f"Book it again: relui book {release.id} --at INSTANT.")


def _foreign_tables(proven: Proven) -> list[Finding]:
    """What other programs wrote into the file: it is kept, and proves nothing."""
    return [
        Finding("warning", f"{proven.verdict.id}: {oddity.words}.", oddity.way_out)
        for oddity in proven.oddities
        if oddity.kind == "tables"
    ]


def _altered(verdict: IntegrityCheck) -> Finding:
    return Finding("error", f"{verdict.id} does not verify: {verdict.problems[0]}.", _COMPARE)
