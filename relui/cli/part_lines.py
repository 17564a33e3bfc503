"""How `relui change list` and the like print parts, and the documents behind their `--json`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from relui.cli.session import Session
from relui.cli.shape import Shape, shape_of, shapes_of
from relui.domain.dossier.editing import parts_of
from relui.domain.dossier.fields import Kind, Part
from relui.domain.release import Release
from relui.domain.ruling import Gap

if TYPE_CHECKING:
    from relui.domain.dossier.changes import Earlier

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


def print_parts(session: Session, kind: Kind, short: str) -> None:
    """Print the parts of a kind, and what its rules find missing."""
    release = session.desk.open(short).release
    earlier = session.desk.context(release).earlier if kind.name == "change" and release.criteria else {}
    gaps = gaps_of(kind, release, earlier)
    if session.json:
        session.out.document(document(kind, release, earlier, gaps))
        return
    from relui.cli.wording import table, terminal_width

    zone = release.zone
    rows = [(kind.id_label.upper(), *(name.upper() for name in COLUMNS[kind.name]))]
    for part in parts_of(release, kind.name):
        rows.append((part.id, *(_cell(kind, part, name, zone) for name in COLUMNS[kind.name])))
    if len(rows) > 1:
        session.out.lines(table(rows, terminal_width()))
    else:
        session.out.word(f"{release.id} has no {kind.plural}.")
    for words in (*_advice(kind, release), *(f"Missing: {gap.text}." for gap in gaps if release.criteria)):
        session.out.word(words)


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

    found: dict[str, Callable[[], Sequence[Gap]]] = {
        "change": lambda: changes.change_gaps(release, earlier),
        "component": lambda: package.package_gaps(release),
        "environment": lambda: (*environments.schedule_gaps(release), *environments.baseline_gaps(release)),
        "test": lambda: (*testing.coverage_gaps(release), *testing.unexecuted_gaps(release)),
        "defect": lambda: (*testing.blocking_gaps(release), *testing.undocumented_gaps(release)),
        "config-item": lambda: definition.config_gaps(release),
        "contact": lambda: (),
    }
    return tuple(found[kind.name]())


def document(kind: Kind, release: Release, earlier: Earlier, gaps: Sequence[Gap]) -> Shape:
    """The parts of a kind, with their verifications or the coverage of the matrix."""
    shapes = [shape_of(part) for part in parts_of(release, kind.name)]
    more: Shape = {}
    if kind.name == "change":
        from relui.domain.dossier.changes import advice, verify_change

        for change, shape in zip(release.dossier.changes, shapes, strict=True):
            found = verify_change(release, change, earlier)
            shape["verified"] = [{"check": one.check, "holds": one.holds, "why": one.why} for one in found]
        more = {"advice": advice(release)}
    elif kind.name == "test":
        from relui.domain.dossier.testing import coverage

        more = {"iteration": release.dossier.iteration, "coverage": shapes_of(coverage(release))}
    return {"id": release.id, kind.attribute: shapes, **more, "gaps": [gap_shape(gap) for gap in gaps]}


def gap_shape(gap: Gap) -> Shape:
    """One thing that is missing, and where it is met."""
    return {"text": gap.text, "at": gap.at, "name": gap.name}
