"""Booking, giving back and giving way, as rules on values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.binding import facts
from relui.domain.booking_rules import (
    SlotRefused,
    book,
    displace,
    edit_booked,
    give_back,
    holds,
    refuse_blocked,
    refuse_moving,
)
from relui.domain.calendar.slot import Finding, Slot, Verdict
from relui.domain.closing import close
from relui.domain.dossier.parts import Decision
from relui.domain.dossier.sending import record_sent
from relui.domain.editing import edit
from relui.domain.outline import Outline
from relui.domain.release import MILESTONES, Release
from relui.domain.ruling import Ruling
from relui.domain.slot_hold import slot_words
from relui.errors import BadInput, Refused
from tests.domain.releases import GO_LIVE, NOW, payments

BLOCK = Finding(rule="window", severity="blocks", words="No window.", way_out="Go on Saturday.", other="w")
WARNING = Finding(rule="eve", severity="warns", words="It is a Friday.", way_out="Be there.")
PASSED = Finding(rule="blackout", severity="warns", words="Frozen.", way_out="", passed="An emergency.")


def verdict(
    *findings: Finding, at: datetime = GO_LIVE, duration: int = 120, environment: str = "production"
) -> Verdict:
    slot = Slot(release=payments().id, service="payments", start=at, duration=duration, zone="Europe/Berlin",
                environment=environment)  # fmt: skip
    return Verdict(slot, findings)


def booked(release: Release | None = None, at: datetime = GO_LIVE, counter: int = 1) -> Release:
    return book(release or payments(), verdict(at=at), counter=counter, by="ada", at=NOW).release


def test_a_booking_bears_who_when_and_its_place_in_the_order() -> None:
    """[S1.37]"""
    ruling = book(payments(), verdict(WARNING), counter=7, by="ada", at=NOW)
    now = ruling.release.booking
    assert now is not None
    assert (now.at, now.duration, now.counter, now.booked_by, now.booked_at) == (GO_LIVE, 120, 7, "ada", NOW)
    assert ruling.act is not None and not ruling.act.reversible
    assert ruling.told == ("eve: It is a Friday. Be there.",)


def test_every_finding_is_in_the_refusal() -> None:
    """[S1.31]"""
    blocks = [BLOCK, replace(BLOCK, rule="blackout", words="Frozen.")]
    with pytest.raises(SlotRefused) as refused:
        book(payments(), verdict(*blocks, WARNING), counter=1, by="ada", at=NOW)
    assert all(
        finding.words in refused.value.message and finding.way_out in refused.value.message
        for finding in blocks
    )
    assert refused.value.message.startswith("2 rules forbid")
    assert refused.value.details == {"findings": (*blocks, WARNING)}


def test_what_an_emergency_or_an_exception_passes_stays_with_the_booking() -> None:
    """[S1.36] [S1.38]"""
    passed = book(payments(), verdict(PASSED, WARNING), counter=1, by="ada", at=NOW).release.booking
    assert passed is not None and passed.passed == ("Frozen.",)
    given = {"exception": " law \x1b[2J", "approver": "ben"}
    ruling = book(payments(), verdict(BLOCK), counter=1, by="ada", at=NOW, **given)  # type: ignore[arg-type]
    now = ruling.release.booking
    assert now is not None and (now.exception, now.approver, now.passed) == ("law", "ben", ("No window.",))
    assert ruling.act is not None and ruling.act.reason == "law" and "asked of ben by ada" in ruling.act.text


@given(st.lists(st.integers(0, 6), min_size=1, max_size=12))
def test_the_history_keeps_every_booking_and_the_last_one_holds(days: list[int]) -> None:
    """[S1.37] Counters rise; booking what is held already adds nothing."""
    release, expected = payments(), []
    for number, day in enumerate(days, start=1):
        at = GO_LIVE + timedelta(days=day)
        release = booked(release, at, number)
        if not expected or expected[-1] != at:
            expected.append(at)
    assert [booking.at for booking in release.bookings] == expected
    assert [booking.held for booking in release.bookings] == ["moved"] * (len(expected) - 1) + ["booked"]
    counters = [booking.counter for booking in release.bookings]
    assert counters == sorted(set(counters))
    assert release.go_live == expected[-1]


def test_a_slot_differs_by_time_duration_and_environment() -> None:
    release = booked()
    assert holds(release, verdict().slot)
    assert not holds(release, verdict(at=GO_LIVE + timedelta(minutes=15)).slot)
    assert not holds(release, verdict(duration=60).slot)
    assert not holds(release, verdict(environment="staging").slot)
    assert not holds(displace(release, "REL-2026-11-009", "why", NOW).release, verdict().slot)


def test_who_gives_way_keeps_the_reason_and_books_anew() -> None:
    """[S1.32]"""
    ruling = displace(booked(), "REL-2026-11-009", "It is an emergency.", NOW)
    now = ruling.release.booking
    assert now is not None and (now.held, now.displaced_by, now.why) == (
        "to-be-moved",
        "REL-2026-11-009",
        "It is an emergency.",
    )
    assert ruling.act is not None and "REL-2026-11-009" in ruling.act.text
    assert displace(ruling.release, "REL-2026-11-010", "x", NOW).act is None
    again = booked(ruling.release, counter=2)
    assert [booking.held for booking in again.bookings] == ["moved", "booked"]
    assert again.bookings[0].displaced_by == "REL-2026-11-009"


def test_a_slot_given_back_is_no_booking_any_more() -> None:
    given_back = give_back(booked(), "not ready", NOW).release
    assert given_back.booking is None and given_back.bookings[0].why == "not ready"
    assert give_back(given_back, "", NOW).act is None
    with pytest.raises(BadInput, match="reason"):
        give_back(booked(), " ", NOW)


def test_the_fact_booked_holds_while_a_slot_is_held() -> None:
    """[S0.5] One that is to be moved is none, and one that passed unused."""

    def true(release: Release, at: datetime = NOW) -> bool:
        return "booked" in facts(release, Outline(release), at)

    release = booked()
    assert not true(payments()) and true(release)
    over = GO_LIVE + timedelta(hours=2)
    assert true(release, over - timedelta(seconds=1)) and not true(release, over)
    assert true(replace(release, started_at=GO_LIVE), over)
    assert not true(displace(release, "x", "y", NOW).release)
    assert not true(give_back(release, "x", NOW).release)
    assert not true(close(release, "ada", NOW, outcome="cancelled", reason="x").release)
    assert true(close(release, "ada", NOW, reason="done elsewhere").release)


def test_editing_a_booked_release_books_the_edited_slot_or_refuses() -> None:
    """[S1.37]"""
    release = booked()
    later = edit(release, {"go-live": "2026-11-22T20:00", "risk": "small"}, NOW)
    at = later.release.go_live

    def edited(after: Verdict, before: Verdict = verdict()) -> Release:  # noqa: B008 - it cannot change
        return edit_booked(release, later, after, before, counter=2, by="ben", at=NOW).release

    moved = edited(verdict(at=at))
    assert moved.booking is not None and (moved.booking.at, moved.booking.counter, moved.risk) == (
        at,
        2,
        "small",
    )
    with pytest.raises(SlotRefused):
        edited(verdict(BLOCK, at=at))
    with pytest.raises(SlotRefused):
        edited(verdict(BLOCK, at=at), verdict(BLOCK))


def test_a_conflict_that_is_known_does_not_hinder_other_fields() -> None:
    release = booked()
    people = edit(release, {"people": "ben"}, NOW)
    ruling = edit_booked(release, people, verdict(BLOCK), verdict(BLOCK), counter=2, by="ada", at=NOW)
    assert ruling.release.people == ("ben",) and ruling.release.bookings == release.bookings
    absent = Finding(rule="absence", severity="blocks", words="Away.", way_out="", other="ben")
    with pytest.raises(SlotRefused, match="Away"):
        edit_booked(release, people, verdict(BLOCK, absent), verdict(BLOCK), counter=2, by="ada", at=NOW)


@pytest.mark.parametrize("field", ["go_live", "duration", "environment", "service", "people"])
def test_no_reversal_takes_a_release_out_of_its_slot(field: str) -> None:
    """[S1.37]"""
    other = {"go_live": NOW, "duration": 5, "environment": "staging", "service": "x", "people": ("y",)}[field]
    release = booked()
    with pytest.raises(Refused, match="holds a slot"):
        refuse_moving(release, replace(release, **{field: other}))
    refuse_moving(payments(), replace(payments(), **{field: other}))
    refuse_moving(release, replace(release, risk="small"))


def test_what_is_past_is_not_booked() -> None:
    with pytest.raises(Refused, match="over"):
        book(payments(), verdict(), counter=1, by="ada", at=GO_LIVE + timedelta(hours=2))
    book(payments(), verdict(), counter=1, by="ada", at=GO_LIVE + timedelta(minutes=119))
    deployed = replace(payments(), completed_at=NOW)
    with pytest.raises(Refused, match="deployed already"):
        book(deployed, verdict(), counter=1, by="ada", at=NOW)
    archived = close(payments(), "ada", NOW, outcome="cancelled", reason="x").release
    for act in (
        lambda: book(archived, verdict(), counter=1, by="a", at=NOW),
        lambda: give_back(archived, "x", NOW),
    ):
        with pytest.raises(Refused, match="archived"):
            act()


def test_a_slot_in_words_is_in_the_releases_zone() -> None:
    at = datetime(2026, 11, 21, 19, tzinfo=UTC)
    assert slot_words(at, 90, "Europe/Berlin") == "Sat 2026-11-21 20:00 Europe/Berlin for 1h30m"


def test_a_release_that_was_rolled_back_is_neither_booked_nor_moved() -> None:
    """[S1.28] Its completion was withdrawn with the rollback; the state alone forbids it."""
    back = Decision(id="D-1", kind="rollback", at=GO_LIVE, by="ada", words="broken")
    for made in (payments(), booked()):
        gone = replace(made, started_at=GO_LIVE, dossier=replace(made.dossier, decisions=(back,)))
        with pytest.raises(Refused, match=r"was rolled back.*relui new --follows REL-2026-11-001"):
            book(gone, verdict(at=GO_LIVE + timedelta(days=7)), counter=2, by="ada", at=NOW)


def milestone(name: str) -> Finding:
    return Finding(rule="milestone", severity="warns", words=f"{name} was due.", way_out="", other=name)


def test_booking_warns_only_of_milestones_of_stages_that_were_not_left() -> None:
    """[S1.5]"""
    warnings = [milestone(name) for name in MILESTONES]
    governed = replace(payments(), criteria=("all",))
    for stage, left in (("", 4), ("build", 3), ("stage", 1), ("deploy", 0)):
        made = replace(governed, dossier=replace(governed.dossier, stage=stage))
        assert len(book(made, verdict(*warnings), counter=1, by="ada", at=NOW).told) == left, stage


def test_booking_warns_of_a_notice_unless_it_went_out_for_that_go_live() -> None:
    """[S1.23]"""
    notice = Finding(rule="notice", severity="warns", words="It was due.", way_out="Send it now.")
    sent = record_sent(payments(), "planned-release", "ada", NOW, to="all").release
    assert book(payments(), verdict(notice), counter=1, by="ada", at=NOW).told[0].endswith("Send it now.")
    assert book(sent, verdict(notice), counter=1, by="ada", at=NOW).told == ()
    later = verdict(notice, at=GO_LIVE + timedelta(days=1))
    assert book(sent, later, counter=1, by="ada", at=NOW).told == (
        "notice: It was due. It went out for another go-live: send it again.",
    )


def asked(release: Release, *findings: Finding, words: str = "law") -> Ruling:
    return book(
        release, verdict(*findings), counter=2, by="ada", at=NOW, exception=words, approver="ben"
    )  # fmt: skip


def test_a_slot_that_is_held_is_booked_anew_only_for_an_exception_that_changes_something() -> None:
    """[S1.38] It is forbidden by now, or was asked for in other words."""
    held = booked()
    holding = (f"{held.id} holds {slot_words(GO_LIVE, 120, 'UTC')} already.",)
    forbidden = book(held, verdict(BLOCK), counter=2, by="ada", at=NOW)
    assert (forbidden.act, forbidden.told) == (None, holding)
    assert asked(held).told == holding
    with pytest.raises(Refused, match="is over"):  # held, and missed
        book(held, verdict(), counter=2, by="ada", at=GO_LIVE + timedelta(hours=3))
    requested = asked(held, BLOCK)
    assert requested.act is not None and len(requested.release.bookings) == 2
    assert asked(requested.release, BLOCK).told == holding
    again = asked(requested.release, BLOCK, words="a fine")
    assert again.release.bookings[-1].exception == "a fine" and len(again.release.bookings) == 3
    frozen = replace(BLOCK, rule="blackout", words="Frozen.", other="b")
    assert len(asked(requested.release, BLOCK, frozen).release.bookings) == 3


def test_an_exception_that_nothing_needs_is_told_and_not_recorded() -> None:
    """[S1.38]"""
    ruling = asked(payments(), WARNING)
    now = ruling.release.booking
    assert now is not None and (now.exception, now.approver) == ("", "")
    assert ruling.told[-1] == "The exception was not needed, and is not recorded."
    assert asked(payments(), BLOCK).told[-1].endswith("(relui sign REL-2026-11-001 exception).")
    for half in ({"exception": "law"}, {"approver": "ben"}):
        with pytest.raises(BadInput, match="needs both"):
            book(payments(), verdict(BLOCK), counter=1, by="ada", at=NOW, **half)  # type: ignore[arg-type]


def test_the_log_tells_where_and_in_whose_place_a_slot_was_booked() -> None:
    """[S1.37]"""

    def text(ruling: Ruling) -> str:
        assert ruling.act is not None and not ruling.act.reversible
        return ruling.act.text

    slot = slot_words(GO_LIVE, 120, "UTC")
    assert text(book(payments(), verdict(), counter=1, by="ada", at=NOW)) == f"booked {slot}"
    staging = verdict(environment="staging")
    others = ("REL-2026-11-008", "REL-2026-11-009")
    assert text(book(payments(), staging, counter=1, by="ada", at=NOW, displaced=others)) == (
        f"booked {slot} in staging, in place of REL-2026-11-008, REL-2026-11-009"
    )
    assert text(give_back(booked(), "not ready", NOW)) == f"gave the slot back: {slot}"
    assert text(displace(booked(), "REL-2026-11-009", "x", NOW)).endswith(f"goes first: {slot}")


def test_an_edit_of_a_release_without_a_slot_or_of_nothing_books_nothing() -> None:
    """[S1.37]"""
    for made, values in ((payments(), {"go-live": "2026-11-22T20:00"}), (booked(), {"owner": "ada"})):
        ruling = edit(made, values, NOW)
        assert edit_booked(made, ruling, verdict(BLOCK), verdict(), counter=2, by="ada", at=NOW) is ruling


def test_a_refusal_names_the_release_or_else_the_service() -> None:
    with pytest.raises(SlotRefused, match=r"^A rule forbids .* for REL-2026-11-001:"):
        refuse_blocked(verdict(BLOCK))
    unborn = Verdict(replace(verdict().slot, release=""), (BLOCK,))
    with pytest.raises(SlotRefused, match=r"^A rule forbids .* for payments:"):
        refuse_blocked(unborn)


def test_what_a_reversal_would_change_of_a_slot_is_named_and_what_is_closed_is_past() -> None:
    """[S1.37]"""
    release = booked()
    with pytest.raises(Refused, match="its go-live and duration unchecked"):
        refuse_moving(release, replace(release, go_live=NOW, duration=5))
    with pytest.raises(Refused, match="its booking unchecked"):
        refuse_moving(release, replace(release, bookings=()))
    closed = close(release, "ada", NOW, reason="done elsewhere").release
    refuse_moving(closed, replace(closed, go_live=NOW))
