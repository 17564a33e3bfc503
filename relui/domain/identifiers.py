"""Identifiers, REL-YYYY-MM-NNN, never reused and unchanged when the date moves [S1.7]; and versions [S1.10].

Versions are semantic, by date (YYYY.MM.DD) or sequential.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from relui.domain.instants import local_day
from relui.domain.release import ReleaseType
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput

_ID = r"REL-(\d{4})-(0[1-9]|1[0-2])-(\d{3}|[1-9]\d{3,5})"  # compiled at its first use


def month_of(go_live: datetime, zone: str) -> str:
    """The month that an identifier counts in: that of the go-live, in its zone."""
    return f"{local_day(go_live, zone):%Y-%m}"


def identifier(month: str, number: int) -> str:
    """The identifier of the month's release with that number, counted from 1."""
    return f"REL-{month}-{number:03d}"


def parts(release_id: str) -> tuple[str, int] | None:
    """Month and number of an identifier, or None for a text that is none."""
    found = re.fullmatch(_ID, release_id, re.ASCII)
    return (f"{found[1]}-{found[2]}", int(found[3])) if found and int(found[3]) else None


def matching(short: str, known: Iterable[str]) -> list[str]:
    """The identifiers that `short` may stand for: whole, an end of it such as `11-003` or `3`, or whole
    parts of it such as `2026-11`; in order."""
    wanted = short.strip().upper()
    candidates = sorted(set(known))
    if wanted in candidates:
        return [wanted]
    found = [name for name in candidates if name.endswith(f"-{wanted}")]
    if not found and wanted.isdigit():
        found = [name for name in candidates if name.rpartition("-")[2].lstrip("0") == wanted.lstrip("0")]
    if not found and "-" in wanted.strip("-"):  # never part of a number: `2` must not mean 2026
        found = [name for name in candidates if f"-{wanted.removeprefix('REL-')}-" in f"{name}-"]
    return found


def resolve(short: str, known: Iterable[str]) -> str:
    """The one identifier that `short` stands for (see `matching`).

    Raises BadInput when none or several fit, listing the candidates.
    """
    candidates = list(known)
    found = matching(short, candidates)
    if len(found) == 1:
        return found[0]
    if not found:  # a part that is cut short, such as `11-00`, chooses nothing; but it is told what it fits
        wanted = short.strip().upper().removeprefix("REL-")
        begun = sorted(name for name in candidates if wanted and f"-{wanted}" in name)
        found = begun if len(begun) > 1 else []
    if found:
        raise BadInput(
            f"{quoted(short)} is ambiguous: {', '.join(found[:10])}. Write more of the identifier."
        )
    raise BadInput(
        f"There is no active release {quoted(short)}.{did_you_mean(short.strip().upper(), candidates)}"
    )


# Compiled at their first use. Nine digits are more than any version has, and few enough to count with.
_SEMANTIC = r"v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:[-+][0-9A-Za-z.+-]+)?"
_DATED = r"v?(20\d{2})\.(0[1-9]|1[0-2])\.(0[1-9]|[12]\d|3[01])(?:[.-]\d+)?"

_DAY = r"v?(20\d{2})\.(\d{2})\.(\d{2})(?:[.-]\d+)?"
_NUMBER = r"v?\d{1,9}"
PLACEHOLDERS = ("tbd", "tba", "unknown", "none", "?", "-", "next")
"""What stands for a version that is not known yet."""


def scheme_doubt(version: str, release_id: str = "") -> str:
    """A warning for a version of no scheme, or by a day that does not exist; empty when it is of one [S1.10].

    Sequential is a plain number, or what ends in the number of the identifier. While that is not known yet
    whatever ends in a number may be. A placeholder is no version, and nothing is said of it.
    """
    text = version.strip()
    if not text or text.casefold() in PLACEHOLDERS:
        return ""
    day = re.fullmatch(_DAY, text, re.ASCII)
    if day is not None:
        try:
            date(int(day[1]), int(day[2]), int(day[3]))
        except ValueError:
            return f"The version {quoted(text)} reads as a date, and there is no such day."
        return ""
    number = release_id.rpartition("-")[2]
    sequential = text.endswith(number) if number else text[-1].isdigit()
    if semantic(text) or sequential or re.fullmatch(_NUMBER, text, re.ASCII):
        return ""
    ends = f", such as infra-{number}" if number else ""
    return (
        f"The version {quoted(text)} is of no scheme: semantic (2.4.0), by date (2026.11.21), or a number, "
        f"for instance that of the identifier{ends}."
    )


def semantic(version: str) -> tuple[int, int, int] | None:
    """Major, minor, patch of a semantic version; None for any other scheme."""
    if re.fullmatch(_DATED, version, re.ASCII):
        return None
    found = re.fullmatch(_SEMANTIC, version, re.ASCII)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def implied_type(version: str, previous: str | None) -> ReleaseType | None:
    """The type that a version's own numbers tell: by its step from `previous`, else by its zeros.

    One below `previous` belongs to an older line, and is read by itself.
    """
    new, old = semantic(version), semantic(previous) if previous else None
    if new is None:
        return None
    if old is not None and new > old:
        return "major" if new[0] != old[0] else "minor" if new[1] != old[1] else "patch"
    if new[1] == new[2] == 0:
        return "major"
    return "minor" if new[2] == 0 else "patch"


def contradiction(version: str, type_: ReleaseType, previous: str | None = None) -> str | None:
    """A warning when a semantic version says something else than the release's type [S1.10], or None.

    A patch bumps the patch number, a minor release the minor one, and then the patch number is 0. What is
    major is as large as its owner says: one that bumps less contradicts nothing.
    """
    implied, new = implied_type(version, previous), semantic(version)
    if implied is None or new is None or type_ in ("emergency", "major"):
        return None
    step = f" after {previous}" if previous else ""
    if implied == type_:
        if type_ == "patch" or not new[2]:
            return None
        return f"Version {version}{step} has a patch number, but a minor release ends in .0."
    return f"Version {version}{step} reads as a {implied} release, but the type is {type_}."
