"""The calendar with 2,000 entries and 500 releases: a week painted, a slot checked, free slots found."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from msgspec.structs import replace

from benchmarks.measures import Measure, in_turn
from benchmarks.pty_session import PtySession
from benchmarks.workplace import Workplace, relui_command
from relui.domain.calendar.check import check, free_slots
from relui.domain.calendar.entries import WEEKDAYS, CalendarEntry, Days, Kind, Monthly, Pattern, Span, Weekly
from relui.domain.calendar.slot import Slot
from relui.domain.calendar.timetable import Timetable
from relui.domain.organisation import Organisation, Service

ENTRIES, RELEASES = 2_000, 500
PAINT_LIMIT, TURN_LIMIT, CHECK_LIMIT, FREE_LIMIT = 2.0, 100.0, 5.0, 200.0
"""A ratio over an empty week; milliseconds for another week, one check, and ten free slots."""
_REPEATING = 60
_DAYS = 540
"""One-off entries lie on this many days before and after today."""


def calendar(folder: Path, runs: int) -> list[Measure]:
    """A full calendar against an empty one, turned page by page; and the rules behind it."""
    place = Workplace(folder / "calendar", active=RELEASES, archived=0)
    place.desk.organisation.amend(
        lambda organisation: crowded(organisation, place.desk.clock.now().date()), "filled"
    )
    return [*_weeks(place, folder / "empty", runs), *_rules(place, runs)]


def crowded(organisation: Organisation, today: date) -> Organisation:
    """The organisation with so many entries: some repeat, most are on single days of three years."""
    chance = random.Random(1)
    entries = [_repeating(number, organisation.services) for number in range(_REPEATING)]
    while len(entries) < ENTRIES:
        day = today + timedelta(days=chance.randrange(-_DAYS, _DAYS))
        kind: Kind = chance.choice(("maintenance", "event", "event", "blackout", "window"))
        start = datetime.combine(day, clock_time(chance.randrange(24)))
        when: Pattern = Span(start, start + timedelta(hours=chance.randrange(1, 6)))
        if kind in ("event", "blackout"):
            when = Days(day, day)
        services = tuple(service.id for service in chance.sample(organisation.services, 1))
        name = f"once-{len(entries)}"
        entries.append(CalendarEntry(kind=kind, id=name, name=name, when=when, services=services))
    return replace(organisation, entries=tuple(entries))


def _repeating(number: int, services: tuple[Service, ...]) -> CalendarEntry:
    """A weekly window of a service, or some days of each month that are a blackout of one."""
    service = services[number % len(services)].id
    if number % 6 == 5:
        first = 1 + number % 27
        when: Pattern = Monthly(first, first + 1)
        return CalendarEntry(
            kind="blackout", id=f"m{number}", name=f"m{number}", when=when, services=(service,)
        )
    nights = Weekly((WEEKDAYS[number % 7], WEEKDAYS[(number + 3) % 7]), clock_time(18), clock_time(6))
    return CalendarEntry(kind="window", id=f"w{number}", name=f"w{number}", when=nights, services=(service,))


def _weeks(place: Workplace, empty: Path, runs: int) -> list[Measure]:
    """A whole week painted, from the key that opens the calendar; and turned, from the key to the last byte.

    Turning an empty week repaints its heads alone, so that no ratio to it says anything: a limit does.
    """
    config = empty / "config"
    config.mkdir(parents=True, exist_ok=True)
    nothing = {"RELUI_DATA": str(empty / "data"), "RELUI_CONFIG": str(config)}
    with _started(place.env) as full, _started(nothing) as bare:
        crowd, none = in_turn([_opening(full), _opening(bare)], runs, warm_up=3)
        for session in (full, bare):
            session.press("3")
            session.settle(1.0)
        turned, still = in_turn([_turning(full), _turning(bare)], runs, warm_up=3)
    name = f"a week, {ENTRIES:,} entries, {RELEASES} releases"
    return [
        Measure(name, "empty week", crowd, none, PAINT_LIMIT),
        Measure("the next week", "empty week", turned, still, TURN_LIMIT, absolute=True),
    ]


def _started(env: Mapping[str, str]) -> PtySession:
    session = PtySession(relui_command(), env)
    session.first_paint("relui", "Active")
    session.settle(1.0)
    return session


def _opening(session: PtySession) -> Callable[[], float]:
    def open_it() -> float:
        took = session.press_until("3", "to be moved") * 1000  # the legend: the last line of the week
        session.settle(0.6)  # conflicts are looked for beside the keys
        session.press("q")
        session.settle(0.3)
        return took

    return open_it


def _turning(session: PtySession) -> Callable[[], float]:
    def turn() -> float:
        took = session.press("]").seconds * 1000
        session.settle(0.3)
        return took

    return turn


def _rules(place: Workplace, runs: int) -> list[Measure]:
    """A check and a search, each against one on a calendar of a window alone."""
    now = place.desk.clock.now()
    seen = place.desk.calendar.read()
    window = CalendarEntry(
        kind="window", id="w", name="w", when=Weekly(("sat",), clock_time(18), clock_time(6))
    )
    small = Timetable(replace(seen.organisation, entries=(window,)), ())
    slot = replace(seen.timetable.slots[0], release="", start=now + timedelta(days=10), standing="planned")

    def checks(board: Timetable) -> Callable[[], float]:
        return lambda: _timed(lambda: check(board, slot, now))

    def searches(board: Timetable) -> Callable[[], float]:
        return lambda: _timed(lambda: free_slots(board, slot, slot.start, 10, now))

    full = seen.timetable
    many, few = in_turn([checks(full), checks(small)], runs * 10, warm_up=2)
    long, short = in_turn([searches(full), searches(small)], runs, warm_up=2)
    fresh = [_fresh(seen.organisation, full.slots, slot, now) for _ in range(runs)]
    return [
        Measure("one slot check", "one window", many, few, CHECK_LIMIT, absolute=True),
        Measure("ten free slots", "one window", long, short, FREE_LIMIT, absolute=True),
        Measure("ten free slots, calendar new", "one window", fresh, short, FREE_LIMIT, absolute=True),
    ]


def _fresh(organisation: Organisation, slots: tuple[Slot, ...], slot: Slot, now: datetime) -> float:
    """A search on a board of which nothing was asked yet."""
    return _timed(lambda: free_slots(Timetable(organisation, slots), slot, slot.start, 10, now))


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000
