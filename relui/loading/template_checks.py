"""What must hold between the parts of a template and between templates: ids, requirements, places, names.

The shape of one file is checked by its model; everything here needs the whole tree or its neighbours. A
file of the wrong shape is sketched as far as it goes, so that all of its mistakes are told in one go:
every list of a sketch keeps its length, so that each place stays where it is in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import groupby, islice, pairwise
from typing import Any

from msgspec import Struct

from relui.domain.composing import place_of
from relui.domain.template import FieldForm, ItemForm, PhaseForm, Template
from relui.domain.text import clean, did_you_mean, nearest
from relui.loading.yaml_reader import SHOWN_PROBLEMS, Loc, Problem, YamlDocument

Moment = tuple[str, str]
"""The `begin` or `end` of the item at a path."""


class Placed(Struct, frozen=True):
    """An item with its path in the checklist and its place in the file; `chain` are the items above it."""

    path: str
    form: ItemForm
    loc: Loc
    chain: tuple[Placed, ...] = ()

    @property
    def leaf(self) -> bool:
        """Only leaves are ticked."""
        return not self.form.items


def placed_items(template: Template) -> list[Placed]:
    """Every item of a template or pack, in order, parents before their children."""
    found: list[Placed] = []
    for at, phase in enumerate(template.phases):
        found.extend(_placed(phase.items, phase.id, ("phases", at, "items"), ()))
    for at, form in enumerate(template.items):
        found.extend(_placed_one(form, place_of(form)[0], ("items", at), ()))
    return found


def _placed(forms: Sequence[ItemForm], parent: str, loc: Loc, chain: tuple[Placed, ...]) -> Iterator[Placed]:
    for at, form in enumerate(forms):
        yield from _placed_one(form, parent, (*loc, at), chain)


def _placed_one(form: ItemForm, parent: str, loc: Loc, chain: tuple[Placed, ...]) -> Iterator[Placed]:
    here = Placed(f"{parent}.{form.id}", form, loc, chain)
    yield here
    yield from _placed(form.items, here.path, (*loc, "items"), (*chain, here))


def cross_check(template: Template, document: YamlDocument, known: Mapping[str, Template]) -> list[Problem]:
    """All that is wrong inside a template of the right shape and against the `known` others, by line."""
    others = {name: other for name, other in known.items() if name != template.template}
    items = placed_items(template)
    found = [
        *_duplicates(template, items, document),
        *_misuses(template, items, document),
        *_names(template, document, others),
        *islice(_criteria(template, document), SHOWN_PROBLEMS),
        *islice(_requirements(template, items, document, others), SHOWN_PROBLEMS),
        *islice(_places(template, document, others) if template.kind == "pack" else (), SHOWN_PROBLEMS),
    ]  # the nearest name is dear to find: not for thousands of wrong ones
    return sorted(found, key=lambda problem: problem.line) or _cycle(template, items, document, others)


def rough_check(template: Template, document: YamlDocument, known: Mapping[str, Template]) -> list[Problem]:
    """What can be said of the ids and requirements of a template whose shape is wrong elsewhere."""
    others = {name: other for name, other in known.items() if name != template.template}
    items = placed_items(template)
    requirements = _requirements(template, items, document, others)
    return [*_duplicates(template, items, document), *islice(requirements, SHOWN_PROBLEMS)]


def _duplicates(template: Template, items: list[Placed], document: YamlDocument) -> Iterator[Problem]:
    ids: list[tuple[str, Loc]] = [(phase.id, ("phases", at)) for at, phase in enumerate(template.phases)]
    ids += [(item.path, item.loc) for item in items]
    for item in items:
        fields = enumerate(item.form.fields)
        ids += [(f"{item.path}:{field.id}", (*item.loc, "fields", at)) for at, field in fields]
    first: dict[str, Loc] = {}
    for path, loc in ids:
        if path in first:
            line = document.line((*first[path], "id"))
            name = path.rpartition(":")[2].rpartition(".")[2]
            message = f"the id '{name}' is used twice here (first in line {line}). Give one another id."
            yield document.problem((*loc, "id"), message)
        first.setdefault(path, loc)


def _misuses(template: Template, items: list[Placed], document: YamlDocument) -> Iterator[Problem]:
    """Keys that cannot work where they stand."""
    for item in items:
        form = item.form
        if form.option and not form.optional:
            yield document.problem((*item.loc, "option"), "`option` needs `optional: true` beside it.")
        for key in ("when_done", "run", "fields", "message"):
            if not item.leaf and getattr(form, key):
                yield document.problem(
                    (*item.loc, key), f"`{key}` is for an item without sub-items. Move it to one of them."
                )
        if template.kind != "pack" or item.chain:
            for key in ("into", "after"):
                if getattr(form, key) is not None:
                    message = f"`{key}` is for the first level of a pack. Remove it; the order here counts."
                    yield document.problem((*item.loc, key), message)


def _names(template: Template, document: YamlDocument, others: Mapping[str, Template]) -> Iterator[Problem]:
    """Other templates that this one names."""
    packs = [name for name, other in others.items() if other.kind == "pack"]
    for at, name in enumerate(template.packs):
        if name not in packs:
            yield document.problem(("packs", at), f"there is no pack '{name}'.{did_you_mean(name, packs)}")
    bases = [name for name, other in others.items() if other.kind == "base"]
    if template.owes is not None and template.owes not in bases:
        message = f"there is no base template '{template.owes}'.{did_you_mean(template.owes, bases)}"
        yield document.problem(("owes",), message)


def _criteria(template: Template, document: YamlDocument) -> Iterator[Problem]:
    """Criteria that there are not: one that nothing judges would be a gate that is never met, or always."""
    if template.criteria in ("all", []):
        return
    from relui.domain.dossier.criteria import ALL, CRITERIA, unknown_criteria

    unknown = set(unknown_criteria(template.criteria))
    for at, name in enumerate(template.criteria):
        if name == ALL:
            yield document.problem(("criteria", at), "write `criteria: all`, without a list.")
        elif name in unknown:
            message = f"there is no criterion '{name}'.{did_you_mean(name, CRITERIA)}"
            yield document.problem(("criteria", at), message)


def _requirements(
    template: Template, items: list[Placed], document: YamlDocument, others: Mapping[str, Template]
) -> Iterator[Problem]:
    """Requirements must name an item that this template, or one that it is used with, has."""
    own = {item.path for item in items}
    used_with = (
        _bases(others)
        if template.kind == "pack"
        else [others[name] for name in template.packs if name in others]
    )
    paths = own | {item.path for other in used_with for item in placed_items(other)}
    phases = {path.partition(".")[0] for path in paths}
    for item in items:
        for at, required in enumerate(item.form.requires):
            if required in paths or not required:
                continue
            said = clean(required)
            if required in phases:
                within = sorted(path for path in paths if path.startswith(f"{required}."))
                message = f"'{said}' is a phase; name one of its items, such as '{within[0]}'."
            else:
                message = f"there is no item '{said}'.{_path_hint(required, paths)}"
            yield document.problem((*item.loc, "requires", at), message)


def _path_hint(path: str, paths: Iterable[str]) -> str:
    close = nearest(path, sorted(paths))
    return f" Did you mean '{close}'?" if close else " Write its whole path: phase.item."


def _places(template: Template, document: YamlDocument, others: Mapping[str, Template]) -> Iterator[Problem]:
    """A pack's items must fit into at least one template that has phases."""
    bases = _bases(others)
    phases = {phase.id for base in bases for phase in base.phases}
    items = [item for other in (*bases, template) for item in placed_items(other)]
    paths = {item.path for item in items}
    containers = phases | {item.path for item in items if not item.leaf}
    for at, form in enumerate(template.items):
        if form.into is None:
            message = f"`into` is missing. Say into which phase it goes: {', '.join(sorted(phases))}."
            yield document.problem(("items", at), message)
            continue
        if not bases:
            continue
        into, after, anchor = clean(form.into), form.after or "", place_of(form)[1]
        if form.into in paths - containers:
            message = f"'{into}' has no sub-items. Put it into the phase, with `after:` for the place."
            yield document.problem(("items", at, "into"), message)
        elif form.into not in containers:
            message = f"there is no phase '{into}' to put it into.{did_you_mean(form.into, phases)}"
            yield document.problem(("items", at, "into"), message)
        elif anchor and (anchor not in paths or anchor == f"{form.into}.{form.id}"):
            within = [
                path.removeprefix(f"{form.into}.") for path in paths if path.startswith(f"{form.into}.")
            ]
            message = f"there is no item '{clean(after)}' in '{into}'.{did_you_mean(after, within)}"
            yield document.problem(("items", at, "after"), message)


def _cycle(
    template: Template, items: list[Placed], document: YamlDocument, others: Mapping[str, Template]
) -> list[Problem]:
    """The first circle of requirements, if there is one: nothing in it could ever be ticked."""
    surroundings: list[list[Placed]] = [[]]
    if template.kind == "pack":
        surroundings = [placed_items(base) for base in _bases(others)] or [[]]
    for around in surroundings:
        circle = _circle([*around, *items])
        for place, ((_, path), (_, required)) in enumerate(pairwise(circle)):
            asking = next((one for one in items if one.path == path and required in one.form.requires), None)
            if asking is None:
                continue
            turned = [*circle[place:-1], *circle[: place + 1]]
            names = [f"'{one}'" for one, _ in groupby(path for _, path in turned)]
            words = " waits for ".join(names) if len(names) > 1 else f"{names[0]} requires itself"
            message = f"a circle: {words}. Nothing in it could be ticked; remove one requirement."
            at = asking.form.requires.index(required)
            return [document.problem((*asking.loc, "requires", at), message)]
    return []


def _circle(items: list[Placed]) -> list[Moment]:
    """Moments that wait for each other, each for the next, the first again at the end; or nothing.

    An item can begin when the item above it can and what it requires has ended; it has ended when it
    could begin and everything below it has ended.
    """
    graph: dict[Moment, list[Moment]] = {}
    for item in items:
        begin, end = ("begin", item.path), ("end", item.path)
        above = item.path.rpartition(".")[0]
        graph.setdefault(begin, []).append(("begin", above))
        graph[begin].extend(("end", required) for required in item.form.requires)
        graph.setdefault(end, []).append(begin)
        graph.setdefault(("end", above), []).append(end)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def _bases(others: Mapping[str, Template]) -> list[Template]:
    return [other for other in others.values() if other.kind != "pack"]


def sketched(data: Any) -> Template | None:
    """A template with whatever ids and requirements the data have, unchecked; None when it is no mapping."""
    if not isinstance(data, Mapping):
        return None
    kind = data.get("kind")
    return Template.model_construct(
        template=_text(data, "template"),
        name="",
        kind=kind if kind in ("base", "pack", "emergency") else "base",
        packs=_texts(data, "packs"),
        phases=[_phase(one, at) for at, one in enumerate(_list(data, "phases"))],
        items=[_item(one, at) for at, one in enumerate(_list(data, "items"))],
    )


def _phase(data: Any, at: int) -> PhaseForm:
    items = [_item(one, number) for number, one in enumerate(_list(data, "items"))]
    return PhaseForm.model_construct(id=_id(data, at), name="", stage="build", items=items)


def _item(data: Any, at: int) -> ItemForm:
    return ItemForm.model_construct(
        id=_id(data, at),
        text="",
        into=_text(data, "into") or None,
        after=_text(data, "after") or None,
        requires=_texts(data, "requires"),
        fields=[_field(one, number) for number, one in enumerate(_list(data, "fields"))],
        items=[_item(one, number) for number, one in enumerate(_list(data, "items"))],
    )


def _field(data: Any, at: int) -> FieldForm:
    return FieldForm.model_construct(id=_id(data, at), label="")


def _id(data: Any, at: int) -> str:
    """The id as probably meant: capitals are a mistake that is told already. What has none gets one of its
    own, so that nothing is called doubled for that."""
    return _text(data, "id").lower() or f"\0{at}"


def _text(data: Any, key: str) -> str:
    value = data.get(key) if isinstance(data, Mapping) else None
    return value if isinstance(value, str) else ""


def _list(data: Any, key: str) -> Sequence[Any]:
    value = data.get(key) if isinstance(data, Mapping) else None
    return value if isinstance(value, list) else []


def _texts(data: Any, key: str) -> list[str]:
    """Every entry of a list; what is no text stands as nothing, which is not looked for."""
    return [one if isinstance(one, str) else "" for one in _list(data, key)]
