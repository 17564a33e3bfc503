"""Creating, listing, showing, editing and closing releases, and their retrospectives."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine

ALL_BOUND = ("close.closed", "close.retrospective")


def everything_done(cli: CommandLine, release: str) -> None:
    """Tick the whole checklist, with the fields that it asks for."""
    fields = {
        "staging-test.qa-approval": ["name=grace", "date=2026-11-20"],
        "communication.announcement": ["send-date=2026-11-22"],
        "pre-deploy.on-call": ["person=linus"],
    }
    for item, values in fields.items():
        cli.ok("tick", release, item, *(part for value in values for part in ("--field", value)))
    phases = [phase["path"] for phase in cli.json("show", release)["release"]["phases"]]
    cli.ok("tick", release, *phases, "--early")
    cli.ok("retro", release, "--well", "calm", "--hard", "early", "--next", "rehearse")


# new


def test_a_new_release_prints_its_identifier_alone(cli: CommandLine) -> None:
    answer = cli.ok("new", "--service", "payments", "--version", "2.4.0", "--go-live", "2026-11-21T20:00")
    assert answer.out == "REL-2026-11-001\n"
    assert "Go-live Sat 2026-11-21 20:00 Europe/Berlin, in 5d10h." in answer.err
    state = cli.state("REL-2026-11-001")
    assert state["go_live"] == "2026-11-21T19:00:00Z"
    assert (state["service"], state["version"], state["owner"]) == ("payments", "2.4.0", "ada")
    assert state["title"] == "2.4.0 - Release - 2026-11-21"


def test_defaults_are_stated(cli: CommandLine) -> None:
    answer = cli.ok("new", "--service", "payments", "--version", "2.4.0")
    assert "Go-live Thu 2026-11-19 20:00 Europe/Berlin, in 3d10h, proposed." in answer.err
    state = cli.state("REL-2026-11-001")
    assert state.get("type", "minor") == "minor"
    assert state.get("impact", "medium") == "medium"
    assert state.get("duration", 120) == 120


def test_every_option_of_new_reaches_the_record(cli: CommandLine) -> None:
    cli.ok(
        "new",
        "--service",
        "shop",
        "--version",
        "5.0.0",
        "--template",
        "standard",
        "--type",
        "major",
        "--impact",
        "high",
        "--owner",
        "grace",
        "--go-live",
        "2026-12-05T22:00+00:00",
        "--duration",
        "1h30m",
        "--title",
        "The big one",
        "--rationale",
        "a new basket",
        "--pack",
        "multi-region",
        "--pack",
        "kubernetes",
        "--without",
        "mobile",
        "--set",
        "region=eu, us",
    )
    state = cli.state("REL-2026-12-001")
    assert (state["type"], state["impact"], state["owner"]) == ("major", "high", "grace")
    assert (state["duration"], state["title"], state["rationale"]) == (90, "The big one", "a new basket")
    assert state["packs"] == ["multi-region", "kubernetes"]
    assert state["without"] == ["mobile"]
    assert state["values"] == {"region": ["eu", "us"]}
    assert "staging-test.mobile" not in cli.ok("show", "1").out


def test_an_emergency_needs_its_rationale_and_a_criterion_of_the_policy(cli: CommandLine) -> None:
    given = ["new", "--service", "shop", "--version", "5.0.1", "--template", "emergency"]
    answer = cli(*given)
    assert answer.code == 2
    assert "rationale" in answer.err
    bare = cli(*given, "--rationale", "checkout is down")
    assert bare.code == 2 and "production incident, security vulnerability" in bare.err
    cli.ok(*given, "--rationale", "checkout is down", "--criterion", "production incident")
    state = cli.state("REL-2026-11-001")
    assert (state["type"], state["emergency_criterion"]) == ("emergency", "production incident")
    assert cli(*given, "--rationale", "checkout is down", "--criterion", "a whim").code == 2


def test_a_policy_can_want_every_emergency_governed(cli: CommandLine) -> None:
    """[S1.36] The plain template is refused with the way out, a copy of a plain one too."""
    why = ("--rationale", "checkout is down", "--criterion", "production incident")
    given = ["new", "--service", "shop", "--version", "5.0.1", *why]
    plain = cli.ok(*given, "--template", "emergency").out.strip()
    assert cli("org", "set", "policy.governed_emergencys=true").code == 2
    cli.ok("org", "set", "policy.governed_emergencies=true")
    for wrong in (
        [*given, "--template", "emergency"],
        ["new", "--copy", plain, "--version", "5.0.2", *why],
    ):
        answer = cli(*wrong)
        assert answer.code == 2 and "template governed-emergency" in answer.err, answer.err
    cli.ok(*given, "--template", "governed-emergency")
    assert "Emergencies are governed" in cli.ok("org", "show").out


def test_a_plain_emergency_is_ticked_at_once_and_started_by_its_tick(
    cli: CommandLine, at: Callable[[str], None]
) -> None:
    """[S1.36] No criteria: no gate, no sign-off; what it leaves for later is owed by a date."""
    why = ("--rationale", "checkout is down", "--criterion", "production incident")
    made = cli.ok(
        "new", "--service", "shop", "--version", "5.0.1", "--template", "emergency", *why
    ).out.strip()
    assert cli.state(made).get("criteria") is None
    at("2026-11-16T10:30:00+00:00")
    cli.ok("tick", made, "pre-release", "pre-deploy", "deploy", "post-deploy")
    shown = cli.json("list")["releases"][0]
    assert shown["stage"] == "owing" and cli.json("debts")["debts"][0]["due_at"]
    assert cli("close", made, "--reason", "r").code == 1


def test_a_copy_starts_anew(cli: CommandLine, release: str) -> None:
    cli.ok("tick", release, "pre-deploy.backup")
    cli.ok("new", "--copy", "1", "--version", "2.5.0", "--go-live", "2026-11-28T20:00")
    state = cli.state("REL-2026-11-002")
    assert (state["service"], state["version"], state["copied_from"]) == ("payments", "2.5.0", release)
    assert state["marks"] == {}


def test_the_document_of_new(cli: CommandLine) -> None:
    told = cli.json("new", "--service", "payments", "--version", "3.0.0", "--type", "patch")
    assert told["release"]["id"] == "REL-2026-11-001"
    assert told["release"]["total"] > 40
    assert told["told"][0] == "Version 3.0.0 reads as a major release, but the type is patch."
    assert "Planning complete was due on Mon 9 Nov 2026" in told["told"][1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--version", "1"], "--service is missing"),
        ([], "--service is missing: what is released; --version is missing: which version it is. Nothing"),
        (["--template", "emergency"], "--rationale is missing: what is broken"),
        (["--service", "s"], "--version is missing"),
        (["--service", "s", "--version", " "], "version"),
        (["--service", "s", "--version", "1", "--type", "mayor"], "'major'"),
        (["--service", "s", "--version", "1", "--impact", "huge"], "'high'"),
        (["--service", "s", "--version", "1", "--template", "standart"], "Did you mean 'standard'?"),
        (["--service", "s", "--version", "1", "--template", "aws"], "pack"),
        (["--service", "s", "--version", "1", "--pack", "kubernets"], "Did you mean 'kubernetes'?"),
        (["--service", "s", "--version", "1", "--without", "mobil"], "mobile"),
        (["--service", "s", "--version", "1", "--set", "region"], "NAME=VALUE"),
        (["--service", "s", "--version", "1", "--go-live", "tomorrow"], "2026-11-21T20:00"),
        (["--service", "s", "--version", "1", "--duration", "two hours"], "2h"),
        (["--copy", "REL-2020-01-001", "--version", "1"], "There is no release"),
        (["--service", "s", "--version", "1", "--boook"], "--boook"),
    ],
)
def test_a_wrong_new_creates_nothing(cli: CommandLine, given: list[str], said: str) -> None:
    answer = cli("new", *given)
    assert answer.code == 2
    assert said in answer.err
    assert not list(cli.data.glob("releases/*"))


def test_a_refused_new_spends_no_number(cli: CommandLine) -> None:
    cli("new", "--service", "s", "--version", " ")
    assert cli.ok("new", "--service", "s", "--version", "1").out == "REL-2026-11-001\n"


def test_an_hour_that_does_not_exist_is_told(cli: CommandLine) -> None:
    answer = cli.ok("new", "--service", "s", "--version", "1", "--go-live", "2027-03-28T02:30")
    assert "does not exist" in answer.err


def test_the_settings_choose_the_template(cli: CommandLine, tmp_path: Path) -> None:
    own = tmp_path / "config" / "templates"
    own.mkdir(parents=True)
    (own / "ours.yaml").write_text(
        "template: ours\nname: Ours\nkind: base\nphases:\n"
        "  - {id: all, name: All, stage: deploy, due: T, items: [{id: one, text: One}]}\n"
    )
    (tmp_path / "config" / "settings.yaml").write_text("default_template: ours\n")
    cli.ok("new", "--service", "s", "--version", "1")
    assert cli.state("REL-2026-11-001")["template"] == "ours"


@pytest.mark.parametrize(
    "title", ["[b]x[/b] [/]", "\x1b[2Jgone", "🚀👩\u200d💻", "長い表題", "עברית", "y" * 10_000]
)
def test_titles_of_any_kind_are_kept_and_drawn_safely(cli: CommandLine, title: str) -> None:
    cli.ok("new", "--service", "s", "--version", "1", "--title", title)
    kept = cli.state("REL-2026-11-001")["title"]
    assert "\x1b" not in kept
    for command in (["list"], ["show", "1"], ["log", "1"]):
        out = cli.ok(*command).out
        assert "\x1b" not in out
        if command[0] != "log":
            assert kept in out
    assert cli.json("list")["releases"][0]["title"] == kept


def test_a_title_beyond_the_limit_is_refused(cli: CommandLine) -> None:
    answer = cli("new", "--service", "s", "--version", "1", "--title", "y" * 10_001)
    assert answer.code == 2
    assert "10,000" in answer.err


# list


def test_an_empty_list_says_how_to_begin(cli: CommandLine) -> None:
    answer = cli.ok("list")
    assert answer.out == ""
    assert "relui new" in answer.err
    assert cli.json("list") == {"releases": [], "problems": []}
    assert not cli.data.exists()


def test_the_list_is_ordered_by_go_live_and_shows_what_is_late(
    cli: CommandLine, release: str, at: Callable[[str], None]
) -> None:
    cli.ok(
        "new", "--service", "ledger", "--version", "1.0.1", "--type", "patch", "--go-live", "2026-11-20T20:00"
    )
    at("2026-11-20T12:00:00Z")
    lines = cli.ok("list").out.splitlines()
    assert lines[0].split()[:3] == ["ID", "GO-LIVE", "(Europe/Berlin)"]
    assert lines[1].startswith("REL-2026-11-002  Fri 2026-11-20 20:00")
    assert lines[2].startswith("REL-2026-11-001  Sat 2026-11-21 20:00")
    assert "overdue" in lines[1]


def test_the_zone_option_changes_the_display_only(cli: CommandLine, release: str) -> None:
    assert "Sun 2026-11-22 04:00" in cli.ok("list", "--zone", "Asia/Tokyo").out
    assert "Sun 2026-11-22 04:00 Asia/Tokyo" in cli.ok("--zone", "Asia/Tokyo", "show", "1").out
    assert cli.json("list", "--zone", "Asia/Tokyo")["releases"][0]["go_live"] == "2026-11-21T19:00:00Z"


def test_filters_choose_among_active_and_archived(cli: CommandLine, release: str) -> None:
    cli.ok(
        "new", "--service", "ledger", "--version", "9.0.0", "--type", "major", "--rationale", "a new chart"
    )
    cli.ok("close", "2", "--outcome", "cancelled", "--reason", "the vendor withdrew")

    def ids(*arguments: str) -> list[str]:
        return [row["id"] for row in cli.json("list", *arguments)["releases"]]

    assert ids() == ["REL-2026-11-001"]
    assert ids("--archive") == ["REL-2026-11-002"]
    assert ids("--all") == ["REL-2026-11-001", "REL-2026-11-002"]
    assert ids("--all", "--service", "LEDGER") == ["REL-2026-11-002"]
    assert ids("--all", "--type", "minor") == ["REL-2026-11-001"]
    assert ids("--outcome", "cancelled") == ["REL-2026-11-002"]
    assert ids("--archive", "--outcome", "successful") == []
    assert ids("--all", "--search", "vendor withdrew") == ["REL-2026-11-002"]
    assert ids("--search", "payments 2.4") == ["REL-2026-11-001"]
    assert "No release fits." in cli.ok("list", "--service", "nobody").err


def test_rows_of_active_and_archived_have_the_same_keys(cli: CommandLine, release: str) -> None:
    cli.ok("new", "--service", "ledger", "--version", "1")
    cli.ok("close", "2", "--outcome", "cancelled", "--reason", "r")
    active, archived = cli.json("list", "--all")["releases"]
    assert active.keys() == archived.keys()
    assert (active["archived"], archived["archived"]) == (False, True)
    assert archived["outcome"] == "cancelled"


@pytest.mark.parametrize(
    "given", [["--type", "mayor"], ["--outcome", "good"], ["--archive", "--all"], ["extra"], ["--bogus"]]
)
def test_a_wrong_list_is_bad_usage(cli: CommandLine, given: list[str]) -> None:
    assert cli("list", *given).code == 2


# show


def test_show_has_states_due_times_and_what_is_overdue(
    cli: CommandLine, release: str, at: Callable[[str], None]
) -> None:
    cli.ok("tick", release, "pre-release.branches")
    cli.ok("skip", release, "staging-test.mobile")
    cli.ok("fail", release, "pre-release.pipeline", "--reason", "red")
    at("2026-11-20T12:00:00Z")
    out = cli.ok("show", release).out
    assert "[!] Pre-release  (pre-release)  1/8, 48 h before: Thu 2026-11-19 20:00  OVERDUE" in out
    assert "[x] Feature branches merged  (pre-release.branches)  ada, Mon 2026-11-16 10:00" in out
    assert "[-] Mobile view checked" in out
    assert "[!] Conflicts resolved and pipeline green" in out
    assert "[ ] Deployed to staging  (pre-release.staging)  OVERDUE" in out
    assert "[~] Staging test" in out
    assert "overdue 6" in out.splitlines()[3]


def test_show_tells_both_zones_when_they_differ(cli: CommandLine, release: str) -> None:
    out = cli.ok("show", release, "--zone", "UTC").out
    assert "Sat 2026-11-21 19:00 UTC (Sat 2026-11-21 20:00 Europe/Berlin), in 5d10h" in out


def test_show_as_markdown(cli: CommandLine, release: str) -> None:
    cli.ok("tick", release, "pre-release.branches")
    out = cli.ok("show", release, "--markdown").out
    assert "- [x] Feature branches merged" in out


def test_the_document_of_show(cli: CommandLine, release: str) -> None:
    shown = cli.json("show", release)["release"]
    assert shown["phases"][0]["due_at"] == "2026-11-19T19:00:00Z"
    command = next(item for item in shown["phases"][4]["items"] if item["path"] == "deploy.command")
    assert command["unmet"] == ["pre-deploy.backup", "pre-deploy.rollback-shared"]
    assert command["state"] == "open"
    asked = next(item for item in shown["phases"][3]["items"] if item["path"] == "pre-deploy.on-call")["asks"]
    assert asked[0] == {"id": "person", "label": "On call", "kind": "person", "required": True, "choices": []}


def test_an_unknown_release_is_named(cli: CommandLine, release: str) -> None:
    for name in ("99", "REL-2026-11-099", "\x1b[31m", "../organisation", ""):
        answer = cli("show", name)
        assert answer.code == 2
        assert "\x1b" not in answer.err


# edit


def test_edit_sets_all_fields_or_none(cli: CommandLine, release: str) -> None:
    cli.ok("edit", release, "--set", "owner=grace", "impact=high", "--set", "go-live=2026-11-22T21:00")
    state = cli.state(release)
    assert (state["owner"], state["impact"], state["go_live"]) == ("grace", "high", "2026-11-22T20:00:00Z")
    answer = cli("edit", release, "--set", "owner=linus", "--set", "impact=huge")
    assert answer.code == 2
    assert cli.state(release) == state
    assert "is so already" in cli.ok("edit", release, "--set", "owner=grace").err


@pytest.mark.parametrize(
    "given", ["ownr=x", "owner", "title=", "duration=0m", "go-live=31 November", "id=REL-1"]
)
def test_an_edit_that_does_not_fit_changes_nothing(cli: CommandLine, release: str, given: str) -> None:
    before = cli.state(release)
    assert cli("edit", release, "--set", given).code == 2
    assert cli.state(release) == before


# retro and close


def test_the_retrospective_is_written_and_printed(cli: CommandLine, release: str) -> None:
    assert "Not complete yet" in cli.ok("retro", release).err
    cli.ok("retro", release, "--well", "calm\nand quiet", "--hard", "early")
    assert "retrospective" not in cli.json("show", release)["release"]["phases"][6]["items"][-1]["state"]
    cli.ok("retro", release, "--next", "rehearse")
    assert cli.state(release)["retrospective"]["well"] == "calm\nand quiet"
    assert cli.state(release)["marks"]["close.retrospective"]["bound"] is True
    assert "Was hard: early" in cli.ok("retro", release).out
    assert cli.json("retro", release)["retrospective"]["next"] == "rehearse"
    assert "is so already" in cli.ok("retro", release, "--next", "rehearse").err


def test_closing_with_everything_done_needs_no_reason(cli: CommandLine, release: str) -> None:
    everything_done(cli, release)
    answer = cli.ok("close", release)
    assert "closed as successful" in answer.err
    assert cli.file(release).parent == cli.data / "archive" / "2026"
    assert cli.state(release)["closing"]["outcome"] == "successful"
    assert cli.state(release)["marks"]["close.closed"]["bound"] is True
    assert "Closed as successful by ada, Mon 2026-11-16 10:00" in cli.ok("show", release).out


def test_open_required_items_refuse_the_close(cli: CommandLine, release: str) -> None:
    answer = cli("close", release)
    assert answer.code == 1
    assert "required items are open" in answer.err
    assert "closing" not in cli.state(release)


def test_reasons_for_items_and_for_all(cli: CommandLine, release: str) -> None:
    cli.ok(
        "close",
        release,
        "--outcome",
        "partial",
        "--reason",
        "eu only",
        "--reason-for",
        "pre-deploy.backup=no data",
    )
    closing = cli.state(release)["closing"]
    assert closing["outcome"] == "partial"
    assert closing["left_open"]["pre-deploy.backup"] == "no data"
    assert closing["left_open"]["pre-release.branches"] == "eu only"


def test_closing_again_changes_nothing_and_says_so(cli: CommandLine, release: str) -> None:
    cli.ok("close", release, "--outcome", "cancelled", "--reason", "r")
    before = cli.file(release).read_bytes()
    assert "closed as cancelled already" in cli.ok("close", release, "--outcome", "cancelled").err
    assert cli.json("close", release)["act"] is None
    assert cli("close", release, "--outcome", "successful").code == 1
    assert cli.file(release).read_bytes() == before


@pytest.mark.parametrize(
    "given",
    [
        ["--outcome", "fine"],
        ["--outcome", "cancelled"],
        ["--reason", "r", "--reason-for", "pre-deploy.bakcup=x"],
    ],
)
def test_a_wrong_close_changes_nothing(cli: CommandLine, release: str, given: list[str]) -> None:
    assert cli("close", release, *given).code == 2
    assert "closing" not in cli.state(release)


def test_documents_are_one_json_document_each(cli: CommandLine, release: str) -> None:
    for command in (
        ["list"],
        ["show", release],
        ["tick", release, "pre-deploy.backup"],
        ["untick", release, "pre-deploy.backup"],
        ["skip", release, "staging-test.mobile"],
        ["fail", release, "pre-deploy.backup", "--reason", "r"],
        ["undo", release],
        ["redo", release],
        ["edit", release, "--set", "impact=low"],
        ["retro", release],
        ["log", release],
        ["verify"],
        ["seal"],
        ["info"],
        ["doctor"],
        ["org", "show"],
        ["template", "list"],
        ["template", "show", "standard"],
        ["template", "lint", "missing.yaml"],
        ["completion", "bash"],
        [],
    ):
        answer = cli(*command, "--json")
        json.loads(answer.out)
        assert isinstance(json.loads(cli("--json", *command).out), dict)


def test_an_archived_release_is_read_by_a_short_identifier_when_no_active_one_fits(
    cli: CommandLine, release: str
) -> None:
    cli.ok("close", release, "--outcome", "cancelled", "--reason", "not needed")
    assert cli.json("show", "1")["release"]["id"] == release
    answer = cli("tick", "1", "pre-release.branches")
    assert answer.code == 1 and f"{release} is archived" in answer.err
    cli.ok("new", "--service", "search", "--version", "1.0", "--go-live", "2026-11-25T20:00")
    cli.ok("close", "2", "--outcome", "cancelled", "--reason", "not needed")
    answer = cli("show", "11")
    assert answer.code == 2 and "There is no active release" in answer.err
    answer = cli("show", "2026-11")
    assert answer.code == 2 and "2 archived ones are: REL-2026-11-001, REL-2026-11-002" in answer.err


def test_the_archive_lists_how_many_items_failed(cli: CommandLine, release: str) -> None:
    """[S1.29]"""
    cli.ok("fail", release, "staging-test.smoke", "--reason", "blank page")
    answer = cli("close", release, "--reason-for", "staging-test.smoke=hurry")
    assert answer.code == 1 and "required items are open" in answer.err
    answer = cli.ok("close", release, "--reason", "hotfix first")
    assert "1 failed" in answer.err and "The retrospective is not written, and is owed" in answer.err
    row = cli.json("list", "--archive")["releases"][0]
    assert row["troubles"] == [{"kind": "failed", "text": "failed 1", "count": 1}]
    assert "failed 1" in cli.ok("list", "--archive").out


def test_a_retrospective_is_added_after_the_weekend_once_and_whole(
    cli: CommandLine, release: str, at: Callable[[str], None]
) -> None:
    """[S0.9] Owed by a date; its action comes back, the checklist stays closed, and the record verifies."""
    cli.ok("retro", release, "--well", "quick")
    at("2026-11-21T21:00:00+00:00")
    cli.ok("close", release, "--reason", "at night")
    (owed,) = cli.json("debts")["retrospectives"]
    assert (owed["id"], owed["due_at"], owed["overdue"]) == (release, "2026-11-27T22:59:59Z", False)
    assert release in cli.ok("debts").out
    assert any(row["kind"] == "retrospective" for row in cli.json("waiting")["waiting"])
    at("2026-11-30T09:00:00+00:00")
    assert cli.json("debts")["retrospectives"][0]["overdue"]
    shown = cli.ok("retro", release)
    assert "Went well: quick" in shown.out and "Owed until" in shown.err
    assert "Still to be answered: What changes" in cli("retro", release, "--hard", "late").err
    assert cli("retro", release, "--well", "slow", "--hard", "late", "--next", "x").code == 2
    before = cli.state(release)
    cli.ok("retro", release, "--hard", "late", "--next", "Start earlier")
    after = cli.state(release)
    assert after.pop("retrospective") == {"well": "quick", "hard": "late", "next": "Start earlier"}
    before.pop("retrospective")
    assert after == before
    assert cli("retro", release, "--hard", "not so late").code == 1, "once"
    assert "Nothing changed" in cli.ok("retro", release, "--hard", "late").err
    assert cli.json("debts")["retrospectives"] == []
    last = cli.json("log", release)["entries"][-1]
    assert last["act"] == "add-retrospective" and last["at"].startswith("2026-11-30")
    cli.ok("verify", release)
    (action,) = cli.json("actions")["actions"]
    assert (action["text"], action["from_release"]) == ("Start earlier", release)
    second = cli.ok("new", "--service", "payments", "--version", "2.5.0").out.strip()
    assert "Start earlier" in cli.ok("show", second).out


def test_a_defect_found_after_closing_is_added_and_counts_as_escaped(
    cli: CommandLine, release: str, at: Callable[[str], None], tmp_path: Path
) -> None:
    """[S1.15] [S1.34] Nothing else of the archived record changes."""
    at("2026-11-21T19:00:00+00:00")
    cli.ok("start", release)
    at("2026-11-21T21:00:00+00:00")
    cli.ok("complete", release)
    cli.ok("close", release, "--reason", "r")
    assert cli.json("stats")["all"]["escaped_defects"] == 0
    at("2026-11-24T09:00:00+00:00")
    given = ("defect", "add", release, "BUG-7", "--severity", "critical", "--summary", "totals are wrong")
    assert cli(*given, "--found", "test").code == 2
    cli.ok(*given)
    assert "is there already" in cli.ok(*given).err
    assert cli.json("stats")["all"]["escaped_defects"] == 1
    last = cli.json("log", release)["entries"][-1]
    assert last["act"] == "add-escaped" and "found after it was closed" in last["text"]
    cli.ok("verify", release)
    printed = cli.ok("record", release).out
    assert "Added after the closing" in printed and "2026-11-24 10:00" in printed
    cli.ok("export", release, "--to", tmp_path / "out.json")
    (tmp_path / "data").rename(tmp_path / "before")
    cli.ok("import", tmp_path / "out.json")
    cli.ok("verify", release)
    assert cli.json("log", release)["entries"][-1] == last
    assert cli.state(release)["dossier"]["defects"][0]["id"] == "BUG-7"
    for wrong in (
        ("defect", "edit", release, "BUG-7", "--severity", "low", "--reason", "r"),
        ("defect", "remove", release, "BUG-7", "--reason", "r"),
        ("change", "add", release, "CHG-1", "--summary", "x"),
        ("tick", release, "close"),
        ("undo", release),
    ):
        answer = cli(*wrong)
        assert answer.code == 1, wrong
        assert "closed" in answer.err or "archived" in answer.err, answer.err
