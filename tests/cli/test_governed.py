"""A whole governed release on the command line, and the same with things going wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from relui.domain.dossier.criteria import GATES
from tests.cli import governed as way
from tests.cli.conftest import CommandLine
from tests.cli.governed import At, refused, unmet


def test_a_governed_release_from_prerequisites_to_completion(cli: CommandLine, at: At) -> None:
    """[S1.2] Every stage is left through its gate, and without an override every gate is met at the end.

    Every document is written, and the record verifies.
    """
    way.organised(cli)
    release = way.new(cli)
    assert len(unmet(cli, release, "plan")) == 9
    way.planned(cli, release)
    assert cli.state(release)["dossier"]["stage"] == "build"
    way.built(cli, release)
    assert cli.state(release)["dossier"]["stage"] == "test"
    way.tested(cli, release)
    way.staged(cli, release)
    assert cli.state(release)["dossier"]["stage"] == "deploy"
    way.sent(cli, release, "planned-release")
    assert cli.json("may-deploy", "payments", "--release", release, code=1)["asked"][-1] == "gates"
    at(way.DAY)
    way.ready(cli, release)
    assert set(unmet(cli, release, "go")) == {"go-decided", "handed-off"}
    cli.ok("go", release, "--confirm", "all", "--as", "grace")
    way.handed_off(cli, release)
    at(way.SLOT)
    assert cli.json("gate", release, "go")["met"] is True
    assert cli.json("may-deploy", "payments", "--release", release)["allowed"] is True
    cli.ok("start", release)
    at(way.AFTER)
    answer = cli.ok("complete", release, "--verification", "all smoke tests passed", "--action", "tidy up")
    assert "completed the deployment as successful, after 1h5m" in answer.err
    closing(cli, release)
    gates = cli.json("gate", release, "--all")
    assert [gate["gate"] for gate in gates["gates"]] == list(GATES) and gates["met"] is True
    assert [line for gate in gates["gates"] for line in gate["lines"] if line["state"] != "met"] == []
    texts = way.documents(cli, release)
    assert {f"{name}.md" for name in way.DOCUMENTS} < set(texts)
    assert len([name for name in texts if name.startswith("handoff/")]) == 11
    assert "No payment goes through" in texts["definition.md"] and "Change 3" in texts["notes.md"]
    assert "proceed" in texts["test-summary.md"].lower() and "Still missing" not in texts["definition.md"]
    at(NEXT_DAY)
    for phase in ("planning", "pre-release", "staging-test", "pre-deploy", "deploy", "post-deploy", "close"):
        cli("tick", release, phase)  # what hands do; the rest has ticked itself by the record
    marks = cli.state(release)["marks"]
    ticked = ("pre-release.pipeline", "staging-test.smoke", "communication.support", "pre-deploy.on-call")
    assert [marks[path]["by"] for path in ticked] == ["relui"] * 4
    cli.ok("close", release)
    state = cli.state(release)
    assert state["closing"]["outcome"] == "successful"
    assert [each["kind"] for each in state["dossier"]["decisions"] if each["kind"] != "advance"] == [
        "go", "start", "complete",
    ]  # fmt: skip
    assert cli.json("verify", release)["records"][0]["intact"] is True
    assert "overrides" not in state["dossier"]


NEXT_DAY = "2026-12-13T19:00:00+00:00"
"""When 24 hours of monitoring are over."""
TOLD = ("deploy-starting", "deploy-complete", "release-successful", "support-live")


def closing(cli: CommandLine, release: str, running: str = "2.4.0", messages: tuple[str, ...] = TOLD) -> None:
    cli.ok("edit", release, "--set", f"deployed-version={running}")
    cli.ok("config-item", "add", release, "payments", "--old", "2.3.0", "--new", running, "--updated", "yes")
    way.sent(cli, release, *messages)
    cli.ok("confirm", release, "close", "--note", "archive, December review")
    cli.ok("retro", release, "--well", "calm", "--hard", "early", "--next", "rehearse")


def test_a_change_that_is_not_approved_stops_planning(cli: CommandLine) -> None:
    """[S1.3] The gate names it and the way; nothing is lost, and once it is approved the stage ends."""
    way.organised(cli)
    release = way.new(cli)
    way.defined(cli, release)
    late = way.change(cli, release, 4, "--status", "proposed")
    cli.ok("sign", release, "definition", "--as", "grace")
    assert f"{late} is proposed, not approved" in refused(cli, release, "advance")
    error = cli.json("advance", release, code=1)["error"]
    assert [each["criterion"] for each in error["criteria"]] == ["changes-approved"]
    assert f"relui change edit {release} {late}" in cli("gate", release).out
    assert "stage" not in cli.state(release)["dossier"]
    cli.ok("change", "edit", release, late, "--status", "approved")
    assert cli.json("gate", release)["met"] is True
    cli.ok("advance", release)
    assert cli.state(release)["dossier"]["stage"] == "build"


def test_a_critical_defect_stops_testing_and_its_fix_begins_a_new_build(cli: CommandLine) -> None:
    """[S1.16] Never overridden; testing restarts at build verification, and says so."""
    way.organised(cli)
    release = way.new(cli)
    way.planned(cli, release)
    way.built(cli, release)
    way.run_tests(cli, release)
    cli.ok("defect", "add", release, "BUG-1", "--summary", "No login", "--severity", "critical")
    assert "BUG-1" in unmet(cli, release, "test")["no-blocking-defects"]
    why = refused(cli, release, "override", "no-blocking-defects", "--reason", "we hope")
    assert "never be overridden outside an emergency" in why
    assert "no-blocking-defects" in refused(cli, release, "advance", "--override", "we hope")
    assert "overrides" not in cli.state(release)["dossier"]
    fixed = cli.ok("defect", "edit", release, "BUG-1", "--state", "fixed")
    assert "build" in fixed.err.lower()
    assert cli.state(release)["dossier"]["iteration"] == 2
    assert "build 2" in cli.ok("test", "list", release).err
    missing = unmet(cli, release, "test")
    assert {"matrix-covered", "cases-executed"} <= set(missing) and "no-blocking-defects" not in missing
    assert "build-verified" in unmet(cli, release, "build")
    way.verified(cli, release)
    way.run_tests(cli, release)
    cli.ok("defect", "edit", release, "BUG-1", "--state", "verified")
    assert cli.json("gate", release, "test")["met"] is True


def test_a_missing_notice_stops_the_go(cli: CommandLine, at: At) -> None:
    """[S1.23] Due in business days by impact: what is late stays late, and only an override passes it."""
    way.organised(cli)
    release = way.new(cli)
    for step in (way.planned, way.built, way.tested, way.staged):
        step(cli, release)
    at(way.DAY)
    way.ready(cli, release)
    assert "notice late" in cli.ok("list").out and "notice late" in cli.ok("show", release).out
    assert "notice" in {trouble["kind"] for trouble in cli.json("show", release)["release"]["troubles"]}
    why = refused(cli, release, "go", "--confirm", "all", "--as", "grace")
    assert "notices-sent" in why and "not sent" in why
    way.sent(cli, release, "planned-release")
    assert "was due until" in unmet(cli, release, "go")["notices-sent"]
    cli.ok("override", release, "notices-sent", "--reason", "users were told by telephone")
    cli.ok("go", release, "--confirm", "all", "--as", "grace")
    line = next(
        x for x in cli.json("gate", release, "go", code=1)["lines"] if x["criterion"] == "notices-sent"
    )
    assert line["state"] == "overridden" and line["override"]["by"] == "ada"
    assert "users were told by telephone" in cli.ok("show", release).out


def test_a_stale_sign_off_says_why_and_stops_the_go(cli: CommandLine, at: At) -> None:
    """[S1.21] A new component touches the acceptance, not the definition; signed again it goes on."""
    release = way.to_the_day(cli, at)
    given = ("--location", "store", "--checksum", "x", "--presence", "present")
    cli.ok("component", "add", release, "late-one", "--kind", "binary", *given)
    why = refused(cli, release, "go", "--confirm", "all", "--as", "grace")
    assert "acceptance-signed" in why and "late-one" in why
    shown = cli.ok("show", release).out
    assert "acceptance approved by grace" in shown and "STALE" in shown
    kept = cli.json("show", release)["release"]["dossier"]
    stale = {each["subject"] for each in kept["signoffs"] if each["stale"]}
    assert stale == {"acceptance", "readiness"} and "definition" in kept["signed"]
    row = cli.json("list")["releases"][0]
    assert {"acceptance stale", "readiness stale"} <= {trouble["text"] for trouble in row["troubles"]}
    assert "acceptance stale" in cli.ok("list").out
    way.verified(cli, release)
    cli.ok("confirm", release, "readiness", "--note", "Olga")
    cli.ok("sign", release, "readiness", "--as", "ben")
    cli.ok("sign", release, "acceptance", "--confirm", "all", "--as", "grace")
    cli.ok("go", release, "--confirm", "all", "--as", "grace")


def test_a_no_go_frees_the_slot_and_stops_the_start(cli: CommandLine, at: At) -> None:
    """[S1.25] The reason stays, another may take the slot; after a new booking it can be resumed."""
    release = way.to_the_day(cli, at)
    assert cli("no-go", release).code == 2
    answer = cli.ok("no-go", release, "--reason", "half the team is ill", "--as", "grace")
    assert "slot was given back" in answer.err
    assert cli.state(release)["bookings"][-1]["held"] == "released"
    assert "no-go" in refused(cli, release, "start")
    reasons = cli.json("may-deploy", "payments", "--release", release, code=1)["reasons"]
    assert any("half the team is ill" in reason for reason in reasons)
    refused(cli, release, "resume")
    assert "no-go" in cli.ok("list").out
    cli.ok("book", release, "--at", "2026-12-19T20:00")
    cli.ok("resume", release, "--reason", "all are back")
    kinds = [each["kind"] for each in cli.state(release)["dossier"]["decisions"]]
    assert kinds[-2:] == ["no-go", "resume"]
    assert {"go-decided", "window-confirmed"} <= set(unmet(cli, release, "go"))
    assert cli("undo", release, "--entry", len(cli.log(release)) - 2).code != 0


def test_a_rollback_is_completed_as_such_and_followed(cli: CommandLine, at: At) -> None:
    """[S1.27] Nothing is lost: the reason stays, and the next release takes over every change."""
    release = way.deployed(cli, at)
    cli.ok(
        "defect",
        "add",
        release,
        "BUG-9",
        "--summary",
        "No pay",
        "--severity",
        "high",
        "--found",
        "post-deploy",
    )
    refused(cli, release, "rollback", "--reason", "payments fail", "--as", "carl")
    cli.ok("rollback", release, "--reason", "payments fail")
    assert "rollback" in cli.ok("list").out
    assert "rolled-back only" in refused(cli, release, "complete", "--verification", "fine")
    at(way.AFTER)
    cli.ok("complete", release, "--outcome", "rolled-back", "--verification", "the former image runs")
    assert "rolled-back" in refused(cli, release, "close", "--outcome", "successful", "--reason", "x")
    refused(cli, release, "close", "--reason", "x")
    follower = cli.ok(
        "new", "--follows", release, "--version", "2.4.1", "--go-live", "2026-12-19T20:00"
    ).out.strip()
    kept = cli.state(follower)["dossier"]
    assert kept["follows"] == release
    assert [each["id"] for each in kept["changes"]] == ["CHG-2026-0001", "CHG-2026-0002", "CHG-2026-0003"]
    assert all(each["origin"] == release and not each.get("ready") for each in kept["changes"])
    assert f"following {release}" in cli.log(follower)[0]["text"]
    closing(cli, release, running="2.3.0", messages=("release-failed",))
    cli.ok("close", release, "--reason", "rolled back")
    assert cli.state(release)["closing"]["outcome"] == "rolled-back"
    assert "overrides" not in cli.state(release)["dossier"]
    assert cli.json("verify", release)["records"][0]["intact"] is True


def test_following_a_release_without_an_outcome_creates_nothing(cli: CommandLine) -> None:
    way.organised(cli)
    release = way.new(cli)
    answer = cli("new", "--follows", release, "--version", "2.4.1")
    assert answer.code == 1 and "no outcome yet" in answer.err
    assert len(list(cli.data.glob("releases/*.json"))) == 1


def test_a_light_release_knows_none_of_it(cli: CommandLine, release: str) -> None:
    """No criteria: every gate is met, nothing is in its list, its show or its document."""
    answer = cli.ok("gate", release)
    assert "no criteria" in answer.err
    assert cli.json("show", release)["release"]["dossier"] is None
    assert "Sign-offs" not in cli.ok("show", release).out
    assert cli("advance", release).code == 1


def test_read_only_refuses_every_act(cli: CommandLine, release: str) -> None:
    before = cli.file(release).read_bytes()
    for act in (
        ("change", "add", release, "CHG-1", "--summary", "x"),
        ("confirm", release, "notes"),
        ("sign", release, "test-plan"),
        ("hold", release, "--reason", "x"),
        ("claim", release, "--as", "ben"),
        ("cancel", release, "--reason", "x"),
    ):
        assert cli(*act, "--readonly").code == 3, act
    assert cli.ok("gate", release, "--readonly").code == 0
    assert cli.file(release).read_bytes() == before


@pytest.mark.parametrize(
    "act", [("hold", "--reason", "x"), ("claim",), ("confirm", "notes"), ("decide", "words")]
)
def test_an_archived_release_refuses_acts(cli: CommandLine, release: str, act: tuple[str, ...]) -> None:
    cli.ok("cancel", release, "--reason", "no need")
    assert cli.state(release)["closing"]["outcome"] == "cancelled"
    before = cli.file(release).read_bytes()
    assert cli(act[0], release, *act[1:], "--as", "ben").code == 1
    again = cli.ok("cancel", release, "--reason", "no need")
    assert "already" in again.err
    assert (
        cli.file(release).read_bytes() == before
        and Path("archive") in Path(cli.file(release)).relative_to(cli.data).parents
    )
