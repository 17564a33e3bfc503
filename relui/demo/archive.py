"""An archived release of the demo: from its draft to a story, planned or emergency."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

from relui.demo.course import Case, Crew
from relui.demo.drafts import Draft
from relui.demo.emergencies import EmergencyCourse
from relui.demo.inputs import Vocabulary
from relui.demo.planned import PlannedCourse
from relui.demo.stories import Composer, Story
from relui.demo.times import Moments, workdays_from
from relui.domain.creation import Plan
from relui.domain.log import Actor
from relui.domain.release import Impact

_DURATIONS = {"major": (180, 240), "minor": (60, 90, 120), "patch": (45, 60), "emergency": (60,)}
_LEAD = {"major": (11, 17), "minor": (6, 10), "patch": (4, 5)}  # working days from creation to go-live
_IMPACTS: dict[str, tuple[Impact, ...]] = {
    "major": ("high", "high", "medium"),
    "minor": ("medium", "medium", "low", "high"),
    "patch": ("low", "low", "medium"),
    "emergency": ("high",),
}


def archived_story(
    draft: Draft, vocabulary: Vocabulary, moments: Moments, composer: Composer, seed: int
) -> Story:
    """The story of an archived release, from its creation to its close."""
    rng = random.Random(f"release {seed} {draft.number}")
    crew = _crew(rng)
    plan = _plan(draft, moments, composer, rng, crew.owner.name)
    checklist = composer.checklist(plan)
    case = Case(
        draft=draft,
        plan=plan,
        phases=checklist.phases,
        since=moments.since(draft.go_live),
        created=_created(draft, plan, moments, rng),
        crew=crew,
        words=vocabulary,
        rng=rng,
    )
    course = EmergencyCourse if draft.emergency else PlannedCourse
    return Story(
        plan=plan,
        checklist=checklist,
        created_by=crew.owner,
        created_at=case.created,
        steps=lambda: course(case).steps_taken(),
    )


def _plan(draft: Draft, moments: Moments, composer: Composer, rng: random.Random, owner: str) -> Plan:
    template = "governed-emergency" if draft.emergency else "standard"
    go_live = draft.go_live
    if draft.moved:
        day = moments.day_of(go_live) - timedelta(days=7)
        go_live = moments.wall(day, go_live.astimezone(moments.info).time())
    return Plan(
        service=draft.service.id,
        version=draft.version,
        type=draft.type,
        owner=owner,
        go_live=go_live,
        zone=moments.zone,
        template=template,
        title=f"{draft.version} - {draft.title}" if draft.title else "",
        impact=rng.choice(_IMPACTS[draft.type]),
        duration=rng.choice(_DURATIONS[draft.type]),
        rationale=draft.emergency.rationale if draft.emergency else "",
        emergency_criterion=draft.emergency.criterion if draft.emergency else "",
        packs=() if draft.emergency else draft.kit.packs,
        without=("payment", "announcement", "social") if draft.emergency else draft.kit.without,
        values={} if draft.emergency else draft.kit.values,
        criteria=composer.criteria(template),
    )


def _created(draft: Draft, plan: Plan, moments: Moments, rng: random.Random) -> datetime:
    if draft.emergency:
        return plan.go_live - timedelta(minutes=rng.randint(70, 150))
    day = workdays_from(moments.day_of(plan.go_live), -rng.randint(*_LEAD[draft.type]))
    return moments.wall(day, time(rng.randint(9, 15), rng.randint(0, 59)))


def _crew(rng: random.Random) -> Crew:
    owner = rng.choice(("mara", "mara", "jonas"))
    developer = "priya" if owner == "jonas" else rng.choice(("priya", "jonas"))
    on_duty, on_call = rng.choice((("tomasz", "emre"), ("emre", "tomasz")))
    account = rng.choice(("deploy", "deploy", on_duty))  # from the shared host, or from their own
    return Crew(
        Actor(owner, owner),
        Actor(developer, developer),
        Actor("aiko", "aiko"),
        Actor(account, on_duty),
        on_call,
    )
