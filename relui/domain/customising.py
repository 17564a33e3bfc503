"""Changing one release's own checklist: items added, removed, moved [S0.7]. Its template stays as it is.

What the template has gained since can be taken over, item by item.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.checklist import Item, Phase
from relui.domain.log import Act
from relui.domain.outline import Node, Outline
from relui.domain.release import Release
from relui.domain.ruling import Ruling, refuse_closed
from relui.domain.text import did_you_mean, one_line, slug, unique
from relui.errors import BadInput, Refused

OWN = "this release"
"""The origin of items that were added to one release alone."""


def add_item(release: Release, at_path: str, text: str, at: datetime, *, optional: bool = False) -> Ruling:
    """Add an item behind the one at `at_path`, or at the end of the phase that it names.

    Raises BadInput for an empty text or an unknown place.
    """
    refuse_closed(release)
    text = one_line(text, what="The item", required=True)
    node = Outline(release)[at_path]
    added = Item(id=slug(text), text=text, optional=optional, origin=OWN)
    if node.item is None:
        changed, path = put_below(release, node, added)
    else:
        changed, path = put_behind(release, node, added)
    return Ruling(changed, Act("add-item", f"added {text} ({path})"), (path,))


def put_below(release: Release, parent: Node, item: Item) -> tuple[Release, str]:
    """The release with an item as the last one below a phase or an item, and the path that it has there."""
    return _put(release, parent, item, len(parent.children))


def put_behind(release: Release, node: Node, item: Item) -> tuple[Release, str]:
    """The release with an item behind another one, and the path that it has there."""
    assert node.item is not None and node.parent is not None
    return _put(
        release, node.parent, item, [child.path for child in node.parent.children].index(node.path) + 1
    )


def _put(release: Release, parent: Node, item: Item, index: int) -> tuple[Release, str]:
    items = _items(parent)
    # A mark whose item was taken back by undo is still there: a new item must not be born with it.
    marked = [path.rpartition(".") for path in release.marks]
    taken = [each.id for each in items] + [name for above, _, name in marked if above == parent.path]
    name = unique(item.id, taken)
    items = (*items[:index], replace(item, id=name), *items[index:])
    return _with_items(release, parent.path, items), f"{parent.path}.{name}"


def with_item(release: Release, node: Node, item: Item) -> Release:
    """The release with another item in the place of a node's; its id, and so its path, stays."""
    assert node.item is not None and node.parent is not None
    items = tuple(item if each.id == node.item.id else each for each in _items(node.parent))
    return _with_items(release, node.parent.path, items)


def remove_item(release: Release, path: str, reason: str, at: datetime) -> Ruling:
    """Remove an open item and everything below it. The log keeps it, with the reason.

    Raises Refused for an item on which something was recorded, or the last one of its phase; BadInput
    without a reason, unless the item is optional. One that was added to this release alone is no exception:
    the log should say why somebody thought of it and somebody else did not need it.
    """
    refuse_closed(release)
    outline = Outline(release)
    node = outline[path]
    if node.item is None:
        raise Refused(f"'{node.text}' is a phase: set it to not applicable instead, with a reason.")
    if node.phase.owed:
        raise Refused(
            f"'{node.text}' is owed by an emergency: set it to not applicable with a reason instead [S1.36]."
        )
    if any(release.marks.get(below.path) for below in node.walk()):
        raise Refused(
            f"Something is recorded on '{node.text}': set it to not applicable with a reason instead."
        )
    reason = one_line(reason, what="The reason")
    if not reason and not node.optional:
        raise BadInput(f"'{node.text}' is required: removing it needs a reason.")
    siblings = _siblings(node)
    if len(siblings) == 1:
        raise Refused(
            f"'{node.text}' is the only item there: set it to not applicable with a reason instead."
        )
    items = tuple(item for item in siblings if item.id != node.item.id)
    changed = _with_items(release, path.rpartition(".")[0], items)
    return Ruling(changed, Act("remove-item", f"removed {node.text} ({path})", reason), (path,))


def move_item(release: Release, path: str, by: int, at: datetime) -> Ruling:
    """Move an item up (negative) or down among its siblings; at the end it stays where it is."""
    refuse_closed(release)
    node = Outline(release)[path]
    if node.item is None:
        raise Refused(f"'{node.text}' is a phase; phases stay in order.")
    siblings = list(_siblings(node))
    index = [item.id for item in siblings].index(node.item.id)
    target = max(0, min(index + by, len(siblings) - 1))
    if target == index:
        return Ruling(release, None)
    siblings.insert(target, siblings.pop(index))
    changed = _with_items(release, path.rpartition(".")[0], tuple(siblings))
    direction = "up" if target < index else "down"
    return Ruling(changed, Act("move-item", f"moved {node.text} {direction}"), (path,))


def _siblings(node: Node) -> tuple[Item, ...]:
    """The items beside an item, or those of a phase."""
    if node.item is None:
        return node.phase.items
    assert node.parent is not None
    return _items(node.parent)


def _items(parent: Node) -> tuple[Item, ...]:
    """The items right below a phase or an item."""
    return parent.phase.items if parent.item is None else parent.item.items


def _with_items(release: Release, parent_path: str, items: tuple[Item, ...]) -> Release:
    """The release with other items under a phase or a parent item."""
    phase_id, _, rest = parent_path.partition(".")
    phases: list[Phase] = []
    for phase in release.phases:
        if phase.id != phase_id:
            phases.append(phase)
        elif rest:
            phases.append(replace(phase, items=_replaced(phase.items, rest.split("."), items)))
        else:
            phases.append(replace(phase, items=items))
    return replace(release, phases=tuple(phases))


def _replaced(among: tuple[Item, ...], path: list[str], items: tuple[Item, ...]) -> tuple[Item, ...]:
    head, *rest = path
    return tuple(
        item
        if item.id != head
        else replace(item, items=_replaced(item.items, rest, items) if rest else items)
        for item in among
    )


class Gain(Struct, frozen=True):
    """An item (with all below it) or a whole phase that the template has and the release has not."""

    path: str
    text: str
    new: Item | Phase


def gains(release: Release, template: Sequence[Phase]) -> tuple[Gain, ...]:
    """Everything in the template's composed phases that is not in the release, topmost only, in order.

    What was removed from this release on purpose is among it: the release has not got it.
    """
    has = Outline(release).nodes
    found: list[Gain] = []
    for phase in template:
        if phase.id not in has:
            found.append(Gain(phase.id, phase.name, phase))
        else:
            found += [
                Gain(path, item.text, item)
                for path, item in phase.walk()
                if path not in has and path.rpartition(".")[0] in has
            ]
    return tuple(found)


def take_over(release: Release, template: Sequence[Phase], paths: Sequence[str], at: datetime) -> Ruling:
    """Take items or phases over, open, each in its place. Raises BadInput for one that is no gain.

    An item whose place bears a mark already becomes a parent only if nothing is recorded there.
    """
    refuse_closed(release)
    offered = {gain.path: gain for gain in gains(release, template)}
    phases = release.phases
    for path in paths:
        if path not in offered:
            raise BadInput(f"The template has not gained '{path}'.{did_you_mean(path, offered)}")
        new = offered[path].new
        if isinstance(new, Phase):
            phases = _with_phase(phases, new, template)
            continue
        parent = path.rpartition(".")[0]
        if release.marks.get(parent):
            raise BadInput(
                f"Something is recorded on '{parent}' itself: reopen it before it gets items below it."
            )
        phases = tuple(
            replace(
                phase, items=_with_item(phase.items, parent.split(".")[1:], new, _order(template, parent))
            )
            if phase.id == path.split(".")[0]
            else phase
            for phase in phases
        )
    if phases == release.phases:
        return Ruling(release, None)
    names = ", ".join(offered[path].text for path in paths)
    act = Act("take-over", f"took over from template {release.template}: {names}")
    return Ruling(replace(release, phases=phases), act, tuple(paths))


def _order(template: Sequence[Phase], parent: str) -> list[str]:
    """The ids below `parent` in the template's order."""
    phase_id, *rest = parent.split(".")
    items = next(phase.items for phase in template if phase.id == phase_id)
    for name in rest:
        items = next(item.items for item in items if item.id == name)
    return [item.id for item in items]


def _placed(ids: list[str], new_id: str, order: list[str]) -> int:
    """Behind the nearest neighbour that stands before it in the template; first when there is none."""
    for name in reversed(order[: order.index(new_id)]):
        if name in ids:
            return ids.index(name) + 1
    return 0


def _with_item(among: tuple[Item, ...], path: list[str], new: Item, order: list[str]) -> tuple[Item, ...]:
    if not path:
        index = _placed([item.id for item in among], new.id, order)
        return (*among[:index], new, *among[index:])
    head, *rest = path
    return tuple(
        replace(item, items=_with_item(item.items, rest, new, order)) if item.id == head else item
        for item in among
    )


def _with_phase(among: tuple[Phase, ...], new: Phase, template: Sequence[Phase]) -> tuple[Phase, ...]:
    index = _placed([phase.id for phase in among], new.id, [phase.id for phase in template])
    return (*among[:index], new, *among[index:])
