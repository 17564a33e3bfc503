"""Rows of the release list: what each width shows, and what gives way first."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from relui.domain.progress import standing
from relui.domain.release import Release
from relui.ui.one_release.rows import active_row
from tests.domain.releases import NOW, payments


def row(width: int, made: Release | None = None) -> str:
    made = made or payments()
    found = active_row(made, standing(made, NOW), width)
    assert found.cell_length == width
    return found.plain


@pytest.mark.parametrize("width", [71, 76, 80, 92, 104, 133])
def test_type_and_stage_show_from_a_list_of_71_cells_on(width: int) -> None:
    """Both at 80x24 and at 120x40."""
    assert "minor" in row(width) and "build" in row(width)
    assert "emerg" in row(width, replace(payments(), type="emergency"))


@pytest.mark.parametrize(("width", "word"), [(40, " E "), (56, " emerg "), (66, " emerg ")])
def test_an_emergency_is_recognised_in_every_width(width: int, word: str) -> None:
    assert word in row(width, replace(payments(), type="emergency")) and word not in row(width)


@pytest.mark.parametrize("width", [56, 66, 80, 92, 104])
def test_the_version_stays_whole_where_a_long_service_gives_way(width: int) -> None:
    made = replace(payments(), service="notifications-and-preferences", version="12.10.3")
    assert " 12.10.3 " in row(width, made) and "…" in row(width, made)
