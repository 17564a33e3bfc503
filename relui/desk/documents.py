"""Acts on messages and documents: each is made from the latest record when it is asked for [S1.11, S1.23]."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from relui.desk.core import Done
from relui.desk.decisions import DecisionActs
from relui.desk.evidence import EvidenceReading
from relui.desk.proofs import ProofActs
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput, ReluiError

if TYPE_CHECKING:
    from relui.documents.facts import Paper
    from relui.documents.messages import Message
    from relui.domain.dossier.notices import Notice
    from relui.domain.release import Release

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


class DocumentActs(ProofActs, DecisionActs, EvidenceReading):
    """Making a document changes nothing; recording a message as sent does."""

    def message(self, short: str, name: str) -> Message:
        """A message of a release by its template. Raises BadInput for an unknown one or a broken template."""
        release = self.open(short).release
        return self._message(release, name)

    def _message(self, release: Release, name: str) -> Message:
        from relui.documents.messages import checked_message, checked_template, message

        source = self.message_templates.read(checked_message(name))
        template = checked_template(source.text, source.shown)
        return message(release, name, self._paper(), template)

    def notices(self, short: str) -> tuple[Notice, ...]:
        """Every message that a release owes or will owe: to whom, until when, and whether it was sent."""
        from relui.domain.dossier.notices import notices

        return notices(self.open(short).release, self.organisation().holidays)

    def record_sent(
        self, short: str, name: str, to: str, *, text: str | None = None, when: datetime | None = None
    ) -> Done:
        """Record that a message was sent: to whom, and its text, as it is generated now unless given.

        An empty text is one that is not known: what was sent by other means is recorded all the same.
        """
        from relui.domain.dossier.sending import record_sent

        return self.change(
            short,
            lambda release: record_sent(
                release,
                name,
                self.actor.name,
                self.clock.now(),
                to=to,
                text=self._message(release, name).whole if text is None else text,
                when=when,
            ),
        )

    def withdraw_sent(self, short: str, name: str, reason: str) -> Done:
        """Withdraw the last record of a message as sent, by a new entry with the reason."""
        from relui.domain.dossier.sending import withdraw_sent

        return self.change(
            short,
            lambda release: withdraw_sent(release, name, self.actor.name, self.clock.now(), reason),
        )

    def message_checks(self) -> tuple[tuple[MessageCheck, ...], tuple[str, ...]]:
        """Every message with its template checked, and what is wrong with files that are none."""
        from relui.documents.messages import checked_template
        from relui.domain.dossier.notices import MESSAGE_WORDS

        library = self.message_templates
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

    def document(self, short: str, name: str, *, view: str = "") -> str:
        """A document of a release as Markdown; `view` (technical, users) is of the release notes.

        Raises BadInput for an unknown document or view.
        """
        if name not in DOCUMENTS:
            raise BadInput(f"There is no document {quoted(name)}.{did_you_mean(name, DOCUMENTS)}")
        release = self.open(short).release
        if name == "record":
            return self._record(release)
        if name == "shift":
            from relui.documents.runbook import shift_markdown

            return shift_markdown(release, self.shift_page(short), self._paper())
        return _written(name, release, self._paper(), view)

    def _record(self, release: Release) -> str:
        from relui.documents.whole_record import Evidence, record_markdown
        from relui.domain.dossier.criteria import GATES
        from relui.domain.dossier.gates import gate

        proven = self.proven(release.id)
        latest = proven.record.release
        context = self.context(latest)
        evidence = Evidence(
            entries=proven.record.entries,
            verdict=proven.verdict,
            gates=tuple(gate(latest, name, context) for name in GATES) if latest.criteria else (),
            lost=context.lost,
            archived=proven.record.archived,
            files=tuple((found.kept, found.there) for found in self.evidence_files(proven.record.state)),
        )
        return record_markdown(latest, evidence, self._paper())

    def changes_csv(self, short: str) -> str:
        """The changes of a release as CSV, safe for spreadsheets."""
        from relui.documents.csv_tables import changes_csv

        return changes_csv(self.open(short).release)

    def write_text(self, path: Path, text: str) -> Path:
        """Write a document to a new file. Raises Refused when the file is there, StoreError."""
        from relui.store.atomic import disk_errors, write_atomic
        from relui.store.folders import refuse_taken

        refuse_taken(path)
        with disk_errors(path.parent, "make the folder"):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, text.encode())
        return path

    def write_handoff(self, short: str, folder: Path) -> list[Path]:
        """Write the hand-off bundle as a new folder and a zip beside it [S1.26]. Returns what was written.

        Raises Refused when one of them is there already; then, and on any error, nothing is written.
        """
        from relui.documents.handoff import bundle, zipped
        from relui.store.folders import write_folder

        release = self.open(short).release
        folder = folder.absolute()
        if not folder.name:
            raise BadInput("Name a new folder for the bundle.")
        files = {name: text.encode() for name, text in bundle(release, self._paper()).items()}
        archive = folder.with_name(f"{folder.name}.zip")
        write_folder(folder, files, archive, zipped(folder.name, files))
        return [*(folder / name for name in files), archive]

    def _paper(self) -> Paper:
        from relui.documents.facts import Paper

        return Paper(organisation=self.organisation(), now=self.clock.now(), zone=self.display_zone())


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
