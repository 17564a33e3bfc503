"""Events and absences from an ICS file: what it means, and that a bad file is named with its event."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from relui.documents.calendar_ics import calendar_ics
from relui.domain.calendar.entries import Days, Entry, Monthly, Pattern, Rule, Span, Weekly
from relui.domain.calendar.imported import Imported, with_imported
from relui.domain.calendar.occurrences import occurrences
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


def instants(entries: tuple[Entry, ...]) -> set[tuple[datetime, datetime]]:
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
        Entry(kind="event", id=f"entry-{number}", name="It", when=when, zone=BERLIN)
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
    own = Entry(kind="event", id="own", name="Own", when=Days(TODAY, TODAY))
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
        (["DTSTART:20261203T100000Z"], "it takes no time: its end (DTEND) is its start."),
        (["DTSTART:20261203T100000Z", "DTEND:20261203T100000Z"], "it takes no time"),
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
        (["DTSTART:00010101T100000Z", "DURATION:PT1H"], "is too far away"),
        (["DTSTART:20261203T100000Z", "DURATION:P9999999D"], "event 'Board meeting': "),
    ],
)  # fmt: skip
def test_a_bad_event_is_named_with_its_line_and_property(file: Path, lines: list[str], said: str) -> None:
    message = error(file, calendar(event("DTSTART;VALUE=DATE:20261201", uid="good"), event(*lines)))
    assert message.startswith(":9: event 'Board meeting': ")
    assert said in message


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
