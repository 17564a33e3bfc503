"""The organisation as YAML: it reads back to the same, whatever the names are."""

from __future__ import annotations

import yaml
from hypothesis import given, settings

from relui.documents.organisation_yaml import organisation_yaml
from relui.domain.calendar.entries import CalendarEntry, Monthly
from relui.domain.organisation import Organisation, Policy
from relui.loading.organisation import organisation_text
from tests.documents.organisations import HOSTILE, organisations


@settings(max_examples=150, deadline=None)
@given(organisations())
def test_an_organisation_reads_back_to_the_same(organisation: Organisation) -> None:
    assert organisation_text(organisation_yaml(organisation), "it") == organisation


def test_names_that_yaml_would_misread_come_back_as_they_were() -> None:
    organisation = Organisation(policy=Policy(emergency_criteria=HOSTILE))
    assert organisation_text(organisation_yaml(organisation), "it") == organisation
    plain = yaml.safe_load(organisation_yaml(organisation))
    assert plain["policy"]["emergency_criteria"] == list(HOSTILE), "other readers of YAML agree"


def test_an_empty_organisation_is_a_file_that_can_be_read() -> None:
    assert organisation_text(organisation_yaml(Organisation()), "it") == Organisation()


def test_an_entry_is_one_line_so_that_a_change_is_one_line() -> None:
    entry = CalendarEntry(kind="blackout", id="month-end", name="Month-end close", when=Monthly(28, 2))
    text = organisation_yaml(Organisation(entries=(entry,)))
    assert text == "blackouts:\n  - {id: month-end, name: Month-end close, monthly: {from: 28, to: 2}}\n"


def test_thousands_of_entries_can_be_read_back() -> None:
    entries = tuple(
        CalendarEntry(kind="event", id=f"event-{number}", name=f"Event number {number}", when=Monthly(1, 1))
        for number in range(5000)
    )
    organisation = Organisation(entries=entries)
    assert organisation_text(organisation_yaml(organisation), "it") == organisation
