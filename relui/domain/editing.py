"""Editing a release's own fields, as text typed by a person or a pipeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from relui.domain.calendar.wall_clock import moment_words
from relui.domain.creation import default_title
from relui.domain.doubts import duration_doubts, go_live_doubts, version_doubts
from relui.domain.identifiers import contradiction
from relui.domain.identifiers import parts as identifier_parts
from relui.domain.instants import format_duration, parse_duration, parse_instant, zone_named
from relui.domain.log import Act
from relui.domain.release import IMPACTS, RELEASE_TYPES, Release
from relui.domain.ruling import Ruling, refuse_closed
from relui.domain.text import became, did_you_mean, long_text, one_line, quoted
from relui.errors import BadInput

Reader = Callable[[str, Release], object]


def _line(what: str, *, required: bool = False) -> Reader:
    return lambda text, release: one_line(text, what=what, required=required)


def _long(what: str) -> Reader:
    return lambda text, release: long_text(text, what=what)


def _one_of(what: str, known: tuple[str, ...]) -> Reader:
    def read(text: str, release: Release) -> object:
        value = text.strip().lower()
        if value not in known:
            raise BadInput(f"{quoted(text)} is not a release {what}.{did_you_mean(value, known)}")
        return value

    return read


def _instant(text: str, release: Release) -> object:
    return parse_instant(text, release.zone).at


def _names(text: str, release: Release) -> object:
    names = (one_line(name, what="A name") for name in text.split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def _optional_instant(text: str, release: Release) -> object:
    return parse_instant(text, release.zone).at if text.strip() else None


def _minutes(text: str, release: Release) -> object:
    return 0 if text.strip() in ("", "0", "0m") else parse_duration(text)


def _another(text: str, release: Release) -> object:
    """The identifier of another release, or nothing."""
    name = one_line(text, what="The identifier").upper()
    if name and identifier_parts(name) is None:
        raise BadInput(f"{quoted(text)} is not the identifier of a release. Write REL-2026-11-003.")
    if name == release.id:
        raise BadInput(f"{name} is this release itself. Name another one.")
    return name


def _others(text: str, release: Release) -> object:
    names = (_another(part, release) for part in text.split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def _satisfaction(text: str, release: Release) -> object:
    """How satisfied users were, from 1 to 5; nothing when it was not measured."""
    value = text.strip()
    if value and value not in ("1", "2", "3", "4", "5"):
        raise BadInput(f"{quoted(text)} is no satisfaction. Write a number from 1 to 5, or nothing.")
    return int(value) if value else None


OWN_FIELDS: Mapping[str, tuple[str, Reader]] = {
    "title": ("title", _line("The title", required=True)),
    "service": ("service", _line("The service", required=True)),
    "version": ("version", _line("The version", required=True)),
    "type": ("type", _one_of("type", RELEASE_TYPES)),
    "impact": ("impact", _one_of("impact", IMPACTS)),
    "owner": ("owner", _line("The owner", required=True)),
    "go-live": ("go_live", _instant),
    "duration": ("duration", lambda text, release: parse_duration(text)),
    "environment": ("environment", _line("The environment", required=True)),
    "people": ("people", _names),
    "rationale": ("rationale", _long("The rationale")),
    "risk": ("risk", _long("The risk summary")),
    "rollback": ("rollback", _long("The rollback plan")),
    "notes-link": ("notes_link", _line("The link to the release notes")),
    "started": ("started_at", _optional_instant),
    "completed": ("completed_at", _optional_instant),
    "satisfaction": ("satisfaction", _satisfaction),
}
"""Those that every release has."""

INSTANT_FIELDS = ("go-live", "started", "completed", "built")
"""Those that are typed and shown in the release's zone."""

_DOSSIER = "dossier."
DOSSIER_FIELDS: Mapping[str, tuple[str, Reader]] = {
    "resources": ("dossier.resources", _long("The resources")),
    "needs": ("dossier.needs", _others),
    "follows": ("dossier.follows", _another),
    "rollback-minutes": ("dossier.rollback_minutes", _minutes),
    "rollback-limit": ("dossier.rollback_limit", _minutes),
    "rollback-triggers": ("dossier.rollback_triggers", _long("What triggers a rollback")),
    "package-at": ("dossier.package_at", _line("Where the package is stored")),
    "package-access": ("dossier.package_access", _line("Who has access to the package")),
    "package-tag": ("dossier.package_tag", _line("The package's tag")),
    "build-logs": ("dossier.build_logs", _line("Where the build logs are kept")),
    "built": ("dossier.built_at", _optional_instant),
    "test-plan": ("dossier.test_plan", _long("The test plan")),
    "deployed-version": ("dossier.deployed_version", _line("The version that is running")),
    "schema-versions": ("dossier.schema_versions", _line("The schema versions")),
    "api-versions": ("dossier.api_versions", _line("The compatible API versions")),
    "user-action": ("dossier.user_action", _long("What users must do")),
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
    if isinstance(value, datetime):
        local = value.astimezone(zone_named(release.zone))
        text = local.replace(tzinfo=None).isoformat(timespec="minutes")
        return text if parse_instant(text, release.zone).at == value else local.isoformat()
    if name == "duration":
        return format_duration(value)
    if name in ("rollback-minutes", "rollback-limit"):
        return format_duration(value) if value else ""
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None else str(value)


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
        changes[field] = read(text, release)
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
