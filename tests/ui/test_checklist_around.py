"""What stands around the checklist: keys and help, the log and the panel beside it, what is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.command import CommandList

from relui.desk.desk import Desk
from relui.domain.checklist import State
from relui.domain.marking import Details
from relui.ui.app import ReluiApp
from relui.ui.kit.lines import Bar, Pane
from tests.ui.seen import checklist, home, open_checklist, seen, settled, type_line

WIDE = (120, 40)
BRANCHES = "pre-release.branches"


def state(desk: Desk, release_id: str, path: str) -> State:
    """The state of a leaf on disk."""
    return desk.journal.open(release_id).release.mark(path).state


def line_with(app: ReluiApp, text: str) -> str:
    """The line of the checklist that holds `text`, as it shows."""
    return next(line for line in seen(app).splitlines() if text in line)


HOSTILE = "[red]x[/] \x1b]52;c;aGk=\x07 [link=https://a]b[/link] 支付 \u202eabc [x] $text"


async def test_hostile_text_shows_as_it_reads_and_never_reaches_the_terminal_raw(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    desk.releases.edit(release_id, {"title": HOSTILE})
    desk.items.annotate(release_id, BRANCHES, Details(note=HOSTILE + "\n" + "字" * 5_000))
    desk.items.fail(release_id, ["pre-release.pipeline"], HOSTILE)
    desk.items.add(release_id, BRANCHES, HOSTILE)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert "[red]x[/]" in seen(app)
        screen = await open_checklist(pilot)
        screen.checklist.select(BRANCHES)
        await pilot.pause()
        shown = seen(app)
        assert "[red]x[/]" in shown and "支付" in shown
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_the_cursor_row_and_the_keys_show_at_every_size(
    app: ReluiApp, release_id: str, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await open_checklist(pilot)
        shown = seen(app)
        assert "Feature branches merged" in shown
        assert "Space Tick" in shown and "? Help" in shown
        assert "T-1d 01h" in shown
        assert all(len(line) <= size[0] for line in shown.splitlines())


async def test_help_lists_every_command_of_the_screen(app: ReluiApp, release_id: str) -> None:
    from relui.ui.kit.help import help_lines

    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        text = "\n".join(content.plain for content in help_lines(screen, 90))
        for command in screen.all_commands():
            assert command.title in text
        await pilot.press("question_mark")
        await pilot.pause()
        assert "Tick the item under the cursor" in seen(app)
        await pilot.press("escape")
        await pilot.pause()
        assert checklist(app)


async def test_the_palette_runs_a_command_by_its_name(app: ReluiApp, desk: Desk, release_id: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_checklist(pilot)
        await pilot.press("colon")
        await pilot.pause()
        await pilot.press(*"Tick")
        found = app.screen.query_one(CommandList)
        while not found.option_count:  # the palette searches in a worker of its own
            await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        if not desk.journal.open(release_id).release.marks:  # the first Enter chose, the second runs
            await pilot.press("enter")
            await pilot.pause()
        assert state(desk, release_id, BRANCHES) is State.DONE


async def test_numbers_switch_screens(app: ReluiApp, release_id: str) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_checklist(pilot)
        await pilot.press("6")
        await settled(pilot)
        assert home(app).on_archive
        await pilot.press("1")
        await settled(pilot)
        assert not home(app).on_archive
        await pilot.press("2")
        await pilot.pause()
        assert checklist(app)


async def test_a_persons_own_keys_replace_the_built_in_ones(
    desk: Desk, locations: object, release_id: str
) -> None:
    from relui.settings import Settings

    locations.config.mkdir(parents=True)  # type: ignore[attr-defined]
    locations.keymap.write_text("tick: x\nnonsense: y\n")  # type: ignore[attr-defined]
    app = ReluiApp(desk, locations, Settings())  # type: ignore[arg-type]
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        assert "nonsense" in home(app).said
        await open_checklist(pilot)
        await pilot.press("x")
        await pilot.pause()
        assert state(desk, release_id, BRANCHES) is State.DONE
        assert "x Tick" in seen(app)


async def test_the_theme_is_chosen_and_kept(app: ReluiApp, release_id: str, locations: object) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+t")
        await settled(pilot)
        await pilot.press("g", "enter")
        await settled(pilot)
        assert app.theme == "high-contrast"
        assert "theme: high-contrast" in locations.settings.read_text()  # type: ignore[attr-defined]


async def test_copying_names_what_was_copied(
    app: ReluiApp, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relui.ui.terminal.clipboard.local_tool", lambda env: None)
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        await pilot.press("y")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert release_id in screen.said and "OSC 52" in screen.said


async def test_what_the_template_gained_is_taken_over_item_by_item(
    app: ReluiApp, desk: Desk, release_id: str, locations: object
) -> None:
    own = locations.own_templates  # type: ignore[attr-defined]
    own.mkdir(parents=True)
    text = (locations.templates / "standard.yaml").read_text()  # type: ignore[attr-defined]
    first = "      - id: branches\n"
    assert first in text
    (own / "standard.yaml").write_text(
        text.replace(first, "      - {id: tagged, text: Tag set}\n" + first, 1)
    )
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        await pilot.press("T")
        await settled(pilot)
        assert "Tag set" in seen(app)
        await pilot.press("enter")
        await settled(pilot)
        assert desk.journal.open(release_id).release.phases[0].items[0].id == "tagged"
        assert screen.node is not None and screen.node.path == "pre-release.tagged"
        assert "nothing that this release has not" in screen.said


async def test_tab_shows_the_log_in_a_narrow_window_too(app: ReluiApp, desk: Desk, release_id: str) -> None:
    desk.items.tick(release_id, [BRANCHES], Details(note="merged by hand"))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_checklist(pilot)
        assert "ada ticked Feature branches merged" not in seen(app)
        await pilot.press("tab")
        await settled(pilot)
        assert screen.focused is screen.log_list
        shown = seen(app)
        assert "created REL-2026-11-001" in shown
        assert "[ ] -> [x] Feature branches merged" in shown and "note: merged by hand" in shown
        await pilot.press("space")
        await settled(pilot)
        assert "The keyboard is in the log: Tab goes back." in seen(app)
        await pilot.press("tab")
        await settled(pilot)
        assert screen.focused is screen.checklist and "Feature branches merged" in seen(app)


async def test_the_entry_under_the_cursor_shows_in_full(app: ReluiApp, desk: Desk, release_id: str) -> None:
    reason = "there is no database in this service, and there will be none before the spring of next year"
    desk.items.skip(release_id, ["pre-release.migrations"], reason)
    desk.releases.edit(release_id, {"owner": "grace"})
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        await pilot.press("tab")
        await settled(pilot)
        text = screen.query_one("#detail", Pane).text
        assert "owner: ada -> grace" in text and "account tester" in text
        await pilot.press("j")
        await settled(pilot)
        text = screen.query_one("#detail", Pane).text
        assert reason in text and "[ ] -> [-] Migration scripts ready" in text
        assert "u undoes it" in text
        await pilot.press("G")
        await settled(pilot)
        assert "close the release as cancelled instead" in screen.query_one("#detail", Pane).text


async def test_undo_is_offered_only_for_entries_that_can_be_undone(
    app: ReluiApp, desk: Desk, release_id: str, make_desk: Callable[..., Desk]
) -> None:
    make_desk("grace").items.tick(release_id, [BRANCHES])
    desk.items.annotate(release_id, BRANCHES, Details(note="seen"))
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        await pilot.press("tab", "j", "enter")
        await settled(pilot)
        assert app.screen is screen
        assert "ada changed the same field since" in screen.said
        await pilot.press("G", "enter")
        await settled(pilot)
        assert app.screen is screen and "cannot be undone" in screen.said


async def test_space_asks_for_what_the_item_needs_and_ticks_it_with_that(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    path = "pre-deploy.on-call"
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select(path)
        await pilot.press("space")
        await type_line(pilot, "grace")
        mark = desk.journal.open(release_id).release.mark(path)
        assert (mark.state, mark.fields) == (State.DONE, {"person": "grace"})
        assert desk.journal.open(release_id).entries[-1].act == "tick"


async def test_leaving_out_what_is_done_is_refused_before_it_asks_and_names_the_key(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    desk.items.tick(release_id, ["pre-release"])
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select(BRANCHES)
        await pilot.press("minus")
        await settled(pilot)
        assert app.screen is screen and "o reopens it" in screen.said
        screen.checklist.select("pre-release")
        await pilot.press("minus")
        await settled(pilot)
        assert app.screen is screen and "Already so" in screen.said


async def test_an_archived_checklist_says_what_was_left_open_and_offers_no_tick(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    desk.items.fail(release_id, [BRANCHES], "conflict")
    desk.releases.close(release_id, reason="hotfix first")
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("6")
        await settled(pilot)
        screen = await open_checklist(pilot)
        assert "Tick" not in screen.query_one("#keys", Bar).text
        screen.checklist.select("pre-deploy.on-call")
        await settled(pilot)
        detail = screen.query_one("#detail", Pane).text
        assert "left open: hotfix first" in detail and "in 2" not in detail and "(needed)" not in detail
        assert "left open" in line_with(app, "] On-call")
        screen.checklist.select(BRANCHES)
        await settled(pilot)
        assert "closed with it: hotfix first" in screen.query_one("#detail", Pane).text


async def test_the_filter_looks_at_what_was_recorded_too(app: ReluiApp, desk: Desk, release_id: str) -> None:
    desk.items.skip(release_id, ["pre-release.migrations"], "no database")
    desk.items.annotate(
        release_id, BRANCHES, Details(note="rebased twice", evidence=("https://ci.example/9",))
    )
    desk.items.tick(release_id, ["pre-deploy.on-call"], Details(fields={"person": "grace"}))
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        for words, path in (
            ("no database", "pre-release.migrations"),
            ("rebased", BRANCHES),
            ("ci.example", BRANCHES),
            ("grace", "pre-deploy.on-call"),
        ):
            screen.filter_by(words)
            assert [node.path for node in screen.checklist.rows if node.is_leaf] == [path]


async def test_a_long_sentence_takes_more_lines_and_a_short_one_gives_them_back(
    app: ReluiApp, release_id: str
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_checklist(pilot)
        screen.say("word " * 30)
        await settled(pilot)
        assert seen(app).count("word") == 30
        screen.say("word " * 200)
        await settled(pilot)
        assert screen.query_one("#message", Bar).size.height == 3
        screen.say("short")
        await settled(pilot)
        assert screen.query_one("#message", Bar).size.height == 1


async def test_zones_that_show_the_same_times_count_once(
    app: ReluiApp, desk: Desk, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELUI_ZONE", "Etc/UTC")
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        told = []
        for _ in range(3):
            await pilot.press("z")
            told.append(screen.said)
        assert told == [
            "Times are shown in Etc/UTC.",
            "Times are shown in Europe/Berlin.",
            "Times are shown in Etc/UTC.",
        ]


async def test_ticking_an_item_with_a_message_says_how_it_is_sent_and_recorded(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    """A tick does not pretend that it was sent; a phase without anything open cannot fail, and says so."""
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select("communication.team")
        await pilot.press("space")
        await pilot.pause()
        assert "y copies the message, and records it as sent" in screen.said
        assert desk.journal.open(release_id).release.dossier.sent == ()
        desk.items.skip(release_id, ["staging-test"], "none")
        screen.reload()
        screen.checklist.select("staging-test")
        await pilot.press("exclamation_mark")
        await pilot.pause()
        assert app.screen is screen and "Nothing of Staging test is open" in screen.said


LONG_HELP = "\n".join(f"line {number:02d} of the help" for number in range(60))


async def test_long_help_beside_the_checklist_is_scrolled_by_the_keys_of_every_panel(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    """To its last line, and nothing is written by them."""
    desk.items.annotate(release_id, BRANCHES, Details(note=LONG_HELP))
    entries = len(desk.journal.open(release_id).entries)
    for size in ((80, 24), WIDE):
        async with ReluiApp(desk, app.locations, app.settings).run_test(size=size) as pilot:
            screen = await open_checklist(pilot)
            pane = screen.query_one("#detail", Pane)
            for down, up in (("J", "K"), ("ctrl+d", "ctrl+u")):
                await pilot.press(down, down)
                assert pane.scroll_y == 8
                await pilot.press(up, up)
                assert pane.scroll_y == 0
            shown = ""
            while pane.scroll_y < pane.max_scroll_y:
                screen.action_command("panel-down")
                await pilot.pause()
                shown += seen(pilot.app)  # type: ignore[arg-type]
            assert "line 59 of the help" in shown and screen.node is not None
            assert screen.node.path in seen(pilot.app)  # type: ignore[arg-type]  # the panel's last line
    assert len(desk.journal.open(release_id).entries) == entries


async def test_a_panel_that_shows_all_of_its_text_says_so(app: ReluiApp, desk: Desk, release_id: str) -> None:
    async with app.run_test(size=(120, 60)) as pilot:
        screen = await open_checklist(pilot)
        await pilot.press("J")
        assert screen.said == "All of the panel is in sight."


async def test_reopening_a_whole_phase_asks_first_and_names_what_it_would_open(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    """Cancel is the default: one key too many changes nothing."""
    desk.items.tick(release_id, ["pre-release"])
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        screen.checklist.select("pre-release")
        for answer, left in (("enter", State.DONE), ("y", State.OPEN)):
            await pilot.press("o")
            await settled(pilot)
            assert "Reopen 8 items of Pre-release?" in seen(app) and "- Feature branches merged" in seen(app)
            await pilot.press(answer)
            await settled(pilot)
            assert state(desk, release_id, BRANCHES) is left
        await pilot.press("o")
        await settled(pilot)
        assert app.screen is screen and "Nothing changed" in screen.said


async def test_failed_items_come_before_open_ones_and_stay_with_them(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    """They block the release. Once looked at they do not hold the cursor."""
    desk.items.fail(release_id, ["deploy.health"], "down")
    desk.items.tick(release_id, [BRANCHES])
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        assert screen.node is not None and screen.node.path == "deploy.health"
        seen_paths = []
        for _ in range(3):
            await pilot.press("n")
            seen_paths.append(screen.node.path if screen.node else "")
        assert seen_paths[0] not in ("deploy.health", BRANCHES) and "deploy.health" not in seen_paths
        desk.items.fail(release_id, ["staging-test.mobile"], "cut")
        screen.reload()
        await pilot.press("n")
        assert screen.node is not None and screen.node.path == "staging-test.mobile"
        await pilot.press("full_stop")
        rows = [node for node in screen.checklist.rows if node.is_leaf]
        assert {"deploy.health", "staging-test.mobile"} <= {node.path for node in rows}
        assert BRANCHES not in {node.path for node in rows} and "Open and failed items" in screen.said


async def test_what_cannot_have_happened_yet_asks_and_is_left_by_default(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    """[S0.2] 24 hours of monitoring, days before the go-live."""
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_checklist(pilot)
        for keys, expected in ((("space", "enter"), State.OPEN), (("space", "y"), State.DONE)):
            screen.checklist.select("close.monitoring")
            await pilot.press(keys[0])
            await settled(pilot)
            assert "Tick what is still to come?" in seen(app) and "belongs after the go-live" in seen(app)
            await pilot.press(keys[1])
            await settled(pilot)
            assert state(desk, release_id, "close.monitoring") is expected
