"""Settings, keymaps and themes: YAML files of one or two levels, read before the first paint.

PyYAML and pydantic cost 55 ms to import, a third of the time to the first paint. So the plain part of
YAML that such files are nearly always made of is read here in a fraction of a millisecond, and any file
with one line beyond it goes to the full reader (relui/loading/yaml_reader.py). A property test proves
that both agree on every text that is read here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from relui.domain.text import clean
from relui.errors import BadInput
from relui.files import read_regular

_QUICK_LIMIT = 65_536
"""Bytes; longer files are left to the full reader, which has the limit that people are told."""
_PRINTABLE = re.compile("[\n -~\u00a0-\u2027\u202a-\ud7ff]*")
_SCALAR = r"""(?:[A-Za-z0-9/][\w./+-]*(?:[ ]+[\w./+-]+)*|"[ !#-\[\]-~]*"|'[ -&(-~]*')"""
_ENTRY = re.compile(
    rf"(?P<indent>(?:[ ][ ])?)(?P<key>[A-Za-z0-9][A-Za-z0-9_.-]*):"
    rf"(?:[ ]+(?:(?P<scalar>{_SCALAR})|\[[ ]*(?P<list>(?:{_SCALAR}(?:[ ]*,[ ]*{_SCALAR})*)?)[ ]*\]))?"
    r"(?:[ ]+\#.*|[ ]*)",
)
_ITEM = re.compile(_SCALAR)
_BLANK = re.compile(r"[ ]*(?:\#.*)?")


class FlatFile(Struct, frozen=True):
    """What a file says, every scalar as text, and the line (from 1) of each key path."""

    name: str
    data: Mapping[str, Any]
    lines: Mapping[tuple[str, ...], int]

    def at(self, *path: str) -> str:
        """`FILE:LINE` of a key, to begin a problem's sentence with."""
        return f"{self.name}:{self.lines.get(path) or self.lines.get(path[:1], 1)}"


def read_flat(path: Path) -> FlatFile:
    """Read a YAML file that is a mapping. An empty file is an empty mapping.

    Raises FileNotFoundError when there is none, and BadInput with file and line for anything that is
    not a mapping in safe YAML, or that cannot be read.
    """
    try:
        start = read_regular(path, _QUICK_LIMIT + 1)
        quick = quick_read(start.decode(), clean(str(path))) if len(start) <= _QUICK_LIMIT else None
    except FileNotFoundError:
        raise
    except UnicodeDecodeError:
        quick = None
    except OSError:
        quick = None  # the full reader says why
    return quick if quick is not None else _full_read(path)


def quick_read(text: str, name: str) -> FlatFile | None:
    """Read the plain part of YAML: `key: value`, `key: [a, b]`, and one level indented by two blanks.

    None when any line is something else, which is not an error: the full reader knows more.
    """
    if not _PRINTABLE.fullmatch(text):
        return None
    data: dict[str, Any] = {}
    lines: dict[tuple[str, ...], int] = {}
    section: str | None = None
    place: tuple[str, ...]
    for number, line in enumerate(text.split("\n"), start=1):
        if _BLANK.fullmatch(line):
            continue
        found = _ENTRY.fullmatch(line)
        if found is None:
            return None
        key, value = found["key"], _value(found)
        if not found["indent"]:
            section = key if value == "" and found["scalar"] is None else None
            target, place = data, (key,)
        elif section is None:
            return None
        else:
            if not isinstance(data[section], dict):
                data[section] = {}
            target, place = data[section], (section, key)
        if key in target:
            return None
        target[key] = value
        lines[place] = number
    return FlatFile(name, data, lines)


def _value(found: re.Match[str]) -> str | list[str]:
    if found["list"] is not None:
        return [_bare(item) for item in _ITEM.findall(found["list"])]
    return _bare(found["scalar"] or "")


def _bare(scalar: str) -> str:
    return scalar[1:-1] if scalar[:1] in ("'", '"') else scalar


def _full_read(path: Path) -> FlatFile:
    from relui.loading.yaml_reader import read_yaml

    document = read_yaml(path)
    data = document.data
    if not isinstance(data, dict):
        raise BadInput(f"{document.path}:1: `key: value` lines are expected here.")
    lines: dict[tuple[str, ...], int] = {(key,): document.line((key,)) for key in data}
    for section, entries in data.items():
        if isinstance(entries, dict):
            lines |= {(section, key): document.line((section, key)) for key in entries}
    return FlatFile(document.path, data, lines)
