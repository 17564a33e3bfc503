"""Lines are folded below their own beginning, and no cell of what they say is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from relui.ui.kit.text import line, wrapped


def test_an_indented_line_goes_on_below_its_own_beginning() -> None:
    folded = wrapped([line("  - ", ("one two three four five", "muted")), line("left as it is, and on")], 14)
    assert [each.plain for each in folded] == [
        "  - one two", "  three four", "  five", "left as it is,", "and on",
    ]  # fmt: skip
    assert "muted" in str(folded[1].spans)


@given(
    indent=st.integers(0, 40),
    words=st.lists(st.text("abc支付", min_size=1, max_size=12)),
    width=st.integers(12, 60),
)
def test_folding_keeps_every_word_within_the_width(indent: int, words: list[str], width: int) -> None:
    folded = wrapped([line(" " * indent + " ".join(words))], width)
    assert "".join("".join(each.plain.split()) for each in folded) == "".join(words)
    assert all(each.rstrip().cell_length <= width for each in folded)
