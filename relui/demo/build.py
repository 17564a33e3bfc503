"""The demo: a made-up organisation with six active releases and eighteen months of archived ones.

Everything is told relative to the clock's present moment, and drawn with a fixed seed: the same moment
gives the same bytes. Nothing of it happened, so every log entry is marked simulated, also under the
host's own clock.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from relui.clock import Clock
from relui.demo.archive import archived_story
from relui.demo.drafts import drafts
from relui.demo.inputs import EntryInput, Moments, read_active, read_calendar, read_vocabulary
from relui.demo.learned import CARRIER, Loop
from relui.demo.stories import Bookings, Composer, Numbers, Story, Versions, active_story, told
from relui.desk.desk import Desk
from relui.desk.organisation import OrganisationActs
from relui.documents.organisation_yaml import organisation_yaml
from relui.domain.calendar.entries import CalendarEntry, Days, Span
from relui.domain.log import Actor
from relui.domain.organisation import Absence, Organisation
from relui.store.bulk import BulkRecord, refuse_occupied, spend_numbers, write_bulk, write_learned

if TYPE_CHECKING:
    from relui.domain.organisation import Organisation
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
    refuse_occupied(data)
    now = clock.now()
    moments, organisation = _import_organisation(data, inputs, now, days + 40, library, host_zone)
    bookings = Bookings(organisation)
    stories = _stories(inputs, moments, Composer(library), bookings, archived, active, days, seed)
    numbers = Numbers()
    named = [(numbers.next_for(story.plan), story) for story in sorted(stories, key=_by_creation)]
    active_stories = [story for story in stories if story.role]
    loop = Loop(active_stories, read_vocabulary(inputs), organisation, moments, seed)
    write_bulk(data, _records(named, loop))
    write_learned(data, loop.book.state, loop.book.log)
    spend_numbers(data, numbers.spent)
    return {story.role: release_id for release_id, story in reversed(named) if story.role}


def _import_organisation(
    data: Path,
    inputs: Path,
    now: datetime,
    days: int,
    library: Callable[[], TemplateLibrary],
    host_zone: Callable[[], str],
) -> tuple[Moments, Organisation]:
    """Import the organisation as a person would have done `days` ago, and lately what happens around now."""

    def acts_at(at: datetime) -> OrganisationActs:
        clock = Clock(at, frozen=True)
        return Desk(data, clock=clock, actor=FOUNDER, library=library, host_zone=host_zone).organisation

    organisation = acts_at(now - timedelta(days=days)).import_file(inputs / "organisation.yaml")
    moments = Moments(now, organisation.zone or host_zone())
    lately = acts_at(moments.read(read_calendar(inputs).was))
    import_calendar(lately, organisation, inputs, moments)
    return moments, lately.read()


def _stories(
    inputs: Path,
    moments: Moments,
    composer: Composer,
    bookings: Bookings,
    archived: int,
    active: int | None,
    days: int,
    seed: int,
) -> list[Story]:
    """All stories: archived ones first, because the active ones' versions follow theirs."""
    vocabulary = read_vocabulary(inputs)
    versions = Versions({service.id: service.version for service in vocabulary.services})
    found = [
        archived_story(draft, vocabulary, moments, composer, seed)
        for draft in drafts(vocabulary, moments, versions, count=archived, days=days, seed=seed)
    ]
    given = read_active(inputs)
    services = [service.id for service in vocabulary.services]
    for number in range(len(given) if active is None else active):
        wanted, turn = given[number % len(given)], number // len(given)
        service = services[(services.index(wanted.service) + turn) % len(services)]
        then = Moments(moments.now - timedelta(hours=turn), moments.zone)
        found.append(active_story(wanted, then, composer, versions, bookings, service))
    return found


def _by_creation(story: Story) -> tuple[datetime, str, str]:
    return story.created_at, story.plan.service, story.plan.version


def _records(named: list[tuple[str, Story]], loop: Loop) -> Iterator[BulkRecord]:
    """Every story told; last those that begin with what the others have taught."""
    for release_id, story in named:
        if story.role != CARRIER:
            record = told(story, release_id)
            loop.take(record.release)
            yield record
    loop.begin()
    for release_id, story in named:
        if story.role == CARRIER:
            yield told(loop.carried(story, release_id), release_id)


def import_calendar(
    acts: OrganisationActs, organisation: Organisation, inputs: Path, moments: Moments
) -> None:
    """Import the organisation again, with the entries and absences of data/calendar.yaml around now."""
    whole = with_calendar(organisation, inputs, moments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "organisation.yaml"
        path.write_text(organisation_yaml(whole), encoding="utf-8")
        acts.import_file(path)


def with_calendar(organisation: Organisation, inputs: Path, moments: Moments) -> Organisation:
    """The organisation with what happens once around the present moment. Raises BadInput."""
    given = read_calendar(inputs)
    away: dict[str, tuple[Absence, ...]] = {}
    for absence in given.away:
        first, last = moments.day(absence.first), moments.day(absence.last)
        away[absence.person] = (*away.get(absence.person, ()), Absence(first, last, absence.reason))
    people = tuple(
        replace(person, away=(*person.away, *away.get(person.id, ()))) for person in organisation.people
    )
    entries = (*organisation.entries, *(_entry(entry, moments) for entry in given.entries))
    return replace(organisation, people=people, entries=entries)


def _entry(given: EntryInput, moments: Moments) -> CalendarEntry:
    when: Days | Span
    if moments.is_day(given.first):
        when = Days(moments.day(given.first), moments.day(given.last))
    else:
        when = Span(_wall(given.first, moments), _wall(given.last, moments))
    return CalendarEntry(
        kind=given.kind,
        id=given.id,
        name=given.name,
        when=when,
        services=given.services,
        environments=given.environments,
        note=given.note,
    )


def _wall(text: str, moments: Moments) -> datetime:
    return moments.read(text).astimezone(moments.info).replace(tzinfo=None)
