"""A foreign task list in the shape of relui's checklist: phases with due times, items, states.

Headings with tasks become phases, without the due time that they name: that stands beside it. Text between
a heading and its first item becomes help of that item; headings without tasks, and their text, become the
description. Nothing else is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.checklist import Item, ItemField, Mark, Phase, State
from relui.domain.text import slug
from relui.loading.due_words import doubtful, timings, without_due
from relui.loading.markdown_tasks import Section, Task, TaskList, every


class Shape(Struct):
    """Phases, the marks of their leaves by path, and the text that belongs to no phase.

    `kept` says which lines became help or description, `told` what else had to be decided.
    """

    phases: tuple[Phase, ...]
    marks: dict[str, Mark]
    description: str
    kept: tuple[str, ...]
    told: tuple[str, ...]


ID_LIMIT = 32
"""Characters of an id that is made of a text: people type paths of several."""


class Ids:
    """Hands out ids made from texts, each once: `backup`, `backup-2` ..."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def take(self, text: str) -> str:
        """An id for `text` that was not handed out before."""
        base = slug(text, limit=ID_LIMIT)
        name = base
        while name in self._taken:
            self._taken[base] += 1
            name = f"{base}-{self._taken[base]}"
        self._taken[name] = 1
        return name


def shaped(tasks: TaskList, shown: str) -> Shape:
    """The checklist in a task list. Failed and not applicable items get a reason that names `shown`."""
    sections = [section for section in tasks.sections if section.tasks]
    names = _names(tasks)
    planned = timings([(names[section.line], section.help.partition("\n")[0]) for section in sections])
    maker = _Maker(shown)
    ids = Ids()
    phases = []
    for section, timing in zip(sections, planned, strict=True):
        name = without_due(names[section.line])
        if doubtful(names[section.line]):
            maker.told.append(
                f"line {section.line}: when '{name}' is due was not understood. {timing.due} is a guess: "
                "correct it."
            )
        phase = Phase(id=ids.take(name), name=name, stage=timing.stage, due=timing.due)
        items = maker.items(section.tasks, phase.id)
        if section.help:
            first = items[0]
            help_ = f"{section.help}\n\n{first.help}" if first.help else section.help
            items = (replace(first, help=help_), *items[1:])
            maker.keep(section)
        phases.append(replace(phase, items=items))
    description = _description(tasks, names, maker)
    return Shape(tuple(phases), maker.marks, description, maker.kept, tuple(maker.told))


def walk(items: Iterable[Item]) -> Iterator[Item]:
    """Each item, and each of those below it, in order."""
    for item in items:
        yield item
        yield from walk(item.items)


def _names(tasks: TaskList) -> dict[int, str]:
    """The phase names by their section's line: the heading, after those above it that have no tasks."""
    names: dict[int, str] = {}
    above: list[Section] = []
    for section in tasks.sections:
        while above and above[-1].level >= section.level:
            above.pop()
        is_title = section.level == 1 and section.heading == tasks.title
        if section.tasks:
            leading = [one.heading for one in above if one.heading and not one.tasks]
            fallback = tasks.title or "Checklist"
            heading = " / ".join([*leading, section.heading or fallback])
            names[section.line] = heading.rstrip(": ") or heading
        if section.level and not is_title:
            above.append(section)
    return names


def _description(tasks: TaskList, names: dict[int, str], maker: _Maker) -> str:
    """Headings and texts that no phase bears."""
    parts: list[str] = []
    used = set(names.values())
    for section in tasks.sections:
        if section.tasks:
            continue
        shown = section.heading not in (tasks.title, "") and not any(
            f"{section.heading} / " in name for name in used
        )
        part = "\n".join(text for text in (section.heading if shown else "", section.help) if text)
        if part:
            parts.append(part)
            maker.keep(section, heading=shown)
    return "\n\n".join(parts)


class _Maker:
    """Makes items of tasks, and notes what became of their states and texts."""

    def __init__(self, shown: str) -> None:
        self.shown = PurePath(shown).name  # a mark stays for ever, the file's folder does not matter
        self.marks: dict[str, Mark] = {}
        self._kept: list[tuple[int, str]] = []
        self.told: list[str] = []

    def keep(self, where: Section | Task, *, heading: bool = False) -> None:
        """Note that the texts below something were kept as help or description, and its heading if so."""
        notes = list(where.notes)
        if heading and isinstance(where, Section):
            notes.insert(0, (where.line, where.heading))
        for line, text in notes:
            self._kept.append((line, f"{text[:57]}..." if len(text) > 60 else text))

    @property
    def kept(self) -> tuple[str, ...]:
        """What was kept, in the order of the file."""
        return tuple(f"line {line}: {text}" for line, text in sorted(self._kept))

    def items(
        self, tasks: Sequence[Task], parent: str, inherited: tuple[ItemField, ...] = ()
    ) -> tuple[Item, ...]:
        """Items of tasks. A parent has no fields of its own: its last sub-item asks for them."""
        ids = Ids()
        made = []
        for number, task in enumerate(tasks, start=1):
            item = Item(id=ids.take(task.text), text=task.text, help=task.help, optional=task.optional)
            path = f"{parent}.{item.id}"
            if task.help:
                self.keep(task)
            fields = _joined(task.fields, inherited if number == len(tasks) else ())
            if task.children:
                item = replace(item, items=self.items(task.children, path, fields))
                self._tell_of_parent(task)
            else:
                item = replace(item, fields=fields)
                self._mark(task, path)
            made.append(item)
        return tuple(made)

    def _mark(self, task: Task, path: str) -> None:
        if task.state is not State.OPEN:
            reason = "" if task.state is State.DONE else f"as marked in {self.shown}, line {task.line}"
            self.marks[path] = Mark(state=task.state, reason=reason)

    def _tell_of_parent(self, task: Task) -> None:
        if task.state is not State.OPEN and any(
            each.state is not task.state for each in every(task.children) if not each.children
        ):
            self.told.append(
                f"line {task.line}: '{task.text[:60]}' was marked {task.state}, "
                "but not all of its sub-items are: its state follows from them."
            )


def _joined(own: tuple[ItemField, ...], more: tuple[ItemField, ...]) -> tuple[ItemField, ...]:
    ids = Ids()
    return tuple(replace(field, id=ids.take(field.label)) for field in (*own, *more))
