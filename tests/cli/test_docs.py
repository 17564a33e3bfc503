"""docs/cli.md names every command and option, and every key of the documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from relui.cli.root import relui
from relui.domain.editing import FIELDS
from tests.cli.conftest import CommandLine
from tests.cli.governed import At, to_the_day

REFERENCE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
GLOBAL = {"--data", "--as", "--zone", "--json", "--readonly", "--help"}


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


ALL = dict(commands(relui, "relui"))


@pytest.mark.parametrize("path", ALL)
def test_every_command_and_option_is_in_the_reference(path: str) -> None:
    name = path.rsplit(maxsplit=1)[-1]
    assert re.search(rf"`(relui )?([a-z]+ )?{name}\b", REFERENCE), path
    for parameter in ALL[path].params:
        if isinstance(parameter, click.Option):
            for option in parameter.opts:
                assert re.search(rf"(?<![\w-]){option}(?![\w-])", REFERENCE), option


@pytest.mark.parametrize("path", ALL)
def test_every_command_takes_the_global_options_and_explains_itself(path: str) -> None:
    command = ALL[path]
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert {option.opts[0] for option in options} | {"--help"} >= GLOBAL
    assert command.help
    assert all(option.help for option in options)


def test_the_sections_of_help_name_only_commands_that_are_there() -> None:
    assert [path for path, command in ALL.items() if isinstance(command, click.Group)] == [
        "relui item",
        "relui change",
        "relui component",
        "relui environment",
        "relui test",
        "relui defect",
        "relui config-item",
        "relui contact",
        "relui runbook",
        "relui actions",
        "relui debts",
        "relui pir",
        "relui template",
        "relui org",
        "relui org away",
        "relui org entry",
    ]


def test_every_field_that_can_be_edited_is_in_the_reference() -> None:
    assert all(f"`{field}`" in REFERENCE for field in FIELDS)


def keys_of(
    value: Any,
    free: tuple[str, ...] = ("values", "fields", "left_open", "versions", "before", "after", "when"),
) -> set[str]:
    """Every key of a document, without those that are data."""
    if isinstance(value, list):
        return set().union(*(keys_of(one) for one in value))
    if not isinstance(value, dict):
        return set()
    inner = set().union(*(keys_of(one) for name, one in value.items() if name not in free))
    return set(value) | inner


def test_every_key_of_a_governed_release_is_in_the_reference(cli: CommandLine, at: At) -> None:
    release = to_the_day(cli, at)
    cli.ok("override", release, "handed-off", "--reason", "by telephone")
    cli.ok("defect", "add", release, "BUG-1", "--summary", "x", "--severity", "low")
    cli.ok("config-item", "add", release, "db", "--new", "2")
    kinds = ("change", "component", "environment", "test", "defect", "config-item", "contact")
    documents = [
        cli.json("show", release),
        cli.json("gate", release, "--all", code=1),
        cli.json("advance", release, code=1),
        cli.json("waiting"),
        cli.json("hand-over", release, "ben"),
        cli.json("hand-over", release),
        *(cli.json(kind, "list", release) for kind in kinds),
    ]
    missing = {key for document in documents for key in keys_of(document) if f'"{key}"' not in REFERENCE}
    assert not missing


def test_every_key_of_the_documents_is_in_the_reference(cli: CommandLine, release: str) -> None:
    cli.ok("edit", release, "--set", "impact=low")
    documents = [
        cli.json("tick", release, "deploy"),
        cli.json("list"),
        cli.json("show", release),
        cli.json("log", release),
        cli.json("verify"),
        cli.json("seal"),
        cli.json("retro", release),
        cli.json("template", "list"),
        cli.json("template", "lint", "missing.yaml", code=2),
        cli.json("info"),
        cli.json("doctor"),
        cli.json("export", "--to", "out"),
        cli.json("import", "out"),
        cli.json("show", "99", code=2),
        cli.json("org", "set", "zone=Europe/Berlin"),
        cli.json(
            "org", "entry", "add", "window", "nights", "--weekly", "sat", "--from", "18:00", "--to", "06:00"
        ),
        cli.json("org", "entry", "add", "blackout", "freeze", "--from", "2026-11-21", "--to", "2026-11-21"),
        cli.json("org", "entry", "list"),
        cli.json("org", "show"),
        cli.json("org", "export"),
        cli.json("org", "away", "list"),
        cli.json("calendar", "--week", "2026-W47"),
        cli.json("slots", release, "--count", "1"),
        cli.json("book", release, code=1),
        cli.json("book", release, "--at", "2026-11-28T20:00"),
        cli.json("may-deploy", "payments", code=1),
        cli.json("show", release),
        cli.json("close", release, "--reason", "r"),
        cli.json("show", release),
    ]
    missing = {key for document in documents for key in keys_of(document) if f'"{key}"' not in REFERENCE}
    assert not missing
