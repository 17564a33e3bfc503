"""The window of a database migration, by the calendar as it is, whenever the release or its slot changes."""

from __future__ import annotations

import pytest

from relui.desk.act import Done
from relui.desk.desk import Desk
from relui.desk.journal import Rule
from relui.domain.calendar.editing import with_entry
from relui.domain.checklist import State
from relui.domain.marking import Details
from relui.domain.release import Release
from relui.errors import Refused, StoreError
from tests.desk.calendars import FREEZE, SATURDAY, SUNDAY, organised, planned

WINDOW, DURATION = "pre-release.window", "pre-release.duration"


def estimate(desk: Desk, release: str, minutes: str = "30") -> Release:
    return desk.items.tick(release, [DURATION], Details(fields={"minutes": minutes})).release


def test_a_migration_without_an_open_window_does_not_tick_itself_and_its_item_says_why(desk: Desk) -> None:
    """[S0.6] A Tuesday night, when only the weekends are open."""
    organised(desk)
    release = planned(desk, at="2026-11-24T03:30", packs=("database-migration",))
    mark = estimate(desk, release).mark(WINDOW)
    assert mark.state is State.OPEN
    assert mark.reason.startswith("No window of Shop is open on Tue 24 Nov 2026 03:30")


def test_a_booking_in_a_window_ticks_it_and_moving_out_of_it_opens_it_again(desk: Desk) -> None:
    """[S0.6] It follows the slot, and undo as well."""
    organised(desk)
    release = planned(desk, at="2026-11-24T03:30", packs=("database-migration",))
    estimate(desk, release)
    assert desk.calendar.book(release, SATURDAY).release.mark(WINDOW).state is State.DONE
    assert desk.items.untick(release, [DURATION]).release.mark(WINDOW).state is State.OPEN
    assert desk.releases.undo(release).release.mark(WINDOW).state is State.DONE
    assert desk.health.verify(release).intact


def test_it_follows_the_calendar(desk: Desk) -> None:
    """[S0.6] A blackout over the slot opens it again, by an entry of its own; taking it away ticks it."""
    organised(desk)
    release = planned(desk, packs=("database-migration",))
    assert estimate(desk, release).mark(WINDOW).state is State.DONE
    desk.organisation.amend(lambda organisation: with_entry(organisation, FREEZE), "a freeze")
    opened = desk.journal.open(release)
    assert opened.release.mark(WINDOW).state is State.OPEN
    assert "Board meeting" in opened.release.mark(WINDOW).reason
    assert opened.entries[-1].text == "the calendar changed: looked again at the window"
    before = len(opened.entries)
    desk.organisation.amend(lambda organisation: organisation, "nothing")
    assert len(desk.journal.open(release).entries) == before


def test_where_no_window_is_defined_the_planned_duration_alone_counts(desk: Desk) -> None:
    release = planned(desk, packs=("database-migration",))
    assert estimate(desk, release).mark(WINDOW).state is State.DONE
    assert desk.calendar.window_of(desk.journal.open(release).release) is None


def test_the_window_around_a_slot_is_told(desk: Desk) -> None:
    """[S1.30] From eight in the evening until six, in Berlin; for Sunday the one of that night."""
    organised(desk)
    release = planned(desk)
    found = desk.calendar.window_of(desk.journal.open(release).release)
    assert found is not None and found[0] <= SATURDAY and found[1] > SATURDAY and found[1] <= SUNDAY


def test_a_change_of_the_calendar_bars_no_undo_and_is_nobodys_last_act(desk: Desk) -> None:
    """[S0.6] What relui settled since is no field that somebody changed: it follows the facts anew."""
    organised(desk)
    release = planned(desk, packs=("database-migration",))
    estimate(desk, release)
    desk.organisation.amend(lambda organisation: with_entry(organisation, FREEZE), "a freeze")
    undone = desk.releases.undo(release)
    assert undone.release.mark(DURATION).state is State.OPEN
    assert undone.release.mark(WINDOW).state is State.OPEN
    assert undone.ruling.told == ()
    redone = desk.releases.redo(release).release
    assert redone.mark(DURATION).state is State.DONE
    assert "Board meeting" in redone.mark(WINDOW).reason
    assert desk.health.verify(release).intact


def test_what_a_person_left_out_of_a_bound_item_is_still_undone_as_it_was(desk: Desk) -> None:
    release = planned(desk)
    desk.items.skip(release, ["close.retrospective"], "too small")
    assert desk.releases.undo(release).release.mark("close.retrospective").state is State.OPEN
    desk.items.skip(release, ["close.retrospective"], "too small")
    entry = desk.journal.open(release).entries[-1].seq
    desk.items.untick(release, ["close.retrospective"])
    with pytest.raises(Refused, match="changed the same field since"):
        desk.releases.undo(release, entry)


def test_without_a_migration_the_window_can_be_left_out_with_a_reason(desk: Desk) -> None:
    """[S0.6] Else its item could never be resolved; while one applies it follows from it alone."""
    release = planned(desk, packs=("database-migration",))
    with pytest.raises(Refused, match="cannot be set to not applicable"):
        desk.items.skip(release, [WINDOW], "no migration")
    desk.items.skip(release, [DURATION], "no migration")
    assert (
        desk.items.skip(release, [WINDOW], "no migration").release.mark(WINDOW).state is State.NOT_APPLICABLE
    )


def test_an_organisation_that_cannot_be_read_holds_up_no_tick(desk: Desk) -> None:
    """[S0.6] Whether the window is long enough stays open until it can be asked."""
    release = planned(desk, packs=("database-migration",))
    (desk.data / "organisation.json").write_text("{broken")
    after = estimate(desk, release)
    assert after.mark(DURATION).state is State.DONE and after.mark(WINDOW).state is State.OPEN


def test_a_calendar_is_changed_also_when_a_release_cannot_follow(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[S0.6] Somebody closed it a moment ago, or holds it: the change stands, the others follow."""
    organised(desk)
    one, other = (planned(desk, name, packs=("database-migration",)) for name in ("shop", "ledger"))
    estimate(desk, one), estimate(desk, other)
    change = desk.journal.change

    def held(short: str, rule: Rule) -> Done:
        if short == one:
            raise StoreError("held by another")
        return change(short, rule)

    monkeypatch.setattr(desk.journal, "change", held)
    amended = desk.organisation.amend(lambda organisation: with_entry(organisation, FREEZE), "a freeze")
    assert amended.changed
    assert desk.journal.open(one).release.mark(WINDOW).state is State.DONE
    assert desk.journal.open(other).release.mark(WINDOW).state is State.OPEN
