"""The retrospective: three texts beside the release's facts, drafts that outlive a crash [S0.9]."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.locations import Locations
from relui.settings import Settings
from relui.ui.app import ReluiApp
from relui.ui.retrospective.screen import RetrospectiveScreen
from tests.ui.seen import home, seen, settled, type_line

WIDE = (120, 40)


async def opened(pilot: Pilot[None]) -> RetrospectiveScreen:
    """The retrospective of the release under the cursor."""
    await pilot.pause()
    await pilot.press("4")
    await settled(pilot)
    assert isinstance(pilot.app.screen, RetrospectiveScreen)
    return pilot.app.screen


def writing(desk: Desk, release_id: str) -> tuple[str, str, str]:
    """What is on disk."""
    found = desk.journal.open(release_id).release.retrospective
    return found.well, found.hard, found.next


async def test_three_texts_are_written_side_by_side_and_saved_at_once(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await pilot.press("enter", *"calm", "tab", *"slow", "tab", *"rehearse", "ctrl+s")
        await settled(pilot)
        assert writing(desk, release_id) == ("calm", "slow", "rehearse")
        assert desk.journal.open(release_id).release.mark("close.retrospective").bound
        assert "wrote the retrospective (well, hard, next)" in seen(app)
        await pilot.press("escape")
        await pilot.pause()
        first = next(line for line in seen(app).splitlines() if "What went well" in line)
        assert "What was hard" in first and "What changes next release" in first


async def test_letters_type_while_writing_and_command_while_reading(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot)
        await pilot.press("enter", *"q1?3")
        assert app.screen is screen
        assert screen.answers[0].text == "q1?3"
        await pilot.press("escape", "q")
        await settled(pilot)
        assert home(app)
        assert writing(desk, release_id) == ("", "", "")


async def test_what_is_typed_shows_as_markdown(app: ReluiApp, release_id: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await pilot.press("enter", *"**quick**", "escape")
        await pilot.pause()
        assert "quick" in seen(app) and "**quick**" not in seen(app)
        assert "not saved yet" in seen(app)


async def test_a_draft_is_on_disk_without_being_asked_for_and_offered_again(
    app: ReluiApp, desk: Desk, locations: Locations, release_id: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot)
        await pilot.press("enter", *"half-typed")
        await pilot.pause()
        waits = screen._keeping is not None  # a timer of a second at most, begun with the first key
        assert waits or desk.drafts.find(screen.draft_name)
        screen.keep()  # what that timer calls
        assert desk.drafts.find(screen.draft_name)["well"] == "half-typed"
    again = ReluiApp(desk, locations, Settings())
    async with again.run_test(size=WIDE) as pilot:
        screen = await opened(pilot)
        assert "half-typed" in seen(again)
        assert "Typed before and not saved: What went well" in seen(again)
        assert writing(desk, release_id)[0] == ""
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert writing(desk, release_id)[0] == "half-typed"
        assert desk.drafts.find(screen.draft_name) == {}


async def test_a_draft_is_thrown_away_after_a_question_only(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot)
        await pilot.press("enter", *"nonsense", "escape", "delete")
        await settled(pilot)
        await pilot.press("enter")  # Cancel
        await settled(pilot)
        assert "nonsense" in seen(app)
        await pilot.press("delete")
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert "nonsense" not in seen(app)
        assert desk.drafts.find(screen.draft_name) == {}


async def test_what_somebody_else_wrote_meanwhile_is_not_replaced_unasked(
    app: ReluiApp, desk: Desk, release_id: str, make_desk: Callable[..., Desk]
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await pilot.press("enter", *"mine")
        make_desk("bob").learning.write_retrospective(release_id, {"well": "of bob", "hard": "the gateway"})
        app.beat()
        await pilot.pause()
        assert "bob wrote What went well meanwhile" in seen(app)
        assert "the gateway" in seen(app)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "of bob" in seen(app)
        await pilot.press("n")
        await settled(pilot)
        assert writing(desk, release_id)[0] == "of bob"
        await pilot.press("ctrl+s")
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert writing(desk, release_id) == ("mine", "the gateway", "")


async def test_the_persons_editor_goes_on_with_the_text(
    app: ReluiApp, desk: Desk, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "relui.ui.kit.text_editor.edit_in_editor", lambda app, text, title, **_: f"{text} and more"
    )
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await pilot.press("enter", *"one", "ctrl+e")
        await pilot.pause()
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert writing(desk, release_id)[0] == "one and more"


async def test_the_facts_stand_beside_with_their_reasons(app: ReluiApp, desk: Desk, release_id: str) -> None:
    """[S1.34]"""
    desk.items.tick(release_id, ["pre-release"])
    desk.items.fail(release_id, ["staging-test.performance"], "p95 of /pay rose to 420 ms")
    desk.items.skip(release_id, ["staging-test.mobile"], "no app in this release")
    desk.releases.edit(release_id, {"started": "2026-11-20T18:45"})
    async with app.run_test(size=(200, 50)) as pilot:
        await opened(pilot)
        shown = seen(app)
        assert "p95 of /pay rose to 420 ms" in shown
        assert "no app in this release" in shown
        assert "planned  Sat 21 Nov 20:00 CET for 2h" in shown
        assert "1 d 1 h early" in shown


async def test_what_the_last_retrospective_asked_for_is_shown(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    old = desk.releases.new(
        Request(service="payments", version="2.3.0", go_live="2026-11-02T20:00")
    ).release.id
    desk.learning.write_retrospective(old, {"next": "Warm the cache before the switch"})
    desk.releases.close(old, outcome="cancelled", reason="superseded")
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot)
        looking = [worker for worker in pilot.app.workers if worker.group == "before"]
        if looking:  # an empty list would mean all workers, and one waits for this screen to be left
            await pilot.app.workers.wait_for_complete(looking)
        await pilot.pause()
        assert screen.release_id == release_id
        assert f"Asked for last time, by {old}" in seen(app)
        assert "Warm the cache before the switch" in seen(app)


async def test_an_archived_retrospective_is_read_and_takes_no_word(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    desk.learning.write_retrospective(release_id, {"well": "quick", "hard": "late", "next": "sleep"})
    desk.releases.close(release_id, reason="r")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        await settled(pilot)
        screen = await opened(pilot)
        assert "quick" in seen(app)
        await pilot.press("enter")
        await pilot.pause()
        assert screen.writing is None
        assert "its retrospective stays as it is" in seen(app)


async def test_a_retrospective_that_is_owed_is_written_on_the_archived_release(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    """[S0.9] From what is owed to the text, once and whole; then it is owed no more."""
    desk.releases.close(release_id, reason="at night")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("8")
        await settled(pilot)
        assert "1 retrospective owed" in seen(app) and "Retrospectives" in seen(app)
        await pilot.press("enter")
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, RetrospectiveScreen)
        assert "was closed without it" in seen(app)
        await pilot.press("enter", *"calm", "ctrl+s")
        await settled(pilot)
        assert not desk.journal.open(release_id).release.retrospective.well, "not in parts"
        assert "Still to be answered" in " ".join(seen(app).split())
        for answer, text in zip(screen.answers, ("calm", "late", "Start earlier"), strict=True):
            answer.area.text = text
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert desk.journal.open(release_id).release.retrospective.written
        assert desk.journal.open(release_id).archived and not desk.archive.retrospectives_owed()
        assert [each.text for each in desk.learning.read().actions] == ["Start earlier"]
        assert screen.why_unchangeable()


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 50)])
async def test_long_and_wide_text_is_shown_at_every_size(
    app: ReluiApp, desk: Desk, release_id: str, size: tuple[int, int]
) -> None:
    text = "\n".join(["# 漢字かな混じり文 " * 8, "- [red]no markup[/red]", "x" * 300] * 5)
    desk.learning.write_retrospective(release_id, {"well": text, "hard": text, "next": text})
    async with app.run_test(size=size) as pilot:
        screen = await opened(pilot)
        for _ in range(4):
            assert "漢字" in seen(app)
            await pilot.press("j", "j", "k", "k", "tab")
            await pilot.pause()
        assert screen.current is screen.answers[0]


async def test_what_changes_next_becomes_an_action_that_is_told_listed_and_dropped(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    """[S0.9]"""
    async with app.run_test(size=(200, 50)) as pilot:
        await opened(pilot)
        await pilot.press("enter", "tab", "tab", *"rehearse", "ctrl+s")
        await settled(pilot)
        (action,) = desk.learning.actions()
        assert (action.text, action.owner, action.release) == ("rehearse", "ada", release_id)
        assert f"{action.id} of ada comes back until it is done" in seen(app)
        await pilot.press("escape", "escape")
        await settled(pilot)
        await pilot.press("a")
        await settled(pilot)
        assert f"asked for by the retrospective of {release_id}" in seen(app)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("j", "enter")
        await settled(pilot)
        await type_line(pilot, "rehearsed by hand")
        await settled(pilot)
        assert desk.learning.actions() == ()
        assert desk.learning.read().action(action.id).reason == "rehearsed by hand"


async def test_saving_leaves_the_cursor_where_somebody_goes_on_writing(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    """A list of tasks goes on in the next line, behind a blank that is not stored."""
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot)
        await pilot.press("enter", *"- [ ] one", "enter", "ctrl+s")
        await settled(pilot)
        area = screen.answers[0].area
        assert area.selection.end == (1, 0) and area.has_focus
        await pilot.press(*"- [ ] two", "ctrl+s")
        await settled(pilot)
        assert writing(desk, release_id)[0] == "- [ ] one\n- [ ] two"
        area.selection = type(area.selection)((0, 2), (0, 5))
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert area.selection == type(area.selection)((0, 2), (0, 5))


async def test_what_somebody_else_wrote_comes_in_without_moving_the_cursor(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    desk.learning.write_retrospective(release_id, {"well": "a\nlong text\nof three lines"})
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot)
        await pilot.press("shift+tab", "enter")
        screen._choose(0)
        screen.write()
        area = screen.answers[0].area
        area.move_cursor((1, 4))
        desk.learning.write_retrospective(release_id, {"well": "a\nlong text, longer\nof three lines"})
        screen.reload()
        assert area.text.splitlines()[1] == "long text, longer" and area.selection.end == (1, 4)


async def test_the_key_bar_offers_what_the_keys_do_now(app: ReluiApp, release_id: str) -> None:
    """In a text letters type: none is offered, whether something was saved or not."""
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)

        def bar() -> str:
            return seen(app).splitlines()[-1]

        assert "Enter Write" in bar() and "y Copy text" in bar()
        for keys in (("enter", "x"), ("ctrl+s",), ("tab",)):
            await pilot.press(*keys)
            await settled(pilot)
            assert "^S Save" in bar() and "F1 Help" in bar()
            assert "Write" not in bar() and "y Copy" not in bar() and "F Finish" not in bar()
        await pilot.press("escape")
        await settled(pilot)
        assert "Enter Write" in bar() and "? Help" in bar()


async def test_finishing_goes_on_after_the_retrospective_with_the_same_key(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    desk.items.tick(
        release_id, [phase.id for phase in desk.journal.open(release_id).release.phases], override="rehearsal"
    )
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        await pilot.press("F", "enter")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, RetrospectiveScreen)
        await pilot.press("enter", *"calm", "tab", *"slow", "tab", *"rehearse", "escape", "F")
        await settled(pilot)
        assert not isinstance(app.screen, RetrospectiveScreen)
        assert writing(desk, release_id) == ("calm", "slow", "rehearse")


async def test_a_release_is_finished_from_its_retrospective(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    desk.learning.write_retrospective(release_id, {"well": "a", "hard": "b", "next": "c"})
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await pilot.press("F", "G", "enter")  # as cancelled
        await settled(pilot)
        await type_line(pilot, "not needed")
        await pilot.press("y")
        await settled(pilot)
        assert desk.journal.open(release_id).archived and home(app)
