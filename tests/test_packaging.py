"""The wheel holds everything: it is built, installed into an environment of its own, and run from elsewhere.

No network is needed. The build backend is the developer's; pip installs the wheel alone into an empty
environment; and what relui depends on is lent by a `.pth` file that names the developer's site-packages.
Python does not read the `.pth` files in a folder that was added like this, so the developer's editable
relui stays out of it, and `relui` can only be the one from the wheel. That lending would hide a dependency
which nobody declared, so the imports are compared with the wheel's metadata.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator, Sequence
from email.parser import HeaderParser
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

import relui

ROOT = Path(__file__).parents[1]
BROUGHT_ALONG = {"rich": "textual", "pydantic_core": "pydantic"}
"""What relui imports of a dependency's own dependency, and which one brings it."""


class Installed:
    """relui as it is installed from the wheel, run from a folder that has nothing to do with it."""

    def __init__(self, wheel: Path, folder: Path) -> None:
        self.wheel = wheel
        self.environment = folder / "environment"
        self.elsewhere = folder / "elsewhere"
        self.home = folder / "home"
        for made in (self.elsewhere, self.home):
            made.mkdir()
        venv.create(self.environment, with_pip=False)
        self._install()

    def _install(self) -> None:
        _quietly(
            [sys.executable, "-m", "pip", "--python", str(self.environment), "install", str(self.wheel)],
            ["--no-deps", "--no-index", "--no-cache-dir", "--disable-pip-version-check"],
        )
        (self.packages / "lent.pth").write_text("\n".join(_lent()), encoding="utf-8")

    @property
    def packages(self) -> Path:
        """Where the wheel was unpacked."""
        found: str = sysconfig.get_path("purelib", vars={"base": str(self.environment)})
        return Path(found)

    def run(self, *arguments: str, expected: int = 0) -> str:
        """What relui prints, from a home of its own and without a terminal."""
        done = subprocess.run(
            [self.environment / "bin" / "relui", *arguments],
            cwd=self.elsewhere,
            env={"HOME": str(self.home), "PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )
        assert done.returncode == expected, (
            f"relui {arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        )
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """The JSON document that relui prints."""
        return json.loads(self.run(*arguments, "--json"))


def _lent() -> set[str]:
    """The folders in which this environment keeps its packages."""
    return {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}


def _quietly(command: Sequence[str], options: Sequence[str] = ()) -> None:
    done = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("packaging")
    _quietly([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)])
    (wheel,) = folder.glob("*.whl")
    return Installed(wheel, folder)


def test_the_command_that_runs_is_the_one_from_the_wheel(installed: Installed) -> None:
    assert installed.run("--version") == f"relui {relui.__version__}\n"
    where = subprocess.run(
        [installed.environment / "bin" / "python", "-c", "import relui; print(relui.__file__)"],
        cwd=installed.elsewhere,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert Path(where.strip()).is_relative_to(installed.packages)


def test_what_comes_with_relui_is_inside_the_package_and_complete(installed: Installed) -> None:
    bundled = Path(installed.json("info")["bundled"])
    assert bundled == installed.packages / "relui" / "bundled"
    for folder in ("templates", "themes", "data"):
        assert _files(ROOT / folder) == _files(bundled / folder), folder
    assert "messages/planned-release.txt.j2" in _files(bundled / "templates")


def _files(folder: Path) -> dict[str, bytes]:
    """The content of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_every_module_and_stylesheet_is_in_the_wheel(installed: Installed) -> None:
    packed = set(zipfile.ZipFile(installed.wheel).namelist())
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "relui").rglob("*")
        if path.suffix in (".py", ".tcss") or path.name == "py.typed"
    }
    assert "relui/py.typed" in wanted and not wanted - packed
    assert not {name for name in packed if name.startswith(("tests/", "benchmarks/", "docs/"))}


def test_a_release_is_created_and_ticked_from_the_bundled_templates(installed: Installed) -> None:
    listed = installed.json("template", "list")["templates"]
    assert {"standard", "emergency", "kubernetes"} <= {entry["name"] for entry in listed}
    assert not [entry for entry in listed if entry["problem"] or entry["source"] != "bundled"]
    release = installed.run("new", "--service", "payments", "--version", "2.4.0", "--pack", "aws").strip()
    installed.run("tick", release, "pre-release.branches")
    (row,) = installed.json("list")["releases"]
    assert (row["id"], row["done"]) == (release, 1)
    assert (installed.home / ".local" / "share" / "relui" / "releases" / f"{release}.json").is_file()
    assert "1 record verified" in installed.run("verify")


def test_the_demo_is_built_from_the_wheel_and_lists_its_releases_without_a_terminal(
    installed: Installed,
) -> None:
    assert len(re.findall(r"^REL-", installed.run("demo"), re.MULTILINE)) == 7


def test_every_module_that_the_screens_need_is_there(installed: Installed) -> None:
    """The demo without a terminal opens no screen, so the screens' modules are imported here."""
    script = (
        "import pkgutil, importlib, relui.ui\n"
        "for found in pkgutil.walk_packages(relui.ui.__path__, 'relui.ui.'):\n"
        "    importlib.import_module(found.name)\n"
    )
    _quietly([str(installed.environment / "bin" / "python"), "-I", "-c", script])


def test_everything_that_is_imported_is_declared(installed: Installed) -> None:
    declared = {_normal(re.split(r"[^\w.-]", need)[0]) for need in _required(installed.wheel)}
    known = packages_distributions()
    undeclared = {
        package
        for package in _imported()
        if package not in sys.stdlib_module_names
        and BROUGHT_ALONG.get(package) not in declared
        and not {_normal(name) for name in known.get(package, [])} & declared
    }
    assert not undeclared, f"Add to the dependencies in pyproject.toml what {sorted(undeclared)} belong to."


def _required(wheel: Path) -> list[str]:
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    needs = HeaderParser().parsestr(archive.read(name).decode()).get_all("Requires-Dist") or []
    return [need for need in needs if "extra ==" not in need]


def _imported() -> set[str]:
    return {name for path in (ROOT / "relui").rglob("*.py") for name in _imports(path)} - {"relui"}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
