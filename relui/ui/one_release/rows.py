"""Rows of the release list and of the archive."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from textual.content import Content

from relui.domain.progress import Standing
from relui.domain.release import Release
from relui.domain.summary import Summary, on_time
from relui.ui.kit.text import bar, column, line, spread
from relui.ui.kit.times import date_words, time_left

TROUBLE_MARKS = {
    "conflict": "failed",
    "to-be-moved": "overdue",
    "missed": "overdue",
    "requested": "overdue",
    "failed": "failed",
    "debt": "failed",
    "overdue": "overdue",
    "owing": "overdue",
    "retro": "overdue",
}
OUTCOME_MARKS = {"successful": "done", "partial": "partial", "rolled-back": "failed", "cancelled": "muted"}


def state_sign(release: Release, standing: Standing) -> tuple[str, str]:
    """Two cells: live, in trouble, emergency, or calm."""
    if standing.live:
        return ">>", "running"
    if any(trouble.kind in ("conflict", "failed", "debt") for trouble in standing.troubles):
        return " !", "failed"
    if standing.troubles:
        return " !", "overdue"
    if release.is_emergency:
        return " E", "running"
    return "  ", "muted"


class _Columns(Struct, frozen=True):
    """How wide the columns of a row are, from a list of `width` cells on; 0 leaves one out.

    What it is and what is wrong stay longest; then how far it is, the type, the stage, the bar.
    """

    width: int
    whole: bool
    type: int
    stage: int
    bar: int
    troubles: int


_FORMS = (
    _Columns(118, True, 10, 8, 10, 26),
    _Columns(102, True, 10, 8, 8, 18),
    _Columns(92, False, 10, 8, 8, 18),
    _Columns(76, False, 6, 7, 4, 15),
    _Columns(71, False, 6, 7, 0, 14),
    _Columns(62, False, 6, 0, 0, 14),
    _Columns(56, False, 6, 0, 0, 10),
    _Columns(0, False, 2, 0, 0, 10),
)
_SHORT_TYPES = {"emergency": "emerg"}
_LETTERS = {"emergency": "E"}
"""In the narrowest list only what must not be missed bears a letter."""


def active_row(release: Release, standing: Standing, width: int) -> Content:
    """One active release: sign, what, which type and stage, how far, how long to go, and what is wrong."""
    sign, mark = state_sign(release, standing)
    form = next(each for each in _FORMS if width >= each.width)
    kind = "failed" if release.is_emergency else "muted"
    right: list[str | tuple[str, str] | Content] = [column(_type_words(release, form.type), form.type, kind)]
    if form.stage:
        right.append(column(str(standing.stage), form.stage, "text"))
    if form.bar:
        filled, rest = bar(standing.done, standing.total, form.bar)
        right += [(filled, "done"), (rest, "muted"), " "]
    right += [column(f"{standing.done}/{standing.total}", 6, "text"), _countdown(standing), " "]
    end = line(*right, _troubles(standing, form.troubles), " ")
    name = release.id if form.whole else release.id[9:]
    start = line(" ", (sign, mark), " ", (name, "accent"), " ")
    room = width - end.cell_length - start.cell_length - 1
    return spread(line(start, _title(release, room)), end, width, gap=1)


def _type_words(release: Release, width: int) -> str:
    if width >= 10:
        return release.type
    return _SHORT_TYPES.get(release.type, release.type) if width > 2 else _LETTERS.get(release.type, "")


def _title(release: Release, room: int) -> Content:
    """Service and version; where both don't fit the service gives way: the version is what one looks for."""
    title = line((f"{release.service} {release.version}", "bold text"))
    version = line((f" {release.version}", "bold text"))
    left = room - version.cell_length
    if title.cell_length <= room or left < 2:
        return title
    return line(line((release.service, "bold text")).truncate(left, ellipsis=True), version)


def _countdown(standing: Standing) -> Content:
    mark = "running" if standing.live else "text"
    return column(time_left(standing), 9, mark)


def _troubles(standing: Standing, width: int) -> Content:
    """As many troubles as fit, the worst first, and how many more there are."""
    found = standing.troubles
    if not found:
        words, mark = ("live", "running") if standing.live else ("", "muted")
        return column(words, width, mark)
    for count in range(len(found), 0, -1):
        pieces: list[str | tuple[str, str] | Content] = []
        for number, trouble in enumerate(found[:count]):
            pieces += [", "] if number else []
            pieces.append((trouble.text, TROUBLE_MARKS.get(trouble.kind, "overdue")))
        if count < len(found):
            pieces.append((f" +{len(found) - count}", "muted"))
        made = line(*pieces)
        if made.cell_length <= width:
            break
    return made.truncate(width, ellipsis=True, pad=True)


def archive_row(summary: Summary, zone: str, width: int) -> Content:
    """One archived release: identifier, service and version, type, outcome, what was wrong, date, items.

    What was wrong is what failed, else whether it was late.
    """
    outcome = summary.outcome or "?"
    punctual = on_time(summary)
    timing = {True: ("on time", "muted"), False: ("late", "overdue"), None: ("", "muted")}[punctual]
    if outcome == "rolled-back":
        timing = ("", "muted")
    if summary.failed:
        timing = (f"failed {summary.failed}", "failed")
    name = summary.id if width >= 92 else summary.id[4:]
    right: list[str | tuple[str, str] | Content] = []
    if width >= 92:
        right += [column(summary.type, 10, "muted")]
    right.append(column(outcome, 12, OUTCOME_MARKS.get(outcome, "text")))
    if width >= 68:
        right.append(column(timing[0], 10, timing[1]))
    if width >= 104:
        right.append(column(f"{summary.done}/{summary.total}", 8, "text"))
    right.append(column(date_words(summary.go_live, zone).rjust(11), 12, "text"))
    left = line("   ", (name, "accent"), " ", (f"{summary.service} {summary.version}", "text"))
    return spread(left, line(*right), width, gap=2)


def header(
    release: Release,
    standing: Standing,
    now: datetime,
    zone: str,
    width: int,
    note: str = "",
    by: str = "",
    clock: Content | None = None,
) -> Content:
    """The first line of a release's screens: what, who acts (`by`), when, how long to go."""
    from relui.ui.kit.times import when

    left = line(
        " ", (release.id, "accent"), "  ", (f"{release.service} {release.version}", "bold text"), "  ",
        (release.type, "failed" if release.is_emergency else "muted"),
    )  # fmt: skip
    moment = when(release.go_live, zone, year=now.astimezone().year)
    count = time_left(standing)
    if release.closing is not None:
        right = line((f"{release.closing.outcome}, archived", "muted"), " ")
    elif clock is not None:
        right = _with_clock(clock, note, moment, width - left.cell_length - 2)
    elif width >= 74:
        acting = f"as {by}  " if by and width >= 100 else ""
        wrong, at = line((note, "overdue"), "  " if note else ""), line((moment, "text"), "  ")
        # Where there is no room for all of it, who acts gives way first, then the date: the count tells it.
        choices = (line((acting, "muted"), wrong, at), line(wrong, at), wrong if note else at)
        room = width - left.cell_length - len(count) - 3
        words = next((each for each in choices if each.cell_length <= room), choices[-1])
        right = line(words, _clocked(count, standing), " ")
    else:
        right = line((note, "overdue"), " " if note else "", _clocked(count, standing), " ")
    return spread(left, right, width)


def _with_clock(clock: Content, note: str, moment: str, room: int) -> Content:
    """The clock, and before it what there is room for: what is wrong and the go-live, or one of them."""
    wrong, at = line((note, "overdue"), "  " if note else ""), line((moment, "text"), "  ")
    for words in (line(wrong, at), wrong if note else at, line("")):
        if words.cell_length + clock.cell_length <= room:
            return line(words, clock, " ")
    return line(clock, " ")


def _clocked(count: str, standing: Standing) -> tuple[str, str]:
    return (count, "running" if standing.live else "bold text")
