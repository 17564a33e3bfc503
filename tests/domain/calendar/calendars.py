"""Organisations, entries and slots to test the calendar with: small, explicit, the same every time."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from relui.domain.calendar.check import check
from relui.domain.calendar.entries import CalendarEntry, Days, Kind, Monthly, Pattern, Weekly, Yearly
from relui.domain.calendar.slot import Finding, Slot, Verdict
from relui.domain.calendar.timetable import Timetable
from relui.domain.instants import parse_instant
from relui.domain.organisation import Organisation, Service

LONDON = "Europe/London"
BERLIN = "Europe/Berlin"


def at(text: str, zone: str = LONDON) -> datetime:
    """The instant of a wall-clock time."""
    return parse_instant(text, zone).at


NOW = at("2025-03-03T09:00")
NIGHT = Weekly(("sat", "sun"), time(18), time(6))


def entry(kind: Kind, id: str, when: Pattern, **more: Any) -> CalendarEntry:
    """An entry called by its id."""
    return CalendarEntry(kind=kind, id=id, name=id.replace("-", " ").capitalize(), when=when, **more)


WEEKEND = entry("window", "weekend", NIGHT)
MONTH_END = entry("blackout", "month-end", Monthly(28, 2))
YEAR_END = entry("blackout", "year-end", Yearly((12, 15), (1, 5)))
BOARD_MEETING = entry("blackout", "board", Days(date(2025, 3, 13), date(2025, 3, 14)))


def organisation(*entries: CalendarEntry, **more: Any) -> Organisation:
    """London, with finance on a ledger, an HR portal beside it, and these entries."""
    fields: dict[str, Any] = {
        "zone": LONDON,
        "services": (
            Service("finance", "Finance system", depends_on=("ledger",)),
            Service("ledger", "Ledger", depends_on=("database",)),
            Service("database", "Database"),
            Service("hr", "HR portal"),
        ),
    }
    return Organisation(entries=entries, **{**fields, **more})


def slot(start: str = "2025-03-15T20:00", **more: Any) -> Slot:
    """A slot of finance for two hours, Saturday 15 March 2025, 20:00 London."""
    fields: dict[str, Any] = {"release": "REL-2025-03-001", "service": "finance", "zone": LONDON}
    return Slot(**{**fields, "start": at(start, more.get("zone", LONDON)), **more})


def booked(start: str = "2025-03-15T20:00", **more: Any) -> Slot:
    """A booked slot of another release."""
    return slot(start, **{"release": "REL-2025-03-009", "standing": "booked", "counter": 9, **more})


def verdict(org: Organisation, asked: Slot, *others: Slot, now: datetime = NOW) -> Verdict:
    """What the check says."""
    return check(Timetable(org, others), asked, now)


def only(verdict: Verdict, rule: str) -> Finding:
    """The one finding of that rule."""
    found = [finding for finding in verdict.findings if finding.rule == rule]
    assert len(found) == 1, [(f.rule, f.words) for f in verdict.findings]
    return found[0]


def blocking(verdict: Verdict) -> list[str]:
    """The rules that forbid the slot, in order."""
    return [finding.rule for finding in verdict.blocks]
