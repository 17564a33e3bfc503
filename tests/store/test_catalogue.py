"""The archive's catalogue is derived: whatever happens to it or to the files, the list is right."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from relui.errors import BadInput, StoreError
from relui.files import write_atomic
from relui.store import catalogue as catalogue_module
from relui.store.catalogue import CatalogueFile
from relui.store.releases import ReleaseFiles
from tests.store.samples import NOW, begun, closed, closing, every_file, keep, release_of
from tests.store.test_atomic import FAILURES, failing

IDS = [f"REL-2026-11-{number:03d}" for number in (1, 2, 3)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three archived releases, catalogued."""
    store = ReleaseFiles(tmp_path / "data")
    for number in (1, 2, 3):
        store.create_archived(*begun(closed(release_of(number))))
    assert listed(store) == IDS
    return tmp_path / "data"


@pytest.fixture
def store(data: Path) -> ReleaseFiles:
    return ReleaseFiles(data)


def listed(store: ReleaseFiles) -> list[str]:
    return sorted(summary.id for summary in store.catalogue.summaries())


def catalogue(data: Path) -> Path:
    return data / "archive" / "catalogue.json"


def in_archive(data: Path, release_id: str) -> Path:
    return data / "archive" / "2026" / f"{release_id}.json"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The archived files that are read from now on."""
    found: list[str] = []
    real = CatalogueFile._derived

    def derived(self: CatalogueFile, name: str, stamp: Any) -> Any:
        found.append(Path(name).stem)
        return real(self, name, stamp)

    monkeypatch.setattr(CatalogueFile, "_derived", derived)
    return found


def test_a_warm_catalogue_reads_no_archived_file_and_writes_nothing(data: Path, reads: list[str]) -> None:
    before = catalogue(data).stat()
    assert listed(ReleaseFiles(data)) == IDS
    assert reads == []
    assert catalogue(data).stat().st_ino == before.st_ino


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"about": {"1": {"format": 1}}, "summaries": {}}',
        b'{"about": {"1": {"format": 2}}, "summaries": {}}',
        b'{"about": {"1": {"format": 999}}, "summaries": {}}',
        b'{"about": 7, "summaries": 8}',
        b'{"about": {"1": {"format": "x"}}}',
        b'{"summaries": {"1": null}}',
    ],
    ids=lambda content: repr(content)[:40],
)
def test_a_catalogue_that_is_missing_or_damaged_is_derived_again(
    data: Path, store: ReleaseFiles, content: bytes | None, reads: list[str]
) -> None:
    if content is None:
        catalogue(data).unlink()
    else:
        catalogue(data).write_bytes(content)
    assert listed(store) == IDS
    assert reads == IDS
    assert listed(ReleaseFiles(data)) == IDS
    assert reads == IDS


ROW = [
    ("file", "2026/REL-2026-11-009.json"),
    ("file", "../../etc/passwd"),
    ("file", None),
    ("size", "x"),
    ("size", -1),
    ("changed", 10**30),
    ("changed", 1.5),
    ("summary", None),
    ("summary", []),
    ("summary", {"id": "REL-2026-11-001"}),
]


@pytest.mark.parametrize(("key", "value"), ROW)
def test_a_row_that_is_damaged_is_derived_again(
    data: Path, store: ReleaseFiles, key: str, value: object
) -> None:
    tables = json.loads(catalogue(data).read_bytes())
    tables["summaries"]["1"][key] = value
    catalogue(data).write_text(json.dumps(tables))
    assert listed(store) == IDS
    assert {summary.title for summary in store.catalogue.summaries()} == {"1.0.0", "2.0.0", "3.0.0"}


def test_a_row_of_another_release_is_derived_again(data: Path, store: ReleaseFiles) -> None:
    """A row that bears its own file's size and time, and speaks of another release."""
    tables = json.loads(catalogue(data).read_bytes())
    tables["summaries"]["1"]["summary"] = tables["summaries"]["2"]["summary"]
    catalogue(data).write_text(json.dumps(tables))
    assert listed(store) == IDS


def test_rows_of_files_that_are_not_there_vanish(data: Path, store: ReleaseFiles) -> None:
    tables = json.loads(catalogue(data).read_bytes())
    foreign = json.loads(json.dumps(tables["summaries"]["1"]).replace(IDS[0], "REL-2026-11-099"))
    tables["summaries"]["4"] = foreign
    catalogue(data).write_text(json.dumps(tables))
    assert listed(store) == IDS


def test_the_same_row_twice_counts_once(data: Path, store: ReleaseFiles) -> None:
    tables = json.loads(catalogue(data).read_bytes())
    tables["summaries"]["3"] = tables["summaries"]["2"]
    catalogue(data).write_text(json.dumps(tables))
    assert listed(store) == IDS


def test_a_file_that_was_added_removed_or_replaced_behind_our_back_is_noticed(
    data: Path, store: ReleaseFiles, reads: list[str]
) -> None:
    elsewhere = ReleaseFiles(data.parent / "elsewhere")
    elsewhere.create_archived(*begun(closed(release_of(4))))
    shutil.copy(in_archive(data.parent / "elsewhere", "REL-2026-11-004"), in_archive(data, "REL-2026-11-004"))
    assert listed(store) == [*IDS, "REL-2026-11-004"]
    assert reads == ["REL-2026-11-004"]

    in_archive(data, IDS[0]).unlink()
    assert listed(store) == [*IDS[1:], "REL-2026-11-004"]
    assert reads == ["REL-2026-11-004"]

    content = in_archive(data, IDS[1]).read_bytes()
    write_atomic(in_archive(data, IDS[1]), content.replace(b'"title":"2.0.0"', b'"title":"two point oh"'))
    assert {summary.title for summary in store.catalogue.summaries()} == {"two point oh", "3.0.0", "4.0.0"}
    assert reads == ["REL-2026-11-004", IDS[1]]


def test_a_file_of_the_same_size_and_another_time_is_read_again(data: Path, store: ReleaseFiles) -> None:
    path = in_archive(data, IDS[0])
    was = path.stat()
    path.write_bytes(path.read_bytes().replace(b'"shop"', b'"shoe"'))
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns + 1))
    assert {summary.service for summary in store.catalogue.summaries()} == {"shop", "shoe"}


def test_damaged_archived_files_are_named_and_the_others_listed(data: Path, store: ReleaseFiles) -> None:
    in_archive(data, IDS[1]).write_bytes(b"rubbish")
    assert listed(store) == [IDS[0], IDS[2]]
    assert list(store.catalogue.unreadable()) == [str(in_archive(data, IDS[1]))]
    assert listed(store) == [IDS[0], IDS[2]]
    assert list(store.catalogue.unreadable()) == [str(in_archive(data, IDS[1]))]


def test_a_damaged_archived_file_is_no_reason_to_write_the_catalogue_each_time(
    data: Path, store: ReleaseFiles
) -> None:
    in_archive(data, IDS[1]).write_bytes(b"rubbish")
    listed(store)
    before = catalogue(data).stat().st_ino
    listed(ReleaseFiles(data))
    assert catalogue(data).stat().st_ino == before


def test_a_damaged_archived_file_that_was_mended_is_listed_again(data: Path, store: ReleaseFiles) -> None:
    content = in_archive(data, IDS[1]).read_bytes()
    in_archive(data, IDS[1]).write_bytes(b"rubbish")
    listed(store)
    in_archive(data, IDS[1]).write_bytes(content)
    assert listed(store) == IDS
    assert store.catalogue.unreadable() == {}


@pytest.mark.parametrize(
    "name",
    ["2026/notes.json", "2026/REL-2026-11-1.json", "2025/REL-2026-11-001.json", "2026/copy of it.json"],
)
def test_a_copy_under_another_name_or_year_is_named_and_not_listed_twice(
    data: Path, store: ReleaseFiles, name: str
) -> None:
    stray = data / "archive" / name
    stray.parent.mkdir(exist_ok=True)
    shutil.copy(in_archive(data, IDS[0]), stray)
    assert listed(store) == IDS
    assert list(store.catalogue.unreadable()) == [str(stray)]
    with pytest.raises(BadInput):
        store.catalogue.set_aside(str(in_archive(data, IDS[0])))
    aside = Path(store.catalogue.set_aside(str(stray)))
    assert aside.parent == data / "quarantine"
    assert listed(store) == IDS
    assert store.catalogue.unreadable() == {}


def test_files_that_are_no_records_are_left_alone(data: Path, store: ReleaseFiles) -> None:
    (data / "archive" / "README").write_text("theirs")
    (data / "archive" / "2026" / "notes.txt").write_text("theirs")
    (data / "archive" / "2026" / ".REL-2026-11-009.json.tmp").write_text("half")
    (data / "archive" / "2026" / "REL-2026-11-009.json").mkdir()
    assert listed(store) == IDS
    assert [Path(path).name for path in store.catalogue.unreadable()] == ["REL-2026-11-009.json"]


@pytest.mark.parametrize("code", FAILURES)
def test_an_archive_on_a_disk_that_cannot_be_written_is_still_listed(
    data: Path, store: ReleaseFiles, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    catalogue(data).unlink()
    before = every_file(data)
    monkeypatch.setattr(os, "fsync", failing(code))
    assert listed(store) == IDS
    monkeypatch.undo()
    assert every_file(data) == before


def test_a_read_only_store_lists_the_archive_and_writes_no_catalogue(data: Path) -> None:
    catalogue(data).unlink()
    before = every_file(data)
    assert listed(ReleaseFiles(data, read_only=True)) == IDS
    assert every_file(data) == before


def test_a_summary_of_an_older_form_is_derived_again(
    data: Path, store: ReleaseFiles, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_module, "FORMAT", catalogue_module.FORMAT + 1)
    assert listed(store) == IDS
    assert reads == IDS


def test_the_catalogue_knows_the_changes_and_defects_of_each_release(data: Path) -> None:
    """[S1.3] A change that went out before is found without reading the archived releases."""
    from msgspec.structs import replace

    from relui.domain.dossier.changes import earlier_releases
    from relui.domain.dossier.parts import Change, Defect, Dossier

    change = Change(id="CHG-1", summary="Refunds")
    small = Defect(id="A", summary="x", severity="low")
    escaped = Defect(id="B", summary="x", severity="high", found="post-deploy")
    dossier = Dossier(changes=(change,), defects=(small, escaped))
    carrying = replace(release_of(5), dossier=dossier)
    ReleaseFiles(data).create_archived(*begun(closed(carrying)))
    ReleaseFiles(data).catalogue.summaries()
    rows = {row.id: row for row in ReleaseFiles(data).catalogue.summaries()}
    row = rows["REL-2026-11-005"]
    assert (row.changes, row.defects, row.escaped) == (("CHG-1",), {"low": 1}, 1)
    assert earlier_releases(replace(carrying, id="REL-2026-12-001"), rows.values()) == {"chg-1": (row.id,)}


def test_archiving_costs_the_catalogue_nothing_and_the_next_look_reads_only_the_new_one(
    data: Path, store: ReleaseFiles, reads: list[str]
) -> None:
    keep(store, 4)
    store.change("REL-2026-11-004", closing, NOW)
    before = catalogue(data).stat().st_ino
    store.archive("REL-2026-11-004")
    assert catalogue(data).stat().st_ino == before
    assert listed(store) == [*IDS, "REL-2026-11-004"]
    assert reads == ["REL-2026-11-004"]


def test_progress_is_told_while_a_catalogue_is_derived(data: Path, store: ReleaseFiles) -> None:
    catalogue(data).unlink()
    told: list[tuple[int, int]] = []
    store.catalogue.summaries(lambda done, total: told.append((done, total)))
    assert told == [(3, 3)]


def test_what_was_read_before_a_rebuild_was_stopped_is_kept(
    data: Path, store: ReleaseFiles, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody presses Esc while ten thousand files are read: the next reader goes on from there."""
    catalogue(data).unlink()
    real = CatalogueFile._derived

    def two_then_stop(self: CatalogueFile, name: str, stamp: Any) -> Any:
        if len(reads) == 2:
            raise KeyboardInterrupt
        return real(self, name, stamp)

    with monkeypatch.context() as stopping:
        stopping.setattr(CatalogueFile, "_derived", two_then_stop)
        with pytest.raises(KeyboardInterrupt):
            store.catalogue.summaries()
    assert reads == IDS[:2]
    assert len(json.loads(catalogue(data).read_text())["summaries"]) == 2
    assert listed(ReleaseFiles(data)) == IDS
    assert reads == IDS
    before = catalogue(data).read_bytes()
    assert listed(ReleaseFiles(data)) == IDS and catalogue(data).read_bytes() == before


def test_an_archive_that_cannot_be_listed_is_an_error(
    data: Path, store: ReleaseFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "scandir", failing(5))
    with pytest.raises(StoreError, match="archive"):
        store.catalogue.summaries()


def test_the_garbage_collector_runs_again_after_a_listing_that_failed(
    store: ReleaseFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gc

    def fail(*_: object) -> Callable[..., Any]:
        raise ZeroDivisionError

    monkeypatch.setattr(CatalogueFile, "_fits", fail)
    with pytest.raises(ZeroDivisionError):
        store.catalogue.summaries()
    assert gc.isenabled()
