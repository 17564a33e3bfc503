"""Who spoke for whom: a change found ready by another than its owner, a point confirmed outside of its team.

Both are allowed, and stay visible. Where the organisation lists nobody of a team, nobody speaks for it.
"""

from __future__ import annotations

from msgspec.structs import replace

from relui.domain.dossier.parts import Change, Confirmation
from relui.domain.dossier.signers import person_id
from relui.domain.organisation import Organisation
from relui.domain.release import Release

NOBODY = Organisation()
"""One that lists nobody."""

TEAM_POINTS = ("window.",)
"""How the ids of points begin that are the word of a team, and not only usually given by one."""


def ready_said(before: Change | None, part: Change, by: str, organisation: Organisation) -> Change:
    """The change with who says that it is ready, where that is not its owner."""
    if not part.ready:
        return replace(part, ready_by="")
    speaker = person_id(organisation, by)
    own = not part.owner or person_id(organisation, part.owner).casefold() == speaker.casefold()
    if own:
        return replace(part, ready_by="")
    said = before is not None and before.ready and before.owner == part.owner
    return replace(part, ready_by=before.ready_by if said and before is not None else speaker)


def ready_kept(before: Change, part: Change, organisation: Organisation) -> Change:
    """A change that was given another owner, who has not said that it is ready: whose word it was stays."""
    speaker = before.ready_by or before.owner
    if not (before.ready and part.ready and speaker and part.owner) or before.owner == part.owner:
        return part
    own = person_id(organisation, part.owner).casefold() == person_id(organisation, speaker).casefold()
    return replace(part, ready_by="" if own else speaker)


def ready_words(change: Change) -> str:
    """`said by ben for ana`; nothing where its owner said it, or nobody did."""
    if not change.ready or not change.ready_by:
        return ""
    return f"said by {change.ready_by}" + (f" for {change.owner}" if change.owner else "")


def team_spoken_for(release: Release, point: str, role: str, by: str, organisation: Organisation) -> str:
    """The team that `by` confirms a point for without being of it; nothing where nobody of it is listed."""
    if not role or not point.startswith(TEAM_POINTS):
        return ""
    folded = person_id(organisation, by).casefold()
    named = [each.person for each in release.dossier.contacts if each.id.casefold() == role.casefold()]
    members = [person.id for person in organisation.people if role in person.roles]
    known = {person_id(organisation, name).casefold() for name in (*named, *members)}
    return role if members and folded not in known else ""


def confirmed_words(given: Confirmation) -> str:
    """`rosa for operations`, or who confirmed it for themselves."""
    return f"{given.by} for {given.acting_for}" if given.acting_for else given.by
