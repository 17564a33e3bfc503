"""Ticking, unticking, failing and annotating items, or setting them to not applicable [S0.2].

An act on the marks of a checklist says what it changed, and what it left and why. Every rule takes the
release, the instant and who acts, and returns a Ruling; none of them reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.binding import WINDOW_FITS, fact_words, migrations
from relui.domain.checklist import NO_MARK, Mark, State
from relui.domain.deployment_times import START_FIRST, Clock, waits_for_start
from relui.domain.fields import checked_fields, missing_fields
from relui.domain.log import Act
from relui.domain.outline import Node, Outline, late_at
from relui.domain.progress import SETTLED_BY_CLOSING
from relui.domain.release import Release
from relui.domain.ruling import Ruling, refuse_closed
from relui.domain.text import did_you_mean, first_of, long_text, one_line, quoted
from relui.errors import BadInput, Refused

NOT_RECORDED = "What was given with it was not recorded, because nothing was changed."
"""Told when nothing changed; untrue for whoever records it on the items that were so already."""


class Details(Struct, frozen=True):
    """What is recorded with a mark: a note, evidence (links or stored outputs), values of fields.

    A note of None leaves the item's note as it is; an empty one removes it when annotating.
    """

    note: str | None = None
    evidence: tuple[str, ...] = ()
    fields: Mapping[str, str] = {}

    @property
    def empty(self) -> bool:
        """Nothing is to be recorded."""
        return not (self.note or self.evidence or self.fields)


NO_DETAILS = Details()


def joined(known: tuple[str, ...], added: Sequence[str]) -> tuple[str, ...]:
    """The known evidence and what was added, cleaned, each piece once."""
    cleaned = (one_line(piece, what="The evidence") for piece in added)
    return tuple(dict.fromkeys((*known, *(piece for piece in cleaned if piece))))


class Marking:
    """Marks being set in one act: later leaves see what earlier ones became.

    `targets` are the leaves that the act means, each with whether it was named itself (`alone`) or only
    something that it is part of. Without `early` what cannot have happened yet is not ticked.
    """

    def __init__(
        self,
        release: Release,
        paths: Iterable[str],
        by: str,
        at: datetime,
        details: Details,
        *,
        early: bool = True,
    ) -> None:
        self.before = release
        self.outline = Outline(release)
        self.marks = dict(release.marks)
        self.by, self.at, self.details = by, at, details
        self.note = long_text(details.note or "", what="The note")
        self.named = tuple(dict.fromkeys(paths))
        self.targets = self._targets(self.named)
        self.clock = None if early else Clock(release, self.outline, self.targets, at)
        self.changed: set[str] = set()
        self.already: list[str] = []
        self.left: dict[str, str] = {}
        self.told: list[str] = []
        self.passed: dict[str, None] = {}
        """Texts of the requirements that an override passed, each once."""

    def _targets(self, paths: Iterable[str]) -> dict[str, bool]:
        found: dict[str, bool] = {}
        for path in paths:
            node = self.outline[path]
            for leaf in node.leaves():
                found[leaf.path] = node.is_leaf or found.get(leaf.path, False)
        if len(found) > 1:
            fields = {field.id for path in found for field in self.outline[path].fields}
            for name in self.details.fields:
                if name not in fields:
                    has = did_you_mean(name, fields) or " They have no fields."
                    raise BadInput(f"None of these items has a field {quoted(name)}.{has}")
        return found

    def put(self, path: str, mark: Mark) -> None:
        """Bind `mark` to the leaf and derive its parents anew."""
        if mark == NO_MARK:
            self.marks.pop(path, None)
        else:
            self.marks[path] = mark
        self.outline.set_mark(path, mark)
        self.changed.add(path)

    def marked(self, node: Node, state: State, reason: str = "") -> Mark:
        """The leaf's mark in a new state, with what is recorded alongside."""
        mark, given = node.mark, self.details.fields
        if len(self.targets) > 1:
            mine = {field.id for field in node.fields}
            given = {name: value for name, value in given.items() if name in mine}
        return replace(
            mark,
            state=state,
            by=self.by,
            at=self.at,
            reason=reason,
            note=self.note or mark.note,
            evidence=joined(mark.evidence, self.details.evidence) if self.details.evidence else mark.evidence,
            fields=checked_fields(node, mark.fields, given) if given else mark.fields,
            bound=False,
            late=self.at > late_at(self.before, node.phase),
        )

    def tick_all(self, override: str) -> bool:
        """Tick what can be ticked, until nothing more changes. Whether the override was used."""
        waiting: list[str] = []
        for path, alone in self.targets.items():
            node = self.outline[path]
            why = self._never_ticks(node, alone=alone)
            if node.state is State.DONE or (node.state is State.NOT_APPLICABLE and not alone):
                self.already.append(path)
            elif why is not None:
                self.left[path] = why
            else:
                waiting.append(path)
        waiting = self._tick_ready(waiting)
        used = False
        while override and self._pass_one(waiting, override):
            used = True
            waiting = self._tick_ready([path for path in waiting if path not in self.changed])
        for path in waiting:
            self.left[path] = self._still_missing(self.outline[path], override)
        return used

    def _never_ticks(self, node: Node, *, alone: bool) -> str | None:
        if node.when_done:
            why = f" ({node.mark.reason})" if node.mark.reason and node.state is State.OPEN else ""
            return f"ticks itself {fact_words(node.when_done)}{why}"
        if waits_for_start(self.before, node):
            return f"waits for the start of the deployment ({START_FIRST})"
        if self.clock is not None and (why := self.clock.too_early(node)):
            return f"{why} (--early ticks it all the same)"
        return f"failed: {node.mark.reason}" if node.state is State.FAILED and not alone else None

    def _tick_ready(self, waiting: list[str]) -> list[str]:
        """Tick the leaves whose requirements are met, again and again: one can wait for a later one."""
        while True:
            ticked = [
                p for p in waiting if not self.outline.unmet(self.outline[p]) and self._ticks_with(p, "")
            ]
            if not ticked:
                return waiting
            waiting = [path for path in waiting if path not in self.changed]

    def _pass_one(self, waiting: list[str], override: str) -> bool:
        """Tick one leaf in spite of what it requires: first one that waits for nothing in this act."""
        others = set(waiting)
        ranked = sorted(waiting, key=lambda path: self._waits_for(path, others))
        return any(self._passes(path, override) for path in ranked)

    def _waits_for(self, path: str, others: set[str]) -> bool:
        unmet = self.outline.unmet(self.outline.nodes[path])
        return any(leaf.path in others for needed in unmet for leaf in needed.leaves())

    def _passes(self, path: str, override: str) -> bool:
        unmet = self.outline.unmet(self.outline.nodes[path])
        if not unmet or not self._ticks_with(path, f"override: {override}"):
            return False
        self.passed |= dict.fromkeys(needed.text for needed in unmet)
        return True

    def _ticks_with(self, path: str, reason: str) -> bool:
        """Tick the leaf, unless a mandatory field is missing."""
        node = self.outline.nodes[path]
        mark = self.marked(node, State.DONE, reason)
        if missing_fields(node, mark.fields):
            return False
        self.put(path, mark)
        return True

    def _still_missing(self, node: Node, override: str) -> str:
        unmet = self.outline.unmet(node)
        if unmet and not override:
            return "needs first: " + ", ".join(needed.text for needed in unmet)
        return f"needs {', '.join(missing_fields(node, self.marked(node, State.DONE).fields))}"

    def untick_leaf(self, path: str) -> None:
        """Open a leaf again, unless a fact ticked it."""
        node = self.outline[path]
        if node.state is State.OPEN:
            self.already.append(path)
        elif node.mark.bound:
            self.left[path] = self._by_a_fact(node)
        else:
            mark = node.mark
            self.put(path, Mark(note=mark.note, evidence=mark.evidence, fields=mark.fields))

    @staticmethod
    def _by_a_fact(node: Node) -> str:
        return f"was ticked by a fact ({fact_words(node.when_done)}), not by hand"

    def set_not_applicable(self, path: str, reason: str, *, alone: bool) -> None:
        """Set a leaf to not applicable, unless it is done or failed."""
        node = self.outline[path]
        if node.state is State.NOT_APPLICABLE or (node.state is State.DONE and not alone):
            self.already.append(path)
        elif node.mark.bound:
            self.left[path] = self._by_a_fact(node)
        elif node.when_done and not _may_be_not_applicable(node, self.outline):
            self.left[path] = (
                f"ticks itself {fact_words(node.when_done)}, and cannot be set to not applicable"
            )
        elif node.state is State.DONE:
            self.left[path] = f"is done, by {node.mark.by}: untick it first"
        elif node.state is State.FAILED and not alone:
            self.left[path] = f"failed: {node.mark.reason}"
        elif not reason and not node.optional:
            raise BadInput(
                f"'{node.text}' is required: setting it to not applicable needs a reason. "
                "It is kept in the record for ever."
            )
        else:
            self.put(path, self.marked(node, State.NOT_APPLICABLE, reason))

    def fail_leaf(self, path: str, reason: str, *, alone: bool) -> None:
        """Mark a leaf as failed; a second failure for the same reason counts when it brings evidence."""
        node = self.outline[path]
        again = node.state is State.FAILED and node.mark.reason == reason and self.details.empty
        if again or (node.state.resolved and not alone):
            self.already.append(path)
        elif node.when_done and not alone:
            self.left[path] = f"ticks itself {fact_words(node.when_done)}"
        else:
            self.put(path, self.marked(node, State.FAILED, reason))

    def ruling(self, verb: str, words: str, reason: str = "") -> Ruling:
        """The result; Refused when nothing changed and something was left for a person to deal with."""
        already, told = tuple(self.already), tuple(self.told)
        left = tuple((path, self.left[path]) for path in self.targets if path in self.left)
        if not self.changed:
            stuck = [pair for pair in left if self._is_a_persons(pair[0]) or not already]
            if stuck:
                lines = [f"'{self.outline[path].text}' {why}" for path, why in stuck[:6]]
                more = f"; and {len(stuck) - 6} more" if len(stuck) > 6 else ""
                raise Refused(f"Nothing was changed: {'; '.join(lines)}{more}.")
            if not self.details.empty:
                told += (NOT_RECORDED,)
            return Ruling(self.before, None, already=already, left=left, told=told)
        changed = tuple(path for path in self.targets if path in self.changed)
        result = replace(self.before, marks=self.marks)
        act = Act(verb, f"{words} {self._named_words(changed)}{self._although()}", reason)
        return Ruling(result, act, changed, already, left, told, self.outline)

    def _although(self) -> str:
        """Which requirements were passed, for the log: ` although 'Backup taken' was open`."""
        names = [f"'{name}'" for name in self.passed]
        verb = "was" if len(names) == 1 else "were"
        return f" although {first_of(names, 6)} {verb} open" if names else ""

    def _named_words(self, changed: tuple[str, ...]) -> str:
        """What was named and changed something: `Pre-release: 10 items`, `Backup taken and 1 more`."""
        if len(changed) == 1:
            return self.outline[changed[0]].text
        named = [self.outline[path] for path in self.named]
        told = [node for node in named if any(leaf.path in self.changed for leaf in node.leaves())]
        more = f" and {len(told) - 1} more" if len(told) > 1 else ""
        count = "" if all(node.is_leaf for node in told) else f": {len(changed)} items"
        return f"{told[0].text}{more}{count}"

    def _is_a_persons(self, path: str) -> bool:
        """A leaf that was named itself, or that does not wait for a fact."""
        return self.targets[path] or not self.outline[path].when_done


def _may_be_not_applicable(node: Node, outline: Outline) -> bool:
    """A retrospective can be; a migration's window where no migration applies; of an emergency's full
    checklist all but what only closing itself ticks.

    Every other fact is true or it is not: setting its item to not applicable would say that it did not apply.
    """
    fact = node.when_done
    if fact == WINDOW_FITS and not migrations(outline):
        return True
    return fact == "retrospective" or (node.phase.owed and fact not in SETTLED_BY_CLOSING)


def tick(
    release: Release,
    paths: Iterable[str],
    by: str,
    at: datetime,
    details: Details = NO_DETAILS,
    override: str = "",
    *,
    early: bool = False,
) -> Ruling:
    """Tick items; a parent ticks its open leaves as one act, in whatever order their requirements ask for.

    A leaf whose requirements or mandatory fields are missing is left, unless requirements are passed
    by an `override` reason; so is one that cannot have happened yet, unless it is said to be
    `early`. Raises Refused when nothing could be ticked, BadInput for an unknown path
    or field.
    """
    refuse_closed(release)
    override = one_line(override, what="The reason for the override")
    marking = Marking(release, paths, by, at, details, early=early)
    used = marking.tick_all(override)
    if override and not used:
        marking.told.append("The override was not needed, and is not recorded.")
    return marking.ruling("tick", "ticked", override if used else "")


def untick(release: Release, paths: Iterable[str], by: str, at: datetime) -> Ruling:
    """Open items again, whatever they were; notes, evidence and fields stay."""
    refuse_closed(release)
    marking = Marking(release, paths, by, at, NO_DETAILS)
    for path in marking.targets:
        marking.untick_leaf(path)
    return marking.ruling("untick", "reopened")


def not_applicable(
    release: Release, paths: Iterable[str], by: str, at: datetime, reason: str, details: Details = NO_DETAILS
) -> Ruling:
    """Set items to not applicable. Required ones need a reason: BadInput when it is missing."""
    refuse_closed(release)
    reason = one_line(reason, what="The reason")
    marking = Marking(release, paths, by, at, details)
    for path, alone in marking.targets.items():
        marking.set_not_applicable(path, reason, alone=alone)
    return marking.ruling("skip", "set to not applicable:", reason)


def fail(
    release: Release, paths: Iterable[str], by: str, at: datetime, reason: str, details: Details = NO_DETAILS
) -> Ruling:
    """Mark items as failed; a reason is needed always. A parent fails its leaves that are not resolved."""
    refuse_closed(release)
    reason = one_line(reason, what="The reason for a failed item", required=True)
    marking = Marking(release, paths, by, at, details)
    for path, alone in marking.targets.items():
        marking.fail_leaf(path, reason, alone=alone)
    return marking.ruling("fail", "marked failed:", reason)


def annotate(release: Release, path: str, by: str, at: datetime, details: Details) -> Ruling:
    """Record a note, evidence or fields on an item without changing its state.

    An empty note removes the note, None leaves it; evidence is only ever added. Raises BadInput when a
    ticked item would lose a mandatory field.
    """
    refuse_closed(release)
    node = Outline(release)[path]
    mark = node.mark
    changed = replace(
        mark,
        note=mark.note if details.note is None else long_text(details.note, what="The note"),
        evidence=joined(mark.evidence, details.evidence),
        fields=checked_fields(node, mark.fields, details.fields),
    )
    if changed == mark:
        return Ruling(release, None, already=(path,))
    lost = set(missing_fields(node, changed.fields)) - set(missing_fields(node, mark.fields))
    if lost and mark.state is State.DONE:
        raise BadInput(f"'{node.text}' is ticked and needs {', '.join(sorted(lost))}. Untick it first.")
    words = {"the note": "note", "evidence": "evidence", "fields": "fields"}
    parts = [word for word, field in words.items() if getattr(changed, field) != getattr(mark, field)]
    marks = {name: kept for name, kept in {**release.marks, path: changed}.items() if kept != NO_MARK}
    result = replace(release, marks=marks)
    return Ruling(result, Act("annotate", f"recorded {' and '.join(parts)} of {node.text}"), changed=(path,))
