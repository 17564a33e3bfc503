"""Trends, plots, items, debts and review pages as lines: by example, and at every width."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual.content import Content

from relui.documents.page import table
from relui.domain.learning.debts import Debt, DebtItem
from relui.domain.learning.item_record import ItemRecord
from relui.domain.learning.reviews import DueReview
from relui.domain.learning.trends import MEASURES, Measure, PeriodTrends, Trends, trends_of_period
from relui.ui.metrics.plot import drawn
from relui.ui.metrics.plot_spec import legible, plot_spec, scale_of
from relui.ui.metrics.words import (
    Group,
    advice_words,
    change_words,
    fitting_items,
    item_detail,
    item_row,
    month_groups,
    numbers,
    other_groups,
    score_row,
    sparks,
    value_words,
    verdict_lines,
)
from relui.ui.review.rows import debt_detail, owed_rows, page_lines
from tests.domain.learning.test_measures import YEAR, group
from tests.test_layers import packages_after
from tests.ui.conftest import NOW

BY_ID = {each.id: each for each in MEASURES}


def plain(lines: list[Content]) -> str:
    return "\n".join(each.plain.rstrip() for each in lines)


def period() -> PeriodTrends:
    """Worse on time, quicker to restore, in the last three months; a release in two months only."""
    recent = group(on_time=0.5, restore=20.0)
    months = (group(key="2026-08", releases=8, on_time=0.75), group(key="2026-10", releases=4, on_time=0.5))

    def asked(span: object) -> Trends:
        total = recent if span == YEAR.recent else group()
        return Trends("month", months, total, ())

    return trends_of_period(asked, YEAR)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("on_time", 0.834, "83 %"),
        ("restore", 85.0, "1 h 25 min"),
        ("lead", 12000.0, "8 d 8 h"),
        ("overrun", -12.0, "12 min less"),
        ("overrun", 0.0, "0 min"),
        ("releases", 7, "7"),
        ("satisfaction", 4.25, "4.2"),
        ("restore", None, "-"),
    ],
)
def test_values_are_worded_in_their_units(name: str, value: float | None, words: str) -> None:
    assert value_words(value, BY_ID[name]) == words


def test_the_answer_names_what_is_worse_before_what_is_better() -> None:
    told = plain(verdict_lines(period()))
    assert "1 better, 1 worse" in told
    assert "last 3 months: 20 releases, the 9 months before: 20" in told
    assert "Worse: on time.  Better: time to restore." in told


def test_a_measure_shows_its_verdict_as_a_word_with_both_values_and_the_change() -> None:
    change = next(each for each in period().changes if each.measure.id == "on_time")
    told = score_row(change, [0.75, None, 0.5], 120).plain
    assert told.split()[:7] == ["worse", "On", "time", "50", "%", "80", "%"]
    assert "-30 points" in told
    assert "█·▆" in told
    assert change_words(change) == "-30 points"


def test_little_blocks_reach_from_nothing_to_the_highest() -> None:
    assert sparks([0, 1, 2, 4, 7]) == "▁▂▃▅█"
    assert sparks([None, 0, 0]) == "·▁▁"
    assert sparks([]) == ""


def test_the_text_form_has_a_line_for_each_month_with_a_bar() -> None:
    found, measure = period(), BY_ID["on_time"]
    groups = month_groups(found.months, measure, YEAR.recent.month_keys)
    lines = numbers(groups, found.total, measure, 80)
    told = {line.plain[:8]: line.plain for line in lines}
    assert told["Aug 2026"].split()[2:5] == ["75", "%", "8"]
    assert "▒" in told["Aug 2026"]
    assert "█" not in told["Aug 2026"]
    assert "█" in told["Oct 2026"]
    assert told["Oct 2026"].count("█") * 3 == pytest.approx(told["Aug 2026"].count("▒") * 2, abs=3)
    assert "no release" in told["Sep 2026"]
    assert told["all     "].split() == ["all", "80", "%", "20"]
    assert len(lines) == 2 + 12


@pytest.mark.parametrize("measure", MEASURES, ids=lambda each: each.id)
def test_every_measure_has_a_plot_and_a_text_form_by_month_and_by_service(measure: Measure) -> None:
    found = period()
    services = (
        group(key="search", satisfaction=4.0),
        group(key="ledger", on_time=0.2, restore=None, satisfaction=3.0),
    )
    for groups, lying in (
        (month_groups(found.months, measure, YEAR.recent.month_keys), False),
        (other_groups(services, measure), True),
    ):
        told = plain(numbers(groups, found.total, measure, 90))
        assert all(each.name in told and value_words(each.value, measure) in told for each in groups)
        spec = plot_spec(groups, measure, lying=lying)
        if spec is None:
            assert all(each.value is None for each in groups)
            continue
        assert legible(spec, 80, 18)
        picture = drawn(spec, 80, 18)
        assert len(picture) <= 18
        assert all(line.cell_length <= 80 for line in picture)
        shown = plain(picture)
        assert all(words in shown for _, words in spec.scale)
        assert not lying or all(name in shown for name in spec.names)


def test_a_plot_tells_the_last_months_by_what_its_bars_are_made_of() -> None:
    groups = [Group("a", "a", 3, 0.5, recent=False), Group("b", "b", 3, 1.0, recent=True)]
    spec = plot_spec(groups, BY_ID["on_time"], lying=False)
    assert spec is not None
    shown = plain(drawn(spec, 60, 14))
    assert shown.count("█") == pytest.approx(shown.count("▒") * 2, rel=0.25)


def test_bars_are_equally_thick_also_where_some_are_missing() -> None:
    values = (0.5, None, None, 0.25, 0.0, 1.0, None, 0.5, 0.1)
    groups = [Group(str(at), str(at), 3, value, at > 6) for at, value in enumerate(values)]
    spec = plot_spec(groups, BY_ID["on_time"], lying=False)
    assert spec is not None
    lowest = drawn(spec, 80, 14)[-3].plain
    widths = {len(bar) for bar in re.findall("[█▒]+", lowest)}
    assert len(re.findall("[█▒]+", lowest)) == 5
    assert len(widths) == 1


def test_a_lying_bar_is_one_row_of_its_length() -> None:
    groups = [Group("search", "search", 3, 1.0), Group("ledger", "ledger", 3, 0.5), Group("x", "x", 3, 0.0)]
    spec = plot_spec(groups, BY_ID["on_time"], lying=True)
    assert spec is not None
    rows = [line.plain for line in drawn(spec, 60, 18) if "┤" in line.plain]
    assert [row.strip().split("┤")[0] for row in rows] == ["search", "ledger", "x"]
    assert rows[0].count("█") == pytest.approx(rows[1].count("█") * 2, abs=2)


def test_a_plot_is_not_legible_when_small_or_with_names_wider_than_their_letters() -> None:
    spec = plot_spec([Group("a", "a", 3, 0.5)], BY_ID["on_time"], lying=True)
    assert legible(spec, 80, 12)
    assert not legible(spec, 40, 12)
    assert not legible(spec, 80, 6)
    assert not legible(None, 80, 12)
    many = [Group(str(number), str(number), 3, 0.5) for number in range(20)]
    assert not legible(plot_spec(many, BY_ID["on_time"], lying=True), 80, 20)
    wide = plot_spec([Group("決済", "決済", 3, 0.5)], BY_ID["on_time"], lying=True)
    assert not legible(wide, 80, 12)


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("on_time", [0.9, 0.2], ["0 %", "25 %", "50 %", "75 %", "100 %"]),
        ("rolled_back", [0.1], ["0 %", "5 %", "10 %"]),
        ("restore", [12.0, 40.0], ["0 min", "10 min", "20 min", "30 min", "40 min"]),
        ("restore", [600.0], ["0 h", "5 h", "10 h"]),
        ("lead", [12000.0], ["0 d", "2 d", "4 d", "6 d", "8 d", "10 d"]),
        ("overrun", [-25.0, 10.0], ["-30 min", "-20 min", "-10 min", "0 min", "10 min"]),
        ("releases", [1, 2], ["0", "1", "2"]),
    ],
)
def test_the_scale_has_round_steps(name: str, values: list[float], words: list[str]) -> None:
    assert [word for _, word in scale_of(values, BY_ID[name])] == words


@example(values=[5e-324], name="restore")
@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.sampled_from([each.id for each in MEASURES])
)
def test_the_scale_holds_every_value_in_a_few_steps(values: list[float], name: str) -> None:
    measure = BY_ID[name]
    if measure.unit == "share":
        values = [abs(value) / 1e6 for value in values]
    elif name != "overrun":
        values = [abs(value) for value in values]
    found = scale_of(values, measure)
    assert found[0][0] <= min(values) + 1e-6
    assert found[-1][0] >= max(values) - 1e-6
    assert 2 <= len(found) <= 8


@given(st.integers(20, 220), st.text(max_size=30))
def test_no_line_is_wider_than_its_place(width: int, name: str) -> None:
    found = period()
    groups = [Group(name, name, 3, 0.5), Group("b", "b", 0, None)]
    item = ItemRecord(f"p.{name}", name, 7, 3, 2, 1, 1, 2, 3.5)
    lines = [*numbers(groups, found.total, BY_ID["on_time"], width), item_row(item, width)]
    lines += [score_row(each, [0.5, None], width) for each in found.changes]
    assert all(line.cell_length <= width for line in lines)


def test_an_item_says_what_to_do_about_it_and_why() -> None:
    failing = ItemRecord("deploy.logs", "Logs read", 10, 7, 3, 2, 0, 1, 0.5)
    unused = ItemRecord("staging.mobile", "Mobile view", 6, 0, 0, 0, 5, 1, None)
    assert "automate?" in item_row(failing, 100).plain
    assert "50 %" in advice_words(failing)
    assert "drop it?" in item_row(unused, 100).plain
    assert "No release did it" in plain(item_detail(unused))
    told = plain(item_detail(failing))
    assert "7 of 10  70 %" in told
    assert "median time   30 s" in told
    assert "fewer than 5" in advice_words(ItemRecord("a.b", "b", 4, 0, 0, 4, 0, 0, None))
    assert fitting_items([failing, unused], "MOBILE drop") == [unused]


def test_what_is_owed_stands_in_sections_with_its_age() -> None:
    debt = Debt(
        "REL-2026-11-001", "identity", "jonas",
        (DebtItem("a.b", "Notes drafted", "owed"), DebtItem("a.c", "Backup", "late")),
        NOW + timedelta(days=1), NOW - timedelta(days=2), 2, False,
    )  # fmt: skip
    month = DueReview("periodic", ("REL-2026-10-001", "REL-2026-10-002"), "2026-10", NOW, True)
    rows = owed_rows([debt], [], [month], [], {}, NOW + timedelta(hours=3))
    assert [row.name for row in rows if row.is_heading] == ["Debts of emergencies", "Periodic reviews"]
    assert rows[1].words == "identity: owes 1 of 2 items, 2 days old"
    assert (rows[3].state, rows[3].tail) == ("bad", "3 h late")
    told = plain(debt_detail(debt, NOW, "UTC"))
    assert "Notes drafted" in told
    assert "Backup" not in told


TABLE = "\n".join(
    table(
        ("Release", "Service", "Type", "Outcome", "Planned", "On time"),
        [
            ("REL-1", "pay_ments 1.0", "minor", "successful", "Tue", "yes"),
            ("REL-2", "search 2.0", "major", "rolled-back", "Wed", "no"),
        ],
    )
)
PAGE = f"""# Review of 2 releases

{TABLE}

## What they wrote

- Was hard: everything

## Notes of the review

"""


def test_the_page_of_a_review_sets_its_table_out_where_it_fits() -> None:
    wide = plain(page_lines(PAGE, 100)).splitlines()
    assert wide[0] == "Review of 2 releases"
    assert wide[2].split() == ["Release", "Service", "Type", "Outcome", "Planned", "On", "time"]
    assert wide[3].index("minor") == wide[4].index("major") == wide[2].index("Type")
    assert "pay_ments 1.0" in wide[3]
    assert not any(set(row) <= set("- ") for row in wide if row)
    assert "Notes of the review" not in wide


def test_the_page_of_a_review_tells_each_release_in_lines_where_a_table_does_not_fit() -> None:
    narrow = page_lines(PAGE, 40)
    assert all(line.cell_length <= 40 for line in narrow)
    told = plain(narrow)
    assert "REL-2  search 2.0, major, rolled-back" in told
    assert "planned Wed, on time no" in told
    assert told.count("planned") == 2
    assert "---" not in told


def test_the_plotting_library_loads_with_the_first_plot_and_not_before() -> None:
    loaded = packages_after("import relui.ui.app, relui.ui.releases.screen, relui.ui.metrics.screen")
    assert not loaded & {"plotext", "textual_plotext"}
