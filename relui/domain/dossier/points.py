"""Everything that can be confirmed by name, from the prerequisites to the close, and what still counts of it.

The words are those of the trade [S1.1, S1.12, S1.19-S1.26]. How a point is confirmed: `signing.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from relui.domain.dossier.grounds import causes
from relui.domain.dossier.parts import Confirmation
from relui.domain.release import Release
from relui.domain.ruling import Gap
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput, Refused

BUILD_CHECKS: Mapping[str, str] = {
    "build.components": "All declared components are present",
    "build.binaries": "Binaries execute and find their dependencies",
    "build.configuration": "Configuration files parse",
    "build.database": "Database scripts apply to a clean schema",
    "build.images": "Images start and answer a health check",
}
"""The five build verifications [S1.12], given as confirmations: id -> words."""


class Point(Struct, frozen=True):
    """One thing that can be confirmed: its words as what holds, who usually says so, what the note must tell.

    `note` is empty when no note is asked for. `rests` are the grounds that make it count no more.
    """

    id: str
    words: str
    role: str = ""
    note: str = ""
    rests: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The first part of its id: `window` of `window.operations`."""
        return self.id.partition(".")[0]

    @property
    def of_build(self) -> bool:
        """It is said of one build, and counts for that alone."""
        return "build" in self.rests or self.id in BUILD_CHECKS


_SLOT = ("slot", "attempt")
_BUILD = ("build",)

_TABLE: tuple[Point, ...] = (
    Point("prerequisite.authority", "Authority for this service", note="where it is written down"),
    Point("prerequisite.changes", "Every change is approved"),
    Point("prerequisite.access", "Access to every environment, or a hand-over agreed"),
    Point("prerequisite.policy", "The release policy is known and the type chosen by it"),
    Point("prerequisite.testing", "Test people, data and environments are booked"),
    Point("prerequisite.calendar", "The release calendar is at hand"),
    *(Point(name, words, "development") for name, words in BUILD_CHECKS.items()),
    Point("notes.generated", "The release notes are generated",
          rests=("changes", "version", "components", *_BUILD)),
    Point("runbook.executed", "The runbook was executed in staging exactly as it is written", "operations",
          rests=_BUILD),
    Point("runbook.deviations", "Its deviations are recorded", "operations", "the deviations, or 'none'",
          rests=_BUILD),
    Point("runbook.corrected", "The runbook is corrected accordingly", "operations", rests=_BUILD),
    Point("acceptance.scenarios", "Acceptance scenarios are done", "qa", rests=_BUILD),
    Point("acceptance.testers", "The testers from the users are named", "qa", "their names", rests=_BUILD),
    Point("acceptance.access", "The testers have access", "qa", rests=_BUILD),
    Point("acceptance.reporting", "The testers know how to report", "qa", "the way to report", rests=_BUILD),
    Point("acceptance.deadline", "The deadline of the acceptance is set and kept", "qa", "the deadline",
          rests=_BUILD),
    *(Point(f"window.{team}", f"{team.capitalize()} confirmed the window", team, rests=_SLOT)
      for team in ("infrastructure", "operations", "support", "communications")),
    Point("readiness.package", "The package is verified and reachable",
          rests=(*_SLOT, "components", *_BUILD)),
    Point("readiness.runbook", "The runbook is current", rests=(*_SLOT, *_BUILD)),
    Point("readiness.rollback", "The rollback is documented and tested", rests=(*_SLOT, "rollback")),
    Point("readiness.on-call", "On-call is identified and available for the first two hours", "on-call",
          "who it is", _SLOT),
    Point("readiness.dashboards", "Dashboards are set up", "operations", rests=_SLOT),
    Point("readiness.messages", "Messages are ready for success and for failure", "communications",
          rests=_SLOT),
    Point("handoff.bundle", "The bundle was handed over", note="to whom", rests=(*_SLOT, *_BUILD)),
    Point("handoff.order", "Briefed: the order of the components", rests=(*_SLOT, *_BUILD)),
    Point("handoff.configuration", "Briefed: configuration changes to coordinate", rests=(*_SLOT, *_BUILD)),
    Point("handoff.checkpoints", "Briefed: verification checkpoints and expected results", rests=_SLOT),
    Point("handoff.rollback", "Briefed: rollback triggers and time limits", rests=(*_SLOT, "rollback")),
    Point("handoff.escalation", "Briefed: the escalation path", rests=_SLOT),
    Point("close.documents", "The documents are archived", note="where they are kept"),
    Point("close.pir", "The review after the release is planned or done", note="when, or in which one"),
)  # fmt: skip

POINTS: Mapping[str, Point] = {point.id: point for point in _TABLE}
"""Everything that can be confirmed, by id, in the order of the lifecycle."""

GROUPS: Mapping[str, str] = {
    "prerequisite": "Prerequisites",
    "build": "Build verification",
    "notes": "Release notes",
    "runbook": "Runbook in staging",
    "acceptance": "User acceptance",
    "window": "Window confirmed",
    "readiness": "Readiness review",
    "handoff": "Hand-off and briefing",
    "close": "Close",
}
"""The first part of a point's id -> its title."""


def point_named(name: str) -> Point:
    """The point of that id. Raises BadInput with the nearest."""
    found = POINTS.get(name)
    if found is None:
        raise BadInput(f"There is nothing called {quoted(name)} to confirm.{did_you_mean(name, POINTS)}")
    return found


def points_of(group: str) -> tuple[Point, ...]:
    """The points of one group, in their order."""
    return tuple(point for point in POINTS.values() if point.group == group)


def confirmation(release: Release, name: str) -> Confirmation | None:
    """What was recorded on a point last, whether it still counts or not."""
    return next((each for each in reversed(release.dossier.confirmations) if each.id == name), None)


def doubts(release: Release, given: Confirmation) -> tuple[str, ...]:
    """Why a confirmation counts no more, in words; nothing when it counts."""
    rests = {name: mark for name, mark in given.basis.items() if name != "build"}
    found = list(causes(release, rests))
    number = release.dossier.iteration
    if given.id in POINTS and POINTS[given.id].of_build and given.iteration != number:
        found.append(f"it was given for build {given.iteration}, and this is build {number}")
    return tuple(found)


def confirmed(release: Release, name: str) -> bool:
    """Somebody confirmed the point, and it still counts."""
    given = confirmation(release, name)
    return given is not None and not doubts(release, given)


def confirmation_gaps(release: Release, group: str) -> tuple[Gap, ...]:
    """The points of a group that nobody confirmed, or whose confirmation counts no more."""
    found: list[Gap] = []
    for point in points_of(group):
        given = confirmation(release, point.id)
        words = point.words[:1].lower() + point.words[1:]
        if given is None:
            found.append(Gap(f"not confirmed: {words}", "confirm", point.id))
        elif why := doubts(release, given):
            again = f"to be confirmed again, {'; '.join(why)}:"
            found.append(Gap(f"{again} {words}", "confirm", point.id, again))
    return tuple(found)


def refuse_unconfirmed(release: Release, group: str) -> None:
    """Raises Refused, naming what is missing of a group."""
    gaps = confirmation_gaps(release, group)
    if gaps:
        raise Refused(f"{GROUPS[group]}: {'; '.join(gap.text for gap in gaps)}.")
