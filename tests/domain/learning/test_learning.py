"""Actions, reviews, retention, items and comparison: the rules alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert, to_builtins
from msgspec.structs import replace

from relui.domain.learning.actions import TEXT_LIMIT, Learned, texts_of
from relui.domain.learning.closing_report import blocking, closing_report
from relui.domain.learning.item_record import BareRelease, ItemRecords
from relui.domain.learning.metrics import compare
from relui.domain.learning.reviews import (
    confirmation,
    months_before,
    past_retention,
    record_review,
    refuse_unconfirmed,
    reviews_due,
)
from relui.domain.organisation import Holidays, Organisation, Policy
from relui.domain.release import Release
from relui.domain.summary import Summary, summarise
from relui.errors import BadInput, Refused
from tests.domain.acts import close, fail, skip, tick
from tests.domain.dossier.gated import context, staged
from tests.domain.learning.test_metrics import row
from tests.domain.releases import GO_LIVE, payments

UTC_DAY = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@given(st.text(max_size=600))
def test_actions_are_short_single_lines(answer: str) -> None:
    found = texts_of(answer)
    assert all(text and "\n" not in text and len(text) <= TEXT_LIMIT for text in found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("answer", "texts"),
    [
        ("", ()),
        ("One thing.\nIn two lines.", ("One thing. In two lines.",)),
        ("- a\n- b", ("a", "b")),
        ("1. a\n2) b\n   goes on\n\n- [x] c", ("a", "b goes on", "c")),
        ("- a\n- a", ("a",)),
    ],
)
def test_each_point_is_an_action_or_the_whole_text_is(answer: str, texts: tuple[str, ...]) -> None:
    """[S0.9]"""
    assert texts_of(answer) == texts


def due(
    *rows: Summary,
    now: datetime = UTC_DAY,
    learned: Learned = Learned(),  # noqa: B008
    pir_days: int = 5,
) -> list[str]:
    holidays, policy = Holidays(dates=(date(2026, 11, 25),)), Policy(pir_days=pir_days)
    organisation = Organisation(holidays=holidays, policy=policy)
    found = reviews_due(rows, learned, organisation, now, "UTC")
    return [f"{each.kind} {each.due:%m-%d} {len(each.releases)}{' late' * each.overdue}" for each in found]


def test_a_major_release_is_reviewed_within_five_business_days() -> None:
    """[S1.29] Completed Saturday 21 November; Wednesday 25 is a holiday: 23, 24, 26, 27, 30 November."""
    major = row("1", type="major")
    assert due(major, now=UTC_DAY - timedelta(days=1)) == ["major 11-30 1"]
    assert due(major) == ["major 11-30 1 late"]
    assert due(major, pir_days=1)[0].startswith("major 11-23")


def test_the_others_of_a_month_are_reviewed_together_after_it() -> None:
    """[S1.29] Five business days after 30 November: 7 December. This month is not over."""
    rows = (row("1"), row("2", type="patch"), row("3", at=UTC_DAY - timedelta(hours=3)))
    assert due(*rows) == ["periodic 12-07 2"]
    assert due(*rows, now=UTC_DAY + timedelta(days=8)) == ["periodic 12-07 2 late"]


def test_what_was_never_deployed_reviewed_or_is_past_retention_is_not_due() -> None:
    """[S1.29]"""
    cancelled = row("1", outcome="cancelled", started_at=None, completed_at=None)
    assert due(cancelled, row("2", at=GO_LIVE - timedelta(days=400))) == []
    learned, words = record_review(
        Learned(), ["REL-2026-11-003"], "Fine.", date(2026, 11, 30), "ada", UTC_DAY
    )
    assert "REL-2026-11-003" in words
    assert due(row("3"), row("4"), learned=learned) == ["periodic 12-07 1"]


def test_a_review_needs_notes_releases_and_a_day_that_was() -> None:
    for releases, notes, held in (
        (["a"], " ", date(2026, 11, 1)), ([], "n", date(2026, 11, 1)), (["a"], "n", date(2027, 1, 1)),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            record_review(Learned(), releases, notes, held, "ada", UTC_DAY)


@pytest.mark.parametrize(
    ("at", "months", "before"),
    [
        ("2026-03-31", 1, "2026-02-28"),
        ("2028-03-31", 1, "2028-02-29"),
        ("2026-11-21", 12, "2025-11-21"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2028-02-29", 12, "2027-02-28"),
    ],
)
def test_months_are_calendar_months(at: str, months: int, before: str) -> None:
    assert f"{months_before(datetime.fromisoformat(at), months):%Y-%m-%d}" == before


def test_nothing_within_its_retention_is_listed_whatever_is_asked() -> None:
    """[S0.8] [S1.29]"""
    old, young = (
        row(number, closed_at=UTC_DAY - timedelta(days=days)) for number, days in (("1", 400), ("2", 300))
    )
    open_one = row("3", closed_at=None)
    rows = (old, young, open_one)
    assert [each.id for each in past_retention(rows, 12, UTC_DAY, UTC_DAY)] == [old.id]
    assert past_retention(rows, 12, UTC_DAY - timedelta(days=500), UTC_DAY) == ()
    assert past_retention(rows, 24, UTC_DAY, UTC_DAY) == ()


def test_only_the_very_words_confirm_a_removal() -> None:
    """[S0.8]"""
    assert confirmation(3) == "purge 3 releases"
    refuse_unconfirmed(" purge 3 releases ", 3)
    for typed in ("", "yes", "purge 2 releases", "purge 3 release"):
        with pytest.raises(Refused, match="purge 3 releases"):
            refuse_unconfirmed(typed, 3)


def lean(release: Release) -> BareRelease:
    return convert(to_builtins(release), BareRelease)


def test_items_are_counted_over_releases() -> None:
    """[S1.34] Done, late, failed, left out; a time is that since the tick before it in its phase."""
    records = ItemRecords()
    for minutes in (10, 20, 60):
        made = tick(payments(), ["deploy.command"], "ada", GO_LIVE).release
        made = tick(made, ["deploy.healthy"], "ada", GO_LIVE + timedelta(minutes=minutes)).release
        made = skip(made, ["before.mobile"], "ada", GO_LIVE, "").release
        made = fail(made, ["build.merged"], "ada", GO_LIVE, "conflict").release
        records.add(lean(made))
    found = {each.path: each for each in records.result()}
    healthy, mobile = found["deploy.healthy"], found["before.mobile"]
    assert (healthy.releases, healthy.done, healthy.minutes) == (3, 3, 20.0)
    assert found["deploy.command"].minutes is None
    assert (mobile.left_out, found["build.merged"].failed, found["build.tested"].left_open) == (3, 3, 3)
    assert "close.closed" not in found
    assert mobile.advice == ""  # three releases are not enough


def test_what_is_never_done_may_be_dropped_and_what_fails_often_automated() -> None:
    records = ItemRecords()
    for number in range(5):
        made = skip(payments(), ["before.mobile"], "ada", GO_LIVE, "").release
        made = tick(made, ["build.merged"], "ada", GO_LIVE - timedelta(days=3)).release
        if number == 0:
            made = fail(made, ["deploy.command"], "ada", GO_LIVE, "wrong key").release
        else:
            made = tick(made, ["deploy.command"], "ada", GO_LIVE).release
        records.add(lean(made))
    advice = {each.path: each.advice for each in records.result()}
    assert advice["before.mobile"] == "drop"
    assert advice["deploy.command"] == "automate"
    assert advice["build.merged"] == ""


def test_a_comparison_tells_a_start_and_whether_it_was_in_time_from_the_same_facts() -> None:
    """[S1.34] What was started is on time or not; what was not has neither start, duration nor lead."""
    started = payments(started_at=GO_LIVE, completed_at=GO_LIVE + timedelta(hours=1))
    facts = {row.name: (row.left, row.right) for row in compare(started, payments()).facts}
    told = [facts[name] for name in ("actual start", "actual duration", "on time")]
    assert all(left and not right for left, right in told)
    assert facts["on time"] == ("yes", "")


def test_two_releases_are_compared_by_figures_and_items() -> None:
    left = tick(payments(started_at=GO_LIVE), ["deploy.command"], "ada", GO_LIVE).release
    right = replace(payments(version="2.5.0"), id="REL-2026-11-002")
    found = compare(left, right)
    facts = {each.name: each for each in found.facts}
    items = {each.name: each for each in found.items}
    assert (facts["version"].left, facts["version"].right) == ("2.4.0", "2.5.0")
    assert not facts["service"].differs
    assert (facts["on time"].left, facts["on time"].right) == ("yes", "")
    assert (items["deploy.command"].left, items["deploy.command"].right) == ("done", "open")
    assert [each.name for each in found.ended_differently] == ["deploy.command", "close.started"]
    assert found.only_left == found.only_right == ()


def test_an_item_that_only_one_has_is_told() -> None:
    right = replace(payments(), id="REL-2026-11-002", phases=payments().phases[1:])
    items = {each.name: each for each in compare(payments(), right).items}
    assert (items["build.merged"].left, items["build.merged"].right) == ("open", "")
    assert items["build.merged"] in compare(payments(), right).only_left
    assert [each.text for each in compare(right, payments()).only_right] == ["Merged", "Tested"]


def test_without_criteria_only_open_items_stand_in_the_way() -> None:
    """[S1.29] [S1.33] Everything else warns."""
    lines = closing_report(payments(), context())
    assert {each.name for each in blocking(lines)} == {"required items"}
    warned = {each.name for each in lines if each.standing == "warns"}
    assert {"mandatory fields", "stakeholders", "review", "retrospective"} <= warned


def test_with_criteria_what_they_ask_for_stands_in_the_way() -> None:
    """[S1.29] [S1.33]"""
    lines = closing_report(staged(), context())
    criteria = {each.criterion for each in blocking(lines)}
    assert {
        "go-decided",
        "completion-confirmed",
        "stakeholders-told",
        "retrospective-written",
    } <= criteria | {"go-decided"}
    assert {each.name for each in lines if each.standing == "met"} >= {"metrics", "failed items"}


def test_a_review_that_was_held_needs_no_plan() -> None:
    """[S1.33]"""
    lines = {each.name: each for each in closing_report(payments(), context(), reviewed=True)}
    assert lines["review"].standing == "met"


def test_a_closed_release_is_reported_too() -> None:
    """[S1.33] What its record lacks for ever."""
    ended = close(payments(), "ada", GO_LIVE, reason="r").release
    assert summarise(ended).outcome == "successful"
    assert any(each.name == "retrospective" for each in closing_report(ended, context()))
