"""Templates, imports, exports and the organisation on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine

ORGANISATION = """
name: Acme
zone: Europe/London
services:
  - {id: finance, name: Finance system, owner: grace, depends_on: [ledger]}
  - {id: ledger}
people:
  - {id: grace, name: Grace, contact: "#finance", roles: [service-owner], delegate: ada}
  - {id: ada, name: Ada}
policy: {retention_months: 24}
"""


def organisation_file(folder: Path, text: str = ORGANISATION) -> Path:
    path = folder / "organisation.yaml"
    path.write_text(text, "utf-8")
    return path


# template


def test_templates_are_listed_with_kind_and_source(cli: CommandLine) -> None:
    rows = {row["name"]: row for row in cli.json("template", "list")["templates"]}
    assert (rows["standard"]["kind"], rows["standard"]["source"]) == ("base", "bundled")
    assert rows["kubernetes"]["kind"] == "pack"
    assert "standard" in cli.ok("template", "list").out


def test_a_template_is_shown_as_the_file_that_it_is(cli: CommandLine, tmp_path: Path) -> None:
    shown = cli.ok("template", "show", "standard").out
    assert shown.startswith("# ")
    own = tmp_path / "own.yaml"
    own.write_text(shown, "utf-8")
    assert cli.ok("template", "lint", own).out == ""
    assert cli.json("template", "show", "standard")["template"]["template"] == "standard"


def test_an_unknown_template_names_the_nearest(cli: CommandLine) -> None:
    answer = cli("template", "show", "standart")
    assert answer.code == 2
    assert "Did you mean 'standard'?" in answer.err


def test_lint_names_problems_by_file_and_line(cli: CommandLine, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        "template: bad\nname: Bad\nkind: base\nphases:\n  - {id: a, name: A, stage: deploi, due: T}\n"
    )
    answer = cli("template", "lint", bad)
    assert answer.code == 2
    assert f"{bad}:5: " in answer.out
    assert "deploy" in answer.out
    assert cli.json("template", "lint", bad, code=2)["problems"][0]["line"] == 5
    assert cli("template", "lint", tmp_path / "missing.yaml").code == 2


def test_a_markdown_list_becomes_a_template(cli: CommandLine, tmp_path: Path) -> None:
    checklist = tmp_path / "list.md"
    checklist.write_text("# Our way\n\n## Before\n\n- [ ] Look\n- [ ] Leap (optional)\n", "utf-8")
    answer = cli.ok("template", "import", checklist, "--name", "Our way")
    made = tmp_path / "config" / "templates" / "our-way.yaml"
    assert answer.out == f"{made}\n"
    assert "2 items" in answer.err
    cli.ok("template", "lint", made)
    cli.ok("new", "--service", "s", "--version", "1", "--template", "our-way")
    again = cli("template", "import", checklist, "--name", "Our way")
    assert again.code == 1
    told = cli.json("template", "import", checklist, "--name", "Second")
    assert (told["template"], told["report"]["items"]) == ("second", 2)


def test_a_template_import_that_cannot_be_writes_nothing(cli: CommandLine, tmp_path: Path) -> None:
    checklist = tmp_path / "list.md"
    checklist.write_text("no tasks here", "utf-8")
    assert cli("template", "import", checklist).code == 2
    assert cli("template", "import", tmp_path / "missing.md").code == 2
    checklist.write_text("- [ ] one", "utf-8")
    assert cli("template", "import", checklist, "--readonly").code == 3
    assert not (tmp_path / "config").exists()


# import and export


def test_a_release_goes_out_and_comes_in_whole(cli: CommandLine, release: str, tmp_path: Path) -> None:
    cli.ok("tick", release, "pre-deploy.backup", "--note", "n")
    folder = tmp_path / "out"
    answer = cli.ok("export", "--to", folder)
    assert answer.out == f"{folder / release}.json\n"
    other = tmp_path / "other"
    assert cli.ok("import", folder, "--data", other).out == f"{release}\n"
    assert cli.ok("verify", release, "--data", other).code == 0
    here, there = cli.json("show", release), cli.json("show", release, "--data", other)
    assert here == there
    assert "1 here already and the same" in cli.ok("import", folder).err


def test_an_export_overwrites_nothing(cli: CommandLine, release: str, tmp_path: Path) -> None:
    target = tmp_path / "one.json"
    cli.ok("export", release, "--to", target)
    before = target.read_bytes()
    assert cli("export", release, "--to", target).code == 1
    assert target.read_bytes() == before


def test_archived_releases_are_exported_too(cli: CommandLine, release: str, tmp_path: Path) -> None:
    cli.ok("close", release, "--outcome", "cancelled", "--reason", "r")
    files = cli.json("export", "--to", tmp_path / "out", "--markdown")["files"]
    assert [Path(file).name for file in files] == [f"{release}.md"]


def test_an_import_that_differs_is_refused(cli: CommandLine, release: str, tmp_path: Path) -> None:
    cli.ok("export", release, "--to", tmp_path / "old.json")
    cli.ok("tick", release, "pre-deploy.backup")
    before = cli.file(release).read_bytes()
    answer = cli("import", tmp_path / "old.json")
    assert answer.code == 1
    assert cli.file(release).read_bytes() == before


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"releases": 7}'])
def test_a_file_that_is_no_release_imports_nothing(cli: CommandLine, tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    answer = cli("import", path)
    assert answer.code == 2
    assert "bad.json" in answer.err
    assert not list(cli.data.glob("releases/*"))


def test_a_markdown_list_needs_service_and_version(cli: CommandLine, tmp_path: Path) -> None:
    checklist = tmp_path / "list.md"
    checklist.write_text("## Before\n\n- [x] Look\n- [ ] Leap\n", "utf-8")
    answer = cli("import", checklist)
    assert answer.code == 2
    assert "--service" in answer.err
    imported = cli.json("import", checklist, "--service", "s", "--version", "1")["imported"]
    assert cli.json("show", imported[0]["id"])["release"]["done"] == 1


@pytest.mark.parametrize("name", ["missing.json", "missing", "empty", "list.exe"])
def test_a_path_that_holds_nothing_is_named(cli: CommandLine, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "list.exe").write_text("x")
    answer = cli("import", tmp_path / name)
    assert answer.code == 2
    assert name in answer.err


def test_an_export_of_nothing_is_bad_input(cli: CommandLine, tmp_path: Path) -> None:
    assert cli("export", "--to", tmp_path / "out").code == 2
    assert not (tmp_path / "out").exists()


# org


def test_an_organisation_is_imported_and_shown(cli: CommandLine, tmp_path: Path) -> None:
    assert "No organisation was imported" in cli.ok("org", "show").err
    path = organisation_file(tmp_path)
    assert "2 services and 2 people" in cli.ok("org", "import", path).err
    shown = cli.ok("org", "show").out
    for text in ("Acme", "Zone: Europe/London", "Finance system", "#finance", "24 months"):
        assert text in shown
    told = cli.json("org", "show")["organisation"]
    assert [service["id"] for service in told["services"]] == ["finance", "ledger"]
    entries = len(json.loads((cli.data / "organisation.json").read_text())["log"])
    assert "so already" in cli.ok("org", "import", path).err
    assert len(json.loads((cli.data / "organisation.json").read_text())["log"]) == entries


def test_listed_services_and_people_are_the_only_ones(cli: CommandLine, tmp_path: Path) -> None:
    cli.ok("org", "import", organisation_file(tmp_path))
    answer = cli("new", "--service", "finanse", "--version", "1")
    assert answer.code == 2
    assert "Did you mean 'finance'?" in answer.err
    cli.ok("new", "--service", "finance", "--version", "1", "--go-live", "2026-11-21T20:00")
    state = cli.state("REL-2026-11-001")
    assert (state["owner"], state["zone"], state["go_live"]) == (
        "grace",
        "Europe/London",
        "2026-11-21T20:00:00Z",
    )
    assert cli("edit", "1", "--set", "owner=grase").code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zone: Europe/Lodon\n", "Europe/London"),
        ("servces: []\n", "services"),
        ("services: [{id: a, depends_on: [b]}]\n", "no service 'b'"),
        ("a: &x 1\nb: *x\n", "organisation.yaml"),
    ],
)
def test_a_wrong_organisation_changes_nothing(cli: CommandLine, tmp_path: Path, text: str, said: str) -> None:
    answer = cli("org", "import", organisation_file(tmp_path, text))
    assert answer.code == 2
    assert said in answer.err
    assert not (cli.data / "organisation.json").exists()


def test_a_markdown_form_comes_back_with_its_facts(cli: CommandLine, release: str, tmp_path: Path) -> None:
    cli.ok("edit", release, "--set", "risk=some", "environment=eu", "rollback=redeploy")
    cli.ok("tick", release, "pre-deploy.backup", "--note", "n")
    cli.ok("close", release, "--outcome", "partial", "--reason", "eu only")
    cli.ok("export", release, "--to", tmp_path / "r.md")
    other = tmp_path / "other"
    assert cli.json("import", tmp_path / "r.md", "--data", other)["imported"][0] == {
        "id": release,
        "already": False,
        "archived": True,
        "told": [],
    }
    shown = cli.json("show", release, "--data", other)["release"]
    assert (shown["risk"], shown["environment"], shown["rollback"]) == ("some", "eu", "redeploy")
    assert (shown["outcome"], shown["closing"]["reason"]) == ("partial", "eu only")
    assert shown["done"] == cli.json("show", release)["release"]["done"]
    assert cli("import", tmp_path / "r.md", "--data", other).code == 1
    assert cli("import", tmp_path / "r.md").code == 1
