"""Numbers, dates and zones that nothing can be reckoned with: told as damage, never a crash."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from relui.desk.desk import Desk
from relui.errors import StoreError
from relui.store.catalogue import CatalogueFile
from relui.store.releases import ReleaseFiles
from tests.store.samples import begun, closed, desk_on, keep, release_of

GOOD, BAD = "REL-2026-11-001", "REL-2026-11-002"
FAR, EARLY = "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"
BOOKED = {
    "at": "2026-11-20T20:00:00Z", "duration": 60, "counter": 1, "booked_at": "2026-11-01T20:00:00Z",
    "booked_by": "Ada",
}  # fmt: skip


def sets(field: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(state: dict[str, Any]) -> None:
        state[field] = value

    return change


def _mark(state: dict[str, Any]) -> None:
    state["marks"] = {"work.i0": {"state": "done", "by": "Ada", "at": FAR}}


def _due(state: dict[str, Any]) -> None:
    state["phases"][0]["due"] = "T-999999999h"


ODD = {
    "duration beyond 64 bits": sets("duration", 10**30),
    "duration of aeons": sets("duration", 2**62),
    "no duration": sets("duration", 0),
    "duration below nothing": sets("duration", -5),
    "go-live at the end of time": sets("go_live", FAR),
    "go-live at its beginning": sets("go_live", EARLY),
    "started long ago": sets("started_at", EARLY),
    "completed far away": sets("completed_at", FAR),
    "created far away": sets("created_at", FAR),
    "a mark far away": _mark,
    "a booking far away": sets("bookings", [BOOKED | {"at": FAR}]),
    "a booking made long ago": sets("bookings", [BOOKED | {"booked_at": EARLY}]),
    "a booking without end": sets("bookings", [BOOKED | {"duration": 2**62}]),
    "a decision far away": sets(
        "dossier", {"decisions": [{"id": "d1", "kind": "go", "by": "Ada", "at": FAR}]}
    ),
    "no such zone": sets("zone", "Mars/Olympus"),
    "a zone that leads out": sets("zone", "../../etc/passwd"),
    "no zone": sets("zone", ""),
    "no due time": _due,
}


def damage(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    tables = json.loads(path.read_text("utf-8"))
    change(tables["release"]["1"])
    path.write_text(json.dumps(tables), "utf-8")


@pytest.mark.parametrize("odd", ODD)
def test_what_cannot_be_reckoned_with_is_a_damaged_file_and_the_others_are_listed(
    tmp_path: Path, odd: str
) -> None:
    store = ReleaseFiles(tmp_path)
    keep(store, 1)
    keep(store, 2)
    path = tmp_path / "releases" / f"{BAD}.json"
    damage(path, ODD[odd])
    desk = desk_on(tmp_path)
    active = desk.journal.active()
    assert [one.id for one in active.releases] == [GOOD]
    assert [BAD in problem for problem in active.problems] == [True]
    for act in (
        desk.journal.open,
        desk.releases.close,
        desk.exchange.markdown,
        lambda name: desk.items.tick(name, ["work.i0"]),
    ):
        with pytest.raises(StoreError) as caught:
            act(BAD)
        assert str(path) in caught.value.message


@pytest.mark.parametrize("odd", ["duration beyond 64 bits", "go-live at the end of time", "a mark far away"])
def test_the_archive_names_such_a_file_and_lists_the_others(tmp_path: Path, odd: str) -> None:
    store = ReleaseFiles(tmp_path)
    for number in (1, 2):
        store.create_archived(*begun(closed(release_of(number))))
    damage(tmp_path / "archive" / "2026" / f"{BAD}.json", ODD[odd])
    assert [row.id for row in store.catalogue.summaries()] == [GOOD]
    assert [Path(path).stem for path in store.catalogue.unreadable()] == [BAD]


def test_a_row_of_the_catalogue_that_cannot_be_reckoned_with_is_derived_anew(tmp_path: Path) -> None:
    store = ReleaseFiles(tmp_path)
    store.create_archived(*begun(closed(release_of(1))))
    before = store.catalogue.summaries()
    catalogue: CatalogueFile = store.catalogue
    tables = json.loads(catalogue.path.read_text("utf-8"))
    tables["summaries"]["1"]["summary"]["go_live"] = FAR
    catalogue.path.write_text(json.dumps(tables), "utf-8")
    assert store.catalogue.summaries() == before


def test_a_log_entry_far_away_is_damage_in_words(tmp_path: Path) -> None:
    store = ReleaseFiles(tmp_path)
    keep(store, 1)
    path = tmp_path / "releases" / f"{GOOD}.json"
    tables = json.loads(path.read_text("utf-8"))
    tables["log"]["1"]["at"] = EARLY
    path.write_text(json.dumps(tables), "utf-8")
    with pytest.raises(StoreError):
        _ = desk_on(tmp_path).journal.open(GOOD).entries


def test_the_app_shows_it_as_a_problem(tmp_path: Path) -> None:
    from relui.ui.kit.desk_app import Board

    store = ReleaseFiles(tmp_path)
    keep(store, 1)
    keep(store, 2)
    damage(tmp_path / "releases" / f"{BAD}.json", ODD["go-live at the end of time"])
    desk: Desk = desk_on(tmp_path)
    board = Board(desk)
    board.update()
    assert [one.id for one in board.releases] == [GOOD]
    assert BAD in board.problems[0]
