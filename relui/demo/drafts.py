"""The demo's archive in outline: which service was released when, as what, and how it ended.

The same seed gives the same sequence whatever the day is: every draw comes before the calendar is
looked at, and each release has a generator of its own for what happened in it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import asdict

from relui.demo.inputs import Cause, EmergencyInput, Kit, Lesson, Moments, ServiceInput, Shares, Vocabulary
from relui.demo.stories import Versions
from relui.domain.release import Outcome, ReleaseType

T = TypeVar("T")

NEWEST = 10
"""Days ago of the last archived go-live: even an emergency with its debt is closed since."""


class Sketch(Struct, frozen=True, kw_only=True):
    """When one archived release went live (UTC), as what; `moved` once by a week before that."""

    number: int
    service: ServiceInput
    type: ReleaseType
    outcome: Outcome
    go_live: datetime
    moved: bool


class Draft(Sketch, frozen=True, kw_only=True):
    """One archived release before it is told.

    `well` and `hard` are for its retrospective, `lesson` is what it leaves to the next release of the
    service, and `learned` what the one before, `previous`, left to this one.
    """

    kit: Kit
    title: str
    previous: str
    version: str
    well: tuple[str, ...]
    hard: tuple[str, ...]
    lesson: Lesson
    learned: Lesson | None
    cause: Cause | None
    emergency: EmergencyInput | None


class Bag(Generic[T]):
    """Draws without repetition until everything was drawn, then anew: neighbours don't read alike."""

    def __init__(self, rng: random.Random, things: Sequence[T]) -> None:
        self._rng, self._things = rng, things
        self._left: list[T] = []

    def draw(self) -> T:
        """One thing out of the bag."""
        if not self._left:
            self._left = self._rng.sample(self._things, len(self._things))
        return self._left.pop()


def drafts(
    words: Vocabulary, moments: Moments, versions: Versions, *, count: int, days: int, seed: int
) -> Iterator[Draft]:
    """The drafts of `count` archived releases over the last `days` days, by go-live."""
    rng = random.Random(f"archive {seed}")
    sketches = _sketches(words, moments, rng, count, days)
    well, hard, emergencies = Bag(rng, words.well), Bag(rng, words.hard), Bag(rng, words.emergencies)
    lessons: Bag[Lesson] = Bag(rng, words.next)
    causes = {"rolled-back": Bag(rng, words.rolled_back), "partial": Bag(rng, words.partial)}
    titles = {service.id: Bag(rng, service.titles) for service in words.services}
    learned: dict[str, Lesson] = {}
    for sketch in sorted(sketches, key=lambda sketch: (sketch.go_live, sketch.number)):
        name = sketch.service.id
        cause = causes[sketch.outcome].draw() if sketch.outcome in causes else None
        emergency = emergencies.draw() if sketch.type == "emergency" else None
        lesson = cause or lessons.draw()
        previous, version = versions.next_for(name, sketch.type, moments.day_of(sketch.go_live))
        kit = rng.choice(sketch.service.kits)
        own = "" if emergency or rng.random() >= 0.45 else titles[name].draw()  # every other release has none
        yield Draft(
            **asdict(sketch),
            kit=kit,
            title=emergency.title if emergency else own,
            previous=previous,
            version=version,
            well=tuple(well.draw() for _ in range(rng.choice((1, 1, 2)))),
            hard=tuple(hard.draw() for _ in range(rng.choice((1, 1, 1, 2)))),
            lesson=lesson,
            learned=learned.get(name),
            cause=cause,
            emergency=emergency,
        )
        if sketch.outcome != "cancelled":
            learned[name] = lesson


def _sketches(words: Vocabulary, moments: Moments, rng: random.Random, count: int, days: int) -> list[Sketch]:
    types = _types(words.shares, rng, count)
    outcomes = _outcomes(words.shares, rng, types)
    calm = [at for at in range(count) if outcomes[at] == "successful" and types[at] != "emergency"]
    moved = set(rng.sample(calm, min(len(calm), _share(words.shares.moved, count))))
    found: list[Sketch] = []
    for number in range(count):
        recent = [sketch.service for sketch in found[-2:]]
        free = [service for service in words.services if service not in recent]
        service = rng.choices(free, [service.weight for service in free])[0]
        back = days - (number + rng.uniform(0.1, 0.9)) * (days - NEWEST) / count
        found.append(
            Sketch(
                number=number,
                service=service,
                type=types[number],
                outcome=outcomes[number],
                go_live=_go_live(moments, int(back), types[number], service, rng),
                moved=number in moved,
            )
        )
    return found


def _types(shares: Shares, rng: random.Random, count: int) -> list[ReleaseType]:
    types: list[ReleaseType] = ["emergency"] * _share(shares.emergency, count)
    types += ["major"] * _share(shares.major, count)
    types += ["patch"] * _share(shares.patch, count)
    types += ["minor"] * (count - len(types))
    rng.shuffle(types)
    return types


def _outcomes(shares: Shares, rng: random.Random, types: Sequence[ReleaseType]) -> list[Outcome]:
    """An emergency always ends well: anything else would be the next emergency."""
    outcomes: list[Outcome] = ["successful"] * len(types)
    planned = [index for index, type_ in enumerate(types) if type_ != "emergency"]
    rng.shuffle(planned)
    endings: list[tuple[Outcome, int]] = [
        ("rolled-back", shares.rolled_back),
        ("partial", shares.partial),
        ("cancelled", shares.cancelled),
    ]
    for outcome, percent in endings:
        for _ in range(min(_share(percent, len(types)), len(planned))):
            outcomes[planned.pop()] = outcome
    return outcomes


def _share(percent: int, count: int) -> int:
    return round(percent * count / 100)


def _go_live(
    moments: Moments, days_ago: int, type_: ReleaseType, service: ServiceInput, rng: random.Random
) -> datetime:
    """Emergencies come at any hour; majors go live on Saturdays, everything else from Monday to Thursday."""
    hour = rng.choice(service.hours)
    any_time = time(rng.randrange(24), rng.randrange(0, 60, 5))
    day = moments.day_of(moments.now) - timedelta(days=days_ago)
    if type_ == "emergency":
        return moments.wall(day, any_time)
    while (day.weekday() != 5) if type_ == "major" else (day.weekday() > 3):
        day -= timedelta(days=1)
    return moments.wall(day, time.fromisoformat("20:00" if type_ == "major" else hour))


def retrospective(draft: Draft, words: Vocabulary, *, kept: bool, rng: random.Random) -> dict[str, str]:
    """The three answers, names not filled in yet; each takes up what the one before it had asked for.

    `kept` is whether the action that the release before had asked for was done this time.
    """
    well, hard = list(draft.well), list(draft.hard)
    if why := draft.emergency or draft.cause:
        hard[:1] = [why.hard]
    learned = draft.learned
    if learned is not None and kept:
        well.insert(rng.randrange(len(well) + 1), learned.kept)
    elif learned is not None:
        hard.append(rng.choice(words.again).replace("{action}", learned.action))
    action = draft.lesson.action
    asked = (f"{action}.", f"{action}: {{dev}} takes it.", f"{action}. {{owner}} asks for it in two weeks.")
    return {"well": " ".join(well), "hard": " ".join(hard), "next": rng.choice(asked)}
