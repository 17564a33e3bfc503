"""The open record, as its controllers know it: what was read, the line under the cursor, one way to act."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from relui.desk.act import Done, Opened
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.ui.kit.asker import Asker
from relui.ui.kit.dialog import Dialog
from relui.ui.kit.judged_form import Field
from relui.ui.kit.row_list import RowList
from relui.ui.kit.rows import Row
from relui.ui.record.view import View

Rule = Callable[[Release], Ruling]
Key = tuple[str, str]
"""A row's kind and id."""


class OpenRecord(Asker, Protocol):
    """What the record's screen is to those who work on it."""

    release_id: str
    tab: str
    """The name of the present tab."""

    @property
    def opened(self) -> Opened | None:
        """The release with its log, as it was read last; nothing while it cannot be read."""

    @property
    def release(self) -> Release:
        """The release as it was read last; commands that need it are refused where it cannot be read."""

    @property
    def judged(self) -> View:
        """The release as it was judged last, which is there wherever it could be read."""

    @property
    def rows(self) -> RowList:
        """The rows of the present tab."""

    @property
    def row(self) -> Row | None:
        """The line under the cursor."""

    @property
    def at_cursor(self) -> Row:
        """The line under the cursor; commands on a line are refused where there is none."""

    @property
    def archived(self) -> bool:
        """The release is in the archive: read-only for good."""

    @property
    def said(self) -> str:
        """The sentence in the message line."""

    def why_archived(self) -> str:
        """What an archived release does not let happen here."""

    def why_unchangeable(self) -> str:
        """Why nothing can be changed here, or nothing."""

    def act(self, do: Callable[[], Done], then: Callable[[Done], object] | None = None) -> None:
        """Do something through the desk, show what it did and what it made stale, and `then` what is left."""

    def show_done(self, done: Done) -> None:
        """Show what an act led to."""

    async def act_on(
        self, dialog: Dialog[Any], do: Callable[[Any], Done | Awaitable[Done | None]]
    ) -> Done | None:
        """Carry a dialog's answer out while the dialog stands, and show the result."""

    async def ask_form(
        self,
        title: str,
        fields: Sequence[Field],
        rule: Callable[[dict[str, str]], Rule],
        do: Callable[[dict[str, str]], Done | Awaitable[Done | None]],
        *,
        words: str = "",
        at: str = "",
    ) -> Done | None:
        """A form that tries its rule while somebody types, and stands until `do` carried it out."""

    def show_tab(self, name: str, at: Sequence[Key] = ()) -> bool:
        """Show a tab, with the cursor on the first of these rows that is there."""
