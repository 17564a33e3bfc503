"""What must hold between the parts of an organisation: ids once, and every named one listed.

The same that `relui org import` asks of a file (`loading/organisation_names.py`, which knows the lines): what
an edit leaves behind can be exported and read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from relui.domain.calendar.wall_clock import list_words
from relui.domain.naming import did_you_mean
from relui.domain.organisation import Organisation
from relui.domain.text import quoted
from relui.errors import BadInput


def refuse_dangling(before: Organisation, after: Organisation) -> Organisation:
    """`after`, where nothing in it names what is not listed. What did so `before` already hinders nothing.

    Raises BadInput for what a change would leave behind, with the way out.
    """
    known = set(dangling(before))
    found = [words for words in dangling(after) if words not in known]
    if found:
        raise BadInput(f"{' '.join(found[:3])} Nothing was changed.")
    return after


def dangling(organisation: Organisation) -> Iterator[str]:
    """Each id that is used twice, and each name that is not listed, in a sentence with the way out.

    Without any person, team or service in the list, an owner, a team or an entry may name any.
    """
    services = [service.id for service in organisation.services]
    people = [person.id for person in organisation.people]
    teams = [team.id for team in organisation.teams]
    entries = [entry.id for entry in organisation.entries]
    yield from _twice("service", services)
    yield from _twice("person", people)
    yield from _twice("team", teams)
    yield from _twice("entry", entries)
    for service in organisation.services:
        what = f"Service {quoted(service.id)}"
        yield from _unlisted(f"{what} depends on", service.depends_on, "service", services)
        if people:
            yield from _unlisted(f"{what} is owned by", [service.owner], "person", people)
        if teams:
            yield from _unlisted(f"{what} is looked after by", [service.team], "team", teams)
    for person in organisation.people:
        yield from _unlisted(
            f"Person {quoted(person.id)} has the delegate", [person.delegate], "person", people
        )
    if services:
        for entry in organisation.entries:
            yield from _unlisted(f"Entry {quoted(entry.id)} is for", entry.services, "service", services)
    holidays = organisation.holidays
    if holidays.subdivision and not holidays.country:
        yield (
            f"The holidays' subdivision {quoted(holidays.subdivision)} needs its country: take it away too, "
            "or say the country."
        )


def _twice(what: str, ids: Sequence[str]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for id in ids:
        first = seen.setdefault(id.casefold(), id)
        if first is not id:
            yield f"There is a {what} {quoted(first)} already, and {quoted(id)} would be the same. Rename it."


def _unlisted(what: str, names: Iterable[str], kind: str, listed: Sequence[str]) -> Iterator[str]:
    known = set(listed)
    missing = [name for name in names if name and name not in known]
    if missing:
        words = list_words([quoted(name) for name in missing])
        near = did_you_mean(missing[0], listed)
        yield f"{what} {words}, which is no {kind} of the organisation: add it first, or name another.{near}"
