"""The values that an item asks for: checked against their kind when they are recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from math import isfinite
from typing import TYPE_CHECKING

from relui.domain.checklist import ItemField
from relui.domain.outline import Node, Outline
from relui.domain.release import Release
from relui.domain.text import did_you_mean, one_line, quoted
from relui.errors import BadInput

if TYPE_CHECKING:
    from relui.domain.organisation import Organisation


def checked_fields(node: Node, known: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """`known` with the `given` values, cleaned and checked; an empty value removes one.

    Raises BadInput for a field that the item does not have, or a value that does not fit its kind.
    """
    fields = {field.id: field for field in node.fields}
    values = dict(known)
    for name, text in given.items():
        field = fields.get(name)
        if field is None:
            has = did_you_mean(name, fields) or " It has no fields."
            raise BadInput(f"'{node.text}' has no field {quoted(name)}.{has}")
        value = one_line(text, what=field.label)
        if value:
            values[name] = checked_value(field, value)
        else:
            values.pop(name, None)
    return values


def checked_value(field: ItemField, value: str) -> str:
    """The value in the form that is kept. Raises BadInput when it does not fit the field's kind."""
    try:
        if field.kind == "date":
            return date.fromisoformat(value).isoformat()
        if field.kind == "time":
            return _time(value).isoformat("minutes")
        if field.kind == "number" and not isfinite(float(value)):
            raise ValueError
    except ValueError:
        example = {"date": "2026-11-21", "time": "20:15", "number": "30"}[field.kind]
        raise BadInput(
            f"{field.label}: {quoted(value)} is not a {field.kind}. Write it as {example}."
        ) from None
    if field.kind == "choice" and value not in field.choices:
        raise BadInput(
            f"{field.label}: {quoted(value)} is not one of the choices.{did_you_mean(value, field.choices)}"
        )
    if field.kind == "link" and "://" not in value:
        raise BadInput(f"{field.label}: {quoted(value)} is not a link. Write it with its scheme: https://...")
    return value


def person_fields(release: Release, paths: Iterable[str]) -> dict[str, str]:
    """The fields that ask for a person, at or below the items at `paths`: id to label.

    Raises BadInput for a path that there is not.
    """
    outline = Outline(release)
    return {
        field.id: field.label
        for path in paths
        for leaf in outline[path].leaves()
        for field in leaf.fields
        if field.kind == "person"
    }


def checked_people(
    given: Mapping[str, str], asked: Mapping[str, str], organisation: Organisation
) -> dict[str, str]:
    """`given` with the ids of the people that the `asked` fields (id to label) name.

    Where the organisation lists nobody any name is taken; else BadInput with the nearest.
    """
    checked = dict(given)
    for name in asked.keys() & given.keys():
        value = one_line(given[name], what=asked[name])
        try:
            checked[name] = organisation.checked_person(value) if value else value
        except BadInput as error:
            raise BadInput(f"{asked[name]}: {error.message}") from None
    return checked


def _time(value: str) -> time:
    """A wall-clock time such as 8:05 or 20:15:30; ValueError for anything else, offsets included."""
    if not re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", value, re.ASCII):
        raise ValueError
    return time.fromisoformat(value if value[2] == ":" else f"0{value}")


def missing_fields(node: Node, values: Mapping[str, str]) -> list[str]:
    """Labels of the mandatory fields that have no value."""
    return [field.label for field in node.fields if field.required and not values.get(field.id)]
