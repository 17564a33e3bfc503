"""The settings file: read line by line, so that one bad line costs one setting and never the start."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec

from relui.domain.text import clean, did_you_mean, one_line
from relui.errors import BadInput, StoreError
from relui.files import read_regular
from relui.loading.flat_yaml import FlatFile, quick_read, read_flat
from relui.settings import DESCRIBED, SIGNS, Settings

_SALVAGED = 65_536
"""Bytes of a malformed file that are looked through for lines that hold."""
_YES_NO = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_THEME_LINE = re.compile(
    r"""^(?P<key>theme|"theme"|'theme')[ ]*:(?P<value>[^\n\r#]*?)(?P<rest>(?:[ \t]+\#[^\n\r]*)?\r?)$""", re.M
)
_THEME_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def load_settings(path: Path) -> tuple[Settings, list[str]]:
    """The settings, and a problem (`FILE:LINE: what`) for each line that was passed over.

    No file is no problem. One that is no YAML as a whole is read line by line; one that cannot be opened
    gives the defaults and one problem.
    """
    problems: list[str] = []
    try:
        flat = read_flat(path)
    except FileNotFoundError:
        return Settings(), []
    except BadInput as error:
        flat, problems = _line_by_line(path, error)
    chosen: dict[str, str | bool] = {}
    for key in flat.data:
        try:
            value = _setting(flat, key)
        except BadInput as error:
            problems.append(f"{flat.at(key)}: {error.message}")
        else:
            if value != "":
                chosen[key] = value
    return msgspec.structs.replace(Settings(), **chosen), problems


def _line_by_line(path: Path, error: BadInput) -> tuple[FlatFile, list[str]]:
    """The lines of a malformed file that can be read, and a problem for each that cannot."""
    name = clean(str(path))
    data: dict[str, object] = {}
    lines: dict[tuple[str, ...], int] = {}
    problems: list[str] = []
    try:
        text = read_regular(path, _SALVAGED).decode("utf-8", errors="replace")
    except OSError:
        text = ""
    for number, raw in enumerate(text.splitlines(), start=1):
        found = quick_read(raw.rstrip(), name)
        if found is None:
            problems.append(f"{name}:{number}: this line cannot be read. Write it as `key: value`.")
            continue
        for key, value in found.data.items():
            if key in data:
                problems.append(f"{name}:{number}: '{key}' was set already, in line {lines[key,]}.")
                continue
            data[key], lines[key,] = value, number
    return FlatFile(name, data, lines), problems or [error.message]


def _setting(flat: FlatFile, key: str) -> str | bool:
    """The checked value of a key; an empty text means the default."""
    value = flat.data[key]
    if key not in DESCRIBED:
        raise BadInput(f"unknown key '{clean(key)[:60]}'.{did_you_mean(key, DESCRIBED)}")
    if not isinstance(value, str):
        raise BadInput(f"{key}: one value is expected, not a list or a group of keys.")
    text = one_line(value, what=key)
    if text and key == "mouse":
        if text.lower() not in _YES_NO:
            raise BadInput(f"mouse: '{text[:60]}' is neither true nor false.")
        return _YES_NO[text.lower()]
    if text and key == "signs" and text not in SIGNS:
        raise BadInput(f"signs: '{text[:60]}' is not known here. One of: {', '.join(SIGNS)}.")
    if text and key == "zone":
        from relui.domain.instants import zone_named

        zone_named(text)
    return text


def save_theme(path: Path, name: str) -> None:
    """Write the chosen theme into the settings file and leave everything else in it as it is.

    The file is replaced in one step and readable by its owner only. Raises BadInput when the file is
    malformed or the line cannot be placed, StoreError when it cannot be written; nothing is lost.
    """
    if not _THEME_NAME.fullmatch(name):
        raise BadInput(f"'{clean(name)[:60]}' is not the name of a theme.")
    target = Path(os.path.realpath(path))  # people link their settings into a repository
    try:
        before = dict(read_flat(target).data)
        text = target.read_bytes().decode("utf-8")
    except FileNotFoundError:
        before, text = {}, ""
    changed = _with_theme(text, name)
    try:
        _replace(target, changed, expected={**before, "theme": name})
    except OSError as error:
        raise StoreError(
            f"{path}: the theme was not saved: {error.strerror}. Check the folder's permissions."
        ) from None


def _with_theme(text: str, name: str) -> str:
    found = _THEME_LINE.search(text)
    if found:
        return f"{text[: found.start()]}{found['key']}: {name}{found['rest']}{text[found.end() :]}"
    end = "\r\n" if "\r\n" in text else "\n"
    return f"{text}{'' if not text or text.endswith(end) else end}theme: {name}{end}"


def _says(path: Path, expected: dict[str, object]) -> bool:
    try:
        return read_flat(path).data == expected
    except BadInput:
        return False


def _replace(target: Path, text: str, *, expected: dict[str, object]) -> None:
    """Put `text` in the place of `target`, unless it would not say what is `expected` of it."""
    import tempfile

    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        if not _says(Path(temporary), expected):
            raise BadInput(f"{target}: the line `theme: ...` cannot be placed in it. Write it yourself.")
        os.replace(temporary, target)  # noqa: PTH105 - the same call as in the store
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
