"""Whether a migration fits: estimated, ticked, short enough, and in a window that is open for it [S0.6]."""

from __future__ import annotations

from relui.domain.binding import OpenTime, asks_for_window, settle
from relui.domain.checklist import ItemField, State
from relui.domain.marking import Details
from relui.domain.outline import Outline
from relui.domain.release import Release
from tests.domain.acts import annotate, skip, tick, untick
from tests.domain.releases import NOW, item, phase, release

FREE = OpenTime()


def estimated(*values: str, kind: str = "number", ticked: bool = True) -> Release:
    field = ItemField("minutes", "Minutes", kind=kind)  # type: ignore[arg-type]
    items = [item(f"m{n}", fields=(field,)) for n in range(len(values))]
    made = release(phase("p", *items, item("fits", when_done="window-fits")), duration=60)
    for number, value in enumerate(values):
        record = Details(fields={"minutes": value})
        act = (
            tick(made, [f"p.m{number}"], "ada", NOW, record)
            if ticked
            else annotate(made, f"p.m{number}", "ada", NOW, record)
        )
        made = act.release
    return made


def fits(made: Release, open_time: OpenTime = FREE) -> bool:
    return Outline(settle(made, NOW, open_time))["p.fits"].state is State.DONE


def why(made: Release, open_time: OpenTime = FREE) -> str:
    return settle(made, NOW, open_time).mark("p.fits").reason


def test_migrations_fit_when_all_of_them_together_do() -> None:
    """[S0.6] This one is computed."""
    assert fits(estimated("30", "30"))
    assert not fits(estimated("30", "31"))
    assert why(estimated("30", "31")) == "61 min do not fit into the planned 60 min"
    assert why(estimated()) == "no migration is estimated"


def test_an_estimate_counts_once_it_is_ticked() -> None:
    assert not fits(estimated("30", ticked=False))
    assert why(estimated("30", ticked=False)) == "'M0' is not ticked with its minutes"


def test_the_window_must_be_open_and_long_enough() -> None:
    """[S0.6] The reason stands on the item."""
    closed = OpenTime(why="No window of Payments is open then")
    assert not fits(estimated("30"), closed) and why(estimated("30"), closed) == closed.why
    assert fits(estimated("30"), OpenTime(30)) and not fits(estimated("31"), OpenTime(30))
    assert why(estimated("31"), OpenTime(30)) == "31 min do not fit into the 30 min until the window shuts"


def test_it_opens_again_when_the_window_shuts_and_nobody_ticks_it_without_the_calendar() -> None:
    ticked = settle(estimated("30"), NOW, OpenTime(60))
    assert ticked.mark("p.fits").bound and not ticked.mark("p.fits").reason
    assert settle(ticked, NOW) == ticked
    assert not fits(ticked, OpenTime(why="moved"))
    assert Outline(settle(estimated("30"), NOW))["p.fits"].state is State.OPEN
    reopened = untick(ticked, ["p.m0"], "ada", NOW).release
    assert Outline(reopened)["p.fits"].state is State.OPEN


def test_an_estimate_that_is_left_out_does_not_count() -> None:
    made = untick(estimated("30", "90"), ["p.m1"], "ada", NOW).release
    assert fits(skip(made, ["p.m1"], "ada", NOW, "no data moves").release)


def test_a_text_field_that_happens_to_be_called_minutes_breaks_nothing() -> None:
    assert not fits(estimated("about ten", kind="text"))


def test_only_checklists_with_such_an_item_ask_the_calendar() -> None:
    assert asks_for_window(estimated()) and not asks_for_window(release(phase("p", item("a"))))
