"""Entries, absences and the organisation, made, changed and deleted on the calendar."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from textual.widgets import Button

from relui.desk.desk import Desk
from relui.domain.calendar.entries import Weekly
from relui.ui.app import ReluiApp
from tests.ui.calendars import WIDE, fill, on_form, open_calendar
from tests.ui.seen import seen, settled


async def test_w_makes_a_window_that_says_what_it_means_while_typing(app: ReluiApp, organised: Desk) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        await pilot.press("W")
        await settled(pilot)
        await fill(pilot, name="Thursday night", repeats="thu", services="paymets")
        assert "Did you mean 'payments'?" in on_form(app)
        await fill(pilot, services="payments")
        assert "every Thu, 18:00 to 06:00 the next day; payments." in on_form(app)
        assert "Next: Thu 26 Nov 18:00 to Fri 27 Nov 06:00 CET (12 h)." in on_form(app)
        await pilot.press("ctrl+s")
        await settled(pilot)
        (made,) = (one for one in organised.organisation.read().entries if one.id == "thursday-night")
        assert (made.kind, made.services) == ("window", ("payments",))
        assert isinstance(made.when, Weekly)
        assert "Thursday night stands in the calendar" in seen(app)
        assert screen.cursor.selected is not None and screen.cursor.selected[:2] == (
            "window",
            "thursday-night",
        )


@pytest.mark.parametrize(("key", "kind"), [("B", "blackout"), ("M", "maintenance"), ("O", "event")])
async def test_each_kind_of_entry_has_its_key(app: ReluiApp, organised: Desk, key: str, kind: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        await pilot.press(key)
        await settled(pilot)
        await fill(pilot, name="Something new")
        await pilot.press("ctrl+s")
        await settled(pilot)
        (made,) = (one for one in organised.organisation.read().entries if one.id == "something-new")
        assert made.kind == kind
        assert f"{key} Something new" in seen(app)


async def test_the_effect_is_shown_before_an_entry_is_saved(
    app: ReluiApp, organised: Desk, payments: str
) -> None:
    organised.calendar.book(payments)
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        await pilot.press("B")
        await settled(pilot)
        await fill(pilot, name="Freeze", **{"from": "2026-11-21", "to": "2026-11-21"})
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert payments in seen(app)
        assert "Enter again saves it" in seen(app)
        assert not any(one.id == "freeze" for one in organised.organisation.read().entries)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert any(one.id == "freeze" for one in organised.organisation.read().entries)
        assert f"[!] {payments[9:]}" in seen(app)


async def test_a_form_with_a_mistake_saves_nothing_and_loses_nothing(app: ReluiApp, organised: Desk) -> None:
    before = organised.organisation.read()
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        await pilot.press("M")
        await settled(pilot)
        await fill(pilot, name="Backwards", **{"from": "2026-11-22T20:00", "to": "2026-11-22T19:00"})
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "before it starts" in seen(app)
        await pilot.press("escape", "M")
        await settled(pilot)
        assert "^N starts clean" in on_form(app)
        await fill(pilot, to="2026-11-22T23:00")
        assert "Sun 22 Nov 20:00 to 23:00" in on_form(app)
    assert organised.organisation.read() == before


async def test_e_changes_the_entry_that_is_selected(app: ReluiApp, organised: Desk) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        screen.cursor.select(next(thing.key for thing in screen.scene().things if thing.id == "storage"))
        await pilot.press("e")
        await settled(pilot)
        await fill(pilot, name="Storage moves", to="2026-11-23T04:00")
        await pilot.press("ctrl+s")
        await settled(pilot)
        (changed,) = (one for one in organised.organisation.read().entries if one.id == "storage")
        assert changed.name == "Storage moves"
        assert "Storage moves" in seen(app)


async def test_delete_asks_with_cancel_as_the_default(app: ReluiApp, organised: Desk) -> None:
    def ids() -> set[str]:
        return {one.id for one in organised.organisation.read().entries}

    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        screen.cursor.select(next(thing.key for thing in screen.scene().things if thing.id == "storage"))
        await pilot.press("delete")
        await settled(pilot)
        assert isinstance(app.focused, Button)
        assert str(app.focused.label) == "Cancel"
        await pilot.press("enter")
        await settled(pilot)
        assert "storage" in ids()
        await pilot.press("delete")
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert "storage" not in ids()
        assert "Storage upgrade is deleted" in seen(app)


async def test_absences_are_entered_changed_and_deleted(app: ReluiApp, organised: Desk) -> None:
    def away() -> list[tuple[str, str]]:
        person = organised.organisation.read().person("ada")
        assert person is not None
        return [(f"{one.first}", f"{one.last}") for one in person.away]

    async with app.run_test(size=WIDE) as pilot:
        screen = await open_calendar(pilot)
        await pilot.press("A")
        await settled(pilot)
        assert "has nobody called" not in on_form(app)  # nothing is wrong before something is typed
        await fill(pilot, person="adda")
        assert "Did you mean 'ada'?" in on_form(app)
        await fill(pilot, person="ada", to="2026-11-21", reason="leave")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert away() == [("2026-11-20", "2026-11-21")]
        assert "A Ada" in seen(app)
        screen.cursor.select(next(thing.key for thing in screen.scene().things if thing.kind == "absence"))
        await pilot.press("enter")
        await settled(pilot)
        await fill(pilot, to="2026-11-22")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert away() == [("2026-11-20", "2026-11-22")]
        screen.cursor.select(next(thing.key for thing in screen.scene().things if thing.kind == "absence"))
        await pilot.press("delete")
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert away() == []


async def test_the_organisation_is_edited_as_a_whole_and_a_mistake_is_given_back(
    app: ReluiApp, organised: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    capacities = iter(["none", "3"])

    def edit(_app: object, text: str, _title: str, *, suffix: str) -> str:
        assert suffix == ".yaml"
        return text.replace("{id: shop, capacity: 1}", f"{{id: shop, capacity: {next(capacities)}}}")

    monkeypatch.setattr("relui.ui.calendar.organisation_editing.edit_in_editor", edit)
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        await pilot.press("E")
        await settled(pilot)
        assert "Nothing was saved. Go on editing" in on_form(app)
        await pilot.press("n")
        await settled(pilot)
        assert "Nothing was saved" in seen(app)
        await pilot.press("E")
        await settled(pilot)
        assert "Save the organisation" in seen(app)
        await pilot.press("y")
        await settled(pilot)
        assert "The organisation is changed" in seen(app)
        shop = next(team for team in organised.organisation.read().teams if team.id == "shop")
        assert shop.capacity == 3


async def test_what_somebody_else_changed_is_shown_above_what_was_typed_into_the_organisation(
    app: ReluiApp, organised: Desk, make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saving goes on from theirs; nothing that was typed has to be typed again."""
    texts: list[str] = []

    def edit(_app: object, text: str, _title: str, *, suffix: str) -> str:
        texts.append(text)
        if len(texts) == 1:
            make_desk("bob").organisation.amend(lambda latest: replace(latest, name="Theirs"), "renamed")
            return text.replace("{id: shop, capacity: 1}", "{id: shop, capacity: 3}")
        return text.replace("\nname: Northwind", "\nname: Theirs")

    monkeypatch.setattr("relui.ui.calendar.organisation_editing.edit_in_editor", edit)
    async with app.run_test(size=WIDE) as pilot:
        await open_calendar(pilot)
        await pilot.press("E")
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert "Somebody else changed the organisation meanwhile" in on_form(app)
        await pilot.press("y")
        await settled(pilot)
        assert "# +name: Theirs" in texts[1] and "{id: shop, capacity: 3}" in texts[1]
        await pilot.press("y")
        await settled(pilot)
    organisation = organised.organisation.read()
    assert organisation.name == "Theirs"
    assert next(team for team in organisation.teams if team.id == "shop").capacity == 3
