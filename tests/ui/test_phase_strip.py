"""The phase strip says where we are at every width."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.domain.checklist import Phase
from relui.domain.marking import fail, tick
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.ui.checklist.phase_strip import distinct, phase_strip
from tests.domain.releases import GO_LIVE, NOW, item, release

NAMES = ("Pre-release", "Staging test", "Communication", "Pre-deploy", "Deploy", "Post-deploy", "Close")


def made() -> Release:
    phases = [
        Phase(
            id=name.lower().replace(" ", "-"),
            name=name,
            stage="deploy",
            due="T",
            items=tuple(item(f"i{n}") for n in range(8)),
        )
        for name in NAMES
    ]
    begun = tick(release(*phases), ["pre-release", "staging-test"], "ada", NOW).release
    begun = tick(begun, ["deploy.i1"], "ada", NOW).release
    return fail(begun, ["communication.i1"], "ada", NOW, "nobody there").release


def strip(width: int, at: str = "pre-deploy") -> str:
    release = made()
    return phase_strip(release, Outline(release), at, NOW, width).plain


@given(st.integers(20, 200), st.sampled_from([name.lower().replace(" ", "-") for name in NAMES]))
def test_it_is_as_wide_as_asked_and_names_the_phase_in_full(width: int, at: str) -> None:
    plain = strip(max(width, 36), at)
    assert len(plain) == max(width, 36)
    name = next(name for name in NAMES if name.lower().replace(" ", "-") == at)
    assert f"[{name} " in plain


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (160, "Pre-release done  Staging test done  Communication 0/8!  [Pre-deploy 0/8]  Deploy 1/8"),
        (110, "Pre-release ok  Staging ok  Communication 0/8!  [Pre-deploy 0/8]  Deploy 1/8"),
        (80, "Pre-r ok  Stag ok  Comm 0/8!  [Pre-deploy 0/8]  Depl 1/8  Post 0/8  Close 0/8"),
        (66, "Pre-r ok  Stag ok  Comm !  [Pre-deploy 0/8]  Depl ~  Post .  Close ."),
        (36, "xx! [Pre-deploy 0/8] ~.."),
    ],
)
def test_the_other_phases_give_way_by_degrees(width: int, words: str) -> None:
    assert words.split() == strip(width).split()[: len(words.split())]


def test_short_names_stay_distinct() -> None:
    assert distinct(NAMES, 4) == ["Pre-r", "Stag", "Comm", "Pre-d", "Depl", "Post", "Close"]
    assert len(set(distinct(("Test one", "Test two", "Test"), 4))) == 3


def test_a_late_phase_is_told_by_a_sign_too() -> None:
    begun = made()
    late = phase_strip(begun, Outline(begun), "close", GO_LIVE + timedelta(days=1), 80).plain
    assert "Pre-d 0/8!" in late and "Pre-r ok" in late
