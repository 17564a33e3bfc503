"""What the calendar's forms say: entries, services, people, under the keys of organisation.yaml, and back."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.calendar.entries import (
    WEEKDAYS,
    CalendarEntry,
    Days,
    Kind,
    Monthly,
    Pattern,
    Rule,
    Span,
    Weekly,
    Yearly,
)
from relui.domain.instants import format_duration
from relui.domain.organisation import Organisation, Person, Service
from relui.domain.text import slug, unique
from relui.errors import BadInput

FIELDS = ("name", "repeats", "from", "to", "zone", "services", "environments", "note", "id")
HINTS: Mapping[str, str] = {
    "name": "what people call it",
    "repeats": "sat, sun; monthly; yearly; FREQ=...; or once",
    "from": "20:00, or 28, 12-15, 2026-11-21, 2026-11-21T20:00",
    "to": "06:00, mon 07:00, or 2, 01-05, 2026-11-22; or 2h",
    "zone": "the organisation's",
    "services": "all of them",
    "environments": "every; or production, staging",
    "note": "",
    "id": "made from the name",
}

_LENGTH = re.compile(r"(\d+[dhm])+", re.ASCII | re.IGNORECASE)


class Line(Struct, frozen=True):
    """One line of the form."""

    name: str
    value: str
    hint: str


def lines_of(entry: CalendarEntry | None, kind: Kind, day: date, organisation: Organisation) -> list[Line]:
    """The form's lines: those of an entry, or sensible beginnings for a new one at `day`."""
    values = texts_of(entry) if entry is not None else beginnings(kind, day)
    some = ", ".join(service.id for service in organisation.services[:2])
    services = f"{HINTS['services']}; or {some}" if some else HINTS["services"]
    hints = {**HINTS, "zone": organisation.zone or "the host's", "services": services}
    return [Line(name, values.get(name, ""), hints[name]) for name in FIELDS]


def beginnings(kind: Kind, day: date) -> dict[str, str]:
    """What a new entry starts with: a window repeats, the others are on the day of the cursor."""
    if kind == "window":
        return {"repeats": WEEKDAYS[day.weekday()], "from": "18:00", "to": "06:00"}
    if kind == "maintenance":
        return {"from": f"{day}T20:00", "to": f"{day}T23:00", "environments": "production"}
    return {"from": f"{day}", "to": f"{day}"}


def texts_of(entry: CalendarEntry) -> dict[str, str]:
    """An entry's lines, as somebody would type them."""
    from relui.documents.organisation_yaml import entry_plain

    plain = entry_plain(entry)
    texts = {
        "id": entry.id,
        "name": entry.name,
        "zone": entry.zone,
        "services": ", ".join(entry.services),
        "environments": ", ".join(entry.environments),
        "note": " ".join(entry.note.split("\n")),
        "from": str(plain.get("from", "")),
        "to": str(plain.get("to", plain.get("duration", ""))),
    }
    if isinstance(entry.when, Weekly):
        texts["repeats"] = ", ".join(entry.when.days)
    for key in ("monthly", "yearly"):
        found = plain.get(key)
        if isinstance(found, dict):
            texts |= {"repeats": key, "from": str(found["from"]), "to": str(found["to"])}
        elif found is not None:
            texts |= {"repeats": key, "from": str(found), "to": str(found)}
    if "rrule" in plain:
        texts["repeats"] = str(plain["rrule"])
    return texts


def keys_of(
    values: Mapping[str, str], taken: tuple[str, ...], own: str = "", *, kind: Kind
) -> dict[str, str]:
    """What the form says, under the keys of organisation.yaml.

    Without an id one is made from the name; without that, from the kind: `blackout` says more than `item`.
    """
    given = {name: text.strip() for name, text in values.items() if text.strip()}
    repeats = given.pop("repeats", "")
    folded = repeats.casefold()
    start, end = given.pop("from", ""), given.pop("to", "")
    if folded in ("monthly", "yearly"):
        given[folded] = f"{start}..{end or start}"
    elif "freq=" in folded:
        given |= {"rrule": repeats, "from": start, "duration": end}
    else:
        last = "duration" if _LENGTH.fullmatch(end) else "to"
        given |= {"weekly": repeats.replace(" ", ","), "from": start, last: end}
    others = [name for name in taken if name != own]
    given.setdefault("id", own or unique(slug(given.get("name", kind)), others))
    return {key: text for key, text in given.items() if text}


_NAMES = {"mon": "Mon", "tue": "Tue", "wed": "Wed", "thu": "Thu", "fri": "Fri", "sat": "Sat", "sun": "Sun"}


def pattern_words(when: Pattern) -> str:
    """`every Sat and Sun, 18:00 to 06:00 the next day`."""
    match when:
        case Weekly(days, start, end):
            names = listed([_NAMES[day] for day in days]) if len(days) < 7 else "day"
            if when.reach > 1 or when.later:
                return f"every {names}, {start:%H:%M} to {_end_words(when)}"
            later = " the next day" if end <= start else ""
            return f"every {names}, {start:%H:%M} to {end:%H:%M}{later}"
        case Monthly(first, last):
            later = " of the next month" if last < first else ""
            return f"every month, from the {_ordinal(first)} to the {_ordinal(last)}{later}, whole days"
        case Yearly(first, last):
            later = " of the next year" if last < first else ""
            return f"every year, from {_month_day(first)} to {_month_day(last)}{later}, whole days"
        case Days(first, last):
            return (
                f"{_day(first)}, whole day" if first == last else f"{_day(first)} to {_day(last)}, whole days"
            )
        case Span(start, end):
            return f"{_wall(start)} to {_wall(end)}"
        case Rule(rrule, start, minutes, except_for):
            left_out = f", without {listed([_wall(at) for at in except_for])}" if except_for else ""
            return f"{rrule} from {_wall(start)}, {format_duration(minutes)} each{left_out}"


def _end_words(weekly: Weekly) -> str:
    """`Mon 07:00`, or how many days later where several days have an end each."""
    if len(weekly.days) == 1:
        day = WEEKDAYS[(WEEKDAYS.index(weekly.days[0]) + weekly.reach) % 7]
        return f"{'the next ' if weekly.reach == 7 else ''}{_NAMES[day]} {weekly.end:%H:%M}"
    return f"{weekly.end:%H:%M} {'the next day' if weekly.reach == 1 else f'{weekly.reach} days later'}"


def reach_words(entry: CalendarEntry) -> str:
    """Which services and environments an entry is for."""
    services = listed(entry.services) if entry.services else "all services"
    return f"{services} in {listed(entry.environments)}" if entry.environments else services


def listed(words: list[str] | tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number not in (11, 12, 13) else "th"
    return f"{number}{ending}"


def _month_day(day: tuple[int, int]) -> str:
    return f"{day[1]} {calendar.month_abbr[day[0]]}"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _wall(at: datetime) -> str:
    return f"{_day(at.date())} {at:%H:%M}"


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
