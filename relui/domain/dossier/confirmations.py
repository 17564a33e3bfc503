"""Named confirmations: one check, who says that it holds, when, on what evidence [S1.1, S1.12, S1.19-S1.26].

A confirmation counts while what it rests on is as it was: the build, the slot, the package.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.binding import settle
from relui.domain.dossier.facets import basis_of, causes
from relui.domain.dossier.gaps import Gap
from relui.domain.dossier.package import BUILD_CHECKS
from relui.domain.dossier.parts import Confirmation
from relui.domain.dossier.voices import NOBODY, team_spoken_for
from relui.domain.log import Act
from relui.domain.naming import did_you_mean
from relui.domain.organisation import Organisation
from relui.domain.release import Release
from relui.domain.ruling import Ruling, refuse_closed
from relui.domain.text import long_text, one_line, quoted
from relui.errors import BadInput, Refused


class Point(Struct, frozen=True):
    """One thing that can be confirmed: its words as what holds, who usually says so, what the note must tell.

    `note` is empty when no note is asked for. `rests` are the facets that make it count no more.
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


_SLOT = ("slot", "attempt")
_BUILD = ("build",)


def _points() -> Iterator[Point]:
    yield from (
        Point("prerequisite.authority", "Authority for this service", note="where it is written down"),
        Point("prerequisite.changes", "Every change is approved"),
        Point("prerequisite.access", "Access to every environment, or a hand-over agreed"),
        Point("prerequisite.policy", "The release policy is known and the type chosen by it"),
        Point("prerequisite.testing", "Test people, data and environments are booked"),
        Point("prerequisite.calendar", "The release calendar is at hand"),
    )
    yield from (Point(name, words, "development") for name, words in BUILD_CHECKS.items())
    yield Point(
        "notes.generated", "The release notes are generated", rests=("changes", "version", "components")
    )
    yield from (
        Point(
            "runbook.executed",
            "The runbook was executed in staging exactly as it is written",
            "operations",
            rests=_BUILD,
        ),
        Point("runbook.deviations", "Its deviations are recorded", "operations", "the deviations, or 'none'"),
        Point("runbook.corrected", "The runbook is corrected accordingly", "operations"),
        Point("acceptance.scenarios", "Acceptance scenarios are done", "qa", rests=_BUILD),
        Point(
            "acceptance.testers", "The testers from the users are named", "qa", "their names", rests=_BUILD
        ),
        Point("acceptance.access", "The testers have access", "qa", rests=_BUILD),
        Point(
            "acceptance.reporting", "The testers know how to report", "qa", "the way to report", rests=_BUILD
        ),
        Point(
            "acceptance.deadline",
            "The deadline of the acceptance is set and kept",
            "qa",
            "the deadline",
            rests=_BUILD,
        ),
    )
    yield from (
        Point(f"window.{team}", f"{team.capitalize()} confirmed the window", team, rests=_SLOT)
        for team in ("infrastructure", "operations", "support", "communications")
    )
    yield from (
        Point(
            "readiness.package",
            "The package is verified and reachable",
            rests=(*_SLOT, "components", *_BUILD),
        ),
        Point("readiness.runbook", "The runbook is current", rests=_SLOT),
        Point("readiness.rollback", "The rollback is documented and tested", rests=(*_SLOT, "rollback")),
        Point(
            "readiness.on-call",
            "On-call is identified and available for the first two hours",
            "on-call",
            "who it is",
            _SLOT,
        ),
        Point("readiness.dashboards", "Dashboards are set up", "operations", rests=_SLOT),
        Point(
            "readiness.messages",
            "Messages are ready for success and for failure",
            "communications",
            rests=_SLOT,
        ),
    )
    yield from (
        Point("handoff.bundle", "The bundle was handed over", note="to whom", rests=_SLOT),
        Point("handoff.order", "Briefed: the order of the components", rests=_SLOT),
        Point("handoff.configuration", "Briefed: configuration changes to coordinate", rests=_SLOT),
        Point("handoff.checkpoints", "Briefed: verification checkpoints and expected results", rests=_SLOT),
        Point("handoff.rollback", "Briefed: rollback triggers and time limits", rests=(*_SLOT, "rollback")),
        Point("handoff.escalation", "Briefed: the escalation path", rests=_SLOT),
    )
    yield from (
        Point("close.documents", "The documents are archived", note="where they are kept"),
        Point("close.pir", "The review after the release is planned or done", note="when, or in which one"),
    )


POINTS: Mapping[str, Point] = {point.id: point for point in _points()}
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


def confirm(
    release: Release,
    names: Iterable[str],
    by: str,
    at: datetime,
    *,
    note: str = "",
    evidence: str = "",
    organisation: Organisation = NOBODY,
) -> Ruling:
    """Confirm points as one act; a group's name (`window`) means each of its points that is open.

    Whoever confirms for a team without being of it, by the organisation's roles, is recorded so. Raises
    BadInput for an unknown one, or for a note that is missing where the point asks for it, Refused for a
    build of nothing.
    """
    refuse_closed(release)
    note = long_text(note, what="The note")
    evidence = one_line(evidence, what="The evidence")
    kept = {each.id: each for each in release.dossier.confirmations}
    changed: list[str] = []
    already: list[str] = []
    meant = _meant(release, names)
    if not release.dossier.components and any(point.id in BUILD_CHECKS for point in meant):
        raise Refused(
            f"{release.id} declares no component: there is no build to verify. Declare what it consists of "
            f"first: relui component add {release.id} NAME --kind KIND, or component not-needed."
        )
    for point in meant:
        before = kept.get(point.id)
        stands = before is not None and not doubts(release, before)
        same_voice = (
            before is None
            or not before.acting_for
            or team_spoken_for(release, point.id, point.role, by, organisation)
        )
        if stands and before is not None and same_voice and not _adds(before, note, evidence):
            already.append(point.id)
            continue
        said = note or (before.note if before is not None and stands else "")
        if point.note and not said:
            raise BadInput(f"'{point.words}' ({point.id}) needs a note: {point.note}. Nothing was changed.")
        kept[point.id] = Confirmation(
            id=point.id,
            at=at.astimezone(UTC),
            by=one_line(by, what="The name", required=True),
            acting_for=team_spoken_for(release, point.id, point.role, by, organisation),
            note=said,
            evidence=evidence or (before.evidence if before is not None and stands else ""),
            iteration=release.dossier.iteration,
            basis=basis_of(release, point.rests),
        )
        changed.append(point.id)
    if not changed:
        return Ruling(release, None, already=tuple(already))
    teams = [kept[name].acting_for for name in changed if kept[name].acting_for]
    spoken = f", for {_and(teams)}" if teams else ""
    told: tuple[str, ...] = (
        (f"Recorded as said by {by} for {_and(teams)}: others have that role.",) if teams else ()
    )
    asking = [POINTS[name] for name in changed if POINTS[name].note]
    if note and len({point.note for point in asking}) > 1:
        wants = "; ".join(f"{point.id} ({point.note})" for point in asking)
        told += (
            f"One note stands for {len(asking)} points that ask for different ones: {wants}. Confirm a point "
            "by itself where the note does not say that.",
        )
    act = Act("confirm", f"confirmed {', '.join(changed)}{spoken}", note)
    return Ruling(_with(release, kept.values(), at), act, tuple(changed), already=tuple(already), told=told)


def _and(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def unconfirm(release: Release, names: Iterable[str], by: str, at: datetime, reason: str) -> Ruling:
    """Take confirmations back, for a reason that stays in the log. Raises BadInput without one."""
    refuse_closed(release)
    reason = one_line(reason, what="The reason")
    wanted = [point.id for point in _meant(release, names, every=True)]
    if not reason:
        raise BadInput("Taking a confirmation back needs a reason. Nothing was changed.")
    kept = {each.id: each for each in release.dossier.confirmations}
    changed = [name for name in wanted if kept.pop(name, None) is not None]
    left = tuple(name for name in wanted if name not in changed)
    if not changed:
        return Ruling(release, None, already=left)
    act = Act("unconfirm", f"took back: {', '.join(changed)}", reason)
    return Ruling(_with(release, kept.values(), at), act, tuple(changed), already=left)


def _meant(release: Release, names: Iterable[str], *, every: bool = False) -> tuple[Point, ...]:
    found: dict[str, Point] = {}
    for name in names:
        wanted = name.strip()
        if wanted in GROUPS:
            here = points_of(wanted)
            open_ones = here if every else tuple(p for p in here if not confirmed(release, p.id))
            found |= {point.id: point for point in open_ones or here}
        else:
            found[wanted] = point_named(wanted)
    if not found:
        raise BadInput(f"Say what is confirmed.{did_you_mean('', POINTS)}")
    return tuple(found.values())


def _adds(before: Confirmation, note: str, evidence: str) -> bool:
    return (note or before.note) != before.note or (evidence or before.evidence) != before.evidence


def _with(release: Release, confirmations: Iterable[Confirmation], at: datetime) -> Release:
    dossier = replace(release.dossier, confirmations=tuple(confirmations))
    return settle(replace(release, dossier=dossier), at)


def confirmation(release: Release, name: str) -> Confirmation | None:
    """What was recorded on a point last, whether it still counts or not."""
    return next((each for each in reversed(release.dossier.confirmations) if each.id == name), None)


def doubts(release: Release, given: Confirmation) -> tuple[str, ...]:
    """Why a confirmation counts no more, in words; nothing when it counts."""
    found = list(causes(release, given.basis))
    if given.id in BUILD_CHECKS and given.iteration != release.dossier.iteration:
        found.append(f"it was given for build {given.iteration}")
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
