"""Acts on messages and documents: each is made from the latest record when it is asked for [S1.11, S1.23]."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from relui.desk.act import Done
from relui.desk.context import context_of
from relui.domain.release import Release
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput, ReluiError

if TYPE_CHECKING:
    from relui.desk.calendar import CalendarActs
    from relui.desk.evidence import EvidenceActs
    from relui.desk.health import HealthActs
    from relui.desk.journal import Journal
    from relui.desk.organisation import OrganisationActs
    from relui.documents.facts import Paper
    from relui.documents.messages import Message
    from relui.domain.dossier.notices import Notice
    from relui.domain.dossier.shift import ShiftPage
    from relui.domain.organisation import Holidays
    from relui.domain.release import Release
    from relui.loading.message_templates import MessageLibrary


DOCUMENTS: Mapping[str, str] = {
    "definition": "the release definition",
    "notes": "the release notes",
    "test-summary": "the test summary",
    "runbook": "the deployment's steps",
    "briefing": "the points of the briefing",
    "handoff": "the whole hand-off bundle",
    "shift": "the page that a shift hands over",
    "record": "the whole record, for an auditor",
}
"""Every document that a release gives, with what it is."""


class MessageCheck(Struct, frozen=True):
    """A message's template: which file, the bundled one or the team's own, and what is wrong with it."""

    name: str
    title: str
    source: str
    path: str
    problem: str = ""


class DocumentActs:
    """Making a document changes nothing; recording a message as sent does."""

    def __init__(
        self,
        journal: Journal,
        organisation: OrganisationActs,
        calendar: CalendarActs,
        evidence: EvidenceActs,
        health: HealthActs,
        messages: Callable[[], MessageLibrary] | None,
    ) -> None:
        self._journal = journal
        self._organisation = organisation
        self._calendar = calendar
        self._evidence = evidence
        self._health = health
        self._messages = messages

    @property
    def _templates(self) -> MessageLibrary:
        """The templates of messages: the bundled ones unless the desk was given others, too."""
        if self._messages is not None:
            return self._messages()
        from relui.loading.message_templates import MessageLibrary
        from relui.locations import bundled_folder

        return MessageLibrary(bundled_folder() / "templates" / "messages", None)

    def message(self, release_id: str, name: str) -> Message:
        """A message of a release by its template. Raises BadInput for an unknown one or a broken template."""
        release = self._journal.open(release_id).release
        return self._message(release, name)

    def _message(self, release: Release, name: str) -> Message:
        from relui.documents.messages import checked_message, checked_template, message

        source = self._templates.read(checked_message(name))
        template = checked_template(source.text, source.shown)
        return message(release, name, self._paper(), template)

    def notices(self, release_id: str) -> tuple[Notice, ...]:
        """Every message that a release owes or will owe: to whom, until when, and whether it was sent."""
        from relui.domain.dossier.notices import notices

        return notices(self._journal.open(release_id).release, self._organisation.read().holidays)

    def record_sent(
        self, release_id: str, name: str, to: str, *, text: str | None = None, when: datetime | None = None
    ) -> Done:
        """Record that a message was sent: to whom, and its text, as it is generated now unless given.

        An empty text is one that is not known: what was sent by other means is recorded all the same.
        """
        from relui.domain.dossier.sending import record_sent

        return self._journal.change(
            release_id,
            lambda release, by, now: record_sent(
                release,
                name,
                by,
                now,
                to=to,
                text=self._message(release, name).whole if text is None else text,
                when=when,
            ),
        )

    def withdraw_sent(self, release_id: str, name: str, reason: str) -> Done:
        """Withdraw the last record of a message as sent, by a new entry with the reason."""
        from relui.domain.dossier.sending import withdraw_sent

        return self._journal.change(
            release_id, lambda release, by, now: withdraw_sent(release, name, by, now, reason)
        )

    def message_checks(self) -> tuple[tuple[MessageCheck, ...], tuple[str, ...]]:
        """Every message with its template checked, and what is wrong with files that are none."""
        from relui.documents.messages import checked_template
        from relui.domain.dossier.notices import MESSAGE_WORDS

        library = self._templates
        checks: list[MessageCheck] = []
        for name, title in MESSAGE_WORDS.items():
            try:
                path = library.file(name)
            except ReluiError:  # the folder cannot be entered: told once, with the files that are no message
                continue
            check = MessageCheck(name, title, path.source, str(path.path))
            try:
                source = library.read(name)
                checked_template(source.text, source.shown)
            except ReluiError as error:
                check = MessageCheck(name, title, path.source, str(path.path), error.message)
            checks.append(check)
        return tuple(checks), tuple(library.problems())

    def message_problems(self) -> list[str]:
        """What is wrong with the team's own templates of messages."""
        checks, problems = self.message_checks()
        return [*(each.problem for each in checks if each.problem), *problems]

    def document(self, release_id: str, name: str, *, view: str = "") -> str:
        """A document of a release as Markdown; `view` (technical, users) is of the release notes.

        Raises BadInput for an unknown document or view.
        """
        if name not in DOCUMENTS:
            raise BadInput(f"There is no document {quoted(name)}.{did_you_mean(name, DOCUMENTS)}")
        release = self._journal.open(release_id).release
        if name == "record":
            return self._record(release)
        if name == "shift":
            from relui.documents.runbook import shift_markdown

            return shift_markdown(release, self.shift_page(release_id), self._paper())
        return _written(name, release, self._paper(), view)

    def _record(self, release: Release) -> str:
        from relui.documents.whole_record import Evidence, record_markdown
        from relui.domain.dossier.criteria import GATES
        from relui.domain.dossier.gates import gate

        proven = self._health.proven(release.id)
        latest = proven.record.release
        context = context_of(self._calendar, latest)
        evidence = Evidence(
            entries=proven.record.entries,
            verdict=proven.verdict,
            gates=tuple(gate(latest, name, context) for name in GATES) if latest.criteria else (),
            lost=context.lost,
            archived=proven.record.archived,
            files=tuple((found.kept, found.there) for found in self._evidence.files(proven.record.state)),
        )
        return record_markdown(latest, evidence, self._paper())

    def changes_csv(self, release_id: str) -> str:
        """The changes of a release as CSV, safe for spreadsheets."""
        from relui.documents.exports import changes_csv

        return changes_csv(self._journal.open(release_id).release)

    def write_text(self, path: Path, text: str) -> Path:
        """Write a document to a new file. Raises Refused when the file is there, StoreError."""
        from relui.files import disk_errors, refuse_taken, write_atomic

        refuse_taken(path)
        with disk_errors(path.parent, "make the folder"):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, text.encode())
        return path

    def write_handoff(self, release_id: str, folder: Path) -> list[Path]:
        """Write the hand-off bundle as a new folder and a zip beside it [S1.26]. Returns what was written.

        Raises Refused when one of them is there already; then, and on any error, nothing is written.
        """
        from relui.documents.handoff import bundle, zipped
        from relui.files import write_folder

        release = self._journal.open(release_id).release
        folder = folder.absolute()
        if not folder.name:
            raise BadInput("Name a new folder for the bundle.")
        files = {name: text.encode() for name, text in bundle(release, self._paper()).items()}
        archive = folder.with_name(f"{folder.name}.zip")
        write_folder(folder, files, archive, zipped(folder.name, files))
        return [*(folder / name for name in files), archive]

    def _paper(self) -> Paper:
        from relui.documents.facts import Paper

        return Paper(
            organisation=self._organisation.read(),
            now=self._journal.clock.now(),
            zone=self._organisation.display_zone(),
        )

    def shift_page(self, release_id: str) -> ShiftPage:
        """What whoever takes over needs to know, as it stands now [S1.27]."""
        from relui.domain.dossier.shift import shift_page

        release = self._journal.open(release_id).release
        return shift_page(release, context_of(self._calendar, release))

    def late_notices(self, releases: Iterable[Release]) -> Mapping[str, tuple[Notice, ...]]:
        """The messages that should have gone out by now, by release; of those that record messages.

        Raises StoreError when the organisation cannot be read.
        """
        recording = [
            release
            for release in releases
            if (release.criteria or release.dossier.decisions) and not release.closed
        ]
        if not recording:
            return {}
        from relui.domain.dossier.notices import asks_for_notice, overdue_notices, years_that_matter

        now, holidays = self._journal.clock.now(), self._organisation.read().holidays
        own = self._dated(holidays)
        found: dict[str, tuple[Notice, ...]] = {}
        for release in recording:
            counts_days = holidays.country and asks_for_notice(release)
            years = years_that_matter(release, own, now) if counts_days else ()
            if late := overdue_notices(release, self._dated(holidays, years), now):
                found[release.id] = late
        return found

    def _dated(self, holidays: Holidays, years: Iterable[int] = ()) -> Holidays:
        """The same holidays as dates alone, the country's for these years only."""
        from relui.domain.organisation import Holidays

        wanted = tuple(years)
        if not wanted:
            return Holidays(dates=holidays.dates)
        store = self._journal.store.holidays(holidays.country, holidays.subdivision)
        known = dict(store.read())
        missing = [year for year in wanted if year not in known]
        if missing:
            from relui.domain.calendar.holidays import days_off

            try:
                worked_out = {year: days_off(holidays, year) for year in missing}
            except BadInput:  # a country that is not known: `relui doctor` says so
                return self._dated(holidays)
            store.keep(worked_out)
            known |= worked_out
        return Holidays(dates=(*holidays.dates, *(day for year in wanted for day in sorted(known[year]))))


def _written(name: str, release: Release, paper: Paper, view: str) -> str:
    from relui.documents.definition import definition_markdown
    from relui.documents.handoff import briefing_markdown, handoff_markdown
    from relui.documents.release_notes import notes_markdown, view_of
    from relui.documents.runbook import runbook_markdown
    from relui.documents.testing_summary import summary_markdown

    writers: Mapping[str, Callable[[], str]] = {
        "definition": lambda: definition_markdown(release, paper),
        "notes": lambda: notes_markdown(release, paper, view_of(release, view)),
        "test-summary": lambda: summary_markdown(release, paper),
        "runbook": lambda: runbook_markdown(release, paper),
        "briefing": lambda: briefing_markdown(release, paper),
        "handoff": lambda: handoff_markdown(release, paper),
    }
    return writers[name]()
