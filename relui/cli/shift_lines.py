"""The page of a shift's hand-over: how `relui hand-over` prints it, and its document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relui.cli.gating import line_shapes
from relui.cli.output import Piece, Styled
from relui.cli.session import Session
from relui.cli.wording import distance, moment
from relui.domain.dossier.shift import ShiftPage
from relui.domain.release import Release


def print_page(session: Session, release_id: str) -> None:
    """Print the page of a release as it stands now."""
    page = session.desk.shift_page(release_id)
    if session.json:
        release = session.desk.open(release_id).release
        session.out.document({"id": release_id, "page": page_shape(release, page)})
        return
    session.out.lines(list(_lines(release_id, page, session.desk.display_zone())))


def _lines(release_id: str, page: ShiftPage, zone: str) -> Iterator[tuple[Piece, ...]]:
    yield (Styled(f"{release_id}: hand-over, {moment(page.now, zone)} {zone}", "bold"),)
    yield (f"Led by {page.leader}.",)
    for words in page.state:
        yield (words,)
    clock = page.clock
    yield (
        f"Window {moment(clock.start, zone)} to {moment(clock.end, zone)}, "
        f"ends {distance(clock.end - page.now)}",
    )
    if clock.last_rollback is not None:
        last = distance(clock.last_rollback - page.now)
        yield (f"Last moment to start a rollback: {moment(clock.last_rollback, zone)}, {last}",)
    open_items = [f"{node.text} ({node.path})" for node in page.open_items]
    failed = [f"{node.text} ({node.path})" for node in page.failed]
    unmet = [line.words for line in page.unmet]
    decided = [
        f"{moment(each.at, zone)}  {each.kind} by {each.by}" + (f": {each.words}" if each.words else "")
        for each in page.decided
    ]
    for title, rows in (
        ("Worries", page.worries),
        ("Open", open_items),
        ("Failed", failed),
        ("Open defects", page.defects),
        ("Stands in the way", unmet),
        ("Decided", decided),
    ):
        if rows:
            yield ("",)
            yield (Styled(title, "bold"),)
        for row in rows:
            yield (f"  {row}",)


def page_shape(release: Release, page: ShiftPage) -> dict[str, Any]:
    """The page as a document."""
    from relui.cli.shape import shapes_of

    clock = page.clock
    return {
        "now": page.now,
        "leader": page.leader,
        "state": page.state,
        "window": {
            "start": clock.start,
            "end": clock.end,
            "elapsed_minutes": clock.elapsed,
            "remaining_minutes": clock.remaining,
            "last_rollback": clock.last_rollback,
        },
        "open_items": [{"path": node.path, "text": node.text} for node in page.open_items],
        "failed_items": [{"path": node.path, "text": node.text} for node in page.failed],
        "unmet": line_shapes(release, page.unmet),
        "defects": page.defects,
        "decisions": shapes_of(page.decided),
        "worries": page.worries,
    }
