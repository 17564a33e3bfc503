"""Booking at the desk: one atomic step under the calendar lock, and records that say so."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.booking_rules import SlotRefused, displace
from relui.domain.calendar.editing import with_entry
from relui.domain.calendar.entries import CalendarEntry, Days
from relui.domain.calendar.lint import GRAVITIES
from relui.domain.organisation import Organisation, Policy
from relui.errors import BadInput, Refused, ReluiError, StoreError
from relui.store.locked_files import locked
from tests.desk.calendars import FREEZE, ORGANISATION, SATURDAY, SUNDAY, organised, planned
from tests.store.samples import BEN, desk_on, every_file


@pytest.fixture
def calendar(desk: Desk) -> Desk:
    return organised(desk)


def test_a_booking_is_kept_with_its_go_live_in_one_entry(calendar: Desk) -> None:
    """[S1.37] The go-live and the duration follow the booking."""
    release = planned(calendar, at="2026-11-10T12:00")
    done = calendar.calendar.book(release, SATURDAY, duration=90)
    kept = calendar.journal.open(release).release
    assert kept.booking is not None and kept.booking == done.release.booking
    assert (kept.go_live, kept.duration) == (SATURDAY, 90)
    assert (kept.booking.at, kept.booking.duration, kept.booking.counter) == (SATURDAY, 90, 1)
    last = done.record.entries[-1]
    assert last.act == "book" and not last.reversible
    assert {patch.path[0] for patch in last.patches} >= {"bookings", "go_live", "duration"}
    assert kept.title == "1.0.0 - Release - 2026-11-21"
    assert calendar.health.verify(release).intact


def test_a_conflict_is_refused_with_every_finding_and_nothing_is_written(calendar: Desk, data: Path) -> None:
    """[S1.31] Another release holds the slot, and the window is left as well."""
    first, second = planned(calendar), planned(calendar, "ledger")
    calendar.calendar.book(first, SATURDAY)
    before = every_file(data)
    with pytest.raises(SlotRefused) as refused:
        calendar.calendar.book(second, SATURDAY - timedelta(hours=2), duration=240)
    rules = {finding.rule for finding in refused.value.verdict.blocks}
    assert rules == {"dependency", "window"}
    assert first in refused.value.message and "window" in refused.value.message
    assert all(finding.way_out for finding in refused.value.verdict.blocks)
    assert every_file(data) == before


def test_the_counter_rises_by_one_for_each_booking_and_is_not_spent_by_a_refusal(calendar: Desk) -> None:
    """[S1.32] Earlier is a counter, not a clock."""
    first, second = planned(calendar), planned(calendar, "hr")
    counters = []
    for release, at in ((first, SATURDAY), (second, SATURDAY), (first, SUNDAY)):
        done = calendar.calendar.book(release, at)
        assert done.release.booking is not None
        counters.append(done.release.booking.counter)
        with pytest.raises(SlotRefused):
            calendar.calendar.book(release, at - timedelta(days=2))
    assert counters == [1, 2, 3]


def test_a_lost_counter_goes_on_above_every_booking_on_record(calendar: Desk, data: Path) -> None:
    release = planned(calendar)
    for at in (SATURDAY, SUNDAY):
        calendar.calendar.book(release, at)
    (data / "organisation.json").unlink()
    organised(calendar)
    done = calendar.calendar.book(release, SATURDAY)
    assert done.release.booking is not None and done.release.booking.counter == 3


def test_booking_the_same_slot_again_changes_nothing_and_says_so(calendar: Desk, data: Path) -> None:
    release = planned(calendar)
    calendar.calendar.book(release)
    before = every_file(data)
    again = calendar.calendar.book(release, SATURDAY)
    assert not again.changed and "already" in again.ruling.told[0]
    assert every_file(data) == before


def test_a_moved_booking_keeps_its_history(calendar: Desk) -> None:
    """[S1.37]"""
    release = planned(calendar)
    calendar.calendar.book(release, SATURDAY)
    moved = calendar.calendar.book(release, SUNDAY).release
    assert [booking.held for booking in moved.bookings] == ["moved", "booked"]
    assert [booking.at for booking in moved.bookings] == [SATURDAY, SUNDAY]
    assert calendar.calendar.book(
        planned(calendar, "ledger"), SATURDAY
    ).changed  # the first slot is free again


def test_a_slot_is_given_back_with_a_reason(calendar: Desk) -> None:
    release = planned(calendar)
    calendar.calendar.book(release)
    with pytest.raises(BadInput, match="reason"):
        calendar.calendar.give_back(release, "  ")
    done = calendar.calendar.give_back(release, "not ready")
    assert done.release.booking is None and done.release.go_live == SATURDAY
    assert (done.release.bookings[-1].held, done.release.bookings[-1].why) == ("released", "not ready")
    assert done.record.entries[-1].reason == "not ready"
    assert not calendar.calendar.give_back(release, "not ready").changed
    assert calendar.calendar.book(planned(calendar, "ledger"), SATURDAY).changed


def test_cancelling_gives_the_slot_back(calendar: Desk) -> None:
    release = planned(calendar)
    calendar.calendar.book(release)
    closed = calendar.releases.close(release, outcome="cancelled", reason="withdrawn").release
    assert closed.booking is None and closed.bookings[-1].held == "released"
    assert calendar.calendar.book(planned(calendar, "ledger"), SATURDAY).changed


def test_a_booking_is_not_undone(calendar: Desk) -> None:
    """What was edited before it cannot be taken back past it either."""
    release = planned(calendar, at="2026-11-20T12:00")
    calendar.releases.edit(release, {"go-live": "2026-11-21T21:00"})
    calendar.calendar.book(release)
    with pytest.raises(Refused, match=r"go-live.*unchecked"):
        calendar.releases.undo(release)
    with pytest.raises(Refused, match="cannot be undone"):
        calendar.releases.undo(release, 3)
    calendar.calendar.give_back(release, "not ready")
    assert calendar.releases.undo(release).release.go_live != SATURDAY


def test_an_exception_is_asked_of_somebody_whom_the_policy_lets_approve_it(
    calendar: Desk,
) -> None:
    """[S1.38]"""
    release = planned(calendar, at="2026-11-18T12:00")
    wrong: tuple[tuple[str, str, type[ReluiError], str], ...] = (
        ("", "grace", BadInput, "both"),
        ("urgent", "bem", BadInput, "Did you mean 'ben'"),
        ("urgent", "Ben", Refused, "approved by the service owner .Grace"),
        ("urgent", "Ada", Refused, "approved by the service owner .Grace"),
    )
    for exception, approver, error, words in wrong:
        with pytest.raises(error, match=words):
            calendar.calendar.book(release, exception=exception, approver=approver)
    booking = calendar.calendar.book(release, exception="urgent").release.booking
    assert booking is not None and (booking.exception, booking.approver) == ("urgent", "grace"), "nobody else"
    assert len(booking.passed) == 1 and "window" in booking.passed[0]
    assert calendar.calendar.conflicts(calendar.journal.active().releases) == {}


def test_an_exception_that_is_not_needed_is_not_recorded(calendar: Desk) -> None:
    done = calendar.calendar.book(planned(calendar), exception="urgent", approver="grace")
    assert done.release.booking is not None and not done.release.booking.exception
    assert any("not needed" in words for words in done.ruling.told)


def test_whoever_goes_first_may_displace_and_both_records_say_so(calendar: Desk) -> None:
    """[S1.32] Asked for explicitly; the other's booking is to be moved."""
    low, high = planned(calendar, impact="low"), planned(calendar, "ledger", impact="high")
    calendar.calendar.book(low)
    with pytest.raises(SlotRefused, match=low):
        calendar.calendar.book(high)
    done = calendar.calendar.book(high, displace=True)
    assert done.release.booking is not None and done.release.booking.displaced == (low,)
    loser = calendar.journal.open(low)
    assert loser.release.booking is not None
    assert (loser.release.booking.held, loser.release.booking.displaced_by) == ("to-be-moved", high)
    assert loser.entries[-1].act == "displace" and high in loser.entries[-1].text and loser.entries[-1].reason
    assert low in done.record.entries[-1].text
    assert any(low in words for words in done.ruling.told)
    assert calendar.calendar.book(low, SUNDAY).release.bookings[0].held == "moved"


def test_a_release_that_goes_second_displaces_nobody(calendar: Desk, data: Path) -> None:
    first, later = planned(calendar, impact="high"), planned(calendar, "ledger", impact="low")
    calendar.calendar.book(first)
    before = every_file(data)
    with pytest.raises(Refused, match="goes first"):
        calendar.calendar.book(later, displace=True)
    assert every_file(data) == before


def test_an_emergency_is_booked_through_a_blackout_and_what_it_passed_is_kept(calendar: Desk) -> None:
    """[S1.36]"""
    calendar.organisation.add_entry(FREEZE)
    release = planned(
        calendar, template="emergency", rationale="shop is down", criterion="production incident"
    )
    booking = calendar.calendar.book(release, SATURDAY).release.booking
    assert booking is not None and any("Board meeting" in words for words in booking.passed)
    assert calendar.calendar.conflicts(calendar.journal.active().releases) == {}


def test_another_date_of_a_booked_release_is_a_new_booking(calendar: Desk, data: Path) -> None:
    """[S1.37] In one entry, checked like any other."""
    release = planned(calendar)
    calendar.calendar.book(release)
    done = calendar.releases.edit(release, {"go-live": "2026-11-22T21:00", "risk": "small"})
    assert [booking.held for booking in done.release.bookings] == ["moved", "booked"]
    assert done.release.booking is not None and done.release.booking.at == done.release.go_live == SUNDAY
    assert done.release.booking.counter == 2
    assert not done.record.entries[-1].reversible
    before = every_file(data)
    for given in (
        {"go-live": "2026-11-23T12:00"},
        {"duration": "12h"},
        {"people": "grace", "go-live": "2026-12-05T21:00"},
    ):
        with pytest.raises(SlotRefused):
            calendar.releases.edit(release, given)
        assert every_file(data) == before
    assert calendar.releases.edit(release, {"risk": "none"}).record.entries[-1].reversible


def test_another_service_or_environment_of_a_booked_release_is_checked(calendar: Desk) -> None:
    first, second = planned(calendar), planned(calendar, "hr")
    calendar.calendar.book(first)
    calendar.calendar.book(second)
    with pytest.raises(SlotRefused, match=first):
        calendar.releases.edit(second, {"service": "ledger"})
    moved = calendar.releases.edit(second, {"environment": "staging"}).release
    assert moved.booking is not None and moved.booking.environment == "staging"


def test_people_who_are_away_are_refused_on_a_booked_release(calendar: Desk) -> None:
    release = planned(calendar, "hr", at="2026-12-05T21:00")
    calendar.calendar.book(release)
    with pytest.raises(SlotRefused, match="Grace"):
        calendar.releases.edit(release, {"people": "grace"})
    assert calendar.releases.edit(release, {"people": "ben"}).release.people == ("ben",)


def test_new_with_book_creates_nothing_when_the_slot_is_taken(calendar: Desk, data: Path) -> None:
    calendar.calendar.book(planned(calendar))
    before = every_file(data)
    request = Request(service="ledger", version="2.0.0", go_live="2026-11-21T21:00")
    with pytest.raises(SlotRefused):
        calendar.releases.new(request, book=True)
    assert every_file(data) == before
    done = calendar.releases.new(replace(request, go_live="2026-11-22T21:00"), book=True)
    assert done.release.booking is not None and done.release.booking.at == SUNDAY


def test_without_a_go_live_the_next_free_slot_is_proposed(calendar: Desk) -> None:
    """The window of that day is taken by another release, so the next one is found."""
    calendar.releases.edit(planned(calendar, at="2026-11-07T20:00"), {"duration": "10h"})
    calendar.calendar.book("001")
    prepared = calendar.planning.prepare(Request(service="ledger", version="1"))
    assert prepared.plan.go_live.isoformat() == "2026-11-08T19:00:00+00:00"
    assert any("first free slot" in words for words in prepared.told)
    calendar.organisation.amend(lambda organisation: replace(organisation, entries=()), "opened the calendar")
    open_calendar = calendar.planning.prepare(Request(service="ledger", version="1"))
    assert open_calendar.plan.go_live.isoformat() == "2026-11-09T19:00:00+00:00"
    assert not any("first free slot" in words for words in open_calendar.told)
    freeze = CalendarEntry(
        kind="blackout", id="freeze", name="Freeze", when=Days(date(2026, 11, 9), date(2026, 11, 12))
    )
    calendar.organisation.add_entry(freeze)
    frozen = calendar.planning.prepare(Request(service="ledger", version="1"))
    assert frozen.plan.go_live.isoformat() == "2026-11-16T19:00:00+00:00", "the Monday after it, at 20:00"
    assert any("first free evening" in words for words in frozen.told)


def test_a_release_that_is_typed_is_checked_as_soon_as_it_could_be_created(calendar: Desk) -> None:
    calendar.calendar.book(planned(calendar))
    typed = Request(service="ledger", version="2", go_live="2026-11-21T21:00")
    verdict = calendar.planning.check_request(typed)
    assert verdict is not None and [finding.rule for finding in verdict.blocks] == ["dependency"]
    assert calendar.planning.check_request(replace(typed, go_live="tomorrow")) is None
    assert calendar.planning.check_request(replace(typed, service="ledgr")) is None


def test_a_release_does_not_stand_in_its_own_way(calendar: Desk) -> None:
    release = planned(calendar)
    calendar.calendar.book(release)
    assert calendar.calendar.check(release).free
    assert calendar.calendar.check(release, SATURDAY + timedelta(minutes=30)).free
    assert calendar.calendar.free_slots(release, SATURDAY, 1).found[0].slot.start == SATURDAY


def test_a_blackout_that_comes_later_is_a_conflict_of_the_booked_release(calendar: Desk) -> None:
    release = planned(calendar)
    calendar.calendar.book(release)
    assert calendar.calendar.conflicts(calendar.journal.active().releases) == {}
    calendar.organisation.add_entry(FREEZE)
    conflicts = calendar.calendar.conflicts(calendar.journal.active().releases)
    assert [finding.rule for finding in conflicts[release]] == ["blackout"]
    assert any(
        release in finding.text and finding.level == "warning" for finding in calendar.health.examine()
    )


def test_a_booking_of_another_desk_is_seen_at_once(calendar: Desk, data: Path) -> None:
    first, second = planned(calendar), planned(calendar, "ledger")
    assert calendar.calendar.check(second).free
    desk_on(data, BEN).calendar.book(first)
    assert not calendar.calendar.check(second).free


def test_nothing_is_booked_while_a_release_cannot_be_read(calendar: Desk, data: Path) -> None:
    first, second = planned(calendar), planned(calendar, "ledger")
    calendar.calendar.book(first)
    (data / "releases" / f"{first}.json").write_text("{")
    with pytest.raises(StoreError, match="doctor"):
        calendar.calendar.book(second)
    assert calendar.journal.open(second).release.booking is None


def test_a_closed_or_deployed_release_and_a_slot_that_is_over_are_refused(calendar: Desk) -> None:
    release = planned(calendar)
    with pytest.raises(Refused, match="over"):
        calendar.calendar.book(release, SATURDAY - timedelta(days=21))
    calendar.releases.edit(release, {"started": "2026-11-01T20:00", "completed": "2026-11-01T21:00"})
    with pytest.raises(Refused, match="deployed already"):
        calendar.calendar.book(release)
    calendar.releases.close(release, reason="test")
    with pytest.raises(Refused, match="archived"):
        calendar.calendar.book(release)


def test_a_locked_calendar_and_read_only_data_change_nothing(
    calendar: Desk, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = planned(calendar)
    before = every_file(data)
    monkeypatch.setattr("relui.store.file_store.locked", lambda *given: locked(*given, patience=0))
    with locked(data / "locks", "calendar"), pytest.raises(StoreError, match="calendar"):
        calendar.calendar.book(release)
    reader = desk_on(data, read_only=True)
    acts: tuple[Callable[[], object], ...] = (
        lambda: reader.calendar.book(release),
        lambda: reader.calendar.give_back(release, "x"),
        lambda: reader.releases.edit(release, {"go-live": "2026-11-22T21:00"}),
        lambda: reader.organisation.remove_entry("nights"),
    )
    for act in acts:
        with pytest.raises(StoreError, match="read-only"):
            act()
    assert every_file(data) == before


@pytest.mark.parametrize("writes", range(3))
def test_a_full_disk_leaves_no_two_releases_in_one_slot(
    calendar: Desk, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    """Counter, loser, winner: whichever write fails, the slot has one holder or none."""
    low, high = planned(calendar, impact="low"), planned(calendar, "ledger", impact="high")
    calendar.calendar.book(low)
    left, real = writes, os.fsync

    def full(file: int) -> None:
        nonlocal left
        if Path(f"/proc/self/fd/{file}").is_file():
            if not left:
                raise OSError(errno.ENOSPC, "No space left on device")
            left -= 1
        real(file)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="disk is full"):
        calendar.calendar.book(high, displace=True)
    monkeypatch.setattr(os, "fsync", real)
    held = [r.id for r in calendar.journal.active().releases if r.booking and r.booking.held == "booked"]
    assert held == ([low] if writes < 2 else [])
    if not held:
        assert any("never took it" in finding.text for finding in calendar.health.examine())
        assert calendar.calendar.book(low).changed


def test_the_calendar_file_of_the_policy_follows_each_booking(calendar: Desk, data: Path) -> None:
    release = planned(calendar)
    calendar.organisation.set_fields({"policy.calendar_file": "shared/calendar.ics"})
    told = calendar.calendar.book(release).ruling.told
    assert any("calendar file was not refreshed" in words for words in told)  # there is no such folder
    assert calendar.journal.open(release).release.booking is not None
    (data / "shared").mkdir()
    calendar.calendar.book(release, SUNDAY)
    text = (data / "shared" / "calendar.ics").read_text()
    assert f"UID:{release}@relui" in text and "20261122T" in text
    calendar.organisation.set_fields({"policy.calendar_file": "organisation.json"})
    assert any(".ics" in words for words in calendar.calendar.book(release, SATURDAY).ruling.told)
    assert calendar.organisation.read().policy.calendar_file == "organisation.json"


def test_an_organisation_that_lists_nobody_takes_any_approver(desk: Desk) -> None:
    organised(desk, Organisation(entries=ORGANISATION.entries, policy=Policy(distinct_approver=True)))
    release = planned(desk, at="2026-11-18T12:00")
    booking = desk.calendar.book(release, exception="urgent", approver="the board").release.booking
    assert booking is not None and booking.approver == "the board"


def test_a_changed_entry_is_the_one_that_a_booking_is_checked_against(calendar: Desk, data: Path) -> None:
    release = planned(calendar)
    assert calendar.calendar.check(release).free
    desk_on(data, BEN).organisation.amend(lambda organisation: with_entry(organisation, FREEZE), "froze")
    with pytest.raises(SlotRefused, match="Board meeting"):
        calendar.calendar.book(release)


def test_a_booking_that_is_imported_is_told_and_counts(calendar: Desk, tmp_path: Path) -> None:
    release = planned(calendar)
    calendar.calendar.book(release)
    calendar.exchange.export_releases([release], tmp_path / "out.json")
    other = organised(desk_on(tmp_path / "elsewhere"))
    (imported,) = other.exchange.import_releases(tmp_path / "out.json")
    assert any("booked elsewhere" in words for words in imported.told)
    with pytest.raises(SlotRefused, match=release):
        other.calendar.book(planned(other, "ledger"), SATURDAY)
    done = other.calendar.book(other.journal.open(release).release.id, SUNDAY)
    assert done.release.booking is not None and done.release.booking.counter == 2


def test_a_slot_that_was_lost_between_two_bookings_is_told_by_the_doctor(calendar: Desk) -> None:
    """As a kill would leave it: displaced, and nobody took the slot."""
    release = planned(calendar)
    calendar.calendar.book(release)
    calendar.journal.change(
        release, lambda r, _by, _now: displace(r, "REL-2026-11-099", "It goes first.", SATURDAY)
    )
    assert any("never took it" in finding.text and finding.fix for finding in calendar.health.examine())
    assert calendar.calendar.book(release, SATURDAY).changed
    assert not any("lost its slot" in finding.text for finding in calendar.health.examine())


def test_an_edit_to_an_environment_that_nobody_has_is_told(calendar: Desk) -> None:
    release = planned(calendar)
    told = calendar.releases.edit(release, {"environment": "prodction"}).ruling.told
    assert any("'prodction'. Did you mean 'production'?" in words for words in told)
    assert not any(
        "environment" in words
        for words in calendar.releases.edit(release, {"environment": "staging"}).ruling.told
    )


def test_a_stack_that_names_no_pack_is_told_with_the_nearest(calendar: Desk) -> None:
    def stacked(organisation: Organisation) -> Organisation:
        first = replace(organisation.services[0], stack=("kubernetes", "kubernets"))
        return replace(organisation, services=(first, *organisation.services[1:]))

    calendar.organisation.amend(stacked, "named stacks")
    (told,) = [problem for problem in calendar.organisation.lint() if "pack" in problem.words]
    assert (told.severity, told.way_out) == ("warning", "Did you mean 'kubernetes'?")
    assert [p.severity for p in calendar.organisation.lint()] == sorted(
        (p.severity for p in calendar.organisation.lint()), key=GRAVITIES.index
    )
