"""What every screen over one release has: the release as it was read, and why it cannot be changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from relui.desk.act import Done, Opened
from relui.domain.history import passed_over, undoable
from relui.errors import ReluiError
from relui.ui.kit.lines import Bar, Pane
from relui.ui.kit.screen import DeskScreen
from relui.ui.kit.text import line
from relui.ui.one_release.acts import ReleaseActs
from relui.ui.one_release.detail import last_act_words

if TYPE_CHECKING:
    from relui.ui.kit.dialog import Dialog


class ReleaseScreen(DeskScreen):
    """Over one release; `opened` is nothing while it cannot be read."""

    def __init__(self, release_id: str) -> None:
        super().__init__()
        self.since: Opened | None = None
        """The release before the act that is being shown, where it may have been read again since."""
        self.release_id = release_id
        self.release_acts = ReleaseActs(self)
        self.opened: Opened | None = None
        self._seen = 0
        """The log's last entry that was shown."""

    def reload(self) -> None:
        """Read the release from disk and show it."""
        raise NotImplementedError

    def release_in_sight(self) -> str:
        """This release."""
        return self.release_id

    def is_over(self, release_id: str, *more: Any) -> bool:
        """The screen of the same release is the same screen."""
        return release_id == self.release_id

    @property
    def archived(self) -> bool:
        """The release is in the archive: read-only for good."""
        return self.opened is not None and self.opened.archived

    def why_archived(self) -> str:
        """What an archived release does not let happen here; nothing where something can be added to it."""
        return f"{self.release_id} is archived: read-only. Copy it as a new release to work on it again."

    def why_unchangeable(self) -> str:
        """Why nothing can be changed here, or nothing."""
        if self.opened is None:
            return "This release cannot be read."
        if self.opened.archived and (why := self.why_archived()):
            return why
        if self.desk.read_only:
            return "relui was opened read-only (--readonly)."
        return self.opened.read_only

    def act(self, do: Callable[[], Done], then: Callable[[Done], object] | None = None) -> None:
        """Do something through the desk, show the result, and `then` what is left to do on the screen."""

        def show(done: Done) -> None:
            self.show_done(done)
            if then is not None:
                then(done)

        self.perform(do, show)

    def show_done(self, done: Done) -> None:
        """Show what an act led to: the release as it is now, what was done, and what was left."""
        raise NotImplementedError

    async def act_on(
        self, dialog: Dialog[Any], do: Callable[[Any], Done | Awaitable[Done | None]]
    ) -> Done | None:
        """Carry a dialog's answer out while the dialog stands, and show the result.

        What is refused is told in the dialog, which keeps all that was typed. What somebody else wrote since
        it opened is shown, and replaced only after a yes.
        """
        from relui.ui.kit.question import careful, carry_out

        opened = self.opened
        assert opened is not None  # nothing is asked about a release that cannot be read
        done: Done | None = await carry_out(
            self, dialog, lambda answer: careful(self, opened, lambda: do(answer))
        )
        if done is None:
            return None
        self.since = opened
        try:
            self.show_done(done)
        finally:
            self.since = None
        return done

    def undo_last(self) -> Awaitable[None] | None:
        """Take back one's own last act; a question first when later ones stand that cannot be undone."""
        entries = self.opened.entries if self.opened is not None else []
        entry, actor = undoable(entries, self.desk.actor), self.desk.actor
        if entry is None or not passed_over(entries, actor):
            self.act(lambda: self.desk.releases.undo(self.release_id))
            return None
        return self._undo_before(last_act_words(entries, actor), entry.seq)

    async def _undo_before(self, words: str, seq: int) -> None:
        from relui.ui.kit.question import confirm

        if await confirm(self, "Your last act cannot be undone", words, yes="Undo the one before"):
            self.act(lambda: self.desk.releases.undo(self.release_id, seq))

    def show_unreadable(self, error: ReluiError) -> None:
        """Tell in the screen's own pane for it why there is nothing to show."""
        self.opened = None
        pane = self.query_one("#unreadable", Pane)
        pane.display = True
        self.query_one("#title", Bar).show(line(" ", (self.release_id, "accent")))
        pane.show(
            [
                line((error.title, "failed")),
                line(""),
                line(error.message),
                line(""),
                line(("q goes back.", "muted")),
            ]
        )

    def take_others(self) -> None:
        """Show what others did since, and say who did it."""
        before = self._seen
        self.reload()
        if self.opened is None:
            return
        others = [
            entry for entry in self.opened.entries if entry.seq > before and entry.actor != self.desk.actor
        ]
        if others:
            last = others[-1]
            more = f" (and {len(others) - 1} more)" if len(others) > 1 else ""
            self.say(f"{last.name} {last.text}{more}", "running")
