"""A Markdown task list read as a release: relui's own form with every fact, or any other with its states.

The own form is what relui/documents/checklist_markdown.py writes; its last line says so. Times are exact
to the second. Item ids are made anew from the texts, so requirements, commands and bound facts stay
behind: whoever needs those takes the JSON form. A list that somebody edited by hand is read as far as it
goes: lines that are not understood are kept as help of their item, facts that are not are told.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.checklist import STAGES, Item, ItemField, Mark, Phase, RunCommand, State
from relui.domain.fields import checked_value
from relui.domain.instants import parse_offset
from relui.domain.release import Retrospective
from relui.domain.text import clean
from relui.errors import BadInput
from relui.loading.checklist_shape import Ids, Shape, shaped, walk
from relui.loading.due_words import timings
from relui.loading.foreign_text import readable
from relui.loading.markdown_inline import kind_of, literal, shield, unshield
from relui.loading.markdown_tasks import Section, Task, read_tasks, task_list
from relui.loading.own_facts import INSTANT, MarkdownRelease, OwnFacts, instant_in, quoted_text, taken_by

_OPTIONAL = " *(optional)*"
_WHO = re.compile(
    rf"(?:Done|Not applicable|Failed|Recorded)(?P<late> \(late\))?"
    rf"(?: on (?P<at>{INSTANT}))?(?: by (?P<by>.*))?$"
)
_WORD = re.compile(r"(Reason|Evidence|Left open|Role|Runs): (.*)$")
_QUOTED = ("Note:", "Help:", "Command:", "Expected:")
_FIELD = re.compile(r"\[([^\[\]]*)\]:(?: (.*))?$")
_STAGE = re.compile(
    r"\*[^*(]* \((?P<due>T[^)]*)\): [^*;]*; stage: (?P<stage>\w+)"
    r"(?P<optional>; optional)?(?P<owed>; owed)?\*$"
)
_RETROSPECTIVE = {"What went well": "well", "What was hard": "hard", "What changes next release": "next"}


def read_own(text: str, shown: str) -> MarkdownRelease:
    """Read a text that `relui.documents.checklist_markdown` wrote; `shown` names it in errors.

    What is not understood is kept or told. Raises BadInput for too many tasks.
    """
    tasks = task_list(text, shown, wrapped=False)
    facts = OwnFacts()
    checklist = _Checklist()
    retrospective: dict[str, str] = {}
    in_retrospective = False
    description: list[str] = []
    for section in tasks.sections:
        if section.level <= 1:
            facts.title = facts.title or section.heading or None
            facts.read(section.tasks)
        elif section.level == 3 and in_retrospective and section.heading in _RETROSPECTIVE:
            retrospective[_RETROSPECTIVE[section.heading]] = quoted_text(section.details)
        elif section.heading == "Retrospective" and not section.tasks and _stage_line(section) is None:
            in_retrospective = True
        elif section.tasks or _stage_line(section) is not None:
            checklist.add(section)
        else:
            description += [section.heading, section.help]
    return MarkdownRelease(
        **facts.fields,
        title=facts.title,
        phases=tuple(checklist.phases),
        marks=checklist.marks,
        description="\n".join(part for part in description if part),
        closing=facts.closing(checklist.left_open),
        retrospective=Retrospective(**retrospective),
        told=tuple(facts.told),
    )


def _stage_line(section: Section) -> re.Match[str] | None:
    """The line below a phase's heading that gives its due time and stage."""
    found = _STAGE.match(section.details[0].rstrip()) if section.details else None
    return found if found is not None and found["stage"] in STAGES else None


class _Details(Struct):
    """What stands below an item or a phase."""

    by: str = ""
    at: datetime | None = None
    late: bool = False
    words: dict[str, str] = {}
    evidence: list[str] = []
    fields: list[tuple[str, str]] = []
    note: str = ""
    help: str = ""


def _details(lines: Sequence[str]) -> _Details:
    """Read the detail lines of an item. What is not understood is kept as help."""
    found = _Details()
    rest: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at].rstrip(" ")
        at += 1
        end = at
        while end < len(lines) and lines[end].startswith(">"):
            end += 1
        if line in _QUOTED and end > at:
            found.words[line[:-1]] = quoted_text(lines[at:end])
            at = end
        elif line and not _read_detail(line, found):
            rest.append(literal(line))
    found.note = found.words.get("Note", "")
    found.help = "\n".join(part for part in (found.words.get("Help", ""), *rest) if part)
    return found


def _read_detail(line: str, found: _Details) -> bool:
    """Read one line into `found`; False when it is none of relui's."""
    if word := _WORD.match(line):
        if word[1] == "Evidence":
            found.evidence.append(literal(word[2]))
        else:
            found.words[word[1]] = literal(word[2])
    elif field := _FIELD.match(shield(line)):
        value = (field[2] or "").strip(" ")
        found.fields.append(
            (clean(unshield(field[1])), "" if not value.strip("_") else clean(unshield(value)))
        )
    elif who := _WHO.match(line):
        found.late = bool(who["late"])
        found.at = instant_in(who) if who["at"] else None
        found.by = literal(who["by"] or "")
    else:
        return False
    return True


def _run(line: str) -> RunCommand | None:
    """A command from the line that people paste. Nothing runs it before somebody trusted it."""
    try:
        arguments = tuple(shlex.split(line))
    except ValueError:
        return None
    return RunCommand(arguments) if arguments else None


class _Checklist:
    """Phases and marks as they are read; `left_open` are the reasons of a closing, by path."""

    def __init__(self) -> None:
        self.phases: list[Phase] = []
        self.marks: dict[str, Mark] = {}
        self.left_open: dict[str, str] = {}
        self._ids = Ids()

    def add(self, section: Section) -> None:
        """Read a phase."""
        found = _stage_line(section)
        details = _details(section.details[1:] if found else section.details)
        phase = Phase(id=self._ids.take(section.heading), name=section.heading or "Checklist", stage="build")
        if found is not None:
            due = found["due"] if taken_by(parse_offset, found["due"]) else "T"
            phase = Phase(
                id=phase.id,
                name=phase.name,
                stage=found["stage"],  # type: ignore[arg-type]  # _stage_line has checked it
                due=due,
                optional=bool(found["optional"]),
                owed=bool(found["owed"]),
            )
        else:
            guess = timings([(section.heading, details.help)])[0]
            phase = replace(phase, stage=guess.stage, due=guess.due)
        self._mark(phase.id, details, State.OPEN, {})
        self.phases.append(replace(phase, items=self._items(section.tasks, phase.id)))

    def _items(self, tasks: Sequence[Task], parent: str) -> tuple[Item, ...]:
        ids = Ids()
        made = []
        for task in tasks:
            text = literal(task.source.removesuffix(_OPTIONAL)) or task.text
            name = ids.take(text)
            path = f"{parent}.{name}"
            details = _details(task.details)
            fields, values = _fields(details.fields)
            self._mark(path, details, State.OPEN if task.children else task.state, values)
            made.append(
                Item(
                    id=name,
                    text=text,
                    help=details.help,
                    optional=task.source.endswith(_OPTIONAL),
                    role=details.words.get("Role", ""),
                    run=_run(details.words.get("Runs", "")),
                    command=details.words.get("Command", ""),
                    expect=details.words.get("Expected", ""),
                    fields=fields,
                    items=self._items(task.children, path),
                )
            )
        return tuple(made)

    def _mark(self, path: str, details: _Details, state: State, values: dict[str, str]) -> None:
        mark = Mark(
            state=state,
            by=details.by,
            at=details.at,
            reason=details.words.get("Reason", ""),
            note=details.note,
            evidence=tuple(details.evidence),
            fields=values,
            late=details.late,
        )
        if mark != Mark():
            self.marks[path] = mark
        if reason := details.words.get("Left open"):
            self.left_open[path] = reason


def _fields(labelled: Iterable[tuple[str, str]]) -> tuple[tuple[ItemField, ...], dict[str, str]]:
    """The fields of an item, their kinds guessed so that the values fit, and the values by id."""
    ids = Ids()
    fields: list[ItemField] = []
    values: dict[str, str] = {}
    for label, value in labelled:
        field = ItemField(id=ids.take(label), label=label, kind=kind_of(label))
        if value:
            values[field.id] = value
            if not _fits(field, value):
                field = replace(field, kind="text")
        fields.append(field)
    return tuple(fields), values


def _fits(field: ItemField, value: str) -> bool:
    try:
        return checked_value(field, value) == value
    except BadInput:
        return False


_FORMAT_MARK = re.compile(r"<!-- relui release (\d{1,4}) -->\s*\Z")
FORMAT = 1
"""The newest form of a release in Markdown that can be read."""


def release_from_markdown(data: bytes | str, shown: str) -> MarkdownRelease:
    """Read a Markdown task list as a release; `shown` names it in errors and in reasons of its marks.

    A list of other origin gives phases, marks, title and description only: the caller supplies the facts.
    Raises BadInput when it is no text, has no tasks, or was written by a newer relui.
    """
    shown = clean(shown)
    made = own_release(data, shown) or _foreign(data, shown)
    if not any(phase.items for phase in made.phases):
        raise BadInput(f"{shown}: there are no tasks in it. Write each as `- [ ] text`.")
    return made


def _foreign(data: bytes | str, shown: str) -> MarkdownRelease:
    tasks = read_tasks(data, shown)
    shape = shaped(tasks, shown)
    return MarkdownRelease(
        phases=shape.phases,
        marks=shape.marks,
        description=shape.description,
        title=tasks.title or None,
        told=(*tasks.told, *shape.told, *tasks.report, *_optional(shape)),
    )


def _optional(shape: Shape) -> Iterator[str]:
    """What may be left out without a reason, as the texts say."""
    for phase in shape.phases:
        for item in walk(phase.items):
            if item.optional:
                yield f"Optional, because the text says so: {item.text}"


def own_release(data: bytes | str, shown: str) -> MarkdownRelease | None:
    """The release in relui's own form, or None for any other text. Raises BadInput for a newer form."""
    text = readable(data, shown, repair=False).text
    found = _FORMAT_MARK.search(text[-200:])
    if found is None:
        return None
    if int(found[1]) > FORMAT:
        raise BadInput(f"{shown}: was written by a newer relui (form {found[1]}). Update relui to read it.")
    return read_own(text.removesuffix(text[-200:][found.start() :]), shown)
