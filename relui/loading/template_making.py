"""Templates made and added to: from a team's Markdown checklist, and with an action as one more step
[S0.9].

YAML that is made is read back and checked before it is returned, so what is handed out loads. Comments and
layout of a file that gets a step stay as they are. Nothing here writes.
"""

from __future__ import annotations

import json
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.checklist import Item, Phase
from relui.domain.learning.actions import Action
from relui.domain.template import Template
from relui.domain.text import clean, did_you_mean, quoted, slug, unique
from relui.errors import BadInput, Refused
from relui.files import read_regular
from relui.loading.checklist_shape import Shape, shaped, walk
from relui.loading.foreign_text import form_as_markdown
from relui.loading.markdown_tasks import read_tasks
from relui.loading.release_markdown import own_release
from relui.loading.templates import TemplateEntry, TemplateLibrary
from relui.loading.yaml_models import checked
from relui.loading.yaml_reader import YamlDocument, listed, parse_yaml

if TYPE_CHECKING:
    from yaml import Node, SafeDumper


_SHOWN = 10
_UNFOLDED = 1_000_000
"""Columns: a text stays on one line, so that people find it with a search."""


class Report(Struct, frozen=True):
    """What a checklist became: counts (`items` on the first level, `sub_items` below), sentences about what
    was `repaired`, which lines were `kept` as help or description, and what else was `told`. The texts of
    optional items are `may_be_left_out`."""

    phases: int
    items: int
    sub_items: int
    fields: int
    optional: int
    repaired: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    may_be_left_out: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The report in lines for people."""
        parts = [(self.phases, "phase"), (self.items, "item"), (self.sub_items, "sub-item")]
        counts = ", ".join(_count(number, word) for number, word in [*parts, (self.fields, "field")])
        lines = [
            f"{counts}, {self.optional} optional.",
            *self.repaired,
            *self.told,
        ]
        if self.may_be_left_out:
            lines.append("Optional, because the text says so:")
            lines += [f"  {text}" for text in self.may_be_left_out]
        if self.kept:
            lines.append(f"Kept as help or description ({len(self.kept)}):")
            lines += [f"  {line}" for line in self.kept[:_SHOWN]]
        if len(self.kept) > _SHOWN:
            lines.append(f"  ... and {len(self.kept) - _SHOWN} more.")
        return "\n".join(lines)


def template_from_markdown(data: bytes | str, shown: str, name: str | None = None) -> tuple[str, Report]:
    """The template that a Markdown task list makes, as YAML, and the report.

    `name` is what it is called (its id is made from it), else the list's title, else the file's name.
    States are left out: a template has none.
    Raises BadInput when the file is no text, has no tasks, or is too large for a template.
    """
    shown = clean(shown)
    title, shape, repaired = _own(data, shown) or _foreign(data, shown)
    if not shape.phases:
        raise BadInput(f"{shown}: there are no tasks in it. Write each as `- [ ] text`.")
    called = clean(name or title or PurePath(shown).stem).strip() or "Checklist"
    text = _yaml(_document(called, shape))
    _prove(text, shown)
    return text, _report(shape, repaired)


def _foreign(data: bytes | str, shown: str) -> tuple[str, Shape, tuple[str, ...]]:
    form = form_as_markdown(data, shown)
    tasks = read_tasks(data if form is None else form, shown)
    shape = shaped(tasks, shown)
    return tasks.title, replace(shape, told=(*tasks.report, *shape.told)), tasks.told


def _own(data: bytes | str, shown: str) -> tuple[str, Shape, tuple[str, ...]] | None:
    """The checklist of a release that relui wrote: who did what stays behind, roles and due times do not."""
    made = own_release(data, shown)
    if made is None:
        return None
    told = made.told
    if any(phase.owed for phase in made.phases):
        told = (*told, "The full checklist that the emergency owed was left out: name it with `owes`.")
    shape = Shape(
        phases=tuple(phase for phase in made.phases if phase.items and not phase.owed),
        marks=made.marks,
        description=made.description,
        kept=(),
        told=told,
    )
    return f"{made.service} checklist" if made.service else "", shape, ()


def _report(shape: Shape, repaired: tuple[str, ...]) -> Report:
    first = [item for phase in shape.phases for item in phase.items]
    every = list(walk(first))
    told = shape.told
    if shape.marks:
        verb = "was" if len(shape.marks) == 1 else "were"
        told = (f"{_count(len(shape.marks), 'mark')} {verb} left out: a template has no states.", *told)
    return Report(
        phases=len(shape.phases),
        items=len(first),
        sub_items=len(every) - len(first),
        fields=sum(len(item.fields) for item in every),
        optional=sum(1 for item in every if item.optional),
        repaired=repaired,
        kept=shape.kept,
        told=told,
        may_be_left_out=tuple(item.text for item in every if item.optional),
    )


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _document(called: str, shape: Shape) -> dict[str, Any]:
    return _kept(
        template=slug(called),
        name=called,
        kind="base",
        description=shape.description if shape.description.strip() else "",
        phases=[_phase(phase) for phase in shape.phases],
    )


def _phase(phase: Phase) -> dict[str, Any]:
    made = _kept(id=phase.id, name=phase.name, stage=phase.stage, due=phase.due, optional=phase.optional)
    return made | {"items": [_item(item) for item in phase.items]}


def _item(item: Item) -> dict[str, Any]:
    fields = [{"id": field.id, "label": field.label, "kind": field.kind} for field in item.fields]
    return {"id": item.id, "text": item.text} | _kept(
        help=item.help if item.help.strip() else "",
        optional=item.optional,
        role=item.role,
        fields=fields,
        items=[_item(child) for child in item.items],
    )


def _kept(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _yaml(document: dict[str, Any]) -> str:
    """YAML in the order given; long texts as blocks, and whatever would not stay text in quotes."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Never an alias; texts of several lines as blocks."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

    Dumper.add_representer(str, _text)
    return yaml.dump(document, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=_UNFOLDED)


def _text(dumper: SafeDumper, text: str) -> Node:
    style = "|" if "\n" in text and not text.startswith((" ", "\n")) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _prove(text: str, shown: str) -> None:
    """Raises BadInput when the template would not load: the list is too large for one."""
    from relui.domain.template import Template
    from relui.loading.template_checks import cross_check
    from relui.loading.yaml_models import validate
    from relui.loading.yaml_reader import listed, parse_yaml

    made = f"the template made from {shown}"
    document = parse_yaml(text, made)
    problems = cross_check(validate(document, Template), document, {})
    if problems:
        raise BadInput(listed(problems))


class TemplateChange(Struct, frozen=True):
    """A template with one more step: its text before and after, the step's path, and the diff in lines."""

    action: str
    template: str
    phase: str
    step: str
    before: str
    after: str
    diff: tuple[str, ...]


def with_step(library: TemplateLibrary, action: Action, name: str, phase: str = "") -> TemplateChange:
    """The template with the action at the end of a phase, the first one unless named.

    Raises BadInput for an unknown template or phase and for a layout that cannot be added to, Refused when
    the step is there already.
    """
    template = library.get(name)
    if template.kind == "pack":
        raise BadInput(f"'{name}' is a pack. Choose a template with phases of its own.")
    place = phase.strip() or template.phases[0].id
    ids = [each.id for each in template.phases]
    if place not in ids:
        raise BadInput(f"The template '{name}' has no phase {quoted(place)}.{did_you_mean(place, ids)}")
    items = template.phases[ids.index(place)].items
    if any(item.text == action.text for each in template.phases for item in each.items):
        raise Refused(f"The template '{name}' has this step already. Nothing was changed.")
    step = unique(slug(action.text), [item.id for item in items])
    before = read_regular(_entry(library, name).path).decode("utf-8-sig")
    after = _inserted(before, name, (ids.index(place), len(items) - 1), step, action)
    template_after, problems = checked(parse_yaml(after, name), Template)
    if template_after is None or problems:
        raise BadInput(f"The step does not fit into the file of '{name}':\n{listed(problems)}")
    return TemplateChange(
        action.id, name, place, f"{place}.{step}", before, after, _diff(before, after, name)
    )


def target_of(library: TemplateLibrary, change: TemplateChange, own: Path) -> Path:
    """Where it is written: over the person's own file of that template, else a copy in `own`."""
    entry = _entry(library, change.template)
    return entry.path if entry.source == "own" else own / f"{change.template}.yaml"


def _entry(library: TemplateLibrary, name: str) -> TemplateEntry:
    return next(entry for entry in library.names() if entry.name == name)


def _inserted(text: str, name: str, last: tuple[int, int], step: str, action: Action) -> str:
    """The text with the step behind the phase's last item. Raises BadInput for items within brackets."""
    document: YamlDocument = parse_yaml(text, name)
    lines = text.splitlines()
    start = document.line(("phases", last[0], "items", last[1])) - 1
    indent = len(lines[start]) - len(lines[start].lstrip())
    if not lines[start].lstrip().startswith("- "):
        raise BadInput(
            f"The items of '{name}' are not written one below the other. Add the step by hand: "
            f"{{id: {step}, text: {json.dumps(action.text, ensure_ascii=False)}}}."
        )
    end = start
    for at in range(start + 1, len(lines)):
        if not lines[at].strip():
            continue
        if len(lines[at]) - len(lines[at].lstrip()) <= indent:
            break
        end = at
    pad = " " * indent
    added = [
        f"{pad}- id: {step}",
        f"{pad}  text: {json.dumps(action.text, ensure_ascii=False)}",
        f"{pad}  help: {json.dumps(f'{action.because} ({action.id})', ensure_ascii=False)}",
    ]
    return "\n".join([*lines[: end + 1], *added, *lines[end + 1 :]]) + "\n"


def _diff(before: str, after: str, name: str) -> tuple[str, ...]:
    from difflib import unified_diff

    return tuple(
        unified_diff(
            before.splitlines(), after.splitlines(), f"{name}.yaml now", f"{name}.yaml with it", lineterm=""
        )
    )
