"""Acts on checklist items: tick, untick, leave out, fail, annotate; and on the runbook's steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from relui.desk.act import Done
from relui.domain import customising, marking, runbook
from relui.domain.fields import checked_people, person_fields
from relui.domain.marking import NO_DETAILS, Details
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.errors import BadInput

if TYPE_CHECKING:
    from relui.desk.journal import Journal
    from relui.desk.organisation import OrganisationActs
    from relui.domain.checklist import Phase
    from relui.domain.customising import Gain
    from relui.loading.templates import TemplateLibrary


_Reasoned = Callable[[Release, Iterable[str], str, datetime, str, Details], Ruling]
"""A rule that takes items, who, when, the reason, and what is recorded with it."""


class ItemActs:
    """What a release owner does most: one method an act, each one write."""

    def __init__(
        self, journal: Journal, organisation: OrganisationActs, library: Callable[[], TemplateLibrary]
    ) -> None:
        self._journal = journal
        self._organisation = organisation
        self._library = library

    def tick(
        self,
        release_id: str,
        items: Iterable[str],
        record: Details = NO_DETAILS,
        override: str = "",
        *,
        early: bool = False,
    ) -> Done:
        """Tick items; a parent ticks its open leaves. Ticking again changes nothing and says so.

        What cannot have happened yet is left, unless it is said to be `early`.
        """
        paths = item_paths(items)
        return self._journal.change(
            release_id,
            lambda release, by, now: marking.tick(
                release, paths, by, now, self._with_people(release, paths, record), override, early=early
            ),
        )

    def untick(self, release_id: str, items: Iterable[str]) -> Done:
        """Open items again; notes, evidence and fields stay."""
        paths = item_paths(items)
        return self._journal.change(
            release_id, lambda release, by, now: marking.untick(release, paths, by, now)
        )

    def skip(
        self, release_id: str, items: Iterable[str], reason: str = "", record: Details = NO_DETAILS
    ) -> Done:
        """Set items to not applicable; required ones need a reason."""
        return self._without_ticking(marking.not_applicable, release_id, items, reason, record)

    def fail(self, release_id: str, items: Iterable[str], reason: str, record: Details = NO_DETAILS) -> Done:
        """Mark items as failed, with a reason."""
        return self._without_ticking(marking.fail, release_id, items, reason, record)

    def _without_ticking(
        self, rule: _Reasoned, release_id: str, items: Iterable[str], reason: str, record: Details
    ) -> Done:
        paths = item_paths(items)
        return self._journal.change(
            release_id,
            lambda release, by, now: rule(
                release, paths, by, now, reason, self._with_people(release, paths, record)
            ),
        )

    def annotate(self, release_id: str, item: str, record: Details) -> Done:
        """Record a note, evidence or field values on an item; its state stays."""
        return self._journal.change(
            release_id,
            lambda release, by, now: marking.annotate(
                release, item, by, now, self._with_people(release, (item,), record)
            ),
        )

    def _with_people(self, release: Release, paths: Iterable[str], record: Details) -> Details:
        """The record with the ids of the people that its fields name.

        The organisation is read only when somebody is named: ticking waits for no other file. Raises
        BadInput for somebody whom the organisation does not list, where it lists anybody.
        """
        if not record.fields:
            return record
        asked = person_fields(release, paths)
        if not asked.keys() & record.fields.keys():
            return record
        return replace(record, fields=checked_people(record.fields, asked, self._organisation.read()))

    def add(self, release_id: str, at_path: str, text: str, *, optional: bool = False) -> Done:
        """Add an item to this release alone, behind the one at `at_path` or at the end of that phase."""
        return self._journal.change(
            release_id,
            lambda release, _by, now: customising.add_item(release, at_path, text, now, optional=optional),
        )

    def remove(self, release_id: str, path: str, reason: str = "") -> Done:
        """Remove an open item from this release; the log keeps it."""
        return self._journal.change(
            release_id, lambda release, _by, now: customising.remove_item(release, path, reason, now)
        )

    def move(self, release_id: str, path: str, by: int) -> Done:
        """Move an item among its siblings: up when `by` is negative."""
        return self._journal.change(
            release_id, lambda release, _by, now: customising.move_item(release, path, by, now)
        )

    def add_steps(
        self, release_id: str, steps: Sequence[Mapping[str, str]], *, after: str = "", source: str = ""
    ) -> Done:
        """Add steps to the runbook from their fields as typed, behind the step `after` or at the end."""
        return self._journal.change(
            release_id,
            lambda release, _by, now: runbook.add_steps(release, steps, now, after=after, source=source),
        )

    def edit_step(self, release_id: str, step: str, given: Mapping[str, str]) -> Done:
        """Set fields of a step of the runbook, or of another item, from text."""
        return self._journal.change(
            release_id, lambda release, _by, now: runbook.edit_step(release, step, given, now)
        )

    def rehearse_step(self, release_id: str, step: str, took: str, deviation: str = "") -> Done:
        """Record how a step of the runbook went in staging: a duration, and what deviated."""
        return self._journal.change(
            release_id,
            lambda release, by, now: runbook.rehearse_step(release, step, took, deviation, by, now),
        )

    def gained(self, release_id: str) -> tuple[Gain, ...]:
        """What the release's template and packs have today that the release has not [S0.7].

        Raises BadInput when they are gone or broken.
        """
        from relui.domain.customising import gains

        release = self._journal.open(release_id).release
        return gains(release, self._composed_anew(release))

    def take_over(self, release_id: str, paths: Sequence[str]) -> Done:
        """Take over what the template gained, by path; each open and in its place."""
        from relui.domain.customising import take_over

        template = self._composed_anew(self._journal.open(release_id).release)
        return self._journal.change(
            release_id, lambda release, _by, now: take_over(release, template, paths, now)
        )

    def _composed_anew(self, release: Release) -> tuple[Phase, ...]:
        from relui.domain.composing import compose

        base = self._library().get(release.template)
        packs = [self._library().get(name) for name in release.packs]
        owed = self._library().owed_by(base)
        return compose(
            base, packs, type=release.type, without=release.without, values=release.values, owed=owed
        )


def item_paths(items: Iterable[str]) -> tuple[str, ...]:
    """Item paths as typed, without blanks around them. Raises BadInput when there is none."""
    paths = tuple(item.strip() for item in items if item.strip())
    if not paths:
        raise BadInput("No item was named. Name it by its path, such as pre-deploy.backup.")
    return paths
