"""Text from outside, cleaned: nothing that a terminal obeys, nothing that hides, and every word whole."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from relui.domain.text import LINE_LIMIT, TEXT_LIMIT, clean, long_text, one_line, quoted
from relui.errors import BadInput

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
HEART = "\u2764\ufe0f\u200d\U0001f525"
SHAKE = "\U0001f642\u200d\u2194\ufe0f"
NURSE = "\U0001f469\U0001f3fd\u200d\u2695\ufe0f"
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
HINDI = "\u0915\u094d\u200d\u0937"
nasty = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x1b\x9b\x9d\x90\x9c\x07[]PX^_;mM\\?0 \t\r\n\u200c\u200d\u202e\u200b\u0645a"),
    ),
    max_size=40,
)


@given(nasty, st.booleans())
@example("\x1b\x1b[31m[31m", False)
@example("a\u200d\u200d b", False)
@example("\x9dtitle\x9d\x07", True)
def test_cleaning_twice_changes_nothing(text: str, multiline: bool) -> None:
    once = clean(text, multiline=multiline)
    assert clean(once, multiline=multiline) == once


@given(nasty, st.booleans())
def test_nothing_that_a_terminal_obeys_or_that_hides_is_left(text: str, multiline: bool) -> None:
    cleaned = clean(text, multiline=multiline)
    for char in cleaned:
        assert unicodedata.category(char) not in ("Cs", "Co", "Zl", "Zp")
        assert unicodedata.category(char) != "Cc" or (multiline and char == "\n")
        assert unicodedata.bidirectional(char) not in (
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        )
        assert char not in "\u200b\u200e\u200f\u061c\u2060\ufeff\u00ad"
    for before, char, after in zip(" " + cleaned, cleaned, cleaned[1:] + " ", strict=False):
        if char in "\u200c\u200d":
            assert not before.isspace() and not after.isspace()
            assert before not in "\u200c\u200d" and after not in "\u200c\u200d"


@pytest.mark.parametrize("word", [FAMILY, HEART, SHAKE, NURSE, PERSIAN, HINDI, f"on {FAMILY} and {PERSIAN}!"])
def test_joiners_stay_where_words_and_emoji_need_them(word: str) -> None:
    assert clean(word) == word
    assert one_line(f"  {word} ", what="x") == word


@pytest.mark.parametrize(
    "text", ["a\u200d", "\u200da", "a \u200db", "a\u200d b", "(\u200d)", "a\u200d\tb", "-\u200c-"]
)
def test_joiners_that_join_nothing_go(text: str) -> None:
    assert "\u200d" not in clean(text, multiline=True) and "\u200c" not in clean(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07x", "x"),
        ("\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9d52;c;QQ==\x9cx", "x"),
        ("\x1bPq#0\x1b\\x", "x"),
        ("\x90q\x9cx", "x"),
        ("\x1b(Bx", "x"),
        ("PX and P_ are text \x9c", "PX and P_ are text "),
        ("a\r\nb\rc\u2028d\x85e", "a b c d e"),
        ("evil\u202etxt", "eviltxt"),
        ("pay\u200bments", "payments"),
        ("caf\u00e9 \u65e5\u672c", "caf\u00e9 \u65e5\u672c"),
    ],
)
def test_escape_sequences_go_with_their_contents_and_words_stay(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_an_unfinished_title_sequence_does_not_swallow_the_text_behind_it() -> None:
    assert "rollback done" in clean("\x1b]rollback done")


def test_a_long_text_keeps_its_lines_and_a_single_line_does_not() -> None:
    assert clean("a\tb\r\nc", multiline=True) == "a    b\nc"
    assert clean("a\tb\r\nc") == "a b c"


def test_cleaning_a_hostile_megabyte_leaves_what_is_seen_of_it() -> None:
    """Repeated openings of sequences must not make the patterns quadratic."""
    for start in ("\x1b]", "\x9d", "\x90", "\x1bP", "\x1b[0", "\u200d"):
        assert clean(start * 200_000) == ("0" * 200_000 if start == "\x1b[0" else "")


def test_a_line_that_must_be_there_needs_a_visible_character() -> None:
    with pytest.raises(BadInput, match="The name is empty"):
        one_line(" \u200b\x1b[0m ", what="The name", required=True)
    assert one_line(" \u200b ", what="The name") == ""


def test_limits_are_told_with_the_length() -> None:
    assert len(one_line("x" * LINE_LIMIT, what="x")) == LINE_LIMIT
    with pytest.raises(BadInput, match="The title has 10,001 characters"):
        one_line("x" * (LINE_LIMIT + 1), what="The title")
    with pytest.raises(BadInput, match="200,001"):
        long_text("x" * (TEXT_LIMIT + 1), what="The note")


def test_a_long_text_of_blanks_is_empty() -> None:
    assert long_text(" \n\t \n", what="x") == ""
    assert long_text("\n  - a\n", what="x") == "  - a"


def test_what_an_error_repeats_is_clean_and_short() -> None:
    assert quoted("a\x1b[31mb") == "'ab'"
    assert len(quoted("x" * 5000)) < 100
