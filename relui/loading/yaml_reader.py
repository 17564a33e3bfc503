"""YAML that people write, read without surprises: every scalar stays text, and every problem names its line.

The file is read as a stream of parser events and refused before anything is built from it when it could
harm or surprise: aliases (a billion laughs), tags, duplicate keys, deep nesting. Pydantic then converts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import yaml
from msgspec import Struct

from relui.domain.text import clean
from relui.errors import BadInput
from relui.files import read_regular

SIZE_LIMIT = 256 * 1024
"""Bytes that a file may have."""
DEPTH_LIMIT = 32
"""Levels of nesting that a file may have."""
SHOWN_PROBLEMS = 40
"""Problems that one error lists; the rest is counted."""

Loc = tuple[str | int, ...]

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOOK = "Check indentation, quotes and brackets here and in the line before."
_SYNTAX = {
    "mapping values are not allowed in this context": "a colon is out of place. Put quotes around a text "
    "that has `: ` in it, or check the indentation.",
    "could not find expected ':'": f"a key without its colon. {_LOOK}",
    "did not find expected key": f"no key is where one should be. {_LOOK}",
    "did not find expected '-' indicator": f"the list ends in the wrong place. {_LOOK}",
    "found character that cannot start any token": "a tab or a special character begins a value. Indent with "
    "blanks, and put quotes around a text that begins with @, %, ` or a tab.",
}
_COLLECTION_START = (yaml.MappingStartEvent, yaml.SequenceStartEvent)


class Problem(Struct, frozen=True):
    """One thing that is wrong in a file: the file as shown to people, the line (from 1; 0 for the file
    as a whole), and what is wrong at which place."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


class UnfitFile(BadInput):
    """A file that cannot be read as plain YAML; `problem` says why and in which line."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class YamlDocument:
    """What a file says: `data` of dicts, lists and texts, and the line that each part stands on."""

    def __init__(self, path: str, data: Any, lines: dict[Loc, int]) -> None:
        self.path = path
        self.data = data
        self._lines = lines

    def known(self, loc: Sequence[str | int]) -> Loc:
        """The part of `loc` that exists in the file; steps that do not (a union's arm) are passed over."""
        found: Loc = ()
        for step in loc:
            if (*found, step) in self._lines:
                found = (*found, step)
        return found

    def line(self, loc: Sequence[str | int]) -> int:
        """The line (from 1) of a key or list entry, or of the nearest ancestor that exists."""
        return self._lines[self.known(loc)]

    def place(self, loc: Sequence[str | int]) -> str:
        """`loc` in words: `phases.deploy.items.health.text`, list entries by their id or number (from 1)."""
        words = ""
        here = self.data
        for step in loc:
            child = _child(here, step)
            if isinstance(step, int):
                name = child.get("id") if isinstance(child, dict) else None
                words += f".{_short(name)}" if isinstance(name, str) and name else f"[{step + 1}]"
            else:
                words += f".{_short(step)}"
            here = child
        return words.removeprefix(".")

    def part(self, loc: Sequence[str | int]) -> Any:
        """What stands at `loc`, None where nothing does."""
        found = self.data
        for step in loc:
            found = _child(found, step)
        return found

    def problem(self, loc: Sequence[str | int], message: str) -> Problem:
        """A problem at `loc`, with its line and its place."""
        place = self.place(self.known(loc))
        return Problem(self.path, self.line(loc), f"{place}: {message}" if place else message)


def read_yaml(path: Path, *, limit: int = SIZE_LIMIT) -> YamlDocument:
    """Read a YAML file of at most `limit` bytes. Raises UnfitFile (a BadInput), `FILE:LINE: what`."""
    shown = clean(str(path))
    try:
        raw = read_regular(path, limit + 1)
    except OSError as error:
        _refuse(shown, 0, f"cannot be read: {error.strerror}. Check the name and the rights.")
    except ValueError:  # a NUL in the name
        _refuse(shown, 0, "is not a usable file name. Check the name.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(raw) <= limit:
            line = raw.count(b"\n", 0, error.start) + 1
            _refuse(shown, line, "this is not UTF-8 text. Save the file with the encoding UTF-8.")
        text = raw.decode("utf-8-sig", errors="replace")  # cut in mid-character: too big is the error
    return parse_yaml(text, shown, limit=limit)


def parse_yaml(text: str, shown: str, *, limit: int = SIZE_LIMIT) -> YamlDocument:
    """Read YAML from a text; `shown` names it in errors. Raises UnfitFile like `read_yaml`."""
    shown = clean(shown)
    size = len(text.encode("utf-8", errors="replace"))
    if size > limit:
        _refuse(shown, 1, f"the file is larger than {limit // 1024} KB. Split it or shorten its texts.")
    strange = _UNPRINTABLE.search(text)
    if strange:
        line = text.count("\n", 0, strange.start()) + 1
        what = "a NUL byte" if strange[0] == "\0" else f"the control character {ord(strange[0]):#06x}"
        _refuse(shown, line, f"{what} is not allowed. Remove it with an editor.")
    try:
        return _Builder(shown).build(yaml.parse(text, Loader=yaml.CBaseLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        detail = clean(error.problem or error.context or "it cannot be read as YAML")
        _refuse(shown, mark.line + 1 if mark else 1, _SYNTAX.get(detail, f"{detail}. {_LOOK}"))
    except yaml.YAMLError as error:
        _refuse(shown, 1, f"{clean(str(error))}. Check the file with an editor.")


def listed(found: Sequence[Problem]) -> str:
    """Problems as an error's text, one in each line; after SHOWN_PROBLEMS the rest is counted."""
    lines = [str(problem) for problem in found[:SHOWN_PROBLEMS]]
    if len(found) > SHOWN_PROBLEMS:
        lines.append(f"... and {len(found) - SHOWN_PROBLEMS} more problems.")
    return "\n".join(lines)


class _Builder:
    """Builds dicts, lists and texts from parser events, and refuses what is not plain data."""

    def __init__(self, shown: str) -> None:
        self._shown = shown
        self._lines: dict[Loc, int] = {}

    def build(self, events: Iterator[yaml.Event]) -> YamlDocument:
        self._events = events
        next(events)  # the start of the stream
        start = next(events)
        if isinstance(start, yaml.StreamEndEvent):
            self._refuse_empty()
        if isinstance(start, yaml.DocumentStartEvent) and start.tags:
            self._refuse(start, "%TAG is not allowed here. Remove the line.")
        root = next(events)
        self._lines[()] = _line_of(root)
        data = self._value(root, (), 1)
        next(events)  # the end of the document
        after = next(events)
        if isinstance(after, yaml.DocumentStartEvent):
            self._refuse(after, "a second document starts here. Keep one document in a file.")
        if isinstance(data, str) and not data.strip():
            self._refuse_empty()
        return YamlDocument(self._shown, data, self._lines)

    def _value(self, event: yaml.Event, loc: Loc, depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"the alias *{event.anchor} is not allowed. Write the value out.")
        if getattr(event, "anchor", None) is not None:
            self._refuse(event, f"the anchor &{event.anchor} is not allowed. Remove it.")  # type: ignore[attr-defined]
        if getattr(event, "tag", None) is not None:
            self._refuse(event, f"the tag {event.tag} is not allowed. Write the plain value.")  # type: ignore[attr-defined]
        if isinstance(event, _COLLECTION_START):
            if depth > DEPTH_LIMIT:
                self._refuse(event, f"nested more than {DEPTH_LIMIT} levels deep. Make it flatter.")
            if isinstance(event, yaml.MappingStartEvent):
                return self._mapping(loc, depth)
            return self._sequence(loc, depth)
        value: str = event.value  # type: ignore[attr-defined]
        if "\0" in value:
            self._refuse(event, "a NUL character is not allowed. Remove it.")
        return value

    def _mapping(self, loc: Loc, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if isinstance(event, _COLLECTION_START):
                self._refuse(event, "a key must be a plain word, not a list or a group of keys.")
            key = self._value(event, loc, depth)
            here = (*loc, key)
            if key in made:
                first = self._lines[here]
                self._refuse(
                    event, f"the key '{_short(key)}' is here twice (first in line {first}). Keep one."
                )
            self._lines[here] = _line_of(event)
            made[key] = self._value(next(self._events), here, depth + 1)
        return made

    def _sequence(self, loc: Loc, depth: int) -> list[Any]:
        made: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            here = (*loc, len(made))
            self._lines[here] = _line_of(event)
            made.append(self._value(event, here, depth + 1))
        return made

    def _refuse(self, event: yaml.Event, what: str) -> NoReturn:
        _refuse(self._shown, _line_of(event), clean(what))

    def _refuse_empty(self) -> NoReturn:
        _refuse(self._shown, 1, "the file is empty. Write at least one `key: value`.")


def _refuse(shown: str, line: int, what: str) -> NoReturn:
    raise UnfitFile(Problem(shown, line, what)) from None


def _line_of(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1


def _child(parent: Any, step: str | int) -> Any:
    if isinstance(parent, dict):
        return parent.get(step)
    if isinstance(parent, list) and isinstance(step, int) and 0 <= step < len(parent):
        return parent[step]
    return None


def _short(text: str) -> str:
    cleaned = clean(text)
    return cleaned if len(cleaned) <= 60 else f"{cleaned[:57]}..."
