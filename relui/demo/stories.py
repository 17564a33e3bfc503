"""A made-up release as a story: its plan, and who did what when. Telling it goes through the domain's
rules, act by act at the historic instants, so its log is a real one and verifies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from relui.demo.inputs import Moments, ReleaseInput, StepInput
from relui.domain import booking_rules, closing, creation, editing, marking
from relui.domain.binding import OpenTime, asks_for_window, derived
from relui.domain.calendar.check import check
from relui.domain.calendar.slot import Slot, slot_of
from relui.domain.calendar.timetable import Timetable
from relui.domain.checklist import Phase
from relui.domain.composing import compose
from relui.domain.creation import Plan
from relui.domain.dossier.conditions import Context
from relui.domain.dossier.criteria import listed
from relui.domain.dossier.deployment import start
from relui.domain.dossier.gates import overridden
from relui.domain.identifiers import semantic
from relui.domain.instants import parse_duration
from relui.domain.log import Act, Actor, Entry, Head, next_entry
from relui.domain.marking import NO_DETAILS, Details
from relui.domain.organisation import Organisation
from relui.domain.patches import Document, Patch, diff
from relui.domain.release import Outcome, Release, ReleaseType
from relui.domain.ruling import Ruling
from relui.errors import BadInput
from relui.store.records import SCHEMA, document_of
from relui.store.seam import BulkRecord

if TYPE_CHECKING:
    from relui.domain.template import Template
    from relui.loading.templates import TemplateLibrary


ActName = Literal[
    "tick", "skip", "fail", "annotate", "edit", "retrospective", "close", "book", "override", "start"
]


class Step(Struct, frozen=True, kw_only=True):
    """One act: when (UTC), by whom, on which item paths, why, with what record."""

    at: datetime
    by: Actor
    act: ActName
    paths: tuple[str, ...] = ()
    reason: str = ""
    record: Details = NO_DETAILS
    given: Mapping[str, str] = {}
    outcome: Outcome = "successful"


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


def record_of(story: Story, release_id: str, bookings: Bookings) -> BulkRecord:
    """The record that a story leads to. Raises what the rules raise when it breaks one."""
    release = creation.create(
        story.plan, story.checklist.phases, release_id, story.created_by.name, story.created_at
    )
    writer = _LogWriter(story.checklist.document)
    # Every slot of the demo lies in a window that is long enough.
    open_time = OpenTime() if asks_for_window(release) else None
    origin = Act("create", f"created {release_id} from {release.template}", reversible=False)
    writer.write(release, origin, story.created_by, story.created_at)
    for step in story.steps():
        ruling = bookings.book(release, step) if step.act == "book" else _ruled(release, step)
        ruling = derived(ruling, step.at, open_time)
        release = ruling.release
        if ruling.act is not None:
            writer.write(release, ruling.act, step.by, step.at)
    return BulkRecord(state=writer.state(), log=tuple(writer.log), release=release)


def _ruled(release: Release, step: Step) -> Ruling:
    """What the domain's rules make of a step."""
    by, at = step.by.name, step.at
    match step.act:
        case "tick":
            return marking.tick(release, step.paths, by, at, step.record)
        case "skip":
            return marking.not_applicable(release, step.paths, by, at, step.reason, step.record)
        case "fail":
            return marking.fail(release, step.paths, by, at, step.reason, step.record)
        case "annotate":
            return marking.annotate(release, step.paths[0], by, at, step.record)
        case "edit":
            return editing.edit(release, step.given, at)
        case "retrospective":
            return closing.write_retrospective(release, step.given, at)
        case "override":  # the gates of an emergency: all criteria, for a reason that stays
            names = tuple(criterion.id for criterion in listed(release))
            act = Act("override", f"overrode {', '.join(names)}", step.reason, reversible=False)
            return Ruling(overridden(release, names, by, step.reason, at), act, names)
        case "start":
            return start(release, Context(organisation=Organisation(), now=at), by, at)
        case _:
            return closing.close(
                release, by, at, outcome=step.outcome, reason=step.reason, reasons=step.given
            )


class _LogWriter:
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


def active_story(
    given: ReleaseInput, moments: Moments, composer: Composer, versions: Versions, service: str
) -> Story:
    """The story of an active release of a service, whose version follows the service's last one."""
    go_live = moments.read(given.go_live)
    since = moments.since(go_live)
    _, version = versions.next_for(service, given.type, since.day_of(go_live))
    plan = Plan(
        service=service,
        version=version,
        type=given.type,
        owner=given.owner,
        go_live=go_live,
        zone=moments.zone,
        template=given.template,
        title=f"{version} - {given.title}" if given.title else "",
        impact=given.impact,
        duration=parse_duration(given.duration),
        rationale=given.rationale,
        emergency_criterion=given.criterion,
        packs=given.packs,
        without=given.without,
        values=given.values,
        criteria=composer.criteria(given.template),
    )
    owner = Actor(given.owner, given.owner)
    steps = [_step(step, since) for step in given.steps]
    if given.booked:
        steps.append(Step(at=since.read(given.booked), by=owner, act="book"))
    steps.sort(key=lambda step: step.at)
    return Story(
        plan=plan,
        checklist=composer.checklist(plan),
        created_by=owner,
        created_at=since.read(given.created),
        steps=lambda: steps,
        role=given.role,
    )


def _step(given: StepInput, since: Moments) -> Step:
    """A step as it is written: exactly one act, with its items, texts or reason."""
    said = [(act, value) for act in get_args(ActName) if (value := getattr(given, act, None))]
    if len(said) != 1:
        raise BadInput(f"The demo's step at '{given.at}' by {given.by} must be exactly one act.")
    ((act, value),) = said
    fields = {key: since.value(text) for key, text in given.fields.items()}
    return Step(
        at=since.read(given.at),
        by=Actor(given.account or given.by, given.by),
        act=act,
        paths=value if isinstance(value, tuple) else (),
        reason=value if isinstance(value, str) else given.reason,
        record=Details(given.note, given.evidence, fields),
        given=value if isinstance(value, dict) else {},
    )


class Bookings:
    """Books slots one after the other; whoever comes too late or against a rule stays planned."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._booked: list[Slot] = []

    def book(self, release: Release, step: Step) -> Ruling:
        """The release with its slot booked, or as it was when a rule forbids it on that day."""
        slot = slot_of(release, self._organisation)
        verdict = check(Timetable(self._organisation, self._booked), slot, step.at)
        if verdict.blocks:
            return Ruling(release, None)
        counter = len(self._booked) + 1
        ruling = booking_rules.book(release, verdict, counter=counter, by=step.by.name, at=step.at)
        self._booked.append(slot_of(ruling.release, self._organisation))
        return ruling


class Versions:
    """The last version of each service; a service that is not listed starts at 1.0.0.

    One whose first version is no number, but `date`, is versioned by date.
    """

    def __init__(self, first: dict[str, str]) -> None:
        self._last = dict(first)

    def next_for(self, service: str, type_: ReleaseType, day: date) -> tuple[str, str]:
        """The last version and the one after it, which becomes the last. `day` is that of the go-live."""
        previous = self._last.get(service, "1.0.0")
        numbers = semantic(previous)
        version = _dated(day, previous) if numbers is None else _raised(numbers, type_)
        self._last[service] = version
        return previous, version


def _raised(numbers: tuple[int, int, int], type_: ReleaseType) -> str:
    major, minor, patch = numbers
    if type_ == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if type_ == "minor" else f"{major}.{minor}.{patch + 1}"


def _dated(day: date, previous: str) -> str:
    """Two on one day are told apart by a number behind the date."""
    version = f"{day:%Y.%m.%d}"
    if not previous.startswith(version):
        return version
    return f"{version}.{int(previous.removeprefix(version).removeprefix('.') or 1) + 1}"
