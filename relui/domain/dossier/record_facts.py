"""Facts of the record that tick the items bound to them: confirmations, messages, tests, the package.

Only what the release itself holds, and only what some item asks for: a tick judges no gate.
"""

from __future__ import annotations

from collections.abc import Iterable

from relui.domain.dossier.notices import MESSAGE_WORDS, last_sent
from relui.domain.dossier.package import package_gaps
from relui.domain.dossier.points import GROUPS, POINTS, confirmed, points_of
from relui.domain.dossier.testing import CATEGORY_WORDS, blocking_gaps, coverage, present_runs
from relui.domain.release import Release

PACKAGE = "package-complete"
TESTED = "tested"


def known_facts() -> tuple[str, ...]:
    """The names of all of them."""
    return (
        PACKAGE,
        TESTED,
        *(f"{TESTED}:{category}" for category in CATEGORY_WORDS),
        *(f"confirmed:{name}" for name in (*GROUPS, *POINTS)),
        *(f"sent:{message}" for message in MESSAGE_WORDS),
    )


def words_of(fact: str) -> str:
    """When an item that is bound to it ticks itself; nothing for what is no such fact."""
    kind, _, name = fact.partition(":")
    if kind == "confirmed" and name in GROUPS:
        return f"when every point of '{GROUPS[name]}' is confirmed"
    if kind == "confirmed" and name in POINTS:
        return f"when it is confirmed: {POINTS[name].words[:1].lower()}{POINTS[name].words[1:]} ({name})"
    if kind == "sent" and name in MESSAGE_WORDS:
        return f"when '{MESSAGE_WORDS[name]}' is recorded as sent"
    if fact == PACKAGE:
        return "when the package is complete"
    if fact == TESTED:
        return "when this build was tested as its type asks, and no critical or high defect is open"
    categories = {str(category): words for category, words in CATEGORY_WORDS.items()}
    if kind == TESTED and name in categories:
        return f"when this build passed its {categories[name].lower()} tests"
    return ""


def holding(release: Release, asked: Iterable[str]) -> frozenset[str]:
    """Those of the facts `asked` for that hold now."""
    return frozenset(fact for fact in asked if _holds(release, fact))


def _holds(release: Release, fact: str) -> bool:
    kind, _, name = fact.partition(":")
    if kind == "confirmed":
        points = [point.id for point in points_of(name)] or [name]
        return all(confirmed(release, point) for point in points)
    if kind == "sent":
        return last_sent(release, name) is not None
    if fact == PACKAGE:
        return not package_gaps(release)
    return kind == TESTED and _passed(release, name)


def _passed(release: Release, name: str) -> bool:
    """One category passed; or without a name all that is asked for was run and no serious defect is open."""
    rows = [row for row in coverage(release) if name in ("", row.category)]
    run = any(name in ("", each.category) for each in present_runs(release))
    ran = run and all(row.covered and not row.blocked + row.planned for row in rows)
    return ran and (not any(row.failed for row in rows) if name else not blocking_gaps(release))
