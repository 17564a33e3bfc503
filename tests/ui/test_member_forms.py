"""Services and people: what the form says, what it does, and what is stored."""

from __future__ import annotations

from datetime import date

import pytest

from relui.desk.desk import Desk
from relui.domain.organisation import Absence, Organisation, Person, Service
from relui.errors import BadInput
from relui.ui.app import ReluiApp
from relui.ui.calendar.form_texts import person_of, person_texts, service_of, service_texts
from tests.ui.calendars import WIDE, fill, on_form, open_calendar, planned
from tests.ui.seen import seen, settled

LEDGER = Service("ledger", "Ledger", "ada", "Asia/Tokyo", ("a", "b"), ("san",), "money", ("jvm",), True)
ADA = Person("ada", "Ada", ("owner",), "#ada", "bo", "UTC", (Absence(date(2026, 12, 1), date(2026, 12, 2)),))
NORTH = Organisation(services=(LEDGER,), people=(ADA,))


def test_what_the_form_shows_reads_back_as_it_was() -> None:
    """Absences have a form of their own: they stay."""
    assert service_of(service_texts(LEDGER), NORTH, "ledger") == LEDGER
    assert person_of(person_texts(ADA), NORTH, "ada") == ADA


def test_a_new_one_is_called_by_its_name_and_never_takes_the_place_of_another() -> None:
    blank = dict.fromkeys(service_texts(LEDGER), "")
    assert service_of({**blank, "name": "Great Search"}, NORTH).id == "great-search"
    assert service_of({**blank, "name": "Great Search", "id": "gs"}, NORTH).id == "gs"
    with pytest.raises(BadInput, match="already"):
        service_of({**blank, "name": "Ledger"}, NORTH)
    with pytest.raises(BadInput, match="needs a name"):
        service_of(blank, NORTH)


def test_what_is_neither_yes_nor_no_and_who_was_removed_elsewhere_are_refused() -> None:
    with pytest.raises(BadInput, match="neither yes nor no"):
        service_of({**service_texts(LEDGER), "unrestricted": "maybe"}, NORTH, "ledger")
    with pytest.raises(BadInput, match="removed elsewhere"):
        person_of(person_texts(ADA), Organisation(), "ada")


async def test_a_service_is_edited_with_the_effect_shown_and_a_person_is_added(
    app: ReluiApp, organised: Desk
) -> None:
    """Lin, who is to own it, is away on the day of its release."""
    release = planned(organised, "payments", "2.5.0", "2026-11-24T19:30")
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        await pilot.press("S", "j", "j")
        assert "Services and people" in seen(app) and "service, grace" in seen(app)
        await pilot.press("enter", "enter")
        await settled(pilot)
        await fill(pilot, owner="grce")
        assert "Did you mean 'grace'?" in on_form(app)
        await fill(pilot, owner="lin", team="shop")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert release in on_form(app) and "Lin is away" in on_form(app)
        stored = organised.organisation.read().service("payments")
        assert stored is not None and stored.owner == "grace", "nothing is written before it was seen"
        await pilot.press("ctrl+s")
        await settled(pilot)
        changed = organised.organisation.read().service("payments")
        assert changed is not None and (changed.owner, changed.team) == ("lin", "shop")
        assert changed.depends_on == ("ledger",)
        assert "Payments is changed." in seen(app)
        await pilot.press("S", "j", "enter")
        await settled(pilot)
        await fill(pilot, name="Bo Ek", roles="service-owner", delegate="lin")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert organised.organisation.read().person("bo-ek") == Person(
            "bo-ek", "Bo Ek", ("service-owner",), delegate="lin"
        )


async def test_what_something_needs_is_not_removed_and_says_by_whom(app: ReluiApp, organised: Desk) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        await pilot.press("S", "j", "j", "j", "enter", "j", "enter")
        await settled(pilot)
        assert "payments" in seen(app) and organised.organisation.read().service("ledger") is not None
        await pilot.press("S", "j", "j", "j", "j", "enter", "j", "enter")
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert organised.organisation.read().service("search") is None
        assert "search is removed." in seen(app)
