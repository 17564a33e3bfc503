"""The package [S1.9, S1.12, S1.13]: what belongs into it, whether it is complete, and its build verified."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from relui.domain.dossier.builds import LOGS, TAG, former, is_former
from relui.domain.dossier.decisions import final_outcome
from relui.domain.dossier.parts import Category, Component, Confirmation
from relui.domain.dossier.points import BUILD_CHECKS
from relui.domain.identifiers import contradiction
from relui.domain.release import Release
from relui.domain.ruling import Gap
from relui.domain.text import quoted
from relui.errors import BadInput

CONTENTS: Mapping[Category, Mapping[str, str]] = {
    "application": {
        "binary": "binaries",
        "image": "container images",
        "database-script": "database scripts",
        "static-asset": "static assets",
    },
    "configuration": {
        "environment-config": "environment configurations",
        "feature-flag": "feature flags",
        "connection-string": "connection strings",
        "service-endpoint": "service endpoints",
    },
    "deployment": {
        "deployment-script": "deployment scripts",
        "rollback-script": "rollback scripts",
        "verification-test": "verification tests",
        "health-check": "health checks",
    },
    "documentation": {
        "release-notes": "release notes",
        "runbook": "runbook",
        "known-issues": "known issues",
        "user-communication": "user communications",
    },
}
"""Category -> its four kinds, each with the words for it."""

CATEGORY_WORDS: Mapping[Category, str] = {
    "application": "Application code",
    "configuration": "Configuration",
    "deployment": "Deployment assets",
    "documentation": "Documentation",
}
CATEGORIES: tuple[str, ...] = tuple(CONTENTS)
CATEGORY_OF: Mapping[str, Category] = {
    kind: category for category, kinds in CONTENTS.items() for kind in kinds
}
"""Kind of component -> its category. The sixteen kinds have different names."""
KINDS_OF_COMPONENTS: tuple[str, ...] = tuple(CATEGORY_OF)


def kind_words(kind: str) -> str:
    """`container images` for `image`."""
    return CONTENTS[CATEGORY_OF[kind]][kind]


def checked_component(release: Release, before: Component | None, part: Component) -> Component:
    """The component with the category of its kind, and `not-needed` only with a reason. Raises BadInput."""
    category = CATEGORY_OF[part.kind]
    if part.category and part.category != category and (before is None or before.category != part.category):
        raise BadInput(
            f"A {part.kind} belongs to {category}, not to {part.category}. "
            f"Kinds of {part.category}: {', '.join(CONTENTS[part.category])}."
        )
    if part.presence == "not-needed" and not part.why_not:
        raise BadInput(f"Say why {quoted(part.id)} is not needed (why-not): it stays in the record.")
    digest = part.checksum.lower().removeprefix("sha256:")
    if part.checksum.lower().startswith("sha256:") and (
        len(digest) != 64 or any(char not in "0123456789abcdef" for char in digest)
    ):
        raise BadInput(
            f"{quoted(part.checksum)} is not a SHA-256: behind 'sha256:' come 64 digits of 0-9a-f."
        )
    return replace(part, category=category)


_DIGITS = {32: "MD5", 40: "SHA-1", 56: "SHA-224", 64: "SHA-256", 96: "SHA-384", 128: "SHA-512"}
"""How many hexadecimal digits a checksum has."""


def checksum_doubts(component: Component) -> tuple[str, ...]:
    """What is probably a slip in a checksum; a tag may be anything that bears a digit."""
    digest = component.checksum.rpartition(":")[2].lower()
    known = ", ".join(f"{count} ({name})" for count, name in _DIGITS.items() if count in (40, 64, 128))
    if not digest or (len(digest) in _DIGITS and set(digest) <= set("0123456789abcdef")):
        return ()
    if set(digest) <= set("0123456789abcdef") and len(digest) >= min(_DIGITS):
        return (f"The checksum of {component.id} has {len(digest)} digits; usual are {known}.",)
    if not any(char.isdigit() for char in digest):
        shown = quoted(component.checksum)
        return (
            f"{shown} of {component.id} looks neither like a checksum nor like a tag: a checksum has "
            f"hexadecimal digits, usually {known}.",
        )
    return ()


def component_gaps(release: Release, component: Component) -> list[Gap]:
    """What one component lacks in the present build."""
    if component.presence == "not-needed":
        return []
    if component.presence == "missing":
        return [Gap(f"{component.id} is not in the package", "component", component.id)]
    lacking = [
        words
        for words, value in (("location", component.location), ("checksum or tag", component.checksum))
        if not value
    ]
    if lacking:
        return [Gap(f"{component.id} has no {' and no '.join(lacking)}", "component", component.id)]
    if is_former(release, component):
        shared = f"said for build {component.iteration}, to be said for build {release.dossier.iteration}:"
        return [Gap(f"{shared} {component.id}", "component", component.id, shared)]
    return []


def undeclared(release: Release) -> tuple[str, ...]:
    """The kinds of component that are neither in the package nor declared not needed."""
    declared = {component.kind for component in release.dossier.components}
    return tuple(kind for kind in KINDS_OF_COMPONENTS if kind not in declared)


def package_gaps(release: Release) -> tuple[Gap, ...]:
    """What the package lacks [S1.9, S1.13]; nothing when it is complete.

    Every kind is declared, each component is there with location and checksum or is not needed, and it
    is known where the package is stored, who has access, how it is tagged, and where the build logs are.
    """
    found = [
        Gap(f"nothing says whether {kind_words(kind)} are needed", "component", kind)
        for kind in undeclared(release)
    ]
    for component in release.dossier.components:
        found += component_gaps(release, component)
    return (*found, *storage_gaps(release))


def storage_gaps(release: Release) -> tuple[Gap, ...]:
    """What is not said about where the package is kept [S1.13]."""
    dossier = release.dossier
    found = [
        Gap(text, "edit", name)
        for text, name, value in (
            ("where the package is stored", "package-at", dossier.package_at),
            ("who has access to the package", "package-access", dossier.package_access),
            ("where the build logs are kept", "build-logs", dossier.build_logs),
        )
        if not value
    ]
    if not dossier.package_tag:
        text = f"the package's tag, which bears {release.id} and {release.version}"
        found.append(Gap(text, "edit", "package-tag"))
    parts = (("identifier", release.id), ("version", release.version))
    lacking = [
        f"the {word} {value}"
        for word, value in parts
        if value.casefold() not in dossier.package_tag.casefold()
    ]
    if dossier.package_tag and lacking:
        text = f"the tag {dossier.package_tag} does not bear {' and '.join(lacking)}"
        found.append(Gap(text, "edit", "package-tag"))
    left = former(release)
    found += [
        Gap(f"{words} of build {build}, to be said for build {dossier.iteration}", "edit", name)
        for name, words, build in (
            (TAG, "the tag is that", dossier.tag_build),
            (LOGS, "the build logs are those", dossier.logs_build),
        )
        if name in left
    ]
    return tuple(found)


def build_confirmation(release: Release, check: str) -> Confirmation | None:
    """Who confirmed a build verification for the present build; None when nobody did since the last fix."""
    for confirmation in reversed(release.dossier.confirmations):
        if confirmation.id == check and confirmation.iteration == release.dossier.iteration:
            return confirmation
    return None


def build_gaps(release: Release) -> tuple[Gap, ...]:
    """The build verifications that nobody has confirmed for the present build [S1.12]."""
    number = release.dossier.iteration
    build = f" of build {number}" if number > 1 else ""
    return tuple(
        Gap(f"not confirmed{build}: {words.lower()}", "confirm", check)
        for check, words in BUILD_CHECKS.items()
        if build_confirmation(release, check) is None
    )


def version_warning(release: Release, previous: str | None = None) -> str | None:
    """What a semantic version says against the release's type [S1.10], after `previous` when it is known."""
    return contradiction(release.version, release.type, previous)


def deployed_gaps(release: Release) -> tuple[Gap, ...]:
    """The version that runs, compared with the package's [S1.29, S1.33]; a leading `v` says nothing.

    After a rollback it is the former one, whatever that is called: the package's must not run any more.
    """
    deployed = release.dossier.deployed_version
    if not deployed:
        return (Gap("which version is running was not recorded", "edit", "deployed-version"),)
    packaged = _plain(deployed) == _plain(release.version)
    if final_outcome(release) == "rolled-back":
        text = f"version {deployed} was rolled back, and is recorded as running"
        return (Gap(text, "edit", "deployed-version"),) if packaged else ()
    if not packaged:
        text = f"version {deployed} is running, the package has {release.version}"
        return (Gap(text, "edit", "deployed-version"),)
    return ()


def _plain(version: str) -> str:
    folded = version.strip().casefold()
    return folded[1:] if folded[:1] == "v" and folded[1:2].isdigit() else folded
