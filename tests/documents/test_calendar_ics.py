"""The calendar as ICS: other programs that read it find the same instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event
from msgspec.structs import replace
from recurring_ical_events import of

from relui.documents.calendar_ics import calendar_ics
from relui.domain.calendar.entries import CalendarEntry, Days, Monthly, Pattern, Rule, Span, Weekly, Yearly
from relui.domain.calendar.occurrences import occurrences, pattern_problem
from relui.domain.organisation import Absence, Organisation, Person
from relui.domain.release import Booking, Closing, Release
from relui.errors import BadInput
from tests.documents.organisations import weekly

NOW = datetime(2026, 11, 21, 9, 18, 21, tzinfo=UTC)
START, END = datetime(2026, 10, 20, tzinfo=UTC), datetime(2028, 11, 10, tzinfo=UTC)
Spans = set[tuple[datetime, datetime]]
ZONES = (
    "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
    "America/Santiago", "Africa/Casablanca",
)  # fmt: skip
RULES = (
    "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "FREQ=MONTHLY;BYDAY=2SU",
    "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=YEARLY;COUNT=3", "FREQ=DAILY;UNTIL=20270401",
    "FREQ=WEEKLY;UNTIL=20270330T023000;BYDAY=SU", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1",
    "FREQ=DAILY;COUNT=40",
)  # fmt: skip


def written(*entries: CalendarEntry, zone: str = "Europe/Berlin", **more: object) -> Calendar:
    return Calendar.from_ical(
        calendar_ics(Organisation(zone=zone, entries=entries), (), START, END, NOW, **more)  # type: ignore[arg-type]
    )  # fmt: skip


def read_back(calendar: Calendar, start: datetime = START, end: datetime = END) -> Spans:
    """Every time that another program finds between two instants, in UTC."""
    events = of(calendar).between(start, end)
    return {(event.start.astimezone(UTC), event.end.astimezone(UTC)) for event in events}


def meant(entry: CalendarEntry, zone: str = "Europe/Berlin") -> Spans:
    return {(one.start, one.end) for one in occurrences(entry, START, END, zone)}


def events(calendar: Calendar) -> list[Event]:
    return [part for part in calendar.walk("VEVENT") if isinstance(part, Event)]


def entry(when: Pattern, **more: object) -> CalendarEntry:
    return CalendarEntry(kind="window", id="it", name="Nights", when=when, **more)  # type: ignore[arg-type]


days = st.dates(date(2026, 6, 1), date(2028, 12, 31))
walls = st.datetimes(datetime(2026, 1, 1), datetime(2028, 6, 1)).map(
    lambda at: at.replace(second=0, microsecond=0)
)
month_days = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: (day.month, day.day))
patterns = st.one_of(
    weekly(),
    st.builds(Monthly, st.integers(1, 31), st.integers(1, 31)),
    st.builds(Yearly, month_days, month_days),
    st.tuples(days, days).map(lambda pair: Days(min(pair), max(pair))),
    st.tuples(walls, st.integers(1, 5000)).map(lambda it: Span(it[0], it[0] + timedelta(minutes=it[1]))),
    st.builds(Rule, st.sampled_from(RULES), walls, st.integers(1, 3000)),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(when=patterns, zone=st.sampled_from(ZONES))
@example(when=Weekly(("sat", "sun"), time(18), time(6)), zone="Europe/Berlin")
@example(when=Weekly(("fri",), time(23), time(7), 3), zone="Europe/Berlin")
@example(when=Weekly(("sun",), time(2, 30), time(3, 15)), zone="Europe/Berlin")
@example(when=Weekly(("sun",), time(2, 15), time(2, 45)), zone="Europe/Berlin")
@example(when=Weekly(("sun",), time(2, 10), time(5)), zone="Australia/Lord_Howe")
@example(when=Rule("FREQ=DAILY", datetime(2026, 1, 1, 2, 30), 90), zone="America/New_York")
@example(when=Rule("FREQ=DAILY", datetime(2027, 3, 28, 2, 30), 90), zone="Europe/Berlin")
@example(when=Rule("FREQ=DAILY;INTERVAL=3", datetime(2026, 1, 1, 9), 2460), zone="Europe/London")
@example(when=Yearly((12, 15), (1, 5)), zone="Europe/London")
@example(when=Yearly((3, 1), (4, 10)), zone="Europe/London")
@example(when=Monthly(28, 2), zone="America/New_York")
@example(when=Monthly(3, 9), zone="America/Santiago")
@example(when=Monthly(29, 31), zone="Europe/Berlin")
@example(when=Monthly(31, 30), zone="Europe/London")
@example(when=Days(date(2027, 3, 28), date(2027, 3, 28)), zone="Europe/Berlin")
def test_another_program_finds_the_same_instants(when: Pattern, zone: str) -> None:
    """Over two years with every change of the clocks in them."""
    given_entry = entry(when, zone=zone)
    if pattern_problem(given_entry, zone) is None:
        assert read_back(written(given_entry)) == meant(given_entry)


@pytest.mark.parametrize(
    ("when", "rule"),
    [
        (Weekly(("sat", "sun"), time(18), time(6)), "FREQ=WEEKLY;BYDAY=SA,SU"),
        (Monthly(3, 9), "FREQ=MONTHLY;BYMONTHDAY=3"),
        (Yearly((12, 15), (1, 5)), "FREQ=YEARLY;BYMONTHDAY=15;BYMONTH=12"),
        (Rule("FREQ=MONTHLY;BYDAY=2SU", datetime(2024, 1, 14, 2), 180), "FREQ=MONTHLY;BYDAY=2SU"),
    ],
)
def test_what_recurs_is_a_series(when: Pattern, rule: str) -> None:
    series = [event for event in events(written(entry(when))) if "RRULE" in event]
    assert [event["RRULE"].to_ical().decode() for event in series] == [rule]
    assert series[0]["UID"] == "entry-it@relui"


def test_a_month_end_is_a_series_for_long_months_and_one_for_short_ones() -> None:
    """February differs from year to year: it stands alone."""
    found = events(written(entry(Monthly(28, 2)), zone="UTC"))
    series = {str(event["UID"]): event["RRULE"].to_ical().decode() for event in found if "RRULE" in event}
    assert series == {
        "entry-it@relui": "FREQ=YEARLY;BYMONTHDAY=28;BYMONTH=1,3,5,7,8,10,12",
        "entry-it/2@relui": "FREQ=YEARLY;BYMONTHDAY=28;BYMONTH=4,6,9,11",
    }
    alone = [event.start.date() for event in found if "RRULE" not in event]
    assert alone == [date(year, 2, 28) for year in (2025, 2026, 2027, 2028)]


def test_an_exception_of_a_rule_does_not_take_place() -> None:
    left_out = datetime(2026, 12, 7, 20)
    given_entry = entry(Rule("FREQ=WEEKLY", datetime(2026, 11, 30, 20), 60, (left_out,)))
    found = read_back(written(given_entry))
    assert found == meant(given_entry)
    assert datetime(2026, 12, 7, 19, tzinfo=UTC) not in {start for start, _ in found}


def test_every_zone_that_is_used_is_described_with_its_true_changes() -> None:
    calendar = written(
        entry(Weekly(("sat",), time(18), time(6)), zone="America/New_York"),
        replace(entry(Monthly(1, 1)), id="other"),
    )
    zones = {str(zone["TZID"]): zone for zone in calendar.walk("VTIMEZONE")}
    assert set(zones) == {"America/New_York", "Europe/Berlin"}
    used = {str(event["DTSTART"].params.get("TZID")) for event in events(calendar)}
    assert used <= {"America/New_York", "Europe/Berlin", "None"}
    text = zones["America/New_York"].to_ical().decode()
    assert "20270314T020000" in text, "the clocks go forward at two by the clock before the change"
    assert "20271107T020000" in text
    zone = zones["America/New_York"].to_tz()
    for at in (datetime(2027, 3, 14, 12), datetime(2027, 3, 13, 12), datetime(2027, 11, 7, 12)):
        true = at.replace(tzinfo=ZoneInfo("America/New_York")).utcoffset()
        assert at.replace(tzinfo=zone).utcoffset() == true


def test_a_zone_is_described_from_the_first_start_of_a_series_on() -> None:
    calendar = written(entry(Rule("FREQ=WEEKLY", datetime(2015, 7, 6, 2), 60), zone="America/New_York"))
    zone = calendar.walk("VTIMEZONE")[0]
    assert min(part["DTSTART"].dt for part in zone.subcomponents) <= datetime(2015, 1, 1)
    assert "20150308T020000" in zone.to_ical().decode()


def test_a_time_in_the_second_of_a_double_hour_is_written_in_utc() -> None:
    """Wall-clock time cannot say it."""
    release = a_release(go_live=datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    calendar = Calendar.from_ical(calendar_ics(Organisation(), (release,), START, END, NOW))
    assert events(calendar)[0]["DTSTART"].to_ical() == b"20261025T013000Z"


def test_absences_are_whole_days_in_the_persons_zone() -> None:
    away = (Absence(date(2026, 12, 1), date(2026, 12, 2), "leave"),)
    person = Person("ada", "Ada", delegate="grace", zone="Asia/Tokyo", away=away)
    calendar = Calendar.from_ical(
        calendar_ics(Organisation(people=(person,), zone="Europe/Berlin"), (), START, END, NOW)
    )
    assert read_back(calendar) == {
        (datetime(2026, 11, 30, 15, tzinfo=UTC), datetime(2026, 12, 2, 15, tzinfo=UTC))
    }
    assert str(events(calendar)[0]["SUMMARY"]) == "Away: Ada"


# releases


def a_release(**more: object) -> Release:
    fields: dict[str, object] = {
        "id": "REL-2026-11-003",
        "title": "2.4.0 - Release - 2026-11-28",
        "service": "finance",
        "version": "2.4.0",
        "owner": "ada",
        "go_live": datetime(2026, 11, 28, 20, tzinfo=UTC),
        "zone": "Europe/Berlin",
        "template": "standard",
        "phases": (),
        "created_at": NOW,
        "created_by": "ada",
    }
    return Release(**(fields | more))  # type: ignore[arg-type]


def booking(**more: object) -> Booking:
    fields: dict[str, object] = {
        "at": datetime(2026, 11, 28, 21, tzinfo=UTC),
        "duration": 90,
        "counter": 7,
        "booked_at": NOW,
        "booked_by": "ada",
    }
    return Booking(**(fields | more))  # type: ignore[arg-type]


def event_of(release: Release, **more: object) -> Event:
    made = calendar_ics(Organisation(), (release,), START, END, NOW, **more)  # type: ignore[arg-type]
    return events(Calendar.from_ical(made))[0]


@pytest.mark.parametrize(
    ("more", "status", "words"),
    [
        ({}, "TENTATIVE", "planned, not booked"),
        ({"bookings": (booking(),)}, "CONFIRMED", "booked"),
        (
            {"bookings": (booking(held="to-be-moved", displaced_by="REL-2026-11-009"),)},
            "TENTATIVE",
            "to be moved, REL-2026-11-009 goes first",
        ),
        ({"bookings": (booking(held="released"),)}, "TENTATIVE", "planned, not booked"),
        ({"closing": Closing("cancelled", NOW, "ada", "no need")}, "CANCELLED", "cancelled"),
        ({"closing": Closing("successful", NOW, "ada")}, "CONFIRMED", "successful"),
    ],
)
def test_a_release_says_what_its_booking_is(more: dict[str, object], status: str, words: str) -> None:
    event = event_of(a_release(**more))
    assert (str(event["STATUS"]), str(event["SUMMARY"])) == (status, f"finance 2.4.0: {words}")
    assert event["DTSTAMP"].dt == NOW
    assert str(event["UID"]) == "REL-2026-11-003@relui"
    for line in ("Service: finance", "Version: 2.4.0", "Type: minor", "Impact: medium", "Owner: ada"):
        assert line in str(event["DESCRIPTION"]).splitlines()


def test_a_release_stands_where_it_is_booked() -> None:
    event = event_of(a_release(bookings=(booking(),)))
    start = datetime(2026, 11, 28, 21, tzinfo=UTC)
    assert (event.start.astimezone(UTC), event.end.astimezone(UTC)) == (start, start + timedelta(minutes=90))
    assert event["DTSTART"].to_ical() == b"20261128T220000"


def test_the_sequence_of_a_release_rises_with_every_change_of_its_booking() -> None:
    moved = booking(held="moved")
    history: list[tuple[Booking, ...]] = [
        (),
        (booking(),),
        (booking(held="to-be-moved"),),
        (moved, booking(counter=8)),
        (moved, booking(counter=8, held="released")),
        (moved, booking(counter=8, held="released"), booking(counter=9)),
    ]
    numbers = [int(event_of(a_release(bookings=bookings))["SEQUENCE"]) for bookings in history]
    assert numbers == sorted(set(numbers))
    assert int(event_of(a_release(), sequences={"REL-2026-11-003": 12})["SEQUENCE"]) == 12


def test_one_release_alone_and_an_unknown_one() -> None:
    others = (a_release(), a_release(id="REL-2026-11-004"))
    organisation = Organisation(entries=(entry(Monthly(1, 1)),))
    made = calendar_ics(organisation, others, START, END, NOW, only="REL-2026-11-004")
    assert [str(event["UID"]) for event in events(Calendar.from_ical(made))] == ["REL-2026-11-004@relui"]
    with pytest.raises(BadInput, match="REL-2026-11-005"):
        calendar_ics(organisation, others, START, END, NOW, only="REL-2026-11-005")


def test_texts_are_escaped_and_lines_folded() -> None:
    name = 'Über;\\, "quoted"\nBEGIN:VEVENT 支付 ' + "x" * 200
    made = calendar_ics(
        Organisation(entries=(CalendarEntry(kind="event", id="a:b;c", name=name, when=Monthly(1, 1)),)),
        (),
        START,
        END,
        NOW,
    )
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
    found = events(Calendar.from_ical(made))
    assert {str(event["SUMMARY"]) for event in found} == {f"Event: {name}"}


def test_the_same_calendar_at_the_same_moment_is_the_same_file() -> None:
    organisation = Organisation(zone="Europe/Berlin", entries=(entry(Weekly(("sat",), time(18), time(6))),))
    first, second = (calendar_ics(organisation, (a_release(),), START, END, NOW) for _ in range(2))
    assert first == second


def test_every_uid_is_used_once() -> None:
    calendar = written(
        entry(Weekly(("sun",), time(1), time(5))), replace(entry(Monthly(28, 2)), id="month-end")
    )
    uids = [str(event["UID"]) for event in events(calendar)]
    assert len(set(uids)) == len(uids) > 10
