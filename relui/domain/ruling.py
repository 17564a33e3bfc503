"""What a rule answers with, the refusal that every rule begins with, and what is missing, in words."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from relui.domain.instants import local_day
from relui.domain.log import Act
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.domain.text import long_text, one_line
from relui.errors import BadInput, Refused


class Ruling(Struct, frozen=True):
    """What a rule decided: the new release, the act for the log (None: nothing changed), and what it
    did with which item paths. `left` pairs a path with why it was left as it was.

    Bound items are not settled in it: `derived` does that, once, for every rule. `outline` is that of the
    release, where the rule has it already.
    """

    release: Release
    act: Act | None
    changed: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    told: tuple[str, ...] = ()
    outline: Outline | None = None


def refuse_closed(release: Release) -> None:
    """Raises Refused for an archived release: it is read-only."""
    if release.closing is not None:
        day = local_day(release.closing.at, release.zone)
        raise Refused(
            f"{release.id} is archived since {day}: nothing in it can change. "
            "Copy it as a new release to work on it again."
        )


def reason_given(text: str, what: str, so: str = "Nothing was changed.", *, lines: bool = False) -> str:
    """A reason, cleaned: of one line, or of several. Raises BadInput when it is missing; `what` needs it."""
    reason = long_text(text, what="The reason") if lines else one_line(text, what="The reason")
    if not reason:
        raise BadInput(f"{what} needs a reason. {so}")
    return reason


class Gap(Struct, frozen=True):
    """One thing that is missing.

    `at` is where it is met: a kind of part (`change`, `component` ...), `edit`, `confirm`, `promote`,
    `sign` or `book`; `name` is the part's id, the editable field or the confirmation that is meant.
    `shared` is how the text begins where others have the same beginning, such as one cause: `text` is that
    and the rest. `way` leads elsewhere where it can no longer be met there.
    """

    text: str
    at: str = ""
    name: str = ""
    shared: str = ""
    way: Gap | None = None


def sentence(gaps: Iterable[Gap], limit: int = 4) -> str:
    """The first few gaps as one line, and how many more there are; empty for none."""
    found = told_once(gaps)
    more = f"; and {len(found) - limit} more" if len(found) > limit else ""
    return "; ".join(found[:limit]) + more


def told_once(gaps: Iterable[Gap]) -> list[str]:
    """The texts of gaps, those with the same beginning as one: a cause is told once."""
    found: dict[str, list[str]] = {}
    for gap in gaps:
        alike = found.setdefault(gap.shared or gap.text, [])
        if gap.shared:
            alike.append(gap.text.removeprefix(gap.shared).strip())
    return [f"{shared} {', '.join(rest)}" if rest else shared for shared, rest in found.items()]
