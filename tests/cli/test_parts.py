"""The parts of a record on the command line: by hand, from files, all or nothing, with what is stored."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Any

import pytest

from relui.domain.dossier.fields import KINDS
from tests.cli.conftest import CommandLine

SAMPLES: dict[str, tuple[tuple[str, ...], dict[str, str], tuple[str, str], str]] = {
    "change": (("CHG-1", "--summary", "A fix", "--target", "2026-12-24", "--ready", "yes"),
               {"summary": "A fix", "target": "2026-12-24"}, ("--status", "approved"), "changes"),
    "component": (("app", "--kind", "image"), {"kind": "image", "category": "application"},
                  ("--presence", "present"), "components"),
    "environment": (("staging", "--planned", "2026-11-20T12:00"), {"planned": "2026-11-20T11:00:00Z"},
                    ("--baseline", "as documented"), "environments"),
    "test": (("night", "--category", "smoke", "--cases", "passed login; failed pay -- times out"),
             {"category": "smoke", "by": "ada"}, ("--evidence", "https://ci/1"), "runs"),
    "defect": (("BUG-1", "--summary", "Slow", "--severity", "low"), {"severity": "low"},
               ("--known-issue", "yes"), "defects"),
    "config-item": (("db", "--old", "1", "--new", "2"), {"old": "1", "new": "2"}, ("--updated", "yes"),
                    "config_items"),
    "contact": (("on-call", "--person", "olga"), {"person": "olga"}, ("--reach", "4200"), "contacts"),
}  # fmt: skip


def kept(cli: CommandLine, release: str, where: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cli.state(release).get("dossier", {}).get(where, [])
    return found


def test_every_kind_has_a_sample() -> None:
    assert SAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_part_is_added_edited_listed_and_removed(cli: CommandLine, release: str, kind: str) -> None:
    given, stored, change, where = SAMPLES[kind]
    document = cli.json(kind, "add", release, *given)
    assert document["act"] == f"add-{kind}" and document["changed"] == [given[0]]
    assert stored.items() <= kept(cli, release, where)[0].items()
    before = cli.file(release).read_bytes()
    assert "already" in cli.ok(kind, "add", release, *given).err
    assert cli.file(release).read_bytes() == before
    cli.ok(kind, "edit", release, given[0], *change)
    value = kept(cli, release, where)[0][change[0].removeprefix("--").replace("-", "_")]
    assert value == {"yes": True, "no": False}.get(change[1], change[1])
    cli.ok(kind, "edit", release, given[0], "--id", "renamed")
    assert "renamed" in cli.ok(kind, "list", release).out
    assert cli.json(kind, "list", release)[where][0]["id"] == "renamed"
    assert cli.json("show", release)["release"]["dossier"][where][0]["id"] == "renamed"
    assert "renamed" in cli.ok("show", release).out
    cli.ok(kind, "remove", release, "renamed", "--reason", "a slip")
    assert kept(cli, release, where) == []
    assert cli.log(release)[-1]["reason"] == "a slip"
    cli.ok("undo", release)
    assert len(kept(cli, release, where)) == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("change", "add", "CHG-2"), "summary"),
        (("change", "add", "CHG-2", "--summary", "x", "--status", "aproved"), "approved"),
        (("change", "edit", "CHG-1"), "Say what to change"),
        (("change", "edit", "CHG-7", "--owner", "ben"), "CHG-1"),
        (("component", "add", "x", "--kind", "imag"), "image"),
        (("defect", "add", "BUG-1", "--summary", "x", "--severity", "hih"), "high"),
        (("test", "add", "--category", "smok"), "smoke"),
    ],
)
def test_what_does_not_fit_is_named_and_changes_nothing(
    cli: CommandLine, release: str, words: tuple[str, ...], told: str
) -> None:
    cli.ok("change", "add", release, "CHG-1", "--summary", "x")
    before = cli.file(release).read_bytes()
    answer = cli(*words[:2], release, *words[2:])
    assert answer.code == 2 and told in answer.err
    assert cli.file(release).read_bytes() == before


def test_changes_come_from_a_csv_file_with_mapped_columns(
    cli: CommandLine, release: str, tmp_path: Path
) -> None:
    """[S1.3] As one act; what is there already is left."""
    path = tmp_path / "changes.csv"
    path.write_text("Ticket;What;Approval\nCHG-1;First;approved\nCHG-2;Second;proposed\n")
    cli.ok("change", "add", release, "CHG-1", "--summary", "By hand")
    answer = cli.ok("change", "import", release, "--csv", path, "--map", "summary=What")
    assert "Left: CHG-1: is there already." in answer.err
    assert [(each["id"], each["summary"]) for each in kept(cli, release, "changes")] == [
        ("CHG-1", "By hand"), ("CHG-2", "Second"),
    ]  # fmt: skip
    assert "changes.csv" in cli.log(release)[-1]["text"]


@pytest.mark.parametrize(
    "words",
    [
        ("change", "import", "--csv", "a", "--csv", "b"),
        ("change", "import", "--git", "a", "--git", "b"),
        ("change", "import", "--from-release", "a", "--from-release", "b"),
        ("component", "import", "--sums", "a", "--sums", "b"),
    ],
)
def test_no_source_is_passed_over_because_another_is_named_after_it(
    cli: CommandLine, release: str, words: tuple[str, ...]
) -> None:
    answer = cli(*words[:2], release, *words[2:])
    assert answer.code == 2 and f"{words[2]} is given 2 times" in answer.err


def test_a_csv_file_that_does_not_fit_changes_nothing(cli: CommandLine, release: str, tmp_path: Path) -> None:
    path = tmp_path / "changes.csv"
    path.write_text("Ticket,Summary,Status\nCHG-1,First,approved\nCHG-2,Second,perhaps\n")
    before = cli.file(release).read_bytes()
    answer = cli("change", "import", release, "--csv", path)
    assert answer.code == 2 and "line 3" in answer.err.lower()
    assert cli.file(release).read_bytes() == before


def test_changes_come_from_git(cli: CommandLine, release: str, tmp_path: Path) -> None:
    """Conventional commits between two tags."""
    repository = tmp_path / "repository"
    repository.mkdir()

    def git(*words: str) -> None:
        identity = ("-c", "user.name=ben", "-c", "user.email=ben@example.org")
        subprocess.run(["git", *identity, *words], cwd=repository, check=True, capture_output=True)

    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "chore: begin")
    git("tag", "v1")
    git("commit", "-q", "--allow-empty", "-m", "feat!: pay by card\n\nRefs: CHG-2026-0007")
    git("commit", "-q", "--allow-empty", "-m", "fix: login")
    git("tag", "v2")
    cli.ok("change", "import", release, "--git", repository, "--from", "v1", "--to", "v2", "--only", "feat")
    found = kept(cli, release, "changes")
    assert [(each["id"], each["kind"], each["breaking"]) for each in found] == [
        ("CHG-2026-0007", "feat", True)
    ]
    before = cli.file(release).read_bytes()
    assert cli("change", "import", release, "--git", repository, "--from", "v3").code == 2
    assert cli("change", "import", release, "--git", tmp_path, "--from", "v1").code == 2
    assert cli("change", "import", release, "--git", repository, "--from=--output=x").code == 2
    assert cli.file(release).read_bytes() == before


def test_changes_come_from_a_release_that_did_not_go_out(cli: CommandLine, release: str) -> None:
    other = cli.ok("new", "--service", "payments", "--version", "2.3.0").out.strip()
    cli.ok("change", "add", other, "CHG-1", "--summary", "x", "--status", "approved")
    assert cli("change", "import", release, "--from-release", other).code == 1
    cli.ok("cancel", other, "--reason", "not now")
    cli.ok("change", "import", release, "--from-release", other)
    assert kept(cli, release, "changes")[0]["origin"] == other
    assert cli("change", "import", release, "--from-release", release).code == 2


@pytest.mark.parametrize(
    "given",
    [(), ("--csv", "a", "--git", "b"), ("--git", "a", "--map", "x=y"), ("--csv", "a", "--from", "v1")],
)
def test_an_import_has_one_source(cli: CommandLine, release: str, given: tuple[str, ...]) -> None:
    assert cli("change", "import", release, *given).code == 2


REPORT = """<testsuite name="s" timestamp="2026-11-16T08:00:00" time="2">
<testcase classname="a" name="login"/>
<testcase classname="a" name="pay"><failure message="times out"/></testcase>
</testsuite>"""


def test_a_junit_report_becomes_a_run_and_is_kept(cli: CommandLine, release: str, tmp_path: Path) -> None:
    """[S1.14]"""
    path = tmp_path / "results.xml"
    path.write_text(REPORT)
    cli.ok("test", "import", release, "--junit", path, "--category", "smoke")
    run = kept(cli, release, "runs")[0]
    assert [case["result"] for case in run["cases"]] == ["passed", "failed"]
    digest = hashlib.sha256(REPORT.encode()).hexdigest()
    assert run["evidence"] == f"sha256:{digest} results.xml"
    assert (cli.data / "evidence" / digest).read_text() == REPORT
    assert "1 passed, 1 failed" in cli.ok("test", "list", release).out
    listed = cli.json("test", "list", release)
    assert listed["iteration"] == 1 and listed["coverage"][0]["category"] == "smoke"


def test_several_reports_and_a_folder_are_one_run_each_kept_as_one_archive(
    cli: CommandLine, release: str, tmp_path: Path
) -> None:
    """[S1.14]"""
    reports = tmp_path / "reports"
    reports.mkdir()
    for name in "ab":
        (reports / f"{name}.xml").write_text(f'<testsuite name="{name}"><testcase name="x"/></testsuite>')
    (reports / "pom.xml").write_text("<project/>")
    one, two = reports / "a.xml", reports / "b.xml"
    cli.ok("test", "import", release, "--junit", one, "--junit", two, "--category", "smoke")
    answer = cli.ok("test", "import", release, "--junit", reports, "--category", "smoke")
    assert "Passed over pom.xml: is no JUnit report" in answer.err + answer.out
    first, second = kept(cli, release, "runs")
    for run in (first, second):
        assert [case["id"] for case in run["cases"]] == ["a.x", "b.x"]
    assert first["evidence"].split()[0] == second["evidence"].split()[0]
    assert first["evidence"].endswith("smoke-junit.zip")


def test_a_hostile_report_keeps_nothing(cli: CommandLine, release: str, tmp_path: Path) -> None:
    path = tmp_path / "results.xml"
    path.write_text('<!DOCTYPE x [<!ENTITY a "b">]><testsuite><testcase name="&a;"/></testsuite>')
    before = cli.file(release).read_bytes()
    assert cli("test", "import", release, "--junit", path, "--category", "smoke").code == 2
    path.write_text(REPORT)
    assert cli("test", "import", release, "--junit", path, "--category", "smokey").code == 2
    cli.ok("test", "add", release, "taken", "--category", "smoke")
    before = cli.file(release).read_bytes()
    assert cli("test", "import", release, "--junit", path, "--category", "smoke", "--name", "taken").code == 2
    assert cli.file(release).read_bytes() == before and not (cli.data / "evidence").exists()


def test_checksums_come_from_a_manifest_and_what_is_not_in_it_is_told(
    cli: CommandLine, release: str, tmp_path: Path
) -> None:
    """[S1.9]"""
    cli.ok("component", "add", release, "app", "--kind", "binary", "--location", "https://x/app.jar")
    cli.ok("component", "add", release, "notes", "--kind", "release-notes")
    path = tmp_path / "SHA256SUMS"
    path.write_text(f"{'a1' * 32}  dist/app.jar\n{'b2' * 32} *dist/db.sql\n")
    answer = cli.ok("component", "import", release, "--sums", path)
    assert "No component ends in dist/db.sql" in answer.err + answer.out
    assert "Not in it: notes" in answer.err + answer.out
    cli.ok("component", "import", release, "--sums", path, "--add", "--at", "https://x")
    found = {each["id"]: each for each in kept(cli, release, "components")}
    assert found["app"]["checksum"] == f"sha256:{'a1' * 32}" and found["app"]["presence"] == "present"
    assert found["db.sql"]["kind"] == "database-script"
    assert found["db.sql"]["location"] == "https://x/dist/db.sql"
    assert cli("component", "import", release, "--sums", path, "--kind", "binary").code == 2
    before = cli.file(release).read_bytes()
    path.write_text("nonsense\n")
    assert "line 1" in cli("component", "import", release, "--sums", path).err
    assert cli.file(release).read_bytes() == before


def test_a_checksum_is_computed_from_a_file(cli: CommandLine, release: str, tmp_path: Path) -> None:
    """[S1.9]"""
    path = tmp_path / "image.tar"
    path.write_bytes(b"image")
    cli.ok("component", "add", release, "app", "--kind", "image")
    cli.ok("component", "checksum", release, "app", path)
    assert kept(cli, release, "components")[0]["checksum"] == f"sha256:{hashlib.sha256(b'image').hexdigest()}"
    assert cli("component", "checksum", release, "app", tmp_path).code == 2
    assert "app" in cli("component", "checksum", release, "ap", path).err
    cli.ok("component", "not-needed", release, "binary", "--reason", "an image is enough")
    assert kept(cli, release, "components")[1]["why_not"] == "an image is enough"
    assert cli("component", "not-needed", release, "binry", "--reason", "x").code == 2


def test_a_promotion_needs_verified_access(cli: CommandLine, release: str) -> None:
    """[S1.18]"""
    cli.ok("environment", "add", release, "test")
    assert cli("environment", "promote", release, "test").code == 1
    cli.ok("environment", "promote", release, "test", "--access-verified", "--when", "2026-11-16T09:30")
    environment = kept(cli, release, "environments")[0]
    assert environment["promoted"] == "2026-11-16T08:30:00Z" and environment["by"] == "ada"


def test_progress_by_region(cli: CommandLine, release: str) -> None:
    cli.ok("progress", release, "eu", "us", "--state", "deploying")
    assert cli("progress", release, "us", "--state", "failed").code == 2
    cli.ok("progress", release, "us", "--state", "failed", "--reason", "no network")
    assert cli.json("progress", release)["progress"] == {"eu": "deploying", "us": "failed"}
    assert cli("progress", release, "us").code == 2
    assert "us  failed" in cli.ok("progress", release).out


def test_confirmations_name_the_nearest_and_take_back(cli: CommandLine, release: str) -> None:
    """[S1.12]"""
    assert "build.binaries" in cli("confirm", release, "build.binary").err
    cli.ok("component", "add", release, "app", "--kind", "image")
    cli.ok("confirm", release, "build", "--evidence", "https://ci/1")
    given = cli.state(release)["dossier"]["confirmations"]
    assert len(given) == 5 and given[0]["evidence"] == "https://ci/1"
    assert "confirmed already" in cli.ok("confirm", release, "build.binaries").err
    cli.ok("unconfirm", release, "build.binaries", "--reason", "the wrong build")
    assert len(cli.state(release)["dossier"]["confirmations"]) == 4
    evidence = Path("log.txt")
    evidence.write_text("ok")
    assert cli("confirm", release, "build.binry", "--evidence", f"@{evidence}").code == 2
    assert not (cli.data / "evidence").exists()


def test_the_lead_is_claimed_and_handed_over_with_a_page(cli: CommandLine, release: str) -> None:
    """[S1.27]"""
    cli.ok("claim", release, "--as", "ben")
    cli.ok("decide", release, "skip the banner", "--for", "eu")
    cli.ok("hand-over", release, "olga", "--worries", "the disk is nearly full", "--as", "ben")
    page = cli.json("hand-over", release)["page"]
    assert page["leader"] == "olga" and page["worries"] == ["the disk is nearly full"]
    assert "the disk is nearly full" in cli.ok("hand-over", release).out
    cli.ok("decide", release, "we need it after all", "--withdraw", "D-2")
    decisions = cli.json("show", release)["release"]["dossier"]["decisions"]
    assert [each["stands"] for each in decisions] == [True, False, True, False]
    assert cli("decide", release).code == 2


def test_what_waits_for_whom(cli: CommandLine, release: str) -> None:
    rows = cli.json("waiting")["waiting"]
    assert rows and {row["release"] for row in rows} == {release}
    assert cli.json("waiting", "--for", "ben")["waiting"] == []
    assert "Nothing waits." in cli.ok("waiting", "--for", "ben").err
    mine = cli.json("waiting", "--for", "me")["waiting"]
    assert mine and all("ada" in row["people"] for row in mine)
    assert release in cli.ok("waiting").out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("change", "edit", "{id}"), "CHG-1"),
        (("sign", "{id}"), "acceptance"),
        (("confirm", "{id}"), "build.binaries"),
        (("gate", "{id}"), "plan"),
        (("decide", "{id}", "--withdraw"), "D-1"),
        (("sign", "{id}", "acceptance", "--confirm"), "known-issues"),
        (("progress", "{id}"), "eu"),
    ],
)
def test_names_are_completed(
    cli: CommandLine, release: str, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], expected: str
) -> None:
    cli.ok("change", "add", release, "CHG-1", "--summary", "x")
    cli.ok("decide", release, "words")
    cli.ok("progress", release, "eu", "--state", "waiting")
    line = " ".join(("relui", *(word.format(id=release) for word in words), ""))
    monkeypatch.setenv("_RELUI_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(words) + 1))
    assert expected in cli().out


def test_a_part_takes_set_as_the_release_itself_does(cli: CommandLine, release: str) -> None:
    cli.ok("change", "add", release, "CHG-1", "--set", "summary=Pay by card", "--set", "status=approved")
    cli.ok("change", "edit", release, "CHG-1", "--set", "owner=ben", "--ready", "yes")
    (kept,) = cli.state(release)["dossier"]["changes"]
    assert (kept["summary"], kept["status"], kept["owner"], kept["ready"]) == (
        "Pay by card",
        "approved",
        "ben",
        True,
    )
    assert "no field 'stat'" in cli("change", "edit", release, "CHG-1", "--set", "stat=approved").err


def test_who_says_ready_for_another_stands_in_lists_and_in_show(cli: CommandLine, release: str) -> None:
    """[S1.3]"""
    cli.ok(
        "change", "add", release, "BK-1", "--summary", "s", "--owner", "ana", "--ready", "yes", "--as", "ben"
    )
    assert "yes, said by ben for ana" in cli.ok("change", "list", release).out
    assert "owner says ready yes, said by ben for ana" in cli.ok("show", release).out
    cli.ok("change", "edit", release, "BK-1", "--ready", "yes", "--as", "ana")
    assert "said by" not in cli.ok("show", release).out
