"""Reading any Markdown task list: sections, tasks and sub-tasks, with no task and no text lost.

Code fences and definitions of links are the Markdown parser's to find. The rest is
read by line: the parser knows neither sub-items written `[ ] text` without a dash (it glues them to the item
above) nor bold lines as headings, and it drops what teams write between the lists.
Nesting follows indentation, whatever its width. Whatever is no task is kept as help of the task or section
that it stands under. Check boxes drawn as characters (☐ ☑) count too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from relui.domain.checklist import ItemField, State
from relui.domain.text import clean
from relui.errors import BadInput
from relui.loading.foreign_text import readable
from relui.loading.markdown_inline import fields_named, is_optional, placeholders, plain, shield, unshield
from relui.loading.markdown_lines import Line, lines_of, link_label

MAX_DEPTH = 12
"""Levels of tasks; deeper ones are kept as siblings on the last. (A YAML file may have 32 levels.)"""
MAX_TASKS = 10_000
"""Tasks and bullets that a list may have."""
NO_TEXT = "(no text)"
"""What an empty check box is called."""

_STATES = {
    **dict.fromkeys("xX✓✔√✅☑☒", State.DONE),
    **dict.fromkeys("-~", State.NOT_APPLICABLE),
    **dict.fromkeys("!✗✘❌", State.FAILED),
}
_FIELD_LINE = re.compile(r"\[([^\[\]]{2,60})\](?::.*)?$")
_BOX = re.compile(r"(?:^|[\s|>])\[[ xX]\](?=[\s|]|$)")
_LABEL = re.compile(r"\[([^\[\]]{1,200})\]")
_WRAPPED_AT = 60
"""A task's line of this many columns was probably wrapped by an editor, so the next one goes on with it."""


class Task(Struct):
    """One task: its text for readers, and as `source` as it is written; `line` from 1.

    `details` are the lines below it that are no tasks, as written; `help` is their text. `notes` are the
    line and the beginning of each block of them.
    """

    text: str
    line: int
    state: State = State.OPEN
    optional: bool = False
    fields: tuple[ItemField, ...] = ()
    help: str = ""
    children: list[Task] = []
    source: str = ""
    details: list[str] = []
    notes: list[tuple[int, str]] = []


class Section(Struct):
    """A heading with what stands under it until the next; `level` 1 to 6, 7 for a bold line, 0 for none."""

    heading: str
    level: int
    line: int
    tasks: list[Task] = []
    help: str = ""
    details: list[str] = []
    notes: list[tuple[int, str]] = []


class TaskList(Struct):
    """A whole list. `title` is its only top heading, if it has one; `told` says what was repaired.

    `boxes` and `headings` count what stands in the text; `boxes_left` are the lines with a
    check box that is no task: in code, a comment, a table or a text.
    """

    title: str
    sections: list[Section]
    told: tuple[str, ...] = ()
    boxes: int = 0
    headings: int = 0
    boxes_left: tuple[int, ...] = ()

    @property
    def report(self) -> tuple[str, ...]:
        """How much stood in the text, to compare with what came of it, and which check boxes are no tasks."""
        tasks = "1 task" if self.boxes == 1 else f"{self.boxes} tasks"
        headings = "1 heading" if self.headings == 1 else f"{self.headings} headings"
        left = (f"line {line}: this check box is no task (code, comment, table or text): kept as help."
                for line in self.boxes_left)  # fmt: skip
        return (f"Read {tasks} under {headings}.", *left)


def read_tasks(text: str | bytes, shown: str) -> TaskList:
    """Read a Markdown task list in any encoding; `shown` names it in errors.

    Raises BadInput when it is no text, or too large a one. A text without tasks gives sections without tasks.
    """
    found = readable(text, shown)
    tasks = task_list(found.text, shown)
    tasks.told = found.told
    return tasks


def task_list(text: str, shown: str, *, wrapped: bool = True) -> TaskList:
    """The task list in a text that is readable already. Raises BadInput for more than MAX_TASKS.

    Without `wrapped`, each task is one line and every other line is a detail, however it begins.
    """
    lines = lines_of(text)
    if sum(line.kind in ("task", "bare", "bullet") for line in lines) > MAX_TASKS:
        raise BadInput(f"{clean(shown)}: has more than {MAX_TASKS:,} tasks. Split it into several lists.")
    sections = _Builder(lines, wrapped=wrapped).build()
    links = [line for line in lines if line.kind == "link"]
    labels = frozenset(line.text for line in links)
    _add_links(sections, links)
    for section in sections:
        section.help = _trimmed(section.details)
        for task in section.tasks:
            _finish(task, labels)
    tops = [section for section in sections if section.level == 1]
    boxes = sum(line.kind in ("task", "bare") for line in lines)
    headings = sum(line.kind == "heading" for line in lines)
    kept = tuple(line.number for line in lines if line.kind in ("code", "text") and _BOX.search(line.raw))
    title = tops[0].heading if len(tops) == 1 else ""
    return TaskList(title, sections, boxes=boxes, headings=headings, boxes_left=kept)


def _add_links(sections: list[Section], links: list[Line]) -> None:
    """Keep where a link leads to with whatever uses it; what nothing uses, at the end."""
    used: set[int] = set()
    if links and not sections:
        sections.append(Section("", 0, 1))
    for section in sections:
        parts: list[Section | Task] = [section, *every(section.tasks)]
        for part in parts:
            told = part.details if isinstance(part, Section) else [part.source, *part.details]
            labels = {link_label(found) for text in told for found in _LABEL.findall(text)}
            for line in links:
                if line.text in labels:
                    part.details.append(line.raw.strip())
                    part.notes.append((line.number, line.raw.strip()))
                    used.add(line.number)
    for line in links:
        if line.number not in used:
            last: Section | Task = sections[-1].tasks[-1] if sections[-1].tasks else sections[-1]
            last.details.append(line.raw.strip())
            last.notes.append((line.number, line.raw.strip()))


def every(tasks: Iterable[Task]) -> Iterator[Task]:
    """Each task, and each of those below it, in order."""
    for task in tasks:
        yield task
        yield from every(task.children)


def _finish(task: Task, links: frozenset[str]) -> None:
    """Fill in what a task's source and details say; a label of `links` asks for nothing."""
    task.text = plain(task.source) or NO_TEXT
    task.help = _trimmed(task.details)
    task.optional = is_optional(task.text)
    labels = placeholders(shield(task.source))
    for detail in task.details:
        if found := _FIELD_LINE.match(shield(detail.strip())):
            labels.append(plain(unshield(found[1])))
    task.fields = fields_named(label for label in labels if link_label(label) not in links)
    for child in task.children:
        _finish(child, links)


def _trimmed(details: list[str]) -> str:
    return "\n".join(line.rstrip() for line in details).strip("\n")


class _Open(Struct):
    """A task that may still get sub-tasks and details."""

    task: Task
    indent: int
    content: int
    kind: str


class _Builder:
    """Puts lines where they belong: a stack of open tasks, compared by indentation."""

    def __init__(self, lines: list[Line], *, wrapped: bool) -> None:
        self.lines = lines
        self.wrapped = wrapped
        self.sections = [Section("", 0, 1)]
        self.open: list[_Open] = []
        self.after_blank = False
        self.code_target: Task | Section = self.sections[0]
        self.code_margin = 0
        self.previous: Line | None = None
        self.noted: Task | Section | None = None
        self.tasked = _sections_with_tasks(lines)

    def build(self) -> list[Section]:
        for at, line in enumerate(self.lines):
            if line.kind == "blank":
                self.after_blank = True
                continue
            if line.kind == "heading":
                self.open.clear()
                self.sections.append(Section(plain(line.text), line.level, line.number))
            elif line.kind == "rule":
                self.open.clear()
            elif line.kind in ("task", "bare"):
                self._task(line)
            elif line.kind == "bullet":
                self._bullet(line, at)
            elif line.kind == "code":
                self._code(line)
            elif line.kind == "link":
                continue
            else:
                self._text(line)
            self.after_blank = False
            self.previous = line
        front = self.sections[0]
        return self.sections if front.tasks or front.details else self.sections[1:]

    @property
    def section(self) -> Section:
        return self.sections[-1]

    def _task(self, line: Line) -> None:
        if line.kind == "bare":
            self._close_for_bare(line.indent)
        else:
            self._close(line.indent)
        self._add(line, _STATES.get(line.mark, State.OPEN))

    def _add(self, line: Line, state: State) -> None:
        del self.open[MAX_DEPTH - 1 :]
        task = Task(line.text, line.number, state, source=line.text)
        siblings = self.open[-1].task.children if self.open else self.section.tasks
        siblings.append(task)
        self.open.append(_Open(task, line.indent, line.content, line.kind))

    def _close(self, indent: int) -> None:
        """Close the tasks that a list line at `indent` can't be under. One column more is no nesting."""
        while self.open and self.open[-1].indent >= indent - 1:
            self.open.pop()

    def _close_for_bare(self, indent: int) -> None:
        """The same for a task without a dash, which belongs to the dashed task just above it."""
        while self.open and self.open[-1].indent >= indent - 1:
            above = self.open[-1]
            if above.kind != "bare" and above.indent <= indent and self._goes_on(above.task):
                return
            self.open.pop()

    def _goes_on(self, task: Task) -> bool:
        return not self.after_blank or bool(task.children) or plain(task.source).endswith(":")

    def _bullet(self, line: Line, at: int) -> None:
        self._close(line.indent)
        over = self.open[-1] if self.open else None
        if _leads_to_task(self.lines, at) or (over is not None and over.kind == "bullet"):
            self._add(line, State.OPEN)
        elif over is not None:
            self._detail(over.task, line, over.content)
        elif self.section.line not in self.tasked:
            self._add(line, State.OPEN)
        else:  # a remark among tasks
            self._detail(self.section.tasks[-1] if self.section.tasks else self.section, line, 0)

    def _code(self, line: Line) -> None:
        if line.first:
            self.code_target, self.code_margin = self._target(line)
        self._detail(self.code_target, line, self.code_margin)

    def _text(self, line: Line) -> None:
        target, margin = self._target(line)
        if isinstance(target, Task) and self._continues(target, line):
            target.source = f"{target.source} {line.text}".strip()
        else:
            self._detail(target, line, margin)

    def _target(self, line: Line) -> tuple[Task | Section, int]:
        """Whose text this line is, and the column that it starts from."""
        if self.after_blank:
            while self.open and self.open[-1].indent >= line.indent:
                self.open.pop()
        for candidate in reversed(self.open):
            if candidate.indent < line.indent or not self.after_blank:
                return candidate.task, candidate.content
        if self.wrapped and self.section.tasks:  # behind the list: it belongs to the item above
            return self.section.tasks[-1], 0
        return self.section, 0

    def _continues(self, task: Task, line: Line) -> bool:
        """Whether a line of text is the rest of a task's own text, which an editor wrapped."""
        above = self.previous
        if not self.wrapped or above is None or self.after_blank or task.details:
            return False
        if above.kind not in ("task", "bare", "bullet", "text") or above.raw.endswith(("  ", "\\")):
            return False
        if not task.source:
            return True
        if line.text[0] in "[>|<*_`" or task.source.endswith((".", "!", "?", ":")):
            return False
        return len(above.raw) >= _WRAPPED_AT or line.text[0].islower()

    def _detail(self, target: Task | Section, line: Line, margin: int) -> None:
        raw = line.raw
        indent = len(raw) - len(raw.lstrip(" "))
        if target is not self.noted or self.after_blank:
            target.notes.append((line.number, raw.strip()))
            self.noted = target
        if self.after_blank and target.details:
            target.details.append("")
        target.details.append(raw[min(indent, margin) :])


def _sections_with_tasks(lines: list[Line]) -> set[int]:
    """Line numbers of the headings that have a task with a check box under them; 1 before any heading."""
    found: set[int] = set()
    heading = 1
    for line in lines:
        if line.kind == "heading":
            heading = line.number
        elif line.kind in ("task", "bare"):
            found.add(heading)
    return found


def _leads_to_task(lines: list[Line], at: int) -> bool:
    """Whether a plain bullet has tasks nested under it, so that it is their parent."""
    for line in lines[at + 1 : at + 200]:
        if line.kind in ("heading", "rule"):
            return False
        if line.kind in ("task", "bare", "bullet"):
            if line.indent <= lines[at].indent + 1:
                return False
            if line.kind != "bullet":
                return True
    return False
