"""Where relui looks, and that looking creates nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from relui.errors import BadInput
from relui.locations import find_locations


def test_the_option_goes_before_the_variable_and_the_system(tmp_path: Path) -> None:
    env = {"RELUI_DATA": str(tmp_path / "b")}
    assert find_locations(str(tmp_path / "a"), env).data == tmp_path / "a"
    assert find_locations(None, env).data == tmp_path / "b"


def test_without_a_choice_the_systems_folders_are_used() -> None:
    home = Path.home()
    found = find_locations(None, {"RELUI_DATA": " "})
    assert home in found.data.parents
    assert home in found.config.parents
    assert found.data.name == found.config.name == "relui"


def test_the_configuration_has_a_variable_of_its_own(tmp_path: Path) -> None:
    found = find_locations(None, {"RELUI_CONFIG": str(tmp_path)})
    assert found.config == tmp_path
    assert found.settings == tmp_path / "settings.yaml"
    assert found.keymap == tmp_path / "keymap.yaml"
    assert found.own_themes == tmp_path / "themes"
    assert found.own_templates == tmp_path / "templates"


def test_home_and_relative_folders_are_resolved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_locations("~/r", {}).data == Path.home() / "r"
    assert find_locations("r", {}).data == tmp_path / "r"


@pytest.mark.parametrize("data", ["", "  ", "~nobody-of-this-name/x", "a\0b"])
def test_an_unusable_option_is_bad_input(data: str) -> None:
    with pytest.raises(BadInput, match="--data"):
        find_locations(data, {})


def test_looking_creates_nothing(tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    find_locations(None, {})
    find_locations(str(tmp_path / "new"), {"RELUI_CONFIG": str(tmp_path / "config")})
    assert sorted(tmp_path.rglob("*")) == before


def test_what_comes_with_relui_is_found() -> None:
    found = find_locations(None, {})
    assert (found.themes / "relui-dark.yaml").is_file()
    assert found.templates.is_dir()
    assert found.demo.is_dir()


def test_a_named_folder_spares_the_import_of_platformdirs(tmp_path: Path) -> None:
    code = (
        "import sys; from relui.locations import find_locations;"
        f"find_locations('a', {{'RELUI_CONFIG': {str(tmp_path)!r}}});"
        "sys.exit('platformdirs' in sys.modules or 'importlib.resources' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
