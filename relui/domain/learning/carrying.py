"""An open action stands as an item on the next release of its service, until it is done or dropped [S0.9]."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.checklist import Item, Phase, State
from relui.domain.deployment_times import actual_window
from relui.domain.identifiers import parts
from relui.domain.learning.actions import Action
from relui.domain.log import Act
from relui.domain.outline import Node, Outline
from relui.domain.progress import deployed
from relui.domain.release import Release
from relui.domain.ruling import Ruling, refuse_closed

PREFIX = "action-"
"""Ids of such items: `action-12` is that of A-12, and its origin names the release that raised it."""


def item_of(action: Action) -> Item:
    """The action as an item. It is required: not applicable only with a reason, and then it comes back."""
    help_ = (
        f"{action.because} {action.id}, raised on {action.raised_at:%Y-%m-%d} by {action.raised_by}, "
        f"owner {action.owner}.\n\nTick it when it is done: that settles the action. Set to not applicable, "
        "it comes back on the next release."
    )
    return Item(id=_item_id(action), text=action.text, help=help_, origin=action.release)


def _item_id(action: Action) -> str:
    return f"{PREFIX}{action.id[2:]}"


def action_id(item: Item | None) -> str:
    """The action that an item stands for, or nothing."""
    if item is None or not item.id.startswith(PREFIX) or parts(item.origin) is None:
        return ""
    number = item.id.removeprefix(PREFIX)
    return f"A-{number}" if number.isdigit() else ""


def carried_by(release: Release, outline: Outline | None = None) -> dict[str, Node]:
    """The actions that stand on a release, with their items."""
    nodes = (outline or Outline(release)).leaves()
    return {found: node for node in nodes if (found := action_id(node.item))}


def without_actions(phases: Sequence[Phase]) -> tuple[Phase, ...]:
    """A checklist as it is copied: the actions of its source stay behind."""
    kept = (
        replace(phase, items=tuple(item for item in phase.items if not action_id(item))) for phase in phases
    )
    return tuple(phase for phase in kept if phase.items)


def with_actions(phases: Sequence[Phase], actions: Sequence[Action]) -> tuple[Phase, ...]:
    """A new checklist with the actions at the end of the phase that they belong in."""
    items = tuple(item_of(action) for action in actions)
    place = _place([(phase, False) for phase in phases])
    if not items or place is None:
        return tuple(phases)
    return _put(phases, place, items)


def _put(phases: Sequence[Phase], place: str, items: Iterable[Item]) -> tuple[Phase, ...]:
    return tuple(
        replace(phase, items=(*phase.items, *items)) if phase.id == place else phase for phase in phases
    )


def _place(phases: Sequence[tuple[Phase, bool]]) -> str | None:
    """Where actions go: the first phase that is not finished (the bool), or the last.

    An emergency is not held up: there they go into its close.
    """
    own = [(phase, finished) for phase, finished in phases if not phase.owed]
    if not own:
        return None
    emergency = len(own) < len(phases)
    fitting = [
        phase for phase, finished in own if not finished and not (emergency and phase.stage != "close")
    ]
    return (fitting or [own[-1][0]])[0].id


def carry(release: Release, actions: Sequence[Action], at: datetime) -> Ruling:
    """Put actions on a release that exists already; those that stand there are left alone."""
    refuse_closed(release)
    outline = Outline(release)
    there = carried_by(release, outline)
    new = [action for action in actions if action.id not in there]
    place = _place([(phase.phase, phase.state.resolved) for phase in outline.phases])
    if not new or place is None:
        return Ruling(release, None, already=tuple(node.path for node in there.values()))
    phases = _put(release.phases, place, [item_of(action) for action in new])
    names = ", ".join(f"{action.id} of {action.release}" for action in new)
    act = Act("carry", f"took over {names}", reversible=False)
    changed = tuple(f"{place}.{_item_id(action)}" for action in new)
    return Ruling(replace(release, phases=phases), act, changed)


class Settling(Struct, frozen=True):
    """What a release's item says of an action: `done` with a tick, open again without."""

    action: str
    done: bool
    by: str


def settlings(release: Release, actions: Mapping[str, Action]) -> Iterator[Settling]:
    """What the items of a release say that differs from what is known of their actions."""
    for name, node in carried_by(release).items():
        action = actions.get(name)
        if action is None or node.item is None or action.release != node.item.origin:
            continue
        if node.state is State.DONE and action.open:
            yield Settling(name, True, node.mark.by)
        elif node.state is not State.DONE and action.state == "done" and action.settled_in == release.id:
            yield Settling(name, False, "")


def waits_for_next(release: Release, outline: Outline) -> bool:
    """Nothing of it is deployed yet, so that there is time for an action."""
    if release.closing is not None or release.completed_at is not None:
        return False
    return actual_window(release, outline)[0] is None and not deployed(release, outline)


def to_carry(
    actions: Iterable[Action], releases: Iterable[Release], now: datetime
) -> dict[str, tuple[Action, ...]]:
    """Which active release has to take over which open actions: the next one of the service to go live.

    One that follows the release which raised the action comes first; one whose go-live is past, last. An
    action that stands open on an active release needs no other; a release that it was on before does not get
    it again.
    """
    releases = tuple(releases)
    open_ones = [action for action in actions if action.open]
    services = {action.service.casefold() for action in open_ones}
    coming = [
        (release, outline)
        for release in sorted(releases, key=lambda each: (each.go_live, each.id))
        if release.service.casefold() in services and waits_for_next(release, outline := Outline(release))
    ]
    found: dict[str, list[Action]] = {}
    for action in open_ones:
        same = [pair for pair in coming if pair[0].service.casefold() == action.service.casefold()]
        if _stands_somewhere(action, releases):
            continue
        for release, _ in sorted(same, key=lambda pair: _turn(pair[0], action, now)):
            if release.id != action.release and release.id not in action.carried:
                found.setdefault(release.id, []).append(action)
                break
    return {release: tuple(each) for release, each in found.items()}


def _turn(release: Release, action: Action, now: datetime) -> tuple[bool, bool]:
    """Less comes first: what follows the release of the action, then what is still to go live."""
    return release.dossier.follows != action.release, release.go_live < now


def _stands_somewhere(action: Action, releases: Iterable[Release]) -> bool:
    """It stands open on an active release of its service, deployed or not: it can be done there."""
    return any(
        _stands_open(action, release)
        for release in releases
        if release.closing is None and release.service.casefold() == action.service.casefold()
    )


def _stands_open(action: Action, release: Release) -> bool:
    node = carried_by(release).get(action.id)
    return node is not None and node.state is State.OPEN


def for_new(actions: Iterable[Action], service: str, releases: Iterable[Release]) -> tuple[Action, ...]:
    """The open actions that a new release of a service begins with.

    Those that stand open on another active release are done there; they come when that one is closed.
    """
    mine = [each for each in actions if each.open and each.service.casefold() == service.casefold()]
    if not mine:
        return ()
    others = tuple(releases)
    return tuple(action for action in mine if not _stands_somewhere(action, others))
