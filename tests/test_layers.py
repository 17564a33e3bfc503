"""The rooms and their doors: who may import whom, proved by import-linter and by fresh interpreters."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIPELINE_TABOO = {
    "textual",
    "rich",
    "pydantic",
    "yaml",
    "tzlocal",
    "dateutil",
    "markdown_it",
    "ftfy",
    "asyncio",
    "platformdirs",
}
"""What a pipeline's call must not pay for: `tick` and `list --json` may take 1.6 times a bare start."""


def packages_after(statement: str, env: dict[str, str] | None = None) -> set[str]:
    """The top-level packages that a fresh interpreter has imported after running `statement`."""
    script = f"import sys\n{statement}\nprint('\\n'.join({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=60,
        env={**os.environ, **(env or {})},
    )
    return set(done.stdout.split())


def import_all(package: str) -> str:
    """A statement that imports every module of a package."""
    return (
        f"import importlib, pkgutil, {package}\n"
        f"for found in pkgutil.walk_packages({package}.__path__, '{package}.'):\n"
        "    importlib.import_module(found.name)"
    )


def test_the_domain_knows_no_screen_no_disk_and_no_file_format() -> None:
    loaded = packages_after(import_all("relui.domain"))
    assert not loaded & {"textual", "rich", "tinydb", "yaml", "click", "filelock"}


@pytest.mark.parametrize("room", ["desk", "store", "loading", "documents"])
def test_nothing_below_the_screen_imports_it(room: str) -> None:
    assert not packages_after(import_all(f"relui.{room}")) & {"textual", "rich"}


def test_the_command_line_imports_no_screen() -> None:
    assert not packages_after(import_all("relui.cli")) & {"textual", "rich"}


@pytest.mark.parametrize(
    "arguments",
    [["list", "--json"], ["tick", "1", "pre-deploy.backup"], ["untick", "1", "pre-deploy.backup"]],
)
def test_what_pipelines_call_starts_lean(arguments: list[str], tmp_path: Path) -> None:
    env = {
        "RELUI_DATA": str(tmp_path / "data"),
        "RELUI_CONFIG": str(tmp_path / "config"),
        "RELUI_USER": "ada",
    }
    new = [sys.executable, "-m", "relui", "new", "--service", "s", "--version", "1"]
    subprocess.run(new, check=True, capture_output=True, cwd=ROOT, env={**os.environ, **env})
    statement = (
        "import io\nfrom relui.__main__ import main\nout, sys.stdout = sys.stdout, io.StringIO()\n"
        f"code = main({arguments!r})\nsys.stdout = out\nassert code == 0"
    )
    assert not packages_after(statement, env) & PIPELINE_TABOO


def test_the_way_to_the_app_passes_no_command_line_library() -> None:
    statement = (
        "import relui.__main__ as entry\n"
        "import relui.cli.opening as opening\n"
        "opening.on_a_terminal = lambda: True\n"
        "entry._start_app = lambda opened, note: 0\n"
        "assert entry.main([]) == entry.main(['--readonly']) == 0"
    )
    assert "click" not in packages_after(statement)


def test_the_contracts_hold() -> None:
    """[tool.importlinter] in pyproject.toml: ui, cli -> desk -> store, loading, documents -> domain."""
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache"], capture_output=True, text=True, check=False, cwd=ROOT, timeout=120
    )
    assert done.returncode == 0, done.stdout


def imports_of_room(room: str) -> dict[str, set[str]]:
    """Module -> the modules of its room that it imports: at the top, in functions, and for types alone."""
    files = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in (ROOT / "relui" / room).rglob("*.py")
    }
    return {name: set(_imported(ast.parse(path.read_text()), files)) - {name} for name, path in files.items()}


def _imported(tree: ast.Module, known: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if inner in known or node.module in known:
                    yield inner if inner in known else node.module


def circle_in(imports: Mapping[str, set[str]]) -> list[str]:
    """The modules of one circle, each importing the next and the last the first; none when there is none."""
    finished: set[str] = set()

    def below(name: str, way: list[str]) -> list[str]:
        if name in way:
            return way[way.index(name) :]
        if name not in finished:
            for other in sorted(imports.get(name, ())):
                if found := below(other, [*way, name]):
                    return found
            finished.add(name)
        return []

    return next((found for name in sorted(imports) if (found := below(name, []))), [])


def test_a_circle_is_found_wherever_it_is() -> None:
    assert circle_in({"a": {"b", "c"}, "b": {"c"}, "c": {"d"}, "d": {"b"}}) == ["b", "c", "d"]
    assert circle_in({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


@pytest.mark.parametrize("room", ["domain", "store", "loading", "documents", "desk", "demo", "cli", "ui"])
def test_no_imports_of_a_room_go_in_a_circle(room: str) -> None:
    """Late imports and those for types count: what needs one to be possible is in the wrong place."""
    imports = imports_of_room(room)
    assert sum(map(len, imports.values())) > 0
    circle = circle_in(imports)
    assert not circle, " -> ".join([*circle, circle[0]])


_PURE = re.compile(
    r"relui\.ui\.(\w+\.(\w+_)?(rows|words|texts)|record\.detail|one_release\.(detail|log_detail|places)"
    r"|calendar\.(agenda|axis|blocks|month|scene|week)"
    r"|kit\.(text|times|signs|markdown))"
)
"""The modules that word what shows: from what is known to `Content`."""


def test_presentation_knows_no_widget() -> None:
    """Nor does what it imports: of Textual nothing but `Content`, of Rich how wide a text is."""
    imports = imports_of_room("ui")
    pure = {name for name in imports if _PURE.fullmatch(name)}
    assert len(pure) > 20
    reached = set(pure)
    while more := {other for name in reached for other in imports[name]} - reached:
        reached |= more
    wrong = []
    for name in sorted(reached):
        path = ROOT.joinpath(*name.split(".")).with_suffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            wrong += [
                f"{name} imports {each}"
                for each in modules
                if each.split(".")[0] in ("textual", "rich") and each not in ("textual.content", "rich.cells")
            ]
    assert wrong == []
