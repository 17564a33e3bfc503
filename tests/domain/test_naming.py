"""Ids from texts, free names, and the nearest right one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.domain.text import did_you_mean, nearest, slug, unique


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Database backup taken", "database-backup-taken"),
        ("  Caf\u00e9 -- d\u00e9j\u00e0 vu! ", "cafe-deja-vu"),
        ("\u65e5\u672c\u8a9e", "65e5672c8a9e"),
        ("Gro\u00dfe Stra\u00dfe \u00fcber M\u00fcnchen", "grosse-strasse-uber-munchen"),
        ("\u0141\u00f3d\u017a, K\u00f8benhavn, \u00c6r\u00f8, \u0153uvre", "lodz-kobenhavn-aero-oeuvre"),
        ("\u0416\u0434\u0438", "zhedei"),
        ("caf\u00e9\u2013bar", "cafe-bar"),
        ("one two " * 9, "-".join(["one-two"] * 6)),
        ("", "item"),
        ("a" * 60, "a" * 48),
    ],
)
def test_a_slug_has_plain_letters_digits_and_single_dashes(text: str, expected: str) -> None:
    assert slug(text) == expected


@given(st.text(max_size=80))
def test_every_text_has_a_slug_that_is_its_own_slug(text: str) -> None:
    made = slug(text)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made) and len(made) <= 48
    assert slug(made) == made


@given(st.lists(st.sampled_from(["a", "b"]), max_size=8))
def test_unique_names_are_never_taken_twice(names: list[str]) -> None:
    taken: list[str] = []
    for name in names:
        taken.append(unique(name, taken))
    assert len(set(taken)) == len(names)
    assert unique("a", ["a", "a-2"]) == "a-3"


def test_the_nearest_name_is_found_in_spite_of_case_and_typing() -> None:
    assert nearest("Europe/Londn", ["Europe/London", "Europe/Paris"]) == "Europe/London"
    assert nearest("BACKUP", ["backup", "restore"]) == "backup"
    assert nearest("zzz", ["backup"]) is None
    assert nearest("x", []) is None


def test_the_end_of_a_path_is_enough_when_only_one_path_ends_so() -> None:
    paths = ["before-deploy-of-everything.backup", "close.retro"]
    assert nearest("backup", paths) == paths[0]


def test_an_error_shows_the_way_out() -> None:
    assert did_you_mean("smok", ["smoke", "backup"]) == " Did you mean 'smoke'?"
    assert did_you_mean("zzz", ["b", "a"]) == " Known: a, b."
    assert did_you_mean("zzz", []) == ""
    few = [f"kind-{number:02}" for number in range(20)]
    assert did_you_mean("zzz", few) == f" Known: {', '.join(few)}."


def test_of_many_names_only_the_nearest_are_told() -> None:
    zones = [f"{number:04}" for number in range(300)] + ["Europe/Berlin", "Europe/Bern"]
    told = did_you_mean("berlin-mitte", zones)
    assert told.startswith(" Nearest: Europe/Berlin") and "0" not in told
    assert did_you_mean("%%%%", zones) == ""
