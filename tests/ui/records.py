"""A governed release and light one, and small steps on the record's screen that tests share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input, Static, TextArea

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.log import Act, Actor
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.ui.app import ReluiApp
from relui.ui.kit.judged_form import Chooser, PartForm, Points
from relui.ui.record.screen import RecordScreen
from tests.domain.dossier.governed import governed
from tests.ui.calendars import ORGANISATION, SATURDAY
from tests.ui.seen import settled

LONG = (120, 60)
"""High enough for most tabs; drawing costs by the line."""
WHOLE = (120, 200)
"""High enough for every row of any tab."""


def organise(desk: Desk, tmp_path: Path) -> None:
    """The organisation of the calendar's tests, in which the owner may also approve."""
    path = tmp_path / "organisation.yaml"
    path.write_text(ORGANISATION.replace("policy: {distinct_approver: true}", ""), encoding="utf-8")
    desk.organisation.import_file(path)


def governed_release(desk: Desk, **more: str) -> str:
    """A governed release of tomorrow evening, with nothing recorded yet. Returns its identifier."""
    request = Request(
        service="payments",
        version="2.4.0",
        template="governed",
        go_live=SATURDAY,
        owner="ada",
        **more,  # type: ignore[arg-type]
    )
    return desk.releases.new(request).release.id


def filled(desk: Desk, release_id: str, **more: object) -> None:
    """Fill its dossier with everything that the rules ask for, some parts replaced."""
    whole = governed(test_plan="All of the matrix.")

    def rule(release: Release, _by: str, _now: datetime) -> Ruling:
        dossier = replace(whole.dossier, package_tag=f"{release.id}_{release.version}", **more)
        made = replace(release, dossier=dossier, rationale="New.", risk="Low.", rollback="Back.")
        return Ruling(made, Act("edit", "filled the dossier"))

    desk.journal.change(release_id, rule)


def to_staging(desk: Desk, release_id: str) -> None:
    """The present build, in every environment before the production."""
    for name in ("test", "staging"):
        desk.record.promote(release_id, name, access_verified=True)


def act_as(desk: Desk, name: str) -> None:
    """Somebody else sits down at the terminal."""
    desk.signing.actor = Actor(account="tester", name=name)


async def open_record(pilot: Pilot[None], tab: str = "") -> RecordScreen:
    """Press `5` on the release under the cursor, and `5` with the letter of a tab."""
    await settled(pilot)
    await pilot.press("5")
    await settled(pilot)
    if tab:
        await go(pilot, tab)
    return record(pilot.app)  # type: ignore[arg-type]


async def go(pilot: Pilot[None], letter: str) -> None:
    """To a tab by its letter."""
    await pilot.press("5")
    await settled(pilot)
    await pilot.press(letter)
    await settled(pilot)


def record(app: ReluiApp) -> RecordScreen:
    """The record, which must be on top."""
    assert isinstance(app.screen, RecordScreen)
    return app.screen


async def at(pilot: Pilot[None], kind: str, name: str, *keys: str) -> None:
    """Put the cursor on a row, which must be there, and press keys."""
    screen = record(pilot.app)  # type: ignore[arg-type]
    assert screen.rows.select([(kind, name)]), f"no row {kind} {name} in:\n{screen.rows.text}"
    await pilot.pause()
    if keys:
        await pilot.press(*keys)
        await settled(pilot)


def form(app: ReluiApp) -> PartForm:
    """The form, which must be on top."""
    assert isinstance(app.screen, PartForm)
    return app.screen


async def put(pilot: Pilot[None], **values: str) -> None:
    """Fill lines of the form by their names; `_` in a name stands for `-` where the form has that."""
    screen = form(pilot.app)  # type: ignore[arg-type]
    names = [field.name for field in screen._fields]
    for name, value in values.items():
        known = name if name in names else name.replace("_", "-")
        widget = screen.query_one(f"#value-{names.index(known)}")
        if isinstance(widget, Input):
            widget.value = value
        elif isinstance(widget, TextArea):
            widget.text = value
        elif isinstance(widget, Chooser):
            assert value in [choice for choice, _ in widget.choices], f"{value} is not offered"
            widget.value = value
            widget.post_message(widget.Changed())
        else:
            assert isinstance(widget, Points)
            widget.chosen = set(widget.names) if value == "all" else set(value.split())
            widget.post_message(widget.Changed())
    await pilot.pause()


async def save(pilot: Pilot[None], **values: str) -> None:
    """Fill the form and save it: it must be gone afterwards."""
    await put(pilot, **values)
    await pilot.press("ctrl+s")
    await settled(pilot)
    assert not isinstance(pilot.app.screen, PartForm), said_on(pilot.app)  # type: ignore[arg-type]


def said_on(app: ReluiApp) -> str:
    """What the form on top says above and below its lines, unfolded."""
    return "\n".join(str(words.render()) for words in form(app).query(Static))
