"""Checksums of many components from a manifest [S1.9]: matched by file, nothing taken twice or by guess."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from relui.domain.dossier.components import take_checksums
from relui.domain.dossier.package import package_gaps
from relui.domain.dossier.parts import Component
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.errors import BadInput
from tests.domain.releases import NOW, payments
from tests.effort import calls

A, B = f"sha256:{'a1' * 32}", f"sha256:{'b2' * 32}"


def component(name: str, location: str = "", **more: object) -> Component:
    return Component(id=name, category="application", kind="binary", location=location, **more)  # type: ignore[arg-type]


def release(*components: Component, **more: object) -> Release:
    made = payments()
    return replace(made, dossier=replace(made.dossier, components=components, **more))


def take(made: Release, sums: dict[str, str], **more: object) -> Ruling:
    return take_checksums(made, sums, "SHA256SUMS", NOW, **more)  # type: ignore[arg-type]


def sums_of(ruling: Ruling) -> dict[str, str]:
    return {part.id: part.checksum for part in ruling.release.dossier.components if part.checksum}


def gaps_of(made: Release, name: str) -> list[str]:
    return [gap.text for gap in package_gaps(made) if (gap.at, gap.name) == ("component", name)]


@pytest.mark.parametrize(
    ("name", "location", "file"),
    [
        ("app", "https://repo.example.org/shop/app.jar", "app.jar"),
        ("app", "https://repo.example.org/shop/app.jar?version=3#x", "./dist/app.jar"),
        ("app", "s3://bucket/app.jar", "dist/app.jar"),
        ("app", r"\\server\share\app.jar", "app.jar"),
        ("app", "app.jar", r"dist\app.jar"),
        ("app", "maven:app.jar", "app.jar"),
        ("app.jar", "", "build/app.jar"),
        ("the app.jar", "", "app.jar"),
        ("app", "x/my app.jar", "my app.jar"),
    ],
)
def test_a_component_takes_the_file_that_its_location_or_name_ends_in(
    name: str, location: str, file: str
) -> None:
    made = release(component(name, location), component("other", "x/myapp.jar"))
    assert sums_of(take(made, {file: A})) == {name: A}


def test_one_with_a_location_is_in_the_package_then() -> None:
    found = take(release(component("a", "x/a.jar"), component("b.jar")), {"a.jar": A, "b.jar": B})
    there, bare = found.release.dossier.components
    assert there.presence == "present" and not gaps_of(found.release, "a")
    assert bare.presence == "missing"


def test_checksums_of_the_next_build_are_said_of_it_also_where_they_are_the_same() -> None:
    """[S1.16]"""
    made = release(component("a", "x/a.jar"), component("b", "x/b.jar"), iteration=2)
    first = take(made, {"a.jar": A}).release
    third = replace(first, dossier=replace(first.dossier, iteration=3))
    assert gaps_of(first, "a") == [] and gaps_of(third, "a")
    again = take(third, {"a.jar": A, "c.jar": B}, add=True)
    assert again.changed == ("a", "c.jar")
    assert gaps_of(again.release, "a") == [] and gaps_of(again.release, "c.jar") == []


def test_the_longer_path_decides_between_files_and_between_components() -> None:
    made = release(component("one", "x/one/app.jar"), component("two", "x/two/app.jar"))
    assert sums_of(take(made, {"one/app.jar": A, "two/app.jar": B})) == {"one": A, "two": B}
    assert sums_of(take(made, {"two/app.jar": B})) == {"two": B}


def test_what_fits_several_alike_is_left_and_told() -> None:
    made = release(component("one", "x/app.jar"), component("two", "x/app.jar"), component("b", "b.sql"))
    found = take(made, {"app.jar": A, "b.sql": B})
    assert sums_of(found) == {"b": B} and found.left == (("app.jar", "fits one, two"),)
    both = take(
        release(component("app", "app.jar"), component("b", "b.sql")),
        {"x/app.jar": A, "y/app.jar": B, "b.sql": B},
    )
    assert sums_of(both) == {"b": B}
    assert both.left == (
        ("x/app.jar", "fits app, as y/app.jar does"),
        ("y/app.jar", "fits app, as x/app.jar does"),
    )


def test_what_matched_and_what_did_not_is_told() -> None:
    made = release(
        component("app", "app.jar", checksum=B),
        component("same", "same.jar", checksum=A, presence="present"),
        component("bare"),
        component("none", "n.sql", presence="not-needed", why_not="no database"),
    )
    found = take(made, {"app.jar": A, "same.jar": A, "more.zip": B, "n.sql": B})
    assert found.changed == ("app",) and found.already == ("same",)
    assert found.left == (("n.sql", "is none, which is declared not needed"),)
    assert found.told == (
        "Replaced other checksums: app.",
        "No component ends in more.zip. They can be added (--add).",
        "Not in it: bare.",
    )
    assert found.act is not None and found.act.text == "took 1 checksum from SHA256SUMS: app"
    assert take(found.release, {"app.jar": A}).act is None


def test_the_others_are_added_where_that_is_asked_for() -> None:
    made = release(component("app", "app.jar"), package_at="https://repo/2.4.0/")
    files = {
        "app.jar": A,
        "db/001.sql": B,
        "rollback.sh": B,
        "site.css": B,
        "x/app.jar.asc": B,
        "shop-deploy.jar": B,
    }
    found = take(made, files, add=True)
    added = {
        part.id: (part.kind, part.location, part.checksum) for part in found.release.dossier.components[1:]
    }
    assert added == {
        "001.sql": ("database-script", "https://repo/2.4.0/db/001.sql", B),
        "rollback.sh": ("rollback-script", "https://repo/2.4.0/rollback.sh", B),
        "site.css": ("static-asset", "https://repo/2.4.0/site.css", B),
        "app.jar.asc": ("binary", "https://repo/2.4.0/x/app.jar.asc", B),
        "shop-deploy.jar": ("binary", "https://repo/2.4.0/shop-deploy.jar", B),
    }
    assert not [gap for part in found.release.dossier.components for gap in gaps_of(found.release, part.id)]
    assert found.told == (
        "Added as database-script (1), rollback-script (1), static-asset (1), binary (2): see to the kinds.",
    )
    again = take(found.release, files, add=True)
    assert again.act is None and len(again.already) == 6


def test_names_of_added_components_differ_and_their_kind_can_be_given() -> None:
    made = release(component("A.ZIP", "elsewhere.bin"))
    found = take(made, {"x/a.zip": A, "y/a.zip": B}, add=True, kind="static-asset", where="s3://b")
    ids = [(part.id, part.kind, part.location) for part in found.release.dossier.components[1:]]
    assert ids == [
        ("a.zip-2", "static-asset", "s3://b/x/a.zip"),
        ("a.zip-3", "static-asset", "s3://b/y/a.zip"),
    ]


def test_a_manifest_of_other_files_changes_nothing_and_says_so() -> None:
    with pytest.raises(BadInput, match=r"Nothing in SHA256SUMS fits a component.*x\.jar.*--add"):
        take(release(component("app", "app.jar")), {"x.jar": A})
    with pytest.raises(BadInput, match="Did you mean 'binary'"):
        take(release(), {"x.jar": A}, add=True, kind="binari")


def test_twice_as_many_files_and_components_cost_twice_as_much() -> None:
    def cost(count: int) -> int:
        made = release(*(component(f"c{number}", f"x/{number}.jar") for number in range(count)))
        files = {f"{number}.jar": A for number in range(count)}
        assert len(take(made, files).changed) == count
        return calls(lambda: take(made, files))

    assert cost(800) < 2.2 * cost(400)
