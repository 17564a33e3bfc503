"""Forms of the record, made from the tables of the domain: what each line is called and begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import NODEFAULT
from msgspec.structs import fields

from relui.domain.dossier.conditions import Context
from relui.domain.dossier.fields import CONTACT_ROLES, Kind, Part, PartField
from relui.domain.dossier.package import CATEGORY_OF, kind_words
from relui.domain.dossier.parts import TestCategory
from relui.domain.dossier.signers import required_signers
from relui.domain.dossier.signoffs import APPROVAL_POINTS
from relui.domain.dossier.testing import CATEGORY_WORDS, SEVERITY_WORDS, asked_of
from relui.domain.release import Release
from relui.ui.kit.judged_form import Field

LONG_FIELDS = ("rationale", "resources", "risk", "rollback", "rollback-triggers", "test-plan", "user-action")
"""Fields of the release itself that are texts of several lines."""
_ABOUT_IDS: Mapping[str, str] = {
    "change": "CHG-2026-0892, or what your tracker calls it.",
    "component": "What it is called in the package's store.",
    "environment": "dev, test, staging, production, or one of your own.",
    "test": "Empty: made from the category.",
    "defect": "BUG-417, or what your tracker calls it.",
    "config-item": "What the configuration records call it.",
    "contact": ", ".join(CONTACT_ROLES) + ".",
}


def part_fields(kind: Kind, part: Part | None, release: Release, given: Mapping[str, str]) -> list[Field]:
    """The lines of a kind's form: those of a part, or a new one's beginnings with what is `given`."""
    texts = kind.texts(part, release.zone) if part is not None else {}
    id_text = texts.get("id", given.get("id", ""))
    made = [Field("id", kind.id_label, id_text, _ABOUT_IDS[kind.name])]
    for field in kind.fields:
        if kind.name == "component" and field.name == "category":
            continue  # it follows from the kind
        made.append(_part_field(kind, field, texts.get(field.name), given.get(field.name, ""), release))
    return made


def reason_field() -> Field:
    """Why a defect is called less serious, or none: of a critical or high one it is asked."""
    return Field("reason", "Reason", "", "Needed to lower a critical or high severity, or to reject one.")


def _part_field(kind: Kind, field: PartField, text: str | None, given: str, release: Release) -> Field:
    about = f"{field.about} Needed." if field.required else field.about
    default = "no" if field.switch else _default(kind, field.attribute)
    if field.name == "presence" and text is None:
        default = ""  # present once location and checksum are given, else missing
    value = text if text is not None else given or default
    choices: tuple[tuple[str, str], ...] = ()
    if field.choices:
        choices = tuple((choice, _words(kind, field, choice, release)) for choice in field.choices)
        if value not in field.choices:
            choices = (("", "choose" if field.required else ""), *choices)
    return Field(field.name, field.label, value, about, choices, field.several)


def _default(kind: Kind, attribute: str) -> str:
    """What a part has when nothing else is said."""
    struct: Any = kind.struct
    for each in fields(struct):
        if each.name == attribute and each.default is not NODEFAULT and isinstance(each.default, str):
            return each.default
    return ""


def _words(kind: Kind, field: PartField, choice: str, release: Release) -> str:
    if kind.name == "component" and field.name == "kind":
        return f"{CATEGORY_OF[choice]}: {kind_words(choice)}"
    if kind.name == "test" and field.name == "category":
        category: TestCategory = choice  # type: ignore[assignment]  # one of the field's choices
        return f"{CATEGORY_WORDS[category]}: {asked_of(category, release.type)}"
    if field.name == "severity":
        return SEVERITY_WORDS[choice]  # type: ignore[index]  # one of the field's choices
    return ""


def given_part(kind: Kind, values: Mapping[str, str]) -> dict[str, str]:
    """What the form says of a new part: empty lines are left out, so that the kind's own beginnings hold."""
    named = {field.name: field for field in kind.fields}
    return {
        name: text
        for name, text in values.items()
        if text.strip() or name == "id" or (named[name].required and not named[name].choices)
    }


def _stands_for(release: Release, context: Context, subject: str, by: str) -> str:
    """For whom `by` would sign: themselves, or the one that they are the delegate of."""
    organisation = context.organisation
    me = organisation.person(by)
    signers = [
        person
        for each in required_signers(subject, release, organisation)  # type: ignore[arg-type]  # a subject's name
        for person in each.people
    ]
    if me is None or me in signers:
        return ""
    return next((p.id for p in signers if p.delegate and organisation.person(p.delegate) == me), "")


def signing_fields(release: Release, context: Context, subject: str, by: str) -> list[Field]:
    """Every point that an approval of the subject confirms, for whom, and a comment."""
    points = tuple(APPROVAL_POINTS.get(subject, {}).items())  # type: ignore[call-overload]  # a subject's name
    about = "Space ticks a point; an approval needs all."
    return [
        *([Field("confirmed", "Confirmed", "", about, points=points)] if points else ()),
        Field(
            "acting_for",
            "For",
            _stands_for(release, context, subject, by),
            "Whom a delegate stands for; else empty.",
        ),
        Field("comment", "Comment", "", "Needed to reject."),
    ]


def read_signing(release: Release, values: Mapping[str, str]) -> dict[str, Any]:
    """What a form of signing_fields says, as the rules take it."""
    found: dict[str, Any] = dict(values)
    if "confirmed" in found:
        found["confirmed"] = tuple(name for name in values["confirmed"].split(", ") if name)
    return found
