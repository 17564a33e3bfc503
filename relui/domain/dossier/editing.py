"""Adding, editing and removing the parts of a dossier, from text: all or nothing [S1.3, S1.9, S1.14-S1.18].

The rules take a release and return a Ruling; `by` is who acts. Closed releases refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from msgspec.structs import replace

from relui.domain.dossier.environments import checked_environment
from relui.domain.dossier.fields import Kind, Part, kind_named
from relui.domain.dossier.package import CATEGORY_OF, checked_component, checksum_doubts
from relui.domain.dossier.parts import Change, Component, Defect
from relui.domain.dossier.readers import ID_LIMIT
from relui.domain.dossier.signers import NOBODY, ready_kept, ready_said, ready_words
from relui.domain.dossier.testing import after_defect, checked_defect, checked_run, eased
from relui.domain.instants import parse_instant
from relui.domain.log import Act
from relui.domain.organisation import Organisation
from relui.domain.release import Release
from relui.domain.ruling import Ruling, refuse_closed
from relui.domain.text import became, did_you_mean, one_line, quoted, shortened, unique
from relui.errors import BadInput

PARTS_LIMIT = 5_000
"""Parts of one kind that a release may have: far more than anybody can oversee."""

_OF_BUILD = frozenset({"location", "checksum", "version", "presence"})
"""Fields of a component that are said of the present build, whenever they are given."""

CHECKS: Mapping[str, Callable[[Release, Any, Any, datetime], Part]] = {
    "component": lambda release, before, part, at: checked_component(release, before, part),
    "environment": lambda release, before, part, at: checked_environment(release, before, part),
    "test": checked_run,
    "defect": lambda release, before, part, at: checked_defect(release, before, part),
}
"""What must hold between the fields of one part: (release, the part before or None, the part, now) -> the
part."""


def parts_of(release: Release, kind: str) -> tuple[Part, ...]:
    """The parts of a kind, in their order. Raises BadInput for an unknown kind."""
    return cast("tuple[Part, ...]", getattr(release.dossier, kind_named(kind).attribute))


def part_named(release: Release, kind: str, part_id: str) -> Part:
    """The part of that id, in whatever case it is typed. Raises BadInput with the nearest."""
    known = parts_of(release, kind)
    wanted = part_id.strip()
    for part in known:
        if part.id == wanted:
            return part
    folded = [part for part in known if part.id.casefold() == wanted.casefold()]
    if folded:
        return folded[0]
    hint = did_you_mean(wanted, [part.id for part in known]) or " It has none yet."
    raise BadInput(f"{release.id} has no {kind} {quoted(part_id)}.{hint}")


def add_part(
    release: Release,
    kind: str,
    given: Mapping[str, str],
    at: datetime,
    by: str,
    organisation: Organisation = NOBODY,
) -> Ruling:
    """Add a part from text: `id` and its fields. Adding the very same again changes nothing.

    The organisation knows whether who acts is the owner of a change that is said to be ready.

    Raises BadInput for an unknown field, a value that does not fit, a missing one, or an id that is taken.
    """
    refuse_closed(release)
    form = kind_named(kind)
    _refuse_missing(form, given)
    part_id = _id_of(release, form, given)
    told: list[str] = []
    values = _values(release, form, given, told)
    values = {**_made(release, form, values, by), **values}
    part = _checked(release, form, None, form.struct(id=part_id, **values), at)
    taken = _of_that_id(release, form, part_id)
    part, spoken = _spoken(taken, part, given, by, organisation)
    told += spoken
    if taken is not None:
        if taken == _as_entered(taken, part):
            return Ruling(release, None, already=(part_id,))
        raise BadInput(f"The {form.name} {quoted(taken.id)} is there already. Edit it, or remove it first.")
    told += _doubts(None, part)
    return _added(release, form, (part,), f"added {form.name} {_named(part)}", at, told)


def edit_part(
    release: Release,
    kind: str,
    part_id: str,
    given: Mapping[str, str],
    at: datetime,
    by: str,
    reason: str = "",
    organisation: Organisation = NOBODY,
) -> Ruling:
    """Set fields of a part from text; `id` renames it. An empty text empties a field that may be empty.

    A `reason` stays in the log. Raises BadInput for an unknown part or field, a value that does not fit, an
    id that is taken, or without a reason where a serious defect becomes a lesser one, or none.
    """
    refuse_closed(release)
    form = kind_named(kind)
    before = part_named(release, kind, part_id)
    told: list[str] = []
    values = _values(release, form, given, told)
    if "id" in given:
        values["id"] = _checked_id(form, given["id"])
        taken = _of_that_id(release, form, values["id"])
        if taken is not None and taken.id != before.id:
            raise BadInput(f"The {form.name} {quoted(taken.id)} is there already. Choose another id.")
    if form.name == "component" and _OF_BUILD.intersection(given):
        values["iteration"] = release.dossier.iteration
    part = _checked(release, form, before, replace(before, **values), at)
    part, spoken = _spoken(before, part, given, by, organisation)
    told += spoken
    if part == before:
        return Ruling(release, None, already=(before.id,))
    reason = one_line(reason, what="The reason")
    if form.name == "defect" and not reason and (what := eased(cast("Any", before), cast("Any", part))):
        raise BadInput(f"{what} needs a reason (--reason): it stays in the record. Nothing was changed.")
    told += _doubts(before, part)
    after = _with(release, form, [part if each is before else each for each in parts_of(release, kind)])
    after, words = _followed(after, form, before, part, at)
    names = ["id", *(field.name for field in form.fields)]
    zone = release.zone
    changed = [name for name in names if form.text(before, name, zone) != form.text(part, name, zone)]
    steps = ", ".join(
        f"{name} {became(form.text(before, name, zone), form.text(part, name, zone))}" for name in changed
    )
    if isinstance(part, Change) and part.ready_by != cast("Change", before).ready_by and part.ready:
        said = ready_words(part) or f"ready said by {by}, who owns it"
        steps = ", ".join(each for each in (steps, said) if each)
        changed = changed or ["ready"]
    steps = steps or f"in build {release.dossier.iteration} as before"
    act = Act(f"edit-{form.name}", f"edited {form.name} {before.id}: {steps}", reason)
    return Ruling(after, act, tuple(changed or ["build"]), told=(*told, *words))


def remove_part(release: Release, kind: str, part_id: str, at: datetime, by: str, reason: str = "") -> Ruling:
    """Remove a part; the log keeps it. Test runs and defects need a reason: BadInput without it."""
    refuse_closed(release)
    form = kind_named(kind)
    part = part_named(release, kind, part_id)
    reason = one_line(reason, what="The reason")
    if form.kept and not reason:
        raise BadInput(f"Removing the {form.name} {quoted(part.id)} needs a reason: it stays in the record.")
    after = _with(release, form, [each for each in parts_of(release, kind) if each is not part])
    act = Act(f"remove-{form.name}", f"removed {form.name} {_named(part)}", reason)
    return Ruling(after, act, (part.id,))


def move_part(release: Release, kind: str, part_id: str, by: int, at: datetime) -> Ruling:
    """Move a part up (`by` is negative) or down among its kind; at the end it stays where it is.

    Raises BadInput for an unknown part.
    """
    refuse_closed(release)
    form = kind_named(kind)
    part = part_named(release, kind, part_id)
    others = [each for each in parts_of(release, kind) if each is not part]
    index = [each.id for each in parts_of(release, kind)].index(part.id)
    target = max(0, min(index + by, len(others)))
    if target == index:
        return Ruling(release, None, already=(part.id,))
    after = _with(release, form, [*others[:target], part, *others[target:]])
    act = Act(f"move-{form.name}", f"moved {form.name} {part.id} to place {target + 1} of {len(others) + 1}")
    return Ruling(after, act, (part.id,))


def add_parts(
    release: Release,
    kind: str,
    added: Sequence[Part],
    source: str,
    at: datetime,
    by: str,
    organisation: Organisation | None = None,
) -> Ruling:
    """Add many parts that an import read (`source` names it in the log), as one act.

    Those whose id is taken are left as they are, and told in `left`. With an organisation, changes that come
    as ready are said to be so by `by`, where they do not own them. Raises BadInput when two of them have
    the same id, or when they are too many.
    """
    refuse_closed(release)
    form = kind_named(kind)
    known = {part.id.casefold(): part for part in parts_of(release, kind)}
    fresh: dict[str, Part] = {}
    already: list[str] = []
    left: list[tuple[str, str]] = []
    for part in added:
        part_id = _checked_id(form, part.id)
        folded = part_id.casefold()
        if folded in fresh:
            raise BadInput(f"The {form.name} {quoted(part_id)} comes twice in {source}. Keep one of them.")
        if folded not in known:
            fresh[folded] = _checked(release, form, None, _said(part, by, organisation), at)
        elif known[folded] in (part, _said(part, by, organisation)):
            already.append(part_id)
        else:
            left.append((part_id, "is there already"))
    if not fresh:
        return Ruling(release, None, already=tuple(already), left=tuple(left))
    some = ", ".join(part.id for part in list(fresh.values())[:5]) + (", ..." if len(fresh) > 5 else "")
    words = form.name if len(fresh) == 1 else form.plural
    text = f"added {len(fresh)} {words} from {source}: {some}"
    told = _voices(fresh.values()) if organisation is not None else []
    ruling = _added(release, form, tuple(fresh.values()), text, at, told)
    return Ruling(ruling.release, ruling.act, ruling.changed, tuple(already), tuple(left), ruling.told)


def _voices(added: Iterable[Part]) -> list[str]:
    """Whose word it is that changes are ready, where others own them."""
    spoken = [part for part in added if isinstance(part, Change) and part.ready_by]
    if not spoken:
        return []
    names = ", ".join(part.id for part in spoken[:5]) + (", ..." if len(spoken) > 5 else "")
    verb = "is" if len(spoken) == 1 else "are"
    return [f"That {names} {verb} ready is recorded as said by {spoken[0].ready_by}."]


def _said(part: Part, by: str, organisation: Organisation | None) -> Part:
    if organisation is None or not isinstance(part, Change):
        return part
    return ready_said(None, part, by, organisation)


def _added(
    release: Release, form: Kind, added: tuple[Part, ...], text: str, at: datetime, told: list[str]
) -> Ruling:
    present = parts_of(release, form.name)
    if len(present) + len(added) > PARTS_LIMIT:
        raise BadInput(
            f"A release holds at most {PARTS_LIMIT:,} {form.plural}; these would be "
            f"{len(present) + len(added):,}. Split the release."
        )
    after = _with(release, form, [*present, *added])
    words: list[str] = []
    for part in added:
        after, more = _followed(after, form, None, part, at)
        words += more
    act = Act(f"add-{form.name}", text)
    return Ruling(after, act, tuple(part.id for part in added), told=(*told, *words))


def _refuse_missing(form: Kind, given: Mapping[str, str]) -> None:
    """Raises BadInput that names everything which a new part must say and does not."""
    for name in given:
        if name != "id":
            form.field(name)
    lacking = [field for field in form.fields if field.required and not given.get(field.name, "").strip()]
    unnamed = not form.made_id and not given.get("id", "").strip()
    names = [*([form.id_label.lower()] if unnamed else []), *(field.name for field in lacking)]
    if len(names) == 1 and lacking:
        raise BadInput(f"A {form.name} needs its {names[0]}. {lacking[0].about}")
    if len(names) > 1:
        raise BadInput(f"A {form.name} needs its {', its '.join(names[:-1])} and its {names[-1]}.")


def _id_of(release: Release, form: Kind, given: Mapping[str, str]) -> str:
    typed = given.get("id", "")
    if typed.strip() or not form.made_id:
        return _checked_id(form, typed)
    base = form.fields[0].read(given.get(form.fields[0].name, ""), release.zone)
    return unique(str(base), (part.id for part in parts_of(release, form.name)))


def _checked_id(form: Kind, typed: str) -> str:
    what = f"The {form.id_label.lower()} of a {form.name}"
    part_id = one_line(typed, what=what, required=True)
    if len(part_id) > ID_LIMIT:
        raise BadInput(f"{what} has {len(part_id)} characters; at most {ID_LIMIT} fit. Shorten it.")
    if part_id.startswith("-"):
        raise BadInput(f"{what} cannot begin with a dash: {quoted(part_id)} would read as an option.")
    return part_id


def _of_that_id(release: Release, form: Kind, part_id: str) -> Part | None:
    folded = part_id.casefold()
    return next((part for part in parts_of(release, form.name) if part.id.casefold() == folded), None)


def _values(release: Release, form: Kind, given: Mapping[str, str], told: list[str]) -> dict[str, Any]:
    """The given texts read, by the struct's attributes."""
    values: dict[str, Any] = {}
    for name, text in given.items():
        if name == "id":
            continue
        field = form.field(name)
        if field.required and not text.strip():
            raise BadInput(f"A {form.name} needs its {field.name}. {field.about}")
        if field.choices and not field.required and not field.switch and not text.strip():
            continue  # nothing chosen: as it was, or as the kind has it
        values[field.attribute] = field.read(text, release.zone)
        if isinstance(values[field.attribute], datetime) and (word := parse_instant(text, release.zone).told):
            told.append(word)
    return values


def _made(release: Release, form: Kind, values: Mapping[str, Any], by: str) -> dict[str, Any]:
    """What a new part has without being asked: a run is of the present build and of who enters it, a
    component of the present build, and with location and checksum it is present."""
    if form.name == "component":
        number = release.dossier.iteration
        there = values.get("location") and values.get("checksum")
        presence = {"presence": "present"} if there else {}
        return {"category": CATEGORY_OF[values["kind"]], "iteration": number, **presence}
    if form.name == "defect":
        return {"build": release.dossier.iteration}
    return {"iteration": release.dossier.iteration, "by": by} if form.name == "test" else {}


def _checked(release: Release, form: Kind, before: Part | None, part: Part, at: datetime) -> Part:
    check = CHECKS.get(form.name)
    return check(release, before, part, at) if check else part


def _as_entered(taken: Part, part: Part) -> Part:
    """The part as it would be, had it been entered when `taken` was: a defect is of the build of then."""
    if not isinstance(taken, Defect) or not isinstance(part, Defect):
        return part
    return replace(part, build=taken.build, fixed_in=taken.fixed_in, iterations=taken.iterations)


def _doubts(before: Part | None, part: Part) -> tuple[str, ...]:
    """What is probably a slip in a part that was entered."""
    if not isinstance(part, Component):
        return ()
    known = isinstance(before, Component) and before.checksum == part.checksum
    return () if known else checksum_doubts(part)


def _spoken(
    before: Part | None, part: Part, given: Mapping[str, str], by: str, organisation: Organisation
) -> tuple[Part, tuple[str, ...]]:
    """A change with who says that it is ready, and a sentence where that is not its owner."""
    if not isinstance(part, Change):
        return part, ()
    if "ready" not in given:
        return ready_kept(before, part, organisation) if isinstance(before, Change) else part, ()
    said = ready_said(before if isinstance(before, Change) else None, part, by, organisation)
    words = ready_words(said)
    news = words and (not isinstance(before, Change) or before.ready_by != said.ready_by)
    return said, (f"That {said.id} is ready is recorded as {words}.",) if news else ()


def _followed(
    after: Release, form: Kind, before: Part | None, part: Part, at: datetime
) -> tuple[Release, list[str]]:
    """What follows from a part: a serious defect that was fixed begins the next build."""
    if form.name != "defect":
        return after, []
    return after_defect(after, cast("Any", before), cast("Any", part), at)


def _with(release: Release, form: Kind, new: Sequence[Part]) -> Release:
    ordered = tuple(new)
    if form.name == "environment":
        from relui.domain.dossier.environments import in_order

        ordered = in_order(release, cast("Any", ordered))
    return replace(release, dossier=replace(release.dossier, **{form.attribute: ordered}))


def _named(part: Part) -> str:
    words = getattr(part, "summary", "")
    return f"{part.id}: {shortened(words)}" if words else part.id
