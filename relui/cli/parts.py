"""`relui change`, `component`, `test` and the like, made from the field tables of the record's parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from relui.cli.acting import tell_record
from relui.cli.command import RELEASE, Given, argument, command, group, option, pairs
from relui.cli.completing import Completion, completes, part_ids
from relui.cli.session import Session
from relui.cli.shapes import Shape, picked, shape_of, shapes_of
from relui.desk.context import context_of
from relui.domain.dossier.editing import parts_of
from relui.domain.dossier.fields import Kind, Part, PartField
from relui.domain.release import Release
from relui.domain.ruling import Gap

if TYPE_CHECKING:
    from relui.domain.dossier.changes import Earlier


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


def _choices(field: PartField) -> Completion:
    return completes(lambda session, context: dict.fromkeys(field.choices, ""))


def _given(kind: Kind, values: dict[str, Any]) -> dict[str, str]:
    """The fields that were given, by the names of the field table."""
    named = {f"{PREFIX}{field.attribute}": field.name for field in kind.fields}
    given = {named[name]: value for name, value in values.items() if name in named and value is not None}
    return {**given, **pairs(values.get(_SET, ()), "--set")}


def _add(kind: Kind, of: click.Group) -> None:
    def add(session: Session, /, release: str, part: str, **values: Any) -> None:
        given = {**({"id": part} if part else {}), **_given(kind, values)}
        tell_record(
            session, session.desk.record.add_part(release, kind.name, given), "is there already, just so."
        )

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
        done = session.desk.record.edit_part(release, kind.name, part, given, reason)
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
        tell_record(session, session.desk.record.remove_part(release, kind.name, part, reason))

    command("remove", of, words=f"Remove a {kind.name} of the release ID; the log keeps it.")(remove)


def _list(kind: Kind, of: click.Group) -> None:
    def print_all(session: Session, release: str = RELEASE) -> None:
        print_parts(session, kind, release)

    words = f"List the {kind.plural} of the release ID, and what is missing."
    command("list", of, words=words)(print_all)


COLUMNS = {
    "change": ("status", "target", "owner", "ready", "summary"),
    "component": ("category", "kind", "presence", "version", "checksum", "location"),
    "environment": ("planned", "baseline"),
    "test": ("category", "scope", "by", "ended", "cases"),
    "defect": ("severity", "state", "found", "known-issue", "workaround", "summary"),
    "config-item": ("old", "new", "updated", "attributes"),
    "contact": ("person", "reach"),
}
"""The fields that a list shows, the last one as wide as there is room."""


def print_parts(session: Session, kind: Kind, release_id: str) -> None:
    """Print the parts of a kind, and what its rules find missing."""
    release = session.release(release_id)
    compared = kind.name == "change" and release.criteria
    earlier = context_of(session.desk.calendar, release).earlier if compared else {}
    gaps = gaps_of(kind, release, earlier)
    if session.json:
        session.out.document(document(kind, release, earlier, gaps))
        return
    columns = COLUMNS[kind.name]
    session.out.table(
        (kind.id_label.upper(), *(name.upper() for name in columns)),
        (
            (part.id, *(_cell(kind, part, name, release.zone) for name in columns))
            for part in parts_of(release, kind.name)
        ),
        f"{release.id} has no {kind.plural}.",
    )
    session.out.words(_advice(kind, release))
    session.out.words(f"Missing: {gap.text}." for gap in gaps if release.criteria)


def _cell(kind: Kind, part: Part, name: str, zone: str) -> str:
    if name == "cases":
        results = [case.result for case in part.cases]  # type: ignore[union-attr]  # a run
        words = [f"{results.count(result)} {result}" for result in dict.fromkeys(results)]
        return ", ".join(words) or "-"
    if name == "ready":
        from relui.domain.dossier.signers import ready_words

        text = f"{kind.text(part, name, zone)}, {ready_words(part)}"  # type: ignore[arg-type]  # a change
        return text.rstrip(", ")
    return " ".join(kind.text(part, name, zone).split()) or "-"


def _advice(kind: Kind, release: Release) -> tuple[str, ...]:
    if kind.name == "change" and release.dossier.changes:
        from relui.domain.dossier.changes import advice

        return (advice(release),) if advice(release) else ()
    if kind.name == "test" and release.dossier.iteration > 1:
        return (f"Testing is at build {release.dossier.iteration}: runs of earlier builds count no more.",)
    return ()


def gaps_of(kind: Kind, release: Release, earlier: Earlier) -> tuple[Gap, ...]:
    """What the rules find missing in the parts of a kind."""
    from relui.domain.dossier import changes, definition, environments, package, testing

    gaps: dict[str, Callable[[], Sequence[Gap]]] = {
        "change": lambda: changes.change_gaps(release, earlier),
        "component": lambda: package.package_gaps(release),
        "environment": lambda: (*environments.schedule_gaps(release), *environments.baseline_gaps(release)),
        "test": lambda: (*testing.coverage_gaps(release), *testing.unexecuted_gaps(release)),
        "defect": lambda: (*testing.blocking_gaps(release), *testing.undocumented_gaps(release)),
        "config-item": lambda: definition.config_gaps(release),
        "contact": lambda: (),
    }
    return tuple(gaps[kind.name]())


def document(kind: Kind, release: Release, earlier: Earlier, gaps: Sequence[Gap]) -> Shape:
    """The parts of a kind, with their verifications or the coverage of the matrix."""
    shapes = [shape_of(part) for part in parts_of(release, kind.name)]
    more: Shape = {}
    if kind.name == "change":
        from relui.domain.dossier.changes import advice, verify_change

        for change, shape in zip(release.dossier.changes, shapes, strict=True):
            checks = verify_change(release, change, earlier)
            shape["verified"] = [picked(one, "check holds why") for one in checks]
        more = {"advice": advice(release)}
    elif kind.name == "test":
        from relui.domain.dossier.testing import coverage

        more = {"iteration": release.dossier.iteration, "coverage": shapes_of(coverage(release))}
    return {"id": release.id, kind.attribute: shapes, **more, "gaps": gap_shapes(gaps)}


def gap_shapes(gaps: Iterable[Gap]) -> list[Shape]:
    """What is missing, and where each is met."""
    return [picked(gap, "text at name") for gap in gaps]
