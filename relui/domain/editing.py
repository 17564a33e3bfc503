"""Editing a release's own fields, as text typed by a person or a pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from relui.domain.calendar.wall_clock import moment_words
from relui.domain.creation import default_title
from relui.domain.dossier.readers import Reader, instant, line, minutes, paragraphs, shown
from relui.domain.doubts import duration_doubts, go_live_doubts, version_doubts
from relui.domain.identifiers import contradiction
from relui.domain.identifiers import parts as identifier_parts
from relui.domain.instants import format_duration, parse_duration, parse_instant
from relui.domain.log import Act
from relui.domain.release import IMPACTS, RELEASE_TYPES, Release
from relui.domain.ruling import Ruling, refuse_closed
from relui.domain.text import became, did_you_mean, one_line, quoted
from relui.errors import BadInput


def _one_of(what: str, known: tuple[str, ...]) -> Reader:
    def read(text: str, zone: str) -> object:
        value = text.strip().lower()
        if value not in known:
            raise BadInput(f"{quoted(text)} is not a release {what}.{did_you_mean(value, known)}")
        return value

    return read


def _names(text: str, zone: str) -> object:
    names = (one_line(name, what="A name") for name in text.split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def _another(text: str, zone: str) -> object:
    """The identifier of another release, or nothing."""
    name = one_line(text, what="The identifier").upper()
    if name and identifier_parts(name) is None:
        raise BadInput(f"{quoted(text)} is not the identifier of a release. Write REL-2026-11-003.")
    return name


def _others(text: str, zone: str) -> object:
    names = (_another(part, zone) for part in text.split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def _satisfaction(text: str, zone: str) -> object:
    """How satisfied users were, from 1 to 5; nothing when it was not measured."""
    value = text.strip()
    if value and value not in ("1", "2", "3", "4", "5"):
        raise BadInput(f"{quoted(text)} is no satisfaction. Write a number from 1 to 5, or nothing.")
    return int(value) if value else None


OWN_FIELDS: Mapping[str, tuple[str, Reader]] = {
    "title": ("title", line("The title", required=True)),
    "service": ("service", line("The service", required=True)),
    "version": ("version", line("The version", required=True)),
    "type": ("type", _one_of("type", RELEASE_TYPES)),
    "impact": ("impact", _one_of("impact", IMPACTS)),
    "owner": ("owner", line("The owner", required=True)),
    "go-live": ("go_live", lambda text, zone: parse_instant(text, zone).at),
    "duration": ("duration", lambda text, zone: parse_duration(text)),
    "environment": ("environment", line("The environment", required=True)),
    "people": ("people", _names),
    "rationale": ("rationale", paragraphs("The rationale")),
    "risk": ("risk", paragraphs("The risk summary")),
    "rollback": ("rollback", paragraphs("The rollback plan")),
    "notes-link": ("notes_link", line("The link to the release notes")),
    "started": ("started_at", instant),
    "completed": ("completed_at", instant),
    "satisfaction": ("satisfaction", _satisfaction),
}
"""Those that every release has."""

INSTANT_FIELDS = ("go-live", "started", "completed", "built")
"""Those that are typed and shown in the release's zone."""

_DOSSIER = "dossier."
DOSSIER_FIELDS: Mapping[str, tuple[str, Reader]] = {
    "resources": ("dossier.resources", paragraphs("The resources")),
    "needs": ("dossier.needs", _others),
    "follows": ("dossier.follows", _another),
    "rollback-minutes": ("dossier.rollback_minutes", minutes),
    "rollback-limit": ("dossier.rollback_limit", minutes),
    "rollback-triggers": ("dossier.rollback_triggers", paragraphs("What triggers a rollback")),
    "package-at": ("dossier.package_at", line("Where the package is stored")),
    "package-access": ("dossier.package_access", line("Who has access to the package")),
    "package-tag": ("dossier.package_tag", line("The package's tag")),
    "build-logs": ("dossier.build_logs", line("Where the build logs are kept")),
    "built": ("dossier.built_at", instant),
    "test-plan": ("dossier.test_plan", paragraphs("The test plan")),
    "deployed-version": ("dossier.deployed_version", line("The version that is running")),
    "schema-versions": ("dossier.schema_versions", line("The schema versions")),
    "api-versions": ("dossier.api_versions", line("The compatible API versions")),
    "user-action": ("dossier.user_action", paragraphs("What users must do")),
}
"""Those of a governed release's dossier [S1.7, S1.9, S1.11, S1.13, S1.23]: the light way asks for none."""

_OF_BUILD: Mapping[str, str] = {"package-tag": "dossier.tag_build", "build-logs": "dossier.logs_build"}
"""Fields that are said of the present build whenever they are given -> where that build is kept."""

FIELDS: Mapping[str, tuple[str, Reader]] = {**OWN_FIELDS, **DOSSIER_FIELDS}
"""What can be edited: its name in forms and on the command line -> the struct's field and its reader."""


def field_text(release: Release, name: str) -> str:
    """The present value of an editable field, as a person would type it (instants in the release's zone).

    Read back it gives the same value: an instant bears its seconds and its offset where it needs them.
    """
    value = _value(release, FIELDS[name][0])
    if name in ("duration", "rollback-minutes", "rollback-limit"):
        return format_duration(value) if value else ""
    return "" if value is None else str(value) if isinstance(value, int) else shown(value, release.zone)


def edit(release: Release, given: Mapping[str, str], at: datetime) -> Ruling:
    """Set fields from text. Nothing is changed unless all of them are right.

    A title that nobody chose follows the version and the date. Raises BadInput for an unknown field or a
    value that does not fit. `told` bears warnings.
    """
    refuse_closed(release)
    changes: dict[str, object] = {}
    told: list[str] = []
    for name, text in given.items():
        if name not in FIELDS:
            known = did_you_mean(name, FIELDS)
            raise BadInput(f"A release has no field {quoted(name)} that can be edited.{known}")
        field, read = FIELDS[name]
        changes[field] = read(text, release.zone)
        if isinstance(changes[field], datetime) and (word := parse_instant(text, release.zone).told):
            told.append(word)
    changes |= {_OF_BUILD[name]: release.dossier.iteration for name in given if name in _OF_BUILD}
    edited = _with(release, changes)
    if "title" not in given:
        edited = retitled(release, edited)
    _check(release, edited, at)
    if edited == release:
        return Ruling(release, None, already=tuple(given))
    changed = tuple(name for name in FIELDS if _differs(name, release, edited, given))
    warning = contradiction(edited.version, edited.type)
    if warning and ("version" in changed or "type" in changed):
        told.append(warning)
    told += _doubts(edited, changed, at)
    words = ", ".join(_became(name, release, edited) for name in changed if name in given)
    return Ruling(edited, Act("edit", f"edited {words}"), changed, told=tuple(told))


def _doubts(edited: Release, changed: tuple[str, ...], at: datetime) -> list[str]:
    """What is probably a slip among the fields that changed."""
    found = {
        "version": version_doubts(edited.version, edited.id),
        "go-live": go_live_doubts(edited.go_live, edited.zone, at),
        "duration": duration_doubts(edited.duration),
    }
    return [words for name, told in found.items() if name in changed for words in told]


def _became(name: str, release: Release, edited: Release) -> str:
    """What a field was and is; an instant with the zone that it is read in."""
    before, after = field_text(release, name), field_text(edited, name)
    if before == after and name in _OF_BUILD:
        return f"{name}: in build {edited.dossier.iteration} as before"
    zone = f" ({edited.zone})" if name in INSTANT_FIELDS else ""
    return f"{name} {became(before, after)}{zone}"


def retitled(before: Release, after: Release) -> Release:
    """`after` with the title that follows its version and date, unless somebody chose one."""
    if before.title != _default_title(before):
        return after
    return replace(after, title=_default_title(after))


def _default_title(release: Release) -> str:
    return default_title(release.version, release.go_live, release.zone)


def _differs(name: str, one: Release, other: Release, given: Mapping[str, str]) -> bool:
    """The field differs, or the build that it was said for."""
    fields = [FIELDS[name][0], *([_OF_BUILD[name]] if name in _OF_BUILD and name in given else [])]
    return any(_value(one, field) != _value(other, field) for field in fields)


def _value(release: Release, field: str) -> Any:
    if field.startswith(_DOSSIER):
        return getattr(release.dossier, field.removeprefix(_DOSSIER))
    return getattr(release, field)


def _with(release: Release, changes: Mapping[str, object]) -> Release:
    own = {field: value for field, value in changes.items() if not field.startswith(_DOSSIER)}
    parts = {
        field.removeprefix(_DOSSIER): value for field, value in changes.items() if field.startswith(_DOSSIER)
    }
    return replace(release, **own, dossier=replace(release.dossier, **parts) if parts else release.dossier)


def _check(release: Release, edited: Release, at: datetime) -> None:
    """Raises BadInput for fields that fit one by one, but not together."""
    if release.id in (edited.dossier.follows, *edited.dossier.needs):
        raise BadInput(f"{release.id} is this release itself. Name another one.")
    if edited.is_emergency != release.is_emergency:
        raise BadInput(
            "A release cannot become an emergency, or stop being one: create it from the right template."
        )
    if edited.is_emergency and not edited.rationale:
        raise BadInput("An emergency needs its rationale: what is broken, and why it cannot wait.")
    for name, before, after in (
        ("start", release.started_at, edited.started_at),
        ("complete", release.completed_at, edited.completed_at),
    ):
        if release.criteria and not release.is_emergency and before is None and after is not None:
            raise BadInput(
                f"This release has criteria: use {name}, which asks its gate. What it recorded can be "
                "corrected here."
            )
    for word, before, after in (
        ("start", release.started_at, edited.started_at),
        ("completion", release.completed_at, edited.completed_at),
        ("build", release.dossier.built_at, edited.dossier.built_at),
    ):
        if after is not None and after != before and after > at:
            told = moment_words(after, edited.zone)
            raise BadInput(f"The {word} is recorded when it was: {told} is still to come.")
    if edited.started_at and edited.completed_at and edited.completed_at < edited.started_at:
        raise BadInput("The deployment cannot be completed before it has started.")
