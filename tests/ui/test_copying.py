"""Messages and documents copied from the app, and messages recorded as sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from relui.desk.desk import Desk
from relui.locations import Locations
from relui.ui.app import ReluiApp
from relui.ui.one_release.copying import OFFERED
from tests.ui.seen import open_checklist, seen, settled, type_line

SIZE = (120, 40)


@pytest.fixture(autouse=True)
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was put on the clipboard."""
    texts: list[str] = []

    def keep(app: object, text: str) -> str:
        texts.append(text)
        return "copied"

    monkeypatch.setattr("relui.ui.one_release.copying.copy", keep)
    return texts


async def choose(pilot: object, *keys: str) -> None:
    for key in keys:
        await pilot.press(key)  # type: ignore[attr-defined]
        await settled(pilot)  # type: ignore[arg-type]


async def to_offer(pilot: object, name: str) -> None:
    """The cursor on one of the last offers of the menu."""
    up = len(OFFERED) - 1 - [offer for offer, _ in OFFERED].index(name)
    await choose(pilot, "y", "G", *["k"] * up, "enter")


async def test_a_message_is_copied_shown_and_recorded_as_sent_when_somebody_says_to_whom(
    app: ReluiApp, desk: Desk, release_id: str, copied: list[str]
) -> None:
    """[S1.23]"""
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await to_offer(pilot, "message ...")
        assert "Release failed or rolled back" in seen(app)
        await choose(pilot, "enter")
        assert copied and copied[0].startswith("Planned release: payments 2.4.0, Saturday 21 November 2026")
        assert "Affected services: payments" in seen(app)
        await choose(pilot, "escape")
        assert "affected users, support team" in seen(app)
        await type_line(pilot, "everybody@shop")
        await settled(pilot)
        (sent,) = desk.journal.open(release_id).release.dossier.sent
        assert (sent.message, sent.to, sent.text) == (
            "planned-release",
            "everybody@shop",
            copied[0].strip("\n"),
        )
        assert "sent 'Planned release' to everybody@shop" in seen(app)


@pytest.mark.parametrize("answer", ["enter", "escape"])
async def test_nothing_is_recorded_when_nobody_says_to_whom(
    app: ReluiApp, desk: Desk, release_id: str, copied: list[str], answer: str
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await to_offer(pilot, "message ...")
        await choose(pilot, "j", "enter", "escape", answer)
        assert copied[0].startswith("Starting now: payments 2.4.0")
        assert desk.journal.open(release_id).release.dossier.sent == ()


async def test_the_message_that_an_item_asks_for_stands_first(
    app: ReluiApp, desk: Desk, release_id: str, copied: list[str]
) -> None:
    """[S1.23] One key and Enter."""
    async with app.run_test(size=SIZE) as pilot:
        screen = await open_checklist(pilot)
        found = next(node for node in screen.outline or () if node.item and node.item.message)
        assert screen.checklist.select(found.path)
        await settled(pilot)
        await choose(pilot, "y", "enter")
        assert found.item is not None
        assert len(copied) == 1 and copied[0] == desk.documents.message(release_id, found.item.message).whole


async def test_a_document_is_copied_and_shown(app: ReluiApp, release_id: str, copied: list[str]) -> None:
    """[S1.11]"""
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await to_offer(pilot, "document ...")
        await choose(pilot, "j", "enter")
        assert copied[0].startswith("# payments 2.4.0\n") and "Planned duration" in seen(app)


async def test_a_broken_template_is_told_by_file_and_line(
    locations: Locations, make_desk: object, release_id: str, copied: list[str]
) -> None:
    """[S1.23]"""
    from relui.loading.message_templates import MessageLibrary
    from relui.settings import Settings

    own: Path = locations.own_messages
    own.mkdir(parents=True)
    (own / "planned-release.txt.j2").write_text("Subject: x\n{{ servce }}\n")
    library = MessageLibrary(locations.messages, own)
    app = ReluiApp(make_desk(messages=lambda: library), locations, Settings())  # type: ignore[operator]
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await to_offer(pilot, "message ...")
        await choose(pilot, "enter")
        assert not copied
        shown = " ".join(seen(app).split())
        assert "planned-release.txt.j2:2" in shown.replace(" ", "")
        assert "Did you mean 'service'?" in shown
