"""A template: the shape of a YAML file that people write [S0.2 - S0.7], checked by pydantic.

Every scalar arrives as text (the reader keeps `1.10` and `no` as written); the models convert. A
release copies what it needs into `relui.domain.checklist` structs: editing a template never changes it.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from relui.domain.checklist import FieldKind, Stage
from relui.domain.instants import parse_duration, parse_offset
from relui.domain.text import clean, did_you_mean
from relui.errors import BadInput

ReleaseType = Literal["major", "minor", "patch", "emergency"]

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def _identifier(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError("an id has lower-case letters, digits and dashes only, 64 at most")
    return value


def _line(value: str) -> str:
    cleaned = clean(value).strip()
    if not cleaned:
        raise ValueError("this text is empty")
    return cleaned


def _offset(value: str) -> str:
    try:
        parse_offset(value)
    except BadInput as error:
        raise ValueError(error.message) from None
    return value


def _argument(value: str) -> str:
    if clean(value, multiline=True) != value:
        raise ValueError("a command must show all that it does: remove its control and invisible characters")
    return value


def _minutes(value: object) -> object:
    if isinstance(value, str):
        try:
            return parse_duration(value)
        except BadInput as error:
            raise ValueError(error.message) from None
    return value


Id = Annotated[str, AfterValidator(_identifier)]
Line = Annotated[str, AfterValidator(_line)]
LongText = Annotated[str, AfterValidator(lambda value: clean(value, multiline=True).strip())]
Role = Annotated[str, AfterValidator(lambda value: clean(value).strip())]
Due = Annotated[str, AfterValidator(_offset)]
Argument = Annotated[str, AfterValidator(_argument)]

BOUND_FACTS = (
    "closed",
    "retrospective",
    "booked",
    "go",
    "started",
    "completed",
    "window-fits",
    "debt-settled",
)
"""Facts that can tick an item by themselves; `signed:SUBJECT` is one more for each sign-off subject."""
SIGN_OFFS = ("definition", "test-plan", "acceptance", "readiness", "go", "exception")
MESSAGES = (
    "planned-release",
    "deploy-starting",
    "deploy-complete",
    "release-successful",
    "release-failed",
    "support-live",
    "customer-announcement",
)
"""The messages that an item can ask to be sent [S1.23]."""


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldForm(_Form):
    """A value that an item asks for."""

    id: Id
    label: Line
    kind: FieldKind = "text"
    required: bool = False
    choices: list[Line] = []

    @model_validator(mode="after")
    def _choices_belong_to_choice(self) -> FieldForm:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("`choices` go with `kind: choice`, and a choice needs them")
        return self


class RunForm(_Form):
    """A command that proves an item: an argument list and a timeout such as 10m."""

    command: Annotated[list[Argument], Field(min_length=1)]
    timeout: int = 10

    _read_timeout = field_validator("timeout", mode="before")(_minutes)


class ItemForm(_Form):
    """An item of a template or a pack; `into` and `after` place a pack's item in a phase."""

    id: Id
    text: Line
    help: LongText = ""
    optional: bool = False
    option: Id | None = None
    per: Id | None = None
    types: list[ReleaseType] = []
    role: Role = ""
    requires: list[str] = []
    fields: list[FieldForm] = []
    run: RunForm | None = None
    command: LongText = ""
    expect: LongText = ""
    runbook: bool = False
    message: str = ""
    when_done: str = ""
    estimate: int | None = None
    into: str | None = None
    after: str | None = None
    items: list[ItemForm] = []

    _read_estimate = field_validator("estimate", mode="before")(_minutes)

    @field_validator("when_done")
    @classmethod
    def _known_fact(cls, value: str) -> str:
        known = (*BOUND_FACTS, *(f"signed:{subject}" for subject in SIGN_OFFS))
        if value and value not in known:
            from relui.domain.dossier.record_facts import known_facts

            known = (*known, *known_facts())
        if value and value not in known:
            raise ValueError(
                f"'{clean(value)}' is not a fact that can tick an item.{did_you_mean(value, known)}"
            )
        return value

    @field_validator("message")
    @classmethod
    def _known_message(cls, value: str) -> str:
        if value and value not in MESSAGES:
            raise ValueError(f"there is no message '{clean(value)}'.{did_you_mean(value, MESSAGES)}")
        return value


class PhaseForm(_Form):
    """A phase of a template. `option` lets the whole phase be left out at creation; `optional` means that
    its items need no reason to be set to not applicable."""

    id: Id
    name: Line
    stage: Stage
    due: Due = "T"
    optional: bool = False
    option: Id | None = None
    items: Annotated[list[ItemForm], Field(min_length=1)]


class Template(_Form):
    """A template file. `base` and `emergency` ones have phases, a `pack` has items for other phases.

    An emergency `owes` the full checklist of another template, to be completed `owed_by` (T+5d).
    """

    template: Id
    name: Line
    kind: Literal["base", "pack", "emergency"]
    description: LongText = ""
    types: list[ReleaseType] = []
    criteria: list[Id] | Literal["all"] = []
    packs: list[Id] = []
    owes: Id | None = None
    owed_by: Due = "T+5d"
    phases: list[PhaseForm] = []
    items: list[ItemForm] = []

    @model_validator(mode="after")
    def _has_its_parts(self) -> Template:
        if self.kind == "pack":
            if self.phases or not self.items:
                raise ValueError("a pack has `items`, each with `into: PHASE`, and no `phases`")
        elif self.items or not self.phases:
            raise ValueError(f"a template of kind {self.kind} has `phases`, and no `items` of its own")
        if self.owes and self.kind != "emergency":
            raise ValueError("`owes` is for templates of kind emergency")
        return self
