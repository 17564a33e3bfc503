"""One file with the whole record, for an auditor."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from relui.documents.record_parts import LONGEST, _value
from relui.documents.whole_record import Evidence, record_markdown
from relui.domain.checklist import Mark, State
from relui.domain.dossier.criteria import GATES
from relui.domain.dossier.deciding import decide, withdraw
from relui.domain.dossier.gates import gate, override
from relui.domain.dossier.sending import withdraw_sent
from relui.domain.log import Act, Actor, Entry, Head, IntegrityCheck, next_entry
from relui.domain.patches import diff
from relui.domain.release import Booking, Closing, Release, Retrospective
from tests.documents.governed import deployed, full, light, paper
from tests.documents.test_documents import HOSTILE, headings
from tests.domain.dossier.gated import DAY, context
from tests.domain.releases import GO_LIVE, NOW

INTACT = IntegrityCheck("REL-2026-11-001", 1, "ab" * 32)


def entry(**more: object) -> Entry:
    patches = diff({"version": "2.3.0", "risk": "x"}, {"version": "2.4.0", "new": [1, True]})
    made = next_entry(
        Head(), Act("edit", "edited version", "by wish"), Actor("root", "ada"), NOW, patches, simulated=True
    )
    return replace(made, **more)  # type: ignore[arg-type]


def record(release: Release, verdict: IntegrityCheck = INTACT, **more: object) -> str:
    judged = tuple(gate(release, name, context()) for name in GATES) if release.criteria else ()
    fields = {"entries": [entry()], "verdict": verdict, "gates": judged, **more}
    return record_markdown(release, Evidence(**fields), paper())  # type: ignore[arg-type]


def test_the_log_tells_who_when_what_why_and_what_became_what() -> None:
    """[section 7] The account on the host beside the name, and that the clock was set by hand."""
    text = record(light())
    assert "### Entry 1: edited version" in text
    assert "- **When:** 2026-11-16 20:00:00 UTC" in text and "- **Who:** root as ada" in text
    assert "- **Reason:** by wish" in text and "- **Clock:** set by hand (simulated)" in text
    assert (
        "| version | 2.3.0 | 2.4.0 |" in text and "| risk | x |  |" in text and "| new |  | 1; yes |" in text
    )
    assert f"- **Hash:** {entry().hash}" in text


def test_a_long_value_is_cut_and_said_to_be() -> None:
    long = entry(patches=diff({}, {"risk": "x" * 1000}))
    text = record(light(), entries=[long])
    assert f"{'x' * LONGEST}... (600 characters more)" in text and "`relui export`" in text.replace(
        "\\`", "`"
    )


def test_the_record_begins_with_the_metrics_and_ends_with_the_log() -> None:
    """[S1.34] What an auditor asks first; the raw log is for whoever wants to check it."""
    titles = [title for level, title, _ in headings(record(deployed())) if level == 2]
    assert titles[0] == "Metrics" and titles[-1] == "Log"
    assert "| Start | Saturday 2026-11-21 21:00 +01:00 | not started |" in record(full())


def test_whether_the_record_holds_stands_before_what_it_says() -> None:
    """[S1.33]"""
    assert "The record is intact" in record(light())
    broken = record(light(), IntegrityCheck("REL-2026-11-001", 3, "cd", ("entry 2 was altered",), 2))
    assert "The record does not verify" in broken and "- entry 2 was altered" in broken
    assert broken.index("does not verify") < broken.index("## Release")
    assert "- **Simulated entries:** 2, made under a clock" in broken


def test_the_checklist_is_told_with_its_grounds() -> None:
    """[section 7] Who ticked this, when, on what evidence."""
    mark = Mark(
        State.DONE, "bob", NOW, note="a\nb", evidence=("sha256:12",), fields={"where": "s3"}, late=True
    )
    text = record(light(marks={"before.backup": mark}))
    assert "| Backup | before.backup | done | bob | Monday 2026-11-16 21:00 +01:00 |" in text
    assert "late; note: a / b; evidence: sha256:12; where: s3" in text


def test_sign_offs_are_told_with_what_made_them_stale() -> None:
    """[S1.21]"""
    text = record(replace(full(), version="2.5.0"))
    assert text.count("the version 2.4.0 became 2.5.0") >= 2
    assert "the acceptance in staging | approve | grace" in text and "The timing is still right" in text


def test_overrides_decisions_and_messages_stay_when_they_are_withdrawn() -> None:
    """[S1.2, S1.23, S1.25]"""
    made = override(full(), "window-confirmed", "ada", "They told me by phone", DAY).release
    made = decide(made, "Wait for the ledger", "ada", DAY, ("eu",)).release
    made = withdraw(made, made.dossier.decisions[-1].id, "ada", DAY, "It is there").release
    made = withdraw_sent(made, "planned-release", "ada", DAY, "It went astray").release
    text = record(made)
    assert "They told me by phone" in text
    assert "Wait for the ledger" in text and "It is there" in text and "withdraws D-" in text
    assert "withdrawn: Planned release" in text and "> It went astray" in text


def test_a_deployed_release_shows_planned_and_actual_completion_and_texts_sent() -> None:
    """[S1.28, S1.34]"""
    text = record(deployed())
    assert "| Duration | 2 hours | 1 hour 15 minutes |" in text
    assert "- **On time:** no" in text and "- **Rolled back:** no" in text  # twenty minutes late
    assert "- **Changes:** 4" in text and "- **Defects after deployment:** 0" in text
    assert (
        "outcome: successful; verification: All green.; issues: A slow query, indexed.; actions that remain: Watch the index"  # noqa: E501
        in text
    )
    assert "> It is done." in text and "## Gates" in text and "| go-decided | Go was said | met |" in text


def test_every_slot_that_was_held_is_told_with_its_exception() -> None:
    """[S1.38]"""
    slot = Booking(at=GO_LIVE, duration=60, counter=4, booked_at=NOW, booked_by="ada", held="moved",
                   exception="No window", approver="grace", why="moved a week")  # fmt: skip
    text = record(light(bookings=(slot,)))
    assert "| 4 | Saturday 2026-11-21 21:00 +01:00 |" in text
    assert "| No window | grace | moved a week |" in text


def test_closing_and_retrospective_are_told() -> None:
    """[S0.9, S1.29]"""
    closed = Closing("partial", GO_LIVE + timedelta(days=1), "ada", "Half of it", {"before.mobile": "no app"})
    text = record(light(closing=closed, retrospective=Retrospective("speed", "DNS", "a test")))
    assert "- **Outcome:** partial" in text and "left open: no app" in text and "- **Was hard:** DNS" in text


@pytest.mark.parametrize("made", [light, full, deployed], ids=["light", "full", "deployed"])
def test_no_heading_is_empty(made: object) -> None:
    text = record(made())  # type: ignore[operator]
    assert not [title for _, title, empty in headings(text) if empty]


def test_hostile_text_stays_text() -> None:
    flat = HOSTILE.replace("\n", " ")
    text = record(
        light(title=flat, risk=HOSTILE, marks={"before.backup": Mark(State.DONE, flat, NOW, note=HOSTILE)})
    )
    assert "\x1b" not in text
    assert [title for level, title, _ in headings(text) if level == 1] != []
    assert sum(1 for level, _, _ in headings(text) if level == 1) == 1


def test_values_of_the_log_are_told_in_words() -> None:
    booked = {
        "at": "2026-11-21T19:02:00.109612+01:00",
        "duration": 120,
        "by": "mara",
        "reason": "",
        "gone": False,
    }
    assert _value([booked]) == "at: 2026-11-21 19:02:00 +01:00, duration: 120, by: mara, gone: no"
    assert _value("2026-11-21T12:55:00Z") == "2026-11-21 12:55:00 UTC"
    assert _value(["kubernetes", "aws"]) == "kubernetes; aws"
    assert _value({}) == ""
