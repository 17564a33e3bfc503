"""The parts of a dossier that people edit, and the fields of each: what command line and forms are made from.

`KINDS` names each kind as the command line does (`change`, `config-item`); a field has a name (`--target`),
a label for forms, a reader for typed text, and says whether it is required or one of known choices.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from msgspec import Struct

from relui.domain.dossier import parts
from relui.domain.dossier.package import CATEGORIES, KINDS_OF_COMPONENTS
from relui.domain.dossier.readers import (
    ID_LIMIT,
    SUMMARY_LIMIT,
    Reader,
    build,
    cases,
    day,
    instant,
    line,
    one_of,
    paragraphs,
    shown,
    yes_or_no,
)
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput

Part = (
    parts.Change
    | parts.Component
    | parts.Environment
    | parts.Run
    | parts.Defect
    | parts.ConfigItem
    | parts.Contact
)


class PartField(Struct, frozen=True):
    """One editable field. `attribute` is the struct's; `choices` are all its values when it has any.

    `several` takes more than one line, `switch` is yes or no, `number` a plain
    number, empty for 0. `about` is one sentence for help and forms.
    """

    name: str
    label: str
    attribute: str
    read: Reader
    about: str
    choices: tuple[str, ...] = ()
    required: bool = False
    several: bool = False
    switch: bool = False
    number: bool = False


class Kind(Struct, frozen=True):
    """A kind of part: its name and plural, where the dossier keeps it, and what its id is called.

    `made_id` says that an id is made when none is given; `kept` that removing one needs a reason.
    """

    name: str
    plural: str
    attribute: str
    struct: Any
    id_label: str
    fields: tuple[PartField, ...]
    made_id: bool = False
    kept: bool = False

    def field(self, name: str) -> PartField:
        """The field of that name. Raises BadInput with the nearest right one."""
        for field in self.fields:
            if field.name == name:
                return field
        known = ["id", *(field.name for field in self.fields)]
        raise BadInput(f"A {self.name} has no field {quoted(name)}.{did_you_mean(name, known)}")

    def text(self, part: Part, name: str, zone: str) -> str:
        """The present value of a field (or `id`) as a person would type it; instants in `zone`."""
        if name == "id":
            return part.id
        field = self.field(name)
        value = getattr(part, field.attribute)
        return str(value or "") if field.number else shown(value, zone)

    def texts(self, part: Part, zone: str) -> dict[str, str]:
        """Every field as text, `id` first: what a form starts from, and what `--json` can tell."""
        return {"id": part.id, **{field.name: self.text(part, field.name, zone) for field in self.fields}}


def _line(name: str, label: str, about: str, *, required: bool = False, limit: int = 0) -> PartField:
    attribute = name.replace("-", "_")
    read = line(label, required=required, limit=limit)
    return PartField(name, label, attribute, read, about, required=required)


def _long(name: str, label: str, about: str) -> PartField:
    return PartField(name, label, name.replace("-", "_"), paragraphs(label), about, several=True)


def _choice(name: str, label: str, about: str, known: Any, *, required: bool = False) -> PartField:
    choices = tuple(known) if isinstance(known, tuple) else get_args(known)
    attribute = name.replace("-", "_")
    return PartField(name, label, attribute, one_of(label, choices), about, choices, required=required)


def _switch(name: str, label: str, about: str) -> PartField:
    choices = ("yes", "no")
    return PartField(name, label, name.replace("-", "_"), yes_or_no(label), about, choices, switch=True)


def _instant(name: str, label: str, about: str) -> PartField:
    return PartField(name, label, name, instant, about)


def _build(name: str, label: str, attribute: str, about: str) -> PartField:
    return PartField(name, label, attribute, build(label), about, number=True)


_SUMMARY = _line("summary", "Summary", "What it is, in one line.", required=True, limit=SUMMARY_LIMIT)

CHANGE = Kind(
    "change", "changes", "changes", parts.Change, "Reference",
    (
        _SUMMARY,
        _choice("status", "Status", "Whether it was approved.", parts.ChangeStatus),
        PartField("target", "Target date", "target", day("Target date"), "The day by which it is wanted."),
        _line("owner", "Change owner", "Who answers for it."),
        _switch("ready", "Owner says ready", "Its owner says that it is ready."),
        _line("kind", "Kind", "feat, fix or another word for what it is."),
        _switch("breaking", "Breaking", "Others must change something because of it."),
    ),
)  # fmt: skip

COMPONENT = Kind(
    "component", "components", "components", parts.Component, "Name",
    (
        _choice("category", "Category", "Its category; follows from the kind.", CATEGORIES),
        _choice("kind", "Kind", "What it is.", KINDS_OF_COMPONENTS, required=True),
        _line("location", "Location", "Where it lies in the package's store."),
        _line("checksum", "Checksum or tag", "What proves that it is the one that was built."),
        _line("version", "Version", "Its own version."),
        _choice("presence", "Presence", "Whether it is in the package; with location and checksum it is.",
                parts.Presence),
        _line("why-not", "Why not needed", "Why this release needs none."),
    ),
)  # fmt: skip

ENVIRONMENT = Kind(
    "environment", "environments", "environments", parts.Environment, "Name",
    (
        _instant("planned", "Planned", "When the release is promoted to it."),
        _line("baseline", "Baseline", "What comparing it with its documented configuration found."),
    ),
)  # fmt: skip

TEST = Kind(
    "test", "test runs", "runs", parts.Run, "Name",
    (
        _choice("category", "Category", "What was tested.", parts.TestCategory, required=True),
        PartField("cases", "Cases", "cases", cases, "One a line: passed ID, failed ID -- why, blocked ID.",
                  several=True),
        _line("scope", "Scope", "How far it went; what the matrix asks for unless said."),
        _instant("started", "Started", "When it began."),
        _instant("ended", "Ended", "When it ended."),
        _line("by", "By", "Who ran it."),
        _line("evidence", "Evidence", "Where its results can be seen."),
    ),
    made_id=True,
    kept=True,
)  # fmt: skip

DEFECT = Kind(
    "defect", "defects", "defects", parts.Defect, "Reference",
    (
        _SUMMARY,
        _choice("severity", "Severity", "How bad it is.", parts.Severity, required=True),
        _choice("state", "State", "What became of it.", parts.DefectState),
        _choice("found", "Found", "Where it was found.", parts.FoundIn),
        _line("workaround", "Workaround", "What users can do meanwhile."),
        _switch("known-issue", "Known issue", "It is documented in the release notes."),
        _line("risk", "Risk", "What it means for those who live with it."),
        _line("case", "Test case", "The case that found it.", limit=ID_LIMIT),
        _build("seen-in", "Seen in build", "build", "The build it was seen in; this one unless said."),
        _build("fixed-in", "Fixed in build", "fixed_in",
               "The build that has its fix: the next, or this one while its fixes wait for a first result."),
    ),
    kept=True,
)  # fmt: skip

CONFIG_ITEM = Kind(
    "config-item", "configuration items", "config_items", parts.ConfigItem, "Name",
    (
        _line("old", "Old version", "Its version before the release."),
        _line("new", "New version", "Its version after the release."),
        _long("relationships", "Relationships", "Which of its relationships change."),
        _long("attributes", "Attributes", "Which of its attributes change."),
        _switch("updated", "Updated", "Its record has been brought up to date."),
    ),
)  # fmt: skip

CONTACT = Kind(
    "contact", "contacts", "contacts", parts.Contact, "Role",
    (
        _line("person", "Name", "Who it is.", required=True),
        _line("reach", "How to reach", "A number, an address or a channel."),
    ),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (CHANGE, COMPONENT, ENVIRONMENT, TEST, DEFECT, CONFIG_ITEM, CONTACT)
}
"""Every kind of part that is added and edited by hand, by its name on the command line."""

CONTACT_ROLES = (
    "release-manager",
    "technical-lead",
    "escalation",
    "on-call",
    "incident-response",
    "deployment-team",
    "infrastructure",
    "operations",
    "support",
    "communications",
)
"""Contacts that a governed release usually has: offered, never demanded by the form."""


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises BadInput with the nearest right one."""
    if name in KINDS:
        return KINDS[name]
    raise BadInput(f"A release has no kind of part called {quoted(name)}.{did_you_mean(name, KINDS)}")
