"""The checklist of a release: phases, items and sub-items, and the mark that each leaf bears [S0.2].

The structure is the release's own copy of its template; the marks are what people recorded. Both are
immutable: a rule returns new ones.

Evidence is `sha256:DIGEST NAME` for a file that relui keeps; all else is a link or words.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from relui.domain.instants import Moment, within_reach


class State(StrEnum):
    """The state of an item. A leaf is never PARTIAL; a parent's state is derived from its children."""

    OPEN = "open"
    DONE = "done"
    NOT_APPLICABLE = "not-applicable"
    FAILED = "failed"
    PARTIAL = "partial"

    @property
    def resolved(self) -> bool:
        """Nothing is left to do here."""
        return self in (State.DONE, State.NOT_APPLICABLE)


FieldKind = Literal["text", "person", "date", "time", "link", "choice", "number"]
Stage = Literal["plan", "build", "test", "stage", "deploy", "close"]
STAGES: tuple[Stage, ...] = ("plan", "build", "test", "stage", "deploy", "close")


class ItemField(Struct, frozen=True, omit_defaults=True):
    """A value that an item asks for: a name, a date, a choice. `required` ones must be filled to tick."""

    id: str
    label: str
    kind: FieldKind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


class RunCommand(Struct, frozen=True, omit_defaults=True):
    """A command that proves an item: an argument list, never a shell line; `timeout` in minutes."""

    command: tuple[str, ...]
    timeout: int = 10

    @property
    def line(self) -> str:
        """As it is pasted into a shell: each argument quoted where it has to be."""
        return shlex.join(self.command)


class Item(Struct, frozen=True, omit_defaults=True):
    """One line of the checklist; a parent when it has `items`. Its path is phase.item.sub-item.

    `command` is for a person to paste, and never run by relui; `expect` is what shows that the step worked;
    `estimate` is in minutes. The steps of the runbook stand below the item that is marked as the `runbook`.
    """

    id: str
    text: str
    help: str = ""
    optional: bool = False
    option: str = ""
    role: str = ""
    requires: tuple[str, ...] = ()
    fields: tuple[ItemField, ...] = ()
    run: RunCommand | None = None
    command: str = ""
    expect: str = ""
    runbook: bool = False
    message: str = ""
    when_done: str = ""
    estimate: int | None = None
    origin: str = ""
    items: tuple[Item, ...] = ()


class Phase(Struct, frozen=True, omit_defaults=True):
    """A phase with the time by which it should be done (`due`, an offset such as T-48h).

    `owed` phases are an emergency's full checklist, completed afterwards [S1.36].
    """

    id: str
    name: str
    stage: Stage
    due: str = "T"
    optional: bool = False
    owed: bool = False
    items: tuple[Item, ...] = ()

    def walk(self) -> Iterator[tuple[str, Item]]:
        """Every item with its path, a parent before what is below it."""
        waiting = [(f"{self.id}.{item.id}", item) for item in reversed(self.items)]
        while waiting:
            path, item = waiting.pop()
            yield path, item
            waiting += [(f"{path}.{below.id}", below) for below in reversed(item.items)]


class Mark(Struct, frozen=True, omit_defaults=True):
    """What was recorded on one item: its state, by whom and when (UTC), and on what grounds.

    `bound` marks were set by a fact, not by a hand. `late` is true when it was set after it was due.
    `done_at` is when something was really done that was ticked only afterwards.
    """

    state: State = State.OPEN
    by: str = ""
    at: Moment | None = None
    reason: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()
    fields: dict[str, str] = {}
    bound: bool = False
    late: bool = False
    done_at: Moment | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for an instant that nothing can be added to."""
        if self.at is not None:
            within_reach(at=self.at, done_at=self.done_at)


NO_MARK = Mark()


_KEPT = re.compile(r"sha256:([0-9a-f]{64})(?: (.*))?", re.ASCII)
_SHORT = 12
"""Characters of a digest that tell files apart for a person."""


class Kept(Struct, frozen=True):
    """A file that is kept: named by its SHA-256 on the disk, and what it was called."""

    digest: str
    name: str

    @property
    def words(self) -> str:
        """`smoke.log (9b75290f6a63)`: short enough for one line."""
        short = self.digest[:_SHORT]
        return f"{self.name} ({short})" if self.name else short


def kept_file(reference: str) -> Kept | None:
    """The file that a reference names, if it names one."""
    found = _KEPT.fullmatch(reference)
    return Kept(found[1], found[2] or "") if found is not None else None


def references(value: object) -> Iterator[str]:
    """What a release as a document names as its evidence, wherever in it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "evidence":
                texts = inner if isinstance(inner, list) else [inner]
                yield from (text for text in texts if text and isinstance(text, str))
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def kept_files(value: object) -> tuple[Kept, ...]:
    """The files that a release as a document keeps as its evidence, wherever in it, each once."""
    found = (kept_file(text) for text in references(value))
    return tuple(dict.fromkeys(kept for kept in found if kept is not None))


def evidence_words(reference: str) -> str:
    """A reference for one line of a screen: a kept file by its name, all else as it is."""
    kept = kept_file(reference)
    return reference if kept is None else kept.words
