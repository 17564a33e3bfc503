"""What the template gained since a release was created, taken over item by item."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from relui.domain.checklist import Item, Phase
from relui.domain.closing import close
from relui.domain.customising import gains, take_over
from relui.domain.marking import tick
from relui.errors import BadInput, Refused
from tests.domain.releases import NOW, payments


def grown() -> tuple[Phase, ...]:
    """The template of `payments()` with an item at the start of the first phase, and a phase at the end."""
    first, *rest = payments().phases
    first = replace(first, items=(Item("tagged", "Tag set"), *first.items))
    last = Phase("thanks", "Thanks", "close", "T+48h", items=(Item("cake", "Cake eaten"),))
    return (first, *rest, last)


def test_a_template_that_is_as_it_was_has_gained_nothing() -> None:
    """[S0.7]"""
    assert gains(payments(), payments().phases) == ()


def test_new_items_and_phases_are_gains_and_nothing_else_is() -> None:
    """[S0.7]"""
    release = payments()
    first = release.phases[0].id
    assert [gain.path for gain in gains(release, grown())] == [f"{first}.tagged", "thanks"]


def test_what_is_taken_over_stands_where_the_template_has_it_and_is_open() -> None:
    """[S0.7] Marks stay; the new ones are open."""
    release = payments()
    first = release.phases[0]
    done = tick(release, [f"{first.id}.{first.items[0].id}"], "ada", NOW).release
    ruling = take_over(done, grown(), [f"{first.id}.tagged", "thanks"], NOW)
    assert [item.id for item in ruling.release.phases[0].items][:2] == ["tagged", first.items[0].id]
    assert ruling.release.phases[-1].id == "thanks"
    assert ruling.release.marks == done.marks
    assert gains(ruling.release, grown()) == ()


def test_what_the_template_has_not_gained_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match=r"has not gained 'thank'.*Did you mean 'thanks'"):
        take_over(payments(), grown(), ["thank"], NOW)


def test_an_archived_release_takes_nothing_over() -> None:
    closed = close(payments(), "ada", NOW, reason="done").release
    with pytest.raises(Refused):
        take_over(closed, grown(), ["thanks"], NOW)
