"""What organisation.yaml may say, key by key (docs/organisation.md); what must hold between keys is checked
elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from relui.domain.calendar.entries import Weekday
from relui.domain.instants import parse_duration, zone_named
from relui.domain.text import long_text, one_line
from relui.errors import BadInput
from relui.loading.written_times import day_named

_WEEKDAYS = {
    day: day[:3]
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}  # fmt: skip


def _read_by(reader: Callable[[str], object]) -> Callable[[Any], Any]:
    """A validator that reads texts and words a refusal as pydantic wants it; all else is left to pydantic."""

    def read(value: Any) -> Any:
        try:
            return reader(value) if isinstance(value, str) else value
        except BadInput as error:
            raise ValueError(error.message) from None

    return read


def _line(value: str) -> str:
    cleaned = one_line(value, what="This text")
    if not cleaned:
        raise BadInput("this text is empty")
    return cleaned


def _zone(value: str) -> str:
    zone_named(value)
    return value


def _weekday(value: str) -> str:
    folded = value.strip().casefold()
    return _WEEKDAYS.get(folded, folded)


def _one_or_more(value: object) -> object:
    """`weekly: fri` is a list of one."""
    return [value] if isinstance(value, str) and value else value


def _one_day(value: object) -> object:
    """`monthly: 30` is the range from that day to the same day."""
    return {"from": value, "to": value} if isinstance(value, str) and value else value


def _tolerance(value: str) -> int:
    return 0 if value in ("0", "0m") else parse_duration(value)


Line = Annotated[str, AfterValidator(_read_by(_line))]
Note = Annotated[str, AfterValidator(_read_by(lambda value: long_text(value, what="This text").strip()))]
Zone = Annotated[str, AfterValidator(_read_by(_zone))]
Minutes = Annotated[int, BeforeValidator(_read_by(parse_duration))]
Day = Annotated[date, BeforeValidator(_read_by(day_named))]
DayName = Annotated[Weekday, BeforeValidator(_read_by(_weekday))]


class Form(BaseModel):
    """A group of keys; an unknown one is an error."""

    model_config = ConfigDict(extra="forbid")


class ServiceForm(Form):
    """A service as written in organisation.yaml."""

    id: Line
    name: Line | None = None
    owner: Line | None = None
    zone: Zone | None = None
    depends_on: list[Line] = []
    infrastructure: list[Line] = []
    team: Line | None = None
    stack: list[Line] = []
    unrestricted: bool = False


class AwayForm(Form):
    """Whole days, both included, on which somebody is away."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    reason: Line | None = None
    source: Line | None = None


class PersonForm(Form):
    """A person as written in organisation.yaml."""

    id: Line
    name: Line | None = None
    roles: list[Line] = []
    contact: Line | None = None
    delegate: Line | None = None
    zone: Zone | None = None
    away: list[AwayForm] = []


class TeamForm(Form):
    """A team as written in organisation.yaml."""

    id: Line
    name: Line | None = None
    capacity: Annotated[int, Field(ge=1, le=1000)] = 1


class HolidaysForm(Form):
    """Days that are no business days: a country's, and own dates."""

    country: Line | None = None
    subdivision: Line | None = None
    dates: list[Day] = []


class MonthlyForm(Form):
    """Days of every month, both included."""

    first: Annotated[int, Field(alias="from", ge=1, le=31)]
    last: Annotated[int, Field(alias="to", ge=1, le=31)]


class YearlyForm(Form):
    """Days of every year, both included, as `MM-DD`."""

    first: str = Field(alias="from")
    last: str = Field(alias="to")


class EntryForm(Form):
    """A window, blackout, maintenance or event; `from` and `to` are clock times, days or instants."""

    id: Line
    name: Line | None = None
    weekly: Annotated[list[DayName] | None, BeforeValidator(_one_or_more), Field(min_length=1)] = None
    monthly: Annotated[MonthlyForm | None, BeforeValidator(_one_day)] = None
    yearly: Annotated[YearlyForm | None, BeforeValidator(_one_day)] = None
    rrule: Line | None = None
    start: Annotated[str | None, Field(alias="from")] = None
    end: Annotated[str | None, Field(alias="to")] = None
    duration: Minutes | None = None
    except_for: Annotated[list[str], Field(alias="except")] = []
    zone: Zone | None = None
    services: list[Line] = []
    environments: list[Line] = []
    note: Note | None = None


class PolicyForm(Form):
    """What the organisation decided, as written in organisation.yaml."""

    retention_months: Annotated[int, Field(ge=12, le=12_000)] = 12
    pir_days: Annotated[int, Field(ge=1, le=365)] = 5
    distinct_approver: bool = False
    on_time_tolerance: Annotated[int, BeforeValidator(_read_by(_tolerance))] = 15
    emergency_criteria: list[Line] = ["production incident", "security vulnerability"]
    governed_emergencies: bool = False
    finish_after_window: bool = True
    calendar_file: Line | None = None


class OrganisationForm(Form):
    """organisation.yaml."""

    name: Line | None = None
    zone: Zone | None = None
    holidays: HolidaysForm = HolidaysForm()
    services: list[ServiceForm] = []
    people: list[PersonForm] = []
    teams: list[TeamForm] = []
    environments: list[Line] = []
    windows: list[EntryForm] = []
    blackouts: list[EntryForm] = []
    maintenance: list[EntryForm] = []
    events: list[EntryForm] = []
    policy: PolicyForm = PolicyForm()


FORMS: tuple[type[Form], ...] = (
    OrganisationForm,
    ServiceForm,
    PersonForm,
    AwayForm,
    TeamForm,
    HolidaysForm,
    EntryForm,
    MonthlyForm,
    YearlyForm,
    PolicyForm,
)
"""Every group of keys, for the proof that docs/organisation.md leaves none out."""
