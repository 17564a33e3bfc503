"""The changes of a release [S1.3]: the four verifications of each, how many are usual, what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.dossier.decisions import final_outcome
from relui.domain.dossier.parts import Change
from relui.domain.instants import local_day
from relui.domain.release import Outcome, Release
from relui.domain.ruling import Gap
from relui.domain.summary import Summary
from relui.domain.text import counted
from relui.errors import Refused

Check = Literal["approved", "first", "date", "ready"]

CHECK_WORDS: Mapping[Check, str] = {
    "approved": "approved",
    "first": "in no earlier release",
    "date": "target date fits the schedule",
    "ready": "owner says ready",
}
"""The four verifications, in words."""

USUAL = range(3, 16)
"""How many changes a release usually has."""
SPLIT_OVER = 20
"""More changes than this, and the release is better split."""

Earlier = Mapping[str, tuple[str, ...]]
"""A change's reference, folded -> the ids of the releases that went out with it before."""


class Verification(Struct, frozen=True):
    """One of the four verifications of one change: whether it holds, and why not."""

    check: Check
    holds: bool
    why: str = ""


def carried(release: Release) -> tuple[Change, ...]:
    """The changes that the release is to bring: all that nobody withdrew."""
    return tuple(change for change in release.dossier.changes if change.status != "withdrawn")


def verify_change(release: Release, change: Change, earlier: Earlier) -> tuple[Verification, ...]:
    """The four verifications of a change [S1.3].

    Its target date is the day by which it is wanted: it fits when the release goes live on that day or
    before, in the release's zone. A change without a target date cannot be said to fit.
    """
    return (
        _verified("approved", "" if change.status == "approved" else f"is {change.status}, not approved"),
        _verified("first", _earlier_words(earlier.get(change.id.casefold(), ()))),
        _verified("date", _date_words(release, change)),
        _verified(
            "ready", "" if change.ready else f"{change.owner or 'its owner'} did not say that it is ready"
        ),
    )


def _verified(check: Check, why: str) -> Verification:
    return Verification(check, not why, why)


def _earlier_words(found: tuple[str, ...]) -> str:
    return f"was in {', '.join(found[:3])} already" if found else ""


def _date_words(release: Release, change: Change) -> str:
    if change.target is None:
        return "has no target date"
    day = local_day(release.go_live, release.zone)
    if day > change.target:
        return f"is wanted by {change.target}, and the release goes live on {day}"
    return ""


def change_gaps(release: Release, earlier: Earlier, check: Check | None = None) -> tuple[Gap, ...]:
    """What the verifications of the release's changes lack; of all four, or of one `check`."""
    return tuple(
        Gap(f"{change.id} {verification.why}", "change", change.id)
        for change in carried(release)
        for verification in verify_change(release, change, earlier)
        if not verification.holds and check in (None, verification.check)
    )


def advice(release: Release) -> str:
    """What the number of changes says; empty when it is usual [S1.3]."""
    count = len(carried(release))
    usual = f"{USUAL.start} to {USUAL.stop - 1} are usual"
    if not count:
        return "There is nothing to release: it has no changes."
    if count > SPLIT_OVER:
        return f"{count} changes are many: {usual}. Split the release: smaller ones are easier to test."
    if count not in USUAL:
        return f"{counted(count, 'change')}: {usual}."
    return ""


def earlier_releases(release: Release, others: Iterable[Summary]) -> dict[str, tuple[str, ...]]:
    """Which earlier releases went out with a change of this one: reference (folded) -> their ids, sorted.

    `others` are the archived and active releases. One that was cancelled or rolled back brought nothing;
    an active one counts when it goes live before this one. A change that was taken over from a release
    (its `origin`) did not go out with that one.
    """
    mine = {change.id.casefold(): change.origin for change in release.dossier.changes}
    found: dict[str, list[str]] = {}
    for other in others:
        if not other.changes or other.id == release.id or not _before(release, other):
            continue
        for reference in other.changes:
            folded = reference.casefold()
            if folded in mine and mine[folded] != other.id:
                found.setdefault(folded, []).append(other.id)
    return {reference: tuple(sorted(ids)) for reference, ids in found.items()}


def _before(release: Release, other: Summary) -> bool:
    if other.outcome is not None:
        return other.outcome not in ("cancelled", "rolled-back")
    return (other.go_live, other.id) < (release.go_live, release.id)


def leftovers(release: Release, outcome: Outcome | None = None) -> tuple[Change, ...]:
    """The changes of a release that did not go out with it, as another one can take them over.

    After a rollback or a cancellation all of them; otherwise those that were not approved or not ready.
    Withdrawn ones are nobody's wish any more. Each must be found ready again, and what was rejected is
    proposed again. Raises Refused for a release whose outcome is not known yet.
    """
    final = outcome or final_outcome(release)
    if final is None:
        raise Refused(
            f"{release.id} has no outcome yet: nothing is left over. Complete it, roll it back or cancel it."
        )
    nothing_went_out = final in ("rolled-back", "cancelled")
    return tuple(
        replace(
            change,
            status="proposed" if change.status == "rejected" else change.status,
            ready=False,
            origin=release.id,
        )
        for change in carried(release)
        if nothing_went_out or change.status != "approved" or not change.ready
    )
