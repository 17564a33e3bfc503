"""Reading the archive beside a screen, with progress, until Esc: its catalogue, and how its items fared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from textual import work
from textual.worker import get_current_worker

from relui.domain.summary import Summary
from relui.errors import ReluiError
from relui.store.seam import Progress
from relui.ui.kit.screen import DeskScreen

if TYPE_CHECKING:
    from relui.domain.learning.item_record import ItemRecord

READING = "Reading the"
"""How the message begins while something is read."""


class Stopped(Exception):
    """Reading was stopped, or begun anew."""


class ReadsArchive(DeskScreen):
    """What is read is handed to `take_rows` and `take_items`, in the screen's own thread."""

    @work(thread=True, exclusive=True, group="archive")
    def read_archive(self) -> None:
        """Read the catalogue; it is rebuilt, with progress, when it does not fit."""
        try:
            rows = self.desk.store.catalogue.summaries(self.progress_of("archive"))
        except Stopped:
            return
        except ReluiError as error:
            self.hand_over(self.show_error, error)
            return
        self.hand_over(self.take_rows, rows)

    @work(thread=True, exclusive=True, group="archive")
    def read_items(self, span: tuple[date | None, date | None], service: str, type: str) -> None:
        """Read how the items fared: every chosen release's file."""
        progress = self.progress_of("checklists")
        try:
            found = self.desk.archive.item_records(
                first=span[0], last=span[1], service=service, type=type, progress=progress
            )
        except Stopped:
            return
        except ReluiError as error:
            self.hand_over(self.show_error, error)
            return
        self.hand_over(self.take_items, found)

    def progress_of(self, what: str) -> Progress:
        """What a worker calls with what was read; raises Stopped once it was cancelled."""
        worker = get_current_worker()

        def progress(done: int, total: int) -> None:
            if worker.is_cancelled:
                raise Stopped
            percent = done * 100 // total if total else 100
            words = f"{READING} {what}: {done} of {total} ({percent} %). Esc stops it."
            self.hand_over(self.say, words)

        return progress

    def hand_over(self, take: Callable[..., object], *what: object) -> None:
        """Called by a worker: give the screen what was read, unless nobody waits for it any more."""
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._take_over, take, what)

    def _take_over(self, take: Callable[..., object], what: tuple[object, ...]) -> None:
        if self.is_attached and self.children:  # it may have been left while its worker read
            take(*what)

    def reading_ended(self) -> None:
        """Take the progress line away."""
        if self.said.startswith(READING):
            self.say("")

    @property
    def reading(self) -> bool:
        """Something is read now."""
        return any(
            worker.group == "archive" and worker.node is self
            for worker in self.app.workers
            if not worker.is_finished and not worker.is_cancelled
        )

    def stop_reading(self) -> None:
        """What is read now is given up; it can be begun anew."""
        self.app.workers.cancel_group(self, "archive")
        self.say("Reading was stopped.", "muted")

    def take_rows(self, rows: list[Summary]) -> None:
        """The catalogue was read."""

    def take_items(self, found: tuple[ItemRecord, ...]) -> None:
        """The items were read."""
