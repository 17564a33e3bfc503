"""A keymap line works or says why not; nothing is ignored in silence."""

from __future__ import annotations

import string
import subprocess
import sys
from pathlib import Path

import pytest
from textual.keys import Keys, _character_to_key

from relui.errors import BadInput
from relui.loading.keymap import EVERYWHERE, CommandKeys, key_named, load_keymap

COMMANDS = {
    command.id: command
    for command in (
        CommandKeys("tick-item", ("space",), frozenset({"checklist"})),
        CommandKeys("skip-item", ("s",), frozenset({"checklist"})),
        CommandKeys("next-open", ("n",), frozenset({"checklist", "live"})),
        CommandKeys("book-slot", ("b",), frozenset({"calendar"})),
        CommandKeys("show-help", ("question_mark", "f1"), frozenset({EVERYWHERE})),
        CommandKeys("leave", ("q",), frozenset({EVERYWHERE})),
    )
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keymap.yaml"


def test_without_a_file_nothing_changes(path: Path) -> None:
    assert load_keymap(path, COMMANDS) == ({}, [])


def test_a_command_has_one_key_or_several_or_none(path: Path) -> None:
    path.write_text("tick-item: [x, enter, X, x]\nbook-slot: '!'\nshow-help: []\nskip-item:\n- S\n- ctrl+s\n")
    assert load_keymap(path, COMMANDS) == (
        {
            "tick-item": ("x", "enter", "X"),
            "book-slot": ("exclamation_mark",),
            "show-help": (),
            "skip-item": ("S", "ctrl+s"),
        },
        [],
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("tick-itme: x", "Did you mean 'tick-item'?"),
        ("tick-item: spcae", "Did you mean 'space'?"),
        ("tick-item: ctr+x", "Did you mean 'ctrl'?"),
        ("tick-item: j,down", "as a list: [j, down]"),
        ("tick-item:", "no key is given"),
        ("tick-item: #", "no key is given"),
        ("tick-item: {a: b}", "a key is expected"),
        ("tick-item: [[a]]", "a key is expected"),
        ("tick-item: ctrl+m", "reaches the app as 'enter'"),
        ("tick-item: ctrl+[", "reaches the app as 'escape'"),
        ("tick-item: s", "'s' is already the key of 'skip-item'"),
        ("tick-item: [x, n]", "'n' is already the key of 'next-open'"),
        ("tick-item: '?'", "'question_mark' is already the key of 'show-help'"),
        ("leave: B", "'B' is already the key of 'book-slot'"),
    ],
)
def test_a_line_that_cannot_work_is_named_and_the_others_count(path: Path, line: str, words: str) -> None:
    path.write_text(f"# mine\nbook-slot: B\n{line}\n")
    keymap, problems = load_keymap(path, COMMANDS)
    assert keymap == {"book-slot": ("B",)}
    assert len(problems) == 1
    assert problems[0].startswith(f"{path}:3: {line.partition(':')[0]}: ")
    assert words in problems[0]


def test_the_same_key_is_free_on_another_screen(path: Path) -> None:
    path.write_text("book-slot: space\n")
    assert load_keymap(path, COMMANDS) == ({"book-slot": ("space",)}, [])


def test_two_commands_may_swap_their_keys(path: Path) -> None:
    path.write_text("tick-item: s\nskip-item: space\n")
    assert load_keymap(path, COMMANDS) == ({"tick-item": ("s",), "skip-item": ("space",)}, [])


def test_of_two_lines_with_one_key_the_later_is_passed_over(path: Path) -> None:
    path.write_text("tick-item: x\nskip-item: x\n")
    keymap, problems = load_keymap(path, COMMANDS)
    assert keymap == {"tick-item": ("x",)}
    assert len(problems) == 1
    assert ":2: skip-item: 'x' is already the key of 'tick-item'" in problems[0]


def test_a_line_passed_over_gives_its_old_key_back_and_that_may_clash_too(path: Path) -> None:
    path.write_text("tick-item: s\nskip-item: n\n")
    keymap, problems = load_keymap(path, COMMANDS)
    assert keymap == {}
    assert [problem.split(": ")[1] for problem in problems] == ["tick-item", "skip-item"]


def test_a_malformed_file_changes_nothing_and_is_one_problem(path: Path) -> None:
    path.write_text("tick-item: [\n")
    keymap, problems = load_keymap(path, COMMANDS)
    assert keymap == {}
    assert len(problems) == 1
    assert problems[0].startswith(f"{path}:")


def test_an_unknown_command_cannot_write_to_the_terminal(path: Path) -> None:
    path.write_text('"\\e[31mtick": x\n')
    assert "\x1b" not in load_keymap(path, COMMANDS)[1][0]


@pytest.mark.parametrize("character", string.ascii_letters + string.digits + string.punctuation + "é")
def test_every_character_has_textuals_name(character: str) -> None:
    assert key_named(character) == _character_to_key(character)
    assert key_named(_character_to_key(character)) == _character_to_key(character)


@pytest.mark.parametrize(
    "key", [key.value for key in Keys if key.value.partition("+")[0] not in ("ctrl", "shift", "<any>")]
)
def test_every_named_key_of_textual_is_known(key: str) -> None:
    if not key.startswith("<") and key not in ("ctrl-at", "return"):
        assert key_named(key) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Ctrl+R", "ctrl+r"),
        ("ctrl+shift+left", "ctrl+shift+left"),
        ("shift+ctrl+LEFT", "ctrl+shift+left"),
        ("alt+x", "alt+x"),
        ("alt+X", "alt+shift+x"),
        ("ctrl+alt+x", "alt+ctrl+x"),
        ("shift+g", "G"),
        ("shift+tab", "shift+tab"),
        ("backtab", "shift+tab"),
        ("ctrl++", "ctrl+plus"),
        ("+", "plus"),
        ("ctrl+]", "ctrl+right_square_bracket"),
        ("Esc", "escape"),
        ("PgDn", "pagedown"),
        ("F12", "f12"),
        (" j ", "j"),
    ],
)
def test_keys_may_be_written_as_people_do(written: str, key: str) -> None:
    assert key_named(written) == key


@pytest.mark.parametrize(
    "written", ["", "+ctrl", "ctrl+", "f25", "shift+/", "ctrl+space", "ctrl", "\x1b", "a b", "++"]
)
def test_what_no_keyboard_sends_is_refused(written: str) -> None:
    with pytest.raises(BadInput):
        key_named(written)


def test_textual_is_not_needed_to_check_keys() -> None:
    code = (
        "import sys; from relui.loading.keymap import key_named; key_named('ctrl+?');"
        "sys.exit(bool({'textual', 'yaml', 'pydantic'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
