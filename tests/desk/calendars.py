"""An organisation with a calendar, and releases in it, for the tests of the desk."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.calendar.entries import CalendarEntry, Days, Weekly
from relui.domain.organisation import Absence, Organisation, Person, Policy, Service, Team

SATURDAY = datetime(2026, 11, 21, 20, tzinfo=UTC)
"""21:00 in Berlin: in the window, with an hour of it before."""
SUNDAY = datetime(2026, 11, 22, 20, tzinfo=UTC)

NIGHTS = CalendarEntry(
    kind="window", id="nights", name="Weekend nights", when=Weekly(("sat", "sun"), time(20), time(6))
)
FREEZE = CalendarEntry(
    kind="blackout", id="freeze", name="Board meeting", when=Days(date(2026, 11, 21), date(2026, 11, 21))
)
ORGANISATION = Organisation(
    zone="Europe/Berlin",
    services=(
        Service("shop", "Shop", owner="grace", depends_on=("ledger",), team="web"),
        Service("ledger", "Ledger", team="money"),
        Service("hr", "HR portal", team="people"),
    ),
    people=(
        Person("ada", "Ada"),
        Person("ben", "Ben"),
        Person(
            "grace", "Grace", delegate="ben", away=(Absence(date(2026, 12, 5), date(2026, 12, 5), "ill"),)
        ),
    ),
    teams=(Team("web"), Team("money"), Team("people")),
    entries=(NIGHTS,),
    policy=Policy(distinct_approver=True),
)


def organised(desk: Desk, organisation: Organisation = ORGANISATION) -> Desk:
    """The desk, with that organisation."""
    desk.organisation.amend(lambda _: organisation, "set the organisation up")
    return desk


def planned(desk: Desk, service: str = "shop", at: str = "2026-11-21T21:00", **given: Any) -> str:
    """A release, not booked. Times are Berlin's."""
    return desk.releases.new(Request(service=service, version="1.0.0", go_live=at, **given)).release.id
