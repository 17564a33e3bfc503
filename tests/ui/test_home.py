"""The release list, its preview, the archive and the new-release form, driven by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.outline import Outline
from relui.locations import Locations
from relui.ui.app import ReluiApp
from relui.ui.checklist.screen import ChecklistScreen
from relui.ui.kit.lines import Bar
from relui.ui.releases.new_release import NewReleaseScreen
from tests.ui.seen import home, open_checklist, seen, settled, type_line

SMOKE = "staging-test.performance"


async def test_an_empty_list_says_how_to_begin_and_offers_the_demo(app: ReluiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "No release is active" in seen(app)
        assert "relui demo" in seen(app)


async def test_a_row_tells_what_is_wrong_in_words(app: ReluiApp, release_id: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        row = next(line for line in seen(app).splitlines() if release_id[9:] in line)
        assert "payments 2.4.0" in row
        assert "0/53" in row
        assert "T-1d 01h" in row
        assert "overdue 8" in row


async def test_the_preview_shows_next_items_and_the_timeline(app: ReluiApp, release_id: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        shown = seen(app)
        assert "Feature branches merged" in shown
        assert "4 of 4 milestones are past" in shown  # go-live tomorrow [S1.5]


async def test_under_ten_keys_create_a_release_and_open_it(app: ReluiApp, desk: Desk) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("c")
        await pilot.pause()
        await pilot.press(*"payments", "tab", *"3.0.1", "enter")  # three keys beside the typed values
        await settled(pilot)
        (release,) = desk.journal.active().releases
        assert (release.service, release.version, release.type) == ("payments", "3.0.1", "minor")
        assert isinstance(app.screen, ChecklistScreen)
        assert release.id in seen(app)


async def test_the_form_shows_what_is_wrong_and_writes_nothing(app: ReluiApp, desk: Desk) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("c")
        await pilot.pause()
        form = app.screen
        assert isinstance(form, NewReleaseScreen)
        form.query_one("#service").value = "payments"  # type: ignore[attr-defined]
        form.query_one("#version").value = "3.0.1"  # type: ignore[attr-defined]
        form.query_one("#go-live").value = "2026-13-99"  # type: ignore[attr-defined]
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert "2026-13-99" in seen(app)
        assert "Not yet" in seen(app)
        assert desk.journal.active().releases == ()


async def test_a_form_that_is_left_is_offered_again(app: ReluiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("c")
        await pilot.pause()
        await pilot.press(*"ledger", "escape")
        await settled(pilot)
        assert home(app)
        await pilot.press("c")
        await pilot.pause()
        assert app.screen.query_one("#service").value == "ledger"  # type: ignore[attr-defined]


async def test_an_emergency_in_the_form_asks_for_its_rationale(app: ReluiApp, desk: Desk) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("c")
        await pilot.pause()
        form = app.screen
        form.query_one("#service").value = "payments"  # type: ignore[attr-defined]
        form.query_one("#version").value = "2.4.1"  # type: ignore[attr-defined]
        form.query_one("#template").focus()
        await pilot.press("right")
        await pilot.pause()
        assert form.query_one("#row-rationale").display
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "rationale" in seen(app)
        form.query_one("#rationale").value = "Card payments fail since 17:40"  # type: ignore[attr-defined]
        form.query_one("#criterion").focus()
        await pilot.press("right")
        await pilot.press("ctrl+s")
        await settled(pilot)
        (release,) = desk.journal.active().releases
        assert release.is_emergency
        assert release.rationale == "Card payments fail since 17:40"
        assert any(phase.owed for phase in release.phases)


async def test_packs_and_options_of_the_form_reach_the_release(app: ReluiApp, desk: Desk) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("c")
        await pilot.pause()
        form = app.screen
        form.query_one("#service").value = "payments"  # type: ignore[attr-defined]
        form.query_one("#version").value = "2.5.0"  # type: ignore[attr-defined]
        packs = form.query_one("#packs")
        packs.focus()
        await pilot.press("right", "space")  # ab-test, [aws]
        form.query_one("#without").focus()
        await pilot.press("right", "space")
        await pilot.press("ctrl+s")
        await settled(pilot)
        (release,) = desk.journal.active().releases
        assert release.packs == ("aws",)
        assert len(release.without) == 1


async def test_a_copy_takes_the_checklist_and_resets_every_state(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    desk.items.tick(release_id, ["pre-release.branches"])
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("C")
        await pilot.pause()
        await pilot.press(*"2.5.0", "enter")
        await settled(pilot)
        copy = next(r for r in desk.journal.active().releases if r.id != release_id)
        assert copy.copied_from == release_id
        assert copy.phases == desk.journal.open(release_id).release.phases
        assert not copy.marks


async def test_the_filter_narrows_while_typing_and_escape_clears_it(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    desk.releases.new(Request(service="ledger", version="1.0.1", type="patch"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("slash", *"ledg")
        await settled(pilot)
        assert "ledger 1.0.1" in seen(app)
        assert "payments 2.4.0" not in seen(app)
        await pilot.press("enter", "escape")
        await settled(pilot)
        assert "payments 2.4.0" in seen(app)


async def test_a_finished_release_is_found_in_the_archive(app: ReluiApp, desk: Desk, release_id: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("F")
        await settled(pilot)
        await pilot.press("enter")  # successful
        await settled(pilot)
        assert "The retrospective is not written" in seen(app)
        await pilot.press("j", "enter")  # close without it
        await settled(pilot)
        await type_line(pilot, "handed over to the platform team")
        await pilot.press("y")
        await settled(pilot)
        assert desk.journal.active().releases == ()
        assert desk.journal.open(release_id).archived
        closing = desk.journal.open(release_id).release.closing
        assert closing is not None
        assert closing.reason == "handed over to the platform team"
        await pilot.press("6")
        await settled(pilot)
        assert release_id[4:] in seen(app)
        assert "successful" in seen(app)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("space")
        await pilot.pause()
        assert "archived" in seen(app)
        assert desk.journal.open(release_id).release.mark("pre-release.branches").state == "open"


async def test_the_archive_is_searched_as_typed(app: ReluiApp, desk: Desk, release_id: str) -> None:
    desk.learning.write_retrospective(release_id, {"hard": "The flaky gateway"})
    desk.releases.close(release_id, outcome="partial", reason="gateway errors")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("6")
        await settled(pilot)
        await pilot.press("slash", *"flaky")
        await settled(pilot)
        assert release_id[4:] in seen(app)
        await pilot.press(*"zzz")
        await settled(pilot)
        assert "No archived release fits" in seen(app)


async def test_cancel_is_the_default_of_finishing(app: ReluiApp, desk: Desk, release_id: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("F")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("j", "enter")
        await settled(pilot)
        await type_line(pilot, "done enough")
        await pilot.press("enter")  # Cancel has the keyboard
        await settled(pilot)
        assert not desk.journal.open(release_id).archived


async def test_editing_writes_only_what_was_changed(app: ReluiApp, desk: Desk, release_id: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("e")
        await settled(pilot)
        form = app.screen
        names = [entry.name for entry in form._entries]  # type: ignore[attr-defined]
        form.query_one(f"#value-{names.index('duration')}").value = "3h"  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await settled(pilot)
        opened = desk.journal.open(release_id)
        assert opened.release.duration == 180
        assert {patch.path for patch in opened.entries[-1].patches} == {("duration",)}


async def test_another_terminals_tick_shows_on_the_next_beat(
    app: ReluiApp, release_id: str, make_desk: Callable[..., Desk]
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        make_desk("grace").items.tick(release_id, ["pre-release.branches"])
        app.beat()
        await pilot.pause()
        assert "1/53" in seen(app)


async def test_a_damaged_release_is_told_and_the_others_show(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    other = desk.releases.new(Request(service="ledger", version="1.0.1", type="patch")).release.id
    path = desk.data / "releases" / f"{other}.json"
    path.write_bytes(path.read_bytes()[:400])
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert release_id[9:] in seen(app)
        assert "1 release file cannot be read" in seen(app)
        await pilot.press("P")
        await settled(pilot)
        assert "is damaged" in seen(app)


async def test_q_leaves_and_escape_never_does(app: ReluiApp, release_id: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_checklist(pilot)
        assert screen.release_id == release_id
        await pilot.press("escape", "escape", "escape")
        await pilot.pause()
        assert home(app)
        assert app.is_running
        await pilot.press("q")
        await pilot.pause()
    assert app.return_code == 0


async def test_below_the_smallest_size_a_notice_stands(app: ReluiApp, release_id: str) -> None:
    async with app.run_test(size=(50, 15)) as pilot:
        await pilot.pause()
        assert "relui needs 60x20, this is 50x15" in seen(app)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert release_id[9:] in seen(app)


async def test_the_retrospective_of_an_archived_release_is_read_on_the_key_that_writes_it(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    """[S0.9]"""
    desk.learning.write_retrospective(release_id, {"well": "quick"})
    desk.releases.close(release_id, outcome="cancelled", reason="not needed")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("6")
        await settled(pilot)
        await pilot.press("R")
        await settled(pilot)
        assert "What went well" in seen(app) and "quick" in seen(app)


async def test_an_archived_release_without_a_retrospective_says_so(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    desk.releases.close(release_id, outcome="cancelled", reason="not needed")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("6")
        await settled(pilot)
        await pilot.press("R")
        await settled(pilot)
        assert "was closed without it" in seen(app)


async def test_the_archive_says_how_many_items_failed(app: ReluiApp, desk: Desk, release_id: str) -> None:
    """[S1.29]"""
    desk.items.fail(release_id, ["staging-test.smoke"], "blank page")
    desk.releases.close(release_id, outcome="partial", reason="one region")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        await settled(pilot)
        row = next(line for line in seen(app).splitlines() if release_id[4:] in line)
        assert "failed" in row


async def test_the_archive_offers_its_keys_as_soon_as_it_shows(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    desk.releases.close(release_id, outcome="cancelled", reason="not needed")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("6")
        await settled(pilot)
        keys = home(app).query_one("#keys", Bar).text
        assert "Open" in keys and "Copy as new" in keys and "Copy text" in keys


async def test_finishing_offers_to_write_the_retrospective_first(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    """[S1.29]"""
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("F")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("enter")  # write it
        await settled(pilot)
        assert "What went well" in seen(app)
        assert not desk.journal.open(release_id).archived


async def test_finishing_names_what_failed_and_takes_a_reason_for_each(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    """[S1.29]"""
    desk.learning.write_retrospective(release_id, {"well": "a", "hard": "b", "next": "c"})
    items = [node.path for node in Outline(desk.journal.open(release_id).release).leaves()]
    desk.items.skip(
        release_id, [path for path in items if path not in (SMOKE, "deploy.command")], "small change"
    )
    desk.items.fail(release_id, [SMOKE], "slow")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("F")
        await settled(pilot)
        assert "1 required item failed" in seen(app)
        await pilot.press("enter")
        await settled(pilot)
        assert "failed: No performance" in seen(app) and "Deploy command executed" in seen(app)
        await pilot.press("tab", *"done-by-hand", "enter")
        await settled(pilot)
        assert "A word is needed" in seen(app)
        await pilot.press("tab", "tab", *"slow-but-right", "enter")
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        closing = desk.journal.open(release_id).release.closing
        assert closing is not None
        assert closing.left_open == {SMOKE: "slow-but-right", "deploy.command": "done-by-hand"}


async def test_the_header_says_who_acts_and_a_word_tells_that_they_are_not_listed(
    app: ReluiApp, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "organisation.yaml"
    path.write_text("people:\n  - {id: zoe, name: Zoe}\n", encoding="utf-8")
    desk.organisation.import_file(path)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert f"as {desk.actor.name}" in seen(app)
        assert "whom the organisation does not list" in home(app).said


async def test_the_filter_says_what_it_looks_for_and_what_ends_it(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("slash")
        await pilot.pause()
        assert "Filter: what has every word. Enter keeps it, Esc clears it." in seen(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "Filter:" not in seen(app)
        await pilot.press("ctrl+p")
        await settled(pilot)
        assert "\N{RIGHT-POINTING MAGNIFYING GLASS}" not in seen(app)


async def test_problems_are_those_of_the_files_as_they_are_now(
    app: ReluiApp, desk: Desk, locations: Locations
) -> None:
    """As `doctor` tells them: wrong settings too, and no template that was mended meanwhile."""
    locations.settings.parent.mkdir(parents=True, exist_ok=True)
    locations.settings.write_text("them: relui-dark\n", encoding="utf-8")
    own = locations.own_templates
    assert own is not None
    own.mkdir(parents=True)
    (own / "team.yaml").write_text("template: team\nname: Team\nkind: base\n", encoding="utf-8")
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("P")
        await settled(pilot)
        shown = " ".join(seen(app).replace("│", " ").split())
        assert "settings.yaml:1" in shown and "Did you mean 'theme'" in shown and "team.yaml" in shown
        await pilot.press("escape")
        (own / "team.yaml").unlink()
        locations.settings.write_text("theme: relui-dark\n", encoding="utf-8")
        await pilot.press("P")
        await settled(pilot)
        assert home(app).said == "No file has a problem."
