"""The organisation -> organisation.yaml, which `relui org import` reads back to the same organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

import yaml

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
from relui.domain.organisation import Holidays, Organisation, Person, Policy, Service, Team

Plain = str | int | bool | date | Sequence["Plain"] | Mapping[str, "Plain"]
"""What YAML says without tags. Dates stand unquoted, every other text that could be read as one does not."""

_SECTIONS: Mapping[str, Kind] = {
    "windows": "window",
    "blackouts": "blackout",
    "maintenance": "maintenance",
    "events": "event",
}


def organisation_yaml(organisation: Organisation) -> str:
    """The organisation as a file for people: what is empty or as by default is left out.

    Calendar entries stand by kind, in their order, and are read back so.
    """
    sections: dict[str, Plain] = _kept(
        name=organisation.name,
        zone=organisation.zone,
        holidays=_holidays(organisation.holidays),
        services=[_service(service) for service in organisation.services],
        people=[_person(person) for person in organisation.people],
        teams=[_team(team) for team in organisation.teams],
        environments=list(organisation.environments),
    )
    for section, kind in _SECTIONS.items():
        entries = [entry_plain(entry) for entry in organisation.entries if entry.kind == kind]
        sections |= _kept(**{section: entries})
    sections |= _kept(policy=_policy(organisation.policy))
    if not sections:
        return "policy: {}\n"
    return "\n".join(_section(name, value) for name, value in sections.items())


def entry_plain(entry: CalendarEntry) -> dict[str, Plain]:
    """A calendar entry as organisation.yaml writes it."""
    return {
        "id": entry.id,
        **_kept(name=entry.name if entry.name != entry.id else ""),
        **pattern_plain(entry.when),
        **_kept(
            zone=entry.zone,
            services=list(entry.services),
            environments=list(entry.environments),
            note=entry.note,
        ),
    }


def pattern_plain(when: Pattern) -> dict[str, Plain]:
    """The keys that say when an entry takes place."""
    match when:
        case Weekly(days, start):
            return {"weekly": list(days), "from": _clock(start), **_weekly_end(when)}
        case Monthly(first, last):
            return {"monthly": {"from": first, "to": last}}
        case Yearly(first, last):
            return {"yearly": {"from": _month_day(first), "to": _month_day(last)}}
        case Days(first, last):
            return {"from": first, "to": last}
        case Span(start, end):
            return {"from": _wall(start), "to": _wall(end)}
        case Rule(rrule, start, minutes, except_for):
            return {
                "rrule": rrule,
                "from": _wall(start),
                "duration": format_duration(minutes),
                **_kept(**{"except": [_wall(at) for at in except_for]}),
            }


def _section(name: str, value: Plain) -> str:
    """One section; an entry of a list is a line of its own while it fits: a change is a line then."""
    if not isinstance(value, list):
        return _dumped({name: value}, flow=False)
    lines = [f"{name}:"]
    for entry in value:
        first, *rest = _dumped(entry, flow=True, width=float("inf")).rstrip("\n").split("\n")
        if rest or len(first) > 240:
            first, *rest = _dumped(entry, flow=False).rstrip("\n").split("\n")
        lines += [f"  - {first}", *(f"    {line}" if line else "" for line in rest)]
    return "\n".join(lines) + "\n"


class _Dumper(yaml.SafeDumper):
    """Writes the same date twice, where PyYAML would point back to the first."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _dumped(plain: Plain, *, flow: bool, width: float = 110) -> str:
    text: str = yaml.dump(
        plain, Dumper=_Dumper, default_flow_style=flow, allow_unicode=True, sort_keys=False, width=width
    )
    return text


def _service(service: Service) -> dict[str, Plain]:
    return {
        "id": service.id,
        **_kept(
            name=service.name if service.name != service.id else "",
            owner=service.owner,
            zone=service.zone,
            depends_on=list(service.depends_on),
            infrastructure=list(service.infrastructure),
            team=service.team,
            stack=list(service.stack),
            unrestricted=service.unrestricted,
        ),
    }


def _person(person: Person) -> dict[str, Plain]:
    away: list[Plain] = [
        {"from": absence.first, "to": absence.last, **_kept(reason=absence.reason, source=absence.source)}
        for absence in person.away
    ]
    return {
        "id": person.id,
        **_kept(
            name=person.name if person.name != person.id else "",
            roles=list(person.roles),
            contact=person.contact,
            delegate=person.delegate,
            zone=person.zone,
            away=away,
        ),
    }


def _team(team: Team) -> dict[str, Plain]:
    return {"id": team.id, **_kept(name=team.name), "capacity": team.capacity}


def _holidays(holidays: Holidays) -> dict[str, Plain]:
    return _kept(country=holidays.country, subdivision=holidays.subdivision, dates=list(holidays.dates))


def _policy(policy: Policy) -> dict[str, Plain]:
    """Only what differs from the defaults, so that the file says what was decided."""
    usual = Policy()
    said: dict[str, Plain] = {
        "retention_months": policy.retention_months,
        "pir_days": policy.pir_days,
        "distinct_approver": policy.distinct_approver,
        "on_time_tolerance": format_duration(policy.on_time_tolerance),
        "emergency_criteria": list(policy.emergency_criteria),
        "governed_emergencies": policy.governed_emergencies,
        "finish_after_window": policy.finish_after_window,
        "calendar_file": policy.calendar_file,
    }
    return {key: said[key] for key in said if getattr(policy, key) != getattr(usual, key)}


def _kept(**values: Plain) -> dict[str, Plain]:
    return {key: value for key, value in values.items() if value}


def _weekly_end(weekly: Weekly) -> dict[str, Plain]:
    start, end = weekly.start, weekly.end
    if weekly.later and (len(weekly.days) > 1 or start == end):
        return {"duration": format_duration(weekly.minutes)}
    if weekly.later:
        day = WEEKDAYS[(WEEKDAYS.index(weekly.days[0]) + weekly.later) % 7]
        return {"to": f"{day} {_clock(end)}"}
    if start != end:
        return {"to": _clock(end)}
    return {"to": "24:00"} if start == time(0) else {"duration": "24h"}


def _clock(at: time) -> str:
    return at.isoformat("seconds" if at.second else "minutes")


def _wall(at: datetime) -> str:
    return at.isoformat(timespec="seconds" if at.second else "minutes")


def _month_day(day: tuple[int, int]) -> str:
    return f"{day[0]:02d}-{day[1]:02d}"
