"""What goes wrong on a screen or in a dialog is told there, and the app goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from textual import events
from textual.command import CommandPalette
from textual.screen import ModalScreen
from textual.widgets import TextArea

import relui.ui
from relui.desk.desk import Desk
from relui.errors import BadInput, Refused
from relui.ui.app import ReluiApp
from relui.ui.kit.dialog import Dialog
from relui.ui.kit.question import LinePrompt
from relui.ui.kit.reading import Notice
from relui.ui.kit.text_editor import TextEditor, edit_in_editor
from tests.ui.seen import open_checklist, seen, settled

BRANCHES = "pre-release.branches"


def test_every_dialog_tells_its_errors() -> None:
    for module in walk_packages(relui.ui.__path__, f"{relui.ui.__name__}."):
        import_module(module.name)

    def below(kind: type[object]) -> Iterator[type[object]]:
        for one in type.__subclasses__(kind):
            yield one
            yield from below(one)

    outside = {
        kind.__name__
        for kind in below(ModalScreen)
        if kind.__module__.startswith("relui.")
        and not issubclass(kind, Dialog)
        and not issubclass(kind, CommandPalette)
    }
    assert outside == set()


@pytest.mark.parametrize("editor", ["no-such-editor", "'open", "/"])
async def test_an_editor_that_is_not_there_is_told_over_the_note_that_was_typed(
    app: ReluiApp, desk: Desk, release_id: str, monkeypatch: pytest.MonkeyPatch, editor: str
) -> None:
    monkeypatch.setenv("EDITOR", editor)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_checklist(pilot)
        await pilot.press("e")
        await settled(pilot)
        app.screen.query_one(TextArea).text = "typed already"
        await pilot.press("ctrl+e")
        await settled(pilot)
        assert isinstance(app.screen, Notice) and "editor" in app.screen.text.casefold()
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, TextEditor)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert desk.journal.open(release_id).release.mark(BRANCHES).note == "typed already"


async def test_an_event_that_fails_in_a_dialog_is_told_and_the_dialog_goes_on(app: ReluiApp) -> None:
    class Failing(LinePrompt):
        def on_paste(self, event: events.Paste) -> None:
            raise Refused(f"'{event.text}' is refused.")

    async with app.run_test(size=(100, 30)) as pilot:
        dialog = Failing("Title", "hint")
        await app.push_screen(dialog)
        dialog.post_message(events.Paste("this"))
        await settled(pilot)
        assert "'this' is refused." in seen(app)
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert app.screen is not dialog


async def test_a_key_that_fails_on_a_screen_is_told_in_its_message_line(
    app: ReluiApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()

        def refused(_: str) -> None:
            raise BadInput("Not this key.")

        monkeypatch.setattr(app.screen, "action_command", refused)
        await pilot.press("question_mark")
        await settled(pilot)
        assert "Not this key." in seen(app)


async def test_what_an_editor_that_failed_wrote_is_not_taken(
    app: ReluiApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\necho changed > "$1"\nexit 3\n')
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))

    @contextmanager
    def aside() -> Iterator[None]:
        yield

    async with app.run_test(size=(100, 30)):
        monkeypatch.setattr(app, "suspend", aside)
        with pytest.raises(Refused, match="exit code 3: nothing was taken"):
            edit_in_editor(app, "before", "note")
        script.write_text('#!/bin/sh\necho changed > "$1"\n')
        assert edit_in_editor(app, "before", "note") == "changed"
