"""What the demo's last retrospectives asked for, and the reviews that were held [S0.9, S1.29]."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from functools import partial

from msgspec.structs import replace

from relui.demo.inputs import Moments, Vocabulary, minute
from relui.demo.stories import Checklist, Story
from relui.domain.learning.actions import (
    Action,
    ActionState,
    Learned,
    Step,
    follow,
    noted,
    reassign,
    settle,
)
from relui.domain.learning.carrying import with_actions
from relui.domain.learning.reviews import record_review, reviews_due
from relui.domain.log import Act, Actor, Entry, Head, next_entry
from relui.domain.organisation import Organisation
from relui.domain.patches import Document, diff
from relui.domain.release import Release
from relui.domain.summary import Summary, summarise
from relui.store.records import SCHEMA, document_of

CARRIER = "created"
"""The role of the active release on whose checklist an action stands."""
EACH = 2
"""Retrospectives of a service that raised actions: the loop was begun lately."""
WAITING = timedelta(days=20)
"""Reviews that were due so lately have not been held yet."""
_TAKEN = re.compile(r": (\w+) takes it\.")


def _closed(release: Release) -> tuple[datetime, str]:
    assert release.closing is not None
    return release.closing.at, release.id


class ActionBook:
    """Writes what was learned and its log, act by act. Entries are made up, so all are marked simulated."""

    def __init__(self) -> None:
        self.learned = Learned()
        self.log: list[Entry] = []
        self.state: Document = {}

    def write(self, step: Step, by: str, at: datetime) -> None:
        """Add the entry of an act, if it changed anything."""
        self.learned, words = step
        if not words:
            return
        document = {"schema": SCHEMA, **document_of(self.learned)}
        last = self.log[-1] if self.log else None
        head = Head(last.seq, last.hash) if last else Head()
        act = Act("learn", words, reversible=False)
        patches = diff(self.state, document)
        self.log.append(next_entry(head, act, Actor(by, by), at, patches, simulated=True))
        self.state = document


class Loop:
    """From the last retrospectives of the archive to actions, and to a checklist that begins with some.

    What the newest retrospective of a service asked for is open where no release of the service is active,
    and where the active one carries it. The others are done, every third of them dropped with a reason.
    """

    def __init__(
        self,
        active: Sequence[Story],
        words: Vocabulary,
        organisation: Organisation,
        moments: Moments,
        seed: int,
    ) -> None:
        self.book = ActionBook()
        self._active, self._words = active, words
        self._organisation, self._moments = organisation, moments
        self._rng = random.Random(f"actions {seed}")
        self._taught: dict[str, list[Release]] = {}
        self._rows: list[Summary] = []

    def take(self, release: Release) -> None:
        """Look at one more release; whole ones are kept of the last few of each service only."""
        self._rows.append(summarise(release))
        if release.closing is not None and release.retrospective.next:
            known = self._taught.setdefault(release.service, [])
            known.append(release)
            known.sort(key=_closed)
            del known[:-EACH]

    def begin(self) -> None:
        """All archived releases were looked at: raise actions, settle those that had time, hold reviews."""
        acts = [*self._reviews(), *self._actions()]
        for _, act in sorted(acts, key=lambda each: each[0]):
            act()

    def _reviews(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """All reviews but the latest, which wait: each on the day when it was due, at ten [S1.29]."""
        moments, notes = self._moments, self._words.reviews
        owners = {row.id: row.owner for row in self._rows}
        due = reviews_due(self._rows, Learned(), self._organisation, moments.now, moments.zone)
        past = [each for each in due if each.due < moments.now - WAITING]
        for number, each in enumerate(past):
            at = moments.wall(moments.day_of(each.due), time(10))
            by, words = owners[each.releases[0]], notes[number % len(notes)]
            yield at, partial(self._hold, each.releases, words, by, at)

    def _hold(self, releases: tuple[str, ...], notes: str, by: str, at: datetime) -> None:
        day = self._moments.day_of(at)
        self.book.write(record_review(self.book.learned, releases, notes, day, by, at), by, at)

    def _actions(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        every = sorted((each for found in self._taught.values() for each in found), key=_closed)
        for number, release in enumerate(every):
            at, until = _closed(release)[0], self._began(release.service)
            if at >= until:
                continue  # it would stand on the active release, which was there already
            yield at, partial(self._act, release, "open", at, number)
            if not self._stays(release):
                took = timedelta(days=self._rng.randint(2, 12), minutes=self._rng.randint(0, 400))
                then = minute(at + min(took, (until - at) * 0.8))
                state: ActionState = "dropped" if number % 3 == 1 else "done"
                yield max(at, then), partial(self._act, release, state, max(at, then), number)

    def _began(self, service: str) -> datetime:
        """When the first active release of a service was created; now without any."""
        return min(
            (each.created_at for each in self._active if each.plan.service == service),
            default=self._moments.now,
        )

    def _stays(self, release: Release) -> bool:
        roles = {story.role for story in self._active if story.plan.service == release.service}
        return release is self._taught[release.service][-1] and (not roles or CARRIER in roles)

    def _act(self, release: Release, state: ActionState, at: datetime, number: int) -> None:
        """Raise the actions of a release, or settle them all."""
        book = self.book
        if state == "open":
            book.write(follow(book.learned, release, release.owner, at), release.owner, at)
        for action in book.learned.of_release(release.id):
            if state != "open":
                settled = self._words.settled
                reasons = settled.dropped if state == "dropped" else settled.done
                why = reasons[number % len(reasons)]
                book.write(settle(book.learned, action.id, state, action.owner, at, why), action.owner, at)
            elif taken := _TAKEN.search(action.text):
                book.write(reassign(book.learned, action.id, taken[1].lower()), release.owner, at)

    def carried(self, story: Story, release_id: str) -> Story:
        """The story of a release that begins with the open actions of its service."""
        book, service = self.book, story.plan.service
        actions = [each for each in book.learned.actions if each.open and each.service == service]
        if not actions:
            return story

        def mark(action: Action) -> Action:
            return replace(action, carried=(*action.carried, release_id))

        names = [action.id for action in actions]
        words = f"{', '.join(names)} went to {release_id}"
        book.write(noted(book.learned, names, mark, words), story.created_by.name, story.created_at)
        phases = with_actions(story.checklist.phases, actions)
        return replace(story, checklist=Checklist(phases, [document_of(phase) for phase in phases]))
