"""What the demo's last retrospectives asked for: actions that are open, done or dropped [S0.9]."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from relui.demo.inputs import Settled
from relui.demo.stories import Checklist, Story
from relui.demo.times import minute
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
from relui.domain.log import Act, Entry, Head, next_entry
from relui.domain.patches import Document, diff
from relui.domain.people import Actor
from relui.domain.release import Release
from relui.store.records import SCHEMA, document_of

CARRIER = "created"
"""The role of the active release on whose checklist an action stands."""
EACH = 2
"""Retrospectives of a service that raised actions: the loop was begun lately."""
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

    def __init__(self, active: Sequence[Story], words: Settled, now: datetime, seed: int) -> None:
        self.book = ActionBook()
        self._active, self._words, self._now = active, words, now
        self._rng = random.Random(f"actions {seed}")
        self._taught: dict[str, list[Release]] = {}

    def take(self, release: Release) -> None:
        """Look at one more release; only the last few of each service are kept."""
        if release.closing is not None and release.retrospective.next:
            known = self._taught.setdefault(release.service, [])
            known.append(release)
            known.sort(key=_closed)
            del known[:-EACH]

    def begin(self) -> None:
        """All archived releases were looked at: raise their actions, and settle those that had time."""
        acts: list[tuple[datetime, int, Release, ActionState]] = []
        every = sorted((each for found in self._taught.values() for each in found), key=_closed)
        for number, release in enumerate(every):
            at, until = _closed(release)[0], self._began(release.service)
            if at >= until:
                continue  # it would stand on the active release, which was there already
            acts.append((at, number, release, "open"))
            if not self._stays(release):
                took = timedelta(days=self._rng.randint(2, 12), minutes=self._rng.randint(0, 400))
                then = minute(at + min(took, (until - at) * 0.8))
                acts.append((max(at, then), number, release, "dropped" if number % 3 == 1 else "done"))
        for at, number, release, state in sorted(acts, key=lambda act: act[:2]):
            self._act(release, state, at, number)

    def _began(self, service: str) -> datetime:
        """When the first active release of a service was created; now without any."""
        return min(
            (each.created_at for each in self._active if each.plan.service == service), default=self._now
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
                reasons = self._words.dropped if state == "dropped" else self._words.done
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
