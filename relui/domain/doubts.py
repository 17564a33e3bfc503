"""What is allowed and is probably a slip: told when a release is created or edited, refused nowhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from relui.domain.checklist import Item, Phase
from relui.domain.composing import all_forms, compose, parameters_of
from relui.domain.dossier.decisions import final_outcome
from relui.domain.identifiers import contradiction, scheme_doubt, semantic
from relui.domain.instants import format_duration, zone_named
from relui.domain.summary import Summary
from relui.domain.text import quoted

if TYPE_CHECKING:
    from relui.domain.release import Release, ReleaseType
    from relui.domain.template import Template

FAR = timedelta(days=5 * 365)
"""A go-live further ahead than this is rather a wrong year."""
LONG = 7 * 24 * 60
"""Minutes after which a duration is rather a wrong unit."""


def go_live_doubts(go_live: datetime, zone: str, now: datetime) -> tuple[str, ...]:
    """A go-live that is over, or years ahead."""
    words = f"{go_live.astimezone(zone_named(zone)):%Y-%m-%d %H:%M} {zone}"
    if go_live < now:
        return (f"The go-live is in the past: {words}.",)
    if go_live > now + FAR:
        return (f"The go-live is more than five years ahead: {words}. Is the year right?",)
    return ()


def duration_doubts(minutes: int) -> tuple[str, ...]:
    """A slot that is longer than a week."""
    if minutes <= LONG:
        return ()
    return (f"The duration is {format_duration(minutes)}, longer than a week. Is it meant so?",)


def version_doubts(version: str, release_id: str = "") -> tuple[str, ...]:
    """A version with blanks in it, which no tag can bear, or one of no scheme [S1.10]."""
    if len(version.split()) < 2:
        doubt = scheme_doubt(version, release_id)
        return (doubt,) if doubt else ()
    return (f"The version {quoted(version)} has blanks in it. No tag can be called so.",)


def same_version(service: str, version: str, active: Iterable[Release]) -> tuple[str, ...]:
    """The active releases that are of the same service and version."""
    return tuple(
        f"{other.id} is active too, with the same service and version."
        for other in active
        if not other.closed and _alike(service, version, other)
    )


def archived_version(service: str, version: str, archived: Iterable[Summary]) -> tuple[str, ...]:
    """The latest archived release of the same service and version."""
    rows = [row for row in archived if _alike(service, version, row)]
    if not rows:
        return ()
    row = max(rows, key=lambda row: (row.go_live, row.id))
    ended = f", {row.outcome}" if row.outcome else ""
    return (f"{row.id} in the archive has the same service and version{ended}.",)


def step_doubts(
    service: str, version: str, type: ReleaseType, before: Iterable[Release | Summary]
) -> tuple[str, ...]:
    """A step from the last released version of the service that contradicts the type [S1.10].

    Nothing where the version alone says so already, which is told anyway.
    """
    out = [
        each
        for each in before
        if each.service.casefold() == service.casefold()
        and each.completed_at is not None
        and semantic(each.version)
        and (each.outcome if isinstance(each, Summary) else final_outcome(each)) != "rolled-back"
    ]
    if not out or contradiction(version, type):
        return ()
    last = max(out, key=lambda each: each.completed_at or each.go_live)
    words = contradiction(version, type, last.version)
    return (words,) if words else ()


def _alike(service: str, version: str, other: Release | Summary) -> bool:
    return service.casefold() == other.service.casefold() and _bare(version) == _bare(other.version)


def _bare(version: str) -> str:
    return version.strip().casefold().removeprefix("v")


def vanished(
    phases: Iterable[Phase],
    base: Template,
    packs: Sequence[Template],
    *,
    type: str,
    without: Collection[str],
    values: Mapping[str, Sequence[str]],
    owed: Template | None = None,
) -> tuple[str, ...]:
    """The packs' items that are not in `phases` because what they stand in was left out."""
    if not without or not packs:
        return ()
    there = {(item.origin, item.text) for item in _items(phases)}
    whole = compose(base, packs, type=type, values=values, owed=owed)
    gone = [
        item
        for item in _items(whole)
        if item.origin and not item.items and (item.origin, item.text) not in there
        if item.option not in without
    ]
    return tuple(
        f"What was left out takes items of the {origin} with it: "
        f"{'; '.join(item.text for item in gone if item.origin == origin)}."
        for origin in dict.fromkeys(item.origin for item in gone)
    )


def unnamed(
    phases: Iterable[Phase],
    base: Template,
    packs: Sequence[Template],
    values: Mapping[str, Sequence[str]],
    owed: Template | None = None,
) -> tuple[str, ...]:
    """The parameters without a value, whose items are in `phases` once and say nothing of it."""
    texts = {item.text for item in _items(phases)}
    found = []
    for name in parameters_of(base, packs, owed):
        if any(value.strip() for value in values.get(name, ())):
            continue
        lines = [text for text in _texts_per(name, base, packs, owed) if text in texts]
        if lines:
            found.append(
                f"No {name} is named: {'; '.join(lines)}: one line each, for all of them. For a line for "
                f"each {name}, write {name}=A,B (--set, or values in the form)."
            )
    return tuple(found)


def _texts_per(name: str, base: Template, packs: Sequence[Template], owed: Template | None) -> list[str]:
    templates = (base, *packs, *([owed] if owed else []))
    return list(
        dict.fromkeys(form.text for each in templates for form in all_forms(each) if form.per == name)
    )


def _items(phases: Iterable[Phase]) -> Iterator[Item]:
    return (item for phase in phases for _, item in phase.walk())
