"""The reference for a tick: a bare Tree of 70 nodes; space toggles a label, durably before it shows.

Started with a folder to write into.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Tree

READY = "item 0.6"
SIZE = 16 * 1024


class Toggled(Tree[bool]):
    """A tree whose space key toggles the node under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [("space", "toggle_item", "toggle"), ("j", "cursor_down", "down")]

    def action_toggle_item(self) -> None:
        """Write first, then show."""
        node = self.cursor_node
        if node is None:
            return
        node.data = not node.data
        replace_durably(Path(sys.argv[1]) / "state.json", str(node.data))
        node.set_label(f"[{'x' if node.data else ' '}] {str(node.label)[4:]}".replace("[", r"\["))


def replace_durably(path: Path, state: str) -> None:
    """Replace one file of 16 KB: temp file, fsync, replace, fsync of the folder."""
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as file:
        file.write(state.ljust(SIZE).encode())
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class BareTree(App[None]):
    """Seven phases of nine items."""

    def compose(self) -> ComposeResult:
        """The tree, unfolded."""
        tree = Toggled(r"\[ ] release", data=False)
        tree.root.expand()
        for phase in range(7):
            branch = tree.root.add(rf"\[ ] phase {phase}", data=False, expand=True)
            for item in range(9):
                branch.add_leaf(rf"\[ ] item {phase}.{item}", data=False)
        yield tree


if __name__ == "__main__":
    BareTree().run()
