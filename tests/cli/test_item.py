"""A release's own checklist changed from a pipeline, and things recorded on items that stay open."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import CommandLine

BACKUP = "pre-deploy.backup"


def items(cli: CommandLine, release: str) -> list[str]:
    phase = next(phase for phase in cli.state(release)["phases"] if phase["id"] == "pre-deploy")
    return [item["id"] for item in phase["items"]]


def test_a_note_is_recorded_and_the_item_stays_open(cli: CommandLine, release: str) -> None:
    cli.ok("note", release, BACKUP, "--note", "snapshot runs", "--evidence", "https://ci.example/1")
    mark = cli.state(release)["marks"][BACKUP]
    assert mark == {"note": "snapshot runs", "evidence": ["https://ci.example/1"]}


def test_an_item_is_added_moved_and_removed_in_one_release(cli: CommandLine, release: str) -> None:
    """[S0.7]"""
    before = items(cli, release)
    document = cli.json("item", "add", release, BACKUP, "Partner bank told")
    assert document["changed"] == ["pre-deploy.partner-bank-told"]
    assert items(cli, release)[items(cli, release).index("backup") + 1] == "partner-bank-told"
    cli.ok("item", "move", release, "pre-deploy.partner-bank-told", "--by", "-1")
    after = items(cli, release)
    assert after.index("partner-bank-told") == after.index("backup") - 1
    cli.ok("item", "remove", release, "pre-deploy.partner-bank-told", "--reason", "no partner")
    assert items(cli, release) == before
    assert cli.ok("verify", release)


def test_a_required_item_is_removed_with_a_reason_only(cli: CommandLine, release: str) -> None:
    answer = cli("item", "remove", release, BACKUP)
    assert answer.code == 2
    assert "needs a reason" in answer.err
    cli.ok("item", "remove", release, BACKUP, "--reason", "no database")
    assert cli.log(release)[-1]["reason"] == "no database"


def test_what_the_template_gained_is_listed_and_taken_over(
    cli: CommandLine, release: str, tmp_path: Path
) -> None:
    own = tmp_path / "config" / "templates"
    own.mkdir(parents=True)
    text = cli.ok("template", "show", "standard").out
    (own / "standard.yaml").write_text(
        text.replace(
            "      - id: backup\n", "      - {id: frozen, text: Data frozen}\n      - id: backup\n", 1
        )
    )
    assert cli.json("template", "gained", release)["gained"] == [
        {"path": "pre-deploy.frozen", "text": "Data frozen"}
    ]
    assert cli.json("template", "gained", release, "--take", "pre-deploy.frozen")["taken"] == [
        "pre-deploy.frozen"
    ]
    assert "frozen" in items(cli, release)
    assert cli.json("template", "gained", release)["gained"] == []


def test_a_refused_close_names_the_options_that_help(cli: CommandLine, release: str) -> None:
    answer = cli("close", release)
    assert answer.code == 1
    assert "--reason-for ITEM=T" in answer.err


def test_a_list_is_not_imported_under_a_name_that_another_own_file_has(
    cli: CommandLine, release: str, tmp_path: Path
) -> None:
    own = tmp_path / "config" / "templates"
    own.mkdir(parents=True)
    text = cli.ok("template", "show", "standard").out
    (own / "a.yaml").write_text(text.replace("template: standard", "template: web-shop", 1))
    checklist = tmp_path / "list.md"
    checklist.write_text("# Before\n- [ ] Backup\n")
    answer = cli("template", "import", checklist, "--name", "web-shop")
    assert answer.code == 1
    assert "a.yaml" in answer.err
