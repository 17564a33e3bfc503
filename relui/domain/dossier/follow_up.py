"""A linked release that follows one that was rolled back or went out partly, and takes over its changes."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.creation import Plan, plan_copy
from relui.domain.dossier.changes import leftovers
from relui.domain.dossier.parts import Change, Dossier
from relui.domain.log import Act
from relui.domain.release import Release
from relui.domain.ruling import Ruling


class FollowUp(Struct, frozen=True):
    """What `new` needs: the plan of the next release, and the dossier that it begins with."""

    plan: Plan
    dossier: Dossier

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes that it takes over."""
        return self.dossier.changes


def follow_up(release: Release, *, version: str, owner: str, go_live: datetime) -> FollowUp:
    """The release that follows this one: its parts and what did not go out. Go-live in UTC.

    What holds for the service stays (rollback limits and triggers, contacts, resources); what was
    recorded does not.
    Raises Refused while the outcome is not known.
    """
    changes = leftovers(release)
    before = release.dossier
    dossier = Dossier(
        follows=release.id,
        changes=changes,
        resources=before.resources,
        rollback_minutes=before.rollback_minutes,
        rollback_limit=before.rollback_limit,
        rollback_triggers=before.rollback_triggers,
        test_plan=before.test_plan,
        contacts=before.contacts,
    )
    return FollowUp(plan_copy(release, version=version, owner=owner, go_live=go_live), dossier)


def begun(created: Release, follows: FollowUp) -> Ruling:
    """The new release with what it takes over."""
    count = len(follows.changes)
    text = f"follows {follows.dossier.follows}, with {count} change{'' if count == 1 else 's'} of it"
    return Ruling(replace(created, dossier=follows.dossier), Act("follow", text), ("follows",))
