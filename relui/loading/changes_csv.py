"""Changes from a CSV file: its columns found by name or mapped, in whatever encoding and dialect it is.

Nothing is taken unless every row is right; errors name the line. Spreadsheet formulas are plain text here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from relui.domain.dossier.editing import PARTS_LIMIT
from relui.domain.dossier.parts import Change
from relui.domain.dossier.readers import ID_LIMIT, line
from relui.domain.text import clean, did_you_mean, quoted
from relui.errors import BadInput
from relui.loading.change_cells import COLUMNS, ChangeWords, Dates, column_words, columns_of, read_field
from relui.loading.foreign_text import decoded
from relui.loading.source_files import read_up_to

SIZE_LIMIT = 32 * 1024 * 1024
"""Bytes that the file may have."""
ERRORS_SHOWN = 10
"""Rows that are wrong are listed up to this many."""

_NEEDED = ("id", "summary")
_DELIMITERS = ",;\t|"


class Imported(Struct, frozen=True):
    """The changes of a file, and what people are told about how it was read."""

    changes: tuple[Change, ...]
    told: tuple[str, ...] = ()


def load_changes(path: Path, mapping: Mapping[str, str] | None = None) -> Imported:
    """The changes of a CSV file. Raises BadInput.

    `mapping` names columns, what words in them mean, and how 11/12/2026 is meant: `{"summary": "Title",
    "status.Done": "approved", "dates": "day-first"}`.
    """
    return read_changes(read_up_to(path, SIZE_LIMIT), path.name, mapping or {})


def read_changes(data: bytes, shown: str, mapping: Mapping[str, str]) -> Imported:
    """The changes in a CSV file's bytes; `shown` names the file in errors. Raises BadInput."""
    shown = clean(shown)
    text, word = decoded(data, shown)
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise BadInput(f"{shown}: is not a text file. Save the spreadsheet as CSV.")
    words = ChangeWords.of(mapping)
    delimiter, header_at, names, columns = _header(text, shown, words.columns)
    rows = list(_changes_in(text, delimiter, shown, header_at))
    dates = Dates((_cell(row, columns.get("target")) for _, row in rows), words.dates)
    found: dict[str, tuple[int, Change]] = {}
    errors: list[str] = []
    for number, row in rows:
        try:
            change = _change(row, columns, words, dates)
            first = found.get(change.id.casefold())
            if first is not None:
                raise BadInput(f"{quoted(change.id)} is in line {first[0]} already.")
            found[change.id.casefold()] = (number, change)
        except BadInput as error:
            errors.append(f"line {number}: {error.message}")
    if errors:
        more = [f"And {len(errors) - ERRORS_SHOWN} more."] if len(errors) > ERRORS_SHOWN else []
        raise BadInput("\n".join([f"{shown}: nothing was imported.", *errors[:ERRORS_SHOWN], *more]))
    if not found:
        raise BadInput(f"{shown}: has a header and no changes below it.")
    words.refuse_unmet(shown)
    told = (
        *filter(None, (word,)),
        *column_words(names, columns),
        *filter(None, (dates.told,)),
        *words.told(),
    )
    return Imported(tuple(change for _, change in found.values()), told)


def _changes_in(text: str, delimiter: str, shown: str, header_at: int) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header that say something. Raises BadInput when they are too many."""
    count = 0
    for number, row in _rows(text, delimiter, shown):
        if number <= header_at or not any(cell.strip() for cell in row):
            continue
        count += 1
        if count > PARTS_LIMIT:
            raise BadInput(
                f"{shown}: has more than {PARTS_LIMIT:,} changes. No release is overseen with so many: "
                "filter the file, or split it over several releases."
            )
        yield number, row


def _rows(text: str, delimiter: str, shown: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its last line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput(
                f"{shown}, line {reader.line_num}: is not CSV: {error}. Save it again as CSV."
            ) from None
        yield reader.line_num, row


def _header(text: str, shown: str, mapping: Mapping[str, str]) -> tuple[str, int, list[str], dict[str, int]]:
    """Delimiter, line of the header, its names, and field -> index of its column. Raises BadInput."""
    for name in mapping:
        if name not in COLUMNS:
            raise BadInput(
                f"A change has no field {quoted(name)} to map a column to.{did_you_mean(name, COLUMNS)}"
            )
    start = text[:200_000]
    best: tuple[int, int, str, int, list[str]] | None = None
    for delimiter in _DELIMITERS:
        number, names = _first_row(start, delimiter)
        fitting = len(columns_of(names, mapping)[0])
        if names and (best is None or (fitting, len(names)) > best[:2]):
            best = (fitting, len(names), delimiter, number, names)
    if best is None:
        raise BadInput(f"{shown}: is empty. The first line names the columns: Reference, Summary.")
    _, _, delimiter, number, names = best
    columns, lost = columns_of(names, mapping)
    shown_names = ", ".join(quoted(name) for name in names[:20] if name.strip()) or "none"
    if lost:
        name = mapping[lost[0]]
        raise BadInput(
            f"{shown}: has no column {quoted(name)} for {lost[0]}.{did_you_mean(name, names)} "
            f"Columns found: {shown_names}."
        )
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        wanted = " and ".join(f"{name} ({', '.join(COLUMNS[name][:4])})" for name in missing)
        raise BadInput(
            f"{shown}: has no column for {wanted}. Columns found: {shown_names}. "
            f"Name yours with --map {missing[0]}=COLUMN."
        )
    return delimiter, number, names, columns


def _first_row(start: str, delimiter: str) -> tuple[int, list[str]]:
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            # Spreadsheets may say their delimiter in a line of its own.
            if any(cell.strip() for cell in row) and not re.fullmatch(r"sep=.?", row[0].strip()):
                return reader.line_num, row
    except csv.Error:
        pass
    return 0, []


def _change(row: list[str], columns: Mapping[str, int], words: ChangeWords, dates: Dates) -> Change:
    """The change of one row. Raises BadInput with a sentence that needs the line before it."""
    values: dict[str, object] = {}
    for field, position in columns.items():
        cell = _cell(row, position)
        if field == "id":
            values["id"] = line("The reference", required=True, limit=ID_LIMIT)(cell, "UTC")
            if cell.startswith("-"):
                raise BadInput(f"The reference {quoted(cell)} cannot begin with a dash.")
        elif field == "approval":
            meant = words.approved(cell, _cell(row, columns.get("status")))
            values["status"] = read_field("status", meant, cell)
        elif field != "status" or "approval" not in columns:
            meant = words.read(field, cell)
            if field == "owner":  # Azure DevOps: Ada Byron <ada@example.org>
                meant = re.sub(r"(?<=\S)\s+<[^<>\s]+@[^<>\s]+>$", "", meant)
            values[field] = read_field(field, dates.read(meant) if field == "target" else meant, cell)
    return Change(origin="csv", **values)  # type: ignore[arg-type]  # read by the fields' own readers


def _cell(row: Sequence[str], position: int | None) -> str:
    return _unescaped(row[position].strip()) if position is not None and position < len(row) else ""


def _unescaped(cell: str) -> str:
    """An apostrophe that kept a spreadsheet from reading a formula is no part of the text."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@\t\r") else cell
