"""Events and absences from an ICS file: what it means, and that a bad file is named with its event."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from relui.documents.calendar_ics import calendar_ics
from relui.domain.calendar.effect import Imported, with_imported
from relui.domain.calendar.entries import CalendarEntry, Days, Monthly, Pattern, Rule, Span, Weekly
from relui.domain.calendar.occurrences import occurrences
from relui.domain.instants import from_wall, zone_named
from relui.domain.organisation import Absence, Organisation, Person
from relui.errors import BadInput
from relui.loading.calendar_ics import read_calendar_ics

TODAY = date(2026, 11, 21)
BERLIN = "Europe/Berlin"
OWN_ZONE = """\
BEGIN:VTIMEZONE
TZID:Ship
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0100
TZOFFSETTO:+0330
END:STANDARD
END:VTIMEZONE
"""


BROKEN_ZONE = """\
BEGIN:VTIMEZONE
TZID:Africa/Abidjan
TZID:Europe/Paris
BEGIN:STANDARD
DTSTART:nonsense
END:STANDARD
END:VTIMEZONE
"""
FLAWS = (
    [],
    ["DTSTART:soon"],
    ["DTSTART:20261203T100000Z", "DTEND:20261203T090000Z"],
    ["DTSTART;TZID=Customized Time Zone:20261203T100000", "DURATION:PT1H"],
    ["DTSTART:20261203T100000Z", "DURATION:PT1H", "RRULE:FREQ=OFTEN"],
    ["DTSTART;VALUE=DATE:20261203", "DTEND:20261205T100000Z"],
    ["DTSTART:20261203T100000Z", "DURATION:PT1H", "EXDATE:whenever"],
)
"""What makes an event that comes unreadable."""


def event(*lines: str, uid: str = "one@example.org", summary: str = "Board meeting") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{summary}", *lines, "END:VEVENT\n"])


def calendar(*parts: str) -> str:
    return "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n" + "".join(parts) + "END:VCALENDAR\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "events.ics"


def read(file: Path, *parts: str, **more: object) -> Imported:
    file.write_text(calendar(*parts), encoding="utf-8", newline="\r\n")
    return read_calendar_ics(file, BERLIN, TODAY, **more)  # type: ignore[arg-type]


def error(file: Path, content: str | bytes) -> str:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadInput) as caught:
        read_calendar_ics(file, BERLIN, TODAY)
    assert caught.value.message.startswith(str(file))
    return caught.value.message.removeprefix(str(file))


def instants(entries: tuple[CalendarEntry, ...]) -> set[tuple[datetime, datetime]]:
    start, end = datetime(2026, 11, 21, tzinfo=UTC), datetime(2028, 11, 1, tzinfo=UTC)
    return {(one.start, one.end) for entry in entries for one in occurrences(entry, start, end, BERLIN)}


# what an event means


@pytest.mark.parametrize(
    ("lines", "when", "zone"),
    [
        (["DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261205"],
         Days(date(2026, 12, 3), date(2026, 12, 4)), ""),
        (["DTSTART;VALUE=DATE:20261203"], Days(date(2026, 12, 3), date(2026, 12, 3)), ""),
        (["DTSTART:20261203T100000", "DTEND:20261203T120000"],
         Span(datetime(2026, 12, 3, 10), datetime(2026, 12, 3, 12)), ""),
        (["DTSTART:20261203T100000Z", "DURATION:PT90M"],
         Span(datetime(2026, 12, 3, 10), datetime(2026, 12, 3, 11, 30)), "UTC"),
        (["DTSTART;TZID=America/New_York:20261203T100000", "DTEND;TZID=Europe/London:20261203T180000"],
         Span(datetime(2026, 12, 3, 10), datetime(2026, 12, 3, 13)), "America/New_York"),
        (["DTSTART;TZID=W. Europe Standard Time:20261203T100000", "DURATION:PT1H"],
         Span(datetime(2026, 12, 3, 10), datetime(2026, 12, 3, 11)), "Europe/Berlin"),
        (["DTSTART;TZID=Ship:20261203T100000", "DURATION:PT1H"],
         Span(datetime(2026, 12, 3, 6, 30), datetime(2026, 12, 3, 7, 30)), "UTC"),
        (["DTSTART;TZID=Europe/Berlin:20261203T100000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=TH",
          "EXDATE:20261210T090000Z"],
         Rule("FREQ=WEEKLY;BYDAY=TH", datetime(2026, 12, 3, 10), 60, (datetime(2026, 12, 10, 10),)), BERLIN),
    ],
)  # fmt: skip
def test_an_event_takes_place_when_the_file_says(
    file: Path, lines: list[str], when: Pattern, zone: str
) -> None:
    found = read(file, OWN_ZONE, event(*lines)).entries
    assert [(entry.kind, entry.name, entry.when, entry.zone) for entry in found] == [
        ("event", "Board meeting", when, zone)
    ]


@pytest.mark.parametrize("length", ["DTEND;TZID=Europe/Berlin:20270328T060000", "DURATION:PT12H"])
def test_a_series_that_begins_with_a_short_night_has_full_nights_later(file: Path, length: str) -> None:
    rule = ["DTSTART;TZID=Europe/Berlin:20270327T180000", length, "RRULE:FREQ=WEEKLY"]
    assert read(file, event(*rule)).entries[0].when == Rule("FREQ=WEEKLY", datetime(2027, 3, 27, 18), 720)


def test_a_single_night_lasts_as_long_as_it_says(file: Path) -> None:
    """A duration in hours elapses; an end is what the clock shows."""
    ends = {
        length: read(file, event("DTSTART;TZID=Europe/Berlin:20270327T180000", length)).entries[0].when
        for length in ("DTEND;TZID=Europe/Berlin:20270328T060000", "DURATION:PT12H")
    }
    start = datetime(2027, 3, 27, 18)
    assert list(ends.values()) == [
        Span(start, datetime(2027, 3, 28, 6)),
        Span(start, datetime(2027, 3, 28, 7)),
    ]


def test_entries_are_of_the_kind_and_for_the_services_that_were_asked_for(file: Path) -> None:
    found = read(file, event("DTSTART;VALUE=DATE:20261203"), kind="blackout", services=["finance"]).entries[0]
    assert (found.kind, found.services) == ("blackout", ("finance",))


def test_whole_days_that_recur_are_written_out_for_24_months(file: Path) -> None:
    found = read(
        file, event("DTSTART;VALUE=DATE:20261203", "RRULE:FREQ=MONTHLY", "EXDATE;VALUE=DATE:20270103")
    ).entries
    assert found[0].when == Days(date(2026, 12, 3), date(2026, 12, 3))
    assert found[1].when == Days(date(2027, 2, 3), date(2027, 2, 3))
    assert found[-1].when == Days(date(2028, 11, 3), date(2028, 11, 3))
    assert len({entry.id for entry in found}) == len(found) == 23


def test_a_moved_and_a_cancelled_time_of_a_series_are_followed(file: Path) -> None:
    series = event("DTSTART;TZID=Europe/Berlin:20261201T100000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=3")
    moved = event("RECURRENCE-ID;TZID=Europe/Berlin:20261208T100000",
                  "DTSTART;TZID=Europe/Berlin:20261209T150000", "DURATION:PT2H")  # fmt: skip
    gone = event("RECURRENCE-ID;TZID=Europe/Berlin:20261215T100000", "STATUS:CANCELLED",
                 "DTSTART;TZID=Europe/Berlin:20261215T100000", "DURATION:PT1H")  # fmt: skip
    assert [entry.when for entry in read(file, series, moved, gone).entries] == [
        Span(datetime(2026, 12, 1, 10), datetime(2026, 12, 1, 11)),
        Span(datetime(2026, 12, 9, 15), datetime(2026, 12, 9, 17)),
    ]


def test_dates_beside_a_rule_are_taken(file: Path) -> None:
    found = read(file, event("DTSTART:20261201T100000Z", "DURATION:PT1H", "RDATE:20261205T100000Z")).entries
    assert [entry.when.start.day for entry in found if isinstance(entry.when, Span)] == [1, 5]


def test_what_is_over_is_left_out_and_told(file: Path) -> None:
    found = read(
        file,
        event("DTSTART;VALUE=DATE:20250101"),
        event("DTSTART;VALUE=DATE:20250101", "RRULE:FREQ=DAILY;COUNT=3", uid="two"),
        event("DTSTART:20250101T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20250301", uid="three"),
        event("DTSTART;VALUE=DATE:20261121", uid="four"),
    )
    assert [entry.when for entry in found.entries] == [Days(TODAY, TODAY)]
    assert found.told == ("3 events are over: left out.",)


def test_absences_are_the_whole_days_of_events(file: Path) -> None:
    found = read(
        file,
        event("DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261205", summary="Leave"),
        event("DTSTART:20261207T220000Z", "DURATION:PT4H", uid="two", summary="Flight"),
        event(
            "DTSTART:20261209T100000",
            "DURATION:PT1H",
            "RRULE:FREQ=WEEKLY;COUNT=2",
            uid="three",
            summary="Course",
        ),
        absences=True,
    )
    assert found.entries == ()
    assert [(absence.first, absence.last, absence.reason) for absence in found.absences] == [
        (date(2026, 12, 3), date(2026, 12, 4), "Leave"),
        (date(2026, 12, 7), date(2026, 12, 8), "Flight"),
        (date(2026, 12, 9), date(2026, 12, 9), "Course"),
        (date(2026, 12, 16), date(2026, 12, 16), "Course"),
    ]


@settings(max_examples=25, deadline=None)
@example(day=date(2027, 3, 27), hour=15, minutes=720)
@example(day=date(2027, 10, 30), hour=20, minutes=600)
@example(day=date(2027, 3, 28), hour=2, minutes=90)
@given(
    day=st.dates(date(2026, 12, 1), date(2028, 6, 1)), hour=st.integers(0, 23), minutes=st.integers(15, 3000)
)
def test_what_relui_wrote_it_reads_as_the_same_instants(
    tmp_path_factory: pytest.TempPathFactory, day: date, hour: int, minutes: int
) -> None:
    start = datetime(day.year, day.month, day.day, hour)
    patterns: tuple[Pattern, ...] = (
        Span(start, start + timedelta(minutes=minutes)),
        Rule("FREQ=WEEKLY;COUNT=4", start, minutes),
        Weekly(("sun",), start.time(), (start + timedelta(hours=5)).time()),
        Monthly(28, 2),
    )
    entries = tuple(
        CalendarEntry(kind="event", id=f"entry-{number}", name="It", when=when, zone=BERLIN)
        for number, when in enumerate(patterns)
    )
    now = datetime(2026, 11, 21, tzinfo=UTC)
    made = calendar_ics(
        Organisation(zone=BERLIN, entries=entries), (), now, datetime(2028, 11, 21, tzinfo=UTC), now
    )
    file = tmp_path_factory.mktemp("ics") / "calendar.ics"
    file.write_bytes(made)
    assert instants(read_calendar_ics(file, BERLIN, TODAY).entries) == instants(entries)


# a second import


def test_a_second_import_replaces_what_the_first_made(file: Path) -> None:
    own = CalendarEntry(kind="event", id="own", name="Own", when=Days(TODAY, TODAY))
    before = Organisation(entries=(own,))
    first = with_imported(
        before, read(file, event("DTSTART;VALUE=DATE:20261203", "RRULE:FREQ=DAILY;COUNT=3"))
    )
    assert len(first.entries) == 4
    again = read(file, event("DTSTART;VALUE=DATE:20261203", "RRULE:FREQ=DAILY;COUNT=3"))
    assert with_imported(first, again) == first
    moved = with_imported(first, read(file, event("DTSTART;VALUE=DATE:20261224", summary="Moved")))
    assert [(entry.id == "own", entry.name) for entry in moved.entries] == [(True, "Own"), (False, "Moved")]
    cancelled = read(file, event("DTSTART;VALUE=DATE:20261224", "STATUS:CANCELLED"))
    assert with_imported(moved, cancelled) == before


def test_a_second_import_replaces_absences_of_that_person_alone(file: Path) -> None:
    ada = Person("ada", "Ada", away=(Absence(date(2026, 12, 3), date(2026, 12, 3), "dentist"),))
    organisation = Organisation(people=(ada, Person("grace", "Grace")))
    first = with_imported(
        organisation, read(file, event("DTSTART;VALUE=DATE:20261210"), absences=True), "ada"
    )
    assert [absence.first.day for absence in first.people[0].away] == [3, 10]
    assert first.people[1].away == ()
    second = with_imported(first, read(file, event("DTSTART;VALUE=DATE:20261215"), absences=True), "ada")
    assert [absence.first.day for absence in second.people[0].away] == [3, 15]
    with pytest.raises(BadInput, match="Did you mean 'grace'"):
        with_imported(first, Imported(), "grce")


def test_the_later_version_of_an_event_counts(file: Path) -> None:
    found = read(
        file,
        event("DTSTART;VALUE=DATE:20261210", "SEQUENCE:2", summary="New"),
        event("DTSTART;VALUE=DATE:20261205", "SEQUENCE:1", summary="Old"),
    )
    assert [entry.name for entry in found.entries] == ["New"]


# exceptions of another kind than the series

SHIP = "DTSTART;TZID=Ship:20261203T100000"
DAYS = "DTSTART;VALUE=DATE:20261203"
ZONED = "DTSTART;TZID=Europe/Berlin:20261203T100000"


@pytest.mark.parametrize("start", [ZONED, SHIP, "DTSTART:20261203T090000Z", "DTSTART:20261203T100000", DAYS])
@pytest.mark.parametrize("kind", ["EXDATE", "EXRULE", "RECURRENCE-ID", "CANCELLED"])
@pytest.mark.parametrize("written", ["day", "utc", "floating"])
def test_an_exception_takes_its_time_out_however_it_is_written(
    file: Path, start: str, kind: str, written: str
) -> None:
    """Weekly from 3 December, three times: the second is taken out, or moved to the 11th."""
    clock = {ZONED: "0900", SHIP: "0630", "DTSTART:20261203T090000Z": "0900"}.get(start, "0900")
    wall = start.rpartition("T")[2] if start != DAYS else "000000"
    if start == DAYS and written == "utc":
        clock = "0000"
    said = {
        "day": ";VALUE=DATE:20261210",
        "utc": f":20261210T{clock}00Z",
        "floating": f":20261210T{wall.strip('Z')}",
    }[written]
    lines = [start, "RRULE:FREQ=WEEKLY;COUNT=3", *([] if start == DAYS else ["DURATION:PT1H"])]
    parts = [event(*lines)]
    if kind == "EXDATE":
        parts = [event(*lines, f"EXDATE{said}")]
    elif kind == "EXRULE":
        parts = [event(*lines, "EXRULE:FREQ=MONTHLY;BYMONTHDAY=10")]
    else:
        status = ["STATUS:CANCELLED"] if kind == "CANCELLED" else []
        parts.append(event(f"RECURRENCE-ID{said}", *status, start.replace("1203", "1211"),
                           *([] if start == DAYS else ["DURATION:PT1H"])))  # fmt: skip
    days = [
        begins.astimezone(zone_named(BERLIN)).day
        for begins, _ in sorted(instants(read(file, OWN_ZONE, *parts).entries))
    ]
    assert days == ([3, 11, 17] if kind == "RECURRENCE-ID" else [3, 17])


def test_a_day_takes_out_every_start_on_it(file: Path) -> None:
    rule = "RRULE:FREQ=DAILY;COUNT=4;BYHOUR=10,15"
    found = read(file, event(ZONED, "DURATION:PT1H", rule, "EXDATE;VALUE=DATE:20261203"))
    assert [begins.day for begins, _ in sorted(instants(found.entries))] == [4, 4]


@pytest.mark.parametrize("added", [":20261205T090000Z", ";VALUE=DATE:20261205",
                                   ";VALUE=PERIOD:20261205T090000Z/PT1H"])  # fmt: skip
def test_an_added_date_is_a_time_of_the_series_however_it_is_written(file: Path, added: str) -> None:
    found = read(file, event(ZONED, "DURATION:PT1H", f"RDATE{added}"))
    assert sorted(instants(found.entries)) == [
        (datetime(2026, 12, day, 9, tzinfo=UTC), datetime(2026, 12, day, 10, tzinfo=UTC)) for day in (3, 5)
    ]


def test_changes_of_a_series_that_the_file_does_not_hold_are_events_of_their_own(file: Path) -> None:
    lone = [
        event(f"RECURRENCE-ID;VALUE=DATE:{day}", f"DTSTART;VALUE=DATE:{day}", "RRULE:FREQ=WEEKLY", *more)
        for day, more in (("20270201", ()), ("20270301", ()), ("20270401", ("STATUS:CANCELLED",)))
    ]
    assert [entry.when for entry in read(file, *lone).entries] == [
        Days(date(2027, 2, 1), date(2027, 2, 1)),
        Days(date(2027, 3, 1), date(2027, 3, 1)),
    ]


# where times are meant, and free time


@pytest.mark.parametrize(
    ("zone", "utc", "told"),
    [("America/New_York", 15, 0), ("Eastern Standard Time", 15, 0), ("", 9, 0), ("Nowhere/Land", 9, 1)],
)
def test_times_without_a_zone_are_meant_where_the_file_says(
    file: Path, zone: str, utc: int, told: int
) -> None:
    found = read(file, f"X-WR-TIMEZONE:{zone}\n", event("DTSTART:20261203T100000", "DURATION:PT1H"),
                 event("DTSTART:20261203T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2", uid="two"),
                 event("DTSTART;VALUE=DATE:20261207", uid="three"))  # fmt: skip
    starts = sorted(begins for begins, _ in instants(found.entries))
    assert starts == [
        *(datetime(2026, 12, day, utc, tzinfo=UTC) for day in (3, 4)),
        datetime(2026, 12, 6, 23, tzinfo=UTC),
    ]
    assert len(found.told) == told


@pytest.mark.parametrize(
    ("lines", "away"),
    [
        (["TRANSP:TRANSPARENT"], False),
        (["X-MICROSOFT-CDO-BUSYSTATUS:FREE"], False),
        (["X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"], False),
        (["TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"], True),
        (["STATUS:CANCELLED"], False),
        (["STATUS:TENTATIVE", "TRANSP:OPAQUE"], True),
        ([], True),
    ],
)
def test_free_time_is_no_absence_and_told(file: Path, lines: list[str], away: bool) -> None:
    for rule in ([], ["RRULE:FREQ=WEEKLY;COUNT=2"]):
        found = read(file, event(DAYS, *rule, *lines), absences=True)
        assert bool(found.absences) == away
        assert bool(found.told) != away
        assert all("'Board meeting'" in words for words in found.told)
    assert bool(read(file, event(DAYS, *lines)).entries) == ("STATUS:CANCELLED" not in lines)


def test_one_free_time_of_a_series_is_no_absence(file: Path) -> None:
    series = event(DAYS, "RRULE:FREQ=WEEKLY;COUNT=3")
    free = event("RECURRENCE-ID;VALUE=DATE:20261210", "DTSTART;VALUE=DATE:20261210", "TRANSP:TRANSPARENT")
    assert [away.first.day for away in read(file, series, free, absences=True).absences] == [3, 17]


def test_a_short_event_is_told_as_an_absence_of_a_whole_day(file: Path) -> None:
    found = read(file, event(ZONED, "DURATION:PT15M"), absences=True)
    assert len(found.absences) == 1
    assert found.told == ("1 event takes part of a day, and an absence is of whole days: 'Board meeting'.",)


# what is refused


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", ": the file is empty."),
        ("  \r\n ", ": the file is empty."),
        ("name,date\nparty,2026-12-03\n", ":1: this is not an ICS file"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", ":1: this is not UTF-8 text"),
        (b"BEGIN:VCALENDAR\n\0\0\0", ":1: this is not an ICS file"),
        ("BEGIN:VCALENDAR\nVERSION:2.0\n", ": the file ends inside 'VCALENDAR': it is cut off."),
        (calendar(event("DTSTART:20261203T100000Z"))[:-40], ": the file ends inside"),
        ("BEGIN:VCALENDAR\nEND:VEVENT\n", ":2: the end of 'VEVENT' has no beginning."),
        ("BEGIN:VCALENDAR\nnonsense\nEND:VCALENDAR\n", ": this is not a usable ICS file"),
        (
            "BEGIN:VCALENDAR\n" + "BEGIN:X\n" * 5000 + "END:X\n" * 5000 + "END:VCALENDAR\n",
            ": nested more than",
        ),
        (
            calendar(*[event("DTSTART:20261203T100000Z")] * 5001),
            ": it holds 5,001 events; at most 5,000 fit.",
        ),
        (b"BEGIN:VCALENDAR\n" + b"X-A:b\n" * 1_000_000, ": the file is larger than 5 MB."),
        ("BEGIN:VCALENDAR\nX-A:" + "b" * 200_000 + "\nEND:VCALENDAR\n", ":2: this line is too long."),
    ],
    ids=lambda value: None if isinstance(value, bytes) or len(value) > 60 else value,
)
def test_a_file_that_is_no_calendar_is_refused(file: Path, content: str | bytes, said: str) -> None:
    assert said in error(file, content)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "it has no start (DTSTART)."),
        (["DTSTART:20260230T100000Z"], "its start (DTSTART) cannot be read"),
        (["DTSTART:soon"], "its start (DTSTART) cannot be read"),
        (["DTSTART:20261203T100000Z", "DTEND:20261203T090000Z"], "before it starts"),
        (["DTSTART:20261203T100000Z", "DURATION:-PT1H"], "before it starts"),
        (["DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261201"], "before it starts"),
        (["DTSTART;VALUE=DATE:20261203", "DTEND:20261205T100000Z"], "are not of a kind"),
        (["DTSTART:20261203T100000", "DTEND:20261205T100000Z"], "has a zone and its end (DTEND) has none"),
        (["DTSTART:20261203T100000Z", "DTSTART:20261204T100000Z"], "DTSTART stands twice in it."),
        (["DTSTART;TZID=Europe/Lundon:20261203T100000", "DURATION:PT1H"], "Did you mean 'Europe/London'?"),
        (["DTSTART:20261203T100000Z", "DURATION:PT1H", "RRULE:FREQ=SECONDLY"], "its rule (RRULE)"),
        (["DTSTART:20261203T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;INTERVAL=0"], "its rule (RRULE)"),
        (["DTSTART:20261203T100000Z", "DURATION:PT1H", "RRULE:FREQ=OFTEN"], "its rule (RRULE) cannot be"),
        (["DTSTART:99980101T100000Z", "DURATION:PT1H"], "is too far away"),
        (["DTSTART:20261203T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", "EXRULE:FREQ=NEVER"], "(EXRULE)"),
        (["RECURRENCE-ID:someday", "DTSTART:20261203T100000Z", "DURATION:PT1H"], "that stays as it was"),
        (["DTSTART:20261203T100000Z", "DURATION:P9999999D"], "event 'Board meeting': "),
    ],
)  # fmt: skip
def test_a_bad_event_is_named_with_its_line_and_property(file: Path, lines: list[str], said: str) -> None:
    found = read(file, event("DTSTART;VALUE=DATE:20261201", uid="good"), event(*lines))
    assert [entry.when for entry in found.entries] == [Days(date(2026, 12, 1), date(2026, 12, 1))]
    (message,) = found.passed_over
    assert message.startswith(f"{file}:9: event 'Board meeting': ")
    assert said in message
    assert said in error(file, calendar(event(*lines)))


@settings(max_examples=25, deadline=None)
@given(flaws=st.lists(st.none() | st.sampled_from(range(len(FLAWS))), min_size=1, max_size=12))
def test_of_n_events_with_k_broken_the_others_are_taken_and_the_k_are_named(
    tmp_path_factory: pytest.TempPathFactory, flaws: list[int | None]
) -> None:
    good = ["DTSTART;TZID=Europe/Paris:20261203T100000", "DURATION:PT1H", "X-NOTE:folded", "  on and on",
            "BEGIN:VALARM", "TRIGGER:PT-2H", "END:VALARM"]  # fmt: skip
    made = [
        event(*(good if flaw is None else FLAWS[flaw]), uid=f"u{number}", summary=f"No {number}")
        for number, flaw in enumerate(flaws)
    ]
    file = tmp_path_factory.mktemp("ics") / "events.ics"
    broken = [number for number, flaw in enumerate(flaws) if flaw is not None]
    if len(broken) == len(flaws):
        message = error(file, calendar(BROKEN_ZONE, *made))
        assert [f"'No {number}'" in message for number in broken] == [True] * len(broken)
        return
    found = read(file, BROKEN_ZONE, *made)
    assert [entry.name for entry in found.entries] == [
        f"No {number}" for number, flaw in enumerate(flaws) if flaw is None
    ]
    assert len(found.passed_over) == len(broken)
    lines = calendar(BROKEN_ZONE, *made).split("\n")
    for number, words in zip(broken, found.passed_over, strict=True):
        line = lines.index(f"UID:u{number}")  # counted from 0: the line before it is where the event begins
        assert words.startswith(f"{file}:{line}: event 'No {number}': ")


def test_a_bad_event_that_is_over_never_matters(file: Path) -> None:
    over = [
        event("DTSTART:20200203T100000Z", "DTEND:20200203T090000Z", uid="a"),
        event("DTSTART;TZID=Nowhere:20200203T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3", uid="b"),
        event("DTSTART;TZID=Nowhere:20200203T100000", "RRULE:FREQ=DAILY;UNTIL=20201231", uid="c"),
        event("DTSTART:20200230T100000Z", "DTEND:20200203T090000Z", uid="d"),
    ]
    comes = event("DTSTART;TZID=Nowhere:20200203T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY", uid="e")
    good = event("DTSTART;VALUE=DATE:20261201", uid="f")
    found = read(file, *over[:3], good)
    assert (len(found.entries), found.passed_over) == (1, ())
    assert found.told == ("3 events are over: left out.",)
    assert len(read(file, over[3], comes, good).passed_over) == 2


def test_what_a_broken_event_made_before_stays(file: Path) -> None:
    good = event("DTSTART;VALUE=DATE:20261210", uid="good")
    before = with_imported(Organisation(), read(file, good, event("DTSTART;VALUE=DATE:20261203")))
    again = with_imported(before, read(file, good, event("DTSTART:soon")))
    assert {entry.id for entry in again.entries} == {entry.id for entry in before.entries}


def test_an_event_that_takes_no_time_is_left_out_and_named(file: Path) -> None:
    moment = event("DTSTART:20261203T100000Z", "DTEND:20261203T100000Z", uid="two", summary="Call")
    found = read(file, event("DTSTART:20261203T100000Z"), moment)
    assert (found.entries, found.passed_over) == ((), ())
    assert found.told == ("2 events take no time: left out: 'Board meeting', 'Call'.",)


def test_a_day_that_ends_on_itself_is_that_day(file: Path) -> None:
    found = read(file, event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261224"))
    assert [entry.when for entry in found.entries] == [Days(date(2026, 12, 24), date(2026, 12, 24))]


def test_a_bad_event_does_not_send_escape_sequences_to_the_terminal(file: Path) -> None:
    message = error(file, calendar(event("DTSTART:x\x1b]0;title\x07", summary="\x1b[31mRed\u202e")))
    assert "\x1b" not in message and "\u202e" not in message
    assert "event 'Red'" in message


def test_names_are_cleaned(file: Path) -> None:
    found = read(file, event("DTSTART;VALUE=DATE:20261203", summary="\x1b[31mRed\\nand\\, blue")).entries[0]
    assert found.name == "Red and, blue"


def test_a_series_that_would_flood_the_calendar_is_refused(file: Path) -> None:
    rule = "RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5,6;BYMINUTE=0,15,30,45"
    message = error(
        file, calendar(OWN_ZONE, event("DTSTART;TZID=Ship:20261203T100000", "DURATION:PT5M", rule))
    )
    assert "it takes place more than 1,000 times in 24 months." in message


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_but_never_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    good = calendar(
        OWN_ZONE,
        event("DTSTART;TZID=Ship:20261203T100000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=9"),
        event("DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261205", "RRULE:FREQ=MONTHLY", uid="two"),
        event("DTSTART:20261203T100000Z", "DTEND:20261203T110000Z", "RDATE:20261205T100000Z", uid="three"),
    )  # fmt: skip
    text = bytearray(good.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text) - 1))
        piece = data.draw(
            st.sampled_from([b"", b";", b":", b"=", b",", b"0", b"9", b"Z", b"\n", b"T", b"-", b"P"])
        )
        text[at : at + data.draw(st.integers(0, 4))] = piece
    file = tmp_path_factory.mktemp("ics") / "damaged.ics"
    file.write_bytes(bytes(text))
    for absences in (False, True):
        try:
            read_calendar_ics(file, BERLIN, TODAY, absences=absences)
        except BadInput as caught:
            assert str(file) in caught.message


# over nights on which the clocks change


@settings(max_examples=60, deadline=None)
@given(
    day=st.sampled_from([date(2027, 3, 14), date(2027, 3, 28), date(2027, 10, 31), date(2027, 11, 7)]),
    before=st.integers(0, 3),
    hour=st.integers(0, 23),
    minutes=st.integers(15, 720),
    zone=st.sampled_from([BERLIN, "America/New_York", "UTC"]),
    gone=st.integers(0, 4),
    written=st.sampled_from(["day", "zoned", "utc", "floating"]),
)
def test_a_series_over_a_change_of_the_clocks_keeps_its_wall_clock_and_loses_what_is_excepted(
    tmp_path_factory: pytest.TempPathFactory, day: date, before: int, hour: int, minutes: int, zone: str,
    gone: int, written: str,
) -> None:  # fmt: skip
    """Daily, five times: each begins at the same time of day, whatever is between, and one is taken out."""
    first = datetime.combine(day - timedelta(days=before), time(hour, 30))
    walls = [first + timedelta(days=number) for number in range(5)]
    starts = [from_wall(wall, zone).at for wall in walls]
    out = walls[gone]
    exception = {
        "day": f";VALUE=DATE:{out:%Y%m%d}",
        "zoned": f";TZID={zone}:{out:%Y%m%dT%H%M%S}",
        "utc": f":{starts[gone]:%Y%m%dT%H%M%SZ}",
        "floating": f":{out:%Y%m%dT%H%M%S}",
    }[written]
    if written == "utc" and starts[gone].astimezone(zone_named(zone)).replace(tzinfo=None) != out:
        return  # an hour that does not exist: in UTC nobody knows what was meant
    file = tmp_path_factory.mktemp("ics") / "events.ics"
    found = read(
        file,
        event(
            f"DTSTART;TZID={zone}:{first:%Y%m%dT%H%M%S}",
            f"DURATION:PT{minutes}M",
            "RRULE:FREQ=DAILY;COUNT=5",
            f"EXDATE{exception}",
        ),
    )
    length = timedelta(minutes=minutes)
    assert instants(found.entries) == {
        (start, start + length) for number, start in enumerate(starts) if number != gone
    }
