"""Roles that sign-offs need and nobody has, in an organisation that gives such roles to somebody."""

from __future__ import annotations

from collections.abc import Iterator

from relui.domain.organisation import Organisation

SIGNING_ROLES = {
    "service-owner": "approves definitions, test plans, acceptance and go of services without an owner",
    "cab": "approves the definition of a major release, and exceptions",
    "emergency-cab": "approves an emergency and its go",
    "release-manager": "reviews readiness; so does release-owner",
    "release-owner": "leads releases, and reviews readiness",
}
"""A role -> what only those who have it can sign. docs/organisation.md lists them too."""


def missing_roles(organisation: Organisation) -> Iterator[tuple[str, str]]:
    """Each role that nobody has although a release may wait for it, with what waits.

    Somebody always reviews readiness: the release's own owner may.
    """
    held = {role for person in organisation.people for role in person.roles}
    if held.isdisjoint(SIGNING_ROLES):
        return
    ownerless = [service.id for service in organisation.services if not service.owner]
    if "service-owner" not in held and ownerless:
        services = ", ".join(ownerless[:3]) + (", ..." if len(ownerless) > 3 else "")
        yield "service-owner", f"{SIGNING_ROLES['service-owner']} ({services})"
    for role in ("cab", "emergency-cab"):
        if role not in held:
            yield role, SIGNING_ROLES[role]
