"""A made-up release as a story: its plan, and who did what when. Telling it goes through the domain's
rules, act by act at the historic instants, so its log is a real one and verifies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from relui.domain import closing, creation, editing, marking
from relui.domain.binding import OpenTime, asks_for_window, settle
from relui.domain.checklist import Phase
from relui.domain.composing import compose
from relui.domain.creation import Plan
from relui.domain.identifiers import identifier, month_of
from relui.domain.instants import zone_named
from relui.domain.log import Act, Actor, Entry, Head, next_entry
from relui.domain.marking import NO_DETAILS, Details
from relui.domain.patches import Document, Patch, diff
from relui.domain.release import Outcome, Release
from relui.domain.ruling import Ruling
from relui.store.bulk import BulkRecord
from relui.store.records import SCHEMA, document_of

if TYPE_CHECKING:
    from relui.domain.template import Template
    from relui.loading.templates import TemplateLibrary


ActName = Literal[
    "tick", "skip", "fail", "annotate", "edit", "retrospective", "close", "book", "override", "start"
]
Rule = Callable[[Release, str, datetime], Ruling]
"""What a rule makes of a release, by whom and when."""


class Step(Struct, frozen=True, kw_only=True):
    """One act: when (UTC), by whom, on which item paths, why, with what record; some bring a `rule`."""

    at: datetime
    by: Actor
    act: ActName
    paths: tuple[str, ...] = ()
    reason: str = ""
    record: Details = NO_DETAILS
    given: Mapping[str, str] = {}
    outcome: Outcome = "successful"
    rule: Rule | None = None


class Checklist(Struct, frozen=True):
    """A composed checklist beside its document, which all releases composed alike share."""

    phases: tuple[Phase, ...]
    document: list[Any]


class Story(Struct, frozen=True, kw_only=True):
    """A release from its creation on. `role` says what an active one shows; archived ones have none.

    `steps` makes the acts after the creation; called once, when the story is told.
    """

    plan: Plan
    checklist: Checklist
    created_by: Actor
    created_at: datetime
    steps: Callable[[], Sequence[Step]]
    role: str = ""


class Numbers:
    """Identifiers in the order of creation, and the last number that each month has spent."""

    def __init__(self) -> None:
        self.spent: dict[str, int] = {}

    def next_for(self, plan: Plan) -> str:
        """The next identifier in the month of the plan's go-live."""
        month = month_of(plan.go_live, plan.zone)
        self.spent[month] = self.spent.get(month, 0) + 1
        return identifier(month, self.spent[month])


class Composer:
    """Composes checklists, each choice of template, packs, options and values once."""

    def __init__(self, library: Callable[[], TemplateLibrary]) -> None:
        self._library = library()
        self._templates: dict[str, Template] = {}
        self._made: dict[tuple[object, ...], Checklist] = {}

    def checklist(self, plan: Plan) -> Checklist:
        """The checklist that a plan asks for, as `desk.releases.new` would compose it."""
        values = tuple(plan.values.items())
        key = (plan.template, plan.type, plan.packs, plan.without, values)
        if key not in self._made:
            base = self._template(plan.template)
            packs = [self._template(name) for name in plan.packs]
            owed = self._template(base.owes) if base.owes else None
            phases = compose(base, packs, type=plan.type, without=plan.without, values=plan.values, owed=owed)
            self._made[key] = Checklist(phases, [document_of(phase) for phase in phases])
        return self._made[key]

    def criteria(self, template: str) -> tuple[str, ...]:
        """The criteria that a template lists."""
        given = self._template(template).criteria
        return ("all",) if given == "all" else tuple(given)

    def _template(self, name: str) -> Template:
        """Kept, because the library checks a template against all others whenever it is asked."""
        if name not in self._templates:
            self._templates[name] = self._library.get(name)
        return self._templates[name]


def told(story: Story, release_id: str) -> BulkRecord:
    """The record that a story leads to. Raises what the rules raise when it breaks one."""
    release = creation.create(
        story.plan, story.checklist.phases, release_id, story.created_by.name, story.created_at
    )
    teller = _Teller(story.checklist.document)
    windowed = asks_for_window(release)
    origin = Act("create", f"created {release_id} from {release.template}", reversible=False)
    teller.write(release, origin, story.created_by, story.created_at)
    for step in story.steps():
        ruling = ruled(release, step)
        release = ruling.release
        if windowed:  # every slot of the demo lies in a window that is long enough
            release = settle(release, step.at, OpenTime())
        if ruling.act is not None:
            teller.write(release, ruling.act, step.by, step.at)
    return BulkRecord(state=teller.state(), log=tuple(teller.log), release=release)


def ruled(release: Release, step: Step) -> Ruling:
    """What the domain's rules make of a step."""
    by, at = step.by.name, step.at
    match step.act:
        case "tick":
            return marking.tick(release, step.paths, by, at, step.record)
        case "skip":
            return marking.skip(release, step.paths, by, at, step.reason, step.record)
        case "fail":
            return marking.fail(release, step.paths, by, at, step.reason, step.record)
        case "annotate":
            return marking.annotate(release, step.paths[0], by, at, step.record)
        case "edit":
            return editing.edit(release, _as_typed(step.given, release.zone), at)
        case "retrospective":
            return closing.write_retrospective(release, step.given, at)
        case "book" | "override" | "start":
            assert step.rule is not None
            return step.rule(release, by, at)
        case "close":
            return closing.close(
                release, by, at, outcome=step.outcome, reason=step.reason, reasons=step.given
            )


def _as_typed(given: Mapping[str, str], zone: str) -> dict[str, str]:
    """Instants in a story are UTC; a person would type them in the release's zone."""
    typed = dict(given)
    if "go-live" in typed:
        at = datetime.fromisoformat(typed["go-live"]).astimezone(zone_named(zone))
        typed["go-live"] = f"{at:%Y-%m-%dT%H:%M}"
    return typed


class _Teller:
    """Writes a log while a release changes. Entries are made up, so all are marked simulated.

    More than a hundred releases are told before the demo opens. So only what can differ is compared: not
    the checklist, which is most of a release and never changes, and no mark that stayed.
    """

    def __init__(self, phases: list[Any]) -> None:
        self.log: list[Entry] = []
        self._phases = phases
        self._fields: Document = {}
        self._marks: Document = {}
        self._release: Release | None = None

    def state(self) -> Document:
        """The release's document, as the store keeps it."""
        large = {"phases": self._phases, "marks": self._marks}
        return {name: large.get(name, value) for name, value in self._fields.items()}

    def write(self, release: Release, act: Act, by: Actor, at: datetime) -> None:
        """Add the entry of an act that led to `release`."""
        fields = {"schema": SCHEMA, **document_of(replace(release, phases=(), marks={}))}
        before, after = self._changed_marks(release)
        old_fields, self._fields = self._fields, fields
        self._marks = {path: after.get(path) or self._marks[path] for path in release.marks}
        if self._release is None:  # as `diff` has it, without a copy of the checklist
            patches = tuple(Patch((name,), after=value) for name, value in self.state().items())
        else:
            olds, news = _changed(old_fields, fields)
            patches = diff({**olds, "marks": before}, {**news, "marks": after})
        last = self.log[-1] if self.log else None
        head = Head(last.seq, last.hash) if last else Head()
        self.log.append(next_entry(head, act, by, at, patches, simulated=True))
        self._release = release

    def _changed_marks(self, release: Release) -> tuple[Document, Document]:
        """The documents of the marks that are not what they were: before and after."""
        known = self._release.marks if self._release else {}
        changed = {path: mark for path, mark in release.marks.items() if known.get(path) is not mark}
        gone = {path: self._marks[path] for path in known if path not in release.marks}
        before = {path: self._marks[path] for path in changed if path in known}
        return {**before, **gone}, {path: document_of(mark) for path, mark in changed.items()}


def _changed(before: Document, after: Document) -> tuple[Document, Document]:
    """Both without the fields that are the same, in their order."""
    stayed = {name for name, value in before.items() if name in after and after[name] == value}
    return (
        {name: value for name, value in before.items() if name not in stayed},
        {name: value for name, value in after.items() if name not in stayed},
    )
