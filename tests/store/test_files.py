"""The files themselves: readable by plain TinyDB, private, swept of what killed writers left."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tinydb import TinyDB

from relui.domain.log import verify
from relui.domain.patches import Document
from relui.errors import BadInput, Refused, StoreError
from relui.files import temporary_name, write_atomic
from relui.store.records import Record
from relui.store.releases import ReleaseFiles
from relui.store.side_files import EvidenceFiles
from relui.store.upkeep import FileUpkeep
from tests.store.samples import NOW, begun, closed, closing, every_file, keep, release_of, ticking
from tests.store.test_atomic import FAILURES, WORDS, failing

ID = "REL-2026-11-001"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(data: Path) -> ReleaseFiles:
    return ReleaseFiles(data)


def test_plain_tinydb_reads_a_release_file(store: ReleaseFiles, data: Path) -> None:
    keep(store)
    store.change(ID, ticking(), NOW)
    with TinyDB(data / "releases" / f"{ID}.json", access_mode="r") as database:
        assert database.tables() == {"release", "log"}
        (release,) = database.table("release").all()
        assert release.doc_id == 1
        assert release["id"] == ID
        assert release["schema"] == 1
        log = database.table("log").all()
        assert [entry.doc_id for entry in log] == [entry["seq"] for entry in log] == [1, 2]
        assert verify(ID, dict(release), [dict(entry) for entry in log]).intact


def test_plain_tinydb_reads_the_catalogue(store: ReleaseFiles, data: Path) -> None:
    store.create_archived(*begun(closed(release_of(1))))
    store.catalogue.summaries()
    with TinyDB(data / "archive" / "catalogue.json", access_mode="r") as database:
        (row,) = database.table("summaries").all()
        assert row["summary"]["id"] == ID


def test_what_plain_tinydb_wrote_is_read(store: ReleaseFiles, data: Path) -> None:
    """A script that sets a field with TinyDB breaks the seal, not the file."""
    keep(store)
    with TinyDB(data / "releases" / f"{ID}.json") as database:
        database.table("release").update({"owner": "Mallory"})
    record = store.load(ID)
    assert record.release.owner == "Mallory"
    assert not verify(ID, record.state, record.log).intact


@pytest.mark.parametrize("mask", [0o022, 0o000])
def test_every_file_is_0600_and_every_folder_0700(store: ReleaseFiles, data: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        keep(store)
        store.change(ID, closing, NOW)
        store.archive(ID)
        store.catalogue.summaries()
        keep(store, 2)
        store.set_aside("REL-2026-11-002")
        EvidenceFiles(data).keep(b"output")
    finally:
        os.umask(before)
    everything = [data, *data.rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in everything if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in everything if path.is_file()} == {0o600}


@pytest.mark.parametrize("code", FAILURES)
@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_change_that_the_disk_refuses_changes_nothing(
    store: ReleaseFiles, data: Path, monkeypatch: pytest.MonkeyPatch, step: str, code: int
) -> None:
    keep(store)
    before = every_file(data)
    monkeypatch.setattr(os, step, failing(code))
    with pytest.raises(StoreError, match=WORDS[code]):
        store.change(ID, ticking(), NOW)
    with pytest.raises(StoreError, match=WORDS[code]):
        keep(store, 2)
    monkeypatch.undo()
    assert every_file(data) == before
    store.change(ID, ticking(), NOW)
    assert store.load(ID).release.marks


@pytest.mark.parametrize("code", FAILURES)
def test_a_folder_that_cannot_be_made_or_listed_is_told(
    data: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    store = ReleaseFiles(data)
    with monkeypatch.context() as patched:
        patched.setattr(os, "mkdir", failing(code))
        with pytest.raises(StoreError, match=WORDS[code]):
            keep(store)
    keep(store)
    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", failing(code))
        for act in (
            store.active_ids,
            store.fingerprint,
            store.catalogue.summaries,
            lambda: store.highest_number("2026-11"),
        ):
            with pytest.raises(StoreError, match=WORDS[code]):
                act()
        assert FileUpkeep(data).sweep() == FileUpkeep(data).leftovers() == []


def test_a_move_to_the_archive_that_fails_leaves_the_release_closed_and_is_finished_later(
    store: ReleaseFiles, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store)
    store.change(ID, closing, NOW)
    before = every_file(data)
    with monkeypatch.context() as patched:
        patched.setattr(os, "rename", failing(errno.EROFS))
        with pytest.raises(StoreError, match="read-only"):
            store.archive(ID)
    assert every_file(data) == before
    store.archive(ID)
    assert [row.id for row in store.catalogue.summaries()] == [ID]


def test_an_archived_release_is_never_overwritten_by_a_file_that_was_put_back(
    store: ReleaseFiles, data: Path
) -> None:
    store.create_archived(*begun(closed(release_of(1))))
    archived = data / "archive" / "2026" / f"{ID}.json"
    content = archived.read_bytes()
    write_atomic(data / "releases" / f"{ID}.json", content.replace(b"shop", b"shoe"))
    with pytest.raises(StoreError, match="there already"):
        store.archive(ID)
    assert archived.read_bytes() == content
    assert b"shoe" in (data / "releases" / f"{ID}.json").read_bytes()


def test_a_listing_stays_whole_while_a_release_is_archived_in_between(
    store: ReleaseFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that vanishes between the folder's listing and its stat is left out, alone."""
    keep(store, 1)
    keep(store, 2)
    real = os.scandir

    class Vanishing:
        def __init__(self, entry: os.DirEntry[str]) -> None:
            self.name, self.path, self._entry = entry.name, entry.path, entry

        def stat(self) -> os.stat_result:
            if ID in self.name:
                raise FileNotFoundError(errno.ENOENT, "gone")
            return self._entry.stat()

    class Listing:
        def __init__(self, folder: Path) -> None:
            self._found = real(folder)

        def __enter__(self) -> Listing:
            return self

        def __exit__(self, *_: object) -> None:
            self._found.close()

        def __iter__(self) -> object:
            return (Vanishing(entry) for entry in self._found)

    monkeypatch.setattr(os, "scandir", Listing)
    assert list(store.fingerprint()) == ["REL-2026-11-002"]
    assert store.active_ids() == [ID, "REL-2026-11-002"]


def test_a_writer_never_sees_half_of_another_write(store: ReleaseFiles) -> None:
    """Reading takes no lock, and always finds a whole, verifying file."""
    keep(store, items=2)
    done = threading.Event()
    problems: list[object] = []

    def read() -> None:
        while not done.is_set():
            record = store.load(ID)
            problems.extend(verify(ID, record.state, record.log).problems)

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(60):
        store.change(ID, ticking(f"work.i{turn % 2}"), NOW)
    done.set()
    reader.join()
    assert problems == []
    assert len(store.load(ID).log) == 61


PLACES = ["", "releases", "archive", "evidence", "backups", "drafts"]


@pytest.mark.parametrize("folder", PLACES)
def test_what_a_killed_writer_left_is_swept_wherever_it_lies(data: Path, folder: str) -> None:
    (data / folder).mkdir(parents=True)
    left = data / folder / f".{ID}.json.tmp"
    left.write_bytes(b"half")
    (data / folder / "theirs.tmp").write_bytes(b"not ours")
    (data / folder / ".hidden").write_bytes(b"not ours")
    upkeep = FileUpkeep(data)
    assert upkeep.leftovers() == [str(left)]
    assert FileUpkeep(data, read_only=True).sweep() == []
    assert upkeep.sweep() == [str(left)]
    assert upkeep.leftovers() == []
    assert len(list((data / folder).iterdir())) >= 2


HOLD = """
import sys
from pathlib import Path
from relui.store.locked_files import locked
with locked(Path(sys.argv[1]), sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("left", "lock"),
    [
        (f"releases/.{ID}.json.tmp", ID),
        (f"backups/.{ID}.schema-1.json.tmp", ID),
        (".organisation.json.tmp", "organisation"),
        ("archive/.catalogue.json.tmp", "catalogue"),
        ("evidence/.abcdef.tmp", "evidence"),
        ("drafts/.abcdef.json.tmp", "drafts"),
    ],
)
def test_the_temp_file_of_a_writer_at_work_is_left_alone(data: Path, left: str, lock: str) -> None:
    path = data / left
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data / "locks"), lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    assert FileUpkeep(data).sweep() == []
    assert path.exists()
    holder.kill()
    holder.communicate()
    assert FileUpkeep(data).sweep() == [str(path)]


def test_the_names_of_temp_files_are_those_that_the_sweep_looks_for(data: Path) -> None:
    assert temporary_name(data / "releases" / f"{ID}.json").name == f".{ID}.json.tmp"


def test_temp_files_are_never_taken_for_releases(store: ReleaseFiles, data: Path) -> None:
    keep(store)
    (data / "releases" / ".REL-2026-11-009.json.tmp").write_bytes(b"half")
    (data / "releases" / "notes.txt").write_bytes(b"theirs")
    assert store.active_ids() == [ID]
    assert store.highest_number("2026-11") == 1


def test_damaged_evidence_is_replaced_when_it_is_brought_again(data: Path) -> None:
    name = EvidenceFiles(data).keep(b"output")
    (data / "evidence" / name).write_bytes(b"outpuT")
    EvidenceFiles(data).keep(b"output")
    assert (data / "evidence" / name).read_bytes() == b"output"


def test_the_same_evidence_from_many_writers_at_once_is_whole(data: Path) -> None:
    threads = [threading.Thread(target=EvidenceFiles(data).keep, args=(b"x" * 100_000,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (kept,) = (data / "evidence").iterdir()
    assert kept.read_bytes() == b"x" * 100_000


def _newer(store: ReleaseFiles, data: Path) -> bytes:
    keep(store)
    path = data / "releases" / f"{ID}.json"
    tables = json.loads(path.read_bytes())
    tables["release"]["1"]["schema"] = 2
    tables["release"]["1"]["invented_later"] = {"kept": True}
    path.write_text(json.dumps(tables))
    return path.read_bytes()


def test_a_file_of_a_newer_relui_opens_and_is_never_written(store: ReleaseFiles, data: Path) -> None:
    content = _newer(store, data)
    record = store.load(ID)
    assert record.release.id == ID
    assert "newer relui" in record.read_only
    with pytest.raises(StoreError, match="newer relui") as told:
        store.change(ID, ticking(), NOW)
    assert told.value.exit_code == 3
    assert (data / "releases" / f"{ID}.json").read_bytes() == content


def test_an_identifier_that_is_taken_by_a_damaged_file_stays_taken(store: ReleaseFiles, data: Path) -> None:
    keep(store)
    (data / "releases" / f"{ID}.json").write_bytes(b"rubbish")
    with pytest.raises(Refused):
        keep(store)
    assert (data / "releases" / f"{ID}.json").read_bytes() == b"rubbish"


def test_set_aside_files_of_one_name_get_numbers(store: ReleaseFiles, data: Path) -> None:
    names = []
    for turn in range(3):
        keep(store, items=turn + 1)
        names.append(Path(store.set_aside(ID)).name)
    assert names == [f"{ID}.json", f"{ID}.2.json", f"{ID}.3.json"]
    with pytest.raises(BadInput):
        store.set_aside(ID)


def test_what_json_cannot_hold_is_refused_and_the_file_stays(store: ReleaseFiles, data: Path) -> None:
    keep(store)
    before = every_file(data)

    def spoil(record: Record) -> tuple[Document, object]:
        _, entry = ticking()(record)
        return {**record.state, "title": "\ud800"}, entry

    with pytest.raises(StoreError, match="not written"):
        store.change(ID, spoil, NOW)
    assert every_file(data) == before
