"""What relui needs of Textual's private names is known, named in one module, and can be done without."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from textual._compositor import ChopsUpdate
from textual.app import App

import relui.ui
from relui.ui.app import ReluiApp
from relui.ui.terminal import textual_private
from relui.ui.terminal.clipboard import copy
from relui.ui.terminal.driver import TerminalDriver
from relui.ui.terminal.painting import Shown
from relui.ui.terminal.textual_private import PARTS, Part, changed

PRIVATE = Path(textual_private.__file__)
MODULES = sorted(path for path in Path(relui.ui.__file__).parent.rglob("*.py") if path != PRIVATE)


def test_the_installed_textual_has_every_private_part_as_it_is_known() -> None:
    """When this fails, Textual changed: look at each sentence, then at `HookedApp` and its neighbours."""
    assert changed() == []


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.owner.partition(':')[2]}.{part.name}")
def test_a_part_that_textual_changed_is_named(part: Part) -> None:
    """Each kind of change: another name, another owner, other parameters."""
    renamed = part._replace(name=part.name + "_renamed")
    moved = part._replace(owner="textual.nowhere:Nothing")
    taking = part._replace(takes=(*(part.takes or ()), "more")) if part.takes is not None else renamed
    for one in (renamed, moved, taking):
        (sentence,) = changed([one])
        assert one.name in sentence and part.why in sentence


def _owned_by_textual(kind: type) -> set[str]:
    """The private names that a class has from Textual."""
    bases = [base for base in kind.__mro__[1:] if base.__module__.partition(".")[0] == "textual"]
    return {name for base in bases for name in vars(base) if name.startswith("_") and not name.endswith("__")}


def test_no_other_module_overrides_a_private_name_of_textuals() -> None:
    found = [
        f"{kind.__module__}.{kind.__name__}.{name}"
        for module in _imported()
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == module.__name__ != textual_private.__name__
        for name in sorted(_owned_by_textual(kind) & set(vars(kind)) - _MADE_BY_TEXTUAL)
    ]
    assert found == []


_MADE_BY_TEXTUAL = {
    "_css_type_name",
    "_css_type_names",
    "_css_bases",
    "_decorated_handlers",
    "_inherit_bindings",
    "_inherit_component_classes",
    "_inherit_css",
    "_merged_bindings",
    "_reactives",
    "_BASE_PATH",
    "_bindings",
    "_computes",
    "_watchers",
    "_default_css",
    "_abc_impl",
}
"""What Textual itself puts on every subclass."""


def _imported() -> list[Any]:
    return [
        importlib.import_module(found.name) for found in pkgutil.walk_packages(relui.ui.__path__, "relui.ui.")
    ]


@cache
def _own_names() -> frozenset[str]:
    """The methods and attributes that relui's modules define."""
    names: set[str] = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                names.add(node.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                names.add(node.attr)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names.add(node.target.id)
    return frozenset(names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(MODULES[0].parent).as_posix())
def test_no_other_module_reads_a_private_name(path: Path) -> None:
    """Only names that relui's own classes define are read, and no private module of Textual's is imported."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = _own_names()
    read = [
        f"{path.name}:{node.lineno} {node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.endswith("__")
        and node.attr not in own
    ]
    imported = [
        f"{path.name}:{node.lineno} {node.module}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual._")
    ]
    assert read + imported == []


def test_without_its_private_names_an_object_is_taken_as_alive_and_mounted() -> None:
    bare: Any = SimpleNamespace()
    assert not textual_private.is_ending(bare)
    assert not textual_private.is_being_removed(bare)
    assert textual_private.is_mounted(bare)
    assert textual_private.fault_of(bare) is None
    assert not textual_private.write_raw(bare, "text")


def test_a_fault_ends_an_app_whose_way_out_is_another() -> None:
    ended: list[int] = []
    bare: Any = SimpleNamespace(exit=lambda return_code, message: ended.append(return_code))
    textual_private.fail(bare, ValueError("a fault"))
    assert ended == [1]


def test_without_a_driver_to_write_to_the_clipboard_is_textuals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relui.ui.terminal.clipboard.local_tool", lambda _: None)
    copied: list[str] = []
    bare: Any = SimpleNamespace(copy_to_clipboard=copied.append)
    assert "OSC 52" in copy(bare, "REL-2026-11-003", {})
    assert copied == ["REL-2026-11-003"]


def test_an_update_of_another_shape_goes_out_as_textual_makes_it() -> None:
    class Renamed(ChopsUpdate):
        """A partial update whose lines have another name."""

        def __init__(self) -> None:
            self.pieces = ["whole"]

        def render_segments(self, console: Console) -> str:
            return self.pieces[0]

    assert Shown().sparing(Renamed()).render_segments(Console()) == "whole"


def test_with_another_driver_below_it_the_app_takes_textuals(
    monkeypatch: pytest.MonkeyPatch, app: ReluiApp
) -> None:
    assert app.get_driver_class() is TerminalDriver
    monkeypatch.setattr("relui.ui.app.driver_is_known", lambda: False)
    assert app.get_driver_class() is App.get_driver_class(app)
