"""Services and people as texts for a form, under the keys of organisation.yaml, and back."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from relui.domain.organisation import Organisation, Person, Service
from relui.domain.text import slug
from relui.errors import BadInput

SERVICE_HINTS: Mapping[str, str] = {
    "name": "what people call it",
    "owner": "who signs for it",
    "depends_on": "services that it needs, with commas",
    "infrastructure": "what it shares with others: san, db-1",
    "team": "who looks after it",
    "stack": "kubernetes, postgres",
    "zone": "the organisation's",
    "unrestricted": "yes: it needs no window",
    "id": "made from the name",
}
PERSON_HINTS: Mapping[str, str] = {
    "name": "what people call them",
    "roles": "service-owner, release-manager",
    "contact": "#channel, address or number",
    "delegate": "who stands in while they are away",
    "zone": "the organisation's",
    "id": "made from the name",
}


def service_texts(service: Service) -> dict[str, str]:
    """A service's lines, as somebody would type them; its id stays what it is."""
    return {
        "name": service.name,
        "owner": service.owner,
        "depends_on": ", ".join(service.depends_on),
        "infrastructure": ", ".join(service.infrastructure),
        "team": service.team,
        "stack": ", ".join(service.stack),
        "zone": service.zone,
        "unrestricted": "yes" if service.unrestricted else "",
    }


def person_texts(person: Person) -> dict[str, str]:
    """A person's lines, as somebody would type them; absences have a form of their own."""
    return {
        "name": person.name,
        "roles": ", ".join(person.roles),
        "contact": person.contact,
        "delegate": person.delegate,
        "zone": person.zone,
    }


def service_of(values: Mapping[str, str], organisation: Organisation, id: str = "") -> Service:
    """The service that the form says: the one of that id, or a new one. Raises BadInput."""
    old = organisation.service(id) if id else None
    _still_there(id, old, "service")
    free = {service.id for service in organisation.services}
    return replace(
        old or Service(_new_id(values, free, "service"), ""),
        name=values["name"].strip(),
        owner=values["owner"].strip(),
        depends_on=_listed(values["depends_on"]),
        infrastructure=_listed(values["infrastructure"]),
        team=values["team"].strip(),
        stack=_listed(values["stack"]),
        zone=values["zone"].strip(),
        unrestricted=_is_yes(values["unrestricted"]),
    )


def person_of(values: Mapping[str, str], organisation: Organisation, id: str = "") -> Person:
    """The person that the form says, with the absences that stand now. Raises BadInput."""
    old = organisation.person(id) if id else None
    _still_there(id, old, "person")
    free = {person.id for person in organisation.people}
    return replace(
        old or Person(_new_id(values, free, "person"), ""),
        name=values["name"].strip(),
        roles=_listed(values["roles"]),
        contact=values["contact"].strip(),
        delegate=values["delegate"].strip(),
        zone=values["zone"].strip(),
    )


def _still_there(id: str, found: object, what: str) -> None:
    if id and found is None:
        raise BadInput(f"The {what} '{id}' was removed elsewhere. Nothing was changed.")


def _new_id(values: Mapping[str, str], taken: set[str], what: str) -> str:
    name = values["name"].strip()
    given = values.get("id", "").strip()
    if not name and not given:
        raise BadInput(f"A new {what} needs a name.")
    id = given or slug(name)
    if id in taken:
        raise BadInput(f"There is a {what} '{id}' already. Type another id, or edit that one.")
    return id


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in (one.strip() for one in text.split(",")) if part))


def _is_yes(text: str) -> bool:
    folded = text.strip().casefold()
    if folded not in ("", "no", "yes"):
        raise BadInput(f"'{text.strip()}' is neither yes nor no: unrestricted takes one of them.")
    return folded == "yes"
