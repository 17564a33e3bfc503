"""The calendar's lines without a screen: what stands where, in words and signs and not in colours alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from relui.domain.calendar.entries import Days, Kind, Span
from relui.domain.calendar.slot import Finding, RuleName, Severity, Slot, SlotStanding, Verdict
from relui.domain.instants import zone_named
from relui.domain.organisation import Absence, Organisation, Person
from relui.domain.release import Release
from relui.ui.calendar.agenda import agenda_rows
from relui.ui.calendar.axis import busy_hours, layout
from relui.ui.calendar.blocks import Look, fitted, lanes
from relui.ui.calendar.month import month_lines, month_range
from relui.ui.calendar.scene import (
    Piece,
    Scene,
    Thing,
    absence_things,
    build_scene,
    clock_change,
    fits,
    occurrence_things,
    pieces_of,
    release_thing,
)
from relui.ui.calendar.week import week_lines
from relui.ui.calendar.words import Told, page_title, range_words, release_lines, verdict_lines
from relui.ui.one_release.slot_words import finding_lines
from tests.ui.calendars import NIGHTS, TWO_DAYS, entry, occurrence

BERLIN = "Europe/Berlin"
MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)


def at(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone_named(zone)).astimezone(UTC)


def released(
    number: int, start: str, minutes: int = 120, standing: SlotStanding = "booked", **more: str
) -> Thing:
    release = Release(
        id=f"REL-2026-11-{number:03d}",
        title="",
        service=more.get("service", "payments"),
        version=f"2.{number}.0",
        owner="ada",
        go_live=at(start),
        zone=BERLIN,
        duration=minutes,
        template="standard",
        phases=(),
        created_at=NOW,
        created_by="ada",
        type="minor",
    )
    slot = Slot(
        release=release.id,
        service=release.service,
        start=at(start),
        duration=minutes,
        zone=BERLIN,
        standing=standing,
    )
    return release_thing(release, slot)


def weekend() -> list[Thing]:
    night = entry("weekend", NIGHTS)
    starts = [at("2026-11-21T18:00"), at("2026-11-22T18:00")]
    return occurrence_things(occurrence(night, start, start + timedelta(hours=12)) for start in starts)


def blackout() -> list[Thing]:
    freeze = entry("stocktaking", TWO_DAYS, "blackout")
    return occurrence_things([occurrence(freeze, at("2026-11-18T00:00"), at("2026-11-20T00:00"))])


def scene(things: Sequence[Thing], **more: object) -> Scene:
    return build_scene(things, MONDAY, 7, BERLIN, NOW, **more)  # type: ignore[arg-type]


def week(
    things: Sequence[Thing], look: Look | None = None, size: tuple[int, int] = (79, 15)
) -> list[Content]:
    made = scene(things)
    return week_lines(made, layout(*size, lambda: busy_hours(made)), look or Look())


def text(lines: Sequence[Content]) -> str:
    return "\n".join(line.plain for line in lines)


def row_of(lines: Sequence[Content], label: str) -> str:
    return next(line.plain for line in lines if line.plain.startswith(label))


# -- the axis ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(79, 15), (119, 29), (150, 47), (199, 40)])
def test_every_size_has_a_row_that_begins_at_20(size: tuple[int, int]) -> None:
    assert 20 * 60 in [row.start for row in layout(*size).rows]


@given(st.integers(57, 220), st.integers(10, 120), st.lists(st.integers(0, 23), unique=True))
def test_rows_cover_the_day_without_gaps_and_fit(width: int, height: int, busy: list[int]) -> None:
    plan = layout(width, height, lambda: busy)
    assert plan.rows[0].start == 0
    assert plan.rows[-1].end == 1440
    assert all(a.end == b.start for a, b in zip(plan.rows, plan.rows[1:], strict=False))
    assert len(plan.rows) + plan.strip + 1 + plan.legend <= max(height, 9)
    for minute in range(0, 1440, 15):
        row = plan.rows[plan.row_of(minute)]
        assert row.start <= minute < row.end


def test_busy_hours_become_finer_where_there_is_room() -> None:
    plan = layout(150, 40, lambda: [20, 21])
    assert [row.label for row in plan.rows if 20 * 60 <= row.start < 22 * 60] == [
        "20:00",
        "20:30",
        "21:00",
        "21:30",
    ]
    assert [row.label for row in plan.rows if 10 * 60 <= row.start < 11 * 60] == ["10:00"]


# -- the week ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(79, 15), (119, 29), (199, 47)])
def test_every_line_of_a_week_has_the_same_width(size: tuple[int, int]) -> None:
    things = [*weekend(), *blackout(), released(3, "2026-11-21T20:00")]
    lines = week(things, size=size)
    widths = {cell_len(line.plain) for line in lines[: len(lines) - layout(*size).legend]}
    assert len(widths) == 1
    assert max(widths) <= size[0]


def test_a_release_shows_how_it_stands_by_a_sign() -> None:
    things = [
        released(1, "2026-11-17T20:00", standing="booked"),
        released(2, "2026-11-18T20:00", standing="planned"),
        released(3, "2026-11-19T20:00", standing="to-be-moved"),
        released(4, "2026-11-20T20:00"),
    ]
    row = row_of(week(things, Look(conflicts=frozenset(["REL-2026-11-003", "REL-2026-11-004"]))), "20:00")
    assert [row.count(sign) for sign in ("[x]11-001", "[ ]11-002", "[>]11-003", "[!]11-004")] == [1, 1, 1, 1]


def test_a_block_across_midnight_goes_on_the_next_day() -> None:
    lines = week([released(1, "2026-11-21T22:00", 360)])
    late = row_of(lines, "22:00")
    saturday, sunday = late.index("[x]11-001"), row_of(lines, "00:00").index("[x]11-001")
    assert sunday - saturday == 10  # the next column


def test_a_blackout_is_hatched_and_named_on_each_of_its_days() -> None:
    lines = week(blackout())
    assert row_of(lines, "00:00").count("B Stock") == 2
    assert row_of(lines, "12:00").count("╱") == 18


def test_a_blackout_of_some_services_is_hatched_thinly() -> None:
    some = entry("stocktaking", TWO_DAYS, "blackout", services=("search",))
    things = occurrence_things([occurrence(some, at("2026-11-18T00:00"), at("2026-11-20T00:00"))])
    assert 0 < row_of(week(things), "12:00").count("╱") < 18


def test_without_grounds_of_colour_windows_are_dotted() -> None:
    assert "·" not in text(week(weekend()))
    assert row_of(week(weekend(), Look(dotted=True)), "20:00").count("·") == 18


def test_windows_are_named_where_they_open() -> None:
    assert row_of(week(weekend(), size=(119, 29)), "18:00").count("Weekend") == 2


def test_overlapping_releases_stand_side_by_side_or_are_counted() -> None:
    two = [released(n, "2026-11-21T20:00") for n in (1, 2)]
    row = row_of(week(two, size=(199, 40)), "20:00")
    assert "11-001" in row
    assert "11-002" in row
    four = [released(n, "2026-11-21T20:00") for n in (1, 2, 3, 4)]
    assert "+2" in row_of(week(four), "20:00")


@given(st.lists(st.tuples(st.integers(0, 1380), st.integers(15, 600)), max_size=12), st.integers(3, 40))
def test_no_two_blocks_cover_the_same_cell_and_every_release_is_shown_or_counted(
    times: list[tuple[int, int]], width: int
) -> None:
    pieces = [
        Piece(released(n, "2026-11-21T20:00"), 0, start, min(start + length, 1440))
        for n, (start, length) in enumerate(times)
    ]
    blocks = lanes(pieces, width)
    for one in blocks:
        assert one.at >= 0
        assert one.width > 0
        assert one.at + one.width <= width
        for other in blocks:
            if one is not other and one.piece.start < other.piece.end and other.piece.start < one.piece.end:
                assert one.at + one.width <= other.at or other.at + other.width <= one.at
    assert len(blocks) + sum(block.more for block in blocks) == len(pieces)


def test_now_is_a_line_on_today_and_a_sign_at_its_hour() -> None:
    lines = week([])
    row = row_of(lines, "18:00")  # 19:00 in Berlin: in the row of 18:00 to 20:00
    assert row.startswith("18:00>")
    assert "━19:00━" in row
    assert text(lines).count("━19:00") == 1


def test_the_strip_tells_maintenance_events_absences_and_holidays_by_letters() -> None:
    organisation = Organisation(
        zone=BERLIN, people=(Person("lin", "Lin", away=(Absence(date(2026, 11, 17), date(2026, 11, 17)),)),)
    )
    storage = entry("storage", Span(datetime(2026, 11, 17, 20), datetime(2026, 11, 17, 22)), "maintenance")
    things = [
        *absence_things(organisation, "UTC"),
        *occurrence_things([occurrence(storage, at("2026-11-17T20:00"), at("2026-11-17T22:00"))]),
    ]
    made = scene(things, holidays={date(2026, 11, 18): "Repentance Day"})
    shown = text(week_lines(made, layout(150, 40), Look()))
    for words in ("A Lin", "M 20:00 Storage", "H Repentance Day"):
        assert words in shown


def test_more_than_the_strip_holds_is_counted() -> None:
    fairs = [entry(f"fair{n}", Days(MONDAY, MONDAY), "event") for n in range(5)]
    things = occurrence_things(
        occurrence(one, at("2026-11-16T00:00"), at("2026-11-17T00:00")) for one in fairs
    )
    assert "+4 more" in text(week(things))


def test_milestones_of_the_chosen_release_stand_on_their_days() -> None:
    chosen = released(1, "2026-11-21T20:00").release
    made = scene([], chosen=chosen)
    assert made.notes[date(2026, 11, 19)] == ("^ staging acceptance",)  # two days before [S1.5]
    assert made.notes[date(2026, 11, 17)] == ("^ test complete",)


@pytest.mark.parametrize(
    ("day", "zone", "words"),
    [
        (date(2026, 3, 29), BERLIN, "clocks +1h"),
        (date(2026, 10, 25), BERLIN, "clocks -1h"),
        (date(2026, 4, 5), "Australia/Lord_Howe", "clocks -30m"),
        (date(2026, 11, 16), BERLIN, ""),
    ],
)
def test_a_day_with_a_changed_clock_says_so(day: date, zone: str, words: str) -> None:
    assert clock_change(day, zone_named(zone)) == words


def test_a_release_lies_on_the_day_of_the_zone_that_is_shown() -> None:
    thing = released(1, "2026-11-21T23:00")
    berlin = build_scene([thing], MONDAY, 7, BERLIN, NOW)
    tokyo = build_scene([thing], MONDAY, 7, "Asia/Tokyo", NOW)
    assert [(piece.day, piece.start) for piece in berlin.pieces] == [(5, 1380), (6, 0)]
    assert [(piece.day, piece.start) for piece in tokyo.pieces] == [(6, 420)]


def test_long_and_wide_names_keep_the_columns() -> None:
    things = [released(1, "2026-11-18T20:00", service="支付系统" * 8), *weekend()]
    lines = week(things)
    assert len({cell_len(line.plain) for line in lines}) == 1


@given(st.text(max_size=40), st.integers(0, 30))
def test_a_text_is_fitted_to_exactly_its_cells(words: str, width: int) -> None:
    from relui.domain.text import clean

    assert cell_len(fitted(clean(words), width)) == width


# -- month and agenda ----------------------------------------------------------------------------------


def test_a_month_has_whole_weeks_from_monday() -> None:
    assert month_range(date(2026, 11, 20)) == (date(2026, 10, 26), 42)
    assert month_range(date(2027, 2, 14)) == (date(2027, 2, 1), 28)


def test_a_month_shows_releases_blackouts_and_how_many_more() -> None:
    first, count = month_range(date(2026, 11, 20))
    things = [*blackout(), *weekend(), *(released(n, "2026-11-21T20:00") for n in range(1, 9))]
    made = build_scene(things, first, count, BERLIN, NOW)
    lines = month_lines(made, date(2026, 11, 20), 132, 29, Look(cursor=(date(2026, 11, 20), 0)))
    shown = text(lines)
    assert "[20]" in shown
    assert "B Stocktaking" in shown
    assert "[x] 11-001" in shown
    assert "+6 more" in shown
    assert len(lines) <= 29
    assert page_title("month", made, date(2026, 11, 20)) == "Calendar  November 2026"


def test_an_agenda_lists_each_thing_under_every_day_that_it_covers() -> None:
    things = [*weekend(), *blackout(), released(3, "2026-11-21T20:00")]
    made = scene(things)
    rows = agenda_rows(made, 100, Look())
    assert [(row.day, row.key) for row in rows if row.key] == [
        (day, thing.key)
        for number, day in enumerate(made.days)
        for thing in made.things
        if any(piece.day == number for piece in pieces_of(thing, made))
    ]
    assert any(row.content.plain.startswith("Sat 21 Nov") for row in rows)
    assert any("20:00-22:00" in row.content.plain and "booked" in row.content.plain for row in rows)


def test_an_agenda_says_how_long_a_thing_goes_on() -> None:
    rows = [row.content.plain.split() for row in agenda_rows(scene([*weekend(), *blackout()]), 100, Look())]
    shown = [" ".join(words) for words in rows]
    assert "all day B Stocktaking until Thu 19 Nov" in shown
    assert "all day B Stocktaking since Wed 18 Nov" in shown
    assert "18:00-24:00 W Weekend until Sun 22 Nov 06:00" in shown
    assert "00:00-06:00 W Weekend since Sat 21 Nov 18:00" in shown


@pytest.mark.parametrize("size", [(79, 15), (119, 29), (199, 40)])
@pytest.mark.parametrize("kind", ["maintenance", "event"])
def test_what_has_hours_is_drawn_at_them_and_beside_releases(size: tuple[int, int], kind: Kind) -> None:
    span = Span(datetime(2026, 11, 21, 20), datetime(2026, 11, 22, 2))
    storage = entry("storage", span, kind)
    things = occurrence_things([occurrence(storage, at("2026-11-21T20:00"), at("2026-11-22T02:00"))])
    letter = {"maintenance": "M", "event": "O"}[kind]
    saturday = row_of(week(things, size=size), "20:00")[6:]
    cells = (size[0] - 6) // 7
    column = saturday[5 * cells : 6 * cells]
    assert column.startswith(f"┃{letter} Stora"), "Saturday from 20:00"
    assert row_of(week(things, size=size), "00:00")[6:][6 * cells] == "┃", "Sunday until 02:00"
    both = row_of(week([*things, released(3, "2026-11-21T20:00")], size=size), "20:00")[6:]
    assert "┃" in both[5 * cells : 6 * cells] and "3" in both[5 * cells : 6 * cells]


def test_whole_days_of_maintenance_stand_in_the_strip_alone() -> None:
    freeze = entry("storage", TWO_DAYS, "maintenance")
    things = occurrence_things([occurrence(freeze, at("2026-11-18T00:00"), at("2026-11-20T00:00"))])
    assert "┃" not in text(week(things, size=(119, 29)))


# -- words ---------------------------------------------------------------------------------------------


def test_a_range_says_how_long_it_really_is() -> None:
    spring = range_words(at("2026-03-28T18:00"), at("2026-03-29T06:00"), BERLIN)
    assert spring == "Sat 28 Mar 18:00 to Sun 29 Mar 06:00 CEST (11 h)"


def finding(rule: RuleName = "same-service", severity: Severity = "blocks", other: str = "") -> Finding:
    words, way_out = "REL-2026-11-002 is there.", "Move one."
    return Finding(rule=rule, severity=severity, words=words, way_out=way_out, other=other)


def test_a_finding_names_rule_other_party_who_moves_and_the_way_out() -> None:
    shown = text(finding_lines(finding(other="REL-2026-11-002"), "REL-2026-11-002 has to move: lower impact"))
    for words in ("same-service", "REL-2026-11-002 is there.", "has to move: lower impact", "-> Move one."):
        assert words in shown


def test_a_verdict_counts_what_is_against_it_and_a_free_one_says_so() -> None:
    slot = released(1, "2026-11-21T20:00").slot
    assert slot is not None
    blocked = Verdict(slot, (finding(), finding("notice", "warns")))
    assert "[!] Not free: 1 against it, 1 warning" in text(verdict_lines(blocked))
    assert "Nothing stands against it" in text(verdict_lines(Verdict(slot, ())))
    assert "restricts nothing" in text(verdict_lines(Verdict(slot, (), open_calendar=True)))


def test_a_release_is_told_with_zone_standing_and_verdict() -> None:
    thing = released(1, "2026-11-21T20:00", standing="planned")
    assert thing.slot is not None
    shown = text(release_lines(thing, scene([thing]), Told(verdict=Verdict(thing.slot, (finding(),)))))
    for words in ("[!]", "REL-2026-11-001", "planned", "Sat 21 Nov 20:00 CET", "owner ada", "same-service"):
        assert words in shown


def test_words_find_things_by_kind_name_and_service() -> None:
    thing = released(1, "2026-11-21T20:00")
    assert fits(thing, "pay 2.1")
    assert not fits(thing, "pay ledger")
    assert fits(weekend()[0], "window week")


# -- a crowded week ------------------------------------------------------------------------------------


@given(st.integers(2, 9), st.sampled_from([(79, 15), (119, 29), (150, 47), (199, 40)]))
def test_in_a_crowded_week_no_time_and_no_standing_is_cut_in_half(crowd: int, size: tuple[int, int]) -> None:
    """Half an hour, or half a word that says how a release stands, says nothing."""
    shown = text(week([released(n, "2026-11-21T18:00", 300) for n in range(1, crowd)], size=size))
    assert not re.search(r"\d:\d{0,2}-?[\d:]*…|book?…|boo…", shown)


def test_how_many_more_there_are_hides_no_identifier() -> None:
    shown = text(week([released(n, "2026-11-21T18:00", 300) for n in range(1, 6)]))
    assert "x001" in shown and "x002" in shown and "+3" in shown


def test_a_small_month_counts_releases_that_it_has_no_room_for_with_how_the_worst_stands() -> None:
    first, count = month_range(date(2026, 11, 20))
    things = [released(n, "2026-11-21T20:00") for n in range(1, 4)]
    made = build_scene(things, first, count, BERLIN, NOW)
    bad = Look(cursor=(date(2026, 11, 20), 0), conflicts=frozenset({things[2].id}))
    small = text(month_lines(made, date(2026, 11, 20), 78, 13, bad))
    assert "[!] 3R" in small and "more" not in small
    assert "+2 more !" in text(month_lines(made, date(2026, 11, 20), 78, 19, bad))


def test_a_release_whose_time_is_over_is_told_so() -> None:
    over, ahead = released(1, "2026-11-16T20:00"), released(2, "2026-11-21T20:00")
    for thing, told in ((over, True), (ahead, False)):
        assert thing.slot is not None
        shown = text(release_lines(thing, scene([thing]), Told(verdict=Verdict(thing.slot, ()))))
        assert ("This time is over." in shown) is told
