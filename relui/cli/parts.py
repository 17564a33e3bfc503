"""`relui change`, `component`, `test` and the like: made from the field tables of the record's parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from relui.cli.acting import tell_record
from relui.cli.completing import part_ids
from relui.cli.options import Function, global_options, pairs, pass_session, release_argument
from relui.cli.session import Session
from relui.domain.dossier.fields import Kind, PartField

PREFIX = "field_"
"""Begins the names of parameters that are fields, so that none can be taken for another argument."""
_SET = "set_pairs"
_EASED = "Why; needed to lower a critical or high severity, or to reject such a defect."


def part_group(kind: Kind) -> click.Group:
    """`add`, `edit`, `remove` and `list` of one kind of part."""
    group = click.Group(
        kind.name, help=f"Add, edit, remove and list the {kind.plural} of a release.", no_args_is_help=True
    )
    global_options(group)
    for command in (_add(kind), _edit(kind), _remove(kind), _list(kind)):
        group.add_command(command)
    return group


def part_argument(kind: Kind, *, required: bool = True) -> Callable[[Function], Function]:
    """The argument that names a part."""
    name = kind.id_label.upper()
    return click.argument("part", metavar=name, required=required, default="", shell_complete=part_ids)


def _field_options(kind: Kind, command: Function) -> Function:
    for field in reversed(kind.fields):
        command = click.option(
            f"--{field.name}",
            f"{PREFIX}{field.attribute}",
            metavar=_metavar(field),
            help=_about(field),
            shell_complete=_choices(field),
        )(command)
    return click.option(
        "--set",
        _SET,
        metavar="FIELD=T",
        multiple=True,
        help="The same by the field's name, as `relui edit` does.",
    )(command)


def _metavar(field: PartField) -> str:
    if field.choices:
        return "|".join(field.choices) if len(field.choices) <= 5 else field.name.upper()
    return "T"


def _about(field: PartField) -> str:
    words = field.about
    if len(field.choices) > 5:
        words += f" One of: {', '.join(field.choices)}."
    return f"{words} Needed." if field.required else words


def _choices(field: PartField) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
        return [choice for choice in field.choices if choice.startswith(incomplete)]

    return complete


def _given(kind: Kind, values: dict[str, Any]) -> dict[str, str]:
    """The fields that were given, by the names of the field table."""
    named = {f"{PREFIX}{field.attribute}": field.name for field in kind.fields}
    given = {named[name]: value for name, value in values.items() if name in named and value is not None}
    return {**given, **pairs(values.get(_SET, ()), "--set")}


def _add(kind: Kind) -> click.Command:
    def add(session: Session, /, release: str, part: str, **values: Any) -> int:
        given = {**({"id": part} if part else {}), **_given(kind, values)}
        tell_record(session, session.desk.add_part(release, kind.name, given), "is there already, just so.")
        return 0

    needed = ", ".join(f"--{field.name}" for field in kind.fields if field.required)
    words = f"Add a {kind.name} to the release ID." + (f" It needs {needed}." if needed else "")
    return _command("add", words, _field_options(kind, part_argument(kind, required=not kind.made_id)(add)))


def _edit(kind: Kind) -> click.Command:
    def edit(
        session: Session, /, release: str, part: str, rename: str | None, reason: str = "", **values: Any
    ) -> int:
        given = {**({"id": rename} if rename is not None else {}), **_given(kind, values)}
        if not given:
            names = ", ".join(f"--{field.name}" for field in kind.fields)
            raise click.UsageError(f"Say what to change: --id, {names}.", click.get_current_context())
        done = session.desk.edit_part(release, kind.name, part, given, reason)
        tell_record(session, done, "is so already.")
        return 0

    with_rename = click.option("--id", "rename", metavar="NEW", help=f"Another {kind.id_label.lower()}.")(
        edit
    )
    if kind.name == "defect":
        with_rename = click.option("--reason", metavar="T", default="", help=_EASED)(with_rename)
    words = f"Set fields of a {kind.name} of the release ID; an empty text empties one."
    return _command("edit", words, _field_options(kind, part_argument(kind)(with_rename)))


def _remove(kind: Kind) -> click.Command:
    def remove(session: Session, release: str, part: str, reason: str) -> int:
        tell_record(session, session.desk.remove_part(release, kind.name, part, reason), "nothing changed.")
        return 0

    need = "Why; it is needed." if kind.kept else "Why."
    with_reason = click.option("--reason", metavar="T", default="", help=need)(remove)
    words = f"Remove a {kind.name} of the release ID; the log keeps it."
    return _command("remove", words, part_argument(kind)(with_reason))


def _list(kind: Kind) -> click.Command:
    def list_(session: Session, release: str) -> int:
        from relui.cli.part_lines import print_parts

        print_parts(session, kind, release)
        return 0

    return _command("list", f"List the {kind.plural} of the release ID, and what is missing.", list_)


def _command(name: str, words: str, function: Function) -> click.Command:
    made = release_argument(global_options(pass_session(function)))
    return click.command(name, help=words)(made)
