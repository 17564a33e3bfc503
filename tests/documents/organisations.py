"""Organisations of any shape, with names that YAML could misread, for laws that hold for all of them."""

from __future__ import annotations

from datetime import date, datetime, time

from hypothesis import strategies as st

from relui.domain.calendar.entries import (
    KINDS,
    WEEKDAYS,
    CalendarEntry,
    Days,
    Monthly,
    Pattern,
    Rule,
    Span,
    Weekly,
    Yearly,
)
from relui.domain.organisation import Absence, Holidays, Organisation, Person, Policy, Service, Team
from relui.domain.text import clean, long_text

HOSTILE = (
    "no", "1.10", "22:00", "null", "~", "a: b", "# no comment", "'", '"', "- x", "{a: 1}", "[x]", "&a", "*a",
    "!!str", "@", "%", "2025-03-13", "012", "0x1f", "🚀 Überweisung", "支付", "=", "<<", "true", "|", ">",
    "?", "a\\nb", "x,y", "a #b", "...", "---",
)  # fmt: skip
ENVIRONMENTS = ("production", "staging", "eu: live", "no")
ZONES = ("", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo")
RULES = ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,FR", "FREQ=MONTHLY;BYDAY=2SU", "FREQ=YEARLY;COUNT=3")

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
walls = st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31)).map(lambda at: at.replace(microsecond=0))
lines = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30)).map(lambda t: clean(t).strip()).filter(bool)
notes = st.text(max_size=60).map(lambda text: long_text(text, what="It").strip())
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
month_days = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: (day.month, day.day))


@st.composite
def weekly(draw: st.DrawFn) -> Weekly:
    start = draw(clocks)
    chosen = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True))
    end = draw(st.one_of(clocks, st.just(start)))
    longest = 7 if end <= start else 6
    later = draw(st.sampled_from([0, 0, *range(1 + (end <= start), longest + 1)]))
    return Weekly(tuple(chosen), start, end, later)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    return draw(
        st.one_of(
            weekly(),
            st.builds(Monthly, st.integers(1, 31), st.integers(1, 31)),
            st.builds(Yearly, month_days, month_days),
            st.tuples(days, days).map(lambda pair: Days(min(pair), max(pair))),
            st.tuples(walls, walls)
            .filter(lambda pair: pair[0] != pair[1])
            .map(lambda pair: Span(min(pair), max(pair))),
            st.builds(
                Rule,
                st.sampled_from(RULES),
                walls,
                st.integers(1, 60 * 48),
                st.lists(walls, max_size=2).map(tuple),
            ),
        )
    )


def _ids(draw: st.DrawFn, most: int) -> list[str]:
    return draw(st.lists(lines, max_size=most, unique_by=str.casefold))


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    services, people, teams = _ids(draw, 3), _ids(draw, 3), _ids(draw, 2)
    entries = [
        CalendarEntry(
            kind=draw(st.sampled_from(KINDS)),
            id=name,
            name=draw(lines),
            when=draw(patterns()),
            zone=draw(st.sampled_from(ZONES)),
            services=tuple(draw(st.lists(st.sampled_from(services), max_size=2))) if services else (),
            environments=tuple(draw(st.lists(st.sampled_from(ENVIRONMENTS), max_size=2))),
            note=draw(notes),
        )
        for name in _ids(draw, 5)
    ]
    return Organisation(
        environments=ENVIRONMENTS[2:],
        name=draw(st.one_of(st.just(""), lines)),
        zone=draw(st.sampled_from(ZONES)),
        services=tuple(_service(draw, name, services, people, teams) for name in services),
        people=tuple(_person(draw, name, people) for name in people),
        teams=tuple(
            Team(name, draw(st.one_of(st.just(""), lines)), draw(st.integers(1, 9))) for name in teams
        ),
        holidays=Holidays(dates=tuple(draw(st.lists(days, max_size=3)))),
        entries=tuple(sorted(entries, key=lambda entry: KINDS.index(entry.kind))),
        policy=Policy(
            retention_months=draw(st.integers(12, 120)),
            pir_days=draw(st.integers(1, 30)),
            distinct_approver=draw(st.booleans()),
            on_time_tolerance=draw(st.integers(0, 5000)),
            emergency_criteria=tuple(draw(st.lists(lines, max_size=3))),
            governed_emergencies=draw(st.booleans()),
            finish_after_window=draw(st.booleans()),
            calendar_file=draw(st.one_of(st.just(""), lines)),
        ),
    )


def _service(draw: st.DrawFn, name: str, services: list[str], people: list[str], teams: list[str]) -> Service:
    others = [other for other in services if other != name]
    return Service(
        id=name,
        name=draw(lines),
        owner=draw(st.sampled_from(["", *people])),
        zone=draw(st.sampled_from(ZONES)),
        depends_on=tuple(draw(st.lists(st.sampled_from(others), max_size=2))) if others else (),
        infrastructure=tuple(draw(st.lists(lines, max_size=2))),
        team=draw(st.sampled_from(["", *teams])),
        stack=tuple(draw(st.lists(lines, max_size=2))),
        unrestricted=draw(st.booleans()),
    )


def _person(draw: st.DrawFn, name: str, people: list[str]) -> Person:
    pairs = draw(st.lists(st.tuples(days, days, st.one_of(st.just(""), lines)), max_size=2))
    return Person(
        id=name,
        name=draw(lines),
        roles=tuple(draw(st.lists(lines, max_size=2))),
        contact=draw(st.one_of(st.just(""), lines)),
        delegate=draw(st.sampled_from(["", *(other for other in people if other != name)])),
        zone=draw(st.sampled_from(ZONES)),
        away=tuple(Absence(min(a, b), max(a, b), reason, draw(lines)) for a, b, reason in pairs),
    )
