"""One bad line costs one setting; saving the theme changes one line."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from relui.errors import BadInput, StoreError
from relui.loading.settings import load_settings, save_theme
from relui.settings import DESCRIBED, Settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.yaml"


def _names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_without_a_file_the_defaults_count(path: Path) -> None:
    assert load_settings(path) == (Settings(), [])


def test_every_setting_is_read(path: Path) -> None:
    path.write_text(
        "theme: high-contrast\nzone: Europe/London\nuser: Ada L\n"
        "default_template: fast\nsigns: unicode\nmouse: no\n"
    )
    assert load_settings(path) == (
        Settings("high-contrast", "Europe/London", "Ada L", "fast", "unicode", mouse=False),
        [],
    )


def test_every_setting_is_described() -> None:
    assert tuple(DESCRIBED) == Settings.__struct_fields__
    assert tuple(DESCRIBED) == tuple(msgspec.structs.asdict(Settings()))


def test_an_empty_value_is_the_default(path: Path) -> None:
    path.write_text("theme:\nmouse: ''\nzone: \"\"\n")
    assert load_settings(path) == (Settings(), [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("colour: x", "unknown key 'colour'"),
        ("thème: x", "Did you mean 'theme'?"),
        ("mouse: maybe", "neither true nor false"),
        ("signs: emoji", "One of: ascii, unicode."),
        ("zone: Europe/Londn", "Did you mean 'Europe/London'?"),
        ("theme: [a, b]", "one value is expected"),
        ("user: {first: Ada}", "one value is expected"),
    ],
)
def test_a_bad_line_is_named_and_the_others_count(path: Path, line: str, words: str) -> None:
    path.write_text(f"# mine\ndefault_template: fast\n{line}\n", encoding="utf-8")
    settings, problems = load_settings(path)
    assert settings == Settings(default_template="fast")
    assert len(problems) == 1
    assert problems[0].startswith(f"{path}:3: ")
    assert words in problems[0]


@pytest.mark.parametrize("content", [b"- a\n", b"theme: [\n", b"\xff\xfe", b"user: \x1b[31m\n"])
def test_a_malformed_file_gives_the_defaults_and_one_problem(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    settings, problems = load_settings(path)
    assert settings == Settings()
    assert len(problems) == 1
    assert problems[0].startswith(f"{path}:")
    assert "\x1b" not in problems[0]


def test_the_defaults_cost_no_reader(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from relui.loading.settings import load_settings;"
        f"load_settings(Path({str(tmp_path / 'none')!r}));"
        "sys.exit(bool({'yaml', 'pydantic', 'tempfile', 'textual'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "theme: plain\n"),
        ("# mine\n", "# mine\ntheme: plain\n"),
        ("mouse: no", "mouse: no\ntheme: plain\n"),
        ("mouse: no\r\n", "mouse: no\r\ntheme: plain\r\n"),
        (
            "# a\ntheme: relui-dark   # at night\n\nuser:   Ada # me\n",
            "# a\ntheme: plain   # at night\n\nuser:   Ada # me\n",
        ),
        ("theme: relui-dark\r\nmouse: no\r\n", "theme: plain\r\nmouse: no\r\n"),
        ("'theme' : \"a\"\n", "'theme': plain\n"),
        ("theme:\nmouse: no\n", "theme: plain\nmouse: no\n"),
        ("theme: x", "theme: plain"),
    ],
)
def test_saving_the_theme_changes_its_line_only(path: Path, before: str, after: str) -> None:
    path.write_bytes(before.encode())
    save_theme(path, "plain")
    assert path.read_bytes() == after.encode()
    assert load_settings(path)[0].theme == "plain"


@pytest.mark.parametrize(
    "content", ["{theme: a, mouse: no}\n", "theme: |\n  a\n", "theme:\n  a\n", "theme: [\n", "- a\n"]
)
def test_a_file_that_cannot_take_the_line_is_left_as_it_is(path: Path, content: str) -> None:
    path.write_text(content)
    with pytest.raises(BadInput):
        save_theme(path, "plain")
    assert path.read_text() == content
    assert _names(path.parent) == ["home", path.name]


def test_a_saved_file_is_private_and_its_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "relui" / "settings.yaml"
    save_theme(path, "plain")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert _names(path.parent) == ["settings.yaml"]


def test_a_linked_file_stays_linked(tmp_path: Path, path: Path) -> None:
    kept = tmp_path / "dotfiles.yaml"
    kept.write_text("mouse: no\n")
    path.symlink_to(kept)
    save_theme(path, "plain")
    assert path.is_symlink()
    assert kept.read_text() == "mouse: no\ntheme: plain\n"


def test_a_folder_that_cannot_be_written_loses_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text("theme: a\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        save_theme(path, "plain")
    assert path.read_text() == "theme: a\n"
    assert _names(path.parent) == ["home", "settings.yaml"]


@pytest.mark.parametrize("name", ["", "a b", "a\nmouse: no", "-x", "a#b"])
def test_only_a_themes_name_is_saved(path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        save_theme(path, name)
    assert not path.exists()


@pytest.mark.parametrize(
    "broken", ["zone: [Europe", "\tzone: UTC", "zone", 'zone: "UTC', "zone: a: b", "&x: 1"]
)
def test_a_line_that_is_no_yaml_costs_that_line_alone(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text(f"# mine\nuser: ada\n{broken}\nsigns: unicode\nmouse: false\n", "utf-8")
    settings, problems = load_settings(path)
    assert (settings.user, settings.signs, settings.mouse, settings.zone) == ("ada", "unicode", False, "")
    assert len(problems) == 1 and problems[0].startswith(f"{path}:3: ")


def test_a_key_that_stands_twice_is_told_and_the_first_holds(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("user: ada\nsigns: unicode\nuser: grace\n", "utf-8")
    settings, problems = load_settings(path)
    assert (settings.user, settings.signs) == ("ada", "unicode")
    assert problems == [f"{path}:3: 'user' was set already, in line 1."]
