"""organisation.yaml: what each key means, and that a wrong one is named with its line and the way out."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from pathlib import Path

import pytest

from relui.domain.calendar.entries import CalendarEntry, Days, Monthly, Pattern, Rule, Span, Weekly, Yearly
from relui.domain.organisation import Absence, Holidays, Organisation, Policy, Team
from relui.errors import BadInput
from relui.loading.organisation import organisation_text, read_organisation
from relui.loading.organisation_forms import FORMS, Form

SMALL = """\
zone: Europe/London
services:
  - {id: ledger}
  - {id: finance, depends_on: [ledger], owner: grace, team: platform}
people:
  - {id: grace, name: Grace}
teams: [{id: platform, capacity: 2}]
"""


def read(text: str) -> Organisation:
    return organisation_text(text, "organisation.yaml")


def error(text: str) -> str:
    with pytest.raises(BadInput) as caught:
        read(text)
    return caught.value.message


def entry(keys: str, section: str = "windows") -> CalendarEntry:
    organisation = read(f"{SMALL}{section}:\n  - {{id: it, {keys}}}\n")
    assert len(organisation.entries) == 1
    return organisation.entries[0]


def entry_error(keys: str, section: str = "windows") -> str:
    """What is wrong with an entry; the file and its line (9) stand before."""
    message = error(f"{SMALL}{section}:\n  - {{id: it, {keys}}}\n")
    assert message.startswith("organisation.yaml:9: ")
    return message.removeprefix("organisation.yaml:9: ")


# what is written


@pytest.mark.parametrize(
    ("keys", "when"),
    [
        ('weekly: [sat, sun], from: "18:00", to: "06:00"', Weekly(("sat", "sun"), time(18), time(6))),
        ("weekly: [Saturday, MON], from: 18:00, to: 20:30", Weekly(("sat", "mon"), time(18), time(20, 30))),
        ('weekly: [sun], from: "00:00", to: "24:00"', Weekly(("sun",), time(0), time(0))),
        ("weekly: [sun, sun], from: 20:00, to: 24:00", Weekly(("sun",), time(20), time(0))),
        ("weekly: [sun], from: 18:00, duration: 24h", Weekly(("sun",), time(18), time(18))),
        ("weekly: [fri], from: 23:00, to: mon 07:00", Weekly(("fri",), time(23), time(7), 3)),
        ("weekly: fri, from: 23:00, to: Monday 07:00", Weekly(("fri",), time(23), time(7), 3)),
        ("from: Fri 23:00, to: Mon 07:00", Weekly(("fri",), time(23), time(7), 3)),
        ("weekly: [fri], from: 23:00, duration: 56h", Weekly(("fri",), time(23), time(7), 3)),
        ("from: fri 23:00, to: sun 24:00", Weekly(("fri",), time(23), time(0), 3)),
        ("from: fri 23:00, to: sat 07:00", Weekly(("fri",), time(23), time(7))),
        ("from: fri 07:00, to: fri 23:00", Weekly(("fri",), time(7), time(23))),
        ("from: fri 23:00, to: fri 07:00", Weekly(("fri",), time(23), time(7), 7)),
        ("weekly: [mon, thu], from: 23:00, duration: 2d", Weekly(("mon", "thu"), time(23), time(23), 2)),
        ("weekly: [sun], from: 18:00, duration: 8h", Weekly(("sun",), time(18), time(2))),
        ("monthly: {from: 28, to: 2}", Monthly(28, 2)),
        ("monthly: 30", Monthly(30, 30)),
        ("yearly: {from: 12-15, to: 01-05}", Yearly((12, 15), (1, 5))),
        ("yearly: 02-29", Yearly((2, 29), (2, 29))),
        ("from: 2025-03-13, to: 2025-03-14", Days(date(2025, 3, 13), date(2025, 3, 14))),
        ("from: 2025-03-13, to: 2025-03-13", Days(date(2025, 3, 13), date(2025, 3, 13))),
        (
            "from: 2025-03-22T20:00, to: 2025-03-23 02:00",
            Span(datetime(2025, 3, 22, 20), datetime(2025, 3, 23, 2)),
        ),
        (
            "rrule: FREQ=MONTHLY;BYDAY=2SU, from: 2024-01-14T02:00, duration: 3h, except: [2024-02-11T02:00]",
            Rule("FREQ=MONTHLY;BYDAY=2SU", datetime(2024, 1, 14, 2), 180, (datetime(2024, 2, 11, 2),)),
        ),
    ],
)
def test_an_entry_says_when_it_takes_place(keys: str, when: Pattern) -> None:
    assert entry(keys).when == when


def test_each_section_is_a_kind_of_entry() -> None:
    for section, kind in (
        ("windows", "window"),
        ("blackouts", "blackout"),
        ("maintenance", "maintenance"),
        ("events", "event"),
    ):
        assert entry("monthly: 1", section).kind == kind


def test_an_entry_has_a_zone_services_environments_and_a_note() -> None:
    found = entry(
        "name: Nights, monthly: 1, zone: Asia/Tokyo, services: [ledger], environments: [staging], note: why"
    )
    assert found == CalendarEntry(
        kind="window",
        id="it",
        name="Nights",
        when=Monthly(1, 1),
        zone="Asia/Tokyo",
        services=("ledger",),
        environments=("staging",),
        note="why",
    )
    assert entry("monthly: 1").name == "it"


def test_teams_holidays_absences_and_policy_are_read() -> None:
    organisation = read(
        """\
holidays: {dates: [2026-12-24, 2026-12-31]}
people:
  - {id: grace, zone: Europe/London, away: [{from: 2025-03-17, to: 2025-03-21, reason: leave}]}
teams: [{id: platform, name: Platform}, {id: money, capacity: 3}]
policy: {finish_after_window: false, calendar_file: releases.ics, on_time_tolerance: 0m}
"""
    )
    assert organisation.holidays == Holidays(dates=(date(2026, 12, 24), date(2026, 12, 31)))
    assert organisation.people[0].zone == "Europe/London"
    assert organisation.people[0].away == (Absence(date(2025, 3, 17), date(2025, 3, 21), "leave"),)
    assert organisation.teams == (Team("platform", "Platform"), Team("money", "", 3))
    assert organisation.policy == Policy(
        finish_after_window=False, calendar_file="releases.ics", on_time_tolerance=0
    )


def test_where_none_is_listed_any_service_person_and_team_is_taken() -> None:
    assert read("windows: [{id: w, monthly: 1, services: [anything]}]").entries[0].services == ("anything",)
    assert read("services: [{id: a, owner: anybody, team: any}]").services[0].team == "any"


def test_services_may_depend_on_each_other_in_a_circle() -> None:
    """The rules follow dependencies transitively; a circle is a fact of life."""
    found = read("services: [{id: a, depends_on: [b]}, {id: b, depends_on: [a]}]")
    assert [service.depends_on for service in found.services] == [("b",), ("a",)]


def test_the_bundled_organisation_is_one(tmp_path: Path) -> None:
    found = read_organisation(Path(__file__).parents[2] / "data" / "organisation.yaml")
    assert {entry.kind for entry in found.entries} == {"window", "blackout", "maintenance", "event"}


# what is refused, with the entry, the key and the way out


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("services: [ledger]", "windows.it: nothing says when. Add `weekly`"),
        ("weekly: [sat], monthly: 3", "windows.it.monthly: `monthly` and `weekly` cannot stand in one"),
        ("weekly: [sat], from: 18:00", 'windows.it: `to` is missing. Say when it ends: to: "06:00", or'),
        ("weekly: [fri, sat], from: 23:00, to: mon 07:00", "windows.it.to: an end on mon fits one day"),
        ("weekly: [sat], from: fri 23:00, to: mon 07:00", "it names fri, and `weekly` says sat"),
        ("weekly: [fri], from: 23:00, to: moon 07:00", ".it.to: 'moon 07:00' is not a time of a week."),
        ("weekly: [fri], from: 23:00, to: mon 7", "windows.it.to: '7' is not a time of day."),
        ("weekly: [fri], from: 23:00, to: fri 23:00", ".it.to: it ends when it starts. For a whole week"),
        ("weekly: [fri], monthly: 3, from: fri 23:00", "`monthly` and `weekly` cannot stand in one"),
        ("weekly: [sat]", "`to` is missing."),
        ("weekly: [], from: 18:00, to: 06:00", "windows.it.weekly: at least 1 entry is needed."),
        ("weekly: [satt], from: 18:00, to: 06:00", "Did you mean 'sat'?"),
        ("weekly: [sat], from: 18:00, to: 18:00", "windows.it.to: it ends when it starts"),
        ("weekly: [sat], from: 25:00, to: 06:00", "windows.it.from: '25:00' is not a time of day."),
        ("weekly: [sat], from: 6pm, to: 06:00", "windows.it.from: '6pm' is not a time of day."),
        ("weekly: [sat], from: 18:00, to: 06:00, duration: 2h", "windows.it.to: `to` does not fit"),
        ("weekly: [sat], from: 18:00, duration: 169h", "windows.it.duration: it is longer than a week."),
        ("monthly: 3, duration: 2h", "windows.it.duration: `duration` does not fit here."),
        ("monthly: {from: 0, to: 2}", "windows.it.monthly.from: '0' must be at least 1."),
        ("monthly: {from: 28, to: 32}", "windows.it.monthly.to: '32' must be at most 31."),
        ("monthly: {from: x, to: 3}", "windows.it.monthly.from: 'x' is not a whole number."),
        ("monthly: {from: 28}", "windows.it.monthly: `to` is missing."),
        ("monthly: 3, from: 18:00, to: 20:00", "windows.it.from: `from` does not fit here. Whole days"),
        ("yearly: {from: 02-30, to: 03-01}", "windows.it.yearly.from: '02-30' is not a day of the year"),
        ("yearly: {from: 13-01, to: 03-01}", "windows.it.yearly.from: '13-01' is not a day of the year"),
        ("yearly: {from: 2026-12-15, to: 01-05}", "Write month and day: 12-15."),
        ("from: 2025-02-30, to: 2025-03-01", "windows.it.from: '2025-02-30' is not a date: day is out"),
        ("from: 2025-03-14, to: 2025-03-13", "windows.it.to: it ends on 2025-03-13, before"),
        ("from: 2025-03-13", "windows.it: `to` is missing."),
        ("from: 2025-03-13, to: 2025-03-13T10:00", "windows.it.to: `from` is a whole day and `to` a"),
        ("from: 2025-03-13T10:00, to: 2025-03-13", "windows.it.from: `to` is a whole day and `from` a time."),
        ("from: 2025-03-13T10:00, to: 2025-03-13T10:00", "windows.it.to: it ends when it starts"),
        ("from: 2025-03-13T10:00, to: 2025-03-13T09:00", "windows.it.to: it ends at 2025-03-13T09:00"),
        ("from: 2025-03-13T24:30, to: 2025-03-14T09:00", "windows.it.from: '24:30' is not a time of day."),
        ("from: 2025-03-13T10:00Z, to: 2025-03-13T11:00Z", "without an offset, and the place as `zone:`"),
        ("from: 0001-01-01, to: 2025-03-13", "'0001-01-01' is too far away."),
        ("rrule: FREQ=DAILY, from: 2025-03-13T10:00", "windows.it: `duration` is missing."),
        ("rrule: FREQ=DAILY, duration: 2h", "windows.it: `from` is missing."),
        ("rrule: FREQ=DAILY, from: 2025-03-13T10:00, duration: 0m", "windows.it.duration: '0m' is not a"),
        ("rrule: FREQ=DAILY, from: 2025-03-13T10:00, duration: 2h, to: x", "An `rrule` has a `duration`"),
        ("rrule: FREQ=DAILY, from: 2025-03-13, duration: 2h", "windows.it.from: '2025-03-13' is not a date"),
        ("rrule: FREQ=OFTEN, from: 2025-03-13T10:00, duration: 2h", "windows.it.rrule: "),
        ("rrule: FREQ=DAILY;INTERVAL=0, from: 2025-03-13T10:00, duration: 2h", "windows.it.rrule: "),
        ("monthly: 3, zone: Europe/Lundon", "windows.it.zone: There is no time zone 'Europe/Lundon'. Did"),
        ("monthly: 3, services: [finanse]", "windows.it.services[1]: no service 'finanse'. Did you mean"),
        ("monthly: 3, servces: [finance]", "unknown key 'servces'. Did you mean 'services'?"),
        ("monthly: 3, except: [2025-03-13T10:00]", "windows.it.except: `except` does not fit here."),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named_with_its_key_and_the_way_out(keys: str, said: str) -> None:
    assert said in entry_error(keys)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("services: [{id: a, depends_on: [a]}]", "services.a.depends_on[1]: 'a' depends on itself."),
        ("services: [{id: a, depends_on: [b]}]", "no service 'b'."),
        ("services: [{id: a, team: platfrm}]\nteams: [{id: platform}]", "Did you mean 'platform'?"),
        ("services: [{id: a}, {id: A}]", "the service 'A' is listed twice (first in line 1)"),
        ("people: [{id: a}, {id: a}]", "the person 'a' is listed twice"),
        ("people: [{id: a, delegate: a}]", "people.a.delegate: 'a' cannot stand in for themselves."),
        ("people: [{id: ada, delegate: adda}]", "nobody is called 'adda'. Did you mean 'ada'?"),
        ("people: [{id: a, away: [{from: 2025-02-30, to: 2025-03-01}]}]", "'2025-02-30' is not a date"),
        ("people: [{id: a, away: [{from: 2025-03-02, to: 2025-03-01}]}]", "before it starts on 2025-03-02"),
        ("people: [{id: a, away: [{from: 2025-03-02}]}]", "`to` is missing"),
        ("teams: [{id: a, capacity: 0}]", "teams.a.capacity: '0' must be at least 1."),
        ("windows: [{id: a, monthly: 1}]\nevents: [{id: a, monthly: 1}]", "the entry 'a' is listed twice"),
        *(
            (
                f"{section}: [{{id: a, monthly: 1, environments: [prodction]}}]",
                f"{section}.a.environments[1]: no "
                "environment is called 'prodction'. Did you mean 'production'?",
            )
            for section in ("windows", "blackouts", "maintenance", "events")
        ),
        ("environments: [qa]\nwindows: [{id: a, monthly: 1, environments: [qaa]}]", "Did you mean 'qa'?"),
        ("holidays: {subdivision: ENG}", "holidays.subdivision: a subdivision needs its `country`"),
        ("holidays: {country: XQ}", "holidays.country: "),
        ("holidays: {country: GB, subdivision: EGN}", "holidays.subdivision: "),
        ("holidays: {dates: [24.12.2026]}", "'24.12.2026' is not a date. Write it as 2026-11-21."),
        ("policy: {retention_months: 6}", "policy.retention_months: '6' must be at least 12."),
        ("policy: {finish_after_windw: true}", "Did you mean 'finish_after_window'?"),
        ("window: []", "unknown key 'window'. Did you mean 'windows'?"),
        ("zone: Mars/Base", "zone: There is no time zone 'Mars/Base'."),
        ("windows: [{monthly: 1}]", "windows[1]: `id` is missing. Add it."),
    ],
)
def test_a_wrong_organisation_is_named_with_place_and_the_way_out(text: str, said: str) -> None:
    message = error(text)
    assert said in message
    assert message.startswith("organisation.yaml:")


def test_every_wrong_entry_is_told_at_once_by_line() -> None:
    """One look at the file mends all of it."""
    message = error(
        """\
services: [{id: a}]
windows:
  - {id: one, monthly: 1, services: [b]}
  - {id: two, weekly: [mon], from: 20:00}
  - {id: one, monthly: 1}
"""
    )
    assert [line.partition(": ")[0] for line in message.splitlines()] == [
        "organisation.yaml:3", "organisation.yaml:4", "organisation.yaml:5"
    ]  # fmt: skip


def test_thousands_of_entries_with_a_wrong_name_are_told_shortly() -> None:
    services = "\n".join(f"  - {{id: service-{number}}}" for number in range(300))
    entries = "\n".join(f"  - {{id: w{number}, monthly: 1, services: [nothing]}}" for number in range(3000))
    message = error(f"services:\n{services}\nwindows:\n{entries}\n")
    assert len(message.splitlines()) <= 41


def test_texts_are_cleaned_of_what_a_terminal_would_obey() -> None:
    found = read('windows: [{id: w, monthly: 1, name: "a\\e[31mb", note: "one\\ntwo\\u202e"}]').entries[0]
    assert (found.name, found.note) == ("ab", "one\ntwo")


# how it is described

DESCRIBED = (Path(__file__).parents[2] / "docs" / "organisation.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_key_is_described(form: type[Form]) -> None:
    keys = [field.alias or name for name, field in form.model_fields.items()]
    absent = [key for key in keys if not re.search(rf"`[^`]*\b{key}\b[^`]*`", DESCRIBED)]
    assert not absent, f"Describe in docs/organisation.md ({form.__name__}): {absent}"


def test_the_example_in_the_documents_is_one() -> None:
    example = re.search(r"```yaml\n(.*?)```", DESCRIBED, re.DOTALL)
    assert example
    assert len(read(example[1]).entries) == 5


def test_every_way_to_say_when_is_read_as_it_is_described() -> None:
    """The first cell of each row of the table is a piece of a file."""
    table = DESCRIBED.partition("| written | meaning |")[2].partition("\n\n")[0]
    ways = [", ".join(re.findall(r"`([^`]+)`", row.split(" | ")[0])) for row in table.splitlines()[2:]]
    assert len(ways) == 8
    kinds = {type(entry(way).when) for way in ways}
    assert kinds == {Weekly, Monthly, Yearly, Days, Span, Rule}
