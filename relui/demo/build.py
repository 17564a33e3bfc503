"""The demo: a made-up organisation with six active releases and eighteen months of archived ones.

Everything is told relative to the clock's present moment, and drawn with a fixed seed: the same moment
gives the same bytes. Nothing of it happened, so every log entry is marked simulated, also under the
host's own clock.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from relui.clock import Clock
from relui.demo.archive import archived_story
from relui.demo.drafts import drafts
from relui.demo.inputs import Moments, Vocabulary, read_active, read_calendar, read_vocabulary
from relui.demo.learned import CARRIER, Loop
from relui.demo.stories import Bookings, Composer, Story, Versions, active_story, record_of
from relui.desk.desk import Desk
from relui.desk.organisation import OrganisationActs
from relui.domain.identifiers import identifier, month_of
from relui.domain.log import Actor
from relui.store.file_store import FileStore
from relui.store.seam import BulkRecord

if TYPE_CHECKING:
    from relui.loading.templates import TemplateLibrary

ARCHIVED = 120
DAYS = 548
"""Eighteen months."""
SEED = 1
FOUNDER = Actor("mara", "mara")
"""Who imported the organisation, before the first release."""


def build_demo(
    data: Path,
    inputs: Path,
    *,
    clock: Clock,
    library: Callable[[], TemplateLibrary],
    host_zone: Callable[[], str],
    archived: int = ARCHIVED,
    active: int | None = None,
    days: int = DAYS,
    seed: int = SEED,
) -> Mapping[str, str]:
    """Fill an empty data folder; returns the identifier of each active release by its role.

    `inputs` holds organisation.yaml, calendar.yaml, releases.yaml and archive.yaml; they name items of the
    bundled templates, so `library` is one without a team's own. `archived` releases are spread over `days`.
    `active` releases beyond those in the inputs repeat them for other services. Raises Refused for a
    folder that holds anything already.
    """
    bulk = FileStore(data).bulk
    bulk.refuse_occupied()
    now = clock.now()

    def acts_at(at: datetime) -> OrganisationActs:
        then = Clock(at, frozen=True)
        desk = Desk(
            FileStore(data), data=data, clock=then, actor=FOUNDER, library=library, host_zone=host_zone
        )
        return desk.organisation

    before = acts_at(now - timedelta(days=days + 40)).import_file(inputs / "organisation.yaml")
    moments = Moments(now, before.zone or host_zone())
    organisation = _import_calendar(acts_at, inputs, moments).read()
    words, composer, bookings = read_vocabulary(inputs), Composer(library), Bookings(organisation)
    versions = Versions({service.id: service.version for service in words.services})
    planned = drafts(words, moments, versions, count=archived, days=days, seed=seed)
    stories = [archived_story(draft, words, moments, composer, seed) for draft in planned]
    stories += _active(inputs, words, moments, composer, versions, active)  # their versions follow
    spent: Counter[str] = Counter()
    named: list[tuple[str, Story]] = []
    for story in sorted(stories, key=lambda each: (each.created_at, each.plan.service, each.plan.version)):
        month = month_of(story.plan.go_live, story.plan.zone)
        spent[month] += 1
        named.append((identifier(month, spent[month]), story))
    loop = Loop([story for story in stories if story.role], words, organisation, moments, seed)
    bulk.write(_records(named, loop, bookings))
    bulk.write_learned(loop.book.state, loop.book.log)
    bulk.spend_numbers(spent)
    return {story.role: release_id for release_id, story in reversed(named) if story.role}


def _import_calendar(
    acts_at: Callable[[datetime], OrganisationActs], inputs: Path, moments: Moments
) -> OrganisationActs:
    """Import the organisation once more, with data/calendar.yaml around the present moment."""
    from relui.loading.yaml_reader import read_yaml

    whole: dict[str, Any] = read_yaml(inputs / "organisation.yaml").data
    people = {person["id"]: person for person in whole["people"]}
    calendar = read_calendar(inputs)
    acts = acts_at(moments.read(calendar.pop("was")))
    for section, entries in calendar.items():
        for entry in entries:
            for each in entry.get("away", [entry]):
                each |= {key: moments.written(each[key]) for key in ("from", "to")}
            if section == "people":
                people[entry["id"]].setdefault("away", []).extend(entry["away"])
            else:
                whole.setdefault(section, []).append(entry)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "organisation.yaml"
        path.write_bytes(msgspec.json.encode(whole))  # what is JSON is YAML
        acts.import_file(path)
    return acts


def _active(
    inputs: Path,
    words: Vocabulary,
    moments: Moments,
    composer: Composer,
    versions: Versions,
    count: int | None,
) -> Iterator[Story]:
    """The stories of the active releases; each time round, they are another service's, an hour earlier."""
    given = read_active(inputs)
    services = [service.id for service in words.services]
    for number in range(len(given) if count is None else count):
        turn, place = divmod(number, len(given))
        service = services[(services.index(given[place].service) + turn) % len(services)]
        then = Moments(moments.now - timedelta(hours=turn), moments.zone)
        yield active_story(given[place], then, composer, versions, service)


def _records(named: list[tuple[str, Story]], loop: Loop, bookings: Bookings) -> Iterator[BulkRecord]:
    """Every story told; last those that begin with what the others have taught."""
    for release_id, story in named:
        if story.role != CARRIER:
            record = record_of(story, release_id, bookings)
            loop.take(record.release)
            yield record
    loop.begin()
    for release_id, story in named:
        if story.role == CARRIER:
            yield record_of(loop.carried(story, release_id), release_id, bookings)
