"""What goes out of the record: messages, by the team's templates [S1.23]; documents in files [S1.26]."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from textual.content import Content

from relui.desk.documents import DOCUMENTS
from relui.documents.messages import Message
from relui.domain.dossier.notices import MESSAGE_WORDS
from relui.domain.dossier.sending import record_sent
from relui.domain.instants import parse_instant
from relui.errors import ReluiError
from relui.ui.kit.judged_form import Field
from relui.ui.kit.question import Choose, ask_line
from relui.ui.kit.reading import Notice
from relui.ui.kit.rows import Row
from relui.ui.kit.text import line, paragraphs
from relui.ui.one_release.copying import copy_from_release
from relui.ui.record.open_record import OpenRecord, Rule
from relui.ui.terminal.clipboard import copy


class Messages:
    """What is generated is remembered until `forget`: the release is judged anew."""

    def __init__(self, record: OpenRecord) -> None:
        self._record = record
        self._generated: dict[str, Message | ReluiError] = {}

    def forget(self) -> None:
        """The release may read otherwise now."""
        self._generated.clear()

    def _message(self, name: str) -> Message:
        """A message as it reads now. Raises BadInput for a broken template, by file and line."""
        if name not in self._generated:
            try:
                self._generated[name] = self._record.desk.documents.message(self._record.release_id, name)
            except ReluiError as error:
                self._generated[name] = error
        made = self._generated[name]
        if isinstance(made, ReluiError):
            raise made
        return made

    def preview_lines(self, row: Row) -> list[Content]:
        """The message of a row as it reads now, for the panel; of one that was sent its own text is told."""
        if row.kind != "message" or row.state == "met":
            return []
        try:
            made = self._message(row.id)
        except ReluiError as error:
            return [line(""), line((error.message, "failed"))]
        return [line(""), line((made.subject, "accent")), line(""), *paragraphs(made.text)]

    def show(self, name: str) -> None:
        """The whole message in a dialog."""
        self._record.app.push_screen(Notice(MESSAGE_WORDS[name], self._message(name).whole))
        self._record.say("Space records it as sent, y copies it.", "muted")

    async def send(self, name: str = "") -> None:
        """Record a message as sent, to whom and with which text; without a name, ask which."""
        record = self._record
        if not name:
            choices = [(words, each) for each, words in MESSAGE_WORDS.items()]
            chosen = await record.app.push_screen_wait(Choose("Record as sent", choices))
            if chosen is None:
                return
            name = choices[chosen][1]
        by, zone, to, text, words = record.desk.actor.name, record.release.zone, "", "", ""
        try:
            made = self._message(name)
            to, text = made.audience, made.whole
        except ReluiError as error:  # what was sent by other means can be recorded all the same
            words = error.message
        fields = [
            Field("to", "To", to, "To whom it went."),
            Field("when", "When", "", "Empty: now. 2026-11-21T20:00, in the release's zone."),
            Field("text", "Text", text, "As it was sent.", several=True),
        ]

        def read(values: Mapping[str, str]) -> dict[str, Any]:
            when = parse_instant(values["when"], zone).at if values["when"].strip() else None
            return {"to": values["to"], "text": values["text"], "when": when}

        def rule(values: dict[str, str]) -> Rule:
            return lambda release: record_sent(release, name, by, record.now, **read(values))

        await record.ask_form(
            f"Sent: {MESSAGE_WORDS[name]}",
            fields,
            rule,
            lambda values: record.desk.documents.record_sent(record.release_id, name, **read(values)),
            words=words,
        )

    def copy_here(self) -> Awaitable[None] | None:
        """Copy the message under the cursor; elsewhere the menu of what can be copied."""
        record, row = self._record, self._record.row
        if row is None or row.kind != "message":
            return copy_from_release(record, record.release_id)
        copied = copy(record.app, self._message(row.id).whole)
        record.say(f"{row.name} {copied}. Space records it as sent.", "muted")
        return None


_BUNDLE = "handoff"


class Documents:
    """Written where relui was started, or where somebody says; nothing is overwritten."""

    def __init__(self, record: OpenRecord) -> None:
        self._record = record

    def write_bundle(self) -> None:
        """Write the hand-off as a new folder, and a zip beside it, where relui was started.

        Raises StoreError when nothing can be written there.
        """
        folder = _free(Path.cwd() / f"{self._record.release_id}-{_BUNDLE}")
        self._record.say(self._bundle_written(folder), "done")

    async def write(self) -> None:
        """Write a document, choosing which and where."""
        record = self._record
        choices = list(DOCUMENTS.items())
        chosen = await record.app.push_screen_wait(Choose("Write a document", choices))
        if chosen is None:
            return
        name, words = choices[chosen]
        bundle = name == _BUNDLE
        hint = "A new folder; a zip of it is written beside it." if bundle else "A new file, in Markdown."
        value = f"{record.release_id}-{name}" + ("" if bundle else ".md")

        def write(path: str) -> str:
            target = Path(path.strip()).expanduser()
            if bundle:
                return self._bundle_written(target)
            written = record.desk.documents.write_text(
                target, record.desk.documents.document(record.release_id, name)
            )
            return f"Written: {written.absolute()}."

        said = await ask_line(record, f"Write {words} to", hint, write, value=value, required=True)
        if said is not None:
            record.say(said, "done")

    def _bundle_written(self, folder: Path) -> str:
        files = self._record.desk.documents.write_handoff(self._record.release_id, folder)
        return f"Written: {folder.absolute()} ({len(files) - 1} documents), and {files[-1].name}."


def _free(wanted: Path) -> Path:
    """A name that neither folder nor zip has yet: an earlier bundle stays as it was handed over."""
    names = (wanted if n == 1 else wanted.with_name(f"{wanted.name}-{n}") for n in count(1))
    return next(each for each in names if not (os.path.lexists(each) or os.path.lexists(f"{each}.zip")))
