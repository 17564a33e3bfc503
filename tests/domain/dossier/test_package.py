"""The package: what belongs into it, its completeness, its build, and the version that runs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.dossier.components import declare_not_needed
from relui.domain.dossier.editing import edit_part
from relui.domain.dossier.package import (
    BUILD_CHECKS,
    CONTENTS,
    KINDS_OF_COMPONENTS,
    build_gaps,
    deployed_gaps,
    package_gaps,
    undeclared,
    version_warning,
)
from relui.domain.dossier.parts import Component, Decision
from relui.domain.dossier.signing import confirm
from relui.errors import BadInput, Refused
from tests.domain.dossier.governed import confirmed, governed
from tests.domain.releases import NOW, payments


def test_a_package_has_four_categories_of_four_kinds_each() -> None:
    """[S1.9]"""
    assert [len(kinds) for kinds in CONTENTS.values()] == [4, 4, 4, 4]
    assert len(set(KINDS_OF_COMPONENTS)) == 16


def test_a_package_is_complete_when_every_kind_is_there_and_it_is_known_where_it_is_kept() -> None:
    """[S1.9, S1.13]"""
    assert package_gaps(governed()) == ()
    assert len(package_gaps(payments())) == 16 + 4


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"presence": "missing"}, "is not in the package"),
        ({"location": ""}, "has no location"),
        ({"checksum": ""}, "has no checksum or tag"),
        ({"location": "", "checksum": ""}, "has no location and no checksum or tag"),
    ],
)
def test_each_component_is_present_with_location_and_checksum(more: dict[str, Any], words: str) -> None:
    """[S1.9]"""
    first, *rest = governed().dossier.components
    (gap,) = package_gaps(governed(components=(replace(first, **more), *rest)))
    assert gap.text == f"{first.id} {words}" and (gap.at, gap.name) == ("component", first.id)


def test_a_kind_is_declared_not_needed_with_a_reason() -> None:
    """[S1.9]"""
    made = governed(components=governed().dossier.components[2:])
    assert [gap.name for gap in package_gaps(made)] == ["binary", "image"] == list(undeclared(made))
    ruling = declare_not_needed(made, ["all"], "Scripts only.", NOW)
    assert package_gaps(ruling.release) == () and ruling.changed == ("binary", "image")
    assert {component.why_not for component in ruling.release.dossier.components[-2:]} == {"Scripts only."}
    assert declare_not_needed(ruling.release, ["image"], "x", NOW).act is None
    for kinds, reason, words in ((["image"], " ", "reason"), (["imge"], "r", "Did you mean 'image'")):
        with pytest.raises(BadInput, match=words):
            declare_not_needed(made, kinds, reason, NOW)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"package_at": ""}, "where the package is stored"),
        ({"package_access": ""}, "who has access"),
        ({"build_logs": ""}, "where the build logs are kept"),
        ({"package_tag": ""}, "the package's tag"),
        ({"package_tag": "2.4.0"}, "does not bear the identifier REL-2026-11-001"),
        ({"package_tag": "REL-2026-11-001"}, "does not bear the version 2.4.0"),
    ],
)
def test_a_package_says_where_it_is_stored_who_has_access_how_it_is_tagged_and_where_its_logs_are(
    more: dict[str, Any], words: str
) -> None:
    """[S1.13] The tag bears identifier and version."""
    (gap,) = package_gaps(governed(**more))
    assert words in gap.text and gap.at == "edit"


def test_the_five_build_verifications_count_for_the_build_that_they_were_given_for() -> None:
    """[S1.12, S1.16]"""
    assert len(BUILD_CHECKS) == 5 and build_gaps(governed()) == ()
    assert [gap.name for gap in build_gaps(governed(iteration=2))] == list(BUILD_CHECKS)
    assert build_gaps(governed(iteration=2, confirmations=(*confirmed(1), *confirmed(2)))) == ()
    one_less = confirmed()[1:]
    assert [gap.name for gap in build_gaps(governed(confirmations=one_less))] == ["build.components"]


@pytest.mark.parametrize(
    ("deployed", "fits"),
    [("2.4.0", True), ("v2.4.0", True), ("V2.4.0 ", True), ("2.4.1", False), ("", False)],
)
def test_the_version_that_runs_is_compared_with_the_package(deployed: str, fits: bool) -> None:
    """[S1.29, S1.33]"""
    assert (deployed_gaps(governed(deployed_version=deployed)) == ()) == fits


def test_after_a_rollback_another_version_runs() -> None:
    """[S1.29] The record need not lie to be closed: what was rolled back must not be running."""
    back = Decision(id="D-1", kind="rollback", at=NOW, by="ada", words="no payments")
    assert deployed_gaps(governed(deployed_version="2.3.0", decisions=(back,))) == ()
    for wrong in ("2.4.0", ""):
        assert deployed_gaps(governed(deployed_version=wrong, decisions=(back,)))


def test_a_version_that_says_more_than_the_type_is_a_warning() -> None:
    """[S1.10]"""
    assert version_warning(governed()) is None
    told = version_warning(replace(governed(), type="patch"))
    assert told is not None and "reads as a minor release" in told


def test_a_component_that_becomes_another_kind_moves_to_its_category() -> None:
    made = edit_part(governed(), "component", "the-image", {"kind": "runbook"}, NOW, "ada").release
    assert [each.category for each in made.dossier.components if each.id == "the-image"] == ["documentation"]
    with pytest.raises(BadInput, match="belongs to application"):
        edit_part(governed(), "component", "the-image", {"category": "deployment"}, NOW, "ada")


components = st.builds(
    Component,
    id=st.uuids().map(str),
    category=st.just("application"),
    kind=st.sampled_from(KINDS_OF_COMPONENTS),
    location=st.sampled_from(["", "store"]),
    checksum=st.sampled_from(["", "tag"]),
    presence=st.sampled_from(["present", "missing", "not-needed"]),
    why_not=st.just("r"),
)


@given(st.lists(components, max_size=20), st.booleans())
def test_a_package_has_no_gap_exactly_when_every_kind_and_every_component_is_settled(
    found: list[Component], declared: bool
) -> None:
    """[S1.9]"""
    made = governed(components=tuple(found))
    if declared:
        made = declare_not_needed(made, ["all"], "r", NOW).release
    settled = all(
        each.presence == "not-needed" or (each.presence == "present" and each.location and each.checksum)
        for each in made.dossier.components
    )
    kinds = {each.kind for each in made.dossier.components}
    assert (package_gaps(made) == ()) == (settled and len(kinds) == 16)


def test_a_build_of_nothing_that_was_declared_cannot_be_verified() -> None:
    """[S1.12]"""
    empty = governed(components=(), confirmations=())
    for names in (["build"], ["build.binaries"], ["notes", "build.images"]):
        with pytest.raises(Refused, match=r"declares no component: .*component add REL-2026-11-001"):
            confirm(empty, names, "ada", NOW)
    assert confirm(empty, ["notes"], "ada", NOW).act is not None
