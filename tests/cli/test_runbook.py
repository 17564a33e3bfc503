"""`relui runbook`: written, corrected, rehearsed and printed from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import CommandLine

RUN = "deploy.command"


def written(cli: CommandLine, release: str) -> list[str]:
    return [step["path"].rpartition(".")[2] for step in cli.json("runbook", "show", release)["steps"]]


def test_steps_are_added_corrected_moved_and_removed(cli: CommandLine, release: str) -> None:
    """[S1.26] In either order of release and word, as the contract writes it."""
    cli.ok("runbook", "add", release, "Stop workers", "--owner", "ops", "--time", "5m")
    cli.ok("runbook", release, "add", "Migrate", "--command", "migrate 'up'", "--expect", "12 rows")
    cli.ok("runbook", "add", release, "Drain", "--after", "1")
    assert written(cli, release) == ["stop-workers", "drain", "migrate"]
    cli.ok("runbook", "move", release, "3", "--by", "-1")
    cli.ok("runbook", "edit", release, "migrate", "--time", "20m")
    cli.ok("runbook", "remove", release, "drain", "--reason", "no queue")
    assert cli.log(release)[-1]["reason"] == "no queue"
    shown = cli.json("runbook", release)["steps"]
    assert [(step["number"], step["path"], step["minutes"]) for step in shown] == [
        (1, f"{RUN}.stop-workers", 5),
        (2, f"{RUN}.migrate", 20),
    ]
    assert (shown[1]["command"], shown[1]["expect"], shown[0]["owner"]) == ("migrate 'up'", "12 rows", "ops")
    cli.ok("verify", release)


def test_steps_are_items_that_a_pipeline_ticks(cli: CommandLine, release: str) -> None:
    cli.ok("runbook", "add", release, "Migrate")
    cli.ok("tick", release, "pre-deploy.backup", "--override", "rehearsal")
    cli.ok("tick", release, f"{RUN}.migrate", "--override", "rehearsal")
    answer = cli("runbook", "edit", release, "1", "--text", "Migrate twice")
    assert answer.code == 1 and "Reopen it first" in answer.err


def test_the_table_is_for_people_and_an_empty_runbook_says_how_to_begin(
    cli: CommandLine, release: str
) -> None:
    assert f"relui runbook add {release} TEXT" in cli.ok("runbook", "show", release).err
    cli.ok("runbook", "add", release, "Migrate", "--owner", "dba", "--command", "up", "--expect", "done")
    lines = cli.ok("runbook", release).out.splitlines()
    assert lines[0].split() == ["NO", "STEP", "STATE", "OWNER", "TIME", "REHEARSED", "COMMAND", "EXPECTED"]
    assert lines[1].split() == ["1", "Migrate", "open", "dba", "-", "-", "up", "done"]


def test_a_rehearsal_step_by_step_says_what_deviated_when_the_whole_is_confirmed(
    cli: CommandLine, release: str
) -> None:
    """[S1.19]"""
    for text in ("One", "Two"):
        cli.ok("runbook", "add", release, text)
    cli.ok("runbook", "rehearse", release, "1", "--took", "12m", "--deviation", "ran twice")
    early = cli("rehearse", release)
    assert early.code == 2 and "--deviations" in early.err and "runbook rehearse" in early.err
    cli.ok("runbook", "rehearse", release, "2", "--took", "3m")
    cli.ok("rehearse", release)
    notes = {each["id"]: each["note"] for each in cli.state(release)["dossier"]["confirmations"]}
    assert notes["runbook.deviations"] == "One: ran twice"
    steps = cli.json("runbook", release)["steps"]
    assert [step["rehearsed"]["took"] for step in steps] == [12, 3]
    assert "One: ran twice" in cli.ok("handoff", release).out


def test_a_runbook_is_imported_from_a_file_or_from_another_release(
    cli: CommandLine, release: str, tmp_path: Path
) -> None:
    file = tmp_path / "book.csv"
    file.write_text("step,owner,command\nMigrate,dba,up\nPurge,ops,\n", encoding="utf-8")
    cli.ok("runbook", "import", release, file)
    assert cli.log(release)[-1]["text"] == "added 2 steps to the runbook from book.csv"
    other = cli.ok("new", "--service", "payments", "--version", "2.5.0").out.strip()
    cli.ok("runbook", other, "import", "--from-release", release)
    assert written(cli, other) == ["migrate", "purge"]
    for wrong in ((), (file, "--from-release", release)):
        assert cli("runbook", "import", other, *wrong).code == 2
    file.write_text("step,time\nLate,soon\n", encoding="utf-8")
    before = cli.file(other).read_bytes()
    answer = cli("runbook", "import", other, file)
    assert answer.code == 2 and "book.csv:2" in answer.err and cli.file(other).read_bytes() == before
    empty = cli.ok("new", "--service", "ledger", "--version", "1.0.0").out.strip()
    assert cli("runbook", "import", other, "--from-release", empty).code == 2


def test_components_stand_in_the_order_that_the_owner_sets(cli: CommandLine, release: str) -> None:
    """[S1.26] The order in the hand-off is the order of the deployment."""
    for name in ("web", "worker", "schema"):
        cli.ok("component", "add", release, name, "--kind", "binary")
    cli.ok("component", "move", release, "schema", "--by", "-9")
    assert [each["id"] for each in cli.state(release)["dossier"]["components"]] == ["schema", "web", "worker"]
    assert cli.log(release)[-1]["text"] == "moved component schema to place 1 of 3"
    assert "nothing" in cli.ok("component", "move", release, "schema", "--by", "-1").err.lower()
    briefing = cli.ok("handoff", release, "--part", "briefing").out
    assert "| 1 | schema |" in briefing and "| 3 | worker |" in briefing


QUOTED = """\
template: quoted
name: Quoted
kind: base
phases:
  - id: deploy
    name: Deploy
    stage: deploy
    items:
      - id: clean
        text: Clean
        command: |
          a | b
          c
        expect: none left
        run: {command: [sh, -c, 'git clean -df && git checkout -- .']}
"""


def test_a_command_is_shown_quoted_wherever_it_stands(cli: CommandLine, tmp_path: Path) -> None:
    """Pasted, it is the same command: in `show`, its documents, and what is read back from them."""
    line = "sh -c 'git clean -df && git checkout -- .'"
    folder = tmp_path / "config" / "templates"
    folder.mkdir(parents=True)
    (folder / "quoted.yaml").write_text(QUOTED, encoding="utf-8")
    release = cli.ok("new", "--service", "web", "--version", "1.0.0", "--template", "quoted").out.strip()
    assert line in cli.ok("show", release).out and "command: a | b" in cli.ok("show", release).out
    item = cli.json("show", release)["release"]["phases"][0]["items"][0]
    assert item["run"]["line"] == line and item["run"]["arguments"][1] == "-c"
    assert (item["command"], item["expect"]) == ("a | b\nc", "none left")
    assert line in cli.ok("handoff", release, "--part", "runbook").out
    text = cli.ok("show", release, "--markdown").out
    assert f"Runs: {line}" in text and "> a | b" in text
    (tmp_path / "release.md").write_text(text, encoding="utf-8")
    cli.ok("export", release, "--to", tmp_path / "back.json")
    (tmp_path / "release.md").write_text(text.replace(release, "REL-2020-01-001"), encoding="utf-8")
    back = cli.ok("import", tmp_path / "release.md").out.split()[0]
    read = cli.state(back)["phases"][0]["items"][0]
    assert read["run"]["command"] == ["sh", "-c", "git clean -df && git checkout -- ."]
    assert (read["command"], read["expect"]) == ("a | b\nc", "none left")
