"""An organisation with a calendar, and releases on it, for the tests of the calendar screen."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input, Static

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.calendar.entries import CalendarEntry, Days, Kind, Occurrence, Pattern, Span, Weekly
from relui.ui.app import ReluiApp
from relui.ui.calendar.screen import CalendarScreen
from tests.ui.seen import settled

ORGANISATION = """
name: Northwind
zone: Europe/Berlin
holidays: {dates: [2026-11-18]}
services:
  - {id: payments, name: Payments, owner: grace, depends_on: [ledger], team: money}
  - {id: ledger, name: Ledger, owner: grace, team: money}
  - {id: search, name: Search, owner: lin, team: shop}
people:
  - {id: ada, name: Ada, roles: [release-owner]}
  - {id: grace, name: Grace, roles: [service-owner], delegate: lin}
  - {id: lin, name: Lin, roles: [service-owner], away: [{from: 2026-11-24, to: 2026-11-25, reason: fair}]}
teams: [{id: money, capacity: 1}, {id: shop, capacity: 1}]
windows:
  - {id: weekend, name: Weekend nights, weekly: [sat, sun], from: "18:00", to: "06:00"}
  - {id: tuesday, name: Tuesday evening, weekly: [tue], from: "19:00", to: "23:00"}
blackouts:
  - {id: stocktaking, name: Stocktaking, from: 2026-11-26, to: 2026-11-27}
maintenance:
  - {id: storage, name: Storage upgrade, from: 2026-11-22T20:00, to: 2026-11-23T02:00}
events:
  - {id: fair, name: Trade fair, from: 2026-11-25, to: 2026-11-25}
policy: {distinct_approver: true}
"""
"""A week around Friday 20 November 2026, the instant of the tests of the screens."""


def set_up(desk: Desk, tmp_path: Path) -> None:
    """Import the organisation."""
    path = tmp_path / "organisation.yaml"
    path.write_text(ORGANISATION, encoding="utf-8")
    desk.organisation.import_file(path)


def planned(desk: Desk, service: str, version: str, go_live: str, **more: str) -> str:
    """A release that is planned there and holds no slot. Returns its identifier."""
    request = Request(service=service, version=version, go_live=go_live, owner="ada", **more)  # type: ignore[arg-type]
    return desk.releases.new(request).release.id


def entry(id: str, when: Pattern, kind: Kind = "window", **more: object) -> CalendarEntry:
    """A calendar entry."""
    return CalendarEntry(kind=kind, id=id, name=id.capitalize(), when=when, **more)  # type: ignore[arg-type]


def occurrence(entry: CalendarEntry, start: datetime, end: datetime) -> Occurrence:
    """One time that it takes place."""
    return Occurrence(entry, start, end)


NIGHTS = Weekly(("sat", "sun"), time(18), time(6))
WIDE = (200, 50)
SATURDAY = "2026-11-21T20:00"
TWO_DAYS = Days(date(2026, 11, 26), date(2026, 11, 27))
EVENING = Span(datetime(2026, 11, 22, 20), datetime(2026, 11, 23, 2))


async def open_calendar(pilot: Pilot[None]) -> CalendarScreen:
    """Press `3` on whatever screen is on top."""
    await pilot.pause()
    await pilot.press("3")
    await settled(pilot)
    assert isinstance(pilot.app, ReluiApp)
    return calendar(pilot.app)


def calendar(app: ReluiApp) -> CalendarScreen:
    """The calendar, which must be on top."""
    assert isinstance(app.screen, CalendarScreen)
    return app.screen


def booked_at(desk: Desk, release_id: str) -> str:
    """The instant of a release's booking, or nothing."""
    booking = desk.journal.open(release_id).release.booking
    return f"{booking.at:%Y-%m-%dT%H:%MZ}" if booking is not None and booking.held == "booked" else ""


def told(app: ReluiApp) -> str:
    """What the panel explains, unfolded."""
    return calendar(app).panel.text


def on_form(app: ReluiApp) -> str:
    """What the dialog on top says, unfolded."""
    return "\n".join(str(words.render()) for words in app.screen.query(Static))


async def fill(pilot: Pilot[None], **values: str) -> None:
    """Fill lines of the form by their names."""
    form = pilot.app.screen
    names = [entry.name for entry in form._entries]  # type: ignore[attr-defined]
    for name, value in values.items():
        form.query_one(f"#value-{names.index(name)}", Input).value = value
    await pilot.pause()
