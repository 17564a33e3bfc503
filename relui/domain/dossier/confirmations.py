"""Named confirmations: one check, who says that it holds, when, on what evidence [S1.1, S1.12, S1.19-S1.26].

A confirmation counts while what it rests on is as it was: the build, the slot, the package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from msgspec.structs import replace

from relui.domain.binding import settle
from relui.domain.dossier.facets import basis_of
from relui.domain.dossier.parts import Confirmation
from relui.domain.dossier.points import (
    BUILD_CHECKS,
    GROUPS,
    POINTS,
    Point,
    confirmed,
    doubts,
    point_named,
    points_of,
)
from relui.domain.dossier.signers import NOBODY, team_spoken_for
from relui.domain.dossier.signoffs import point_too_early
from relui.domain.log import Act
from relui.domain.organisation import Organisation
from relui.domain.release import Release
from relui.domain.ruling import Ruling, refuse_closed
from relui.domain.text import did_you_mean, long_text, one_line
from relui.errors import BadInput, Refused


def confirm(
    release: Release,
    names: Iterable[str],
    by: str,
    at: datetime,
    *,
    note: str = "",
    evidence: str = "",
    notes: Mapping[str, str] | None = None,
    organisation: Organisation = NOBODY,
) -> Ruling:
    """Confirm points as one act; a group's name (`window`) means each of its points that is open.

    `notes` are those of single points by their id; `note` stands for all others.

    Whoever confirms for a team without being of it, by the organisation's roles, is recorded so. Raises
    BadInput for an unknown one, or for a note that is missing where the point asks for it, Refused for a
    build of nothing, and before there is what is confirmed (`signoffs.py`).
    """
    refuse_closed(release)
    note = long_text(note, what="The note")
    evidence = one_line(evidence, what="The evidence")
    meant = _meant(release, names)
    if not release.dossier.components and any(point.id in BUILD_CHECKS for point in meant):
        raise Refused(
            f"{release.id} declares no component: there is no build to verify. Declare what it consists of "
            f"first: relui component add {release.id} NAME --kind KIND, or component not-needed."
        )
    for point in meant:
        if early := point_too_early(release, point.id, at):
            raise Refused(f"{early} Nothing was changed.")
    given = Confirmation(
        id="",
        at=at.astimezone(UTC),
        by=one_line(by, what="The name", required=True),
        note=note,
        evidence=evidence,
        iteration=release.dossier.iteration,
    )
    kept = {each.id: each for each in release.dossier.confirmations}
    changed: list[str] = []
    for point in meant:
        team = team_spoken_for(release, point.id, point.role, by, organisation)
        own = long_text((notes or {}).get(point.id, ""), what="The note") or note
        said = _said(release, point, kept.get(point.id), replace(given, acting_for=team, note=own))
        if said is not None:
            kept[point.id] = said
            changed.append(point.id)
    already = tuple(point.id for point in meant if point.id not in changed)
    if not changed:
        return Ruling(release, None, already=already)
    teams = [kept[name].acting_for for name in changed if kept[name].acting_for]
    spoken = f", for {_and(teams)}" if teams else ""
    act = Act("confirm", f"confirmed {', '.join(changed)}{spoken}", note)
    shared = [POINTS[name] for name in changed if note and not (notes or {}).get(name)]
    told = _told(by, teams, shared)
    return Ruling(_with(release, kept.values(), at), act, tuple(changed), already=already, told=told)


def _said(
    release: Release, point: Point, before: Confirmation | None, given: Confirmation
) -> Confirmation | None:
    """What is recorded on a point; None where it stands and nothing is added. Raises BadInput without a note.

    What is said again keeps the note and the evidence of before, while that counts.
    """
    standing = before if before is not None and not doubts(release, before) else None
    if standing is not None:
        same_voice = not standing.acting_for or bool(given.acting_for)
        if same_voice and not _adds(standing, given.note, given.evidence):
            return None
        given = replace(given, note=given.note or standing.note, evidence=given.evidence or standing.evidence)
    if point.note and not given.note:
        raise BadInput(f"'{point.words}' ({point.id}) needs a note: {point.note}. Nothing was changed.")
    return replace(given, id=point.id, basis=basis_of(release, point.rests))


def _told(by: str, teams: list[str], noted: list[Point]) -> tuple[str, ...]:
    """For whom somebody spoke, and that one note stands for points that ask for different ones."""
    told: list[str] = []
    if teams:
        told.append(f"Recorded as said by {by} for {_and(teams)}: others have that role.")
    asking = [point for point in noted if point.note]
    if len({point.note for point in asking}) > 1:
        wants = "; ".join(f"{point.id} ({point.note})" for point in asking)
        told.append(
            f"One note stands for {len(asking)} points that ask for different ones: {wants}. Confirm a point "
            "by itself where the note does not say that."
        )
    return tuple(told)


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
