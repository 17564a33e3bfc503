"""Whatever a terminal sends, the app goes on: odd bytes, replies without sense, hostile text, huge sizes."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from relui.domain.text import clean
from relui.ui.app import ReluiApp
from relui.ui.kit.palette import Palette
from relui.ui.terminal.driver import HIGHEST, WIDEST, TerminalDriver, TerminalReader
from relui.ui.terminal.painting import Shown

ODD = [
    b"\xff", b"\xc3", b"\xe9\x11", b"\x1b[1114112u", b"\x1b[999999999999999999u", b"\x1b[55296u",
    b"\x1b[97;99999u", b"\x1b[97;1;55296u", b"\x1b[97;1;1114112u", b"\x1b[0u", b"\x1b[;u",
    b"\x1b[1;99999999999999999999R", b"\x1b[<99999999999;1;1M", b"\x1b[<0;99999999999999999999;1M",
    b"\x1b[48;24;80;0;0t\x1b[<0;5;5M", b"\x1b[48;0;0;0;0t\x1b[<0;5;5M", b"\x1b[M   ",
    b"\x1b[200~\xed\xa0\x80\x1b[201~",
    b"\x1b[?2048;9$y", b"\x1b[" + b"9" * 5000, "\x1b[٣;٣R".encode(),
]  # fmt: skip


def keys(messages: list[Message]) -> list[str]:
    return [message.key for message in messages if isinstance(message, events.Key)]


@pytest.mark.parametrize("odd", ODD)
def test_what_makes_no_sense_is_passed_over_and_the_next_key_is_read(odd: bytes) -> None:
    reader = TerminalReader()
    reader.read(odd)
    reader.read(b"\x1b[201~")
    assert "j" in keys(reader.read(b"j") + reader.read(b"j"))


@pytest.mark.parametrize("reply", [b"\x1b[1114112u", b"\x1b[99999999999999999999u"])
def test_a_reply_without_sense_is_not_taken_for_its_digits(reply: bytes) -> None:
    """Its letters are keys of relui: `u` would undo."""
    assert keys(TerminalReader().read(reply)) == []


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    reader = TerminalReader()
    for at in range(0, len(data), 7):
        reader.read(data[at : at + 7])
        reader.tick()


def test_random_sequences_never_raise_and_never_carry_what_is_not_clean() -> None:
    chance = random.Random(20261121)
    alphabet = "0123456789;:<?~uRMmtHABCDPQRS$yIO \u202e\u2066\x9b\U000e0041\ue000é表🚀"
    for _ in range(3_000):
        reader = TerminalReader()
        text = "".join(chance.choice(alphabet) for _ in range(chance.randrange(30)))
        opening = chance.choice(["", "\x1b[", "\x1b[<", "\x1b[48;", "\x1b[200~", "\x1bO", "\x1b]"])
        for message in [*reader.read(f"{opening}{text}".encode()), *reader.read(b"\x1b[201~")]:
            if isinstance(message, events.Paste):
                assert clean(message.text, multiline=True) == message.text
            if isinstance(message, events.Key) and message.character and not message.character.isascii():
                assert clean(message.character) == message.character
            if isinstance(message, events.Resize):
                assert 0 < message.size.width <= WIDEST
                assert 0 < message.size.height <= HIGHEST


def test_bytes_that_are_no_utf8_are_replaced() -> None:
    assert [m.character for m in TerminalReader().read(b"caf\xe9!") if isinstance(m, events.Key)] == list(
        "caf\ufffd!"
    )


def test_a_paste_is_clean_when_it_arrives() -> None:
    pasted = "svc\u202eREV\x9b31mX\u2066\U000e0041\nsecond".encode()
    (paste,) = (
        m
        for m in TerminalReader().read(b"\x1b[200~" + pasted + b"\x1b[201~\x1b[A")
        if isinstance(m, events.Paste)
    )
    assert paste.text == "svcREVX\nsecond"


def test_a_reported_size_that_no_screen_has_is_clamped() -> None:
    (resize,) = TerminalReader().read(b"\x1b[48;99999;99999;0;0t")
    assert isinstance(resize, events.Resize)
    assert resize.size == (WIDEST, HIGHEST)


def test_the_app_reads_its_terminal_with_the_driver_that_does_not_fail(app: ReluiApp) -> None:
    assert app.driver_class is TerminalDriver


CONSOLE = Console(force_terminal=True, color_system="truecolor")
HOSTILE = "a\u202eb\x9bc\u2066d\U000e0041e\x1b]0;x\x07\u3164f\n"


@pytest.mark.parametrize("kind", ["whole", "partial"])
def test_nothing_that_a_terminal_obeys_is_drawn_and_every_cell_keeps_its_place(kind: str) -> None:
    strip = Strip([Segment(HOSTILE), Segment("|")])
    shown, width = Shown(), strip.cell_length
    if kind == "whole":
        update = shown.sparing(LayoutUpdate([[strip]], Region(0, 0, width, 1)))
    else:
        update = shown.sparing(ChopsUpdate([{0: strip}], [(0, 0, width)], [[width]]))
    sent = update.render_segments(CONSOLE)
    for character in "\u202e\x9b\u2066\U000e0041\u3164\x07\n":
        assert character not in sent
    assert "\x1b]" not in sent
    assert "|" in sent


async def test_there_is_no_palette_where_there_is_no_room(app: ReluiApp) -> None:
    async with app.run_test(size=(90, 1)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert not isinstance(app.screen, Palette)


async def test_the_palette_gives_way_in_a_terminal_that_became_too_small(app: ReluiApp) -> None:
    async with app.run_test(size=(90, 30)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert isinstance(app.screen, Palette)
        await pilot.resize_terminal(90, 1)
        await pilot.pause()
        assert not isinstance(app.screen, Palette)
        await pilot.press("pageup")


@pytest.mark.parametrize("typed", ["[/]", "[bold", "[red]x[/red]", "a[/b]c", "\u202e[@click=x]"])
async def test_what_is_typed_into_a_filter_is_never_markup(
    app: ReluiApp, release_id: str, typed: str
) -> None:
    """The filter stands in the title of the list."""
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("slash")
        await pilot.pause()
        app.screen.focused.post_message(events.Paste(typed))  # type: ignore[union-attr]
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        titles = [
            Content.from_markup(widget.border_subtitle or "").plain
            for widget in app.screen.query("Checklist")
        ]
        assert any(clean(typed) in title for title in titles)


async def test_keys_that_come_before_a_dialog_is_drawn_wait_for_it(app: ReluiApp, release_id: str) -> None:
    """As from somebody who types ahead over a slow line: all keys are there at once."""
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        for keys_at_once in (
            ["enter", "y", "enter", "escape"],
            ["c", "escape"],
            ["question_mark", "escape"],
        ) * 5:
            for key in keys_at_once:
                app.post_message(events.Key(key, None if len(key) > 1 else key))
            await pilot.pause()
        assert app.fault is None


async def test_an_answer_that_comes_twice_is_given_once(app: ReluiApp, release_id: str) -> None:
    from relui.ui.kit.reading import Notice

    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        below = app.screen
        notice = Notice("Title", "Words")
        app.push_screen(notice)
        await pilot.pause()
        notice.dismiss(None)
        notice.dismiss(None)
        await pilot.pause()
        assert app.screen is below


async def test_a_choice_in_the_palette_for_a_screen_that_was_left_does_nothing(
    app: ReluiApp, release_id: str
) -> None:
    from relui.ui.checklist.screen import ChecklistScreen
    from relui.ui.kit.palette import CommandProvider

    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        left = app.screen
        assert isinstance(left, ChecklistScreen)
        provider = CommandProvider(left)
        app.pop_screen()
        await pilot.pause()
        for command in left.all_commands():
            provider._run(command)
        await pilot.pause()
        assert app.fault is None
        assert app.screen is not left


async def test_a_screen_that_is_left_before_it_is_drawn_is_no_fault(app: ReluiApp, release_id: str) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        for _ in range(5):
            app.open_screen("checklist", release_id)
            app.pop_screen()
        app.open_screen("checklist", release_id)
        app.exit()
        for key in ("c", "enter", "space", "escape"):
            app.post_message(events.Key(key, None))
        await pilot.pause()
    assert app.fault is None


async def test_what_is_typed_after_tab_goes_into_the_next_field(app: ReluiApp, release_id: str) -> None:
    """As over a slow line: the text, the Tab and the text behind it are there at once."""
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("c")
        await pilot.pause()
        for key in (*"shop", "tab", *"72"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        typed = [app.screen.query_one(f"#{name}", Input).value for name in ("service", "version")]
        assert typed == ["shop", "72"]
