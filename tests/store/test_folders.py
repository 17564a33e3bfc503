"""A folder of documents is whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from relui.errors import Refused, StoreError
from relui.store import folders
from relui.store.folders import write_folder

FILES = {"a.md": b"A", "b.md": b"B"}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


def test_folder_and_archive_are_written_for_their_owner_alone(place: Path) -> None:
    target = place / "deep" / "out"
    write_folder(target, FILES, target.with_name("out.zip"), b"zip")
    assert {path.name: path.read_bytes() for path in target.iterdir()} == FILES
    assert (target.with_name("out.zip")).read_bytes() == b"zip"
    assert sorted(path.name for path in target.parent.iterdir()) == ["out", "out.zip"]
    assert target.stat().st_mode & 0o777 == 0o700 and (target / "a.md").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_a_dangling_link_counts_as_taken(place: Path, name: str) -> None:
    (place / name).symlink_to(place / "nothing")
    with pytest.raises(Refused, match="is there already"):
        write_folder(place / "out", FILES, place / "out.zip", b"")
    assert [path.name for path in place.iterdir()] == [name]


@pytest.mark.parametrize("at", range(4))
def test_a_failure_anywhere_leaves_nothing(place: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """A disk that is full at any write, and a rename that fails."""
    calls = iter(range(100))
    real_write, real_place = folders._write, folders._place

    def failing_write(path: Path, content: bytes) -> None:
        if next(calls) == at:
            raise OSError(28, os.strerror(28))
        real_write(path, content)

    def failing_place(made: Path, target: Path) -> None:
        if next(calls) == at + 1:  # the archive's, when the folder is there already
            raise OSError(28, os.strerror(28))
        real_place(made, target)

    monkeypatch.setattr(folders, "_write", failing_write)
    monkeypatch.setattr(folders, "_place", failing_place)
    with pytest.raises(StoreError, match="the disk is full"):
        write_folder(place / "out", FILES, place / "out.zip", b"zip")
    assert list(place.iterdir()) == []


def test_a_folder_where_nothing_can_be_made_is_a_sentence(place: Path) -> None:
    (place / "file").write_text("")
    with pytest.raises(StoreError):
        write_folder(place / "file" / "out", FILES, place / "file" / "out.zip", b"")
