"""What the bundled messages say [S1.23]."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from relui.documents.messages import (
    ROWS,
    VARIABLES,
    Message,
    checked_template,
    message,
    message_facts,
    notice_of,
)
from relui.domain.dossier.deployment import complete, roll_back, start
from relui.domain.dossier.parts import Change
from relui.domain.dossier.stages import say_go
from relui.domain.organisation import Person
from relui.domain.release import Release
from relui.domain.template import MESSAGES
from relui.errors import BadInput
from tests.documents.governed import MESSAGES as FOLDER
from tests.documents.governed import confirmed_all, deployed, full, light, paper
from tests.domain.dossier.gated import DAY, NOBODY, ORGANISATION, context, staged
from tests.domain.releases import GO_LIVE, NOW

PLANNED = """\
Planned release: Payments 2.4.0, Saturday 21 November 2026, 20:00

Payments 2.4.0 is to be released.

When:              Saturday 21 November 2026, 20:00 (UTC)
Expected duration: 2 hours, until 22:00
Affected services: Payments, Web shop
During this time:  the service may be slow, or parts of it may be missing

What you need to do:
Sign out before eight.

What changes:
- Change 1
- Change 2
- Change 3
- Change 4

Questions: Support desk (#help)
Reference: REL-2026-11-001
"""


def written(release: Release, name: str, **more: object) -> Message:
    shown = f"{name}.txt.j2"
    template = checked_template((FOLDER / shown).read_text("utf-8"), shown)
    return message(release, name, paper(**more), template)


def rolled_back() -> Release:
    made = confirmed_all(say_go(staged(), context(), "grace", DAY, confirmed=("all",)).release, "handoff")
    made = start(made, context(now=GO_LIVE), "ada", GO_LIVE).release
    later = GO_LIVE + timedelta(minutes=30)
    return roll_back(made, ORGANISATION, "ada", later, "Payments were refused.").release


def test_the_planned_release_says_when_how_long_what_what_to_do_and_whom_to_ask() -> None:
    """[S1.23] Snapshot of the whole text."""
    found = written(full(), "planned-release")
    assert found.whole == PLANNED
    assert found.audience == "affected users, support team"
    assert found.due is not None and found.due.date().isoformat() == "2026-11-18"


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_names_service_version_and_whom_to_ask(name: str) -> None:
    """[S1.23] For a governed release and for a light one."""
    for release, asked in (
        (full(), "Support desk (#help)"),
        (light(), "Ada"),
        (deployed(), "Ada"),
        (rolled_back(), "Ada"),
    ):
        found = written(release, name)
        assert "2.4.0" in found.subject and "Payments" in found.subject
        assert asked in found.text
        assert "  \n" not in found.text and "\n\n\n" not in found.whole and found.text.endswith("\n")


@pytest.mark.parametrize("name", ["planned-release", "deploy-starting"])
def test_a_message_before_the_deployment_has_the_five_things(name: str) -> None:
    """[S1.23]"""
    text = written(full(), name).text
    for words in ("Saturday 21 November 2026, 20:00 (UTC)", "2 hours", "Payments, Web shop",
                  "Sign out before eight.", "Support desk (#help)"):  # fmt: skip
        assert words in text


def test_times_are_in_the_zone_of_the_release_and_the_offset_is_told() -> None:
    """[S1.23]"""
    text = written(light(zone="Europe/Berlin"), "planned-release").text
    assert "Saturday 21 November 2026, 21:00 (Europe/Berlin, UTC+01:00)" in text
    late = light(zone="Asia/Kathmandu")
    assert (
        "Sunday 22 November 2026, 01:45 (Asia/Kathmandu, UTC+05:45)" in written(late, "planned-release").text
    )


def test_an_end_on_another_day_is_told_with_its_day() -> None:
    assert "until 02:00 on Sunday 22 November 2026" in written(light(duration=360), "planned-release").text


def test_deploy_complete_bears_the_time() -> None:
    """[S1.23] The recorded one; the present one where none is recorded."""
    done = written(deployed(), "deploy-complete")
    assert done.subject == "Deployed: Payments 2.4.0, 21:35"
    assert "It took:           1 hour 15 minutes (planned: 2 hours)" in done.text
    assert written(light(), "deploy-complete", now=GO_LIVE + timedelta(hours=1)).subject.endswith(", 21:00")


def test_success_says_that_services_work_users_may_go_on_and_whom_to_tell() -> None:
    """[S1.23]"""
    text = written(deployed(), "release-successful").text
    assert "All services work, and you can go on working." in text
    assert "If something does not work, tell: Ada" in text


def test_a_partial_success_is_called_one() -> None:
    """[S1.28]"""
    made = replace(deployed(), completed_at=None)
    decisions = tuple(each for each in made.dossier.decisions if each.kind != "complete")
    made = replace(
        made, dossier=replace(made.dossier, decisions=decisions, progress={"eu": "done", "us": "left-out"})
    )
    ended = GO_LIVE + timedelta(hours=1)
    made = complete(
        made, context(now=ended), "ada", ended, outcome="partial", verification="EU works."
    ).release
    found = written(made, "release-successful")
    assert found.subject == "Released in part: Payments 2.4.0"
    assert "1 of 2 deployed and verified: us left out of this release" in found.text


def test_a_rollback_is_told_with_its_reason_and_what_is_in_use() -> None:
    """[S1.23] That it is under way until it is completed, and only then that it is done."""
    found = written(rolled_back(), "release-failed")
    assert found.subject == "Being rolled back: Payments 2.4.0"
    assert "is being rolled back" in found.text and "was rolled back" not in found.text
    assert "Please wait" in found.text and "Payments were refused." in found.text
    over = GO_LIVE + timedelta(hours=1)
    done = complete(
        rolled_back(), context(now=over), "ada", over, outcome="rolled-back", verification="2.3.0 runs."
    ).release
    found = written(done, "release-failed")
    assert found.subject == "Rolled back: Payments 2.4.0"
    assert "The version before it is in use." in found.text and "Payments were refused." in found.text


def test_the_customers_are_told_the_news_and_the_message_knows_its_send_date() -> None:
    """[S1.23]"""
    found = written(full(), "customer-announcement")
    assert (found.audience, found.subject) == ("customers", "New in Payments: version 2.4.0")
    assert "- Change 1" in found.text and "Filter by day." in found.text
    notice = notice_of(deployed(), "release-successful", paper())
    assert message_facts(deployed(), notice, paper())["send_date"] == "Saturday 21 November 2026"


@pytest.mark.parametrize(("impact", "audience"), [
    ("high", "all users, leadership, partners"),
    ("medium", "affected users, support team"),
    ("low", "technical teams"),
])  # fmt: skip
def test_the_audience_and_what_users_do_follow_the_impact(impact: str, audience: str) -> None:
    """[S1.23]"""
    made = light(impact=impact)
    assert written(made, "planned-release").audience == audience
    texts = {written(light(impact=each), "planned-release").text for each in ("high", "medium", "low")}
    assert len(texts) == 3


def test_support_of_the_organisation_is_asked_before_the_owner() -> None:
    helper = replace(NOBODY, people=(Person("sam", "Sam", roles=("support",), contact="4711"),))
    assert "Questions: Sam (4711)" in written(light(), "planned-release", organisation=helper).text
    assert "Questions: ada\n" in written(light(), "planned-release", organisation=NOBODY).text


def test_withdrawn_and_rejected_changes_are_no_news_and_many_are_cut() -> None:
    many = tuple(Change(id=f"C-{n}", summary=f"News {n}") for n in range(ROWS + 3))
    gone = (
        Change(id="X", summary="Gone", status="withdrawn"),
        Change(id="Y", summary="No", status="rejected"),
    )
    made = light()
    text = written(
        replace(made, dossier=replace(made.dossier, changes=(*gone, *many))), "planned-release"
    ).text
    assert "Gone" not in text and "- No\n" not in text
    assert text.count("- News") == ROWS and "- and 3 more\n" in text


def test_every_variable_has_a_value_of_its_sort_and_rows_have_their_fields() -> None:
    """What templates may name is there for every release."""
    kinds = {"text": str, "yes-no": bool, "texts": list, "rows": list}
    for release in (full(), light(), deployed(), rolled_back()):
        facts = message_facts(release, notice_of(release, "planned-release", paper()), paper())
        assert set(facts) == set(VARIABLES)
        for name, variable in VARIABLES.items():
            value = facts[name]
            assert type(value) is kinds[variable.sort], name
            if variable.sort == "rows":
                assert isinstance(value, list)
                assert all(set(row) == set(variable.fields) for row in value)
                assert all(isinstance(each, str) for row in value for each in row.values())


def test_an_unknown_message_is_an_error_with_the_nearest() -> None:
    template = checked_template("Subject: x", "x")
    with pytest.raises(BadInput, match="Did you mean 'support-live'"):
        message(light(), "support-life", paper(), template)


def test_the_light_way_owes_a_message_by_the_day_of_its_impact() -> None:
    assert notice_of(light(impact="low"), "planned-release", paper()).due == GO_LIVE.replace(
        day=20, hour=23, minute=59, second=59
    )
    assert NOW < GO_LIVE
