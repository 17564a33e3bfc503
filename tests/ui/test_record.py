"""The record's tabs and lists: shown, added to, edited, removed, filtered, sorted, and led to."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Button

from relui.desk.desk import Desk
from relui.domain.dossier.builds import former
from relui.domain.dossier.editing import parts_of
from relui.domain.dossier.fields import KINDS
from relui.errors import Refused
from relui.locations import Locations
from relui.settings import Settings
from relui.ui.app import ReluiApp
from relui.ui.checklist.screen import ChecklistScreen
from relui.ui.kit.reading import Notice
from relui.ui.record.tabs import NAMES, TABS
from relui.ui.releases.screen import HomeScreen
from tests.domain.dossier.governed import defect
from tests.ui.records import (
    LONG,
    WHOLE,
    at,
    filled,
    form,
    go,
    governed_release,
    open_record,
    organise,
    put,
    record,
    said_on,
    save,
)
from tests.ui.seen import seen, settled, type_line


@pytest.fixture
def governed_id(desk: Desk, tmp_path: Path) -> str:
    """A governed release with nothing recorded yet."""
    organise(desk, tmp_path)
    return governed_release(desk)


@pytest.fixture
def full_id(desk: Desk, governed_id: str) -> str:
    """A governed release whose dossier is complete."""
    filled(desk, governed_id)
    return governed_id


async def test_left_right_tab_and_five_with_a_letter_go_through_the_tabs(app: ReluiApp, full_id: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_record(pilot)
        assert screen.tab == "definition"
        for key, name in (("right", "changes"), ("tab", "package"), ("l", "testing"), ("left", "package")):
            await pilot.press(key)
            assert screen.tab == name
        await pilot.press("left", "left", "shift+tab")
        assert screen.tab == "log"
        for tab in TABS:
            await go(pilot, tab.letter)
            assert screen.tab == tab.name
            assert f"[{'testing and defects' if tab.name == 'testing' else tab.name}" in seen(app)


async def test_five_opens_the_record_and_two_goes_back_to_the_checklist(app: ReluiApp, full_id: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await open_record(pilot)
        await pilot.press("2")
        await settled(pilot)
        assert isinstance(app.screen, ChecklistScreen)
        depth = len(app.screen_stack)
        await pilot.press("5")
        await settled(pilot)
        await pilot.press("q", "q")
        await settled(pilot)
        assert depth == 3
        assert isinstance(app.screen, HomeScreen)


_ADDED = {
    "change": ("c", {"id": "CHG-7", "summary": "Refunds"}, {"summary": "Refunds in part"}),
    "component": ("p", {"id": "pay.tar", "kind": "binary"}, {"presence": "present"}),
    "config-item": ("p", {"id": "payments", "old": "1"}, {"new": "2"}),
    "test": ("t", {"id": "smoke-9", "category": "smoke", "cases": "passed a"}, {"evidence": "https://ci/1"}),
    "defect": ("t", {"id": "BUG-9", "summary": "Slow", "severity": "low"}, {"state": "accepted"}),
    "environment": ("d", {"id": "staging", "planned": "2026-11-20T10:00"}, {"baseline": "as it should be"}),
    "contact": ("d", {"id": "support", "person": "lin"}, {"reach": "4100"}),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_every_list_is_added_to_edited_and_removed_by_keyboard(
    app: ReluiApp, desk: Desk, governed_id: str, kind: str
) -> None:
    letter, given, more = _ADDED[kind]

    def stored() -> dict[str, str]:
        parts = parts_of(desk.journal.open(governed_id).release, kind)
        return KINDS[kind].texts(parts[0], "Europe/Berlin") if parts else {}

    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot, letter)
        await at(pilot, "heading", kind, "c")
        await save(pilot, **given)
        for name, text in given.items():
            assert text in stored()[name]
        row = screen.row
        assert row is not None and row.key == (kind, given["id"])
        assert given["id"] in seen(app)
        await pilot.press("e")
        await settled(pilot)
        await save(pilot, **more)
        for name, text in more.items():
            assert stored()[name] == text
        await pilot.press("delete")
        await settled(pilot)
        if KINDS[kind].kept:
            await type_line(pilot, "entered by mistake")
        assert isinstance(app.focused, Button)
        assert str(app.focused.label) == "Cancel"
        await pilot.press("y")
        await settled(pilot)
        assert not stored()
        assert screen.rows.select([(kind, given["id"])]) is False
        assert f"removed {kind}" in " ".join(entry.text for entry in desk.journal.open(governed_id).entries)


async def test_a_form_says_what_is_wrong_while_it_is_typed_and_saves_nothing(
    app: ReluiApp, desk: Desk, governed_id: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_record(pilot, "c")
        await pilot.press("c")
        await settled(pilot)
        await put(pilot, id="CHG-7", summary="Refunds", target="21.11.2026")
        assert "not a date. Write it as 2026-11-21" in said_on(app)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert form(app).values()["summary"] == "Refunds"
        assert desk.journal.open(governed_id).release.dossier.changes == ()
        await save(pilot, target="2026-11-21")
        assert desk.journal.open(governed_id).release.dossier.changes[0].target == date(2026, 11, 21)


async def test_a_form_tells_which_sign_offs_go_stale_before_it_is_saved(
    app: ReluiApp, desk: Desk, full_id: str, make_desk: Callable[..., Desk]
) -> None:
    """S1.8: an approval counts for what was approved."""
    make_desk("grace").record.sign(full_id, "definition")
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_record(pilot, "c")
        await pilot.press("c")
        await settled(pilot)
        await put(pilot, id="CHG-7", summary="Refunds")
        assert "To be signed again: the release definition." in said_on(app)
        await save(pilot)
        assert "To be signed again: the release definition." in screen.said
        await go(pilot, "s")
        assert "[~] Stale" in seen(app)
        assert "changes: added CHG-7" in seen(app)


async def test_what_is_typed_into_a_form_survives_the_end_of_the_app(
    app: ReluiApp, desk: Desk, locations: Locations, governed_id: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_record(pilot, "c")
        await pilot.press("c")
        await settled(pilot)
        await put(pilot, id="CHG-7", summary="Refunds")
        app.keep_drafts()
    again = ReluiApp(desk, locations, Settings())
    async with again.run_test(size=(120, 40)) as pilot:
        await open_record(pilot, "c")
        await pilot.press("c")
        await settled(pilot)
        assert "not saved before. ^N starts clean." in said_on(again)
        assert form(again).values()["summary"] == "Refunds"
        await pilot.press("escape", "c")
        await settled(pilot)
        assert form(again).values()["summary"] == "Refunds"
        await pilot.press("ctrl+n")
        assert form(again).values()["summary"] == ""
        await pilot.press("escape", "c")
        await settled(pilot)
        assert form(again).values()["summary"] == ""


async def test_a_form_stands_as_it_is_when_the_desk_refuses_what_was_saved(
    app: ReluiApp, desk: Desk, governed_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise Refused("The disk is full.")

    async with app.run_test(size=(120, 40)) as pilot:
        await open_record(pilot, "c")
        await pilot.press("c")
        await settled(pilot)
        await put(pilot, id="CHG-7", summary="Refunds")
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(desk.record, "add_part", refused)
            await pilot.press("ctrl+s")
            await settled(pilot)
        assert "The disk is full." in said_on(app)
        assert form(app).values()["summary"] == "Refunds"
        assert not desk.journal.open(governed_id).release.dossier.changes
        await save(pilot)
        assert [change.id for change in record(app).release.dossier.changes] == ["CHG-7"]
        await pilot.press("c")
        await settled(pilot)
        assert form(app).values()["summary"] == ""


async def test_choices_are_turned_by_arrows_and_found_by_their_letter(
    app: ReluiApp, governed_id: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_record(pilot, "t")
        await at(pilot, "heading", "defect", "c")
        await pilot.press(*"BUG-1", "tab", *"Slow", "tab", "m")
        assert form(app).values()["severity"] == "medium"
        await pilot.press("right")
        assert form(app).values()["severity"] == "low"
        await pilot.press("enter")
        await settled(pilot)
        assert record(app).release.dossier.defects[0].severity == "low"


async def test_a_field_of_the_definition_is_edited_where_it_stands(
    app: ReluiApp, desk: Desk, governed_id: str
) -> None:
    async with app.run_test(size=LONG) as pilot:
        await open_record(pilot)
        assert "[ ] Risk summary" in seen(app)
        await at(pilot, "field", "risk", "enter")
        await save(pilot, risk="Low.\nOne table is rewritten.")
        assert desk.journal.open(governed_id).release.risk == "Low.\nOne table is rewritten."
        assert "[x] Risk summary" in seen(app)
        assert "Edited risk" in record(app).said


async def test_a_long_text_is_written_in_the_persons_own_editor(
    app: ReluiApp, desk: Desk, governed_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relui.ui.record.editing.edit_in_editor", lambda _app, text, _title: f"{text}by hand")
    async with app.run_test(size=LONG) as pilot:
        await open_record(pilot)
        await at(pilot, "field", "rollback", "E")
        assert desk.journal.open(governed_id).release.rollback == "by hand"
        await at(pilot, "field", "owner", "E")
        assert "no long text" in record(app).said


async def test_the_filter_takes_words_and_states_and_esc_clears_it(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    desk.record.add_part(full_id, "change", {"id": "CHG-X", "summary": "Not yet ready"})
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_record(pilot, "c")
        await pilot.press("slash", *"change 0003", "enter")
        await settled(pilot)
        assert [row.id for row in screen.rows.rows if not row.is_heading] == ["CHG-2026-0003"]
        await pilot.press("escape")
        assert screen.rows.count() == 6
        await pilot.press("slash", *"unmet", "enter")
        await settled(pilot)
        assert [row.id for row in screen.rows.rows if not row.is_heading] == ["CHG-X"]
        await pilot.press("escape", "full_stop")
        assert [row.id for row in screen.rows.rows if not row.is_heading] == ["CHG-X"]


async def test_s_sorts_each_list_in_turn_and_the_cursor_stays_on_its_line(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    desk.record.add_part(full_id, "change", {"id": "A-1", "summary": "Not yet ready"})
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_record(pilot, "c")
        await at(pilot, "change", "CHG-2026-0002")

        def ids() -> list[str]:
            return [row.id for row in screen.rows.rows if not row.is_heading]

        as_recorded = ids()
        await pilot.press("s")
        assert ids() == ["A-1", *as_recorded[:-1]]
        row = screen.row
        assert row is not None and row.id == "CHG-2026-0002"
        await pilot.press("s")
        assert ids()[0] == "A-1"  # the worst first
        await pilot.press("s", "s")
        assert ids() == as_recorded


async def test_n_goes_to_the_next_unmet_line_and_brackets_to_the_next_section(
    app: ReluiApp, governed_id: str
) -> None:
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot)
        await pilot.press("n")
        row = screen.row
        assert row is not None and row.state == "unmet"
        await pilot.press("right_square_bracket")
        row = screen.row
        assert row is not None and row.section == "slot"
        await pilot.press("left_square_bracket")
        row = screen.row
        assert row is not None and row.section == "field"


async def test_the_panel_is_scrolled_by_keyboard_where_it_is_small(app: ReluiApp, governed_id: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_record(pilot, "g")
        assert screen.panel.max_scroll_y > 0
        await pilot.press("J")
        assert screen.panel.scroll_y > 0
        await pilot.press("K")
        assert screen.panel.scroll_y == 0


# Lines that are neither met nor unmet: what is written or done there answers the criterion.
NEITHER = {
    ("act", "complete"),
    ("act", "retrospective"),
    ("field", "started"),
    ("message", "release-successful"),
}


async def test_every_unmet_criterion_leads_with_one_key_to_the_line_where_it_is_met(
    app: ReluiApp, desk: Desk, governed_id: str
) -> None:
    """S1.2: a gate line says what is missing, and Enter goes there; Esc comes back."""
    filled(desk, governed_id, defects=(defect(), defect(id="BUG-2", severity="high")), components=(), runs=())
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot, "g")
        unmet = [row for row in screen.rows.rows if row.kind == "criterion" and row.state != "met"]
        assert len(unmet) > 20
        for row in unmet:
            await at(pilot, *row.key, "enter")
            there = screen.row
            assert there is not None
            assert (screen.tab, there.key) != ("gates", row.key), row.id
            if there.key not in NEITHER:
                assert there.state in ("unmet", "bad"), (row.id, there)
            if there.key[0] == "heading":
                assert there.id in KINDS, (row.id, there)
            await pilot.press("escape")
            back = screen.row
            assert back is not None
            assert (screen.tab, back.key) == ("gates", row.key)


async def test_criteria_lead_to_the_very_part_that_is_in_the_way(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    desk.record.add_part(full_id, "defect", {"id": "BUG-2", "summary": "Loses money", "severity": "critical"})
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot, "g")
        await at(pilot, "criterion", "test/no-blocking-defects", "enter")
        row = screen.row
        assert row is not None
        assert (screen.tab, row.key) == ("testing", ("defect", "BUG-2"))
        assert "[!] BUG-2" in seen(app)


async def test_a_release_without_criteria_shows_its_record_quietly(
    app: ReluiApp, desk: Desk, release_id: str
) -> None:
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot)
        for name in NAMES:
            screen.show_tab(name)
            await pilot.pause()
            states = {row.state for row in screen.rows.rows}
            assert states == {"plain"}, (name, [row for row in screen.rows.rows if row.state != "plain"])
        screen.show_tab("gates")
        assert "its checklist alone counts" in screen.rows.text
        await go(pilot, "c")
        await pilot.press("c")
        await settled(pilot)
        await save(pilot, id="CHG-1", summary="Something")
        assert desk.journal.open(release_id).release.dossier.changes[0].id == "CHG-1"
        assert "proposed" in seen(app)


async def test_an_archived_release_is_shown_and_changes_nothing(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    desk.deployment.carry_out(full_id, "cancel", reason="no longer wanted")
    before = len(desk.journal.open(full_id).entries)
    async with app.run_test(size=LONG) as pilot:
        await settled(pilot)
        await pilot.press("6")
        await settled(pilot)
        screen = await open_record(pilot, "c")
        for key in ("c", "e", "delete", "space", "o", "S", "a", "O", "D", "i", "enter"):
            await at(pilot, "change", "CHG-2026-0001", key)
            assert record(app) is screen
            assert "archived: read-only" in screen.said, key
        await go(pilot, "g")
        await at(pilot, "criterion", "plan/changes-approved", "enter")
        assert screen.tab == "changes"
    assert len(desk.journal.open(full_id).entries) == before


async def test_a_read_only_app_says_why_nothing_changes(
    make_desk: Callable[..., Desk], locations: Locations, full_id: str
) -> None:
    app = ReluiApp(make_desk(read_only=True), locations, Settings())
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot, "c")
        await pilot.press("c")
        await settled(pilot)
        assert "--readonly" in screen.said
        assert "CHG-2026-0001" in seen(app)


async def test_what_another_terminal_writes_shows_with_who_did_it(
    app: ReluiApp, full_id: str, make_desk: Callable[..., Desk]
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await open_record(pilot, "c")
        make_desk("grace").record.add_part(full_id, "change", {"id": "CHG-7", "summary": "Refunds"})
        app.beat()
        await settled(pilot)
        assert "CHG-7" in seen(app)
        assert "grace added change CHG-7" in screen.said


async def test_undo_takes_back_the_last_act_and_redo_does_it_again(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_record(pilot, "c")
        desk.record.add_part(full_id, "change", {"id": "CHG-7", "summary": "Refunds"})
        await pilot.press("u")
        await settled(pilot)
        assert "CHG-7" not in record(app).rows.text
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert "CHG-7" in record(app).rows.text
        await go(pilot, "l")
        assert "added change CHG-7" in record(app).rows.text


async def test_undo_asks_before_it_reaches_past_what_cannot_be_undone(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_record(pilot, "c")
        desk.record.add_part(full_id, "change", {"id": "CHG-7", "summary": "Refunds"})
        desk.documents.record_sent(full_id, "planned-release", to="everybody")
        app.beat()
        await pilot.press("u")
        await settled(pilot)
        assert "Your last act stands: sent 'Planned release' to everybody" in seen(app)
        assert "added change CHG-7" in seen(app)
        await pilot.press("enter")
        await settled(pilot)
        assert "CHG-7" in record(app).rows.text
        await pilot.press("u")
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert "CHG-7" not in record(app).rows.text
        assert desk.journal.open(full_id).release.dossier.sent[-1].message == "planned-release"


async def test_changes_come_from_a_csv_file_and_a_mistake_gives_the_form_back(
    app: ReluiApp, desk: Desk, governed_id: str, tmp_path: Path
) -> None:
    path = tmp_path / "changes.csv"
    path.write_text("Key,Title,Status\nCHG-1,One,Frozen\nCHG-2,Two,Thawed\n", encoding="utf-8")
    async with app.run_test(size=(120, 40)) as pilot:
        await open_record(pilot, "c")
        await pilot.press("i", "enter")
        await settled(pilot)
        await put(pilot, path=str(tmp_path / "nothing.csv"))
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "nothing.csv" in form(app).values()["path"]
        assert desk.journal.open(governed_id).release.dossier.changes == ()
        await put(pilot, path=str(path), map="id=Key, summary=Title")
        await pilot.press("ctrl+s")
        await settled(pilot)
        shown = said_on(app).splitlines()
        assert any(line.startswith("line 2: ") for line in shown)
        assert any(line.startswith("line 3: ") for line in shown)
        await save(pilot, words="status.Frozen=approved, status.Thawed=rejected")
        changes = desk.journal.open(governed_id).release.dossier.changes
        assert [(each.id, each.status) for each in changes] == [("CHG-1", "approved"), ("CHG-2", "rejected")]
        assert "CHG-2" in seen(app)


async def test_a_folder_of_reports_comes_in_and_what_was_passed_over_is_shown(
    app: ReluiApp, desk: Desk, governed_id: str, tmp_path: Path
) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "a.xml").write_text('<testsuite name="a" tests="2"><testcase name="x"/></testsuite>')
    (reports / "pom.xml").write_text("<project/>")
    async with app.run_test(size=(120, 40)) as pilot:
        await open_record(pilot, "t")
        await pilot.press("i")
        await settled(pilot)
        await save(pilot, path=str(reports))
        assert isinstance(app.screen, Notice)
        assert "Passed over pom.xml" in app.screen.text and "declares 2 tests" in app.screen.text
        (run,) = desk.journal.open(governed_id).release.dossier.runs
        assert [case.id for case in run.cases] == ["a.x"]


async def test_a_components_checksum_is_computed_from_a_file(
    app: ReluiApp, desk: Desk, full_id: str, tmp_path: Path
) -> None:
    path = tmp_path / "image.tar"
    path.write_bytes(b"abc")
    async with app.run_test(size=LONG) as pilot:
        await open_record(pilot, "p")
        await at(pilot, "component", "the-image", "i")
        await pilot.press("enter")
        await settled(pilot)
        await save(pilot, path=str(path))
    (image,) = (one for one in desk.journal.open(full_id).release.dossier.components if one.id == "the-image")
    assert image.checksum.endswith("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")


async def test_checksums_of_many_components_come_from_a_manifest(
    app: ReluiApp, desk: Desk, full_id: str, tmp_path: Path
) -> None:
    path = tmp_path / "SHA256SUMS"
    path.write_text(f"{'ab' * 32}  the-image\n{'cd' * 32}  new.sql\n")
    async with app.run_test(size=LONG) as pilot:
        await open_record(pilot, "p")
        await at(pilot, "component", "the-image", "i")
        await pilot.press("j", "enter")
        await settled(pilot)
        await save(pilot, path=str(path), add="yes", where="s3://b")
        assert isinstance(app.screen, Notice) and "Not in it:" in app.screen.text
    found = {part.id: part for part in desk.journal.open(full_id).release.dossier.components}
    assert found["the-image"].checksum == f"sha256:{'ab' * 32}"
    assert found["new.sql"].location == "s3://b/new.sql" and found["new.sql"].kind == "database-script"


async def test_text_from_outside_is_no_markup_and_no_escape(
    app: ReluiApp, desk: Desk, governed_id: str
) -> None:
    desk.record.add_part(governed_id, "change", {"id": "[red]X[/]", "summary": "\x1b[31m[bold]loud[/bold]"})
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot, "c")
        assert "[red]X[/]" in seen(app)
        assert "[bold]loud[/bold]" in seen(app)
        assert "\x1b" not in screen.rows.text


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 50)])
async def test_every_tab_fits_every_size(app: ReluiApp, full_id: str, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        screen = await open_record(pilot)
        for name in NAMES:
            screen.show_tab(name)
            await settled(pilot)
            assert all(len(one) <= size[0] for one in seen(app).splitlines())
            assert name in seen(app)
            assert "? Help" in seen(app)


async def test_one_key_writes_the_bundle_and_another_any_document(
    app: ReluiApp, desk: Desk, governed_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[S1.26] A folder and a zip where relui was started; a second bundle never replaces the first."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / f"{governed_id}-handoff"
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot)
        await pilot.press("H")
        await settled(pilot)
        assert str(folder) in " ".join(screen.said.split()) and "11 documents" in screen.said
        await pilot.press("H")
        await settled(pilot)
        await pilot.press("w", "G", "enter")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "Written" in screen.said
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(first) == 11 and zipfile.is_zipfile(f"{folder}.zip")
    again = tmp_path / f"{governed_id}-handoff-2"
    assert {path.name for path in again.iterdir()} == set(first)
    record_text = (tmp_path / f"{governed_id}-record.md").read_text(encoding="utf-8")
    assert record_text == desk.documents.document(governed_id, "record")


async def test_space_carries_the_package_over_to_the_next_build(
    app: ReluiApp, desk: Desk, full_id: str
) -> None:
    """[S1.12, S1.16] A component, the tag, and on the heading all that is left."""
    desk.record.add_part(full_id, "defect", {"id": "D-1", "summary": "x", "severity": "high"})
    desk.record.edit_part(full_id, "defect", "D-1", {"state": "fixed"})
    async with app.run_test(size=WHOLE) as pilot:
        await open_record(pilot, "p")
        assert "of build 1; Space: as before" in seen(app)
        await at(pilot, "component", "the-image", "space")
        assert "the-image" not in former(desk.journal.open(full_id).release) and "the-binary" in former(
            desk.journal.open(full_id).release
        )
        await at(pilot, "field", "package-tag", "space")
        await at(pilot, "heading", "component", "space")
        assert former(desk.journal.open(full_id).release) == ("build-logs",)
        assert "of an earlier build; Space: as before" in seen(app)


async def test_marked_lines_are_confirmed_and_edited_at_once_and_esc_unmarks(
    app: ReluiApp, desk: Desk, governed_id: str
) -> None:
    for number in (1, 2, 3):
        desk.record.add_part(governed_id, "change", {"id": f"CHG-{number}", "summary": "x", "owner": "ada"})
    before = len(desk.journal.open(governed_id).entries)

    def ready() -> list[bool]:
        return [each.ready for each in desk.journal.open(governed_id).release.dossier.changes]

    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_record(pilot, "c")
        await at(pilot, "change", "CHG-1", "asterisk", "asterisk")
        assert (
            "2 marked. Space confirms them" in screen.said
            and seen(app).count(" * [") + seen(app).count("* [") >= 2
        )
        await pilot.press("escape")
        assert screen.rows.marked_rows() == [] and record(app) is screen
        await at(pilot, "change", "CHG-1", "asterisk", "asterisk", "space")
        await settled(pilot)
        assert ready() == [True, True, False] and screen.rows.marked_rows() == []
        assert len(desk.journal.open(governed_id).entries) == before + 1
        await at(pilot, "heading", "change", "asterisk", "e")
        await save(pilot, status="approved")
        assert {each.status for each in desk.journal.open(governed_id).release.dossier.changes} == {
            "approved"
        }
        assert len(desk.journal.open(governed_id).entries) == before + 2
        await pilot.press("u")
        await settled(pilot)
        assert {each.status for each in desk.journal.open(governed_id).release.dossier.changes} == {
            "proposed"
        }


async def test_lines_of_different_kinds_are_not_acted_on_together(
    app: ReluiApp, desk: Desk, governed_id: str
) -> None:
    async with app.run_test(size=LONG) as pilot:
        screen = await open_record(pilot)
        await at(pilot, "point", "prerequisite.policy", "asterisk")
        await at(pilot, "field", "risk", "asterisk", "space")
        assert "Lines of one kind" in screen.said
        assert len(desk.journal.open(governed_id).entries) == 1
