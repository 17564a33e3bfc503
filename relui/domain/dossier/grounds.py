"""Grounds of a release that sign-offs and confirmations rest on, and what has changed about them since.

A basis is {ground: digest}, kept with the sign-off as it was; only what it names can make it stale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from relui.domain.calendar.wall_clock import moment_words
from relui.domain.dossier.decisions import standing_decisions
from relui.domain.dossier.parts import Severity, Subject
from relui.domain.release import Release
from relui.domain.text import first_of

MEMBERS_LIMIT = 100
"""Parts whose own digests are kept, so that a cause can name them; of more only one digest over all."""
_NAMED = 3

Basis = Mapping[str, str]


class Ground(Struct, frozen=True):
    """One thing that an approval rests on: how it is read, and the words for a difference (empty: none), with
    instants in the release's zone."""

    read: Callable[[Release], str]
    cause: Callable[[str, str, str], str]


def basis_of(release: Release, names: Iterable[str]) -> dict[str, str]:
    """The present digests of the grounds of those names."""
    return {name: GROUNDS[name].read(release) for name in names}


def causes(release: Release, basis: Basis) -> tuple[str, ...]:
    """What differs from a basis, in words; nothing when all of it stands. A ground unknown here is left."""
    found: list[str] = []
    for name, before in basis.items():
        ground = GROUNDS.get(name)
        if ground is None:
            continue
        now = ground.read(release)
        if now != before and (words := ground.cause(before, now, release.zone)):
            found.append(words)
    return tuple(found)


def digest(*texts: str) -> str:
    """A short digest of texts, in their order."""
    import hashlib

    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]


def _members(parts: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    """Each part's digest and name on a line of its own, in order of the names."""
    lines = sorted((name, digest(*content)) for name, content in parts)
    if len(lines) > MEMBERS_LIMIT:
        return "#" + digest(*(f"{mark} {name}" for name, mark in lines))
    return "\n".join(f"{mark} {name}" for name, mark in lines)


def _by_name(text: str) -> dict[str, str]:
    return {name: mark for mark, _, name in (line.partition(" ") for line in text.split("\n") if line)}


def _members_cause(what: str, *, added_only: bool = False) -> Callable[[str, str, str], str]:
    """Words for parts that came, went or changed; `added_only` for grounds that only growing touches."""

    def cause(before: str, now: str, zone: str) -> str:
        if before.startswith("#") or now.startswith("#"):
            return f"the {what} are not the same"
        old, new = _by_name(before), _by_name(now)
        added = [name for name in new if name not in old]
        if added_only:
            return f"new {what}: {first_of(added, _NAMED)}" if added else ""
        found = (
            ("added", added),
            ("removed", [name for name in old if name not in new]),
            ("changed", [name for name in new if name in old and new[name] != old[name]]),
        )
        return f"{what}: " + ", ".join(f"{verb} {first_of(names, _NAMED)}" for verb, names in found if names)

    return cause


def _became(what: str) -> Callable[[str, str, str], str]:
    return lambda before, now, zone: f"{what} {before or '(none)'} became {now or '(none)'}"


def _edited(what: str) -> Callable[[str, str, str], str]:
    return lambda before, now, zone: f"{what} was changed"


def _changes(release: Release) -> str:
    return _members(
        (change.id, (change.summary, change.kind, str(change.breaking)))
        for change in release.dossier.changes
        if change.status != "withdrawn"
    )


def _components(release: Release) -> str:
    return _members(
        (each.id, (each.kind, each.location, each.checksum, each.version, each.presence))
        for each in release.dossier.components
    )


def _known_issues(release: Release) -> str:
    return _members(
        (each.id, (each.summary, each.severity, each.workaround, each.risk))
        for each in release.dossier.defects
        if each.state in ("open", "accepted") and (each.known_issue or each.state == "accepted")
    )


def _defects(*severities: Severity) -> Callable[[Release], str]:
    """Defects by name, whatever became of them: a new one touches, a fix does not. Never one digest."""
    return lambda release: "\n".join(
        f"- {each.id}"
        for each in sorted(release.dossier.defects, key=lambda each: each.id)
        if each.severity in severities and each.state != "rejected"
    )


def _go_live(release: Release) -> str:
    start = release.go_live.astimezone(UTC)
    return f"{start.isoformat()}\t{release.duration}\t{release.environment}"


def _out_of_slot(before: str, now: str, zone: str) -> str:
    """A go-live that stays within the slot that was approved, in the same place, touches nothing."""
    (old, minutes, place, *_), (new, _, new_place, *_) = before.split("\t"), now.split("\t")
    if place != new_place:
        return f"the environment {place} became {new_place}"
    first, start = datetime.fromisoformat(old), datetime.fromisoformat(new)
    if first <= start < first + timedelta(minutes=int(minutes)):
        return ""
    return f"the go-live moved from {moment_words(first, zone)} to {moment_words(start, zone)}"


def _slot(release: Release) -> str:
    """When and where it deploys, and by which booking: a slot that was given back is not the same again."""
    booking = release.booking
    held = f"{booking.counter} {booking.held}" if booking else "none"
    return f"{_go_live(release)}\t{held}"


def _rollback(release: Release) -> str:
    """Without triggers the digest is what it was before there were any: old approvals stay fresh."""
    dossier = release.dossier
    triggers = (dossier.rollback_triggers,) if dossier.rollback_triggers else ()
    return digest(release.rollback, str(dossier.rollback_minutes), str(dossier.rollback_limit), *triggers)


def _attempt(release: Release) -> str:
    return str(len(standing_decisions(release, "no-go", "rollback")))


GROUNDS: Mapping[str, Ground] = {
    "changes": Ground(_changes, _members_cause("changes")),
    "version": Ground(lambda release: release.version, _became("the version")),
    "type": Ground(lambda release: release.type, _became("the type")),
    "go-live": Ground(_go_live, _out_of_slot),
    "slot": Ground(
        _slot, lambda before, now, zone: _out_of_slot(before, now, zone) or "the slot is not the same"
    ),
    "attempt": Ground(_attempt, lambda before, now, zone: "there was a no-go or a rollback since"),
    "risk": Ground(lambda release: digest(release.risk), _edited("the risk summary")),
    "rollback": Ground(_rollback, _edited("the rollback plan, its triggers or its time limits")),
    "components": Ground(_components, _members_cause("components")),
    "build": Ground(
        lambda release: str(release.dossier.iteration),
        lambda before, now, zone: f"it was given for build {before}, and this is build {now}",
    ),
    "known-issues": Ground(_known_issues, _members_cause("known issues")),
    "defects": Ground(
        _defects("critical", "high", "medium"),
        _members_cause("defects of medium severity or above", added_only=True),
    ),
    "serious-defects": Ground(
        _defects("critical", "high"), _members_cause("critical or high defects", added_only=True)
    ),
    "test-plan": Ground(lambda release: digest(release.dossier.test_plan), _edited("the test plan")),
}

RESTS: Mapping[Subject, tuple[str, ...]] = {
    "definition": ("changes", "version", "type", "go-live", "risk", "rollback"),
    "test-plan": ("test-plan", "type"),
    "acceptance": ("changes", "version", "components", "build", "known-issues", "defects"),
    "readiness": ("slot", "attempt", "components", "build", "rollback"),
    "go": ("slot", "attempt", "components", "build", "serious-defects"),
    "exception": ("slot", "type"),
}
"""Subject of a sign-off -> the grounds that it rests on."""
