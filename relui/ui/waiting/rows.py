"""What waits for whom, as rows: what is overdue first, and where each is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from textual.content import Content

from relui.domain.dossier.waiting import Waiting
from relui.domain.organisation import Organisation
from relui.domain.release import Release
from relui.domain.ruling import Gap
from relui.ui.kit.rows import Row, RowState, section
from relui.ui.kit.text import line, paragraphs
from relui.ui.kit.times import relative, rough, span, when
from relui.ui.one_release.places import Target, target_of_gap

_NUMBERED = "|"


def waiting_rows(
    found: Sequence[Waiting],
    releases: Iterable[Release],
    organisation: Organisation,
    now: datetime,
    zone: str,
) -> list[Row]:
    """The rows in three sections: overdue, with a date, without one. An empty section is left out."""
    known = {release.id: release for release in releases}
    blocks: dict[str, list[Row]] = {"Overdue": [], "Coming": [], "No date": []}
    for number, each in enumerate(found):
        title = "Overdue" if each.overdue else "Coming" if each.due else "No date"
        blocks[title].append(_row(number, each, known, organisation, now, zone))
    rows: list[Row] = []
    for title, block in blocks.items():
        rows += section(title, title, block, "", str(len(block))) if block else []
    return rows


def _row(
    number: int,
    each: Waiting,
    known: Mapping[str, Release],
    organisation: Organisation,
    now: datetime,
    zone: str,
) -> Row:
    release = known.get(each.release)
    name = f"{release.service} {release.version}" if release else each.release
    state: RowState = "bad" if each.overdue else "unmet"
    tail = (
        ""
        if each.due is None
        else f"{rough(now - each.due)} late"
        if each.overdue
        else relative(each.due, now)
    )
    extra = who_words(each, organisation)
    return Row(
        each.kind,
        _NUMBERED.join((str(number), each.name, each.release)),
        name,
        each.words,
        state,
        tail,
        extra,
        keeps_extra=True,
    )


def who_words(each: Waiting, organisation: Organisation) -> str:
    """`Grace, Lin`, or the role alone when nobody has it."""
    names = []
    for name in each.people:
        person = organisation.person(name)
        names.append(person.name if person else name)
    return ", ".join(names) or each.role or "anybody"


def number_of(row: Row) -> int:
    """Which of what waits a row is about."""
    return int(row.id.partition(_NUMBERED)[0])


def waiting_detail(each: Waiting, organisation: Organisation, now: datetime, zone: str) -> list[Content]:
    """One thing that waits, in full."""
    lines = [line((f"{each.release}  {each.kind}", "bold text")), *paragraphs(each.words)]
    role = f" ({each.role})" if each.role and each.people else ""
    lines.append(line(("for ", "muted"), f"{who_words(each, organisation)}{role}"))
    if each.due is not None:
        mark = "overdue" if each.overdue else "text"
        late = f"{span(now - each.due)} late" if each.overdue else relative(each.due, now)
        lines.append(line((f"due {when(each.due, zone, year=now.year)}, {late}", mark)))
    return lines


def place_of(each: Waiting) -> Target | None:
    """The tab and line of the record where it is done; None for what is not in the record.

    An item and a debt are on the checklist, a retrospective has its own screen. Of the actions those that
    remain of a completion are told with it, `D-4.1`; those that were learned stand on a checklist, or among
    the open actions.
    """
    if each.kind == "action" and "." in each.name:
        return Target("gates", (("decision", each.name.partition(".")[0]),))
    if each.kind in ("item", "debt", "retrospective", "action"):
        return None
    at = {"sign-off": "sign", "confirmation": "confirm", "notice": "message", "review": "confirm"}[each.kind]
    return target_of_gap(Gap("", at, each.name), "gates")
