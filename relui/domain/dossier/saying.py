"""Items that say a message: recording it as sent ticks them, withdrawing that reopens them [S1.23]."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.checklist import State
from relui.domain.marking import NOTHING, Marking
from relui.domain.outline import Node, Outline
from relui.domain.release import Release


class Said(Struct, frozen=True):
    """The release with the items that say a message changed: paths, texts, and why others were left."""

    release: Release
    paths: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def tick_said(release: Release, message: str, by: str, at: datetime) -> Said:
    """Tick the open items that say `message`, as sent by `by` at `at` (UTC).

    What needs something first is left, in a sentence with the reason; what failed or was left out stays.
    """
    paths = [leaf.path for leaf in _saying(Outline(release), message) if leaf.state is State.OPEN]
    if not paths:
        return Said(release)
    marking = Marking(release, paths, by, at, NOTHING)
    marking.tick_all("")
    nodes = marking.outline.nodes
    left = tuple(f"'{nodes[path].text}' stays open: it {why}." for path, why in marking.left.items())
    ticked = tuple(path for path in paths if path in marking.changed)
    texts = tuple(nodes[path].text for path in ticked)
    return Said(replace(release, marks=marking.marks), ticked, texts, left)


def reopen_said(release: Release, message: str, by: str, at: datetime) -> Said:
    """Reopen the ticked items that say `message`, after the record that it was sent was withdrawn."""
    paths = [leaf.path for leaf in _saying(Outline(release), message) if leaf.state is State.DONE]
    marking = Marking(release, paths, by, at, NOTHING)
    for path in paths:
        marking.untick_leaf(path)
    reopened = tuple(path for path in paths if path in marking.changed)
    texts = tuple(marking.outline.nodes[path].text for path in reopened)
    return Said(replace(release, marks=marking.marks), reopened, texts)


def _saying(outline: Outline, message: str) -> list[Node]:
    return [leaf for leaf in outline.leaves() if leaf.item is not None and leaf.item.message == message]
