"""What a killed writer left, what is damaged, and proofs that records are what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from relui.domain.identifiers import parts
from relui.domain.log import IntegrityCheck, Seal, verify
from relui.domain.release import Release
from relui.errors import ReluiError
from relui.store.atomic import disk_errors, is_there, words_of
from relui.store.evidence import evidence_name, evidence_trouble, is_kept, references
from relui.store.records import Record
from relui.store.seam import Oddity, Progress
from relui.store.storage import DamagedFileError

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


class Finding(Struct, frozen=True):
    """One result of a check-up: `level` is ok, warning or error; `fix` says what to do, or what was done."""

    level: str
    text: str
    fix: str = ""


_COMPARE = (
    "It was changed outside relui. `relui log` shows what is recorded; compare it with an export or a backup."
)
_WAYS_OUT = {
    "altered": _COMPARE,
    "twice": "Compare the two files, and take one away.",
    "open": "`relui doctor --repair` moves it back to the active releases.",
    "catalogue": "`relui doctor --repair` builds the catalogue anew from the files.",
}


class HealthActs:
    """`relui doctor`, `relui verify`, and the clean-up at start."""

    def __init__(
        self, journal: Journal, organisation: OrganisationActs, calendar: CalendarActs, learning: LearningActs
    ) -> None:
        self._journal = journal
        self._organisation = organisation
        self._calendar = calendar
        self._learning = learning

    def sweep(self) -> list[Path]:
        """Remove the temp files of killed writers. Returns what was removed; raises nothing."""
        return self._journal.files.sweep()

    def examine(self, *, repair: bool = False, progress: Progress | None = None) -> list[Finding]:
        """Look at every file of the data folder. With `repair`, sweep, set damaged files aside, finish moves.

        Never raises for what it finds: findings are its answer. Raises StoreError when the data folder
        itself cannot be entered.
        """
        found: list[Finding] = []
        with disk_errors(self._journal.data, "enter"):
            there = is_there(self._journal.data)
        if not there:
            return [
                Finding("ok", f"{self._journal.data} does not exist yet: it is made with the first release.")
            ]
        self._examine_modes(found)
        self._examine_leftovers(found, repair)
        known: dict[str, str] = {}
        proved: list[str] = []
        self._examine_places(found, repair)
        self._examine_active(found, repair, known, proved)
        self._examine_archive(found, repair, progress, known, proved)
        self._examine_actions(found, repair)
        if self._examine_organisation(found, repair):
            self._examine_counters(found, repair, proved)
            self._examine_calendar(found)
        return found

    def _examine_modes(self, found: list[Finding]) -> None:
        for folder in (self._journal.data, self._journal.data / "releases", self._journal.data / "archive"):
            try:
                open_to_all = folder.is_dir() and folder.stat().st_mode & 0o077
            except OSError:  # told by who reads it
                continue
            if open_to_all:
                fix = f"chmod 700 {folder}"
                found.append(Finding("warning", f"{folder} can be read by other accounts.", fix))

    def _examine_leftovers(self, found: list[Finding], repair: bool) -> None:
        if repair:
            found += [Finding("ok", f"Removed the left-over {path}") for path in self.sweep()]
        fix = "`relui doctor --repair`, or opening relui, removes it when its writer is gone."
        found += [
            Finding("warning", f"{path} was left by a writer, or is being written.", fix)
            for path in self._journal.files.leftovers()
        ]

    def _examine_active(
        self, found: list[Finding], repair: bool, known: dict[str, str], proved: list[str]
    ) -> None:
        try:
            names = self._journal.files.active_ids()
        except ReluiError as error:
            found.append(Finding("error", error.message))
            return
        for release_id in names:
            try:
                proven = self.proven(release_id, known=known)
                closed = proven.record.release.closed
            except ReluiError as error:
                self._unreadable(found, error, repair, partial(self._journal.files.set_aside, release_id))
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
        verdict, kinds = proven.verdict, {oddity.kind for oddity in proven.against}
        more = (
            f" ({len(verdict.problems) - 1} more: `relui verify {verdict.id}`)"
            if verdict.problems[1:]
            else ""
        )
        text = f"{verdict.id} does not verify: {verdict.problems[0]}{more}."
        mended: list[str] = []
        if repair and len(verdict.problems) == len(proven.against):  # the record itself is intact
            try:
                if kinds == {"open"}:
                    mended.append(f"moved back to {self._journal.files.bring_back(verdict.id)}")
                elif kinds == {"catalogue"}:
                    self._journal.files.renew_catalogue()
                    mended.append("the catalogue was built anew from the files")
            except ReluiError as error:
                return Finding("error", text, error.message)
        if mended:
            return Finding("error", text, ", ".join(mended))
        return Finding("error", text, _WAYS_OUT[min(kinds, default="altered")])

    def _unmoved(self, found: list[Finding], release_id: str, repair: bool) -> None:
        fix = "`relui doctor --repair`, or opening relui, moves it."
        level = "warning"
        if repair:
            try:
                fix = f"moved to {self._journal.files.archive(release_id)}"
            except ReluiError as error:
                level, fix = "error", error.message
        found.append(Finding(level, f"{release_id} is closed but not in the archive yet.", fix))

    def _unreadable(
        self, found: list[Finding], error: ReluiError, repair: bool, set_aside: Callable[[], Path]
    ) -> None:
        """A damaged file is set aside; one that the disk does not give us now may be whole, and stays."""
        fix = ""
        if isinstance(error, DamagedFileError):
            fix = "`relui doctor --repair` sets it aside; then put back a backup or an export."
            if repair:
                try:
                    fix = f"set aside as {set_aside()}"
                except ReluiError as trouble:
                    fix = trouble.message
        found.append(Finding("error", error.message, fix))

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
            rows = self._journal.files.archived(progress)
        except ReluiError as error:
            found.append(Finding("error", error.message))
            return
        unreadable = dict(self._journal.files.unreadable())
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
        for path, trouble in unreadable.items():
            self._unreadable(found, trouble, repair, partial(self._journal.files.set_aside_file, path))

    def _examine_places(self, found: list[Finding], repair: bool) -> None:
        """Folders, pipes and the like where files belong, beside the records."""
        places = [self._journal.data / "archive" / "catalogue.json"]
        try:
            for folder in ("drafts", "evidence", "locks", "backups"):
                if (self._journal.data / folder).is_dir():
                    places += (self._journal.data / folder).iterdir()
            odd = [path for path in places if path.exists() and not path.is_file()]
        except OSError as error:
            found.append(
                Finding("error", f"{self._journal.data} cannot be looked through: {words_of(error)}.")
            )
            return
        for path in odd:
            trouble = DamagedFileError(f"{path} is in the way: it is no file.")
            self._unreadable(found, trouble, repair, partial(self._journal.files.set_aside_file, path))

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
        for release_id in self._journal.files.active_ids():
            try:
                release = self._journal.files.load(release_id).release
            except ReluiError:  # told already
                continue
            if not release.closed:
                yield release

    def _examine_organisation(self, found: list[Finding], repair: bool) -> bool:
        """Returns whether it can be read."""
        file = self._organisation.file
        try:
            file.load()
            state, log = file.state(), file.log()
        except ReluiError as error:
            self._unreadable(found, error, repair, file.set_aside)
            return False
        verdict = verify("organisation", state, log)
        if (log or state) and not verdict.intact:
            found.append(_altered(verdict))
        return True

    def _examine_actions(self, found: list[Finding], repair: bool) -> None:
        from relui.store.learned import LearnedFile

        file = LearnedFile(self._journal.data, read_only=self._journal.read_only)
        try:
            file.load()
            state, log = file.state(), file.log()
        except ReluiError as error:
            self._unreadable(found, error, repair, file.set_aside)
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
            counters = self._organisation.file.counters()
            for month, number in sorted(highest.items()):
                if month and counters.get(month, 0) < number:
                    words = (
                        f"The counter of {month} stands at {counters.get(month, 0)}, but {number} is in use"
                    )
                    fix = (
                        "`relui doctor --repair` sets it; look why organisation.json was changed or removed."
                    )
                    if repair:
                        self._organisation.file.reach(month, number)
                        fix = f"set to {number}"
                    found.append(Finding("warning", f"{words}.", fix))
        except ReluiError as error:
            found.append(Finding("error", error.message))

    def verify(self, short: str, seal: str | None = None, *, seals: Sequence[Seal] = ()) -> IntegrityCheck:
        """Check a release's log against itself, its state, its evidence and its place. Raises StoreError."""
        return self.proven(self._journal.resolve(short), seal, seals=seals).verdict

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
        record = self._journal.files.load(release_id)
        found = verify(release_id, record.state, record.log, seal, seals=seals)
        memory = {} if known is None else known
        named = list(references(record.state))
        absent = self._not_delivered(record, named)
        told = [evidence_trouble(self._journal.data, each, memory) for each in named if each not in absent]
        proven = Proven(record, found, tuple(self._journal.files.oddities(record)))
        against = (one.words for one in proven.against)
        problems = (*found.problems, *dict.fromkeys(filter(None, told)), *against)
        return structs.replace(
            proven, verdict=structs.replace(found, problems=problems, not_delivered=tuple(absent.values()))
        )

    def _not_delivered(self, record: Record, named: Sequence[str]) -> dict[str, str]:
        """References to evidence that an import did not bring and that is not here since, with its name."""
        from relui.desk.evidence import IMPORT, not_delivered

        if not any(isinstance(entry, dict) and entry.get("act") == IMPORT for entry in record.log):
            return {}
        noted = not_delivered(record.entries)
        found = {each: evidence_name(each) for each in named}
        return {
            each: name
            for each, (digest, name) in found.items()
            if digest in noted and not is_kept(self._journal.data, digest)
        }


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
        Finding("warning", f"{proven.verdict.id}: {oddity.words}.", "relui keeps it and never reads it.")
        for oddity in proven.oddities
        if oddity.kind == "tables"
    ]


def _altered(verdict: IntegrityCheck) -> Finding:
    return Finding("error", f"{verdict.id} does not verify: {verdict.problems[0]}.", _COMPARE)
