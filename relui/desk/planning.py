"""Planning a release: what it would be, when it could go live, and what the calendar says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from relui.domain import creation
from relui.domain.calendar.slot import slot_of_plan
from relui.domain.creation import Plan, refuse_criterion, refuse_ungoverned
from relui.domain.identifiers import contradiction
from relui.domain.instants import parse_duration, parse_instant
from relui.domain.release import IMPACTS, RELEASE_TYPES, ReleaseType
from relui.domain.text import counted, did_you_mean
from relui.errors import BadInput, StoreError

if TYPE_CHECKING:
    from relui.desk.calendar import CalendarActs
    from relui.desk.journal import Journal
    from relui.desk.learning import LearningActs
    from relui.desk.organisation import OrganisationActs
    from relui.domain.calendar.slot import Verdict
    from relui.domain.checklist import Phase
    from relui.domain.learning.actions import Action
    from relui.domain.organisation import Organisation
    from relui.loading.templates import TemplateLibrary


Word = TypeVar("Word", bound=str)

_LEADING = ("release-owner", "release-manager")
"""Roles of those who lead releases."""


class Request(Struct, frozen=True, kw_only=True):
    """A new release as a person types it: empty means the default. `go_live` and `duration` are text."""

    service: str = ""
    version: str = ""
    template: str = ""
    type: str = ""
    impact: str = ""
    owner: str = ""
    go_live: str = ""
    duration: str = ""
    title: str = ""
    rationale: str = ""
    criterion: str = ""
    packs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = {}
    copy_of: str = ""
    follows: str = ""


_TYPED = ("service", "type", "zone", "title", "impact", "duration", "rationale", "emergency_criterion")
"""What of a copy's plan can be typed; the rest is that of the release which is copied."""
_EVENINGS = 60
"""Days ahead on which a free evening is looked for."""


class Prepared(Struct, frozen=True):
    """A release that would be created: its plan, its checklist, and what to tell before it is."""

    plan: Plan
    phases: tuple[Phase, ...]
    told: tuple[str, ...]


class Choices(Struct, frozen=True):
    """What a new release can choose from, given its template and packs."""

    types: tuple[str, ...]
    options: Mapping[str, str]
    parameters: tuple[str, ...]


class PlanningActs:
    """Nothing here writes: for the form while typing, and for whoever creates."""

    def __init__(
        self,
        journal: Journal,
        organisation: OrganisationActs,
        calendar: CalendarActs,
        learning: LearningActs,
        library: Callable[[], TemplateLibrary],
    ) -> None:
        self._journal = journal
        self._organisation = organisation
        self._calendar = calendar
        self._learning = learning
        self._library = library

    def choices(self, template: str, packs: Sequence[str] = ()) -> Choices:
        """The types that a template fits, what can be left out (option -> words), and its parameters.

        Raises BadInput for an unknown or broken template or pack.
        """
        from relui.domain.composing import options_of, parameters_of

        base = self._library().get(template or "standard")
        chosen = self._library().packs_for(base, packs)
        owed = self._library().owed_by(base)
        types = tuple(base.types) or tuple(name for name in RELEASE_TYPES if name != "emergency")
        return Choices(types, options_of(base, chosen, owed), tuple(parameters_of(base, chosen, owed)))

    def missing(self, request: Request) -> tuple[str, ...]:
        """What a request must say and does not, all of it at once: names of `NEEDED`, in their order.

        A copy, or what follows another release, has the service and the reasons of that. Raises BadInput
        for an unknown template.
        """
        copied = bool(request.copy_of or request.follows)
        needed = ["version"] if copied else ["service", "version"]
        if not copied and self._is_emergency(request):
            policy = self._organisation.read().policy.emergency_criteria
            needed += ["rationale", *(["criterion"] if policy else [])]
        return tuple(name for name in needed if not str(getattr(request, name)).strip())

    def _is_emergency(self, request: Request) -> bool:
        named = request.type.strip().lower()
        return named == "emergency" or (
            not named and self._library().get(request.template or "standard").kind == "emergency"
        )

    def refuse_missing(self, request: Request) -> None:
        """Raises BadInput that names everything which a request must say and does not."""
        missing = self.missing(request)
        if not missing:
            return
        words = "; ".join(f"--{name} is missing: {NEEDED[name]}" for name in missing)
        if "criterion" in missing:
            words += f" ({', '.join(self._organisation.read().policy.emergency_criteria)})"
        raise BadInput(f"{words}. Nothing was created.")

    def prepare(self, request: Request) -> Prepared:
        """What `new` would create, with the open actions of the service, and what is owed elsewhere.

        Writes nothing: for the form while typing, too. Raises BadInput for whatever does not fit, naming the
        field and the nearest right value.
        """
        from relui.domain.learning.carrying import for_new, with_actions, without_actions
        from relui.domain.learning.debts import debt_words

        prepared = self._planned_alone(request)
        phases, told = without_actions(prepared.phases), list(prepared.told)
        releases = self._calendar.read().releases
        mine: tuple[Action, ...] = ()
        try:
            mine = for_new(self._learning.read().actions, prepared.plan.service, releases)
        except StoreError as error:  # what was learned must not stop a new release
            told.append(f"No action was taken over: {error.message}")
        if mine:
            told.append(
                f"{counted(len(mine), 'open action')} of earlier releases "
                f"{'stands' if len(mine) == 1 else 'stand'} on its checklist: "
                f"{', '.join(f'{each.id} of {each.release}' for each in mine)}."
            )
        if prepared.plan.type == "emergency":
            told += debt_words(releases, self._journal.clock.now())
        return replace(prepared, phases=with_actions(phases, mine), told=tuple(told))

    def _planned_alone(self, request: Request) -> Prepared:
        """The same before anything that was learned elsewhere."""
        organisation = self._organisation.read()
        if request.follows:
            prepared = self._prepare_follow_up(request, organisation)
        elif request.copy_of:
            prepared = self._prepare_copy(request, organisation)
        else:
            prepared = self._prepare_new(request, organisation)
        if organisation.policy.governed_emergencies:
            refuse_ungoverned(prepared.plan)
        prepared = replace(prepared, told=(*prepared.told, *self._doubts(prepared.plan)))
        if request.go_live.strip():
            return prepared
        go_live, why = self._free_go_live(prepared.plan, creation.lead_time(prepared.plan, prepared.phases))
        return Prepared(replace(prepared.plan, go_live=go_live), prepared.phases, (*prepared.told, *why))

    def _doubts(self, plan: Plan) -> tuple[str, ...]:
        """What is probably a slip; a go-live that nobody typed is none."""
        from relui.domain import doubts

        return (
            *doubts.same_version(plan.service, plan.version, self._calendar.read().releases),
            *doubts.version_doubts(plan.version),
            *doubts.step_doubts(plan.service, plan.version, plan.type, self._calendar.read().releases),
            *doubts.go_live_doubts(plan.go_live, plan.zone, self._journal.clock.now()),
            *doubts.duration_doubts(plan.duration),
        )

    def late_words(self, plan: Plan) -> tuple[str, ...]:
        """The milestones and the notice period that are over already, a line each; an emergency has none."""
        if plan.type == "emergency":
            return ()
        from relui.domain.calendar.check import lead_time_findings

        calendar = self._calendar.read()
        slot = slot_of_plan(plan, calendar.organisation)
        found = list(lead_time_findings(calendar.timetable, slot, self._journal.clock.now()))
        lines = (
            " ".join(each.words for each in found if each.rule == rule) for rule in ("milestone", "notice")
        )
        return tuple(line for line in lines if line)

    def _free_go_live(self, plan: Plan, lead: timedelta) -> tuple[datetime, tuple[str, ...]]:
        """The next free slot of a planned release that leaves `lead`, and a word on the choice.

        Where nothing restricts the proposed evening it stays, and nothing needs saying.
        """
        from relui.domain.calendar.check import check
        from relui.domain.slot_hold import slot_words

        calendar, now = self._calendar.read(), self._journal.clock.now()
        if plan.type != "emergency":
            plan = replace(plan, go_live=creation.default_go_live(now, plan.zone, plan.type, lead))
        slot = slot_of_plan(plan, calendar.organisation)
        proposed = check(calendar.timetable, slot, now)
        if proposed.free and proposed.open_calendar:
            return plan.go_live, ()
        if plan.type == "emergency":
            return plan.go_live, ()
        from relui.domain.calendar.check import free_slots

        if proposed.open_calendar:  # no window says when: the next evening that nothing forbids
            evenings = (
                creation.default_go_live(now, plan.zone, plan.type, lead + timedelta(days=later))
                for later in range(1, _EVENINGS)
            )
            free = (at for at in evenings if check(calendar.timetable, replace(slot, start=at), now).free)
            if (evening := next(free, None)) is not None:
                words = slot_words(evening, plan.duration, plan.zone)
                return evening, (
                    f"The go-live is the first free evening that leaves {_days(lead)}: {words}.",
                )
        start = now + lead
        found = free_slots(calendar.timetable, replace(slot, start=start), start, 1, now)
        if not found.found:
            until = slot_words(found.until, plan.duration, plan.zone)
            return plan.go_live, (
                f"No slot is free until {until}: the go-live is a proposal that conflicts.",
            )
        chosen = found.found[0].slot.start
        return chosen, (
            f"The go-live is the first free slot that leaves {_days(lead)}: "
            f"{slot_words(chosen, plan.duration, plan.zone)}.",
        )

    def check_request(self, request: Request) -> Verdict | None:
        """What the rules say about a release that is being typed; None while it cannot be created."""
        from relui.domain.calendar.check import check

        try:
            plan = self.prepare(request).plan
        except BadInput:
            return None
        calendar = self._calendar.read()
        return check(calendar.timetable, slot_of_plan(plan, calendar.organisation), self._journal.clock.now())

    def _prepare_new(self, request: Request, organisation: Organisation) -> Prepared:
        from relui.domain.composing import compose, criteria_of
        from relui.domain.doubts import unnamed, vanished

        base = self._library().get(request.template or "standard")
        if base.kind == "pack":
            raise BadInput(f"'{base.template}' is a pack: choose a base template and add it with --pack.")
        emergency = base.kind == "emergency"
        type_ = (
            _one_of(request.type, RELEASE_TYPES, "a release type")
            if request.type
            else ("emergency" if emergency else "minor")
        )
        packs = self._library().packs_for(base, request.packs)
        owed = self._library().owed_by(base)
        chosen: dict[str, Any] = {
            "type": type_, "without": request.without, "values": request.values, "owed": owed
        }  # fmt: skip
        phases = compose(base, packs, **chosen)
        plan, told = self._planned(request, organisation, type_)
        criteria = criteria_of(base, packs)
        plan = replace(
            plan,
            template=base.template,
            packs=tuple(pack.template for pack in packs),
            criteria=criteria,
            values={name: tuple(values) for name, values in request.values.items()},
        )
        left_out = vanished(phases, base, packs, **chosen)
        told = (*told, *left_out, *unnamed(phases, base, packs, request.values, owed))
        return Prepared(plan, phases, told)

    def _planned(
        self, request: Request, organisation: Organisation, type_: ReleaseType
    ) -> tuple[Plan, tuple[str, ...]]:
        service = organisation.checked_service(request.service.strip())
        zone = self._organisation.input_zone(service)
        told: list[str] = []
        go_live = creation.default_go_live(self._journal.clock.now(), zone, type_)
        if request.go_live:
            instant = parse_instant(request.go_live, zone)
            go_live = instant.at
            told += filter(None, [instant.told])
        found = organisation.service(service)
        owner = request.owner.strip() or self._plans(organisation) or (found.owner if found else "")
        owner = owner or self._journal.actor.name
        if warning := contradiction(request.version, type_):
            told.append(warning)
        criterion = request.criterion.strip()
        if type_ == "emergency":
            refuse_criterion(criterion, organisation.policy.emergency_criteria)
        plan = Plan(
            service=service,
            version=request.version.strip(),
            type=type_,
            owner=organisation.checked_person(owner) if request.owner.strip() else owner,
            go_live=go_live,
            zone=zone,
            template="",
            title=request.title,
            impact=_one_of(request.impact, IMPACTS, "an impact") if request.impact else "medium",
            duration=parse_duration(request.duration) if request.duration else 120,
            rationale=request.rationale,
            emergency_criterion=criterion,
            without=tuple(request.without),
        )
        return plan, tuple(told)

    def _plans(self, organisation: Organisation) -> str:
        """Who acts, if the organisation lists them among those who lead releases; service owners approve."""
        person = organisation.person(self._journal.actor.name)
        leads = person is not None and not set(person.roles).isdisjoint(_LEADING)
        return person.id if person is not None and leads else ""

    def _prepare_follow_up(self, request: Request, organisation: Organisation) -> Prepared:
        """A copy that is linked to a release which did not go out whole, and takes over its changes."""
        if request.copy_of:
            raise BadInput("A release follows another, or is a copy of one. Choose one of the two.")
        source = self._journal.open(request.follows).release
        prepared = self._prepare_copy(replace(request, copy_of=source.id), organisation)
        plan = prepared.plan
        dossier = creation.following_dossier(source)
        told = f"It follows {source.id} and takes over {counted(len(dossier.changes), 'change')} of it."
        return Prepared(replace(plan, dossier=dossier), prepared.phases, (*prepared.told, told))

    def _prepare_copy(self, request: Request, organisation: Organisation) -> Prepared:
        """A copy takes service, team and parts; what the request gives goes first."""
        source = self._journal.open(request.copy_of).release
        if not request.version.strip():
            raise BadInput(f"A copy of {source.id} needs its own version. Give one with --version.")
        if request.template and request.template != source.template:
            raise BadInput(
                f"A copy keeps the template of {source.id} ({source.template}). Leave --template out."
            )
        if request.packs or request.without or request.values:
            raise BadInput("A copy takes over the checklist as it is: leave packs and options out.")
        given = replace(
            request,
            service=request.service or source.service,
            type=request.type or source.type,
            owner=request.owner or source.owner,
            impact=request.impact or source.impact,
            duration=request.duration or f"{source.duration}m",
            rationale=request.rationale or source.rationale,
            criterion=request.criterion or source.emergency_criterion,
        )
        type_ = _one_of(given.type, RELEASE_TYPES, "a release type")
        if (type_ == "emergency") != (source.type == "emergency"):
            raise BadInput("A copy cannot become an emergency, or stop being one: use the right template.")
        typed, told = self._planned(given, organisation, type_)
        taken = creation.plan_copy(source, version=typed.version, owner=typed.owner, go_live=typed.go_live)
        plan = replace(taken, **{name: getattr(typed, name) for name in _TYPED})
        return Prepared(plan, source.phases, told)


NEEDED: Mapping[str, str] = {
    "service": "what is released",
    "version": "which version it is",
    "rationale": "what is broken, and why it cannot wait",
    "criterion": "what makes it an emergency by policy",
}
"""What a new release must say -> what that is; the last two of an emergency alone."""


def _one_of(text: str, known: tuple[Word, ...], what: str) -> Word:
    for word in known:
        if text.strip().lower() == word:
            return word
    raise BadInput(f"'{text}' is not {what}.{did_you_mean(text, known)}")


def _days(lead: timedelta) -> str:
    """`three days`, or how many the first phase of the checklist asks for."""
    return "three days" if lead == creation.NOTICE else f"the {lead.days} days that its first phase needs"
