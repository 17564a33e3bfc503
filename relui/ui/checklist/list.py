"""The checklist of one release as a foldable list of rows."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime

from textual.content import Content

from relui.domain.checklist import State
from relui.domain.outline import Node, Outline
from relui.domain.progress import next_open
from relui.domain.release import Release
from relui.ui.checklist.rows import checklist_row, row_key
from relui.ui.kit.lines import ListOf


class Checklist(ListOf[Node]):
    """Phases, items and sub-items. What is folded is a matter of the screen, not of the release."""

    def __init__(self, *, id: str | None = None, signs: str = "ascii") -> None:
        super().__init__(id=id)
        self.release: Release | None = None
        self.outline: Outline | None = None
        self.now = datetime.min
        self.zone = "UTC"
        self.signs = signs
        self.folded: set[str] = set()
        self.filter = ""
        self.rows: list[Node] = []
        self._keys: list[Hashable] = []

    def show(self, release: Release, outline: Outline, now: datetime, zone: str) -> None:
        """Set the release; the cursor stays on its item, and only rows that look different are repainted."""
        first = self.release is None
        self.release, self.outline, self.now, self.zone = release, outline, now, zone
        if first:
            self.folded = {phase.path for phase in outline.phases if phase.state.resolved}
        self.rebuild()

    def rebuild(self) -> None:
        """Work out the visible rows anew: after a change, a fold or a filter."""
        if self.outline is None or self.release is None:
            return
        path = self.selected.path if self.selected else ""
        old = self._keys
        self.rows = list(self._visible())
        paths = [node.path for node in self.rows]
        if path in paths:
            self.cursor = paths.index(path)
        self._keys = [
            row_key(self.release, node, self.now, expanded=self.expanded(node)) for node in self.rows
        ]
        self.resized()
        if len(old) != len(self._keys):
            self.refresh()
            return
        for index, key in enumerate(self._keys):
            if key != old[index]:
                self.refresh_line(index)

    def _visible(self) -> list[Node]:
        assert self.outline is not None
        if self.filter:
            return self._filtered()
        rows: list[Node] = []

        def add(node: Node) -> None:
            rows.append(node)
            if node.path not in self.folded:
                for child in node.children:
                    add(child)

        for phase in self.outline.phases:
            add(phase)
        return rows

    def _filtered(self) -> list[Node]:
        """Leaves that bear every word of the filter, with everything above them."""
        assert self.outline is not None
        words = self.filter.casefold().split()
        keep: set[str] = set()
        for node in self.outline:
            if node.is_leaf and _fits(node, words):
                above: Node | None = node
                while above is not None:
                    keep.add(above.path)
                    above = above.parent
        return [node for node in self.outline if node.path in keep]

    def expanded(self, node: Node) -> bool:
        """Whether what is below a node shows."""
        return bool(self.filter) or node.path not in self.folded

    def select(self, path: str) -> bool:
        """Put the cursor on the node at `path`, unfolding what is above it. False when it does not show."""
        if self.outline is None or path not in self.outline.nodes:
            return False
        above = self.outline.nodes[path].parent
        opened = False
        while above is not None:
            opened = opened or above.path in self.folded
            self.folded.discard(above.path)
            above = above.parent
        if opened:
            self.rebuild()
            self.refresh()
        for index, node in enumerate(self.rows):
            if node.path == path:
                self.move_to(index)
                return True
        return False

    def fold(self, node: Node) -> None:
        """Hide what is below a node."""
        if node.children:
            self.folded.add(node.path)
            self.rebuild()
            self.refresh()

    def unfold(self, node: Node) -> None:
        """Show what is below a node."""
        self.folded.discard(node.path)
        self.rebuild()
        self.refresh()

    def unfold_or_enter(self) -> None:
        """Unfold what is under the cursor, or go to the first thing below it."""
        node = self.selected
        if node is None or node.is_leaf:
            return
        if node.path in self.folded:
            self.unfold(node)
        else:
            self.move_to(self.cursor + 1)

    def fold_or_leave(self) -> None:
        """Fold what is under the cursor, or go to what is above it."""
        node = self.selected
        if node is None:
            return
        if node.children and node.path not in self.folded:
            self.fold(node)
        elif node.parent is not None:
            self.select(node.parent.path)

    def fold_all(self) -> None:
        """Fold all phases, or unfold all of them when they are folded."""
        assert self.outline is not None
        phases = {phase.path for phase in self.outline.phases}
        self.folded = set() if phases <= self.folded else phases
        if self.selected is not None:
            self.select(self.selected.phase.id)
        self.rebuild()
        self.refresh()

    def filter_by(self, text: str) -> None:
        """Show only items that have the words of `text`, and what is above them."""
        self.filter = text
        self.rebuild()
        self.refresh()
        self.border_subtitle = f"filter: {text}" if text else ""

    def content(self, index: int, width: int) -> Content:
        """One node's row."""
        assert self.release is not None
        node = self.rows[index]
        return checklist_row(
            self.release, node, self.now, self.zone, width, expanded=self.expanded(node), signs=self.signs
        )

    def first_open(self) -> str | None:
        """Where to begin: the first open leaf, or nothing."""
        assert self.outline is not None
        found = next_open(self.outline)
        return found.path if found else None


def _fits(node: Node, words: Sequence[str]) -> bool:
    """It has every word; `state:open` is one that is left to do, failed ones included."""
    text = _words(node)
    return all(
        _is_in_state(node, word.removeprefix("state:")) if word.startswith("state:") else word in text
        for word in words
    )


def _is_in_state(node: Node, state: str) -> bool:
    return not node.state.resolved if state == State.OPEN else node.state.startswith(state)


def _words(node: Node) -> str:
    """What a filter finds an item by: text and path, its state, who, and whatever was recorded on it."""
    mark = node.mark
    recorded = (mark.by, mark.reason, mark.note, *mark.evidence, *mark.fields.values())
    return " ".join((node.text, node.path, node.state, *recorded)).casefold()
