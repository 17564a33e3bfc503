"""The checklist, driven by keys: each act is on disk when it shows, and shows what is on disk."""

from __future__ import annotations

from collections.abc import Callable

from textual.widgets import Input

from relui.desk.desk import Desk
from relui.domain.checklist import State
from relui.domain.marking import Details
from relui.ui.app import ReluiApp
from relui.ui.kit.lines import Bar
from tests.ui.seen import checklist, open_checklist, seen, settled, type_line, type_text

WIDE = (120, 40)
BRANCHES = "pre-release.branches"


def state(desk: Desk, release_id: str, path: str) -> State:
    """The state of a leaf on disk."""
    return desk.journal.open(release_id).release.mark(path).state


def line_with(app: ReluiApp, text: str) -> str:
    """The line of the checklist that holds `text`, as it shows."""
    return next(line for line in seen(app).splitlines() if text in line)


async def test_space_ticks_the_item_durably_and_shows_who_did_it(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_checklist(pilot)
        await pilot.press("space")
        await pilot.pause()
        assert state(desk, release_id, BRANCHES) is State.DONE
        row = line_with(app, "] Feature branches merged")
        assert "[x]" in row and "ada 19:00" in row
        assert "1/8" in line_with(app, "▾ [~] Pre-release")
        assert "ada ticked Feature branches merged" in checklist(app).log_list.text


async def test_space_on_a_ticked_item_changes_nothing_and_says_so(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    desk.items.tick(release_id, [BRANCHES])
    before = len(desk.journal.open(release_id).entries)
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select(BRANCHES)
        await pilot.press("space")
        await pilot.pause()
        assert "Nothing changed" in screen.said
        assert len(desk.journal.open(release_id).entries) == before


async def test_space_on_a_phase_ticks_its_open_items_and_says_what_it_left(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select("pre-deploy")
        await pilot.press("space")
        await pilot.pause()
        assert state(desk, release_id, "pre-deploy.backup") is State.DONE
        assert state(desk, release_id, "pre-deploy.on-call") is State.OPEN
        assert "Left:" in screen.said
        await pilot.press("u")
        await pilot.pause()
        assert state(desk, release_id, "pre-deploy.backup") is State.OPEN


async def test_undo_and_redo_are_one_key_each_and_persist(app: ReluiApp, desk: Desk, release_id: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_checklist(pilot)
        await pilot.press("space", "u")
        await pilot.pause()
        assert state(desk, release_id, BRANCHES) is State.OPEN
        assert "[ ] Feature branches merged" in seen(app)
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert state(desk, release_id, BRANCHES) is State.DONE
        assert desk.health.verify(release_id).intact


async def test_an_entry_of_somebody_else_is_undone_when_chosen_in_the_log(
    app: ReluiApp, desk: Desk, release_id: str, make_desk: Callable[..., Desk]
) -> None:
    make_desk("grace").items.tick(release_id, [BRANCHES])
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        await pilot.press("u")
        await pilot.pause()
        assert "nothing of ada's to undo" in screen.said
        await pilot.press("tab", "u")
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert state(desk, release_id, BRANCHES) is State.OPEN


async def test_reopening_keeps_what_was_recorded(app: ReluiApp, desk: Desk, release_id: str) -> None:
    desk.items.tick(release_id, [BRANCHES], Details(note="merged by hand"))
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select(BRANCHES)
        await pilot.press("o")
        await pilot.pause()
        mark = desk.journal.open(release_id).release.mark(BRANCHES)
        assert (mark.state, mark.note) == (State.OPEN, "merged by hand")


async def test_leaving_out_a_required_item_asks_for_its_reason_in_one_line(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_checklist(pilot)
        await pilot.press("minus")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "A word is needed" in seen(app)
        await type_line(pilot, "no branches in this release")
        mark = desk.journal.open(release_id).release.mark(BRANCHES)
        assert (mark.state, mark.reason) == (State.NOT_APPLICABLE, "no branches in this release")
        assert "[-] Feature branches merged" in seen(app)


async def test_an_optional_item_is_left_out_without_a_reason(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select("staging-test.mobile")
        await pilot.press("minus")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert state(desk, release_id, "staging-test.mobile") is State.NOT_APPLICABLE


async def test_failing_needs_a_reason_and_escape_changes_nothing(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_checklist(pilot)
        await pilot.press("exclamation_mark", "escape")
        await settled(pilot)
        assert state(desk, release_id, BRANCHES) is State.OPEN
        await pilot.press("exclamation_mark")
        await type_line(pilot, "conflict in billing.py")
        mark = desk.journal.open(release_id).release.mark(BRANCHES)
        assert (mark.state, mark.reason) == (State.FAILED, "conflict in billing.py")
        assert "[!] Feature branches merged" in seen(app)


async def test_a_requirement_is_named_and_passed_only_with_a_reason(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    path = "pre-deploy.rollback-shared"
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select(path)
        await pilot.press("space")
        await pilot.pause()
        assert state(desk, release_id, path) is State.OPEN
        assert "Rollback plan written" in seen(app)
        await pilot.press("escape") if app.screen is not screen else None
        await pilot.press("O")
        await type_line(pilot, "shared by phone")
        mark = desk.journal.open(release_id).release.mark(path)
        assert mark.state is State.DONE
        assert "shared by phone" in mark.reason


async def test_n_goes_to_the_next_open_item_anywhere(app: ReluiApp, desk: Desk, release_id: str) -> None:
    desk.items.tick(release_id, ["pre-release"])
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select("pre-release")
        await pilot.press("n")
        assert screen.node is not None and screen.node.path == "staging-test.smoke"


async def test_brackets_move_between_phases(app: ReluiApp, release_id: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        await pilot.press("right_square_bracket", "right_square_bracket")
        assert screen.node is not None and screen.node.path == "communication"
        await pilot.press("left_square_bracket")
        assert screen.node is not None and screen.node.path == "staging-test"
        await pilot.pause()
        assert "[Staging test" in screen.query_one("#strip", Bar).text


async def test_folding_and_unfolding_keep_the_cursor(app: ReluiApp, release_id: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        rows = screen.checklist.count()
        await pilot.press("h", "h")
        assert screen.node is not None and screen.node.path == "pre-release"
        assert screen.checklist.count() == rows - 8
        await pilot.press("l", "l")
        assert screen.checklist.count() == rows
        assert screen.node is not None and screen.node.path == BRANCHES
        await pilot.press("Z")
        assert screen.checklist.count() == 7
        await pilot.press("Z")
        assert screen.checklist.count() == rows


async def test_the_filter_shows_items_with_their_phases(app: ReluiApp, desk: Desk, release_id: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        await pilot.press("slash", *"backup")
        await settled(pilot)
        assert [node.path for node in screen.checklist.rows] == ["pre-deploy", "pre-deploy.backup"]
        await pilot.press("enter", "space")
        await pilot.pause()
        assert list(desk.journal.open(release_id).release.marks) == ["pre-deploy.backup"]
        assert "ticked Database backup taken." in screen.said
        assert screen.node is not None and screen.node.path == "pre-deploy.backup"
        await pilot.press("escape")
        await pilot.pause()
        assert screen.checklist.count() > 50


async def test_a_note_is_written_in_several_lines(app: ReluiApp, desk: Desk, release_id: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_checklist(pilot)
        await pilot.press("e")
        await type_text(pilot, "first line\nsecond line")
        assert desk.journal.open(release_id).release.mark(BRANCHES).note == "first line\nsecond line"
        assert "second line" in seen(app)


async def test_a_note_that_is_left_is_offered_again(app: ReluiApp, desk: Desk, release_id: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_checklist(pilot)
        await pilot.press("e")
        await settled(pilot)
        await pilot.press(*"half a tho", "escape")
        await settled(pilot)
        assert desk.journal.open(release_id).release.mark(BRANCHES).note == ""
        await pilot.press("e")
        await settled(pilot)
        assert "half a tho" in seen(app)


async def test_evidence_is_added_as_a_link(app: ReluiApp, desk: Desk, release_id: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_checklist(pilot)
        await pilot.press("a")
        await type_line(pilot, "https://ci.example/run/17")
        assert desk.journal.open(release_id).release.mark(BRANCHES).evidence == ("https://ci.example/run/17",)
        assert "https://ci.example/run/17" in seen(app)


async def test_mandatory_fields_are_filled_and_then_the_item_ticks(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    path = "pre-deploy.on-call"
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select(path)
        await pilot.press("i")
        await settled(pilot)
        app.screen.query(Input).first().value = "grace"
        await pilot.press("enter")
        await settled(pilot)
        assert "grace" in desk.journal.open(release_id).release.mark(path).fields.values()
        await pilot.press("space")
        await pilot.pause()
        assert state(desk, release_id, path) is State.DONE


async def test_a_value_that_does_not_fit_is_told_while_typing(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select("staging-test.qa-approval")
        await pilot.press("enter")
        await settled(pilot)
        app.screen.query(Input).last().value = "2026-13-99"
        await pilot.pause()
        assert "2026-13-99" in seen(app) and "is not a date" in seen(app)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert desk.journal.open(release_id).release.mark("staging-test.qa-approval").fields == {}


async def test_an_item_is_added_moved_and_removed_on_this_release_alone(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        await pilot.press("A")
        await type_line(pilot, "Partner bank told")
        added = "pre-release.partner-bank-told"
        assert screen.node is not None and screen.node.path == added
        await pilot.press("greater_than_sign")
        await pilot.pause()
        ids = [item.id for item in desk.journal.open(release_id).release.phases[0].items]
        assert ids.index("partner-bank-told") == 2
        await pilot.press("less_than_sign")
        await pilot.pause()
        ids = [item.id for item in desk.journal.open(release_id).release.phases[0].items]
        assert ids.index("partner-bank-told") == 1
        await pilot.press("delete")
        await type_line(pilot, "")
        assert "A word is needed" in seen(app)
        await type_line(pilot, "nobody to tell")
        await pilot.press("y")
        await settled(pilot)
        assert "partner-bank-told" not in [
            i.id for i in desk.journal.open(release_id).release.phases[0].items
        ]


async def test_the_retrospective_ticks_its_item_when_all_three_are_written(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_checklist(pilot)
        await pilot.press("R")
        await settled(pilot)
        await pilot.press(
            "enter", *"calm", "tab", *"the gateway", "tab", *"retry", "ctrl+s", "escape", "escape"
        )
        await settled(pilot)
        release = desk.journal.open(release_id).release
        assert release.retrospective.next == "retry"
        assert release.mark("close.retrospective").bound
        assert checklist(app)


async def test_another_persons_tick_shows_with_their_name(
    app: ReluiApp, release_id: str, make_desk: Callable[..., Desk]
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        app.beat()
        make_desk("grace").items.tick(release_id, [BRANCHES])
        app.beat()
        await pilot.pause()
        assert screen.said == "grace ticked Feature branches merged"
        assert "grace 19:00" in line_with(app, "] Feature branches merged")


async def test_an_item_that_somebody_ticked_meanwhile_is_not_ticked_again(
    app: ReluiApp, desk: Desk, release_id: str, make_desk: Callable[..., Desk]
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        make_desk("grace").items.tick(release_id, [BRANCHES])
        await pilot.press("space")
        await pilot.pause()
        assert "by grace" in screen.said
        assert desk.journal.open(release_id).release.mark(BRANCHES).by == "grace"


async def test_a_release_archived_by_somebody_else_turns_read_only(
    app: ReluiApp, release_id: str, make_desk: Callable[..., Desk]
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        make_desk("grace").releases.close(release_id, outcome="cancelled", reason="withdrawn")
        await pilot.press("space")
        await pilot.pause()
        assert "archived" in seen(app)
        app.beat()
        await pilot.pause()
        assert "archived" in screen.why_unchangeable()


async def test_read_only_says_why_nothing_can_be_ticked(
    release_id: str, make_desk: Callable[..., Desk], locations: object
) -> None:
    from relui.settings import Settings

    app = ReluiApp(make_desk(read_only=True), locations, Settings())  # type: ignore[arg-type]
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        await pilot.press("space")
        assert "--readonly" in screen.said
