"""A new release: from a template's phases, as a copy of an earlier one, or following one [S0.2, S1.7].

Also what the policy asks of one that is planned as an emergency [S1.36].
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.checklist import Phase
from relui.domain.dossier.changes import leftovers
from relui.domain.dossier.parts import Component, ConfigItem, Dossier, Environment
from relui.domain.instants import from_wall, zone_named
from relui.domain.outline import offset_of
from relui.domain.release import IMPACTS, RELEASE_TYPES, Impact, Release, ReleaseType
from relui.domain.text import did_you_mean, long_text, one_line, quoted
from relui.errors import BadInput


class Plan(Struct, frozen=True, kw_only=True):
    """What a new release is created from: the form's fields, all given.

    Duration in minutes, go-live in UTC.
    """

    service: str
    version: str
    type: ReleaseType
    owner: str
    go_live: datetime
    zone: str
    template: str
    title: str = ""
    impact: Impact = "medium"
    duration: int = 120
    environment: str = "production"
    rationale: str = ""
    emergency_criterion: str = ""
    risk: str = ""
    rollback: str = ""
    packs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = {}
    criteria: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    copied_from: str = ""
    dossier: Dossier = Dossier()


NOTICE = timedelta(hours=72)
"""What a proposed go-live leaves for the checklist's first phases."""


def create(plan: Plan, phases: tuple[Phase, ...], release_id: str, by: str, at: datetime) -> Release:
    """The release that a plan describes, every item open.

    Raises BadInput for an empty service, version or owner, a zone that does not exist, a duration of
    nothing, and for an emergency without its rationale.
    """
    if plan.type not in RELEASE_TYPES:
        raise BadInput(f"{quoted(plan.type)} is not a release type: {', '.join(RELEASE_TYPES)}.")
    if plan.impact not in IMPACTS:
        raise BadInput(f"{quoted(plan.impact)} is not an impact: {', '.join(IMPACTS)}.")
    if plan.duration <= 0:
        raise BadInput("The planned duration must be longer than nothing.")
    zone_named(plan.zone)
    version = one_line(plan.version, what="The version", required=True)
    service = one_line(plan.service, what="The service", required=True)
    rationale = long_text(plan.rationale, what="The rationale")
    if plan.type == "emergency" and not rationale:
        raise BadInput("An emergency needs its rationale: what is broken, and why it cannot wait.")
    return Release(
        id=release_id,
        title=one_line(plan.title, what="The title") or default_title(version, plan.go_live, plan.zone),
        service=service,
        version=version,
        type=plan.type,
        impact=plan.impact,
        owner=one_line(plan.owner, what="The owner", required=True),
        go_live=plan.go_live.astimezone(UTC),
        zone=plan.zone,
        duration=plan.duration,
        environment=one_line(plan.environment, what="The environment") or "production",
        rationale=rationale,
        emergency_criterion=one_line(plan.emergency_criterion, what="The emergency criterion"),
        risk=long_text(plan.risk, what="The risk summary"),
        rollback=long_text(plan.rollback, what="The rollback plan"),
        template=plan.template,
        packs=plan.packs,
        without=plan.without,
        values={name: _cleaned(values) for name, values in plan.values.items()},
        criteria=plan.criteria,
        phases=phases,
        created_at=at.astimezone(UTC),
        created_by=by,
        people=tuple(one_line(name, what="A name") for name in plan.people),
        copied_from=plan.copied_from,
        dossier=plan.dossier,
    )


def _cleaned(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one_line(value, what="A value") for value in values)


def default_title(version: str, go_live: datetime, zone: str) -> str:
    """`<version> - Release - <date>` [S0.1]."""
    return f"{version} - Release - {go_live.astimezone(zone_named(zone)):%Y-%m-%d}"


def lead_time(plan: Plan, phases: Sequence[Phase]) -> timedelta:
    """How long before the go-live work begins: a day before the first phase is due, three days at least."""
    governed = bool(plan.criteria)
    earliest = min(
        (offset_of(phase, plan.type, governed=governed).rough_minutes for phase in phases if not phase.owed),
        default=0,
    )
    return max(NOTICE, timedelta(minutes=-earliest) + timedelta(days=1))


def default_go_live(now: datetime, zone: str, type_: ReleaseType, notice: timedelta = NOTICE) -> datetime:
    """The slot that is proposed when nothing restricts it (UTC).

    An emergency goes live in an hour, at the next quarter; any other release on the first Monday to
    Thursday at 20:00 that leaves `notice` for the checklist's first phases.
    """
    if type_ == "emergency":
        soon = now + timedelta(hours=1)
        quarter = soon.replace(minute=soon.minute - soon.minute % 15, second=0, microsecond=0)
        return quarter if quarter == soon else quarter + timedelta(minutes=15)
    wall = now.astimezone(zone_named(zone)).replace(tzinfo=None, hour=20, minute=0, second=0, microsecond=0)
    candidate = wall + timedelta(days=notice.days)
    while candidate.weekday() > 3 or from_wall(candidate, zone).at < now + notice:
        candidate += timedelta(days=1)
    return from_wall(candidate, zone).at


def plan_copy(source: Release, *, version: str, owner: str, go_live: datetime) -> Plan:
    """A plan that takes over a release's service, team and parts; states and dates start anew."""

    return Plan(
        service=source.service,
        version=version,
        type=source.type,
        owner=owner,
        go_live=go_live,
        zone=source.zone,
        template=source.template,
        impact=source.impact,
        duration=source.duration,
        environment=source.environment,
        rationale=source.rationale,
        emergency_criterion=source.emergency_criterion,
        risk=source.risk,
        rollback=source.rollback,
        packs=source.packs,
        without=source.without,
        values=source.values,
        criteria=source.criteria,
        people=source.people,
        copied_from=source.id,
        dossier=copied_dossier(source),
    )


def copied_dossier(source: Release) -> Dossier:
    """The dossier that a copy begins with [S0.2].

    It keeps which environments, components, configuration items and contacts there are, who and what is
    needed, and the rollback's limits and triggers. Dates, checksums, results, changes and decisions
    stay behind.
    """
    before = source.dossier
    return Dossier(
        resources=before.resources,
        rollback_minutes=before.rollback_minutes,
        rollback_limit=before.rollback_limit,
        rollback_triggers=before.rollback_triggers,
        package_at=before.package_at,
        package_access=before.package_access,
        components=tuple(_component(each) for each in before.components),
        environments=tuple(Environment(id=each.id) for each in before.environments),
        test_plan=before.test_plan,
        config_items=tuple(ConfigItem(id=each.id, old=each.new or each.old) for each in before.config_items),
        contacts=before.contacts,
    )


def _component(before: Component) -> Component:
    """What is not needed stays so, with its reason; everything else has to be put into the new package."""
    if before.presence == "not-needed":
        return replace(before, iteration=1)
    return replace(before, presence="missing", checksum="", version="", location="", iteration=1)


EMERGENCY_CRITERIA = (
    "package-complete", "smoke-and-fix-verified", "definition-recorded", "emergency-cab-signed",
)  # fmt: skip
"""What the template governed-emergency lists [S1.36]."""


def refuse_criterion(criterion: str, policy: tuple[str, ...]) -> None:
    """Raises BadInput for a criterion that the policy does not list [S1.36]."""
    if criterion and policy and criterion not in policy:
        raise BadInput(f"'{criterion}' is no emergency by policy.{did_you_mean(criterion, policy)}")


def refuse_without_criterion(plan: Plan, policy: tuple[str, ...]) -> None:
    """Raises BadInput for an emergency that does not say by which of the policy's criteria it is one."""
    if plan.type == "emergency" and policy and not plan.emergency_criterion:
        raise BadInput(
            f"An emergency says by which criterion of the policy it is one: {', '.join(policy)}. "
            "Choose it with --criterion, or in the form."
        )


def refuse_ungoverned(plan: Plan) -> None:
    """Raises BadInput for an emergency without the criteria that the policy wants of each [S1.36]."""
    missing = [name for name in EMERGENCY_CRITERIA if name not in plan.criteria]
    if plan.type != "emergency" or "all" in plan.criteria or not missing:
        return
    way_out = (
        f"{plan.copied_from} was not governed either: create a new one"
        if plan.copied_from
        else f"the template {plan.template} lists not all of them. Take the template governed-emergency"
    )
    raise BadInput(
        f"The policy wants every emergency governed (governed_emergencies): {', '.join(missing)}. Here "
        f"{way_out}{' from the template governed-emergency' if plan.copied_from else ''}."
    )


def following_dossier(release: Release) -> Dossier:
    """The dossier that a release begins with which follows this one: its parts and what did not go out.

    What holds for the service stays (rollback limits and triggers, contacts, resources); what was
    recorded does not. Raises Refused while the outcome is not known.
    """
    before = release.dossier
    return Dossier(
        follows=release.id,
        changes=leftovers(release),
        resources=before.resources,
        rollback_minutes=before.rollback_minutes,
        rollback_limit=before.rollback_limit,
        rollback_triggers=before.rollback_triggers,
        test_plan=before.test_plan,
        contacts=before.contacts,
    )
