"""Calendar entries as texts for a form, under the keys of organisation.yaml, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from relui.domain.calendar.entries import WEEKDAYS, CalendarEntry, Kind, Weekly
from relui.domain.organisation import Organisation
from relui.domain.text import slug, unique

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
