"""Communication: due dates in business days, what was sent, what is overdue; what waits for whom [S1.23]."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.dossier.conditions import stakeholders_told
from relui.domain.dossier.deployment import complete, roll_back, start
from relui.domain.dossier.gates import gate
from relui.domain.dossier.notices import (
    AUDIENCES,
    MESSAGE_WORDS,
    last_sent,
    notice_day,
    notices,
    overdue_notices,
)
from relui.domain.dossier.parts import Decision
from relui.domain.dossier.points import GROUPS, POINTS, confirmation, confirmation_gaps, confirmed
from relui.domain.dossier.sending import record_sent, withdraw_sent
from relui.domain.dossier.signing import confirm, unconfirm
from relui.domain.dossier.waiting import review_due, waiting, waits_for
from relui.domain.marking import Details, annotate, tick
from relui.domain.organisation import Absence, Holidays, Organisation
from relui.domain.release import IMPACTS, NOTICE_DAYS, Release
from relui.domain.template import MESSAGES
from relui.errors import BadInput, Refused
from tests.domain.dossier.gated import DAY, EARLY, NOBODY, ORGANISATION, context, planned, staged
from tests.domain.releases import GO_LIVE, NOW, item, payments, phase

NONE = Holidays()
FREE = Holidays(dates=(date(2026, 11, 18),))


@pytest.mark.parametrize(
    ("impact", "expected"),
    [("high", date(2026, 11, 16)), ("medium", date(2026, 11, 18)), ("low", date(2026, 11, 20))],
)
def test_the_notice_is_counted_in_business_days(impact: str, expected: date) -> None:
    """[S1.23] Five, three and one before Saturday 21 November; the audience grows with the impact."""
    made = replace(payments(), impact=impact)
    assert notice_day(made, NONE) == expected
    assert notices(made, NONE)[0].audience == AUDIENCES[impact]  # type: ignore[index]


def test_holidays_are_no_business_days() -> None:
    """[S1.23]"""
    assert notice_day(payments(), FREE) == date(2026, 11, 17)


@given(
    st.sampled_from(IMPACTS), st.integers(0, 400), st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
)
def test_there_are_always_enough_business_days_between(impact: str, days: int, free: list[date]) -> None:
    """[S1.23] Whatever the day and the holidays."""
    made = replace(payments(), impact=impact, go_live=GO_LIVE + timedelta(days=days))
    due = notice_day(made, Holidays(dates=tuple(free)))
    between = [due + timedelta(days=n) for n in range((made.go_live.date() - due).days)]
    business = [day for day in between if day.weekday() < 5 and day not in free]
    assert len(business) == NOTICE_DAYS[impact]  # type: ignore[index]
    assert due in business


def test_the_day_ends_in_the_releases_zone() -> None:
    """[S1.23] In Auckland the day is over thirteen hours before it is in Greenwich."""
    made = replace(payments(), zone="Pacific/Auckland")
    due = notices(made, NONE)[0].due
    assert due == datetime(2026, 11, 18, 10, 59, 59, tzinfo=UTC)


def test_the_messages_are_those_of_the_templates() -> None:
    """[S1.23]"""
    assert tuple(MESSAGE_WORDS) == MESSAGES


def unsent(made: Release) -> list[str]:
    return [notice.message for notice in notices(made, NONE)]


def test_which_result_is_told_follows_from_the_outcome() -> None:
    """[S1.23]"""
    assert unsent(payments()) == [
        "planned-release", "deploy-starting", "deploy-complete", "release-successful", "support-live",
    ]  # fmt: skip
    back = replace(
        payments(),
        dossier=replace(
            payments().dossier, decisions=(Decision(id="D-1", kind="rollback", at=GO_LIVE, by="ada"),)
        ),
    )
    assert unsent(back) == ["planned-release", "deploy-starting", "release-failed"]


def test_customers_are_told_on_the_date_that_the_checklist_names() -> None:
    """[S1.23]"""
    from relui.domain.checklist import ItemField

    ask = item("ask", message="customer-announcement", fields=(ItemField("send-date", "When", "date"),))
    made = replace(payments(), phases=(phase("close", ask),))
    found = notices(made, NONE)[-1]
    assert (found.message, found.due) == ("customer-announcement", None)
    dated = tick(made, ["close.ask"], "ada", NOW, Details(fields={"send-date": "2026-11-25"})).release
    assert notices(dated, NONE)[-1].due == datetime(2026, 11, 25, 23, 59, 59, tzinfo=UTC)


def test_a_message_is_recorded_as_sent_with_its_text() -> None:
    """[S1.23] When, by whom, to whom."""
    ruling = record_sent(payments(), "planned-release", "ada", EARLY, to="all users", text="On Saturday.")
    sent = last_sent(ruling.release, "planned-release")
    assert sent is not None and (sent.by, sent.to, sent.at, sent.text) == (
        "ada",
        "all users",
        EARLY,
        "On Saturday.",
    )
    assert ruling.act is not None and not ruling.act.reversible
    assert notices(ruling.release, NONE)[0].in_time


@pytest.mark.parametrize(
    ("message", "to", "when", "words"),
    [
        ("planed-release", "all", None, "Did you mean 'planned-release'"),
        ("planned-release", " ", None, "To whom"),
        ("planned-release", "all", GO_LIVE, "still to come"),
    ],
)
def test_what_cannot_have_been_sent_is_refused(
    message: str, to: str, when: datetime | None, words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        record_sent(payments(), message, "ada", EARLY, to=to, when=when)


def test_a_late_notice_and_one_for_another_go_live_shut_the_gate() -> None:
    """[S1.23]"""
    made = record_sent(
        replace(staged(), dossier=replace(staged().dossier, sent=())), "planned-release", "ada", DAY, to="all"
    )
    lines = {line.criterion.id: line.why for line in gate(made.release, "go", context()).unmet}
    assert "was sent on Sat 21 Nov 2026 17:00 (UTC)" in lines["notices-sent"]
    moved = replace(staged(), go_live=GO_LIVE + timedelta(days=7))
    lines = {line.criterion.id: line.why for line in gate(moved, "go", context()).unmet}
    assert "the go-live moved since it was sent" in lines["notices-sent"]


def test_what_should_have_gone_out_is_overdue() -> None:
    """[S1.23]"""
    made = payments(criteria=("notices-sent",))
    due = notices(made, NONE)[0].due
    assert due is not None
    assert overdue_notices(made, NONE, due) == ()
    late = overdue_notices(made, NONE, due + timedelta(seconds=1))
    assert [each.message for each in late] == ["planned-release"]
    assert overdue_notices(payments(), NONE, due + timedelta(days=9)) == (), "nothing is to be recorded"


@pytest.mark.parametrize("criteria", [(), ("all",), ("completion-confirmed",)])
def test_a_rollback_is_told_when_it_is_declared_and_again_when_it_is_done(criteria: tuple[str, ...]) -> None:
    """[S1.23] On every release that is rolled back: in the list, in the record, among what waits."""
    made = start(payments(), context(now=GO_LIVE), "ada", GO_LIVE).release
    declared, over = GO_LIVE + timedelta(minutes=20), GO_LIVE + timedelta(minutes=50)
    made = replace(roll_back(made, NOBODY, "ada", declared, "Errors rise").release, criteria=criteria)

    def due(made: Release, now: datetime) -> list[datetime | None]:
        rows = waiting([made], NOBODY, lambda _: context(NOBODY, now=now))
        found = [row.due for row in rows if row.name == "release-failed"]
        late = [each.due for each in overdue_notices(made, NONE, now) if each.message == "release-failed"]
        assert late == [each for each in found if each is not None and each < now]
        return found

    assert due(made, declared + timedelta(seconds=1)) == [declared]
    told = record_sent(made, "release-failed", "ada", declared, to="all").release
    assert due(told, over) == []
    done = complete(told, context(now=over), "ada", over, outcome="rolled-back", verification="x").release
    assert due(done, over) == [over + timedelta(minutes=30)]
    again = record_sent(done, "release-failed", "ada", over, to="all").release
    assert due(again, over + timedelta(days=1)) == []


def test_a_sent_message_is_withdrawn_by_a_new_entry() -> None:
    made = record_sent(payments(), "planned-release", "ada", EARLY, to="all").release
    with pytest.raises(BadInput, match="needs a reason"):
        withdraw_sent(made, "planned-release", "ada", EARLY, "")
    back = withdraw_sent(made, "planned-release", "ada", EARLY, "Wrong list").release
    assert last_sent(back, "planned-release") is None and len(back.dossier.sent) == 2
    assert withdraw_sent(back, "planned-release", "ada", EARLY, "Again").act is None


def test_a_point_is_confirmed_with_the_note_that_it_asks_for() -> None:
    """[S1.1, S1.20]"""
    with pytest.raises(BadInput, match="needs a note: where it is written down"):
        confirm(planned(), ["prerequisite.authority"], "ada", DAY)
    made = confirm(planned(), ["prerequisite.authority"], "ada", DAY, note="The catalogue").release
    given_ = confirmation(made, "prerequisite.authority")
    assert given_ is not None and (given_.by, given_.at, given_.note) == ("ada", DAY, "The catalogue")
    assert confirm(made, ["prerequisite.authority"], "ben", DAY).act is None


def test_a_whole_group_is_confirmed_as_one_act_and_taken_back_with_a_reason() -> None:
    """[S1.22]"""
    ruling = confirm(planned(), ["window"], "ada", DAY)
    assert ruling.act is not None and ruling.changed == (
        "window.infrastructure", "window.operations", "window.support", "window.communications",
    )  # fmt: skip
    with pytest.raises(BadInput, match="needs a reason"):
        unconfirm(ruling.release, ["window"], "ada", DAY, "")
    back = unconfirm(ruling.release, ["window.support"], "ada", DAY, "They said no").release
    assert [gap.name for gap in confirmation_gaps(back, "window")] == ["window.support"]


def test_what_a_confirmation_rests_on_makes_it_count_no_more() -> None:
    """[S1.12, S1.22] The slot for the window, the build for its verification, nothing for prerequisites."""
    made = confirm(planned(), ["window", "prerequisite"], "ada", DAY, note="x").release
    moved = replace(made, go_live=GO_LIVE + timedelta(days=1))
    assert not confirmed(moved, "window.support") and confirmed(moved, "prerequisite.access")
    rebuilt = replace(made, dossier=replace(made.dossier, iteration=2))
    assert not confirmed(rebuilt, "build.images") and confirmed(rebuilt, "window.support")


def test_an_unknown_point_names_the_nearest() -> None:
    with pytest.raises(BadInput, match=r"Did you mean 'window\.support'"):
        confirm(planned(), ["window.suport"], "ada", DAY)
    assert {point.group for point in POINTS.values()} == set(GROUPS)


@pytest.mark.parametrize(
    ("group", "count"), [("prerequisite", 6), ("build", 5), ("window", 4), ("readiness", 6)]
)
def test_there_are_as_many_points_as_the_trade_has(group: str, count: int) -> None:
    """[S1.1, S1.12, S1.22, S1.24, S1.26]"""
    assert len(confirmation_gaps(payments(), group)) == count
    assert len(confirmation_gaps(payments(), "handoff")) == 6


def rows(
    made: Release, organisation: Organisation = ORGANISATION, now: datetime = DAY
) -> dict[str, tuple[str, ...]]:
    found = waiting([made], organisation, lambda release: context(organisation, now=now))
    return {f"{row.kind} {row.name}": row.people for row in found}


def test_what_waits_says_for_whom() -> None:
    """Sign-offs, confirmations, items and notices, by person."""
    found = rows(planned())
    assert found["sign-off definition"] == ("grace",)
    assert found["confirmation prerequisite.authority"] == ("ada",)
    assert found["item build.merged"] == ("ada",) and "sign-off go" not in found
    late = rows(staged())
    assert late["sign-off go"] == ("grace",) and late["confirmation handoff.bundle"] == ("ada",)


def test_a_light_release_waits_for_its_items_alone() -> None:
    assert all(name.startswith("item ") for name in rows(payments()))


def test_a_person_sees_what_waits_for_them_and_for_who_is_away_today() -> None:
    """[S1.38]"""
    found = waiting([planned()], ORGANISATION, lambda release: context())

    def names(person: str, organisation: Organisation = ORGANISATION) -> set[str]:
        return {row.name for row in waits_for(found, person, organisation, DAY)}

    assert "definition" in names("Grace")
    assert "definition" not in names("heidi")  # grace is there
    assert "definition" in names("heidi", _with_grace_away(DAY.date()))
    assert "definition" not in names("heidi", _with_grace_away(DAY.date() + timedelta(days=1)))
    assert "definition" not in names("carl", _with_grace_away(DAY.date()))


def _with_grace_away(day: date) -> Organisation:
    people = tuple(
        replace(each, away=(Absence(day, day),)) if each.id == "grace" else each
        for each in ORGANISATION.people
    )
    return replace(ORGANISATION, people=people)


def test_the_overdue_come_first() -> None:
    found = waiting([planned(), payments()], NOBODY, lambda release: context(NOBODY, now=NOW))
    overdue = [row.overdue for row in found]
    assert overdue == sorted(overdue, reverse=True)


def test_a_major_release_is_reviewed_within_the_policys_business_days() -> None:
    """[S1.29] Five of them after Saturday 21 November end on Friday 27; a holiday makes it Monday."""
    made = replace(planned(type="major"), completed_at=GO_LIVE)
    assert review_due(made, ORGANISATION) == datetime(2026, 11, 27, 23, 59, 59, tzinfo=UTC)
    free = replace(ORGANISATION, holidays=Holidays(dates=(date(2026, 11, 24),)))
    assert review_due(made, free) == datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    assert "review close.pir" in rows(made) and "review close.pir" not in rows(replace(made, type="minor"))


def test_the_actions_that_remain_wait_for_who_leads() -> None:
    """[S1.28]"""
    entry = Decision(
        id="D-1", kind="complete", at=GO_LIVE, by="ada", outcome="successful", actions=("Watch",)
    )
    made = replace(planned(), dossier=replace(planned().dossier, decisions=(entry,)))
    assert rows(made)["action D-1.1"] == ("ada",)


def saying(*, criteria: tuple[str, ...] = ()) -> Release:
    """A release whose checklist says that the deployment starts, is complete, and was planned."""
    return replace(
        payments(),
        criteria=criteria,
        phases=(
            phase(
                "pre",
                item("planned", message="planned-release"),
                item("said", message="deploy-starting"),
                item("done", message="deploy-complete", requires=("pre.other",)),
                item("other"),
                stage="stage",
            ),
        ),
    )


def test_recording_a_message_as_sent_ticks_its_item_in_the_same_act() -> None:
    """[S1.23] The checklist and the record say the same."""
    ruling = record_sent(saying(), "deploy-starting", "ada", NOW, to="#ops")
    assert ruling.changed == ("deploy-starting", "pre.said")
    mark = ruling.release.mark("pre.said")
    assert (mark.state.value, mark.by, mark.at) == ("done", "ada", NOW)
    assert ruling.act is not None
    assert ruling.act.text == "sent 'Deploy starting' to #ops, and ticked Said"
    again = record_sent(ruling.release, "deploy-starting", "bob", NOW, to="#all")
    assert again.release.mark("pre.said") == mark and again.changed == ("deploy-starting",)


def test_an_item_that_needs_something_first_is_left_when_its_message_is_sent_and_it_is_said_why() -> None:
    ruling = record_sent(replace(saying(), started_at=NOW), "deploy-complete", "ada", NOW, to="#ops")
    assert ruling.release.mark("pre.done").state.value == "open"
    assert ruling.told == ("'Done' stays open: it needs first: Other.",)


def test_withdrawing_a_message_reopens_its_item_unless_an_earlier_one_stands() -> None:
    """[S1.23] What was not said is not done; its note and evidence stay on the item."""
    sent = record_sent(saying(), "deploy-starting", "ada", NOW, to="#ops").release
    sent = annotate(sent, "pre.said", "ada", NOW, Details(note="in the channel")).release
    gone = withdraw_sent(sent, "deploy-starting", "ada", NOW, "not sent")
    assert gone.act is not None and gone.act.text.endswith("was sent, and reopened Said")
    assert gone.changed == ("deploy-starting", "pre.said")
    mark = gone.release.mark("pre.said")
    assert (mark.state.value, mark.by, mark.note) == ("open", "", "in the channel")
    twice = record_sent(sent, "deploy-starting", "bob", NOW, to="#all").release
    still = withdraw_sent(twice, "deploy-starting", "ada", NOW, "only the second")
    assert still.release.mark("pre.said").state.value == "done" and still.changed == ("deploy-starting",)


def test_without_criteria_a_ticked_item_counts_as_said_and_with_criteria_it_does_not() -> None:
    """[S1.23] No false alarm in the light way; no false proof in the governed one."""
    light = tick(saying(), ["pre.planned"], "ada", EARLY).release
    notice = notices(light, NONE)[0]
    assert notice.sent is None and notice.ticked == EARLY and notice.in_time
    assert notice not in overdue_notices(light, NONE, GO_LIVE)
    late = notices(tick(saying(), ["pre.planned"], "ada", GO_LIVE).release, NONE)[0]
    assert not late.in_time and "its item was ticked on" in late.why
    governed = tick(saying(criteria=("all",)), ["pre.planned"], "ada", EARLY).release
    assert notices(governed, NONE)[0].ticked is None and not notices(governed, NONE)[0].in_time


def test_the_ticks_of_the_deployment_tell_when_its_result_is_due() -> None:
    """[S1.23] A release that is completed by its ticks owes the result half an hour later."""
    made = replace(payments(), phases=(phase("deploy", item("run")),))
    done = tick(made, ["deploy"], "ada", GO_LIVE).release
    due = {notice.message: notice.due for notice in notices(done, NONE)}
    assert due["deploy-complete"] == GO_LIVE
    assert due["release-successful"] == GO_LIVE + timedelta(minutes=30)


def test_a_result_is_told_only_when_there_is_one() -> None:
    """[S1.23] Not before the deployment, with criteria its completion; `deploy-starting` is free."""
    light = payments()
    for message in ("deploy-complete", "release-successful", "release-failed", "support-live"):
        with pytest.raises(Refused, match="has not begun: start it first"):
            record_sent(light, message, "ada", GO_LIVE, to="all")
    assert record_sent(light, "deploy-starting", "ada", GO_LIVE, to="all").act is not None
    begun = replace(light, started_at=GO_LIVE)
    assert record_sent(begun, "release-successful", "ada", GO_LIVE, to="all").act is not None
    with pytest.raises(Refused, match="is not completed: relui complete"):
        record_sent(replace(begun, criteria=("all",)), "release-successful", "ada", GO_LIVE, to="all")


def test_a_result_that_was_told_before_the_completion_tells_no_stakeholder() -> None:
    """[S1.29]"""
    began = replace(payments(), started_at=GO_LIVE)
    told = began
    for message in ("release-successful", "support-live"):
        told = record_sent(told, message, "ada", GO_LIVE, to="all").release
    done = replace(told, completed_at=GO_LIVE + timedelta(hours=1))
    assert [gap.name for gap in stakeholders_told(done, context()).gaps] == [
        "release-successful",
        "support-live",
    ]
    assert stakeholders_told(replace(told, completed_at=GO_LIVE), context()).holds
