"""The steps of a runbook from a file that people keep: YAML with a list, or CSV with a row for each."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from relui.domain.runbook import FIELDS, STEPS_LIMIT
from relui.domain.text import clean, did_you_mean, quoted
from relui.errors import BadInput, ReluiError
from relui.loading.foreign_text import decoded
from relui.loading.source_files import read_up_to
from relui.loading.yaml_reader import Loc, listed, parse_yaml

SIZE_LIMIT = 256 * 1024
"""Bytes that the file may have."""

_NAMES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "step", "what", "action", "task", "description"),
    "owner": ("owner", "role", "who", "responsible", "team"),
    "command": ("command", "commands", "run"),
    "expect": ("expect", "expected", "expected result", "result", "check"),
    "time": ("time", "duration", "estimate", "takes"),
}
"""Field of a step -> the keys and column headings that are taken for it."""
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names}

Step = dict[str, str]


def load_steps(path: Path) -> list[Step]:
    """The steps of a file, each as its fields as they are typed. Raises BadInput, naming the line."""
    shown = clean(path.name)
    data = read_up_to(path, SIZE_LIMIT)
    found = _from_csv(data, shown) if path.suffix.lower() in (".csv", ".tsv") else _from_yaml(data, shown)
    if not found:
        raise BadInput(f"{shown}: holds no steps.")
    if len(found) > STEPS_LIMIT:
        raise BadInput(f"{shown}: has {len(found):,} steps; a runbook has at most {STEPS_LIMIT}.")
    wrong = [f"{shown}:{line}: {words}" for line, step in found if (words := _wrong(step))]
    if wrong:
        raise BadInput("\n".join(["Nothing was imported.", *wrong[:10]]))
    return [step for _, step in found]


def _from_yaml(data: bytes, shown: str) -> list[tuple[int, Step]]:
    text, _ = decoded(data, shown)
    document = parse_yaml(text, shown)
    within: tuple[str, ...] = ("steps",) if isinstance(document.data, dict) else ()
    listing = document.part(within)
    if not isinstance(listing, list):
        raise BadInput(f"{shown}: is no list of steps. Write `steps:`, and below it `- text: ...` for each.")
    found: list[tuple[int, Step]] = []
    problems = []
    for number, entry in enumerate(listing):
        loc: Loc = (*within, number)
        if isinstance(entry, str):
            found.append((document.line(loc), {"text": entry}))
            continue
        if not isinstance(entry, dict):
            problems.append(document.problem(loc, "is no step: a step has at least `text`."))
            continue
        step: Step = {}
        for key, value in entry.items():
            field = _FIELD_OF.get(key)
            if field is None:
                hint = did_you_mean(key, _NAMES)
                problems.append(document.problem((*loc, key), f"a step has no such key.{hint}"))
            elif not isinstance(value, str):
                problems.append(document.problem((*loc, key), "is no text."))
            else:
                step[field] = value
        found.append((document.line(loc), step))
    if problems:
        raise BadInput(listed(problems))
    return found


def _from_csv(data: bytes, shown: str) -> list[tuple[int, Step]]:
    text, _ = decoded(data, shown)
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[tuple[int, Step]] = []
    columns: list[str | None] = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if not columns:
                columns = [_FIELD_OF.get(" ".join(cell.lower().replace("_", " ").split())) for cell in row]
                if "text" not in columns:
                    raise BadInput(
                        f"{shown}:{reader.line_num}: has no column for the step. Name one of them `step`; "
                        "`owner`, `command`, `expected` and `time` are taken too."
                    )
                continue
            pairs = zip(columns, row, strict=False)
            step = {field: cell.strip() for field, cell in pairs if field is not None and cell.strip()}
            found.append((reader.line_num, step))
    except csv.Error as error:
        raise BadInput(f"{shown}:{reader.line_num}: is not CSV: {error}. Save it again as CSV.") from None
    return found


def _wrong(step: Step) -> str:
    """What does not fit in a step; empty when all does."""
    if not step.get("text", "").strip():
        return "a step needs its text: what is done, in one line."
    for field in FIELDS:
        try:
            field.read(step.get(field.name, ""), "UTC")
        except ReluiError as error:
            return f"{quoted(field.name)}: {error.message}"
    return ""
