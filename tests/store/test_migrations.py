"""A record of an older schema is read as it is, and rewritten with its next change, with a backup."""

from __future__ import annotations

from pathlib import Path

import pytest

from relui.domain.log import verify
from relui.domain.patches import Document
from relui.errors import Refused, StoreError
from relui.store.file_store import FileStore
from relui.store.records import Record
from relui.store.releases import ReleaseFiles
from tests.store.samples import NOW, begun, closed, desk_on, every_file, keep, release_of, ticking

ID = "REL-2026-11-001"


def named(state: Document) -> Document:
    """A migration: the owner is written in capitals from now on."""
    return {**state, "owner": str(state["owner"]).upper()}


def doubled(state: Document) -> Document:
    """Another one: durations are counted in half minutes."""
    return {**state, "duration": state.get("duration", 120) * 2}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    keep(ReleaseFiles(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def store(data: Path) -> ReleaseFiles:
    """A relui two schemas later."""
    return ReleaseFiles(data, migrations={1: named, 2: doubled}, schema=3)


def test_an_older_record_is_read_in_todays_shape_and_nothing_is_written(
    store: ReleaseFiles, data: Path
) -> None:
    before = every_file(data)
    record = store.load(ID)
    assert record.release.owner == "ADA"
    assert record.release.duration == 240
    assert record.state["schema"] == 1
    assert record.read_only == ""
    assert verify(ID, record.state, record.log).intact
    assert every_file(data) == before


def test_the_first_change_migrates_step_by_step_with_an_entry_each_and_verifies(
    store: ReleaseFiles, data: Path
) -> None:
    store.change(ID, ticking(), NOW)
    record = ReleaseFiles(data, schema=3).load(ID)
    assert record.state["schema"] == 3
    assert [entry["act"] for entry in record.log] == ["create", "migrate", "migrate", "tick"]
    assert record.release.owner == "ADA"
    assert record.release.duration == 240
    assert record.release.marks
    assert verify(ID, record.state, record.log).intact


def test_the_file_before_its_migration_is_kept_byte_for_byte(store: ReleaseFiles, data: Path) -> None:
    content = (data / "releases" / f"{ID}.json").read_bytes()
    store.change(ID, ticking(), NOW)
    store.change(ID, ticking("work.i1"), NOW)
    (backup,) = (data / "backups").iterdir()
    assert backup.name == f"{ID}.schema-1.json"
    assert backup.read_bytes() == content


def test_another_file_of_the_old_schema_gets_a_backup_of_its_own(store: ReleaseFiles, data: Path) -> None:
    """An old export that was put back must not vanish behind the first backup."""
    path = data / "releases" / f"{ID}.json"
    content = path.read_bytes()
    store.change(ID, ticking(), NOW)
    other = content.replace(b"Ada", b"Eva")
    path.write_bytes(other)
    store.change(ID, ticking(), NOW)
    kept = sorted((data / "backups").iterdir())
    assert {backup.read_bytes() for backup in kept} == {content, other}


def test_a_change_that_is_refused_migrates_nothing(store: ReleaseFiles, data: Path) -> None:
    content = (data / "releases" / f"{ID}.json").read_bytes()

    def refuse(record: Record) -> None:
        assert record.release.owner == "ADA"
        raise Refused("no")

    with pytest.raises(Refused):
        store.change(ID, refuse, NOW)
    assert store.change(ID, lambda record: None, NOW).release.owner == "ADA"
    assert (data / "releases" / f"{ID}.json").read_bytes() == content


def test_an_entry_of_a_migration_under_a_simulated_clock_is_marked(store: ReleaseFiles) -> None:
    record = store.change(ID, ticking(), NOW, simulated=True)
    assert [entry.get("simulated", False) for entry in record.log] == [False, True, True, False]


def test_an_archived_record_of_an_older_schema_is_read_and_never_rewritten(data: Path) -> None:
    ReleaseFiles(data).create_archived(*begun(closed(release_of(2))))
    path = data / "archive" / "2026" / "REL-2026-11-002.json"
    content = path.read_bytes()
    later = ReleaseFiles(data, migrations={1: named, 2: doubled}, schema=3)
    assert later.load("REL-2026-11-002").release.owner == "ADA"
    assert [row.owner for row in later.catalogue.summaries()] == ["ADA"]
    assert path.read_bytes() == content


@pytest.mark.parametrize("schema", [0, -1, True, "1", None, 1.0])
def test_a_schema_that_is_no_version_is_damage(store: ReleaseFiles, data: Path, schema: object) -> None:
    import json

    path = data / "releases" / f"{ID}.json"
    tables = json.loads(path.read_bytes())
    tables["release"]["1"]["schema"] = schema
    path.write_text(json.dumps(tables))
    with pytest.raises(StoreError, match="schema"):
        store.load(ID)


def test_a_schema_without_a_way_to_the_next_is_told(data: Path) -> None:
    store = ReleaseFiles(data, migrations={2: doubled}, schema=3)
    with pytest.raises(StoreError, match="schema 1"):
        _ = store.load(ID).release
    content = (data / "releases" / f"{ID}.json").read_bytes()
    with pytest.raises(StoreError, match="schema 1"):
        store.change(ID, ticking(), NOW)
    assert (data / "releases" / f"{ID}.json").read_bytes() == content


def test_the_desk_works_on_an_older_record_as_on_any_other(store: ReleaseFiles, data: Path) -> None:
    files = FileStore(data)
    files.releases = store
    desk = desk_on(data, store=files)
    done = desk.items.tick(ID, ["work.i0"])
    assert done.record.state["schema"] == 3
    desk.releases.undo(ID)
    assert desk.journal.open(ID).release.marks == {}
    assert desk.health.verify(ID).intact
