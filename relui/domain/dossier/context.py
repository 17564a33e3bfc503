"""What a criterion is judged by beside the release itself: all of it given, nothing is looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from relui.domain.calendar.slot import Verdict
from relui.domain.dossier.changes import Earlier, final_outcome
from relui.domain.dossier.gaps import Gap, sentence
from relui.domain.organisation import Organisation
from relui.domain.release import Release
from relui.domain.summary import Summary


class Context(Struct, frozen=True, kw_only=True):
    """The surroundings of a release at `now` (UTC).

    `earlier` are the releases that went out with a change of this one (`changes.earlier_releases`),
    `verdict` is the calendar's about its slot, `needed` says of each release that must go first why it
    is not out (empty: it is), as `needed_releases` makes it.
    """

    organisation: Organisation
    now: datetime
    earlier: Earlier = {}
    verdict: Verdict | None = None
    needed: Mapping[str, str] = {}

    @property
    def lost(self) -> tuple[str, ...]:
        """The calendar's words for key people who are away during the slot."""
        if self.verdict is None:
            return ()
        return tuple(finding.words for finding in self.verdict.findings if finding.rule == "absence")


class Met(Struct, frozen=True):
    """Whether a criterion holds; if not, what is missing, each with where it is met.

    `notes` are what is to be known although it holds, such as who spoke for another.
    """

    holds: bool
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """The first few gaps in one sentence; when it holds the notes, mostly none."""
        return "; ".join(self.notes) if self.holds else sentence(self.gaps)


def met(gaps: Iterable[Gap], notes: Iterable[str] = ()) -> Met:
    """Met when nothing is missing."""
    found = tuple(gaps)
    return Met(not found, found, tuple(notes))


def needed_releases(
    release: Release, archived: Iterable[Summary], active: Iterable[Release]
) -> dict[str, str]:
    """Of each release that has to go first [section 3]: why it is not out; empty when it is."""
    wanted = {name.casefold(): name for name in release.dossier.needs}
    found = dict.fromkeys(release.dossier.needs, "is not known here")
    if not wanted:
        return found
    for summary in archived:
        if (name := wanted.get(summary.id.casefold())) is not None:
            found[name] = _outcome_words(summary.outcome)
    for other in active:
        if (name := wanted.get(other.id.casefold())) is not None:
            outcome = final_outcome(other)
            found[name] = _outcome_words(outcome) if outcome else "is not out yet"
    return found


def _outcome_words(outcome: str | None) -> str:
    if outcome == "successful":
        return ""
    return {
        "partial": "went out only partly",
        "rolled-back": "was rolled back",
        "cancelled": "was cancelled",
    }.get(outcome or "", "is not out yet")
