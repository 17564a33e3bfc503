"""What a release's template has gained since it was copied, and taking it over item by item [S0.7]."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.binding import settle
from relui.domain.checklist import Item, Phase
from relui.domain.log import Act
from relui.domain.naming import did_you_mean
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.domain.ruling import Ruling, refuse_closed
from relui.errors import BadInput


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
                for path, item in _items(phase.id, phase.items)
                if path not in has and path.rpartition(".")[0] in has
            ]
    return tuple(found)


def _items(above: str, items: Sequence[Item]) -> Iterator[tuple[str, Item]]:
    for item in items:
        path = f"{above}.{item.id}"
        yield path, item
        yield from _items(path, item.items)


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
    return Ruling(settle(replace(release, phases=phases), at), act, tuple(paths))


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
