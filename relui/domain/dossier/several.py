"""Several parts of a dossier added or changed as one act, and what is proposed for them.

Instants are UTC; what is proposed is text, as a person would type it in the release's zone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta

from relui.domain.dossier.editing import add_part, edit_part
from relui.domain.dossier.fields import CONTACT_ROLES, kind_named
from relui.domain.instants import zone_named
from relui.domain.log import Act
from relui.domain.organisation import Organisation
from relui.domain.release import Release, milestones
from relui.domain.ruling import Ruling
from relui.errors import BadInput

PROMOTED_AT = time(10)
"""The time of day that is proposed for a promotion."""
_Rule = Callable[[Release, Mapping[str, str]], Ruling]
_BY = {"test": "build complete", "staging": "test complete"}
"""The milestone whose day is proposed for the promotion to an environment [S1.5, S1.18]."""


def add_several(
    release: Release, kind: str, given: Sequence[Mapping[str, str]], at: datetime, by: str
) -> Ruling:
    """Add parts of a kind from text, as one act. Raises what adding one raises; nothing is added then."""
    return _together(release, kind, "add", given, lambda now, each: add_part(now, kind, each, at, by))


def edit_several(
    release: Release,
    kind: str,
    names: Sequence[str],
    given: Mapping[str, str],
    at: datetime,
    by: str,
    organisation: Organisation,
) -> Ruling:
    """Set the same fields of several parts from text, as one act."""
    if "id" in given and len(names) > 1:
        raise BadInput("Several parts cannot have one name. Rename them one by one.")
    return _together(
        release,
        kind,
        "edit",
        [{"id": name} for name in names],
        lambda now, each: edit_part(now, kind, each["id"], given, at, by, organisation=organisation),
    )


def _together(
    release: Release,
    kind: str,
    verb: str,
    given: Sequence[Mapping[str, str]],
    rule: _Rule,
) -> Ruling:
    form, now = kind_named(kind), release
    changed: list[str] = []
    already: list[str] = []
    told: list[str] = []
    texts: list[str] = []
    for each in given:
        ruling = rule(now, each)
        now = ruling.release
        told += [words for words in ruling.told if words not in told]
        already += ruling.already
        if ruling.act is not None:
            texts.append(ruling.act.text)
            changed.append(each.get("id", "") or ruling.changed[0])
    if not changed:
        return Ruling(release, None, already=tuple(already), told=tuple(told))
    past = "added" if verb == "add" else "edited"
    words = texts[0] if len(texts) == 1 else f"{past} {len(texts)} {form.plural}: {', '.join(changed)}"
    act = Act(f"{verb}-{form.name}", words)
    return Ruling(now, act, tuple(changed), already=tuple(already), told=tuple(told))


def proposed_schedule(release: Release, now: datetime) -> dict[str, str]:
    """The environments of the promotion schedule that are not planned yet, each with a proposed instant.

    Test follows the complete build, staging the complete test; the target has its go-live. What would be
    past is proposed for the next full hour.
    """
    zone = zone_named(release.zone)
    days = {each.name: each.day for each in milestones(release.type, release.go_live, release.zone)}
    known = {each.id for each in release.dossier.environments}
    soon = (now.astimezone(zone) + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    found: dict[str, str] = {}
    go_live = release.go_live.astimezone(zone)
    for name in dict.fromkeys((*_BY, release.environment)):
        at = go_live
        if name in _BY and _BY[name] in days:
            at = max(datetime.combine(days[_BY[name]], PROMOTED_AT, zone), soon)
        if name not in known:
            found[name] = f"{min(at, go_live):%Y-%m-%dT%H:%M}"
    return found


def proposed_contacts(release: Release, organisation: Organisation) -> dict[str, str]:
    """The contacts that a governed release usually has and this one has not: role -> who has it.

    The first of the organisation's people with that role; empty where nobody has it.
    """
    known = {each.id.casefold() for each in release.dossier.contacts}
    found: dict[str, str] = {}
    for role in CONTACT_ROLES:
        if role not in known:
            people = [person.id for person in organisation.people if role in person.roles]
            found[role] = people[0] if people else ""
    return found
