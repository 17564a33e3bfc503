"""When a deployment may start: the guard of a pipeline and the start itself answer alike, slot by slot."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.clock import Clock
from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.calendar.entries import CalendarEntry, Days
from relui.domain.checklist import Item, State
from relui.domain.dossier.gates import GateShut
from relui.domain.log import Act, Actor
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.domain.slot_hold import hold_of
from relui.errors import Refused, ReluiError
from tests.desk.calendars import SATURDAY, SUNDAY, organised
from tests.store.samples import desk_on

CRITERIA = ("slot-booked", "go-decided")
HOUR = timedelta(hours=1)
FRIDAY = SATURDAY - 24 * HOUR
LATE = SATURDAY + 10 * HOUR
"""Sunday 07:00 in Berlin: the slot of Saturday is over."""
BOUND = Item(id="slot", text="The slot is booked", when_done="booked")


def at(desk: Desk, moment: datetime, name: str = "ada") -> Desk:
    """The desk, on a clock that stands at `moment`, for somebody."""
    desk.signing.clock, desk.signing.actor = Clock(moment, frozen=True), Actor(account=name, name=name)
    return desk


def guarded(desk: Desk) -> str:
    """A release of ada's on Saturday, not booked, guarded by slot and go; an item is bound to the booking."""
    organised(at(desk, FRIDAY - 168 * HOUR))
    request = Request(service="shop", version="1.1.0", owner="ada", go_live="2026-11-21T21:00")

    def guard(made: Release, _by: str, _now: datetime) -> Ruling:
        first = replace(made.phases[0], items=(*made.phases[0].items, BOUND))
        after = replace(made, criteria=CRITERIA, phases=(first, *made.phases[1:]))
        return Ruling(after, Act("edit", "guarded it"))

    return desk.journal.change(desk.releases.new(request).release.id, guard).release.id


def goes(desk: Desk, release: str, moment: datetime) -> None:
    at(desk, moment, "grace").deployment.carry_out(release, "go", confirmed=["all"])
    at(desk, moment)


def bound(desk: Desk, release: str) -> State:
    opened = desk.journal.open(release).release
    return opened.mark(f"{opened.phases[0].id}.slot").state


def allowed(desk: Desk, release: str) -> bool:
    return desk.deployment.may_deploy("shop", release=release).allowed


def test_a_governed_release_starts_in_its_slot_and_nowhere_else(desk: Desk) -> None:
    """[S1.25, S1.37] Go was said in time; what counts is when it starts."""
    release = guarded(desk)
    desk.calendar.book(release)
    goes(desk, release, SATURDAY - HOUR)
    early = r"has not begun.*wait for it, or relui start \S+ --override"
    for moment, words in ((SATURDAY - HOUR, early), (LATE, "the slot was missed")):
        with pytest.raises(GateShut, match=words):
            at(desk, moment).deployment.carry_out(release, "start")
        assert not allowed(desk, release)
    assert at(desk, SATURDAY).deployment.carry_out(release, "start").release.started_at == SATURDAY


def test_a_start_outside_the_slot_is_an_override_with_its_reason(desk: Desk) -> None:
    release = guarded(desk)
    desk.calendar.book(release)
    goes(desk, release, SATURDAY)
    started = (
        at(desk, LATE)
        .deployment.carry_out(release, "start", override_reason="The network was down until now")
        .release
    )
    passed = started.dossier.overrides
    assert [(each.criterion, each.reason) for each in passed] == [
        ("slot-booked", "The network was down until now"),
        *[("go-decided", each.reason) for each in passed[1:]],
    ]
    assert allowed(desk, release), "what was let start may finish"


def test_a_start_is_judged_when_it_was_and_not_when_it_is_recorded(desk: Desk) -> None:
    release = guarded(desk)
    desk.calendar.book(release)
    goes(desk, release, SATURDAY)
    with pytest.raises(GateShut, match="missed"):
        at(desk, LATE).deployment.carry_out(release, "start", when=SATURDAY + 3 * HOUR)
    assert (
        desk.deployment.carry_out(release, "start", when=SATURDAY + HOUR).release.started_at
        == SATURDAY + HOUR
    )
    assert hold_of(desk.journal.open(release).release, LATE) == "booked"


def test_a_slot_that_passed_unused_is_missed_until_another_is_booked(desk: Desk) -> None:
    """[S1.37, S0.5] In every list, at the gate, and at what is bound to it."""
    release = guarded(desk)
    desk.calendar.book(release)
    assert bound(desk, release) is State.DONE

    def stands() -> tuple[str, bool, str]:
        made = desk.journal.open(release).release
        line = next(
            line
            for line in desk.record.gate(release, "plan").judgements
            if line.criterion.id == "slot-booked"
        )
        events = desk.calendar.events(SATURDAY - HOUR, SUNDAY + 6 * HOUR)
        state = next(event.state for event in events if event.id == release)
        assert hold_of(made, desk.clock.now()) == state
        return state, line.passes, bound(desk, release).value

    at(desk, SATURDAY + 2 * HOUR - timedelta(seconds=1))
    assert stands() == ("booked", True, "done")
    at(desk, SATURDAY + 2 * HOUR)
    assert stands() == ("missed", False, "open")
    with pytest.raises(Refused, match="is over"):
        desk.calendar.book(release)
    desk.calendar.book(release, SUNDAY)
    assert stands() == ("booked", True, "done")
    assert [each.held for each in desk.journal.open(release).release.bookings] == ["moved", "booked"]


def test_an_override_passes_the_slot_that_it_was_given_for(desk: Desk) -> None:
    """[S1.2] Neither its miss, which comes later, nor another slot."""
    release = guarded(desk)
    desk.calendar.book(release)
    freeze = CalendarEntry(
        kind="blackout", id="f", name="Freeze", when=Days(date(2026, 11, 21), date(2026, 11, 21))
    )
    desk.organisation.add_entry(freeze)
    at(desk, FRIDAY).record.override(release, "slot-booked", "The board agreed")
    goes(desk, release, SATURDAY - HOUR)
    assert allowed(at(desk, SATURDAY), release)
    with pytest.raises(GateShut, match="missed"):
        at(desk, LATE).deployment.carry_out(release, "start")
    assert not allowed(desk, release)
    desk.record.override(release, "slot-booked", "The board agreed again")
    assert allowed(desk, release)
    ids = [each.id for each in desk.journal.open(release).release.dossier.overrides]
    assert len(set(ids)) == len(ids) == 2


@pytest.mark.parametrize("stop", ["hold", "no-go"])
def test_going_on_after_the_slot_asks_for_another(desk: Desk, stop: str) -> None:
    """[S1.25] A hold over the slot's end, and a no-go whose new slot passed unused."""
    release = guarded(desk)
    desk.calendar.book(release)
    goes(desk, release, SATURDAY - HOUR)
    if stop == "hold":
        desk.deployment.carry_out(release, "hold", reason="waiting for the vendor")
        assert "book another" in at(desk, LATE).deployment.carry_out(release, "resume").ruling.told[0]
        with pytest.raises(GateShut, match="the slot was missed"):
            desk.deployment.carry_out(release, "start")
        desk.calendar.book(release, SUNDAY)
    else:
        desk.deployment.carry_out(release, "no-go", reason="not today")
        desk.calendar.book(release, SATURDAY)
        with pytest.raises(Refused, match="book a new one first"):
            at(desk, LATE).deployment.carry_out(release, "resume")
        desk.calendar.book(release, SUNDAY)
        desk.deployment.carry_out(release, "resume")
    with pytest.raises(Refused, match=r"go-decided|no go since"):
        at(desk, SUNDAY).deployment.carry_out(release, "start")
    goes(desk, release, SUNDAY)
    assert desk.deployment.carry_out(release, "start").changed


def test_an_emergency_needs_no_slot_and_its_own_may_pass(desk: Desk) -> None:
    """[S1.36]"""
    release = guarded(desk)
    desk.calendar.book(release)

    def urgent(made: Release, _by: str, _now: datetime) -> Ruling:
        return Ruling(replace(made, type="emergency", criteria=("all",)), Act("edit", "made it urgent"))

    desk.journal.change(release, urgent)
    at(desk, LATE)
    assert hold_of(desk.journal.open(release).release, LATE) == "missed"
    reasons = desk.deployment.may_deploy("shop", release=release).reasons
    assert reasons and not any("slot" in reason for reason in reasons)
    with pytest.raises(GateShut) as shut:
        desk.deployment.carry_out(release, "start")
    assert not any(line.criterion.id == "slot-booked" for line in shut.value.judgements)


def test_a_light_release_is_told_and_started(desk: Desk) -> None:
    """What its template does not list does not exist; its tick is its start."""
    release = guarded(desk)
    desk.journal.change(
        release, lambda made, _by, _now: Ruling(replace(made, criteria=()), Act("edit", "made it light"))
    )
    desk.calendar.book(release)
    done = at(desk, LATE).deployment.carry_out(release, "start")
    assert any("is over" in words for words in done.ruling.told)


ACTS: Mapping[str, Callable[[Desk, str], object]] = {
    "book": lambda desk, release: desk.calendar.book(release, SATURDAY),
    "book later": lambda desk, release: desk.calendar.book(release, SUNDAY),
    "book against the rules": lambda desk, release: desk.calendar.book(
        release, SATURDAY - 6 * HOUR, exception="It cannot wait", approver="grace"
    ),
    "approve": lambda desk, release: at(desk, desk.clock.now(), "grace").record.sign(release, "exception"),
    "give back": lambda desk, release: desk.calendar.give_back(release, "Not ready"),
    "longer": lambda desk, release: desk.releases.edit(release, {"duration": "3h"}),
    "freeze": lambda desk, release: desk.organisation.add_entry(
        CalendarEntry(
            kind="blackout", id="f", name="Freeze", when=Days(date(2026, 11, 21), date(2026, 11, 22))
        )
    ),
    "override": lambda desk, release: desk.record.override(release, "slot-booked", "The board agreed"),
    "go": lambda desk, release: at(desk, desk.clock.now(), "grace").deployment.carry_out(
        release, "go", confirmed=["all"]
    ),
    "no-go": lambda desk, release: desk.deployment.carry_out(release, "no-go", reason="Not today"),
    "hold": lambda desk, release: desk.deployment.carry_out(release, "hold", reason="Wait"),
    "resume": lambda desk, release: desk.deployment.carry_out(release, "resume"),
}
MOMENTS = [SATURDAY + hours * HOUR for hours in (-24, -6, -5, -1, 0, 1, 2, 10, 24, 25, 30)]


@settings(max_examples=60, deadline=None)
@example((), [("freeze", 0), ("override", 0), ("go", 0)], MOMENTS[1])  # without a slot at all
@given(
    st.sampled_from([(), (("book", 0), ("go", 1)), (("book against the rules", 0), ("go", 1))]),
    st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, len(MOMENTS) - 1)), max_size=5),
    st.sampled_from(MOMENTS),
)
def test_the_guard_and_the_start_never_disagree(
    first: tuple[tuple[str, int], ...], acts: list[tuple[str, int]], moment: datetime
) -> None:
    """[S1.37] Whatever was booked, decided, passed and forbidden before, in whatever order."""
    with tempfile.TemporaryDirectory() as folder:
        desk = desk_on(Path(folder) / "data")
        release = guarded(desk)
        for name, when in (*first, *sorted(acts, key=lambda act: max(act[1], 1))):
            if MOMENTS[when] > moment:
                break
            with suppress(ReluiError):
                ACTS[name](at(desk, MOMENTS[when]), release)
        answer = at(desk, moment).deployment.may_deploy("shop", release=release)
        try:
            desk.deployment.carry_out(release, "start")
            started = True
        except Refused as refused:
            started, words = False, refused.message
        assert started == answer.allowed, (answer.reasons, None if started else words)
        if started:
            assert desk.deployment.may_deploy("shop", release=release).allowed, "what was let start may go on"
