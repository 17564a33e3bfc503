"""The demo's governed release: led at the desk, as a person would, until only readiness and go are open.

What the desk refuses from a person it refuses here too, so nothing in this release's record is made up. What
is done, by whom and when, stands in data/governed.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from relui.clock import Clock
from relui.demo.inputs import DeskStep, Moments, read_governed
from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.dossier.package import KINDS_OF_COMPONENTS
from relui.domain.identifiers import semantic
from relui.domain.instants import parse_duration
from relui.domain.log import Actor
from relui.domain.marking import Details
from relui.store.file_store import FileStore

if TYPE_CHECKING:
    from relui.loading.message_templates import MessageLibrary
    from relui.loading.templates import TemplateLibrary


def lead_governed(
    data: Path,
    inputs: Path,
    *,
    clock: Clock,
    library: Callable[[], TemplateLibrary],
    messages: Callable[[], MessageLibrary],
    host_zone: Callable[[], str],
) -> str:
    """Lead one governed release up to the go decision; returns its identifier."""
    given, now = read_governed(inputs), clock.now()

    @lru_cache
    def desk_of(who: str, ago: str) -> Desk:
        """The desk of a person, that long ago."""
        then = Clock(now - timedelta(minutes=parse_duration(ago)), frozen=True)
        return Desk(
            FileStore(data),
            data=data,
            clock=then,
            actor=Actor(who, who),
            library=library,
            host_zone=host_zone,
            messages=messages,
        )

    first = given.steps[0]
    desk = desk_of(first.by, first.ago)
    version = _next_version(desk, given.release["service"])
    release = desk.releases.new(msgspec.convert({**given.release, "version": version}, Request)).release.id
    earliest = now + timedelta(minutes=parse_duration(given.notice))
    start = desk.calendar.free_slots(release, earliest, 1).found[0].slot.start
    words = {
        "release": release,
        "version": version,
        "go_live": start.isoformat(),
        "day": start.date().isoformat(),
        "target": (start + timedelta(days=7)).date().isoformat(),
    }
    moments = Moments(now, "UTC")

    def filled(texts: Mapping[str, str]) -> dict[str, str]:
        return {
            name: moments.read(text).isoformat() if text.startswith("now-") else text.format_map(words)
            for name, text in texts.items()
        }

    for step in given.steps:
        desk = desk_of(step.by, step.ago)
        _record(desk, release, step, filled)
        _act(desk, release, step, filled)
    return release


def _next_version(desk: Desk, service: str) -> str:
    """One minor version beyond what the service has released; its next major comes later."""
    versions = [each.version for each in desk.store.catalogue.summaries() if each.service == service]
    known = [numbers for version in versions if (numbers := semantic(version)) is not None]
    major, minor, _ = max(known, default=(1, 0, 0))
    return f"{major}.{minor + 1}.0"


Filled = Callable[[Mapping[str, str]], dict[str, str]]
"""Fills in what is known of the release in texts."""


def _record(desk: Desk, release: str, step: DeskStep, filled: Filled) -> None:
    """What is written down: fields, parts, the steps of the runbook and how their rehearsal went."""
    if step.edit:
        desk.releases.edit(release, filled(step.edit))
    for part in map(filled, step.add):
        desk.record.add_part(release, part.pop("part"), part)
    for part in map(filled, step.change):
        desk.record.edit_part(release, part.pop("part"), part.pop("id"), part)
    if step.needs_only:
        rest = [kind for kind in KINDS_OF_COMPONENTS if kind not in step.needs_only]
        desk.record.declare_not_needed(release, rest, step.note)
    if step.runbook:
        desk.items.add_steps(release, step.runbook)
    for path, (took, *late) in zip(_runbook(desk, release), step.rehearse, strict=False):
        desk.items.rehearse_step(release, path, took, *late)
    for number, minutes in step.correct.items():
        desk.items.edit_step(release, _runbook(desk, release)[int(number) - 1], {"time": minutes})


def _act(desk: Desk, release: str, step: DeskStep, filled: Filled) -> None:
    """What is done, promised or agreed on."""
    if step.confirm:
        desk.record.confirm(release, step.confirm, note=step.note)
    if step.book:
        desk.calendar.book(release)
    if step.sign:
        desk.record.sign(release, step.sign, confirmed=step.confirmed, comment=step.note)
    if step.promote:
        desk.record.promote(release, step.promote, access_verified=True)
    if step.sent:
        desk.documents.record_sent(release, step.sent, step.note)
    if step.tick:
        desk.items.tick(release, [step.tick], Details(fields=filled(step.fields)))
    if step.leave:
        desk.items.tick(release, [step.leave])
        desk.record.advance(release)


def _runbook(desk: Desk, release: str) -> list[str]:
    """The paths of the runbook's steps."""
    from relui.domain.outline import Outline
    from relui.domain.runbook import steps

    return [step.path for step in steps(Outline(desk.journal.open(release).release))]
