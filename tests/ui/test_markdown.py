"""Markdown as people write it in notes and retrospectives, drawn as lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from relui.domain.text import clean
from relui.ui.kit.markdown import markdown


def plain(text: str, width: int = 60) -> list[str]:
    return [content.plain for content in markdown(text, width)]


def styled(text: str, mark: str) -> list[str]:
    """The pieces that have a mark."""
    return [
        content.plain[span.start : span.end]
        for content in markdown(text, 60)
        for span in content.spans
        if span.style == mark
    ]


def test_what_stands_out_in_a_line_loses_its_signs_and_has_a_mark() -> None:
    assert plain("a **bold** and *soft* `code`") == ["a bold and soft code", ""]
    assert styled("a **bold** word", "bold text") == ["bold"]
    assert styled("run `make test`", "accent") == ["make test"]


def test_rows_of_a_paragraph_become_one() -> None:
    assert plain("one\ntwo\n\nthree") == ["one two", "", "three", ""]


def test_a_list_item_hangs_below_its_sign() -> None:
    assert plain("* one two three", 10) == ["- one two", "  three", ""]
    assert plain("12. one two", 9) == ["12. one", "    two", ""]


def test_a_link_shows_where_it_leads() -> None:
    assert plain("[run](https://ci.example.org/1)")[0] == "run (https://ci.example.org/1)"


def test_code_between_fences_is_left_as_it_is() -> None:
    assert plain("```\n*a*  b\n```\nafter") == ["| *a*  b", "after", ""]


def test_names_with_underscores_and_stars_between_blanks_stay() -> None:
    assert plain("snake_case_name 2 * 3 * 4")[0] == "snake_case_name 2 * 3 * 4"


def test_markup_and_escape_sequences_are_text() -> None:
    assert plain("[red]x[/red] \x1b[31my")[0].startswith("[red]x[/red]")
    assert not any("\x1b" in row for row in plain("\x1b[31my"))


@given(st.text(alphabet=st.sampled_from("ab *_`#>-1.[]()\\~\n"), max_size=200), st.integers(8, 60))
def test_any_text_is_drawn_within_the_width_and_keeps_its_letters(text: str, width: int) -> None:
    rows = markdown(text, width)
    assert all(row.rstrip().cell_length <= width for row in rows)
    ticks = "~~" in text or "``" in text  # a fence is not shown
    letters = [one for one in clean(text, multiline=True) if one in "ab"]
    assert sorted(one for row in rows for one in row.plain if one in "ab") == sorted(letters) or ticks
