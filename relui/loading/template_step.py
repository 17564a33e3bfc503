"""An action as one more step of a template: the file's text with it, and the diff to look at first [S0.9].

Comments and layout of the file stay as they are. Nothing here writes.
"""

from __future__ import annotations

import json
from pathlib import Path

from msgspec import Struct

from relui.domain.learning.actions import Action
from relui.domain.template import Template
from relui.domain.text import did_you_mean, quoted, slug, unique
from relui.errors import BadInput, Refused
from relui.loading.templates import TemplateEntry, TemplateLibrary
from relui.loading.yaml_models import checked
from relui.loading.yaml_reader import YamlDocument, listed, parse_yaml
from relui.regular_files import read_regular


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
