"""What a command says: data on stdout, words on stderr, cleaned; its times, counts and tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TextIO

from relui.domain.instants import format_duration, zone_named
from relui.domain.text import clean
from relui.errors import ReluiError, StoreError

_CODES = {"bold": "1", "dim": "2", "alarm": "1;31"}


class Styled(NamedTuple):
    """A piece of a line that stands out on a terminal: bold, dim or alarm. It must be clear without it."""

    text: str
    style: str


Piece = str | Styled
Lines = Iterable[tuple[Piece, ...]]


class Output:
    """The two streams of a run. Texts are cleaned here once more, whatever they went through before."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._no_colour = env.get("NO_COLOR", "")

    def line(self, *pieces: Piece) -> None:
        """Print a line of data. Raises StoreError when it cannot be written, BrokenPipeError."""
        _print(_drawn(pieces, sys.stdout, self._no_colour), sys.stdout)

    def lines(self, lines: Lines) -> None:
        """Print many lines of data at once."""
        _print("\n".join(_drawn(pieces, sys.stdout, self._no_colour) for pieces in lines), sys.stdout)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]], nothing: str = "") -> None:
        """Print rows under their head, as wide as the terminal is; without any, tell the person `nothing`."""
        lines = list(rows)
        if lines:
            self.lines(table([head, *lines], terminal_width()))
        elif nothing:
            self.word(nothing)

    def words(self, texts: Iterable[str]) -> None:
        """Tell the person several things."""
        for text in texts:
            self.word(text)

    def word(self, text: str) -> None:
        """Tell the person something. What cannot be told is no reason to fail: the act is done."""
        with suppress(StoreError, BrokenPipeError):
            _print(clean(text, multiline=True), sys.stderr)

    def document(self, value: Any) -> None:
        """Print the one JSON document of a command that was asked for `--json`."""
        text = json_text(value)
        if sys.stdout is None:
            return
        buffer = getattr(sys.stdout, "buffer", None)
        if buffer is None:
            _print(text, sys.stdout)
            return
        sys.stdout.flush()
        with _writing():
            buffer.write(text.encode() + b"\n")  # JSON is UTF-8, whatever the terminal's encoding
            buffer.flush()

    def error(self, error: ReluiError, *, json: bool) -> int:
        """Say what went wrong, also as a document for who asked for `--json`. Returns the exit code."""
        self.word(f"relui: {error.message}")
        if json:
            words = {"title": error.title, "message": clean(error.message, multiline=True)}
            with suppress(StoreError, BrokenPipeError):
                self.document({"error": {**words, "exit_code": error.exit_code, **error.details}})
        return error.exit_code

    def progress(self, what: str) -> Callable[[int, int], None] | None:
        """A counter on stderr for long work; None when nobody watches."""
        stream = sys.stderr
        if stream is None or not stream.isatty():
            return None

        def show(done: int, total: int) -> None:
            end = "\n" if done == total else ""
            stream.write(f"\r{what}: {done} of {total}{end}")
            stream.flush()

        return show


def json_text(value: Any) -> str:
    """`value` as indented JSON. What a terminal could take for a command is escaped, so nothing is lost."""
    from msgspec import json, to_builtins

    try:
        text = json.format(json.encode(value)).decode()
    except UnicodeEncodeError:  # the name of a file that is no UTF-8
        from json import dumps

        return dumps(to_builtins(value), indent=2)
    if text.isascii():
        return text
    return "".join(char if char == "\n" or char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _drawn(pieces: tuple[Piece, ...], stream: TextIO | None, no_colour: str) -> str:
    coloured = not no_colour and stream is not None and stream.isatty()
    drawn = []
    for piece in pieces:
        if isinstance(piece, str):
            drawn.append(clean(piece, multiline=True))
        elif coloured and piece.text:
            drawn.append(f"\x1b[{_CODES[piece.style]}m{clean(piece.text)}\x1b[0m")
        else:
            drawn.append(clean(piece.text))
    return "".join(drawn)


def _print(text: str, stream: TextIO | None) -> None:
    if stream is None:  # closed by whoever started us
        return
    encoding = stream.encoding or "utf-8"
    if not text.isascii():
        text = text.encode(encoding, "replace").decode(encoding)
    with _writing():
        stream.write(text + "\n")
        stream.flush()


@contextmanager
def _writing() -> Iterator[None]:
    """Turn what the system says about the stream into a StoreError; a closed pipe stays what it is."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StoreError(
            f"The answer could not be written ({error.strerror}). What was asked for was done up to here.",
            title="Output",
        ) from None


STATES = {"open": "[ ]", "partial": "[~]", "done": "[x]", "not-applicable": "[-]", "failed": "[!]"}
"""The sign of each state of an item."""


def moment(at: datetime, zone: str, *, seconds: bool = False) -> str:
    """An instant with its weekday in `zone`: `Sat 2026-11-21 20:00`."""
    local = at.astimezone(zone_named(zone))
    return f"{local:%a %Y-%m-%d %H:%M:%S}" if seconds else f"{local:%a %Y-%m-%d %H:%M}"


def due_words(due: datetime, zone: str, overdue: bool) -> str:
    """When something is due, in `zone`, and that it is over."""
    return moment(due, zone) + (" OVERDUE" if overdue else "")


def distance(span: timedelta) -> str:
    """How far away something is: `in 2d4h`, `12m ago`, `now`."""
    minutes = (
        abs(int(span.total_seconds() // 60)) if span >= timedelta() else int(-span.total_seconds() // 60)
    )
    if not minutes:
        return "now"
    return f"in {format_duration(minutes)}" if span > timedelta() else f"{format_duration(minutes)} ago"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 item`, `3 items`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(char) in ("Mn", "Me", "Cf") else 2 if east_asian_width(char) in "WF" else 1
        for char in text
    )


def fitted(text: str, width: int) -> str:
    """`text` cut to `width` columns, with `...` where something is missing."""
    if cells(text) <= width:
        return text
    kept, used = [], 3
    for char in text:
        used += cells(char)
        if used > width:
            break
        kept.append(char)
    return "".join(kept) + "..."


def section(title: str, rows: Lines, indent: str = "    ") -> Lines:
    """Lines under a title, after an empty one; nothing without any."""
    lines = list(rows)
    if lines:
        yield ("",)
        yield (Styled(title, "bold"),)
    yield from ((indent, *row) for row in lines)


def table(rows: Sequence[Sequence[str]], width: int | None) -> list[tuple[Piece, ...]]:
    """Rows of texts as aligned lines, the last column as wide as there is room (None: as it wants)."""
    cleaned = [[clean(text) for text in row] for row in rows]
    shown = [[fitted(text, 32) for text in row[:-1]] + [row[-1]] for row in cleaned]
    widths = [max(cells(row[at]) for row in shown) for at in range(len(shown[0]) - 1)]
    lines: list[tuple[Piece, ...]] = []
    for row in shown:
        start = "".join(
            text + " " * (size - cells(text) + 2) for text, size in zip(row, widths, strict=False)
        )
        last = row[-1] if width is None else fitted(row[-1], max(width - cells(start), 10))
        lines.append(((start + last).rstrip(),))
    return lines


def terminal_width() -> int | None:
    """The columns of the terminal that stdout is; None when it is none, and nothing need be cut."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    from shutil import get_terminal_size

    return get_terminal_size().columns
