"""The checklist as a tree with every parent's state derived, at any depth [S0.2].

A parent is failed when one child failed, done when all are done or not applicable, partly done in
between. Totals count leaves. An outline is built once for an act; what the act marks is derived upwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from relui.domain.checklist import Item, ItemField, Mark, Phase, State
from relui.domain.instants import Offset, parse_offset
from relui.domain.release import Release, ReleaseType, stretched
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput


class Node:
    """A phase, item or sub-item in its place, with its derived state and its leaves counted."""

    __slots__ = ("children", "depth", "done", "item", "mark", "parent", "path", "phase", "state", "total")

    def __init__(self, path: str, phase: Phase, item: Item | None, parent: Node | None, mark: Mark) -> None:
        self.path = path
        self.phase = phase
        self.item = item
        self.parent = parent
        self.mark = mark
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.children: list[Node] = []
        self.state = mark.state
        self.done = 0
        self.total = 0

    @property
    def text(self) -> str:
        """What it is called: the phase's name or the item's text."""
        return self.phase.name if self.item is None else self.item.text

    @property
    def when_done(self) -> str:
        """The fact that ticks it; nothing for what people tick."""
        return self.item.when_done if self.item is not None else ""

    @property
    def message(self) -> str:
        """The message that it says; mostly none."""
        return self.item.message if self.item is not None else ""

    @property
    def fields(self) -> tuple[ItemField, ...]:
        """The values that it asks for."""
        return self.item.fields if self.item is not None else ()

    @property
    def is_leaf(self) -> bool:
        """Leaves bear marks and are counted; everything above is derived."""
        return not self.children and self.item is not None

    @property
    def optional(self) -> bool:
        """It, or something above it, may be set to not applicable without a reason."""
        node: Node | None = self
        while node is not None:
            if node.item.optional if node.item is not None else node.phase.optional:
                return True
            node = node.parent
        return False

    def walk(self) -> Iterator[Node]:
        """This node and everything below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def leaves(self) -> Iterator[Node]:
        """The leaves at or below this node, in order."""
        return (node for node in self.walk() if node.is_leaf)

    def requirements(self) -> tuple[str, ...]:
        """The paths that must be resolved before this one: its own and those of everything above it."""
        paths: list[str] = []
        node: Node | None = self
        while node is not None and node.item is not None:
            paths.extend(path for path in node.item.requires if path not in paths)
            node = node.parent
        return tuple(paths)


class Outline:
    """All nodes of a release's checklist, in order and by path."""

    def __init__(self, release: Release) -> None:
        self.phases: list[Node] = []
        self.nodes: dict[str, Node] = {}
        self.bound: list[Node] = []
        for phase in release.phases:
            top = Node(phase.id, phase, None, None, release.mark(phase.id))
            self.nodes[top.path] = top
            self._add(top, phase.items, release)
            _derive(top)
            self.phases.append(top)
        self.done = sum(phase.done for phase in self.phases)
        self.total = sum(phase.total for phase in self.phases)

    def _add(self, parent: Node, items: tuple[Item, ...], release: Release) -> None:
        for item in items:
            path = f"{parent.path}.{item.id}"
            node = Node(path, parent.phase, item, parent, release.mark(path))
            self.nodes[path] = node
            parent.children.append(node)
            if item.items:
                self._add(node, item.items, release)
            elif item.when_done:
                self.bound.append(node)

    def set_mark(self, path: str, mark: Mark) -> None:
        """Give a leaf its new mark, and derive everything above it anew."""
        node: Node | None = self.nodes[path]
        assert node is not None and node.is_leaf
        done = int(mark.state.resolved) - node.done
        node.mark, node.state = mark, mark.state
        self.done += done
        while node is not None:
            node.done += done
            if node.children:
                node.state = derived_state([child.state for child in node.children])
            node = node.parent

    def __getitem__(self, path: str) -> Node:
        """The node at `path`. Raises BadInput with the nearest right path."""
        node = self.nodes.get(path)
        if node is None:
            known = did_you_mean(path, self.nodes)
            raise BadInput(f"There is no item {quoted(path)} in this release.{known}")
        return node

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes.values())

    def leaves(self) -> Iterator[Node]:
        """Every leaf, in order."""
        return (node for node in self.nodes.values() if node.is_leaf)

    def open_leaves(self) -> Iterator[Node]:
        """Every leaf that is neither done nor not applicable, failed ones included, in order."""
        return (node for node in self.leaves() if not node.state.resolved)

    def unmet(self, node: Node) -> list[Node]:
        """What `node` requires that is not resolved yet.

        Requirements on items that are gone do not count, nor does one on itself or on what it is part of
        (a parent may require its first child: that holds for the others).
        """
        return [
            needed
            for path in node.requirements()
            if (needed := self.nodes.get(path)) is not None
            and not needed.state.resolved
            and not f"{node.path}.".startswith(f"{path}.")
        ]

    def current_phase(self) -> Node | None:
        """The first phase with open items, or None when nothing is open."""
        return next((phase for phase in self.phases if not phase.state.resolved), None)


def _derive(node: Node) -> None:
    """Compute state and counts of `node` from its children, from the leaves up."""
    if node.item is not None and not node.item.items:
        node.total = 1
        node.done = 1 if node.state.resolved else 0
        return
    states = []
    for child in node.children:
        _derive(child)
        node.done += child.done
        node.total += child.total
        states.append(child.state)
    node.state = derived_state(states)


def derived_state(states: list[State]) -> State:
    """The state of a parent with children in these states.

    A phase without any item has nothing to do, so it is DONE and holds nobody up.
    """
    kinds = set(states)
    if State.FAILED in kinds:
        return State.FAILED
    if kinds <= _RESOLVED:
        return State.DONE
    return State.OPEN if kinds == _UNTOUCHED else State.PARTIAL


_RESOLVED = {State.DONE, State.NOT_APPLICABLE}
_UNTOUCHED = {State.OPEN}


def due_offset(release: Release, phase: Phase) -> Offset:
    """When a phase should be done, relative to the go-live; with criteria a major's days follow its
    timeline [S1.5]."""
    return offset_of(phase, release.type, governed=bool(release.criteria))


def offset_of(phase: Phase, type_: ReleaseType, *, governed: bool) -> Offset:
    """The same for a release that is not created yet."""
    offset = parse_offset(phase.due)
    return stretched(offset, type_) if governed else offset


def due_at(release: Release, phase: Phase) -> datetime:
    """When a phase should be done (UTC) [S0.2]."""
    return due_offset(release, phase).apply(release.go_live, release.zone)


def late_at(release: Release, phase: Phase) -> datetime:
    """When what is left of a phase is late (UTC): when due, but not before the planned duration is over.

    Deploying takes the time that was planned for it: what is due at go-live, or within that time, is
    being worked on then, and a live window that cries `overdue` hides what really is.
    """
    due = due_at(release, phase)
    return max(due, release.go_live + timedelta(minutes=release.duration)) if due >= release.go_live else due
