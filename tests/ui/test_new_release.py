"""The form for a new release: what it offers again, what it asks for, and what it warns of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from relui.desk.desk import Desk
from relui.locations import Locations
from relui.settings import Settings
from relui.ui.app import ReluiApp
from relui.ui.checklist.screen import ChecklistScreen
from relui.ui.kit.form import Form
from relui.ui.kit.lines import Pane
from relui.ui.kit.pick import Pick, Picks
from relui.ui.releases.new_release import NewReleaseScreen
from tests.ui.seen import home, seen, settled


async def opened(pilot: Pilot[None]) -> NewReleaseScreen:
    await pilot.press("c")
    await settled(pilot)
    form = pilot.app.screen
    assert isinstance(form, NewReleaseScreen)
    return form


def flat(app: ReluiApp) -> str:
    """The plan beside the form as one line, however it is folded."""
    return " ".join(app.screen.query_one(Pane).text.split())


async def fill(pilot: Pilot[None], **texts: str) -> None:
    for name, text in texts.items():
        pilot.app.screen.query_one(f"#{name.replace('_', '-')}", Input).value = text
    await settled(pilot)


async def test_a_form_with_a_draft_says_so_and_a_key_starts_clean(app: ReluiApp, desk: Desk) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        assert "not saved before" not in seen(app)
        await pilot.press(*"ledger", "escape")
        await settled(pilot)
        await opened(pilot)
        assert "typed and not saved before" in seen(app) and "^N starts clean" in seen(app)
        await pilot.press("ctrl+n")
        await settled(pilot)
        assert isinstance(app.screen, NewReleaseScreen)
        assert app.screen.query_one("#service", Input).value == ""
        assert "not saved before" not in seen(app)
        assert desk.drafts.find("new-release") == {}
        await pilot.press("escape")
        await settled(pilot)
        assert home(app)


async def test_a_draft_that_was_emptied_is_not_offered_again(app: ReluiApp, desk: Desk) -> None:
    desk.drafts.keep("new-release", {"service": "ledger"})
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await fill(pilot, service="")
        await pilot.press("escape")
        await settled(pilot)
        assert desk.drafts.find("new-release") == {}


async def test_a_draft_is_offered_to_who_typed_it_alone(
    make_desk: Callable[..., Desk], locations: Locations
) -> None:
    make_desk("grace").drafts.keep("new-release", {"service": "ledger"})
    app = ReluiApp(make_desk("ada"), locations, Settings())
    async with app.run_test(size=(120, 40)) as pilot:
        form = await opened(pilot)
        assert form.query_one("#service", Input).value == ""


async def test_what_is_only_an_example_says_so(app: ReluiApp) -> None:
    """Without colours an example would else look like a default."""
    async with app.run_test(size=(120, 40)) as pilot:
        form = await opened(pilot)
        packs = form.query_one("#packs")
        packs.chosen = {"multi-region"}  # type: ignore[attr-defined]
        await fill(pilot, service="shop", version="1.0.0")
        form._template_chosen()
        for name in ("version", "values"):
            assert "e.g. " in form.query_one(f"#{name}", Input).placeholder
        assert form.query_one("#values", Input).placeholder == "e.g. region=eu,us"


async def test_an_emergency_chooses_its_criterion_itself(app: ReluiApp, desk: Desk) -> None:
    """[S1.36]"""
    desk.drafts.keep("new-release", {"service": "shop", "template": "emergency"})
    async with app.run_test(size=(120, 40)) as pilot:
        form = await opened(pilot)
        criterion = form.query_one("#criterion", Pick)
        await fill(pilot, version="1.0.1")
        assert criterion.value == "" and "Still needed: rationale and criterion." in flat(app)
        await fill(pilot, rationale="shop is down")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "production incident" in flat(app) and desk.journal.active().releases == ()
        criterion.focus()
        await pilot.press("right")
        await settled(pilot)
        assert "Still needed" not in flat(app)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert desk.journal.active().releases[0].emergency_criterion == "production incident"


async def test_an_emergency_is_created_and_ticked_with_under_ten_keys_each(app: ReluiApp, desk: Desk) -> None:
    """[S1.36] Not counting the values typed; Enter goes to what is still needed."""
    pressed: list[str] = []

    async with app.run_test(size=(80, 24)) as pilot:

        async def keys(*names: str) -> None:
            for name in names:
                pressed.append(name)
                await pilot.press(name)
                await settled(pilot)

        await keys("c")
        await pilot.press(*"shop")
        await keys("tab")
        await pilot.press(*"1.0.1")
        await keys("tab", "right", "enter")
        await pilot.press(*"down")
        await keys("enter", "right", "enter")
        assert isinstance(app.screen, ChecklistScreen)
        made = app.screen.release_id
        release = desk.journal.open(made).release
        assert (release.template, release.criteria) == ("emergency", ())
        assert (release.rationale, release.emergency_criterion) == ("down", "production incident")
        assert len(pressed) == 8
        assert desk.deployment.may_deploy("shop", release=made).allowed, (
            "no gate stands before its deployment"
        )
        pressed.clear()
        await keys("space")
        assert len(pressed) == 1 and desk.journal.open(made).release.marks, "ticked at once"


async def test_slips_are_told_while_typing_and_after_creating(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await fill(pilot, service="payments", version="2.4.0", go_live="2026-11-01T20:00")
        assert f"! {release_id} is active too" in flat(app)
        assert "! The go-live is in the past" in flat(app)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, ChecklistScreen)
        assert f"{release_id} is active too" in app.screen.said


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_first_words_of_the_form_are_folded_once(app: ReluiApp, size: tuple[int, int]) -> None:
    """No line of it stands alone with a word or two."""
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert "Type a service and a version, then press Enter." in flat(app)
        pane = app.screen.query_one(Pane)
        rows = [row.plain.strip() for row in pane.folded(pane.scrollable_content_region.width)]
        assert all(len(row) > 12 for row in rows[: rows.index("")][:-1])


async def test_milestones_that_are_past_are_one_line(app: ReluiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await fill(pilot, service="payments", version="2.4.0", go_live="2026-11-23T20:00")
        assert "3 of 4 milestones are past" in flat(app)
        assert "staging acceptance" in flat(app) and "build complete" not in flat(app)


async def test_the_lines_of_instants_in_the_edit_form_bear_the_zone(app: ReluiApp, release_id: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("e")
        await settled(pilot)
        assert isinstance(app.screen, Form)
        assert "go-live (Europe/Berlin)" in seen(app)
        assert "started (Europe/Berlin)" in seen(app)


async def test_trying_templates_changes_nothing_for_good(app: ReluiApp, desk: Desk) -> None:
    """The type and what is left out come back with the template that has them."""
    async with app.run_test(size=(120, 40)) as pilot:
        form = await opened(pilot)
        await fill(pilot, service="shop", version="2.0.0")
        form.query_one("#type", Pick).focus()
        while form.request().type != "major":
            await pilot.press("right")
        form.query_one("#without", Picks).focus()
        await pilot.press("space")
        before = form.request()
        assert before.without and before.template == "standard"
        form.query_one("#template", Pick).focus()
        seen_types = set()
        for _ in range(len(form.query_one("#template", Pick).choices)):
            await pilot.press("right")
            await settled(pilot)
            seen_types.add(form.request().type)
        assert "emergency" in seen_types
        assert form.request() == before
