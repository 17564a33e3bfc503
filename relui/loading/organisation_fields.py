"""Parts of organisation.yaml as texts typed one by one: a calendar entry, and single fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import structs

from relui.domain.calendar.entries import Entry, Kind
from relui.domain.organisation import Organisation
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput
from relui.loading.organisation import organisation_text
from relui.loading.organisation_forms import HolidaysForm, PolicyForm
from relui.loading.organisation_names import SECTIONS

_LISTS = ("weekly", "services", "environments", "except", "emergency_criteria", "dates")
_RANGES = ("monthly", "yearly")
_GIVEN = "what was given"
_PLACE = re.compile(rf"{_GIVEN}:\d+: (?:[\w-]+\.[\w-]+\.)?")
"""File, line and entry of a document that was made from a form or from options."""


def entry_from_texts(kind: Kind, given: Mapping[str, str]) -> Entry:
    """The entry that texts say under organisation.yaml's keys; empty ones are left out.

    Lists have commas; `monthly` is `28..2`, `yearly` is `12-15..01-05`. Whether its services and
    environments are listed is for the organisation to say. Raises BadInput.
    """
    section = next(name for name, of in SECTIONS.items() if of == kind)
    keys = {key: _value(key, text) for key, text in given.items() if text.strip()}
    return _read_entry(section, keys)


_PATTERNS = ("weekly", "monthly", "yearly", "rrule")
_WHEN = (*_PATTERNS, "from", "to", "duration", "except")
"""The keys that say together when an entry takes place."""


def entry_changed(kind: Kind, plain: Mapping[str, object], given: Mapping[str, str]) -> Entry:
    """An entry, given as organisation.yaml writes it, with some keys changed; an empty text takes one away.

    Another kind of pattern (`weekly` instead of `rrule`) replaces everything that says when. Raises BadInput.
    """
    when = any(key in given and key not in plain for key in _PATTERNS)
    kept = {key: value for key, value in plain.items() if key not in given and not (when and key in _WHEN)}
    keys = {key: _value(key, text) for key, text in given.items() if text.strip()}
    section = next(name for name, of in SECTIONS.items() if of == kind)
    return _read_entry(section, {**kept, **keys})


def _read_entry(section: str, keys: Mapping[str, Any]) -> Entry:
    """One entry; whether its environments are listed is for the organisation to say."""
    return _read({section: [keys], "environments": [*(keys.get("environments") or ())]}).entries[0]


def with_fields(organisation: Organisation, given: Mapping[str, str]) -> Organisation:
    """The organisation with fields set from texts: `zone`, `name`, `holidays.country`, `policy.pir_days` ...

    Raises BadInput for an unknown field, with the nearest, and for a value that does not fit.
    """
    known = [
        "name",
        "zone",
        "environments",
        *(f"holidays.{key}" for key in HolidaysForm.model_fields),
        *(f"policy.{key}" for key in PolicyForm.model_fields),
    ]
    for name, text in given.items():
        if name not in known:
            raise BadInput(f"The organisation has no field {quoted(name)}.{did_you_mean(name, known)}")
        part, _, key = name.rpartition(".")
        if not text.strip():
            organisation = _set(organisation, part, key, getattr(_part(Organisation(), part), key))
            continue
        value = _value(key, text)
        read = _read({part: {key: value}} if part == "policy" else _beside(organisation, part, key, value))
        organisation = _set(organisation, part, key, getattr(_part(read, part), key))
    return organisation


def _beside(organisation: Organisation, part: str, key: str, value: object) -> dict[str, Any]:
    """A document with the value; a subdivision is only right beside its country."""
    if not part:
        return {key: value}
    country = {"country": organisation.holidays.country} if organisation.holidays.country else {}
    return {part: {**country, key: value}}


def _part(organisation: Organisation, part: str) -> Any:
    return getattr(organisation, part) if part else organisation


def _set(organisation: Organisation, part: str, key: str, value: object) -> Organisation:
    if not part:
        return structs.replace(organisation, **{key: value})
    changed = structs.replace(getattr(organisation, part), **{key: value})
    return structs.replace(organisation, **{part: changed})


def _value(key: str, text: str) -> object:
    if key in _LISTS:
        return [part.strip() for part in text.split(",") if part.strip()]
    first, dots, last = text.strip().partition("..")
    if key in _RANGES and dots:
        return {"from": first.strip(), "to": last.strip()}
    return text.strip()


def _read(document: Mapping[str, Any]) -> Organisation:
    import yaml

    text = yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False, width=10_000)
    try:
        return organisation_text(text, _GIVEN)
    except BadInput as error:  # nobody sees the lines that were made here: the keys alone say where
        raise BadInput(_PLACE.sub("", error.message), title=error.title) from None
