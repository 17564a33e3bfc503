"""Versions: semantic, by date (YYYY.MM.DD) or sequential [S1.10]."""

from __future__ import annotations

import re

from relui.domain.release import ReleaseType

# Compiled at their first use. Nine digits are more than any version has, and few enough to count with.
_SEMANTIC = r"v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:[-+][0-9A-Za-z.+-]+)?"
_DATED = r"v?(20\d{2})\.(0[1-9]|1[0-2])\.(0[1-9]|[12]\d|3[01])(?:[.-]\d+)?"


def semantic(version: str) -> tuple[int, int, int] | None:
    """Major, minor, patch of a semantic version; None for any other scheme."""
    if re.fullmatch(_DATED, version, re.ASCII):
        return None
    found = re.fullmatch(_SEMANTIC, version, re.ASCII)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def implied_type(version: str, previous: str | None) -> ReleaseType | None:
    """The type that a version's own numbers tell: by its step from `previous`, else by its zeros."""
    new, old = semantic(version), semantic(previous) if previous else None
    if new is None:
        return None
    if old is not None and new > old:
        return "major" if new[0] != old[0] else "minor" if new[1] != old[1] else "patch"
    if new[1] == new[2] == 0:
        return "major"
    return "minor" if new[2] == 0 else None


def contradiction(version: str, type_: ReleaseType, previous: str | None = None) -> str | None:
    """A warning when a semantic version says more than the release's type [S1.10], or None.

    A minor release that bumps the major number contradicts; a major one that bumps less does not.
    """
    implied = implied_type(version, previous)
    if implied is None or type_ == "emergency":
        return None
    order: list[ReleaseType] = ["patch", "minor", "major"]
    if order.index(implied) <= order.index(type_):
        return None
    step = f" after {previous}" if previous else ""
    return f"Version {version}{step} reads as a {implied} release, but the type is {type_}."
