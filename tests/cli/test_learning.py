"""Actions, debts, reviews, figures, comparison and retention on the command line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine
from tests.cli.test_docs import REFERENCE, keys_of

At = Callable[[str], None]


@pytest.fixture
def closed(cli: CommandLine, release: str) -> str:
    """The release, written about and closed."""
    cli.ok("retro", release, "--next", "Rehearse the rollback", "--owner", "ben")
    cli.ok("close", release, "--reason", "r")
    return release


def following(cli: CommandLine, version: str = "2.5.0", day: str = "2026-11-28") -> str:
    made = cli.ok("new", "--service", "payments", "--version", version, "--go-live", f"{day}T20:00")
    return made.out.strip()


def emergency(cli: CommandLine) -> str:
    made = cli.ok(
        "new", "--service", "payments", "--version", "2.4.1", "--template", "emergency",
        "--rationale", "down", "--criterion", "production incident", "--go-live", "2026-11-16T11:00",
    )  # fmt: skip
    return made.out.strip()


def deployed(cli: CommandLine, at: At) -> str:
    made = emergency(cli)
    at("2026-11-16T10:30:00+00:00")
    for phase in ("pre-release", "pre-deploy", "deploy", "post-deploy"):
        cli.ok("tick", made, phase)
    return made


def test_the_second_release_carries_the_first_ones_action(cli: CommandLine, closed: str) -> None:
    """[S0.9] From the retrospective to the item, its tick, and the settled action."""
    second = following(cli)
    items = cli.json("show", second)["release"]["phases"][0]["items"]
    assert (items[-1]["path"], items[-1]["text"]) == ("pre-release.action-1", "Rehearse the rollback")
    cli.ok("tick", second, "pre-release.action-1")
    assert cli.json("actions")["actions"] == []
    (action,) = cli.json("actions", "list", "--all")["actions"]
    assert (action["from_release"], action["settled_in"], action["owner"]) == (closed, second, "ben")


def test_the_list_shows_the_age(cli: CommandLine, closed: str, at: At) -> None:
    at("2026-11-26T10:00:00+00:00")
    out = cli.ok("actions").out
    assert "10 days" in out and "Rehearse the rollback" in out and closed in out


def test_an_action_is_dropped_with_a_reason_alone(cli: CommandLine, closed: str) -> None:
    assert cli("actions", "drop", "1").code == 2
    second = following(cli)
    answer = cli.ok("actions", "drop", "1", "--reason", "not needed")
    assert f"Left out on {second}" in answer.err
    assert cli("actions", "done", "1").code == 1
    cli.ok("actions", "reopen", "A-1")
    cli.ok("actions", "reassign", "A-1", "cleo")
    assert "again" not in cli.ok("actions", "reassign", "A-1", "cleo").err


def test_an_action_goes_into_a_template_after_its_diff_was_shown(
    cli: CommandLine, closed: str, tmp_path: Path
) -> None:
    """[S0.9] Without --yes nothing is written."""
    shown = cli("actions", "into-template", "1", "--template", "standard")
    assert shown.code == 1 and '+        text: "Rehearse the rollback"' in shown.out
    assert not (tmp_path / "config" / "templates").exists()
    cli.ok("actions", "into-template", "1", "--template", "standard", "--yes")
    written = (tmp_path / "config" / "templates" / "standard.yaml").read_text("utf-8")
    assert f"This step exists because of {closed}." in written
    assert cli.json("template", "lint", tmp_path / "config" / "templates" / "standard.yaml")["problems"] == []


def test_an_emergency_goes_from_its_checks_to_its_completed_full_checklist(cli: CommandLine, at: At) -> None:
    """[S1.36] Named when the next one is created, aging, settled in three ways, closed at last."""
    first = deployed(cli, at)
    at("2026-11-19T12:00:00+00:00")
    (debt,) = cli.json("debts")["debts"]
    assert cli.ok("debts", "--items").out == cli.ok("debts", "list", "--items").out
    assert (debt["id"], debt["age_days"], debt["overdue"]) == (first, 3, False)
    again = cli.json(
        "new", "--service", "other", "--version", "1.0.1", "--template", "emergency", "--rationale", "down",
        "--criterion", "production incident",
    )  # fmt: skip
    assert any(first in word and "owes" in word for word in again["told"])
    assert cli("close", first, "--reason", "r").code == 1
    paths = [item["path"] for item in debt["items"]]
    cli.ok("debts", "done", first, paths[0], "--at", "2026-11-16T11:20")
    cli.ok("debts", "done", first, paths[1])
    cli.ok("skip", first, *paths[2:], "--reason", "not for this fix")
    assert cli.json("debts")["debts"] == []
    log = cli.json("log", first)["entries"]
    assert "done at Mon 16 Nov 2026 11:20 (Europe/Berlin)" in " ".join(entry["text"] for entry in log)
    assert cli.json("close", first, "--check")["closable"]
    cli.ok("close", first, "--reason", "r")


def test_each_resolution_is_told_apart(cli: CommandLine, at: At) -> None:
    """[S1.36] Done at the time, done late, not applicable."""
    first = deployed(cli, at)
    at("2026-11-19T12:00:00+00:00")
    paths = [item["path"] for item in cli.json("debts")["debts"][0]["items"]]
    cli.ok("debts", "done", first, paths[0], "--at", "2026-11-16T11:20")
    cli.ok("debts", "done", first, paths[1])
    cli.ok("skip", first, paths[2], "--reason", "no third party")
    items = cli.json("debts")["debts"][0]["items"]
    assert [item["resolution"] for item in items[:4]] == ["at-the-time", "late", "not-applicable", "owed"]
    assert items[2]["reason"] == "no third party"


def test_what_is_not_owed_and_what_is_to_come_is_refused(cli: CommandLine, at: At) -> None:
    first = deployed(cli, at)
    assert "not owed" in cli("debts", "done", first, "deploy.command").err
    path = cli.json("debts")["debts"][0]["items"][0]["path"]
    assert cli("debts", "done", first, path, "--at", "2026-12-16T11:20").code == 2


def test_close_check_says_what_is_missing(cli: CommandLine, release: str) -> None:
    """[S1.33]"""
    found = cli.json("close", release, "--check", code=1)
    standing = {point["name"]: point["standing"] for point in found["points"]}
    assert not found["closable"]
    assert standing["required items"] == "blocks"
    assert standing["retrospective"] == "warns"
    for phase in cli.json("show", release)["release"]["phases"]:
        cli.ok("skip", release, phase["path"], "--reason", "small")
    assert cli.json("close", release, "--check")["closable"]


def test_statistics_as_json_and_csv_agree(cli: CommandLine, closed: str) -> None:
    """[S1.34]"""
    found = cli.json("stats", "--by", "service")
    row, total = csv.DictReader(io.StringIO(cli.ok("stats", "--by", "service", "--csv").out))
    assert (row["key"], total["key"]) == ("payments", "all")
    assert found["groups"][0]["releases"] == int(row["releases"]) == int(total["releases"]) == 1


def test_nothing_is_purged_without_export_and_words(
    cli: CommandLine, closed: str, at: At, tmp_path: Path
) -> None:
    """[S0.8]"""
    assert cli.json("purge", "--before", "2027-06-01")["past_retention"] == []
    at("2028-01-10T09:00:00+00:00")
    found = cli.json("purge", "--before", "2027-06-01")
    assert [row["id"] for row in found["past_retention"]] == [closed]
    words = found["confirm"]
    out = tmp_path / "out"
    assert cli("purge", "--before", "2027-06-01", "--export", out, "--confirm", words).code == 2
    cli.ok("export", closed, "--to", out)
    refused = cli("purge", "--before", "2027-06-01", "--export", out, "--confirm", "purge")
    assert refused.code == 1 and words in refused.err
    assert cli.ok("show", closed)
    (out / f"{closed}.json").write_text(
        (out / f"{closed}.json").read_text("utf-8").replace('"payments"', '"paymentz"'), "utf-8"
    )
    assert cli("purge", "--before", "2027-06-01", "--export", out, "--confirm", words).code != 0
    assert cli.ok("show", closed)
    again = tmp_path / "again"
    cli.ok("export", closed, "--to", again)
    cli.ok("purge", "--before", "2027-06-01", "--export", again, "--confirm", words)
    assert cli("show", closed).code == 2
    made = cli.ok("new", "--service", "payments", "--version", "3", "--go-live", "2026-11-21T20:00").out
    assert made.strip() != closed
    assert cli.ok("import", again)


def test_help_is_found_by_where_the_symptom_is_met(cli: CommandLine) -> None:
    """[S1.35]"""
    assert len(cli.json("trouble")["trouble"]) == 12
    assert "exception" in cli.ok("trouble", "slot-booked").out
    assert cli("trouble", "nonsense").code == 2


def test_every_key_of_what_is_learned_is_in_the_reference(
    cli: CommandLine, closed: str, at: At, tmp_path: Path
) -> None:
    first = deployed(cli, at)
    owed = cli.json("debts")["debts"][0]["items"][0]["path"]
    other = following(cli)
    cli.ok("close", other, "--outcome", "cancelled", "--reason", "r")
    documents = [
        cli.json("actions"),
        cli.json("actions", "add", closed, "Alert earlier"),
        cli.json("actions", "into-template", "2", "--template", "standard", code=1),
        cli.json("debts"),
        cli.json("debts", "done", first, owed),
        cli.json("close", first, "--check", code=1),
        cli.json("pir"),
        cli.json("pir", "page", closed),
        cli.json("pir", "done", closed, "--notes", "n", "--action", "a"),
        cli.json("pir", "list", "--held"),
        cli.json("stats"),
        cli.json("stats", "--items"),
        cli.json("compare", closed, other),
        cli.json("purge", "--before", "2026-01-01"),
        cli.json("trouble"),
    ]
    missing = {key for document in documents for key in keys_of(document) if f'"{key}"' not in REFERENCE}
    assert not missing


def test_the_actions_are_verified_and_sealed_with_the_records(cli: CommandLine, closed: str) -> None:
    seal = next(line for line in cli.ok("seal").out.splitlines() if line.startswith("actions "))
    assert cli.ok("verify", "--seal", seal)
    path = cli.data / "actions.json"
    path.write_text(path.read_text("utf-8").replace("Rehearse", "Forget"), "utf-8")
    answer = cli("verify")
    assert answer.code == 1 and "actions: NOT INTACT" in answer.out


def test_a_cell_of_csv_is_never_a_formula(cli: CommandLine) -> None:
    made = cli.ok(
        "new", "--service", "=cmd", "--version", "1.0.0", "--go-live", "2026-11-21T20:00"
    ).out.strip()
    cli.ok("close", made, "--outcome", "cancelled", "--reason", "r")
    assert "'=cmd" in cli.ok("stats", "--by", "service", "--csv").out


def test_a_service_that_nobody_lists_is_an_error_in_a_filter_but_a_former_one_is_not(
    cli: CommandLine, tmp_path: Path
) -> None:
    """cli.md: with the nearest right name; what the archive bears can always be asked for."""
    cli.ok("new", "--service", "checkout", "--version", "1.0.0")
    (tmp_path / "org.yaml").write_text("services:\n  - {id: payments, name: Payments}\n")
    cli.ok("org", "import", tmp_path / "org.yaml")
    for command in (("list",), ("stats",)):
        refused = cli(*command, "--service", "paymens")
        assert refused.code == 2 and "Did you mean 'payments'" in refused.err
        assert cli(*command, "--service", "payments").code == 0
        assert cli(*command, "--service", "Checkout").code == 0
    assert [row["service"] for row in cli.json("list", "--service", "Checkout")["releases"]] == ["checkout"]
