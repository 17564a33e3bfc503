"""The record's tabs: their names and letters, their rows, and where a gap is met."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from textual.content import Content

from relui.domain.dossier.fields import KINDS
from relui.domain.dossier.gates import Judgement, stage_now, unmet_again
from relui.domain.history import undone_by
from relui.ui.kit.rows import Row, section
from relui.ui.kit.text import line
from relui.ui.kit.times import clock
from relui.ui.one_release.places import Target, target_of_gap
from relui.ui.record.definition_rows import change_rows, definition_rows
from relui.ui.record.gate_rows import begins_at, gate_rows
from relui.ui.record.package_rows import package_rows, testing_rows
from relui.ui.record.signing_rows import communication_rows, signing_rows
from relui.ui.record.view import View


class Tab(Struct, frozen=True):
    """A tab: its name, the letter behind `5`, a short name for narrow screens, how its rows are made."""

    name: str
    letter: str
    short: str
    rows: Callable[[View], list[Row]]
    adds: tuple[str, ...] = ()
    begins: Callable[[View], Sequence[tuple[str, str]]] = lambda view: ()
    """The rows that the cursor first stands on, the best first; else it is the first that is no heading."""


def log_rows(view: View) -> list[Row]:
    """The log, newest first."""
    undone = set(undone_by(view.entries))
    rows = []
    for entry in reversed(view.entries):
        words = f"{entry.text}: {entry.reason}" if entry.reason else entry.text
        gone = entry.seq in undone
        moment = ("~" if entry.simulated else "") + clock(entry.at, view.zone, view.now)
        tail = "undone" if gone else moment
        extra = moment if gone else ""
        rows.append(
            Row("entry", str(entry.seq), entry.name, words, "left-out" if gone else "plain", tail, extra)
        )
    return section("log", "Log", rows, f"{len(rows)} entries, newest first")


TABS: tuple[Tab, ...] = (
    Tab("definition", "d", "def", definition_rows, ("environment", "contact")),
    Tab("changes", "c", "chg", change_rows, ("change",)),
    Tab("package", "p", "pkg", package_rows, ("component", "config-item")),
    Tab("testing", "t", "test", testing_rows, ("test", "defect")),
    Tab("sign-offs", "s", "sign", signing_rows),
    Tab("communication", "m", "msg", communication_rows),
    Tab("gates", "g", "gates", gate_rows, begins=begins_at),
    Tab("log", "l", "log", log_rows),
)
NAMES = tuple(tab.name for tab in TABS)


def tab_named(name: str) -> Tab:
    """The tab of that name."""
    return next(tab for tab in TABS if tab.name == name)


def tab_strip(current: str, unmet: Mapping[str, int], width: int) -> Content:
    """All tabs in one line, the present one in brackets, with how much is not met on each."""
    for shorter in (False, True):
        pieces: list[str | tuple[str, str]] = [" "]
        for tab in TABS:
            count = unmet.get(tab.name, 0)
            name = tab.short if shorter else "testing and defects" if tab.name == "testing" else tab.name
            words = f"{name} {count}" if count else name
            here = tab.name == current
            if shorter and here:
                words = words.replace(tab.short, tab.name, 1)
            pieces.append(
                (
                    f"[{words}]" if here else f" {words} ",
                    "bold accent" if here else "overdue" if count else "muted",
                )
            )
        made = line(*pieces)
        if made.cell_length <= width:
            break
    return made.truncate(width, ellipsis=True)


def unmet_by_tab(view: View) -> dict[str, int]:
    """How many criteria that stand in the way of the next step are met on each tab; all of them on gates."""
    gates: set[str] = {stage_now(view.release)}
    if stage_now(view.release) in ("stage", "deploy") and view.release.started_at is None:
        gates.add("go")
    found: dict[str, int] = {}
    for each in view.lines.values():
        if each.passes:
            continue
        if not gates.intersection(each.criterion.gates) and not unmet_again(view.release, (each,)):
            continue
        found["gates"] = found.get("gates", 0) + 1
        tab = tab_of(each)
        if tab != "gates":
            found[tab] = found.get(tab, 0) + 1
    return found


def tab_of(each: Judgement) -> str:
    """The tab on which an unmet criterion is met: that of its first gap, else its own."""
    return target_of(each).tab


def target_of(each: Judgement) -> Target:
    """Where an unmet criterion is met: at its first gap. A met one leads to its tab."""
    own = each.criterion.tab
    if not each.gaps:
        return Target(own, _keys_of_act(each.criterion.act))
    return target_of_gap(each.gaps[0], own)


def _keys_of_act(act: str) -> tuple[tuple[str, str], ...]:
    """The rows that a criterion's own words for the act mean: `sign definition`, `confirm window`."""
    verb, _, rest = act.partition(" ")
    if verb == "sign":
        return (("subject", rest),)
    if verb == "confirm":
        return (("point", rest), ("heading", rest.partition(".")[0]))
    if verb == "message":
        return (("message", rest),)
    if verb in KINDS:
        return (("heading", verb),)
    if verb == "book":
        return (("slot", ""),)
    if act == "test-summary":
        return (("summary", ""),)
    return (("act", "retrospective" if act == "retro" else act), ("heading", "field"))
