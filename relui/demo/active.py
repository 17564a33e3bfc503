"""The demo's active releases: from data/releases.yaml to stories around the present moment."""

from __future__ import annotations

from relui.demo.bookings import Bookings
from relui.demo.gates import begin, passing
from relui.demo.inputs import ReleaseInput, StepInput
from relui.demo.stories import ActName, Composer, Rule, Step, Story
from relui.demo.times import Moments
from relui.demo.versions import Versions
from relui.domain.creation import Plan
from relui.domain.instants import parse_duration
from relui.domain.log import Actor
from relui.domain.marking import Details
from relui.errors import BadInput


def active_story(
    given: ReleaseInput,
    moments: Moments,
    composer: Composer,
    versions: Versions,
    bookings: Bookings,
    service: str = "",
) -> Story:
    """The story of an active release, whose version follows the service's last one.

    `service` takes the place of the one in the inputs.
    """
    service = service or given.service
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
    return Story(
        plan=plan,
        checklist=composer.checklist(plan),
        created_by=Actor(given.owner, given.owner),
        created_at=since.read(given.created),
        steps=lambda: _steps(given, since, bookings),
        role=given.role,
    )


def _steps(given: ReleaseInput, since: Moments, bookings: Bookings) -> list[Step]:
    """The acts in their order, the booking among them."""
    steps = [_step(step, since) for step in given.steps]
    if given.booked:
        by = Actor(given.owner, given.owner)
        steps.append(Step(at=since.read(given.booked), by=by, act="book", rule=bookings.book))
    return sorted(steps, key=lambda step: step.at)


def _step(given: StepInput, since: Moments) -> Step:
    act, paths, texts = _act(given)
    fields = {name: since.value(value) for name, value in given.fields.items()}
    return Step(
        at=since.read(given.at),
        by=Actor(given.account or given.by, given.by),
        act=act,
        paths=paths,
        reason=given.reason,
        record=Details(given.note, given.evidence, fields),
        given=texts,
        rule=_rule(given),
    )


def _rule(given: StepInput) -> Rule | None:
    if given.override:
        return passing(given.override)
    return begin if given.start else None


def _act(given: StepInput) -> tuple[ActName, tuple[str, ...], dict[str, str]]:
    """Which act it is, on which items, with which texts."""
    found: list[tuple[ActName, tuple[str, ...], dict[str, str]]] = [
        ("tick", given.tick, {}),
        ("skip", given.skip, {}),
        ("fail", given.fail, {}),
        ("annotate", given.annotate, {}),
        ("edit", (), given.edit),
        ("retrospective", (), given.retrospective),
        ("override", (), {"reason": given.override} if given.override else {}),
        ("start", (), {"start": "now"} if given.start else {}),
    ]
    said = [one for one in found if one[1] or one[2]]
    if len(said) != 1:
        raise BadInput(f"The demo's step at '{given.at}' by {given.by} must be exactly one act.")
    return said[0]
