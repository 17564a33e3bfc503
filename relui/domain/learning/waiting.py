"""What was learned waits for people too: open actions for their owners, reviews for those of the releases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from relui.domain.dossier.waiting import Waiting
from relui.domain.learning.actions import Action
from relui.domain.learning.carrying import carried_by
from relui.domain.learning.pir import DueReview
from relui.domain.learning.retrospectives import OwedRetrospective
from relui.domain.release import Release


def waiting_actions(actions: Iterable[Action], releases: Iterable[Release]) -> Iterator[Waiting]:
    """A row for each open action, on the active release where it stands, else on the one that raised it."""
    places = {name: release.id for release in releases for name in carried_by(release)}
    for each in actions:
        if each.open:
            where = places.get(each.id, each.release)
            words = f"{each.id} of {each.release}: {each.text}"
            yield Waiting("action", where, each.id, words, (each.owner,))


def waiting_retrospectives(owed: Iterable[OwedRetrospective]) -> Iterator[Waiting]:
    """A row for each retrospective that is owed after the closing, for the owner of its release."""
    for each in owed:
        yield Waiting(
            "retrospective",
            each.release,
            "retrospective",
            f"Write the retrospective of {each.service} {each.version}, which was closed without",
            (each.owner,),
            "release-owner",
            each.due,
            each.overdue,
        )


def waiting_reviews(reviews: Iterable[DueReview], owners: Mapping[str, str]) -> Iterator[Waiting]:
    """A row for each review that is due; a periodic one waits for every owner of its releases."""
    for each in reviews:
        people = tuple(dict.fromkeys(owners[name] for name in each.releases if name in owners))
        yield Waiting(
            "review",
            each.releases[0],
            "close.pir",
            each.words,
            people,
            "release-owner",
            each.due,
            each.overdue,
        )
