"""What every dialog is: a modal screen in which an error is told and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any, TypeVar, cast

from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from relui.domain.text import clean
from relui.errors import ReluiError
from relui.ui.kit.acting import Act
from relui.ui.kit.desk_app import Teller, TellsErrors

Answer = TypeVar("Answer")


class Dialog(TellsErrors, ModalScreen[Answer]):
    """Over a screen; dismissed with an answer.

    With `commit` the answer is carried out while the dialog stands: what is refused is told in it, and it
    stays as it is. What `commit` gives back is kept in `done`; None says that it was thought better of. It
    runs in the thread for acts, so it touches no widget; to ask something else it gives back an awaitable.
    """

    # At once, before the keys behind it are handed to the field that is being left: over a slow line a
    # whole line arrives in one piece.
    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
    ]
    commit: Callable[[Any], Any] | None = None
    done: Any = None

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Give the answer, once: an Enter that comes twice must not take the screen below away too."""
        if not self.is_current:
            return AwaitComplete()
        if self.commit is None or result is None:
            return super().dismiss(result)
        commit, app = self.commit, cast("Any", self.app)
        act: Act[Any] = app.acts.start(lambda: commit(result))
        try:
            done = act.result() if act.ended else self._until_ended(act)
        except ReluiError as error:
            self.refused(error)
            return AwaitComplete()
        if isawaitable(done):
            app.opening = self.run_worker(self._carried_out(done, result))
            return AwaitComplete()
        return self._accepted(done, result)

    def perform(self, do: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """Do something through the desk, and `then` go on; a refusal is told in the dialog, which stays."""
        app = cast("Any", self.app)
        act: Act[Any] = app.acts.start(do)
        if act.ended:
            try:
                then(act.result())
            except ReluiError as error:
                self.refused(error)
        else:
            app.opening = self.run_worker(self._performed(act, then))

    async def _performed(self, act: Act[Any], then: Callable[[Any], object]) -> None:
        try:
            then(await self._until_ended(act))
        except ReluiError as error:
            self.refused(error)

    async def _carried_out(self, doing: Awaitable[Any], result: Answer) -> None:
        """Carry out an answer that takes longer, or that asks another question first."""
        try:
            done = await doing
            if isawaitable(done):
                done = await done
        except ReluiError as error:
            self.refused(error)
            return
        self._accepted(done, result)

    async def _until_ended(self, act: Act[Any]) -> Any:
        done = await act.until_ended(self.tell_waiting)
        self.tell_waiting("")
        return done

    def tell_waiting(self, words: str) -> None:
        """Say what the answer waits for; nothing when it waits no longer."""
        wrong = self.query(".wrong")
        if wrong:
            wrong.first(Static).update(Content(words))

    def _accepted(self, done: Any, result: Answer) -> AwaitComplete:
        if done is None:
            return AwaitComplete()
        self.done = done
        self.settle()
        return super().dismiss(result)

    def settle(self) -> None:
        """Called when the answer was carried out: what was typed is no draft any more."""

    def refused(self, error: ReluiError) -> None:
        """Tell why the answer is not carried out."""
        wrong = self.query(".wrong")
        if wrong:
            wrong.first(Static).update(Content(clean(error.message, multiline=True)))
        else:
            cast("Teller", self.app).tell_error(error)

    def beat(self) -> None:
        """Called about every second: what depends on the present instant shows anew."""
