"""What every dialog promises: it stands until its answer was carried out, and loses nothing typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.widgets import Input, TextArea

from relui.clock import Clock
from relui.desk.desk import Desk
from relui.domain.marking import Details
from relui.errors import StoreError
from relui.ui.app import ReluiApp
from relui.ui.calendar.screen import CalendarScreen
from relui.ui.kit.dialog import Dialog
from relui.ui.kit.question import Confirm
from tests.ui.seen import open_checklist, seen, settled

WIDE = (120, 40)
BRANCHES = "pre-release.branches"
FULL = "The disk is full. Nothing was changed."


def full_disk(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    """From now on nothing can be written."""

    def refuse(*_: object, **__: object) -> None:
        raise StoreError(FULL)

    monkeypatch.setattr(desk.journal, "write", refuse)
    monkeypatch.setattr(desk.organisation, "_amend", refuse)


def typed_on(app: ReluiApp) -> list[str]:
    """What stands in the lines and texts of the dialog on top."""
    lines = [field.value for field in app.screen.query(Input)]
    return lines + [area.text for area in app.screen.query(TextArea)]


# A command's key on the checklist, and what is typed into its dialog.
ON_AN_ITEM = {
    "note": ("e", ("c", "h", "e", "c", "k", "e", "d")),
    "leave out": ("minus", tuple("no branch")),
    "failed": ("exclamation_mark", tuple("red")),
    "evidence": ("a", tuple("https://ci.example")),
    "add an item": ("A", tuple("Partner told")),
    "remove": ("delete", tuple("no partner")),
    "edit the step": ("s", tuple(" twice")),
    "add a step": ("S", tuple("Migrate")),
    "edit the release": ("t", ("tab", "tab", *"x")),
}


@pytest.mark.parametrize("key", ["enter", "ctrl+s"])
@pytest.mark.parametrize("name", ON_AN_ITEM)
async def test_a_dialog_of_the_checklist_stands_when_the_disk_refuses(
    name: str, key: str, app: ReluiApp, desk: Desk, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Enter and Ctrl+S alike; what is typed after it goes into the dialog, never onto the screen behind."""
    command, text = ON_AN_ITEM[name]
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        full_disk(monkeypatch, desk)
        await pilot.press(command, *text)
        dialog = app.screen
        assert isinstance(dialog, Dialog)
        if key == "enter" and isinstance(app.focused, TextArea):
            key = "ctrl+s"  # in a text Enter begins a line
        before = typed_on(app)
        await pilot.press(key)
        await settled(pilot)
        if isinstance(app.screen, Confirm):
            await pilot.press("y")
            await settled(pilot)
        app.beat()  # the second after must not take the words away
        await settled(pilot)
        assert app.screen is dialog and typed_on(app) == before
        assert FULL in " ".join(seen(app).replace("│", " ").split())
        await pilot.press("o", "u")
        await settled(pilot)
        assert app.screen is dialog and "".join(typed_on(app)) != "".join(before)
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen is screen
    assert len(desk.journal.open(release_id).entries) == 1


@pytest.mark.parametrize("command", ["W", "B", "M", "O", "A"])
async def test_a_dialog_of_the_calendar_stands_when_the_disk_refuses(
    command: str, app: ReluiApp, organised: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        app.push_screen(CalendarScreen(""))
        await settled(pilot)
        full_disk(monkeypatch, organised)
        await pilot.press(command)
        await settled(pilot)
        fields = list(app.screen.query(Input))
        fields[0].value = "ada" if command == "A" else "New one"
        await settled(pilot)
        dialog, before = app.screen, typed_on(app)
        for _ in range(3):  # an effect on releases is shown first
            await pilot.press("enter")
            await settled(pilot)
        assert app.screen is dialog and typed_on(app) == before
        assert FULL in " ".join(seen(app).replace("│", " ").split())


# -- two people ------------------------------------------------------------------------------------------


async def test_a_note_that_somebody_else_wrote_meanwhile_is_shown_and_not_overwritten(
    app: ReluiApp, desk: Desk, make_desk: Callable[..., Desk], release_id: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_checklist(pilot)
        await pilot.press("e", *"mine")
        make_desk("bob").items.annotate(release_id, BRANCHES, Details(note="important, from bob"))
        app.beat()
        for answer in ("enter", "y"):
            await pilot.press("ctrl+s")
            await settled(pilot)
            shown = " ".join(seen(app).replace("│", " ").split())
            assert "bob changed the note of pre-release.branches" in shown and "important, from bob" in shown
            await pilot.press(answer)
            await settled(pilot)
            note = desk.journal.open(release_id).release.mark(BRANCHES).note
            assert note == ("important, from bob" if answer == "enter" else "mine")
            assert typed_on(app) == (["mine"] if answer == "enter" else [])


async def test_fields_that_differ_do_not_clash(
    app: ReluiApp, desk: Desk, make_desk: Callable[..., Desk], release_id: str
) -> None:
    """What somebody else wrote elsewhere stays, and is nobody's question."""
    async with app.run_test(size=WIDE) as pilot:
        await open_checklist(pilot)
        await pilot.press("e", *"mine")
        make_desk("bob").items.annotate(release_id, BRANCHES, Details(evidence=("https://ci",)))
        make_desk("bob").releases.edit(release_id, {"risk": "low"})
        await pilot.press("ctrl+s")
        await settled(pilot)
        release = desk.journal.open(release_id).release
        assert (release.mark(BRANCHES).note, release.mark(BRANCHES).evidence) == ("mine", ("https://ci",))
        assert release.risk == "low" and not isinstance(app.screen, Dialog)


async def test_a_field_of_the_release_is_not_overwritten_by_a_form_that_was_open(
    app: ReluiApp, desk: Desk, make_desk: Callable[..., Desk], release_id: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_checklist(pilot)
        await pilot.press("t")
        await settled(pilot)
        labels = [str(label.render()) for label in app.screen.query(".label")]
        at = labels.index("risk")
        risk = app.screen.query_one(f"#value-{at}", Input)
        risk.value = "mine"
        make_desk("bob").releases.edit(release_id, {"risk": "high, says bob"})
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "high, says bob" in seen(app)
        await pilot.press("enter")
        await settled(pilot)
        assert desk.journal.open(release_id).release.risk == "high, says bob" and risk.value == "mine"


# -- time ------------------------------------------------------------------------------------------------


async def test_an_open_form_is_judged_by_the_present_instant(
    app: ReluiApp, desk: Desk, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is still to come now is past a minute later, with the form open."""
    desk.items.add_steps(release_id, [{"text": "Migrate"}])
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        judged = []
        monkeypatch.setattr("relui.ui.checklist.runbook_step.edit_step", _recording(judged))
        screen.checklist.select("deploy.command.migrate")
        await pilot.press("s", "x")
        await settled(pilot)
        first = judged[-1]
        later = Clock(first.replace(minute=first.minute + 30), frozen=True)
        monkeypatch.setattr(desk.signing, "clock", later)
        app.beat()
        await settled(pilot)
        assert judged[-1] == later.now() != first


def _recording(judged: list[object]) -> Callable[..., object]:
    from relui.domain.runbook import edit_step

    def rule(release: object, name: str, given: dict[str, str], at: object) -> object:
        judged.append(at)
        return edit_step(release, name, given, at)  # type: ignore[arg-type]

    return rule
