"""`relui change`, `component`, `test` and the like: made from the field tables of the record's parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from relui.cli.acting import tell_record
from relui.cli.command import RELEASE, Given, argument, command, group, option, pairs
from relui.cli.completing import part_ids
from relui.cli.session import Session
from relui.domain.dossier.fields import Kind, PartField

PREFIX = "field_"
"""Begins the names of parameters that are fields, so that none can be taken for another argument."""
_SET = "set_pairs"
_EASED = "Why; needed to lower a critical or high severity, or to reject such a defect."


def part_group(kind: Kind) -> click.Group:
    """`add`, `edit`, `remove` and `list` of one kind of part."""
    made = group(kind.name, f"Add, edit, remove and list the {kind.plural} of a release.")
    for add in (_add, _edit, _remove, _list):
        add(kind, made)
    return made


def part_argument(kind: Kind, *, required: bool = True) -> Any:
    """The argument that names a part."""
    return argument(kind.id_label.upper(), part_ids, required=required, default="")


def _fields(kind: Kind) -> Mapping[str, Given]:
    same = "The same by the field's name, as `relui edit` does."
    return {
        _SET: option(same, "FIELD=T", "--set", multiple=True),
        **{
            f"{PREFIX}{each.attribute}": option(
                _about(each), _metavar(each), f"--{each.name}", _choices(each), default=None
            )
            for each in kind.fields
        },
    }


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


def _add(kind: Kind, of: click.Group) -> None:
    def add(session: Session, /, release: str, part: str, **values: Any) -> None:
        given = {**({"id": part} if part else {}), **_given(kind, values)}
        tell_record(session, session.desk.add_part(release, kind.name, given), "is there already, just so.")

    needed = ", ".join(f"--{field.name}" for field in kind.fields if field.required)
    words = f"Add a {kind.name} to the release ID." + (f" It needs {needed}." if needed else "")
    named = {"release": RELEASE, "part": part_argument(kind, required=not kind.made_id)}
    command("add", of, words=words, more={**named, **_fields(kind)})(add)


def _edit(kind: Kind, of: click.Group) -> None:
    def edit(
        session: Session, /, release: str, part: str, rename: str | None, reason: str = "", **values: Any
    ) -> None:
        given = {**({"id": rename} if rename is not None else {}), **_given(kind, values)}
        if not given:
            names = ", ".join(f"--{field.name}" for field in kind.fields)
            raise click.UsageError(f"Say what to change: --id, {names}.", click.get_current_context())
        done = session.desk.edit_part(release, kind.name, part, given, reason)
        tell_record(session, done, "is so already.")

    more = {"release": RELEASE, "part": part_argument(kind), **_fields(kind)}
    if kind.name == "defect":
        more["reason"] = option(_EASED)
    more["rename"] = option(f"Another {kind.id_label.lower()}.", "NEW", "--id", default=None)
    words = f"Set fields of a {kind.name} of the release ID; an empty text empties one."
    command("edit", of, words=words, more=more)(edit)


def _remove(kind: Kind, of: click.Group) -> None:
    def remove(
        session: Session,
        release: str = RELEASE,
        part: str = part_argument(kind),
        reason: str = option("Why; it is needed." if kind.kept else "Why."),
    ) -> None:
        tell_record(session, session.desk.remove_part(release, kind.name, part, reason), "nothing changed.")

    command("remove", of, words=f"Remove a {kind.name} of the release ID; the log keeps it.")(remove)


def _list(kind: Kind, of: click.Group) -> None:
    def print_all(session: Session, release: str = RELEASE) -> None:
        from relui.cli.part_lines import print_parts

        print_parts(session, kind, release)

    words = f"List the {kind.plural} of the release ID, and what is missing."
    command("list", of, words=words)(print_all)
