"""Versions: semantic, dated or sequential, and whether one contradicts the release's type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.domain.identifiers import contradiction, implied_type, scheme_doubt, semantic
from relui.domain.release import RELEASE_TYPES, ReleaseType


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2.4.1", (2, 4, 1)),
        ("v2.4", (2, 4, 0)),
        ("2.4.1-rc.1+build.5", (2, 4, 1)),
        ("2026.11.21", None),
        ("2026.11.21.2", None),
        ("REL-2026-11-001", None),
        ("1.2.3.4", None),
        ("17", None),
        ("9" * 5000 + ".0.0", None),
    ],
)
def test_only_a_semantic_version_is_read_as_one(version: str, expected: tuple[int, int, int] | None) -> None:
    """[S1.10] Dates and sequential numbers are schemes of their own."""
    assert semantic(version) == expected


@pytest.mark.parametrize(
    ("version", "previous", "expected"),
    [
        ("3.0.0", "2.9.9", "major"),
        ("2.5.0", "2.4.9", "minor"),
        ("2.4.10", "2.4.9", "patch"),
        ("3.1.4", "2.0.0", "major"),
        ("3.0.0", None, "major"),
        ("2.5.0", None, "minor"),
        ("2.4.1", None, "patch"),
        ("2.3.5", "2.4.0", "patch"),
        ("2.4.0", "2.4.0", "minor"),
        ("2026.11.21", "1.0.0", None),
    ],
)
def test_the_step_tells_the_type(version: str, previous: str | None, expected: ReleaseType | None) -> None:
    """[S1.10]"""
    assert implied_type(version, previous) == expected


@pytest.mark.parametrize(
    ("version", "type_", "previous", "words"),
    [
        ("2.4.1", "minor", None, "2.4.1 reads as a patch release, but the type is minor."),
        ("3.0.0", "minor", None, "3.0.0 reads as a major release, but the type is minor."),
        ("3.0.0", "patch", None, "3.0.0 reads as a major release, but the type is patch."),
        ("2.4.0", "patch", None, "2.4.0 reads as a minor release, but the type is patch."),
        ("2.4.0", "minor", None, None),
        ("2.4.1", "patch", None, None),
        ("2.4.2", "patch", "2.3.9", "2.4.2 after 2.3.9 reads as a minor release, but the type is patch."),
        ("2.4.2", "minor", "2.3.9", "2.4.2 after 2.3.9 has a patch number, but a minor release ends in .0."),
        ("2.4.2", "minor", "2.4.1", "2.4.2 after 2.4.1 reads as a patch release, but the type is minor."),
        ("2.4.2", "patch", "2.4.1", None),
        ("2.5.0", "minor", "2.4.7", None),
        ("2.3.5", "patch", "2.4.0", None),
        ("2.4.1", "major", "2.4.0", None),
    ],
)
def test_a_version_says_what_its_type_says(
    version: str, type_: ReleaseType, previous: str | None, words: str | None
) -> None:
    """[S1.10] A minor release bumps minor and has patch 0; a patch bumps the patch number."""
    assert contradiction(version, type_, previous) == (words and f"Version {words}")


def test_a_patch_that_bumps_the_major_number_is_a_warning_and_less_is_none() -> None:
    """[S1.10]"""
    assert contradiction("3.0.0", "patch", "2.9.0") == (
        "Version 3.0.0 after 2.9.0 reads as a major release, but the type is patch."
    )
    assert contradiction("2.9.1", "major", "2.9.0") is None
    assert contradiction("3.0.0", "emergency") is None
    assert contradiction("2026.11.21", "patch") is None


@given(st.text(max_size=20), st.sampled_from(RELEASE_TYPES), st.none() | st.text(max_size=9))
def test_any_text_may_be_a_version(version: str, type_: ReleaseType, previous: str | None) -> None:
    assert contradiction(version, type_, previous) is None or semantic(version)


@pytest.mark.parametrize(
    "version", ["2.4.0", "v2.4", "2.4.0-rc.1", "2026.02.28", "2026.02.28-2", "17", "infra-003", "TBD"]
)
def test_a_version_of_a_scheme_is_no_slip(version: str) -> None:
    """[S1.10] Semantic, by date, or sequential: a number, or what ends in the identifier's."""
    assert scheme_doubt(version, "REL-2026-11-003") == ""


@pytest.mark.parametrize(
    ("version", "words", "without"),
    [
        ("banana", "of no scheme", "of no scheme"),
        ("infra-004", "such as infra-003", ""),
        ("2026.02.30", "no such day", "no such day"),
    ],
)
def test_a_version_of_no_scheme_is_told(version: str, words: str, without: str) -> None:
    """[S1.10] A number can only be compared with that of an identifier."""
    assert words in scheme_doubt(version, "REL-2026-11-003")
    told = scheme_doubt(version)
    assert without in told if without else told == ""
